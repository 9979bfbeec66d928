"""The sentences: filled in, quoted, and how a day is called."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bondgenoot import texts

MONDAY = datetime.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-23", "vandaag, maandag 23 november"),
        ("2026-11-24", "morgen, dinsdag 24 november"),
        ("2026-11-25", "overmorgen, woensdag 25 november"),
        ("2026-11-26", "donderdag 26 november"),
        ("2026-11-22", "zondag 22 november"),
        ("2027-01-01", "vrijdag 1 januari 2027"),
        ("2025-11-23", "zondag 23 november 2025"),
    ],
)
def test_a_day_is_called_as_people_call_it(day: str, expected: str) -> None:
    assert texts.day(datetime.date.fromisoformat(day), MONDAY) == expected


def test_tomorrow_can_be_in_another_year() -> None:
    assert texts.day(datetime.date(2027, 1, 1), datetime.date(2026, 12, 31)) == "morgen, vrijdag 1 januari 2027"


def test_a_text_is_filled_and_comes_as_bubbles() -> None:
    (bubble,) = texts.say("commitment_intro_given", what="bellen")
    assert "bellen" in bubble
    assert len(texts.say("after_crisis", contacts="113")) == 2


def test_braces_in_a_persons_words_stay_as_they_are() -> None:
    assert "{day} {0} {}" in texts.say("commitment_intro_given", what="{day} {0} {}")[0]


def test_a_value_too_many_does_no_harm_and_one_too_few_is_an_error() -> None:
    assert texts.fill(["Hoi {name} "], {"name": "Sam", "day": "x"}) == ("Hoi Sam",)
    with pytest.raises(KeyError):
        texts.fill(["Hoi {name}"], {})


def test_an_unknown_text_is_an_error() -> None:
    with pytest.raises(KeyError):
        texts.say("no_such_text")


def test_phrases_that_people_type_are_a_list_of_words() -> None:
    assert "laat zo" in texts.phrases("keep_as_it_is")
    assert all(isinstance(phrase, str) for phrase in texts.phrases("keep_as_it_is"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ik bel hem.", "Ik bel hem"),
        ("  een\n twee\tdrie ", "een twee drie"),
        ("Mag ik bellen?", "Mag ik bellen?"),
        ("", ""),
        ("x" * texts.LONGEST_QUOTE, "x" * texts.LONGEST_QUOTE),
    ],
)
def test_a_quote_is_one_line_without_full_stop(text: str, expected: str) -> None:
    assert texts.quote(text) == expected


def test_a_long_quote_is_cut_at_a_word() -> None:
    quoted = texts.quote("woord " * 100)
    assert quoted.endswith("woord …")
    assert len(quoted) <= texts.LONGEST_QUOTE + 2


@hypothesis_settings(derandomize=True, deadline=None)
@given(text=st.text(max_size=400))
def test_a_quote_is_never_long_and_never_two_lines(text: str) -> None:
    quoted = texts.quote(text)
    assert len(quoted) <= texts.LONGEST_QUOTE + 2
    assert len(quoted.splitlines()) <= 1
