"""What trainers write: loaded from content/, checked against the schemas and against each other.

Every problem names file, line, field and remedy, in the words of content/schema/messages.yml.
"""

from __future__ import annotations

import datetime
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import jsonschema
import yaml

from bondgenoot.errors import ContentError
from bondgenoot.questions import Choice, Question, read_question
from bondgenoot.schema_errors import explained, messages
from bondgenoot.settings import ROOT
from bondgenoot.yaml_lines import Document, Place

logger = logging.getLogger(__name__)

CONTENT = ROOT / "content"
# Written by bondgenoot.publications when something goes live.
PUBLISHED = ROOT / "models" / "published.json"
Read = TypeVar("Read")
WORDS_IN_A_BUBBLE = 60
SEED_ITEMS = range(1, 80)


@dataclass(frozen=True, slots=True)
class Option:
    """One way to act in a dilemma."""

    id: str
    label: str
    text: str
    trust: str
    hidden_motive: str
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dilemma:
    """A case about one core of credibility (Covey)."""

    id: str
    core: str
    title: str
    situation: tuple[str, ...]
    options: tuple[Option, ...]
    other_role: str
    other_text: str
    other_question: str
    motive_question: str
    insight: str
    practices: tuple[str, ...]

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The options as choices of the question what to do."""
        return tuple(Choice(option.id, option.label, option.keywords) for option in self.options)


@dataclass(frozen=True, slots=True)
class Practice:
    """Something to do that builds trust."""

    id: str
    title: str
    cores: tuple[str, ...]
    for_whom: tuple[str, ...]
    effort: str
    what: str
    why: str
    how: tuple[str, ...]
    example: str
    if_then: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that counts for somebody at work."""

    id: str
    title: str
    why: str
    ideas: tuple[str, ...]
    example: str
    days_until: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of the self-scan about one core, answered 1 (not at all) to 5 (fully)."""

    id: str
    core: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class ConditionalPhrase:
    """Words that make an apology conditional, and plain words to say instead."""

    phrase: str
    instead: str


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What somebody tells, by the phrases for it, and sentences that show it was heard.

    `also` are phrases of which one must stand beside it.
    """

    id: str
    phrases: tuple[str, ...]
    also: tuple[str, ...]
    say: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a referral card points to. `country` is NL, BE or both; `checked` the day it was last verified."""

    country: str
    text: str
    checked: datetime.date


@dataclass(slots=True)
class Content:
    """Everything in content/, valid."""

    dilemmas: dict[str, Dilemma] = field(default_factory=dict)
    practices: dict[str, Practice] = field(default_factory=dict)
    journeys: dict[str, tuple[Question, ...]] = field(default_factory=dict)
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    moments: dict[str, Moment] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    conditional_phrases: tuple[ConditionalPhrase, ...] = ()
    referrals: dict[str, tuple[Contact, ...]] = field(default_factory=dict)
    # What is acknowledged, and the slots of the questions at which that may be.
    acknowledgements: tuple[Acknowledgement, ...] = ()
    acknowledged_at: frozenset[str] = frozenset()

    @property
    def questions(self) -> dict[str, Question]:
        """All questions, by slot."""
        return {question.slot: question for questions in self.journeys.values() for question in questions}


def published_at() -> int:
    """When something was last published (nanoseconds of the file's clock), 0 before the first time."""
    try:
        return PUBLISHED.stat().st_mtime_ns
    except OSError:
        return 0


def once_a_publication(read_it: Callable[[], Read]) -> Callable[[], Read]:
    """Read once, and again after something was published; what cannot be read then leaves what was read before."""
    kept: list[tuple[int, Read]] = []

    @wraps(read_it)
    def reading() -> Read:
        now = published_at()
        if not kept or kept[0][0] != now:
            try:
                fresh = read_it()
            except (ContentError, OSError, yaml.YAMLError, KeyError):
                if not kept:
                    raise
                logger.exception("The published content cannot be read; the content of before is used.")
                fresh = kept[0][1]
            kept[:] = [(now, fresh)]
        return kept[0][1]

    return reading


@once_a_publication
def content() -> Content:
    """The content of this installation, read once a process and again after each publication.

    Raises:
        ContentError: lists every problem found.
    """
    return load(CONTENT)


def load(root: Path) -> Content:
    """Read and check a content folder.

    Raises:
        ContentError: lists every problem found.
    """
    result, problems = read(root)
    if problems:
        raise ContentError("\n".join(problems))
    return result


def read(root: Path) -> tuple[Content, list[str]]:
    """What is right in a content folder, and every problem found in it, one a line, sorted."""
    reader = _Reader(root)
    result = reader.read()
    return result, sorted(reader.problems)


class _Reader:
    """One pass over a content folder that collects problems instead of stopping at the first."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[str] = []
        self._messages = messages()

    def read(self) -> Content:
        result = Content()
        documents: dict[str, list[Document]] = {}
        for folder in ("dilemma", "practice", "questions", "texts"):
            name = folder + "s" if folder in ("dilemma", "practice") else folder
            documents[folder] = list(self._documents(self.root / name, folder))
        for document in documents["practice"]:
            result.practices[document.value["id"]] = _practice(document.value)
        for document in documents["dilemma"]:
            self._check_dilemma(document)
            result.dilemmas[document.value["id"]] = _dilemma(document.value)
        for document in documents["questions"]:
            journey = document.value["journey"]
            self._check_id(document, journey, ("journey",))
            result.journeys[journey] = tuple(read_question(journey, entry) for entry in document.value["questions"])
            self._check_questions(document)
        for document in documents["texts"]:
            for key, value in document.value.items():
                if key in result.texts:
                    self._report(document, (key,), "text_twice", key=key)
                result.texts[key] = tuple(value) if isinstance(value, list) else (value,)
        self._read_single_files(result)
        for kind in ("dilemmas", "practices", "texts"):
            if not getattr(result, kind):
                self.problems.append(self._messages["nothing_found"].format(folder=f"{self.root.name}/{kind}"))
        return result

    def _read_single_files(self, result: Content) -> None:
        for name in (
            "moments",
            "scan",
            "apology",
            "acknowledgements",
            "referrals",
            "menu",
            "turns",
            "own_answers",
            "phrases",
            "calendar",
            "times_of_day",
            "export",
            "names",
            "seeds",
        ):
            if not (self.root / f"{name}.yml").exists():
                self._say(self.root / f"{name}.yml", 1, "", "file_missing")
            for document in self._documents(self.root, name, f"{name}.yml"):
                value = document.value
                if name == "moments":
                    result.moments = {
                        item["id"]: Moment(
                            item["id"],
                            item["title"],
                            item["why"].strip(),
                            tuple(idea.strip() for idea in item["ideas"]),
                            item["example"].strip(),
                            item["days_until"],
                        )
                        for item in value["moments"]
                    }
                elif name == "scan":
                    result.statements = tuple(
                        Statement(item["id"], item["core"], item["text"].strip(), item["why"].strip())
                        for item in value["statements"]
                    )
                elif name == "apology":
                    result.conditional_phrases = tuple(
                        ConditionalPhrase(item["phrase"], item["instead"]) for item in value["conditional_phrases"]
                    )
                elif name == "acknowledgements":
                    result.acknowledgements = tuple(map(_acknowledgement, value["acknowledgements"]))
                    result.acknowledged_at = frozenset(value["at"])
                elif name == "menu":
                    for index, intent in enumerate(value["main"]):
                        if intent not in value["labels"]:
                            self._report(document, ("main", index), "no_label", intent=intent)
                elif name == "referrals":
                    result.referrals = {
                        topic: tuple(
                            Contact(item["country"], item["text"], datetime.date.fromisoformat(item["checked"]))
                            for item in card["contacts"]
                        )
                        for topic, card in value.items()
                    }

    def _documents(self, folder: Path, schema_name: str, pattern: str = "*.yml") -> Iterator[Document]:
        schema = json.loads((CONTENT / "schema" / f"{schema_name}.json").read_text(encoding="utf-8"))
        validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker(["date"]))
        for path in sorted(folder.glob(pattern)):
            try:
                document = Document(path)
            except UnicodeDecodeError as problem:
                self._say(path, problem.object[: problem.start].count(b"\n") + 1, "", "no_utf8")
                continue
            except yaml.YAMLError as problem:
                mark = getattr(problem, "problem_mark", None)
                self._say(path, mark.line + 1 if mark else 1, "", "no_yaml", problem=getattr(problem, "problem", ""))
                continue
            for place in document.repeated:
                self._report(document, place, "key_twice", key=place[-1])
            errors = list(validator.iter_errors(document.value))
            for error in errors:
                place, message, values = explained(error)
                self._report(document, place, message, **values)
            self._check_lengths(document, document.value, ())
            if errors:
                # What can be compared with other files is told as well, so that a trainer is told all at once.
                if schema_name == "dilemma":
                    with suppress(KeyError, TypeError, AttributeError):
                        self._check_dilemma(document)
                continue
            if schema_name in ("dilemma", "practice"):
                self._check_id(document, document.value["id"], ("id",))
            yield document

    def _check_id(self, document: Document, value: str, place: Place) -> None:
        if value != document.path.stem:
            self._report(document, place, "id_is_not_file_name", id=value, name=document.path.stem)

    def _check_lengths(self, document: Document, value: Any, place: Place) -> None:
        if isinstance(value, str):
            count = len(value.split())
            if count > WORDS_IN_A_BUBBLE:
                self._report(document, place, "too_many_words", count=count, limit=WORDS_IN_A_BUBBLE)
        elif isinstance(value, dict):
            for key, part in value.items():
                self._check_lengths(document, part, (*place, key))
        elif isinstance(value, list):
            for index, part in enumerate(value):
                self._check_lengths(document, part, (*place, index))

    def _check_dilemma(self, document: Document) -> None:
        for index, practice in enumerate(document.value["practices"]):
            # A practice with a mistake exists; that mistake is told where it is.
            if not (self.root / "practices" / f"{practice}.yml").exists():
                self._report(document, ("practices", index), "unknown_practice", id=practice)
        if not any(question["about"] in ("intent", "values") for question in document.value["questions"]):
            self._report(document, ("questions",), "no_question_on_motive")
        owners: dict[str, str] = {}
        for index, option in enumerate(document.value["options"]):
            for position, word in enumerate(option["keywords"]):
                if owners.setdefault(word, option["id"]) != option["id"]:
                    self._report(document, ("options", index, "keywords", position), "keyword_twice", word=word)

    def _check_questions(self, document: Document) -> None:
        prefix = document.value["journey"] + "_"
        for index, entry in enumerate(document.value["questions"]):
            if not entry["slot"].startswith(prefix):
                self._report(document, ("questions", index, "slot"), "slot_without_prefix", prefix=prefix)
            if entry.get("ui") and entry["ui"]["kind"] != entry["kind"]:
                self._report(document, ("questions", index, "ui", "kind"), "ui_of_another_kind", kind=entry["kind"])
            if entry.get("again") == entry.get("ask"):
                self._report(document, ("questions", index, "again"), "again_is_the_same")
            branched = {moment: set(value) for moment, value in entry.items() if isinstance(value, dict)}
            known = set.intersection(*branched.values()) if branched else set()
            for moment, branches in branched.items():
                for branch in sorted(branches - known):
                    self._report(
                        document, ("questions", index, moment, branch), "branch_missing_elsewhere", branch=branch
                    )

    def _report(self, document: Document, place: Place, message: str, /, **values: Any) -> None:
        field = ".".join(f"{part + 1}" if isinstance(part, int) else part for part in place)
        self._say(document.path, document.line(place), field, message, **values)

    def _say(self, path: Path, line: int, field: str, message: str, /, **values: Any) -> None:
        try:
            shown = path.relative_to(ROOT)
        except ValueError:
            shown = path
        text = self._messages[message].format(**values)
        self.problems.append(f"{shown}:{line}: {field + ': ' if field else ''}{text}")


def _acknowledgement(value: dict[str, Any]) -> Acknowledgement:
    return Acknowledgement(
        value["id"],
        tuple(value["phrases"]),
        tuple(value.get("also", ())),
        tuple(sentence.strip() for sentence in value["say"]),
    )


def _practice(value: dict[str, Any]) -> Practice:
    return Practice(
        id=value["id"],
        title=value["title"],
        cores=tuple(value["cores"]),
        for_whom=tuple(value["for_whom"]),
        effort=value["effort"],
        what=value["what"].strip(),
        why=value["why"].strip(),
        how=tuple(step.strip() for step in value["how"]),
        example=value["example"].strip(),
        if_then=(value["if_then"]["if"].strip(), value["if_then"]["then"].strip()),
    )


def _dilemma(value: dict[str, Any]) -> Dilemma:
    motive = [question for question in value["questions"] if question["about"] in ("intent", "values")]
    return Dilemma(
        id=value["id"],
        core=value["core"],
        title=value["title"],
        situation=tuple(paragraph.strip() for paragraph in value["situation"]),
        options=tuple(
            Option(
                option["id"],
                option["label"],
                option["text"].strip(),
                option["trust"].strip(),
                option["hidden_motive"].strip(),
                tuple(option["keywords"]),
            )
            for option in value["options"]
        ),
        other_role=value["other_chair"]["role"],
        other_text=value["other_chair"]["text"].strip(),
        other_question=value["other_chair"]["question"].strip(),
        motive_question=motive[0]["text"].strip() if motive else "",
        insight=value["insight"].strip(),
        practices=tuple(value["practices"]),
    )
