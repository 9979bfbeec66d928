"""The one place that knows what time it is, so that a test or a demonstration can move it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bondgenoot.settings import Settings


@dataclass(frozen=True, slots=True)
class Clock:
    """Now, as aware UTC, and today where the person lives."""

    time_zone: ZoneInfo
    offset: datetime.timedelta = datetime.timedelta()

    @classmethod
    def from_settings(cls, settings: Settings) -> Clock:
        """The clock of a process."""
        return cls(settings.time_zone, settings.clock_offset)

    def now(self) -> datetime.datetime:
        """The moment, aware, in UTC."""
        return datetime.datetime.now(datetime.timezone.utc) + self.offset

    def today(self) -> datetime.date:
        """The day on the wall calendar of the person."""
        return self.now().astimezone(self.time_zone).date()
