"""YAML with the line of every value, so that an error can say where it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml


class ContentLoader(yaml.SafeLoader):
    """YAML as trainers expect it: yes, no, on and off are words, only true and false are not; a day is text."""


class FastContentLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same, thirty times as fast where libyaml is there; its messages say less, so errors come from the other."""


ContentLoader.yaml_implicit_resolvers = FastContentLoader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag != "tag:yaml.org,2002:timestamp" and (tag != "tag:yaml.org,2002:bool" or first in "tTfF")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

Place = tuple[str | int, ...]
# Far above what a person writes: 7 deep and some thousands of parts is the most there is now.
DEEPEST, MOST_PARTS = 40, 50_000


class TooLarge(yaml.YAMLError):
    """A few lines that would become endless, or millions of parts, when their aliases (`*name`) are filled in."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.problem_mark = yaml.Mark("", 0, line, 0, "", 0)


class Document:
    """A YAML file: its value, the line on which each part stands, and the keys that stand there twice."""

    def __init__(self, path: Path) -> None:
        """Read `path`.

        Raises:
            yaml.YAMLError: with a mark, when it is no YAML.
            UnicodeDecodeError: when it is not saved as UTF-8.
        """
        self.path = path
        text = path.read_text(encoding="utf-8")
        measure(text)
        try:
            node, self.value = _load(FastContentLoader(text))
        except yaml.YAMLError:
            node, self.value = _load(ContentLoader(text))
        self.repeated: list[Place] = []
        self._lines: dict[Place, int] = {}
        self._walk(node, ())

    def line(self, place: Sequence[str | int]) -> int:
        """The line (from 1) of the part at `place`, or of the nearest part around it."""
        here = tuple(place)
        while here and here not in self._lines:
            here = here[:-1]
        return self._lines.get(here, 1)

    def _walk(self, node: Any, place: Place) -> None:
        if node is None:
            return
        self._lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                here = (*place, key.value)
                if here in self._lines:
                    self.repeated.append(here)
                self._lines[here] = key.start_mark.line + 1
                self._walk(value, here)
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self._walk(value, (*place, index))


def measure(text: str) -> None:
    """Do nothing for YAML of an ordinary size, and for what is no YAML at all; nothing is filled in to know it.

    Raises:
        TooLarge: with the place where it becomes too deep, too large or endless.
    """
    sizes: dict[str, int] = {}
    around: list[tuple[str, int]] = []
    try:
        for event in yaml.parse(text, Loader=FastContentLoader):
            name, size = getattr(event, "anchor", None) or "", 1
            if isinstance(event, yaml.CollectionStartEvent):
                around.append((name, size))
            elif isinstance(event, yaml.CollectionEndEvent):
                name, size = around.pop()
            elif isinstance(event, yaml.AliasEvent):
                endless = any(name == one for one, _ in around)
                size = MOST_PARTS + 1 if endless else sizes.get(name, 1)
            elif not isinstance(event, yaml.ScalarEvent):
                continue
            if size > MOST_PARTS or len(around) > DEEPEST:
                problem = "its aliases make it too large" if size > MOST_PARTS else "it is too deep"
                mark: Any = event.start_mark
                raise TooLarge(problem, mark.line)
            if isinstance(event, yaml.CollectionStartEvent):
                continue
            if name:
                sizes[name] = size
            if around:
                around[-1] = (around[-1][0], around[-1][1] + size)
    except TooLarge:
        raise
    except yaml.YAMLError:
        return


def _load(loader: Any) -> tuple[yaml.Node | None, Any]:
    try:
        node = loader.get_single_node()
        return node, loader.construct_document(node) if node is not None else None
    finally:
        loader.dispose()
