"""Whether every messaging channel can carry what is written, by the table of capabilities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bondgenoot.capabilities import CAPABILITIES, Capabilities
from bondgenoot.errors import ContentError
from bondgenoot.rendering import Part, render
from bondgenoot.workshop.findings import Findings
from bondgenoot.yaml_lines import Document, Place


def check_text(document: Document, place: Place, text: str, findings: Findings) -> None:
    """A text that some channel cannot carry in one message."""
    if too_small := not_carried_by(text):
        findings.at(document, place, "not_carried", channels=", ".join(too_small))


def check_choices(document: Document, findings: Findings) -> None:
    """A set of choices that some channel cannot carry in one message, as buttons or as a numbered list."""
    for place, titles in _choices(document.value, ()):
        if too_small := not_carried_by("", titles):
            findings.at(document, place, "not_carried", channels=", ".join(too_small))


def not_carried_by(text: str, titles: Sequence[str] = ()) -> list[str]:
    """The channels that cannot carry this in one message, whatever is done for it.

    Empty while content/ cannot be read: a list of choices needs its words, and what is wrong with it is told elsewhere.
    """
    message = {"text": text, "buttons": [{"title": title, "payload": title} for title in titles]}
    try:
        return [name for name, can in CAPABILITIES.items() if not _carries(render(message, can), can)]
    except ContentError:
        return []


def _carries(parts: list[Part], can: Capabilities) -> bool:
    return len(parts) <= 1 and all(
        len(part.buttons) <= can.buttons
        and all(len(each.title) <= can.title and len(each.payload.encode()) <= can.payload for each in part.buttons)
        for part in parts
    )


def _choices(value: Any, place: Place) -> Iterator[tuple[Place, list[str]]]:
    """(place, titles) of every list of which each item has a label or a title."""
    if isinstance(value, list):
        titles = [str(each.get("label") or each.get("title") or "") for each in value if isinstance(each, dict)]
        if titles and all(titles) and len(titles) == len(value):
            yield place, titles
        for number, part in enumerate(value):
            yield from _choices(part, (*place, number))
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _choices(part, (*place, key))
