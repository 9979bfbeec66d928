"""The clock: aware, in UTC, and today where the person lives."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from bondgenoot import clock as clock_module
from bondgenoot.clock import Clock
from bondgenoot.settings import load

UTC = datetime.timezone.utc


class StandingStill(datetime.datetime):
    """datetime.datetime whose now is five minutes to midnight in London on the last day of the year."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
        """The moment."""
        return datetime.datetime(2026, 12, 31, 23, 55, tzinfo=UTC).astimezone(tz)


@pytest.fixture(autouse=True)
def _standing_still(monkeypatch: pytest.MonkeyPatch) -> None:
    module = SimpleNamespace(datetime=StandingStill, timezone=datetime.timezone, timedelta=datetime.timedelta)
    monkeypatch.setattr(clock_module, "datetime", module)


def test_now_is_aware_and_in_utc() -> None:
    now = Clock(ZoneInfo("Europe/Brussels")).now()
    assert now == datetime.datetime(2026, 12, 31, 23, 55, tzinfo=UTC)
    assert now.tzinfo is UTC


def test_today_is_the_day_of_the_person_and_not_of_utc() -> None:
    assert Clock(ZoneInfo("Europe/Brussels")).today() == datetime.date(2027, 1, 1)
    assert Clock(ZoneInfo("Europe/London")).today() == datetime.date(2026, 12, 31)


def test_the_offset_moves_both() -> None:
    clock = Clock.from_settings(load({"BONDGENOOT_CLOCK_OFFSET": "P21D"}))
    assert clock.now() == datetime.datetime(2027, 1, 21, 23, 55, tzinfo=UTC)
    assert clock.today() == datetime.date(2027, 1, 22)
