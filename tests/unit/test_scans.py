"""The self-scan in numbers: means, and the strongest and weakest core."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bondgenoot.content import Statement, content
from bondgenoot.scans import extremes, means

STATEMENTS = tuple(
    Statement(f"{core}_{number}", core, "x", "y") for core in ("intent", "results") for number in range(4)
)


def test_each_core_has_its_mean_with_one_decimal() -> None:
    assert means([1, 2, 2, 2, 5, 5, 5, 4], STATEMENTS) == {"intent": 1.8, "results": 4.8}


def test_half_a_tenth_goes_up() -> None:
    assert means([4, 4, 4, 5, 2, 2, 2, 3], STATEMENTS) == {"intent": 4.3, "results": 2.3}


def test_a_skipped_statement_counts_for_nothing() -> None:
    assert means([None, 2, None, 3, 5, None, None, None], STATEMENTS) == {"intent": 2.5, "results": 5.0}


def test_a_core_without_answers_is_absent() -> None:
    assert means([None] * 4 + [3] * 4, STATEMENTS) == {"results": 3.0}
    assert means([None] * 8, STATEMENTS) == means([], STATEMENTS) == {}


def test_a_scan_that_was_stopped_halfway_counts_what_there_is() -> None:
    assert means([4, 4], STATEMENTS) == {"intent": 4.0}


def test_the_scan_of_the_content_gives_four_cores() -> None:
    scores = means([3] * 16, content().statements)
    assert scores == dict.fromkeys(("integrity", "intent", "capabilities", "results"), 3.0)


def test_the_highest_and_the_lowest_core_are_named() -> None:
    assert extremes({"intent": 3.0, "results": 4.5, "integrity": 2.0}) == ("results", "integrity")


@pytest.mark.parametrize(
    "scores", [{}, {"intent": 3.0}, {"intent": 3.0, "results": 3.4}, {"intent": 3.0, "results": 3.0}]
)
def test_cores_that_lie_close_together_have_no_extremes(scores: dict[str, float]) -> None:
    assert extremes(scores) is None


def test_half_a_point_is_half_a_point_for_every_pair_of_means() -> None:
    """2,3 and 1,8 differ as much as 4,5 and 4,0, whatever binary fractions make of it."""
    tenths = range(10, 51)
    wrong = [
        (low / 10, high / 10)
        for low in tenths
        for high in tenths
        if high >= low
        and (extremes({"intent": low / 10, "results": high / 10}) is not None) != (Decimal(high - low) >= 5)
    ]
    assert wrong == []
