"""New values behind a label and a colon: 'Met wie: de planner. Wat: haar bellen', with the chatter around them."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bondgenoot.answers import LONGEST_ROLE, names_nobody, role_in
from bondgenoot.clauses import QUOTED, begins, clauses, holds, named_last, sentences, unquoted, words_of
from bondgenoot.questions import Choice, match_choice, named_choice, normalise

# A label has at most this many words, or so many when it holds a verb such as 'wordt'.
LABEL_WORDS, LONGEST_LABEL = 5, 8
# Letters of a word by which a part can be known from what stands in it.
TELLING_LETTERS = 5
_COLON = re.compile(r"(?<!\d):|:(?!\d)|=")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A part that is named before a colon, its new words ('' when they hold none), and what is said beside them."""

    part: str
    new: str
    beside: str = ""


def labelled(
    text: str, parts: Sequence[Choice], roles: Container[str] = (), present: Mapping[str, str] | None = None
) -> list[Labelled]:
    """The parts that are named before a colon, in the order of the text; arguments as in `changes.change_said`."""
    quotes = [mark.span() for mark in QUOTED.finditer(text)]
    colons = [
        colon for colon in _COLON.finditer(text) if not any(start < colon.start() < end - 1 for start, end in quotes)
    ]
    found: list[tuple[str, int, int]] = []
    for number, colon in enumerate(colons):
        since = found[-1][2] if found else 0
        part, start = _label(text[since : colon.start()], parts)
        if not part and not number:
            part = _named_loosely(text[: colon.start()], parts, present or {})
        if part:
            found.append((part, since + start, colon.end()))
    result, before = [], text[: found[0][1]] if found else ""
    for (part, _, start), (_, end, _) in pairwise([*found, ("", len(text), 0)]):
        named, (rest, other_part) = text[_last_clause(text, start) : start], before_another_part(text[start:end], parts)
        if other := named_choice(parts, rest):
            result.append(Labelled(other, "", before))  # 'wat anders moet: met wie'
        else:
            new, beside = value_in(rest, part in roles)
            wrong = holds("change_negated", normalise(named))
            result.append(
                Labelled(part, "" if wrong else new, " ".join(filter(None, (before.strip(), beside, other_part))))
            )
        before = ""
    return result


def leading(text: str, parts: Sequence[Choice]) -> tuple[str, str]:
    """The part whose label opens a message, and what comes after: 'nee, met wie: de planner'; ('', '') without."""
    colon = _COLON.search(text)
    part, start = _label(text[: colon.start()], parts) if colon else ("", 0)
    before = set(normalise(text[:start]).split())
    plainly = part and colon and before <= words_of("change_label_leads")
    return (part, text[colon.end() :].strip()) if plainly and colon else ("", "")


def a_role(text: str) -> str:
    """The role in new words for a part that holds one; '' when they are something else."""
    new = role_in(unquoted(text))
    fits = 0 < len(new.split()) <= LONGEST_ROLE and not names_nobody(new.split())
    return new if fits and not holds("change_judges", normalise(new)) else ""


def named_by_present(words: str, present: Mapping[str, str]) -> str:
    """The only part in whose present value a telling word of `words` stands: 'de laptop'; '' when none or several."""
    telling = {word for word in normalise(words).split() if len(word) >= TELLING_LETTERS}
    hits = {part for part, value in present.items() if telling & set(normalise(value).split())}
    return hits.pop() if len(hits) == 1 else ""


def _label(before: str, parts: Sequence[Choice]) -> tuple[str, int]:
    """The part that a label at the end of `before` names, and where the label begins: '... En met wie moet zijn'."""
    words = list(re.finditer(r"\S+", before))
    verbs = words_of("change_must") | words_of("change_is") | words_of("change_into") | words_of("change_ends")
    while words and normalise(words[-1][0]) in verbs:
        words.pop()
    part, size = named_last(parts, [word[0] for word in words])
    at = len(words) - size
    if not part or any(_ends_clause(word[0]) for word in words[at:-1]):
        return "", 0
    leads = words_of("change_label_leads")
    while at and not _ends_clause(words[at - 1][0]) and normalise(words[at - 1][0]) in leads:
        at -= 1
    stands_free = at == 0 or _ends_clause(words[at - 1][0]) or at < len(words) - size
    return (part, words[at].start()) if stands_free else ("", 0)


def before_another_part(value: str, parts: Sequence[Choice]) -> tuple[str, str]:
    """A new value without what says another part with a verb, and that: ('haar bellen', 'en met wie is gewoon kim')."""
    verbs = "|".join(sorted(words_of("change_is") | words_of("change_into") | words_of("change_must")))
    apart = "|".join(re.escape(phrase) for part in parts for phrase in (*part.words, part.label))
    within = "|".join(re.escape(phrase) for part in parts for phrase in part.words if " " in phrase)
    named = rf"(?:[.;!?]\s+(?:\w+\s+)?(?:{apart})|,?\s+(?:\w+\s+)?(?:{within}))\s+(?:{verbs})\b"
    found = re.search(named, value, re.IGNORECASE)
    return (value[: found.start()], value[found.start() :].lstrip(" .,;!?")) if found else (value, "")


def _last_clause(text: str, colon: int) -> int:
    """Where the clause begins that ends with the colon before `colon`."""
    said = clauses(text[: colon - 1])
    return text[:colon].rfind(said[-1]) if said else 0


def _ends_clause(word: str) -> bool:
    return word[-1] in ".,;:!?…)"


def _named_loosely(named: str, parts: Sequence[Choice], present: Mapping[str, str]) -> str:
    """The part of a longer sentence before a colon: 'bij wat staat nu onzin. Maak er van', 'verander de laptop'."""
    said = clauses(named)
    if not said:
        return ""
    last = normalise(said[-1])
    short = len(last.split()) <= LABEL_WORDS
    leads = bool(set(last.split()) & words_of("change_leads"))
    near = match_choice(parts, said[-1]) if short or (leads and len(last.split()) <= LONGEST_LABEL) else None
    if part := near or (match_choice(parts, named) if short and leads else None):
        return part
    return named_by_present(said[-1], present) if begins("change_verbs", last) else ""


def value_in(text: str, is_role: bool = False) -> tuple[str, str]:
    """The new words at the start of `text`, and the remarks after them."""
    said = sentences(text)
    size = next((n for n, one in enumerate(said) if n and (is_role or _is_remark(one))), len(said))
    new = " ".join(said[:size])
    closing = words_of("value_closed_by")
    while "," in new and normalise(new.rpartition(",")[2]) in closing:
        new = new.rpartition(",")[0]
    judged = begins("value_judged", normalise(new))
    return "" if judged else a_role(new) if is_role else unquoted(new), " ".join(said[size:])


def _is_remark(sentence: str) -> bool:
    plain = normalise(sentence)
    return not plain or sentence.endswith("?") or begins("value_ends_at", plain) or plain in words_of("value_closed_by")
