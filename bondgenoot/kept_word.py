"""Word and deed: how commitments ended, as a count and by month. A record for the person, never a score."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bondgenoot.store.commitments import Commitment

# In the order of the record. 'moved' is open and was moved in time; what was let go counts nowhere.
ENDINGS = ("done", "partial", "moved", "not_done")
MOST_MONTHS = 6


def ending(commitment: Commitment, moved: Mapping[str, int]) -> str:
    """How a commitment stands: its state, or 'moved' when it is open on another day than the first."""
    return "moved" if commitment.state == "open" and commitment.id in moved else commitment.state


def as_of(kept: Sequence[Commitment], moment: datetime.datetime) -> list[Commitment]:
    """The commitments as they stood at a moment, so that a picture keeps saying what was said beside it."""
    return [
        replace(item, state="open", closed=None) if item.closed and item.closed > moment else item
        for item in kept
        if item.created <= moment
    ]


def counts(kept: Sequence[Commitment], moved: Mapping[str, int]) -> dict[str, int]:
    """Ending -> how many commitments, each of which counts once; 'open' and 'cancelled' among them."""
    found = Counter(ending(item, moved) for item in kept)
    return {name: found[name] for name in (*ENDINGS, "open", "cancelled")}


def by_month(
    kept: Sequence[Commitment], moved: Mapping[str, int]
) -> list[tuple[datetime.date, tuple[int, int, int, int]]]:
    """(first day of the month, one count for each of ENDINGS) for the latest months from the first with a count.

    A commitment counts in the month of its day, so a quiet month in between is shown as one.
    """
    found: dict[datetime.date, Counter[str]] = {}
    for item in kept:
        name = ending(item, moved)
        if name in ENDINGS:
            found.setdefault(item.due.replace(day=1), Counter())[name] += 1
    if not found:
        return []
    months = [min(found)]
    while months[-1] < max(found):
        months.append((months[-1] + datetime.timedelta(days=31)).replace(day=1))
    none: Counter[str] = Counter()
    result = []
    for month in months[-MOST_MONTHS:]:
        number = found.get(month, none)
        result.append((month, (number["done"], number["partial"], number["moved"], number["not_done"])))
    return result
