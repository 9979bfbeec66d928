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
