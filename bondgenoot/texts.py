"""The sentences of the assistant, filled in. All of them stand in content/, none in Python."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import yaml

from bondgenoot.content import CONTENT, content, once_a_publication

LONGEST_QUOTE = 140
# Characters from which words are a text of its own, and how much of that is quoted.
TEXT_OF_ITS_OWN, LONGEST_OF_A_TEXT = 400, 80


def say(key: str, **values: Any) -> tuple[str, ...]:
    """The bubbles of a text, with its placeholders filled.

    Raises:
        KeyError: for an unknown key or placeholder; a test meets every key before a person does.
    """
    return fill(content().texts[key], values)


def fill(bubbles: Sequence[str], values: dict[str, Any]) -> tuple[str, ...]:
    """Fill placeholders. Values are never filled again, so a person may write braces."""
    return tuple(bubble.format_map(values).strip() for bubble in bubbles)


def phrases(key: str) -> tuple[str, ...]:
    """Phrases that people type, from content/phrases.yml."""
    return tuple(_phrases()[key])


@once_a_publication
def _phrases() -> dict[str, Any]:
    value: dict[str, Any] = yaml.safe_load((CONTENT / "phrases.yml").read_text(encoding="utf-8"))
    return value


def quote(text: str, longest: int = LONGEST_QUOTE) -> str:
    """Somebody's words in one line of at most `longest` characters, without closing full stop.

    What is too long is cut after a sentence, or else after a word, and ends in an ellipsis. Of a text of its own, such
    as a pasted mail, only the beginning is quoted: nobody wants it read back.
    """
    line = " ".join(text.split()).rstrip(".")
    room = min(longest, LONGEST_OF_A_TEXT) if len(line) > TEXT_OF_ITS_OWN else longest
    if len(line) <= room:
        return line
    start = line[: room - 2]
    sentence = max(start.rfind(mark) for mark in (". ", "! ", "? "))
    if sentence >= room // 2:
        return start[: sentence + 1].rstrip(".") + " …"
    if " " in start and not line[len(start)].isspace():
        start = start.rsplit(" ", 1)[0]
    return start.rstrip(" ,;:-–(") + " …"


def day_names() -> frozenset[str]:
    """The words for days and months."""
    words = _calendar()
    return frozenset((*words["weekdays"], *words["months"], *words["near"].values()))


def day(date: datetime.date, today: datetime.date) -> str:
    """A day as people say it: 'morgen, dinsdag 24 november'; the year only when it is another one."""
    words = _calendar()
    text: str = words["day"].format(
        weekday=words["weekdays"][date.weekday()], number=date.day, month=words["months"][date.month - 1]
    )
    if date.year != today.year:
        text = f"{text} {date.year}"
    near = words["near"].get((date - today).days)
    return str(words["near_day"].format(near=near, day=text)) if near else text


def short_month(month: int) -> str:
    """A month, 1 to 12, in three letters, as it stands under a chart."""
    return str(_calendar()["months_short"][month - 1])


def number(value: float) -> str:
    """A number with one decimal and a decimal comma."""
    return f"{value:.1f}".replace(".", ",")


@once_a_publication
def _calendar() -> dict[str, Any]:
    value: dict[str, Any] = yaml.safe_load((CONTENT / "calendar.yml").read_text(encoding="utf-8"))
    return value
