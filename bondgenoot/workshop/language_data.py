"""What Rasa learns from, as the workshop reads it: examples, responses, rules and stories, each with its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bondgenoot.workshop.findings import Findings
from bondgenoot.yaml_lines import Document, Place


@dataclass(frozen=True)
class Example:
    """One training sentence."""

    text: str
    intent: str
    path: Path
    line: int


# The folder of data/ with sentences that no intent learns from; their schema alone says what they hold.
REMARKS = "remarks"


@dataclass(frozen=True)
class Course:
    """A rule or a story: its steps, and where it stands."""

    name: str
    is_rule: bool
    steps: tuple[dict[str, Any], ...]
    conditional: bool
    document: Document
    place: Place

    def line(self, step: int | None = None) -> int:
        """The line of the path, or of one of its steps (from 0)."""
        return self.document.line(self.place if step is None else (*self.place, "steps", step))


@dataclass
class LanguageData:
    """Everything in data/ and what domain.yml says may occur there."""

    examples: list[Example] = field(default_factory=list)
    responses: dict[str, tuple[Document, list[dict[str, Any]]]] = field(default_factory=dict)
    paths: list[Course] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    domain: dict[str, Any] = field(default_factory=dict)
    domain_file: Document | None = None

    @property
    def intents(self) -> list[str]:
        """The intents of the domain."""
        return [next(iter(one)) if isinstance(one, dict) else str(one) for one in self.domain.get("intents") or []]

    @property
    def actions(self) -> set[str]:
        """Everything that a rule or a story may name as an action."""
        retrieval = {name.split("/")[0] for name in self.responses}
        return {*(self.domain.get("actions") or []), *(self.domain.get("forms") or {}), *self.responses, *retrieval}


def read(root: Path, findings: Findings) -> LanguageData:
    """Read data/ and domain.yml of a project; what cannot be read is a finding and left out."""
    data = LanguageData()
    for document in _documents([root / "domain.yml"], findings):
        data.domain, data.domain_file = document.value, document
    for document in _documents(sorted((root / "data").rglob("*.yml")), findings):
        data.documents.append(document)
        for section, value in document.value.items():
            if section == "nlu":
                data.examples += _examples(document, value, findings)
            elif section == "responses":
                for name, variations in (value or {}).items():
                    if name in data.responses:
                        findings.at(document, (section, name), "response_twice", name=name)
                    data.responses[name] = (document, variations or [])
            elif section in ("rules", "stories"):
                data.paths += _paths(document, section, value, findings)
            elif section != "version" and document.path.parent.name != REMARKS:
                findings.at(document, (section,), "section_unknown", name=section)
    return data


def _documents(paths: list[Path], findings: Findings) -> Iterator[Document]:
    for path in paths:
        try:
            document = Document(path)
        except UnicodeDecodeError as problem:
            findings.add(path, problem.object[: problem.start].count(b"\n") + 1, "", "no_utf8")
        except FileNotFoundError:
            findings.add(path, 1, "", "file_missing")
        except yaml.YAMLError as problem:
            mark = getattr(problem, "problem_mark", None)
            findings.add(path, mark.line + 1 if mark else 1, "", "no_yaml", problem=getattr(problem, "problem", ""))
        else:
            for place in document.repeated:
                findings.at(document, place, "key_twice", key=place[-1])
            if isinstance(document.value, dict):
                yield document
            else:
                findings.add(path, 1, "", "no_sections")


def _examples(document: Document, entries: Any, findings: Findings) -> Iterator[Example]:
    for index, entry in enumerate(entries or []):
        if not isinstance(entry, dict) or "intent" not in entry:
            continue
        text = entry.get("examples")
        if not isinstance(text, str):
            findings.at(document, ("nlu", index), "examples_missing", intent=entry["intent"])
            continue
        first = document.line(("nlu", index, "examples")) + 1
        for offset, line in enumerate(text.splitlines()):
            if not line.strip():
                continue
            if not line.startswith("- ") or not line[2:].strip():
                findings.add(document.path, first + offset, "examples", "example_without_dash", text=line.strip()[:40])
                continue
            yield Example(line[2:].strip(), str(entry["intent"]), document.path, first + offset)


def _paths(document: Document, section: str, entries: Any, findings: Findings) -> Iterator[Course]:
    kind = "rule" if section == "rules" else "story"
    for index, entry in enumerate(entries or []):
        place: Place = (section, index)
        steps = entry.get("steps") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or kind not in entry or not isinstance(steps, list):
            findings.at(document, place, "path_incomplete", kind=kind)
            continue
        bare = [number for number, step in enumerate(steps) if not isinstance(step, dict)]
        for number in bare:
            findings.at(document, (*place, "steps", number), "step_unclear")
        if not bare:
            conditional = bool(entry.get("condition") or entry.get("conversation_start"))
            yield Course(str(entry[kind]), kind == "rule", tuple(steps), conditional, document, place)
