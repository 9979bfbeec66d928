"""When a follow-up may go out: working hours, not in the weekend, not on a public holiday where the person works."""

from __future__ import annotations

import datetime
from functools import lru_cache

import holidays

from bondgenoot.settings import Settings

COUNTRIES = ("NL", "BE")


def follow_up_moment(
    due: datetime.date, country: str | None, settings: Settings, ask_time: datetime.time | None = None
) -> datetime.datetime:
    """The first working moment after the day `due`, at `ask_time` if that is in working hours; aware UTC."""
    return moment_on(due + datetime.timedelta(days=1), country, settings, ask_time)


def moment_on(
    day: datetime.date, country: str | None, settings: Settings, ask_time: datetime.time | None = None
) -> datetime.datetime:
    """The first working moment on or after `day`, at `ask_time` if that is in working hours; aware UTC."""
    start = datetime.datetime.combine(day, opening(settings, ask_time), tzinfo=settings.time_zone)
    return next_working_moment(start, country, settings, ask_time)


def opening(settings: Settings, ask_time: datetime.time | None) -> datetime.time:
    """The local time from which a person is asked: theirs if it is in working hours, else the start of the day.

    Working hours are the organisation's and may have changed since a person named a time.
    """
    if ask_time is not None and settings.workday_start <= ask_time < settings.workday_end:
        return ask_time
    return settings.workday_start


def next_working_moment(
    moment: datetime.datetime, country: str | None, settings: Settings, ask_time: datetime.time | None = None
) -> datetime.datetime:
    """`moment` itself when it is in working hours, else the next start of a working day; aware UTC.

    With `ask_time` the start is that local time. Late is late: a moment after it, but in working hours, stays.
    Without a country, a public holiday in either the Netherlands or Belgium counts.
    """
    local = moment.astimezone(settings.time_zone)
    if is_workday(local.date(), country) and settings.workday_start <= local.time() < settings.workday_end:
        return moment.astimezone(datetime.timezone.utc)
    day = local.date()
    if local.time() >= settings.workday_start:
        day += datetime.timedelta(days=1)
    while not is_workday(day, country):
        day += datetime.timedelta(days=1)
    start = datetime.datetime.combine(day, opening(settings, ask_time), tzinfo=settings.time_zone)
    return start.astimezone(datetime.timezone.utc)


def is_workday(day: datetime.date, country: str | None) -> bool:
    """Monday to Friday and no public holiday."""
    countries = (country,) if country in COUNTRIES else COUNTRIES
    return day.weekday() < 5 and not any(day in _public_holidays(name, day.year) for name in countries)


@lru_cache(maxsize=32)
def _public_holidays(country: str, year: int) -> frozenset[datetime.date]:
    return frozenset(holidays.country_holidays(country, years=year))
