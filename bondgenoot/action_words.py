"""The words of an action without a day or hour that no longer fits: 'hem morgen 7u bellen' at 7.30 -> 'hem bellen'."""

from __future__ import annotations

import datetime

from bondgenoot import dates, day_times, moment_words
from bondgenoot.clauses import words_of
from bondgenoot.questions import normalise
from bondgenoot.settings import Settings

# So many words must be left of an action.
FEWEST_LEFT = 1


def fitting(
    action: str, due: datetime.date | None, hour: datetime.time | None, today: datetime.date, settings: Settings
) -> str:
    """The action without words for another day or hour than it is for, nor for a day that is another one tomorrow.

    'Morgen' is wrong the day after. Where little would be left, the words stay.
    """
    if due is None:
        return action
    wrong = [
        (start, end)
        for start, end in moment_words.spans(action)
        if not _fits(action[start:end], due, hour, today, settings) and not _of_something_else(action, start, end)
    ]
    left = moment_words.without(action, wrong) if wrong else action
    return left if len(normalise(left).split()) >= FEWEST_LEFT else action


def _of_something_else(action: str, start: int, end: int) -> bool:
    """Whether a day stands where the action says what it is about: 'vragen of ik zaterdag vrij kan'."""
    relative = any(word.startswith(tuple(words_of("relative_days"))) for word in normalise(action[start:end]).split())
    return not relative and bool(words_of("says_what_about") & set(normalise(action[:start]).split()))


def _fits(words: str, due: datetime.date, hour: datetime.time | None, today: datetime.date, settings: Settings) -> bool:
    plain = normalise(words).split()
    if any(word.startswith(tuple(words_of("relative_days"))) for word in plain):
        return False
    day, said = dates.understand(words, today), day_times.clock_time(words, settings)
    # A part of the day is nobody's hour, and an hour that was taken away is not what it is for.
    return (day.day is None or day.day == due) and (said is None or said == hour)
