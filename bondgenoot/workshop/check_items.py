"""Checks of single items in content/: what a dilemma needs to be one, and placeholders that can be filled."""

from __future__ import annotations

import difflib
import re
import string
from pathlib import Path

from bondgenoot.content import Content
from bondgenoot.workshop.findings import Findings, words
from bondgenoot.yaml_lines import Document, Place

# Files whose braces are filled; anywhere else a brace would be shown to a person.
FILLED = ("questions", "texts")
FILLED_FILES = ("calendar.yml",)
# Somebody else's words, not Bondgenoot's.
QUOTED = re.compile(r"“[^”]*”|'[^']{3,}'")


def check_dilemma(document: Document, content: Content, findings: Findings) -> None:
    """Options in order and all different, an insight that asks nothing, a practice that belongs to the core."""
    dilemma = content.dilemmas.get(document.path.stem)
    if dilemma is None:
        return
    letters = [option.id for option in dilemma.options]
    if letters != sorted(set(letters)) or letters[0] != "a":
        findings.at(document, ("options",), "options_not_in_order", letters=", ".join(letters))
    for name in ("label", "text", "trust", "hidden_motive"):
        seen: set[str] = set()
        for number, option in enumerate(dilemma.options):
            value = str(getattr(option, name)).casefold()
            # What is not written yet is the same everywhere, and is pointed at by itself.
            if value in seen and not re.search(words()["not_written_yet"], value, re.IGNORECASE):
                findings.at(document, ("options", number, name), "options_the_same")
            seen.add(value)
    # What is said next is a question, and somebody is asked one thing at a time.
    if "?" in QUOTED.sub("", dilemma.insight):
        findings.at(document, ("insight",), "insight_asks")
    cores = {core for one in dilemma.practices if one in content.practices for core in content.practices[one].cores}
    if dilemma.core not in cores:
        findings.at(document, ("practices",), "no_practice_of_core", warning=True, core=dilemma.core)


def fillable(root: Path, content: Content) -> frozenset[str]:
    """Names that a placeholder may have: those that the actions and the mail give, and the answers of the journeys."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted((root / "actions").glob("*.py")))
    for module in ("texts.py", "nudger.py"):
        code += (root / "bondgenoot" / module).read_text(encoding="utf-8")
    answers = {question.slot.removeprefix(f"{question.journey}_") for question in content.questions.values()}
    return frozenset({*re.findall(r"[a-z][a-z_]*", code), *answers})


def check_braces(document: Document, place: Place, text: str, known: frozenset[str], findings: Findings) -> None:
    """Placeholders that nothing fills, braces that are not closed, and braces where nothing is filled."""
    if "{" not in text and "}" not in text:
        return
    if document.path.parent.name not in FILLED and document.path.name not in FILLED_FILES:
        findings.at(document, place, "braces_not_filled")
        return
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:
        findings.at(document, place, "braces_not_closed")
        return
    for name in names:
        if name not in known:
            close = ", ".join(difflib.get_close_matches(name, sorted(known), 3, 0.6)) or "-"
            findings.at(document, place, "placeholder_unknown", name=name, close=close)
