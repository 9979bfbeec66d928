"""`content check`: everything that can be known of content/, data/ and domain.yml without training, all at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bondgenoot.content import read
from bondgenoot.errors import ContentError
from bondgenoot.safety import SafetyNet
from bondgenoot.settings import ROOT
from bondgenoot.workshop import language_data, rasa_words
from bondgenoot.workshop.check_content import check_content
from bondgenoot.workshop.check_files import check_files
from bondgenoot.workshop.check_language import check_examples, check_responses
from bondgenoot.workshop.check_stories import check_stories
from bondgenoot.workshop.findings import Finding, Findings, in_order, tell

AskRasa = Callable[[Path], list[Finding]]

_PLACE = re.compile(r"(?P<path>[^:\n]+\.yml):(?:(?P<line>\d+):)? ?(?:(?P<field>[^\s:]+): )?(?P<text>.*)")


@dataclass(frozen=True)
class Report:
    """What a check found, problems first, and how much there is."""

    findings: list[Finding]
    counts: dict[str, int]

    @property
    def problems(self) -> list[Finding]:
        """What has to be repaired."""
        return [one for one in self.findings if not one.warning]

    @property
    def warnings(self) -> list[Finding]:
        """What may be better, and does not stop anything."""
        return [one for one in self.findings if one.warning]


def check(root: Path = ROOT) -> Report:
    """Check a project folder, without Rasa."""
    findings = Findings(root)
    content, problems = read(root / "content")
    findings.all += [_parsed(problem, root) for problem in problems]
    try:
        SafetyNet.checked(root / "content" / "safety")
    except ContentError as error:
        findings.all += [_parsed(problem, root) for problem in str(error).splitlines()]
    data = language_data.read(root, findings)
    check_examples(data, findings)
    check_responses(data, findings)
    check_stories(data, findings)
    check_content(root, content, data, findings)
    check_files(data, findings)
    counts = {
        "dilemmas": len(content.dilemmas),
        "practices": len(content.practices),
        "questions": len(content.questions),
        "texts": len(content.texts),
        "examples": len(data.examples),
        "responses": len(data.responses),
        "stories": sum(not course.is_rule for course in data.paths),
    }
    return Report(findings.sorted(), counts)


def check_all(root: Path = ROOT, ask_rasa: AskRasa = rasa_words.validate_quickly) -> Report:
    """The same, together with all of Rasa's own validation, which runs beside it in a process of its own.

    Args:
        root: The project.
        ask_rasa: What gives Rasa's findings.
    """
    with ThreadPoolExecutor(1) as beside:
        rasas = beside.submit(ask_rasa, root)
        own = check(root)
        more = rasa_words.beyond(own.findings, rasas.result())
    return Report(in_order([*own.findings, *more]), own.counts)


def run(root: Path = ROOT, say: Callable[[str], None] = print, ask_rasa: AskRasa = rasa_words.validate_quickly) -> bool:
    """Print what a check and Rasa's validation find; returns whether nothing has to be repaired."""
    report = check_all(root, ask_rasa)
    for finding in report.findings:
        say(str(finding))
    if report.problems:
        say(tell("check_failed", problems=len(report.problems), warnings=len(report.warnings)))
        return False
    say(tell("check_passed", warnings=len(report.warnings), **report.counts))
    return True


def _parsed(problem: str, root: Path) -> Finding:
    """A problem that was found where content is read, in its parts."""
    match = _PLACE.fullmatch(problem)
    if not match:
        return Finding(str(Path("content")), 1, "", problem)
    path = Path(match["path"])
    shown = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
    return Finding(shown, int(match["line"] or 1), match["field"] or "", match["text"])
