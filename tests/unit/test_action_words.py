"""The words of an action without a day or hour that no longer fits."""

from __future__ import annotations

import datetime

import pytest

from bondgenoot import moment_words
from bondgenoot.action_words import fitting
from bondgenoot.settings import load

SETTINGS = load({})
SUNDAY = datetime.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("action", "due", "hour", "left"),
    [
        ("hem morgen 7u bellen", "2026-11-23", "07:30", "hem bellen"),
        ("hem morgen 7u bellen", "2026-11-23", "07:00", "hem bellen"),
        ("maandag om 7 uur voor het overleg vraag ik mijn chef waarom", "2026-11-23", "06:30", "voor het overleg vraag ik mijn chef waarom"),
        ("maandag om 7 uur vraag ik mijn chef waarom", "2026-11-23", "06:30", "ik vraag mijn chef waarom"),
        ("maandag om 7 uur vraag ik mijn chef waarom", "2026-11-23", "07:00", "maandag om 7 uur vraag ik mijn chef waarom"),
        ("donderdag met mijn teamleider praten", "2026-11-26", None, "donderdag met mijn teamleider praten"),
        ("donderdag met mijn teamleider praten", "2026-11-27", None, "met mijn teamleider praten"),
        ("in onze 1-on-1 (donderdag, 10 uur) vragen of het kan", "2026-11-26", "11:00", "in onze 1-on-1 vragen of het kan"),
        ("elke maandag vragen hoe het gaat", "2026-11-24", None, "elke maandag vragen hoe het gaat"),
        ("sorry zeggen voor mijn mail van vrijdag", "2026-11-24", None, "sorry zeggen voor mijn mail van vrijdag"),
        ("een uur samen het systeem doorlopen", "2026-11-24", "13:00", "een uur samen het systeem doorlopen"),
        ("om tien mensen te bellen", "2026-11-24", "13:00", "om tien mensen te bellen"),
        ("goede morgen zeggen", "2026-11-24", None, "goede morgen zeggen"),
        ("morgen", "2026-11-23", None, "morgen"),
    ],
)  # fmt: skip
def test_words_for_another_moment_go(action: str, due: str, hour: str | None, left: str) -> None:
    at = datetime.time.fromisoformat(hour) if hour else None
    assert fitting(action, datetime.date.fromisoformat(due), at, SUNDAY, SETTINGS) == left


def test_a_day_that_the_action_is_about_stays() -> None:
    tuesday = datetime.date(2026, 11, 24)
    said = "morgen naar de planner gaan en vragen of ik zaterdag vrij kan"
    assert fitting(said, tuesday, None, SUNDAY, SETTINGS) == "naar de planner gaan en vragen of ik zaterdag vrij kan"


def test_without_a_day_the_words_stay() -> None:
    assert fitting("morgen bellen", None, None, SUNDAY, SETTINGS) == "morgen bellen"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("volgende week dinsdag om half drie in de namiddag langsgaan", ["volgende week dinsdag om half drie in de namiddag"]),
        ("haar op 3 december bellen om 10", ["op 3 december", "om 10"]),
        ("next Tuesday 3pm", ["next Tuesday 3pm"]),
        ("met 5 mensen praten over 3 dingen", []),
        ("binnen een uur bellen", []),
    ],
)  # fmt: skip
def test_where_a_moment_is_named(text: str, named: list[str]) -> None:
    assert [text[start:end] for start, end in moment_words.spans(text)] == named
