"""A clock that stands still until a test moves it; takes the place of bondgenoot.clock.Clock."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

# Monday 23 November 2026, eleven o'clock in Brussels and in Amsterdam.
MONDAY = datetime.datetime(2026, 11, 23, 10, 0, tzinfo=datetime.timezone.utc)


@dataclass
class FixedClock:
    """Now is what the test says."""

    moment: datetime.datetime = MONDAY
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Brussels"))

    def now(self) -> datetime.datetime:
        """The moment, aware, in UTC."""
        return self.moment

    def today(self) -> datetime.date:
        """The day on the wall calendar of the person."""
        return self.moment.astimezone(self.time_zone).date()

    def advance(self, **span: float) -> datetime.datetime:
        """Move on by days, hours, minutes, ...; returns the new now."""
        self.moment += datetime.timedelta(**span)
        return self.moment
