"""The day on which somebody wants to be asked, which is another one than the day on which they do it.

"Vraag het me pas vrijdag", "de herinnering graag zaterdag". The phrases stand in content/phrases.yml.
"""

from __future__ import annotations

import datetime
import re

from bondgenoot import asides, dates, texts
from bondgenoot.questions import normalise

_SENTENCE = re.compile(r"(?<=[!?;\n])|(?<=\.)(?=\s|$)")
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
    sentences = [sentence.strip() for sentence in _SENTENCE.split(text) if sentence.strip()]
    for place, sentence in enumerate(sentences):
        clauses = [clause.strip() for clause in _CLAUSE.split(sentence) if clause.strip()]
        for number, clause in enumerate(clauses):
            plain = normalise(clause)
            if _says("asks_to_ask", plain) and not _says("asks_somebody_else", plain):
                kept = " ".join(clauses[:number]).rstrip(" ,:")
                last = place + 1 == len(sentences)
                before = [*sentences[:place], kept if last or not kept else f"{kept}.", *sentences[place + 1 :]]
                return " ".join(filter(None, before)), " ".join(clauses[number:])
    return text, ""


def _says(key: str, plain: str) -> bool:
    """Whether normalised text holds a phrase of a list; `*`, `..` and `|` as in content/turns.yml."""
    return any(re.search(rf"\b{asides.expression(phrase)}\b", plain) for phrase in texts.phrases(key))
