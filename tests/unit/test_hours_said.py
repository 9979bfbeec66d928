"""The hour of a commitment, in its action and at its summary."""

from __future__ import annotations

import datetime

import pytest

from bondgenoot import hours_said
from bondgenoot.settings import load

SETTINGS = load({})
STORY = " ".join(["het liep anders dan ik dacht en daarom"] * 5)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("in onze 1-on-1 (donderdag, 10 uur) voorstellen dat ik de stories solo doe", "10:00"),
        ("haar woensdag om 13u bellen", "13:00"),
        ("een uur samen het rapportagesysteem doorlopen", None),
        ("5 min overleggen met 3 collega's", None),
        (f"{STORY} ga ik donderdag om 10 uur langs", "10:00"),
        (f"{STORY} drink ik om twaalf uur koffie", None),
    ],
)
def test_an_hour_in_the_action(text: str, hour: str | None) -> None:
    assert hours_said.of_action(text, SETTINGS) == (datetime.time.fromisoformat(hour) if hour else None)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("klopt, maar wel om 13u", "13:00"),
        ("Eindelijk. Klopt ja, maar wel om 13u erbij, en wat gebeurt er als ik het niet doe?", "13:00"),
        ("nee, om 10 uur", "10:00"),
        ("wanneer moet donderdag om 10 uur zijn", "10:00"),
        ("ja tis goe zo, ten achten savonds eh", "20:00"),
        ("tis goe moa om 3 ure", "15:00"),
        ("bewaar het maar, ik moet om drie uur weg", None),
        ("ja, een 8 op 10", None),
        ("na de lunch", None),
    ],
)
def test_an_hour_at_the_summary(text: str, hour: str | None) -> None:
    assert hours_said.at_summary(text, SETTINGS) == (datetime.time.fromisoformat(hour) if hour else None)


@pytest.mark.parametrize("text", ["zonder uur graag", "haal dat uur weg", "geen uur erbij"])
def test_an_hour_can_go(text: str) -> None:
    assert hours_said.no_hour(text)


def test_an_hour_that_is_named_does_not_go() -> None:
    assert not hours_said.no_hour("nee, om 10 uur")
