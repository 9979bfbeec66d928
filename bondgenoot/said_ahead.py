"""With whom and on which day, when the words of an action already say it, so that it need not be asked again.

Wrong is worse than none: two people, two days or a day that is no exact one are asked about as always. The words for
people stand in content/phrases.yml.
"""

from __future__ import annotations

import datetime
import re

from bondgenoot import asides, dates, texts
from bondgenoot.clauses import words_of
from bondgenoot.questions import normalise

# A longer text tells a story, in which people and days are named that are no part of the action.
LONGEST_ACTION = 25
# 'Mijn nieuwe jonge collega': so many words may stand between the determiner and the person.
MOST_BETWEEN = 2


def person_in(action: str) -> str:
    """The one person or group whom an action names: 'donderdag met mijn teamleider praten' -> 'mijn teamleider'.

    '' when it names nobody, several, or somebody whom it is only about ('roddelen over mijn collega').
    """
    words = action.split()
    if len(words) > LONGEST_ACTION:
        return ""
    plain = [normalise(word) for word in words]
    found: dict[str, str] = {}
    named = 0
    for place, word in enumerate(plain):
        if not is_person(word):
            continue
        named += 1
        start = _determiner_before(plain, words, place)
        if start is None or (start and plain[start - 1] in words_of("only_about")):
            continue
        end = place + 1 if _ends_clause(words[place]) else _with_department(plain, words, place + 1)
        shown = " ".join(words[start:end]).strip(" ,.;:!?")
        found.setdefault(normalise(shown), shown)
    return next(iter(found.values())) if len(found) == 1 and named == 1 else ""


def names_person(plain: str) -> bool:
    """Whether normalised words name somebody at work: 'gedoe met chauffeur'."""
    return any(map(is_person, plain.split()))


def day_in(action: str, today: datetime.date) -> datetime.date | None:
    """The one exact day that an action names; None without one, or when it names several."""
    words = normalise(action).split()
    days = [place for place, word in enumerate(words) if word in texts.day_names()]
    # 'Sorry zeggen voor mijn mail van vrijdag' says of another Friday.
    elsewhere = any(place and words[place - 1] in words_of("no_day_of_doing") for place in days)
    if len(words) > LONGEST_ACTION or len(days) > 1 or elsewhere:
        return None
    said = dates.understand(action, today)
    # 'Daar fietst niemand in november' says no day.
    return said.day if said.kind == "date" else None


def says_again(text: str, known: str) -> bool:
    """Whether a few words name no more than the person who is known: 'mijn teamleider' or 'teamleider'."""
    words, before = normalise(text).split(), set(normalise(known).split())
    named = [word for word in words if word not in words_of("determiners") | words_of("before_a_person")]
    return bool(named) and before.issuperset(named)


def is_person(word: str) -> bool:
    """Whether a normalised word is one for somebody at work: 'teamleider'."""
    return any(re.fullmatch(asides.expression(phrase), word) for phrase in texts.phrases("people_at_work"))


def _determiner_before(plain: list[str], words: list[str], place: int) -> int | None:
    """Where the words for the person at `place` begin; None when no determiner stands before them."""
    for start in range(place - 1, max(place - 2 - MOST_BETWEEN, -1), -1):
        if _ends_clause(words[start]):
            return None
        if plain[start] in words_of("determiners"):
            return start
    return None


def _with_department(plain: list[str], words: list[str], end: int) -> int:
    """Where 'van de boekhouding' or 'van het magazijn' ends, if that follows; else `end`."""
    if plain[end : end + 1] != ["van"] or len(words) < end + 2:
        return end
    size = 3 if plain[end + 1] in words_of("determiners") else 2
    return end + size if len(words) >= end + size else end


def _ends_clause(word: str) -> bool:
    return word[-1] in ",.;:!?"
