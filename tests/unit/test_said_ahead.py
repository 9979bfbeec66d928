"""With whom and on which day, in the words of an action."""

from __future__ import annotations

import datetime

import pytest

from bondgenoot import said_ahead

SUNDAY = datetime.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("action", "person"),
    [
        ("donderdag met mijn teamleider praten", "mijn teamleider"),
        ("ik ga bij de planner van het magazijn langs", "de planner van het magazijn"),
        ("mijn nieuwe collega vragen hoe het gaat", "mijn nieuwe collega"),
        ("morgen tegen m'n ploegbaas zeggen dat ik het vergeten was", "m'n ploegbaas"),
        ("een taart meenemen voor het team, als dank", "het team"),
        ("aan de planner vragen of mijn collega vrij kan zijn", ""),
        ("niet meer roddelen over mijn collega", ""),
        ("de vraag van de klant doorgeven", ""),
        ("haar donderdag zeggen dat het me spijt", ""),
        ("de vergadering beginnen met een vraag", ""),
        (" ".join(["ik heb mijn collega gezegd dat het anders moest en"] * 3), ""),
    ],
)
def test_the_one_person_of_an_action(action: str, person: str) -> None:
    assert said_ahead.person_in(action) == person


@pytest.mark.parametrize(
    ("action", "day"),
    [
        ("donderdag met mijn teamleider praten", "2026-11-26"),
        ("hem morgen bellen", "2026-11-23"),
        ("dinsdag de roosteraar bellen en donderdag het haar zeggen", None),
        ("elke vrijdag een update sturen", None),
        ("volgende week even langslopen", None),
        ("meer vragen stellen", None),
        ("sorry zeggen voor mijn mail van vrijdag", None),
        ("de cijfers voor woensdag doorsturen", None),
    ],
)
def test_the_one_day_of_an_action(action: str, day: str | None) -> None:
    assert said_ahead.day_in(action, SUNDAY) == (datetime.date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("text", "again"),
    [("mijn teamleider", True), ("teamleider", True), ("met de teamleider", True), ("mijn baas", False), ("", False)],
)
def test_a_known_person_is_only_said_again(text: str, again: bool) -> None:
    assert said_ahead.says_again(text, "mijn teamleider") is again
