"""Choosing among open commitments by number, button or a word that only one of them has."""

from __future__ import annotations

import pytest

from bondgenoot.own_choices import candidates
from bondgenoot.questions import match_choice

OPEN = [
    {"id": "first", "what": "mijn planner vrijdag bedanken voor het ruilen", "with": "de planner"},
    {"id": "second", "what": "mijn planner vragen wat hij nodig heeft", "with": "de planner"},
]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2", "second"),
        ("de eerste", "first"),
        ("1. mijn planner …", "first"),
        ("dat van het ruilen is gelukt", "first"),
        ("ik weet nu wat hij nodig heeft", "second"),
        ("dat met de planner", None),
        ("over dat bedanken", "first"),
        ("verzet mijn voornemen naar vrijdag", None),
    ],
)
def test_a_commitment_is_known_by_what_only_it_has(typed: str, meant: str | None) -> None:
    assert match_choice(candidates(OPEN), typed) == meant


def test_labels_fit_on_a_button_and_differ() -> None:
    labels = [choice.label for choice in candidates(OPEN)]
    assert len(set(labels)) == len(OPEN)
    assert all(len(label) <= 20 for label in labels)
