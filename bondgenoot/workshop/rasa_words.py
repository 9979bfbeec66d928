"""What Rasa says about data, in the form and the language of the workshop; what is not recognised is passed on.

The patterns and their Dutch stand in content/schema/rasa_messages.yml.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import yaml

from bondgenoot.content import CONTENT
from bondgenoot.settings import ROOT, load
from bondgenoot.workshop.findings import Finding, Findings
from bondgenoot.workshop.verdicts import COMMAND, PASSED, QUICK, REFUSED
from bondgenoot.yaml_lines import TooLarge, measure

_LINKS = re.compile(r"\s*More info at \S+")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# A problem that is not in the list of patterns is told in Rasa's own words.
_PROBLEM = re.compile(r"(?:UserWarning|(?:\w+\.)*\w*(?:Error|Exception|Invalid\w+)|WARNING|ERROR)[:\s]+(.+)")
# Far more than either takes on a slow machine.
SECONDS, SECONDS_OF_QUICK = 600, 120
# Our own findings cut a sentence off there.
LONGEST_NAMED = 60
# What Rasa says of the form of a file, our own check says in its own way, some lines up or down.
ANYTHING_NEAR, NEAR = "anything near", 3


@dataclass(frozen=True)
class _Known:
    """One thing that Rasa says, as content/schema/rasa_messages.yml explains it."""

    pattern: re.Pattern[str]
    told: str
    at: str
    warns: bool
    alone: bool
    same_as: tuple[str, ...]
    by: tuple[str, ...]


@dataclass(frozen=True)
class _Words:
    known: list[_Known]
    ignored: list[re.Pattern[str]]
    quiet_intents: frozenset[str]
    passed_on: str
    endless: str


@lru_cache(maxsize=1)
def _words() -> _Words:
    value = yaml.safe_load((CONTENT / "schema" / "rasa_messages.yml").read_text(encoding="utf-8"))
    known = [
        _Known(
            re.compile(entry["rasa"], re.DOTALL),
            str(entry["told"]),
            str(entry.get("at", "")),
            bool(entry.get("warns")),
            bool(entry.get("alone")),
            tuple(entry.get("same_as", ())),
            tuple(entry.get("by", ())),
        )
        for entry in value["known"]
    ]
    ignored = [re.compile(text) for text in value["ignored"]]
    return _Words(known, ignored, frozenset(value["quiet_intents"]), str(value["passed_on"]), str(value["endless"]))


def validate(root: Path = ROOT) -> list[Finding]:
    """What Rasa's own validation has against domain.yml and data/, by its own command; empty when there is nothing.

    Takes a quarter of a minute, nearly all of it for loading Rasa; nothing is trained.
    """
    return _too_large(root) or _validated(["-m", "rasa", *COMMAND], root, SECONDS)


def validate_quickly(root: Path = ROOT) -> list[Finding]:
    """The same in seconds, with most of Rasa left out; where that gives no answer, the real command does."""
    if large := _too_large(root):
        return large
    cache = load().home / "cache"
    clean, now = cache / "nothing_for_rasa_to_say.txt", _state(root)
    if clean.exists() and clean.read_bytes() == now:
        return []
    quick = _run(["-m", QUICK, str(cache / "passed_rasas_schemas.txt")], root, SECONDS_OF_QUICK)
    if quick is None:
        return [_endless()]
    if quick.returncode not in (PASSED, REFUSED):
        return validate(root)
    found = interpret(quick.returncode == PASSED, f"{quick.stdout}\n{quick.stderr}", root)
    if quick.returncode == PASSED and not found:
        cache.mkdir(parents=True, exist_ok=True)
        clean.write_bytes(now)
    return found


def _state(root: Path) -> bytes:
    """A digest of all that the quick validation's answer depends on: what Rasa reads, and who reads it."""
    readers = [ROOT / "components" / name for name in ("quick_validation.py", "stand_ins.py")]
    readers += [Path(__file__), CONTENT / "schema" / "rasa_messages.yml"]
    read = [path for path in sorted((root / "data").rglob("*")) if path.suffix in (".yml", ".yaml", ".json")]
    digest = hashlib.sha256(f"{root} {sys.version} {metadata.version('rasa')}".encode())
    for path in [*readers, *read, root / "domain.yml", root / "config.yml"]:
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"\0{path} {len(content)}\0".encode("utf-8", "surrogatepass") + content)
    return digest.hexdigest().encode()


def _validated(command: Sequence[str], root: Path, seconds: int) -> list[Finding]:
    done = _run(command, root, seconds)
    return [_endless()] if done is None else interpret(not done.returncode, f"{done.stdout}\n{done.stderr}", root)


def _too_large(root: Path) -> list[Finding]:
    """Files that would keep Rasa busy for ever; it is not asked then. Our own check says the same of them."""
    findings = Findings(root)
    for path in [*sorted((root / "data").rglob("*.yml")), root / "domain.yml", root / "config.yml"]:
        try:
            measure("\n".join(_lines(path)))
        except TooLarge as problem:
            findings.add(path, problem.problem_mark.line + 1, "", "no_yaml", problem=problem.problem)
    return findings.all


