"""The day on which somebody wants to be asked, which is another one than the day on which they do it.

"Vraag het me pas vrijdag", "de herinnering graag zaterdag". The phrases stand in content/phrases.yml.
"""

from __future__ import annotations

import datetime
import re

from bondgenoot import dates, texts
from bondgenoot.clauses import holds, sentences
from bondgenoot.questions import normalise

# A clause begins behind a comma or at a word that goes on.
_CLAUSE = re.compile(r"(?<=[,:])(?=\s)|\s+(?=(?:en|maar|alleen|enkel|and|but)\s)", re.IGNORECASE)


def day_to_ask(text: str, today: datetime.date) -> datetime.date | None:
    """The day on which the person wants to be asked: 'vraag het me pas vrijdag'; None when they say none."""
    return dates.understand(asking_part(text), today).day


def asking_part(text: str) -> str:
    """What a message says of when to be asked, up to the end of the sentence; '' when it says nothing of it."""
    return split(text)[1]


def split(text: str) -> tuple[str, str]:
    """A message without what it says of when to be asked, and that part.

    'Klopt, maar vraag het me pas vrijdag' -> ('Klopt', 'maar vraag het me pas vrijdag').
    """
    said = sentences(text)
    for place, sentence in enumerate(said):
        parts = [clause.strip() for clause in _CLAUSE.split(sentence) if clause.strip()]
        for number, clause in enumerate(parts):
            plain = normalise(clause)
            if not holds("asks_to_ask", plain) or holds("asks_somebody_else", plain):
                continue
            # What comes after the day says something else: 'vraag het me vrijdag, voor de rest klopt het'.
            ends = next((n for n in range(number, len(parts)) if _names_day(parts[n])), len(parts) - 1) + 1
            if holds("day_not_wanted", normalise(" ".join(parts[number:ends]))):
                ends = len(parts)
            kept = " ".join([*parts[:number], *parts[ends:]]).strip(" ,:")
            last = place + 1 == len(said)
            before = [*said[:place], kept if last or not kept else f"{kept.rstrip('.')}.", *said[place + 1 :]]
            return " ".join(filter(None, before)), " ".join(parts[number:ends])
    return text, ""


def _names_day(clause: str) -> bool:
    return bool(texts.day_names() & set(normalise(clause).split()))
