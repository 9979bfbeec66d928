"""Everything that Bondgenoot can say, as it stands in the files, one piece at a time with its place."""

from __future__ import annotations

import string
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import yaml

from bondgenoot.content import CONTENT
from bondgenoot.settings import ROOT

# Fields that hold what people type, ids or settings, and not what Bondgenoot says.
NOT_SAID = {
    "id",
    "slot",
    "kind",
    "skip",
    "by",
    "free",
    "core",
    "cores",
    "for_whom",
    "effort",
    "practices",
    "sources",
    "about",
    "keywords",
    "words",
    "intents",
    "value",
    "journey",
    "phrase",
    "phrases",
    "also",
    "at",
    "country",
    "checked",
    "min",
    "max",
    "days_until",
    "metadata",
    "version",
}
FILES = (
    "dilemmas/*.yml",
    "practices/*.yml",
    "questions/*.yml",
    "texts/*.yml",
    "moments.yml",
    "scan.yml",
    "apology.yml",
    "acknowledgements.yml",
    "referrals.yml",
    "menu.yml",
    "export.yml",
)


@lru_cache(maxsize=1)
def said() -> tuple[tuple[str, str], ...]:
    """(place, text) of everything that is said, answers to knowledge questions and chitchat included."""
    return tuple(_read())


def _read() -> Iterator[tuple[str, str]]:
    paths = [path for pattern in FILES for path in sorted(CONTENT.glob(pattern))]
    paths += sorted((ROOT / "data" / "responses").glob("*.yml"))
    for path in paths:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
        if path.name == "menu.yml":
            value = value["labels"]
        yield from _strings(value, f"{path.parent.name}/{path.name}")


def labels() -> Iterator[tuple[str, str]]:
    """(place, text) of everything that stands on a button."""
    for place, text in said():
        if place.endswith(".label") or place.startswith("content/menu.yml"):
            yield place, text


def placeholders(text: str) -> set[str]:
    """The names between braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _strings(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in NOT_SAID:
                yield from _strings(part, f"{place}.{key}")
    elif isinstance(value, list):
        for index, part in enumerate(value, 1):
            yield from _strings(part, f"{place}.{index}")
