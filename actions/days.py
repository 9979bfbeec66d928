"""The day of a commitment and the moment at which it is asked: when that is, and how it is said."""

from __future__ import annotations

import datetime

from actions.common import services
from bondgenoot import day_times, texts
from bondgenoot.moments import follow_up_moment, moment_on
from bondgenoot.settings import Settings
from bondgenoot.store import people


def day_and_time(due: datetime.date, time: datetime.time | None) -> str:
    """A day as people say it, with the hour when there is one: 'woensdag 25 november, 13.00 uur'."""
    day = texts.day(due, services().clock.today())
    return texts.say("day_and_time", day=day, time=day_times.shown(time))[0] if time else day


def moment_for(
    person: people.Person | None, due: datetime.date, settings: Settings, ask_on: datetime.date | None = None
) -> datetime.datetime:
    """When a person is asked about what was to be done on `due`: where they work, at the time they like.

    On `ask_on` if they named that day, but never before the day after `due`.
    """
    country, ask_time = (person.country, person.ask_time) if person else (None, None)
    if ask_on is None or ask_on <= due:
        return follow_up_moment(due, country, settings, ask_time)
    return moment_on(ask_on, country, settings, ask_time)


def local_day(moment: datetime.datetime) -> datetime.date:
    """The day of a moment on the person's clock."""
    return moment.astimezone(services().settings.time_zone).date()


def ask_day_shown(moment: datetime.datetime) -> str:
    """The day of a question as people say it."""
    return texts.day(local_day(moment), services().clock.today())


def why_then(wanted: datetime.date | None, due: datetime.date, moment: datetime.datetime) -> str:
    """Why a question comes on another day than the person wanted; '' when it does not."""
    if wanted is None or local_day(moment) == wanted:
        return ""
    return texts.say("ask_after_the_day" if wanted <= due else "ask_on_working_days")[0]


def at_time(day: str, moment: datetime.datetime) -> str:
    """A day as it is shown, with the time of day of `moment` on the person's clock."""
    local = moment.astimezone(services().settings.time_zone)
    return texts.say("at_time", day=day, time=day_times.shown(local.time()))[0]
