"""Working days. What the follow-up does with them stands in tests/followup."""

from __future__ import annotations

import datetime

import pytest

from bondgenoot.moments import is_workday


@pytest.mark.parametrize(
    ("day", "country", "expected"),
    [
        ("2026-11-23", "NL", True),
        ("2026-11-28", "NL", False),
        ("2026-11-29", "BE", False),
        ("2027-04-27", "NL", False),
        ("2027-04-27", "BE", True),
        ("2027-04-27", None, False),
        ("2026-07-21", "BE", False),
        ("2026-07-21", "NL", True),
        ("2026-07-21", None, False),
        ("2026-07-21", "", False),
        ("2027-01-01", "NL", False),
        ("2027-01-01", "BE", False),
        ("2026-12-25", "BE", False),
        ("2028-12-26", "NL", False),
        ("2028-12-26", "BE", True),
        ("2040-05-10", "NL", False),  # Ascension Day, many years on
    ],
)
def test_a_working_day_is_no_weekend_and_no_holiday_of_the_country(
    day: str, country: str | None, expected: bool
) -> None:
    assert is_workday(datetime.date.fromisoformat(day), country) is expected
