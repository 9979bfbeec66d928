"""What the workshop tells a trainer: problems and warnings, each `file:line: field: what is wrong and what to do`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bondgenoot.content import CONTENT
from bondgenoot.settings import ROOT
from bondgenoot.yaml_lines import Document, Place


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """The workshop's own texts, from content/schema/workshop.yml."""
    value: dict[str, Any] = yaml.safe_load((CONTENT / "schema" / "workshop.yml").read_text(encoding="utf-8"))
    return value


def tell(key: str, /, **values: Any) -> str:
    """One text of the workshop, filled in.

    Raises:
        KeyError: for an unknown key or placeholder.
    """
    return str(words()["tells"][key]).format(**values).rstrip("\n")


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong (or, as a warning, may be better) at one place; line counts from 1."""

    path: str
    line: int
    field: str
    text: str
    warning: bool = False
    # What it says as data, for who compares: the key of its text, and what was filled in.
    key: str = attribute(default="", compare=False)
    values: Mapping[str, Any] = attribute(default_factory=dict, compare=False, repr=False)

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}: " + (f"{self.field}: " if self.field else "")
        return where + (f"{words()['warning']}: " if self.warning else "") + self.text


class Findings:
    """Collects what a check finds; texts come from the `findings` of content/schema/workshop.yml."""

    def __init__(self, root: Path = ROOT) -> None:
        """Paths are shown relative to `root`."""
        self._root = root
        self.all: list[Finding] = []

    def add(self, path: Path, line: int, place: str, message: str, /, *, warning: bool = False, **values: Any) -> None:
        """Note one finding at a field; `message` is a key."""
        text = words()["findings"][message].format(**values)
        self.all.append(Finding(self._shown(path), line, place, text, warning, message, values))

    def at(self, document: Document, place: Place, message: str, /, *, warning: bool = False, **values: Any) -> None:
        """Note one finding at a place of a document."""
        self.add(document.path, document.line(place), _field(place), message, warning=warning, **values)

    def note(self, document: Document, place: Place, text: str) -> None:
        """Note one finding in words of its own."""
        self.all.append(Finding(self._shown(document.path), document.line(place), _field(place), text))

    def knows(self, document: Document, place: Place) -> bool:
        """Whether something on the line of that place has to be repaired already."""
        here = (self._shown(document.path), document.line(place))
        return any((one.path, one.line) == here for one in self.all if not one.warning)

    def sorted(self) -> list[Finding]:
        """Problems first, then warnings; each once, in the order of the files."""
        return in_order(self.all)

    def _shown(self, path: Path) -> str:
        return str(path.relative_to(self._root)) if path.is_relative_to(self._root) else str(path)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Problems first, then warnings; each once, in the order of the files."""
    return sorted(set(findings), key=lambda one: (one.warning, one))


def _field(place: Place) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
