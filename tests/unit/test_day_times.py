"""The time of day that people name, and the one at which they are then asked."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bondgenoot import day_times
from bondgenoot.settings import load

SETTINGS = load({})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("liever 's middags", "13:30"),
        ("Liever ’s ochtends", "10:00"),
        ("in de voormiddag past me beter", "10:00"),
        ("kan het in de namiddag", "14:00"),
        ("vrijdag om tien uur", "10:00"),
        ("vraag het vrijdag om 10 uur", "10:00"),
        ("om 14u30 graag", "14:30"),
        ("om 14:30", "14:30"),
        ("liever om 13.30", "13:30"),
        ("rond half drie", "14:30"),
        ("om kwart over één", "13:15"),
        ("kwart voor vier", "15:45"),
        ("om drie uur", "15:00"),
        ("rond drie", "15:00"),
        ("om elf uur", "11:00"),
        ("niet om negen uur, vraag het om elf uur", "11:00"),
        ("woensdagmorgen", "10:00"),
        ("tegen het einde van de dag", "16:00"),
        ("'s avonds om acht uur", "16:00"),
        ("om zeven uur 's morgens", "09:00"),
        ("na den noen", "13:30"),
    ],
)
def test_a_time_of_day_is_read_as_people_say_it(text: str, expected: str) -> None:
    assert day_times.understand(text, SETTINGS) == datetime.time.fromisoformat(expected)


@pytest.mark.parametrize(
    "text",
    ["", "liever niet", "3 december", "met twee collega's", "3/12", "de 12.12.2026", "ik heb er tien", "vrijdag"],
)
def test_what_names_no_time_is_no_time(text: str) -> None:
    assert day_times.understand(text, SETTINGS) is None


@given(st.text(max_size=60) | st.from_regex(r"om [0-9]{1,3}[u:. ]?[0-9]{0,3}( uur)?", fullmatch=True))
def test_whatever_is_typed_the_time_is_in_working_hours(text: str) -> None:
    time = day_times.understand(text, SETTINGS)
    assert time is None or SETTINGS.workday_start <= time < SETTINGS.workday_end


def test_a_time_is_shown_as_people_read_it() -> None:
    assert day_times.shown(datetime.time(9, 5)) == "9.05 uur"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("woensdag om 13u", "13:00"),
        ("donderdag 10 uur", "10:00"),
        ("next week thursday zei ik al, 10 am. dus donderdag volgende week", "10:00"),
        ("in onze 1-on-1 (donderdag, 10 uur) voorstellen dat ik de stories solo doe", "10:00"),
        ("ten achten savonds", "20:00"),
        ("en tis wel ten achten eh, des avonds", "20:00"),
        ("ja tis goe zo bewoart da moa, ten achten savonds eh ge zegt da ook nie", "20:00"),
        ("klopt, maar wel om 13u", "13:00"),
        ("Klopt ja, maar wel om 13u erbij", "13:00"),
        ("nee, om 10 uur", "10:00"),
        ("wanneer moet donderdag om 10 uur zijn", "10:00"),
        ("om drie uur", "15:00"),
        ("verder is het fine, om 10 uur trouwens", "10:00"),
        ("morgen om half drie", "14:30"),
        ("vrijdag kwart voor vier", "15:45"),
        ("om tien voor half vier", "15:20"),
        ("dinsdag 14.30", "14:30"),
        ("dinsdag 24 november 9:15", "09:15"),
        ("om 13.30 uur", "13:30"),
        ("rond een uur of drie", "15:00"),
        ("3pm vrijdag", "15:00"),
        ("overmorgen 's ochtends om 8", "08:00"),
        ("'s avonds om 8 uur", "20:00"),
        ("vrijdagnamiddag 3 uur", "15:00"),
        ("vrijdag in de namiddag om 2", "14:00"),
        ("niet om 10 uur maar om 11 uur", "11:00"),
        ("om 13u30", "13:30"),
        ("13u", "13:00"),
        ("10u", "10:00"),
        ("dinsdag 10u30", "10:30"),
        ("om één uur", "13:00"),
        ("de sessie blijft woensdag 25 om 13u", "13:00"),
        ("morgen 8 uur", "08:00"),
        ("tegen 11 december om 10 uur", "10:00"),
        ("woensdag om drie", "15:00"),
        ("woensdag om 10 bij haar bureau", "10:00"),
        ("ja, om 20:00", "20:00"),
        ("ma 9u", "09:00"),
        ("donderdag half elf 's ochtends", "10:30"),
        ("om zeven uur 's morgens", "07:00"),
        ("woensdagavond om 7 uur", "19:00"),
        ("ik bel hem woensdag om 10 uur op", "10:00"),
        ("morgenvroeg om 6 uur", "06:00"),
        ("dinsdag om 12 uur", "12:00"),
        ("om 5 over 9", "09:05"),
        ("om 10 over 9 uur", "09:10"),
        ("vrijdag om 9", "09:00"),
        ("om half 1", "12:30"),
        ("woensdag de 25e om 13 uur", "13:00"),
        ("woensdag 25 november, 13.00 uur", "13:00"),
        ("25 november 13 uur", "13:00"),
        ("woensdag 25 13u", "13:00"),
    ],
)
def test_an_exact_hour_is_read_as_it_is_said(text: str, expected: str) -> None:
    """Not moved into working hours."""
    assert day_times.clock_time(text, SETTINGS) == datetime.time.fromisoformat(expected)


@pytest.mark.parametrize(
    "text",
    [
        "8 op 10",
        "5 min",
        "11 december",
        "een uur samen het rapportagesysteem doorlopen",
        "vragen om een uur samen te zitten",
        "na de lunch",
        "na tien uur",
        "voor 10 uur",
        "dinsdag voor 10u",
        "binnen 24 uur",
        "2 uur samenzitten",
        "om 3 collega's te vragen",
        "tegen 11 december",
        "rond 3 december",
        "vraag om een gesprek",
        "woensdag om twee dingen te vragen",
        "20.11",
        "dinsdag 3.12",
        "een 8",
        "zeven ton",
        "om de 2 uur",
        "tussen 10 en 11 uur",
        "om 10 uur, of om 11 uur",
        "overmorgen os k de late en en zij ook dus ton na den achten",
        "half een grap",
        "vrijdag",
        "",
        "om 50 euro vragen",
        "8 uur werken per dag",
        "hij kwam 2 uur later",
        "over 2 uur",
        "om 2 uur vrij vragen",
        "3/12",
        "24/7",
        "donderdag 26 november",
        "half november",
        "om een voorstel",
        "morgen een uur met haar zitten",
        "elke dag 1 uur",
        "van 10 tot 11",
        "max 2 uur",
        "vrijdag 4 mensen bellen",
        "om een uurtje tijd vragen",
        "om vier ogen",
        "onder vier ogen",
        "om 2 redenen",
        "ik geef het 10 minuten",
        "een kwartier",
        "half",
        "kwart van de ploeg",
        "5 voor 12",
        "10 over de hele lijn",
    ],
)
def test_a_length_a_border_a_day_or_a_number_is_no_exact_hour(text: str) -> None:
    assert day_times.clock_time(text, SETTINGS) is None


@given(st.text(max_size=80) | st.from_regex(r"((om|ten|morgen|half|kwart voor|doe|maar|12) ?){1,30}", fullmatch=True))
def test_reading_an_exact_hour_never_fails(text: str) -> None:
    time = day_times.clock_time(text, SETTINGS)
    assert time is None or isinstance(time, datetime.time)
