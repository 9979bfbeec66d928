"""Another day or hour that somebody says beside something else: '7. Maar doe half 8', 'mijn chef, en doe maar vrijdag'.

A clause counts when it says that and nothing else; what tells something stays an answer. An hour belongs to the day in
its own clause.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from itertools import pairwise

from bondgenoot import dates, day_times, moment_words, texts
from bondgenoot.clauses import holds, words_of
from bondgenoot.questions import normalise
from bondgenoot.settings import Settings

_PIECE = re.compile(r"(?<=[,;!?\n])|(?<=\.)(?=\s|$)|\s+(?=(?:en|maar|oh|and|but)\s)", re.IGNORECASE)
_OR = re.compile(r"\s+(?=(?:of|or|maar|but)\s)", re.IGNORECASE)
_ENDS_SENTENCE = ".!?\n"
# A clause that names a moment in more words tells something.
LONGEST_PIECE = 12


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, which may still be unclear, and an hour; of kind `none` and None where they are not said."""

    day: dates.DateAnswer
    hour: datetime.time | None


def split(text: str) -> tuple[str, str]:
    """A message without what it says of another moment, and that: ('7.', 'maar doe half 8').

    What follows in the same sentence and names a moment too, is why: 'maak er half 7 van, om 7 uur is iedereen er'.
    """
    kept: list[str] = []
    said: list[str] = []
    why = False
    for piece in filter(None, (piece.strip() for piece in _PIECE.split(text))):
        if moves(piece):
            while kept and kept[-1][-1] not in _ENDS_SENTENCE and not _tells(kept[-1]):
                kept.pop()  # 'oh, en maak er 4pm van'
            said.append(piece)
            why = True
        elif not (why and _names_moment(piece)):
            kept.append(piece)
        why = why and piece[-1] not in _ENDS_SENTENCE
    return (" ".join(kept).rstrip(" ,;"), " ".join(said)) if said else (text, "")


def moves(piece: str) -> bool:
    """Whether a clause says another moment and nothing else: 'toch liever 11u', 'move it to 11am please'."""
    words = normalise(piece).split()
    wants = bool(words_of("moves_a_moment") & set(words)) and not piece.rstrip().endswith("?")
    return wants and len(words) <= LONGEST_PIECE and moment_words.says_only_a_moment(piece, "around_a_moment")


def read(text: str, today: datetime.date, settings: Settings) -> Moment:
    """The day and the hour in an answer; of several days the one that is meant, and the hour beside it.

    'Dinsdag om kwart over vier, of anders woensdag om half één. Nee, laten we dinsdag aanhouden' -> Tuesday, 16.15.
    """
    clauses = [clause for clause in _clauses(text) if not holds("day_unavailable", normalise(clause))]
    wanted = _without_replaced(text)
    day = dates.understand(", ".join(clauses) if len(clauses) < len(_clauses(text)) else wanted, today)
    if day.kind == "none":
        day = dates.understand(wanted, today)
    said = ", ".join(beside_day(clauses or [wanted], day.day, today))
    return Moment(day, day_times.clock_time(said, settings))


def moved_to(said: str, today: datetime.date, settings: Settings) -> Moment:
    """The moment in what `split` says of one: 'maak er trouwens half 7 van' -> 6.30."""
    wanted = _without_replaced(said)
    named = ", ".join(wanted[start:end] for start, end in moment_words.spans(wanted))
    return Moment(dates.understand(named, today), wanted_hour(said, settings))


def wanted_hour(said: str, settings: Settings) -> datetime.time | None:
    """The last hour in a clause that is about nothing else: 'half 7 niet 7 uur' -> 6.30."""
    wanted = _without_replaced(said)
    named = (wanted[start:end] for start, end in moment_words.spans(wanted))
    hours = [hour for one in named if (hour := day_times.clock_time(one, settings))]
    return hours[-1] if hours else None


def hour_alone(text: str, settings: Settings) -> datetime.time | None:
    """The hour in a text that says nothing else: 'om half 8'."""
    return wanted_hour(text, settings) if moment_words.says_only_a_moment(text, "around_a_moment") else None


def beside_day(clauses: list[str], day: datetime.date | None, today: datetime.date) -> list[str]:
    """The clauses without those that name another day than `day`, and without what follows such a day."""
    theirs, other = [], False
    for clause in clauses:
        named = dates.understand(clause, today)
        if named.kind == "date":
            other = day is not None and named.day != day
        if not other:
            theirs.append(clause)
    return theirs


def _clauses(text: str) -> list[str]:
    return [part for clause in day_times.clauses(text) for part in _OR.split(clause) if normalise(part)]


def _tells(piece: str) -> bool:
    return not set(normalise(piece).split()) <= words_of("around_a_moment")


def _names_moment(piece: str) -> bool:
    return bool(moment_words.spans(piece)) or piece[:1].isdigit()


def _without_replaced(text: str) -> str:
    """'4pm ipv 3pm' -> '4pm'; 'liever kwart over vier dan vier uur' -> 'liever kwart over vier'."""
    spans = moment_words.spans(text)
    for (_, end), (start, past) in pairwise(spans):
        between = normalise(text[end:start])
        before = set(normalise(text[:end]).split())
        replaced = between in {normalise(phrase) for phrase in texts.phrases("replaces_a_moment")}
        rather = between in words_of("than") and bool(before & words_of("rather"))
        if replaced or rather:
            return _without_replaced(f"{text[:end]}{text[past:]}")
    return text
