"""Another day or hour beside an answer, and the hour that belongs to the day that counts."""

from __future__ import annotations

import datetime

import pytest

from bondgenoot import moment_said
from bondgenoot.settings import load

SETTINGS = load({})
SUNDAY = datetime.date(2026, 11, 22)


def at(text: str | None) -> datetime.time | None:
    return datetime.time.fromisoformat(text) if text else None


def on(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("text", "rest", "day", "hour"),
    [
        ("7. maar doe half 8", "7.", None, "07:30"),
        ("5 ofzo. maak er trouwens half 7 van, om 7 uur staat iedereen er al", "5 ofzo.", None, "06:30"),
        ("blijft zo maar dan HALF 7 he", "blijft zo", None, "06:30"),
        ("de head of sales. en doe maar thursday ipv tuesday, dinsdag heb ik overleg", "de head of sales.", "2026-11-26", None),
        ("dan vraag ik wat hij nodig heeft. en 4pm ipv 3pm", "dan vraag ik wat hij nodig heeft.", None, "16:00"),
        ("mijn collega. O ja, en bij nader inzien liever kwart over vier dan vier uur", "mijn collega.", None, "16:15"),
        ("move it to 11am please", "", None, "11:00"),
        ("toch om 6u", "", None, "06:00"),
        ("dat ik bang ben, maar doe toch maar woensdag", "dat ik bang ben", "2026-11-25", None),
    ],
)  # fmt: skip
def test_another_moment_beside_an_answer(text: str, rest: str, day: str | None, hour: str | None) -> None:
    kept, said = moment_said.split(text)
    moment = moment_said.moved_to(said, SUNDAY, SETTINGS)
    assert (kept, moment.day.day, moment.hour) == (rest, on(day), at(hour))


@pytest.mark.parametrize(
    "text",
    [
        "dat hij dinsdag toch liever thuis werkt",
        "dan bel ik hem om 11u",
        "dan doe ik het woensdag",
        "een 7, klaar",
        "mijn chef",
        "om 7 uur staat iedereen er al",
        "kan het ook om 11u?",
    ],
)
def test_what_tells_something_stays_an_answer(text: str) -> None:
    assert moment_said.split(text) == (text, "")


@pytest.mark.parametrize(
    ("text", "day", "hour"),
    [
        ("dinsdag om kwart over vier of anders woensdag half één… nee, laten we dinsdag aanhouden", "2026-11-24", "16:15"),
        ("donderdag is hij OOO zie ik net, friday morning 10am dan", "2026-11-27", "10:00"),
        ("donderdag kan hij niet, vrijdag om 9 uur", "2026-11-27", "09:00"),
        ("woensdag half drie, of nee donderdag 4 uur", "2026-11-26", "16:00"),
        ("thursday 3pm, nee 4pm", "2026-11-26", "16:00"),
        ("woensdag om 13u", "2026-11-25", "13:00"),
        ("woensdag", "2026-11-25", None),
        ("om 13u", None, "13:00"),
    ],
)  # fmt: skip
def test_an_hour_belongs_to_the_day_beside_it(text: str, day: str | None, hour: str | None) -> None:
    moment = moment_said.read(text, SUNDAY, SETTINGS)
    assert (moment.day.day, moment.hour) == (on(day), at(hour))
