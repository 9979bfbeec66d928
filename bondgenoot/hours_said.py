"""The hour of a commitment in what somebody says of it, in the action or at its summary. Wrong is worse than none."""

from __future__ import annotations

import datetime
import re

from bondgenoot import day_times
from bondgenoot.clauses import holds
from bondgenoot.questions import normalise
from bondgenoot.settings import Settings

# A longer text tells a story; there only an hour beside a day is that of the action.
ACTION_WORDS = 25
# At the summary an hour stands in a few words; a longer clause may tell of something else.
CLAUSE_WORDS = 12

_CLAUSE = re.compile(r"[,;!?()\n]+|\.(?=\s|$)|\s+(?=(?:en|dus)\s)", re.IGNORECASE)


def of_action(text: str, settings: Settings) -> datetime.time | None:
    """The hour in the words of an action: 'donderdag om 10 uur vragen hoe het gaat'."""
    return day_times.clock_time(text, settings, beside_day=len(text.split()) > ACTION_WORDS)


def at_summary(text: str, settings: Settings) -> datetime.time | None:
    """The hour that somebody wants at a summary: 'klopt, maar wel om 13u'; not the one at which they have to go."""
    clauses = [clause for clause in _CLAUSE.split(text) if clause.strip()]
    said = [
        clause
        for clause in clauses
        if len(clause.split()) <= CLAUSE_WORDS and not _of_something_else(normalise(clause))
    ]
    return day_times.clock_time(", ".join(said), settings)


def no_hour(text: str) -> bool:
    """Whether somebody wants no hour in it: 'zonder uur graag', 'haal dat uur weg'."""
    return holds("without_an_hour", normalise(text))


def _of_something_else(plain: str) -> bool:
    return holds("hour_of_something_else", plain)
