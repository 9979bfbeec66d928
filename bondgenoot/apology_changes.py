"""What somebody wants out of an apology that was shown: 'haal die vragen eruit', 'laat dat van de planner weg'."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bondgenoot.apology_words import FEWEST_LEFT, pieces, reason_in, without
from bondgenoot.clauses import QUOTED, clauses, holds, sentences
from bondgenoot.labels import TELLING_LETTERS
from bondgenoot.questions import Choice, match_choice, normalise

# In at most so many words a part is named by its label: 'laat mijn aanbod maar weg'.
LABEL_WORDS = 8


def takes_out(text: str) -> bool:
    """Whether a message asks to take something out."""
    return any(holds("takes_words_out", normalise(sentence)) for sentence in sentences(text))


def taken_out(text: str, parts: Sequence[Choice], present: Mapping[str, str]) -> dict[str, str]:
    """Part -> what is left of it ('' for none), when a message says what must go; {} when that is not plain.

    Args:
        text: As typed under the apology.
        parts: Its parts, with the words for them.
        present: What stands in them now, by part.
    """
    asked = [sentence for sentence in sentences(text) if holds("takes_words_out", normalise(sentence))]
    if not asked:
        return {}
    if quoted := [(mark[1] or mark[2]).strip() for mark in QUOTED.finditer(text)]:
        return _without_pieces(present, lambda piece: any(normalise(one) in normalise(piece) for one in quoted if one))
    plain = normalise(" ".join(asked))
    if holds("questions_of_mine", plain):
        return _without_pieces(present, lambda piece: piece.endswith("?"))
    if holds("reason_of_mine", plain) and (changed := _without_reason(present)):
        return changed
    said = next((clause for clause in clauses(asked[0]) if holds("takes_words_out", normalise(clause))), asked[0])
    named = match_choice(parts, said) if len(said.split()) <= LABEL_WORDS else None
    if named and named in present:
        return {named: ""}
    return _without_telling(plain, present)


def _without_pieces(present: Mapping[str, str], goes: Callable[[str], bool]) -> dict[str, str]:
    changed: dict[str, str] = {}
    for part, value in present.items():
        kept = [piece for piece in pieces(value) if not goes(piece)]
        if len(kept) < len(pieces(value)):
            changed[part] = " ".join(kept)
    return changed


def _without_reason(present: Mapping[str, str]) -> dict[str, str]:
    part, reason = next(((part, found) for part, value in present.items() if (found := reason_in(value))), ("", ""))
    return _left(part, without(present[part], reason)) if part else {}


def _without_telling(plain: str, present: Mapping[str, str]) -> dict[str, str]:
    """Without the clause in which a telling word of the message stands, where that is one clause of one part."""
    telling = {word for word in plain.split() if len(word) >= TELLING_LETTERS}
    found = [
        (part, clause)
        for part, value in present.items()
        for clause in clauses(value)
        if telling & set(normalise(clause).split())
    ]
    if len(found) != 1:
        return {}
    part, clause = found[0]
    clause = reason_in(clause) or clause
    return _left(part, without(present[part], clause))


def _left(part: str, left: str) -> dict[str, str]:
    return {part: left if len(normalise(left).split()) >= FEWEST_LEFT else ""}
