"""What Rasa says about data, in the form and the language of the workshop; what is not recognised is passed on.

The patterns and their Dutch stand in content/schema/rasa_messages.yml.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import yaml

from bondgenoot.content import CONTENT
from bondgenoot.settings import ROOT
from bondgenoot.workshop.findings import Finding

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# A problem that is not in the list of patterns is told in Rasa's own words.
_PROBLEM = re.compile(r"(?:UserWarning|(?:\w+\.)*\w*(?:Error|Exception|Invalid\w+)|WARNING|ERROR)[:\s]+(.+)")


@lru_cache(maxsize=1)
def _patterns() -> tuple[list[tuple[re.Pattern[str], str]], list[re.Pattern[str]], str]:
    value = yaml.safe_load((CONTENT / "schema" / "rasa_messages.yml").read_text(encoding="utf-8"))
    known = [(re.compile(entry["rasa"], re.DOTALL), str(entry["told"])) for entry in value["known"]]
    return known, [re.compile(text) for text in value["ignored"]], str(value["passed_on"])


def validate(root: Path = ROOT) -> list[Finding]:
    """What Rasa's own validation has against domain.yml and data/; empty when it lets them pass.

    Takes a quarter of a minute, nearly all of it for loading Rasa; nothing is trained.
    """
    command = ["data", "validate", "--fail-on-warnings", "--domain", "domain.yml", "--data", "data"]
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "default::UserWarning"}
    done = subprocess.run(
        [sys.executable, "-m", "rasa", *command],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT), **quiet},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if not done.returncode:
        return []
    log = f"{done.stdout}\n{done.stderr}"
    # Refused for a reason that looks like nothing we know: its last words are better than none.
    last = Finding("domain.yml", 1, "", _patterns()[2].format(text=" ".join(log.split()[-40:])))
    return translate(log, root) or [last]


def translate(log: str, root: Path = ROOT) -> list[Finding]:
    """The problems in what Rasa printed: known ones in Dutch at the place they are about. Empty when there are none."""
    known, ignored, passed_on = _patterns()
    text = re.sub(r"\s*\n\s+", " ", _COLOURS.sub("", log))
    found: dict[Finding, None] = {}
    for pattern, told in known:
        for match in pattern.finditer(text):
            values = match.groupdict()
            path, line, field = place(_names(values.values()), root)
            found[Finding(path, line, field, told.format(**values))] = None
    for line_of_log in text.splitlines():
        problem = _PROBLEM.search(line_of_log)
        if not problem or any(one.search(line_of_log) for one in ignored):
            continue
        if not any(pattern.search(line_of_log) for pattern, _ in known):
            path, line, field = place(re.findall(r"['\"]([^'\"]+)['\"]", problem[1]), root)
            found[Finding(path, line, field, passed_on.format(text=problem[1].strip()))] = None
    return list(found)


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
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if match := wanted.fullmatch(line):
                    field = match["key"] or ("examples" if path.parent.name == "nlu" else "")
                    return str(path.relative_to(root)), number, field
    return "domain.yml", 1, ""
