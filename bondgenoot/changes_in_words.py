"""New words for a part of a summary without a colon: 'als het moeilijk wordt, dan bel ik', 'half 8, met chauffeur'."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from bondgenoot.clauses import QUOTED, begins, clauses, holds, named_last, sentences, unquoted, words_of
from bondgenoot.labels import a_role, value_in
from bondgenoot.questions import Choice, normalise
from bondgenoot.said_ahead import is_person

# In at most this many words somebody names a part that is to change; a longer sentence says something about it.
PART_WORDS = 5
# Of a new value of at most this many words each is looked at: 'moet korter zijn' says what is wrong.
FEW_WORDS = 3


def part_told(text: str, parts: Sequence[Choice]) -> tuple[str, str] | None:
    """'Als het moeilijk wordt, dan leg ik mijn handen plat', 'wat me tegenhoudt is dat ik moe ben'."""
    if_words, is_ = words_of("if_begins"), words_of("change_is")
    begun = [sentence.partition(mark)[2] for sentence in sentences(text) for mark in (": ", ". ") if mark in sentence]
    for said in (*begun, *sentences(text)):
        words = said.split()
        named = ((named_last(parts, words[:n]), n) for n in range(min(len(words) - 1, PART_WORDS + 1), 1, -1))
        part, size, end = next(((part, size, n) for (part, size), n in named if part), ("", 0, 0))
        plain = [normalise(word) for word in words]
        if size < FEW_WORDS or set(plain[: end - size]) - words_of("change_label_leads"):
            continue
        tells_is = plain[end] in is_
        new, _ = value_in(" ".join(words[end + tells_is :]).lstrip(" ,;"))
        first = " ".join(normalise(new).split()[:1])
        closed = holds("change_judges", first) or first in words_of("change_must") | words_of("change_into") | is_
        begun_as = plain[end - size]
        fits = begun_as in words_of("what_begins") if tells_is else begun_as in if_words
        if fits and new and not closed and not holds("still_there", first):
            return part, new
    return None


def bare_role(text: str, parts: Sequence[Choice], role: str) -> str:
    """'Met wie chauffeur', 'half 8, met chauffeur': somebody in a clause of their own, without a verb."""
    names = [phrase.split() for part in parts if part.value == role for phrase in part.phrases if " " in phrase]
    for clause in reversed(clauses(text)):
        words = clause.split()
        plain = [normalise(word) for word in words]
        label = next((len(name) for name in names if plain[: len(name)] == name), 0)
        led = label or (plain[0] in words_of("before_a_person"))
        rest = words[int(led) :]
        plainly = bool(label) or any(map(is_person, plain[1:]))
        tells = words_of("role_tells") | words_of("change_must") | words_of("change_is") | words_of("change_into")
        if led and plainly and 0 < len(rest) <= PART_WORDS and not tells & set(plain[int(led) :]):
            return a_role(" ".join(rest))
    return ""


def put_for_quoted(text: str, roles: Container[str], present: Mapping[str, str]) -> tuple[str, str] | None:
    """'“Kim natuurlijk” hoeft niet, zet er gewoon de planner neer': for the part in which the quoted words stand.

    Somebody goes where somebody belongs.
    """
    quotes = [quoted for mark in QUOTED.finditer(text) if (quoted := normalise(mark[1] or mark[2]))]
    held = {part for part, value in present.items() for one in quotes if one in normalise(value)}
    for clause in clauses(QUOTED.sub(" ", text)) if present else ():
        words = clause.split()
        plain = [normalise(word) for word in words]
        last = len(words)
        while last and plain[last - 1] in words_of("put_ends") | words_of("change_courtesy"):
            last -= 1
        start = next((n for n in range(last) if plain[n] not in words_of("put_begins")), last)
        if start < 2 or start == last or not begins("puts_there", " ".join(plain)):
            continue
        somebody = plain[start] in words_of("determiners") and any(map(is_person, plain[start:last]))
        fits = held or {part for part in present if somebody and part in roles}
        if len(fits) == 1:
            return next(iter(fits)), unquoted(" ".join(words[start:last]))
    return None


def parts_judged(text: str, parts: Sequence[Choice]) -> set[str]:
    """The parts of which a clause says that they are wrong: 'wat klopt niet', 'bij met wie staat nog onzin'."""
    found = set()
    for clause in clauses(text):
        words = clause.split()
        for size in range(1, len(words)):
            part = named_last(parts, words[:size])[0]
            rest = normalise(" ".join(words[size:]))
            if part and size <= PART_WORDS and begins("part_judged", rest):
                found.add(part)
    return found
