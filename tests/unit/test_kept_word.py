"""The record of word and deed: each commitment counts once, in the month of its day."""

from __future__ import annotations

import datetime

from fixed_clock import FixedClock

from bondgenoot import kept_word
from bondgenoot.store.commitments import Commitment

NOW = FixedClock().now()


def made(name: str, state: str, due: str, closed: datetime.datetime | None = None) -> Commitment:
    day = datetime.date.fromisoformat(due)
    return Commitment(name, "anna", name, "", "", "", day, None, None, state, NOW, closed)


KEPT = [
    made("a", "done", "2026-09-30"),
    made("b", "done", "2026-11-01"),
    made("c", "partial", "2026-11-30"),
    made("d", "not_done", "2026-11-02"),
    made("e", "open", "2026-12-05"),
    made("f", "open", "2026-12-06"),
    made("g", "cancelled", "2026-12-07"),
]
MOVED = {"b": 1, "f": 2}


def test_each_counts_once_and_a_moved_one_that_was_done_is_done() -> None:
    counts = kept_word.counts(KEPT, MOVED)
    assert counts == {"done": 2, "partial": 1, "moved": 1, "not_done": 1, "open": 1, "cancelled": 1}
    assert sum(counts.values()) == len(KEPT)


def test_by_month_from_the_first_to_the_last_with_the_quiet_ones_between() -> None:
    assert kept_word.by_month(KEPT, MOVED) == [
        (datetime.date(2026, 9, 1), (1, 0, 0, 0)),
        (datetime.date(2026, 10, 1), (0, 0, 0, 0)),
        (datetime.date(2026, 11, 1), (1, 1, 0, 1)),
        (datetime.date(2026, 12, 1), (0, 0, 1, 0)),
    ]


def test_only_the_latest_months_are_shown() -> None:
    kept = [made(str(n), "done", f"{2026 + n // 12}-{n % 12 + 1:02}-15") for n in range(14)]
    months = kept_word.by_month(kept, {})
    assert len(months) == kept_word.MOST_MONTHS
    assert months[-1][0] == datetime.date(2027, 2, 1)


def test_what_is_open_or_let_go_makes_no_picture() -> None:
    assert kept_word.by_month([made("a", "open", "2026-11-24"), made("b", "cancelled", "2026-11-24")], {}) == []


def test_as_of_a_moment_later_endings_had_not_happened() -> None:
    later = NOW + datetime.timedelta(days=3)
    kept = [made("a", "done", "2026-11-24", closed=later), made("b", "done", "2026-11-24", closed=NOW)]
    assert [item.state for item in kept_word.as_of(kept, NOW)] == ["open", "done"]
    assert [item.state for item in kept_word.as_of(kept, later)] == ["done", "done"]
    assert kept_word.as_of(kept, NOW - datetime.timedelta(days=1)) == []