def _endless() -> Finding:
    return Finding("domain.yml", 1, "", _words().endless)


def interpret(passed: bool, log: str, root: Path = ROOT) -> list[Finding]:
    """The findings in what a validation printed; what did not stop it only warns.

    Args:
        passed: Whether Rasa let the project pass.
        log: All that it printed.
        root: The project.
    """
    found = translate(log, root)
    if passed:
        return [replace(one, warning=True) for one in found]
    if any(not one.warning for one in found):
        return found
    # Refused for a reason that looks like nothing we know: its last words are better than none.
    text = _words().passed_on.format(text=" ".join(_COLOURS.sub("", log).split()[-40:]))
    return [*found, Finding("domain.yml", 1, "", text)]


def beyond(own: Sequence[Finding], rasas: Sequence[Finding]) -> list[Finding]:
    """Those of `rasas` that our own check did not tell already, and at least as seriously."""
    return [one for one in rasas if not any(_says(known, one) for known in own if one.warning or not known.warning)]


def _says(own: Finding, rasas: Finding) -> bool:
    """Whether a finding of our own says what Rasa says: of the same kind, and about the same."""
    said = next((one for one in _words().known if one.pattern.pattern == rasas.key), None)
    if said is None:
        return False
    if ANYTHING_NEAR in said.same_as:
        return own.path == rasas.path and abs(own.line - rasas.line) <= NEAR
    if own.key not in said.same_as:
        return False
    if not said.by:
        return own.path == rasas.path
    named = {name[:LONGEST_NAMED] for name in _names(map(str, rasas.values.values()))}
    return all(str(own.values[each])[:LONGEST_NAMED] in named for each in said.by)


def _run(arguments: Sequence[str], root: Path, seconds: int) -> subprocess.CompletedProcess[str] | None:
    """The ended process; None when it took too long and was stopped."""
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "default::UserWarning"}
    try:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(ROOT), **quiet},
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        return None


def translate(log: str, root: Path = ROOT) -> list[Finding]:
    """The problems in what Rasa printed: known ones in Dutch at the place they are about. Empty when there are none."""
    said = _words()
    text = _LINKS.sub("", re.sub(r"\s*\n\s+", " ", _COLOURS.sub("", log)))
    found: dict[Finding, None] = {}
    spans: list[tuple[int, int]] = []
    only: list[Finding] = []
    for known in said.known:
        for match in known.pattern.finditer(text):
            spans.append(match.span())
            values = {name: value for name, value in match.groupdict().items() if value is not None}
            if values.get("intent") in said.quiet_intents:
                continue
            path, line, field = _where({"file": known.at, **values} if known.at else values, root)
            told = known.told.format(**match.groupdict())
            one = Finding(path, line, field, told, known.warns, known.pattern.pattern, values)
            found[one] = None
            only += [one] if known.alone else []
    if only:
        return only
    for line_of_log in re.finditer(r".+", text):
        problem = _PROBLEM.search(line_of_log[0])
        if not problem or any(one.search(line_of_log[0]) for one in said.ignored):
            continue
        start, end = line_of_log.span()
        if not any(first < end and start < last for first, last in spans):
            names = re.findall(r"['\"]([^'\"]+)['\"]", problem[1])
            path, line, field = place(names, root)
            found[Finding(path, line, field, said.passed_on.format(text=problem[1].strip()))] = None
    return list(found)


def _where(values: Mapping[str, str], root: Path) -> tuple[str, int, str]:
    """(file, line, field) of what a message names: where it says itself, or else where the names stand."""
    if "file" not in values:
        return place(_names(values.values()), root)
    path = root / values["file"]
    shown = str(path.relative_to(root)) if path.is_relative_to(root) else values["file"]
    return shown, int(values.get("line", 1)), ""


def _names(values: Iterable[str | None]) -> list[str]:
    """What a message names: its values as they are, then what stands between quotes in them, the last value first."""
    known = [value for value in values if value]
    return known + [name for value in reversed(known) for name in re.findall(r"'([^']+)'", value)]


def place(names: list[str], root: Path) -> tuple[str, int, str]:
    """(file, line, field) of the first name that has a line in data/ or domain.yml: stories first, domain last."""
    folders = ("stories", "rules", "responses", "nlu")
    files = [path for folder in folders for path in sorted((root / "data" / folder).glob("*.yml"))]
    for name in names:
        if not name:
            continue
        # The whole of a line, after a dash and a key: a name that happens to be in a sentence is not it.
        wanted = re.compile(rf"\s*(?:- )?(?:(?P<key>\w+): )?[\"']?{re.escape(name)}[\"']?:?\s*(?:#.*)?")
        for path in [*files, root / "domain.yml"]:
            for number, line in enumerate(_lines(path), 1):
                if match := wanted.fullmatch(line):
                    field = match["key"] or ("examples" if path.parent.name == "nlu" else "")
                    return str(path.relative_to(root)), number, field
    return "domain.yml", 1, ""


def _lines(path: Path) -> list[str]:
    """The lines of a file, as far as it can be read."""
    return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
