"""What Rasa says about data, in the form and the language of the workshop; what is not recognised is passed on.

The patterns and their Dutch stand in content/schema/rasa_messages.yml.
"""

from __future__ import annotations

import re
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


def translate(log: str, root: Path = ROOT) -> list[Finding]:
    """The problems in what Rasa printed: known ones in Dutch at the place they are about. Empty when there are none."""
    known, ignored, passed_on = _patterns()
    text = re.sub(r"\s*\n\s+", " ", _COLOURS.sub("", log))
    found: dict[Finding, None] = {}
    for pattern, told in known:
        for match in pattern.finditer(text):
            values = match.groupdict()
            path, line = place(list(values.values()), root)
            found[Finding(path, line, "", told.format(**values))] = None
    for line_of_log in text.splitlines():
        problem = _PROBLEM.search(line_of_log)
        if not problem or any(one.search(line_of_log) for one in ignored):
            continue
        if not any(pattern.search(line_of_log) for pattern, _ in known):
            path, line = place(re.findall(r"['\"]([^'\"]+)['\"]", problem[1]), root)
            found[Finding(path, line, "", passed_on.format(text=problem[1].strip()))] = None
    return list(found)


def place(names: list[str], root: Path) -> tuple[str, int]:
    """Where the first name that has a line in data/ or domain.yml stands: stories first, domain last."""
    folders = ("stories", "rules", "responses", "nlu")
    files = [path for folder in folders for path in sorted((root / "data" / folder).glob("*.yml"))]
    for name in names:
        if not name:
            continue
        # The whole of a line, after a dash and a key: a name that happens to be in a sentence is not it.
        wanted = re.compile(rf"\s*(?:- )?(?:\w+: )?[\"']?{re.escape(name)}[\"']?:?\s*(?:#.*)?")
        for path in [*files, root / "domain.yml"]:
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if wanted.fullmatch(line):
                    return str(path.relative_to(root)), number
    return "domain.yml", 1
