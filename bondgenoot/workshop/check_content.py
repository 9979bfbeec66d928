"""Checks of content/ beyond its schemas: what nothing uses, tone, reading level, the editor's schema line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bondgenoot.content import Content
from bondgenoot.workshop.check_channels import check_choices, check_text
from bondgenoot.workshop.check_files import check_header
from bondgenoot.workshop.check_items import QUOTED, check_braces, check_dilemma, fillable
from bondgenoot.workshop.check_own_answers import check_own_answers
from bondgenoot.workshop.findings import Findings, words
from bondgenoot.workshop.language_data import LanguageData
from bondgenoot.workshop.reading import EASY_ENOUGH, score
from bondgenoot.yaml_lines import Document, Place

CODE = ("actions", "bondgenoot", "channels", "components")
# Fields that hold what people type, names or settings, and not what Bondgenoot says.
NOT_SAID = frozenset(
    "id slot kind skip by free core cores for_whom effort practices sources about keywords words intents value journey "
    "phrase phrases also at country checked min max days_until waits_for version whole_message answers_begin_with "
    "keep_as_it_is payload".split()
)
# Files that hold what people type and not what Bondgenoot says.
TYPED = frozenset({"turns.yml", "own_answers.yml", "phrases.yml", "times_of_day.yml", "names.yml"})

_ONLY_DILEMMA = re.compile(r"\bonly_dilemma: [\"']?([a-z][a-z0-9_]*)")


def check_content(root: Path, content: Content, data: LanguageData, findings: Findings) -> None:
    """Everything about content/ that the schemas cannot say; `content` is what could be read of it."""
    documents = list(_readable(root / "content"))
    for path in sorted((root / "content").rglob("*.yml")):
        if "schema" not in path.relative_to(root).parts:
            check_header(path, "../schema/naam.json", findings)
    responses = {id(document): document for document, _ in data.responses.values()}.values()
    known = fillable(root, content)
    for document in [*documents, *responses]:
        if document.path.parent.name == "dilemmas":
            check_dilemma(document, content, findings)
        if document.path.parent.name != "safety" and document.path.name not in TYPED:
            for place, text in said_in(document.value, ()):
                _check_tone(document, place, text, findings)
                check_text(document, place, text, findings)
                check_braces(document, place, text, known, findings)
            check_choices(document, findings)
            _check_level(document, findings)
    _check_unused(root, documents, content, findings)
    _check_moments(root, content, findings)
    check_own_answers(root, content, data, findings)
    _check_acknowledged(root, content, findings)
    _check_conversations(root, content, findings)


def _readable(folder: Path) -> Iterator[Document]:
    for path in sorted(folder.rglob("*.yml")):
        if "schema" not in path.relative_to(folder).parts:
            try:
                yield Document(path)
            except (yaml.YAMLError, UnicodeDecodeError):
                continue  # told where it is read with its schema


def said_in(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    """(place, text) of everything in a document that Bondgenoot says."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in NOT_SAID:
                yield from said_in(part, (*place, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from said_in(part, (*place, index))


def _check_tone(document: Document, place: Place, text: str, findings: Findings) -> None:
    own = QUOTED.sub("“”", text)
    for rule in words()["tone"]:
        if found := re.search(rule["pattern"], own, re.IGNORECASE):
            findings.at(document, place, "tone", found=found[0].strip(), why=rule["why"])


def _check_level(document: Document, findings: Findings) -> None:
    """Of each item: a dilemma or practice is one, in other files each entry."""
    value = document.value
    items: list[tuple[Place, Any]] = [(("id",), value)]
    if isinstance(value, dict) and "id" not in value:
        items = [((key,), part) for key, part in value.items()]
        if set(value) & {"responses", "questions", "moments", "statements"}:
            items = [
                ((section, key), part)
                for section, parts in value.items()
                for key, part in (
                    parts.items() if isinstance(parts, dict) else enumerate(parts) if isinstance(parts, list) else ()
                )
            ]
    for place, item in items:
        points = score("\n".join(text for _, text in said_in(item, ())))
        if points is not None and points < EASY_ENOUGH:
            findings.at(document, place, "hard_to_read", warning=True, points=round(points), least=round(EASY_ENOUGH))


def _check_unused(root: Path, documents: list[Document], content: Content, findings: Findings) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for folder in CODE for path in (root / folder).rglob("*.py"))
    named = set(re.findall(r"[\"']([a-z][A-Za-z0-9_]*)[\"']", code))
    # Keys that the code puts together, such as f"safety_card_{topic}".
    begun = tuple(set(re.findall(r"f[\"']([a-z][a-z0-9_]*_)\{", code)))
    named_by_dilemmas = {practice for dilemma in content.dilemmas.values() for practice in dilemma.practices}
    for document in documents:
        if document.path.parent.name == "texts" and isinstance(document.value, dict):
            for key in document.value:
                if key not in named and not (begun and str(key).startswith(begun)):
                    findings.at(document, (key,), "text_unused", warning=True, key=key)
        is_practice = document.path.parent.name == "practices" and document.path.stem in content.practices
        if is_practice and document.path.stem not in named_by_dilemmas:
            findings.at(document, ("id",), "practice_unused", warning=True, id=document.path.stem)


def _check_moments(root: Path, content: Content, findings: Findings) -> None:
    """Every moment is a choice of the question which moment, and the other way round."""
    question = content.questions.get("moment_kind")
    if question is None or not content.moments:
        return
    offered = {choice.value for choice in question.choices} - {"other"}
    for missing in sorted(set(content.moments) - offered):
        findings.add(root / "content" / "moments.yml", 1, missing, "moment_not_offered", id=missing)
    for extra in sorted(offered - set(content.moments)):
        findings.add(root / "content" / "questions" / "moment.yml", 1, extra, "moment_missing", id=extra)


def _check_acknowledged(root: Path, content: Content, findings: Findings) -> None:
    """Every question at which something is acknowledged exists, and takes free words."""
    open_ones = {slot for slot, question in content.questions.items() if question.kind == "text"}
    for slot in sorted(content.acknowledged_at - open_ones if open_ones else ()):
        findings.add(root / "content" / "acknowledgements.yml", 1, slot, "no_open_question", slot=slot)


def _check_conversations(root: Path, content: Content, findings: Findings) -> None:
    """A conversation of tests/stories that asks for a dilemma asks for one that is there; only publishing plays it."""
    known = {path.stem for path in (root / "content" / "dilemmas").glob("*.yml")} | set(content.dilemmas)
    for path in sorted((root / "tests" / "stories").glob("*/*.yml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            asked = _ONLY_DILEMMA.search(line)
            if asked and asked[1] not in known:
                findings.add(path, number, "only_dilemma", "conversation_without_dilemma", id=asked[1])
