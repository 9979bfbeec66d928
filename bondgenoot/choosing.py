"""Which dilemma or practice comes next for a person: what fits, what they have not seen, never what they declined."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence

from bondgenoot.content import Content, Dilemma, Practice

# Without a wish, a dilemma about intent or integrity comes first: what the dialogue is about.
FIRST_CORES = ("intent", "integrity")


def next_dilemma(content: Content, person_id: str, seen: Sequence[str], core: str = "") -> tuple[Dilemma, bool]:
    """A dilemma for this person, and whether it is new to them.

    `seen` lists ids, oldest first. When all that fit were seen, the one seen longest ago comes back.
    """
    fitting = [item for item in content.dilemmas.values() if not core or item.core == core]
    if not core:
        fitting.sort(key=lambda item: item.core not in FIRST_CORES)
    new = [item for item in fitting if item.id not in seen]
    if new:
        best_core = new[0].core in FIRST_CORES
        pool = new if core else [item for item in new if (item.core in FIRST_CORES) == best_core]
        return min(pool, key=lambda item: _shuffle(person_id, item.id)), True
    last_seen = {item_id: place for place, item_id in enumerate(seen)}
    return min(fitting, key=lambda item: last_seen[item.id]), False


def practices(
    content: Content,
    person_id: str,
    declined: Collection[str],
    core: str = "",
    whom: str = "",
    preferred: Iterable[str] = (),
) -> list[Practice]:
    """Practices to propose, best first: the preferred ones, then those that fit core and person; none declined."""
    first = [content.practices[item] for item in preferred if item in content.practices]
    fitting = [
        item
        for item in content.practices.values()
        if (not core or core in item.cores) and (not whom or whom in item.for_whom) and item not in first
    ]
    effort = ("small", "medium", "large")
    fitting.sort(key=lambda item: (effort.index(item.effort), _shuffle(person_id, item.id)))
    pool = first if first and not core and not whom else [*first, *fitting]
    return [item for item in pool if item.id not in declined]


def _shuffle(person_id: str, item_id: str) -> str:
    """An order that differs by person and stays the same for one person."""
    return hashlib.sha256(f"{person_id}/{item_id}".encode()).hexdigest()
