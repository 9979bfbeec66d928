"""The day of asking is told from the day of doing."""

from __future__ import annotations

import datetime

import pytest

from bondgenoot import asking_day

SUNDAY = datetime.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("vraag het me pas vrijdag", "2026-11-27"),
        ("jij mag vrijdag vragen hoe het ging", "2026-11-27"),
        ("de herinnering graag zaterdag", "2026-11-28"),
        ("herinner me zaterdag", "2026-11-28"),
        ("vrijdag mag je vragen hoe het ging", "2026-11-27"),
        ("kom er vrijdag op terug", "2026-11-27"),
        ("nee, de sessie blijft woensdag 25 om 13u, alleen JIJ mag vrijdag vragen hoe het ging", "2026-11-27"),
        ("en de herinnering graag vrijdagmiddag niet, dan zit ik bij de oogarts, doe maar zaterdag", "2026-11-28"),
        ("vraag het me niet vrijdag maar zaterdag", "2026-11-28"),
    ],
)
def test_a_day_of_asking_is_heard(text: str, day: str) -> None:
    assert asking_day.day_to_ask(text, SUNDAY) == datetime.date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ik verzet het naar vrijdag",
        "ik ga haar vrijdag vragen of ze meegaat",
        "vraag het aan mijn baas op vrijdag",
        "je mag hem vrijdag vragen",
        "je hoeft vrijdag niets te vragen",
        "wanneer vraag je het, vrijdag?",
        "donderdag kan ik niet, doe maar vrijdag",
        "vraag het me gewoon",
    ],
)
def test_what_is_no_day_of_asking_is_none(text: str) -> None:
    assert asking_day.day_to_ask(text, SUNDAY) is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("ja, maar vraag het me pas vrijdag", "ja"),
        ("de herinnering graag zaterdag", ""),
        ("klopt maar wel om 13u en vraag het me pas vrijdag", "klopt maar wel om 13u"),
        ("het blijft woensdag om 13u, alleen jij mag vrijdag vragen. Oke?", "het blijft woensdag om 13u. Oke?"),
        ("nee, liever dinsdag", "nee, liever dinsdag"),
        ("vraag het me vrijdag, voor de rest klopt het, bewaar maar", "voor de rest klopt het, bewaar maar"),
        ("vraag het me vrijdag, en met wie moet de planner zijn", "en met wie moet de planner zijn"),
        ("vraag het me niet vrijdag maar zaterdag", ""),
    ],
)
def test_the_rest_of_the_message_stays(text: str, rest: str) -> None:
    assert asking_day.split(text)[0] == rest
