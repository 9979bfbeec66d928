"""The hour of a commitment in what somebody says of it, in the action or at its summary. Wrong is worse than none."""

from __future__ import annotations

import datetime
import re

from bondgenoot import day_times, moment_said
from bondgenoot.clauses import holds
from bondgenoot.questions import normalise
from bondgenoot.settings import Settings

# A longer text tells a story; there only an hour beside a day is that of the action.
ACTION_WORDS = 25
# At the summary an hour stands in a few words; a longer clause may tell of something else.
CLAUSE_WORDS = 12
# In so few words an hour is the one that is wanted, wherever it stands.
SHORT_WORDS = 10

_CLAUSE = re.compile(r"[,;!?()\n]+|\.(?=\s|$)|\s+(?=(?:en|dus)\s)", re.IGNORECASE)


def of_action(text: str, settings: Settings) -> datetime.time | None:
    """The hour in the words of an action: 'donderdag om 10 uur vragen hoe het gaat'."""
    return day_times.clock_time(text, settings, beside_day=len(text.split()) > ACTION_WORDS)


def at_summary(
    text: str, settings: Settings, today: datetime.date | None = None, day: datetime.date | None = None
) -> datetime.time | None:
    """The hour that somebody wants at a summary: 'klopt, maar wel om 13u'; not the one at which they have to go.

    With `today` and `day`, not the one that stands beside another day either.
    """
    said = [
        clause
        for clause in _CLAUSE.split(text)
        if clause.strip() and len(clause.split()) <= CLAUSE_WORDS and not _of_something_else(normalise(clause))
    ]
    if today is not None and day is not None:
        said = moment_said.beside_day(said, day, today)
    return day_times.clock_time(", ".join(said), settings) or _alone(said, settings)


def _alone(clauses: list[str], settings: Settings) -> datetime.time | None:
    """The one hour in a short clause that says no more: 'twee keer gezegd half 7, niet 7 uur'."""
    hours = {
        hour
        for clause in clauses
        if len(clause.split()) <= SHORT_WORDS and (hour := moment_said.wanted_hour(clause, settings))
    }
    return hours.pop() if len(hours) == 1 else None


def no_hour(text: str) -> bool:
    """Whether somebody wants no hour in it: 'zonder uur graag', 'haal dat uur weg'."""
    return holds("without_an_hour", normalise(text))


def _of_something_else(plain: str) -> bool:
    return holds("hour_of_something_else", plain)
