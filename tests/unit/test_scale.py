"""Which number is meant on a scale."""

from __future__ import annotations

import pytest

from bondgenoot.questions import scale_number
from bondgenoot.scale import only_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Van 0 tot 10, tja, een 4, nee een 7, klaar", 7),
        ("van 0 tot 10 een zes", 6),
        ("7. maar doe half 8", 7),
        ("half 8, een 7 dus", 7),
        ("5 ofzo. maak er trouwens half 7 van, om 7 uur staat iedereen er al", 5),
        ("weet niet, 5? 6", 6),
        ("een 7, een 8 met koffie", 7),
        ("6 i guess, hij is nogal blunt", 6),
        ("8, want ik wacht al 2 jaar", 8),
        ("een 7, de 3 anderen ook", 7),
        ("een 5; ik ben hier 11 jaar", 5),
        ("ondanks alles zeg ik een 7. Of een zesje, als die ouders er weer staan? Nee, een 7, klaar", 7),
        ("7 of 8", 7),
        ("7,5", 7),
        ("8/10", 8),
        ("8 van de 10", 8),
        ("rond de 7", 7),
        ("een", 1),
        ("11 natuurlijk. Realistisch een 8 als er taart is", None),
        ("veel", None),
    ],
)
def test_the_last_number_that_is_meant(text: str, number: int | None) -> None:
    assert scale_number(only_number(text), 0, 10) == number
