"""What somebody wants otherwise at a summary or a question back: which part, into what, and whether a yes is one.

A wrong value is worse than one more question: what is not plainly a new value, is asked.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Container, Sequence

from bondgenoot import asides, dates, texts
from bondgenoot.answers import LONGEST_ROLE, role_in, says_nothing
from bondgenoot.questions import Choice, match_choice, named_choice, normalise
from bondgenoot.turn_words import whole_messages

# In at most this many words somebody names a part that is to change; a longer sentence says something about it.
PART_WORDS = 5
# A yes of at most this many words is a yes.
YES_WORDS = 4
# In a longer message 'moet met de ...' tells something.
TO_WHOM_WORDS = 25
# Of a new value of at most this many words each is looked at: 'moet korter zijn' says what is wrong.
FEW_WORDS = 3

_CLAUSE = re.compile(r"[;!?\n]+|,(?!\d)|[.:](?=\s|$)")
_AND = re.compile(r"[,;.]?\s+en\s+|[;\n]+|,(?!\d)\s*|[.!?]\s+")
_SENTENCE = re.compile(r"(?<=[!?;\n])|(?<=\.)(?=\s|$)")
_QUOTED = re.compile(r"[“„\"«]([^“”„\"«»]+)[”“\"»]|(?<![\w'])['‘]([^'‘’]+)['’](?!\w)")


def change_said(text: str, parts: Sequence[Choice], roles: Container[str] = ()) -> tuple[str, str]:
    """Which part is to change, and into what: 'met wie moet mijn teamleider zijn' -> (its value, 'mijn teamleider').

    Args:
        text: As typed, at a summary.
        parts: What can be changed, with the words for it.
        roles: Values of the parts that hold no more than a role.

    Returns:
        The part, '' when none is named, and its new words, '' when they are not said.
    """
    if found := _after_colon(text, parts) or _quoted(text, parts):
        return found
    for said in (text, *_clauses(text)):
        part, new = _into(said, parts)
        if new:
            return part, _clauses(new)[0] if part in roles else new
        if part:
            return part, ""
    role = next((part.value for part in parts if part.value in roles), "")
    if role and (new := _is_role(text, parts, role) or _to_whom(text)):
        return role, new
    return (match_choice(parts, text) or "" if len(text.split()) <= PART_WORDS else ""), ""


def changes_said(text: str, parts: Sequence[Choice], roles: Container[str] = ()) -> dict[str, str]:
    """Several changes in one message: 'met wie moet de planner zijn en het plan wordt bellen'; {} unless two or more.

    Arguments as in `change_said`; returns new words by part.
    """
    said = [change_said(piece, parts, roles) for piece in _AND.split(text) if normalise(piece)]
    found = dict(said)
    # A piece without a part belongs to the value before it: 'bellen en bedanken' is no second change.
    return found if len(found) > 1 and all(part and new for part, new in said) else {}


def denies(text: str) -> bool:
    """Whether a message says that something does not fit: 'nee, mijn stap klopt niet'."""
    return _holds("change_denied", normalise(text))


def takes_yes_back(text: str, yes: Choice) -> bool:
    """Whether a yes of more than a few words holds a doubt: 'ja, bewaar maar. O nee wacht, haal dat eruit'."""
    if len(text.split()) <= YES_WORDS:
        return False
    for sentence in filter(None, map(str.strip, _SENTENCE.split(text))):
        if _holds("yes_taken_back", normalise(sentence)):
            return True
        if sentence.endswith("?"):
            continue
        for clause in map(normalise, _clauses(sentence)):
            rest = _after_yes(clause, yes)
            if any(f"{rest} ".startswith(f"{normalise(phrase)} ") for phrase in texts.phrases("yes_with_a_doubt")):
                return True
    return False


def day_instead(text: str, rejected: datetime.date | None, today: datetime.date) -> dates.DateAnswer:
    """The day in a 'no' to a day: that of its last clause with another day than the rejected one.

    'Nee, dertig november, waar haal je dat vandaan? Doe maar dinsdag' is Tuesday; 'nee, vandaag is zondag' is no day.
    """
    found = [answer for said in _clauses(text) if (answer := _day(said, today)).day not in (None, rejected)]
    if not found:
        return dates.DateAnswer(dates.DateKind.NONE)
    last, before = found[-1], found[-2] if len(found) > 1 else None
    # '3 december, een donderdag' is one day.
    if before and before.day and last.day and before.day.weekday() == last.day.weekday():
        return before
    return last


def corrects_previous(text: str) -> bool:
    """Whether an answer says that it belongs to the question before: 'ik wil mijn vorige antwoord verbeteren: ...'."""
    clauses = _clauses(text)
    back = bool(clauses) and whole_messages().get(normalise(clauses[0])) == "go_back"
    return (back or _holds("corrects_previous", normalise(text))) and bool(answer_instead(text))


def answer_instead(text: str) -> str:
    """The new words of somebody who corrects an answer: 'terug, daar moet staan: voor mezelf' -> 'voor mezelf'.

    '' when they only want to go back.
    """
    _, colon, new = text.partition(":")
    if not colon:
        words = text.split()
        plain = [normalise(word) for word in words]
        for phrase in sorted((normalise(phrase).split() for phrase in texts.phrases("answer_instead")), key=len)[::-1]:
            ends = [n + len(phrase) for n in range(len(plain)) if plain[n : n + len(phrase)] == phrase]
            if ends:
                new = " ".join(words[ends[-1] :])
                break
    new = _unquoted(new)
    nothing = normalise(new) in {normalise(phrase) for phrase in texts.phrases("nothing_instead")}
    return "" if nothing or says_nothing(new) or not normalise(new) or text.rstrip().endswith("?") else new


def _after_colon(text: str, parts: Sequence[Choice]) -> tuple[str, str] | None:
    """'De actie is: haar vragen mee te lopen', also as the end of a longer sentence."""
    named, colon, new = text.partition(":")
    if not colon:
        return None
    clauses = _clauses(named)
    part = (match_choice(parts, clauses[-1]) if clauses else None) or match_choice(parts, named)
    if part:
        if other := named_choice(parts, new):
            return other, ""  # 'wat anders moet: met wie'
        return part, "" if _holds("change_negated", normalise(clauses[-1])) else _first_value(new, parts)
    if inner := match_choice(parts, new):  # 'iets veranderen: met wie ...'
        said, value = _into(new, parts)
        return (said, value) if said else (inner if len(new.split()) <= PART_WORDS else "", "")
    return None


def _first_value(new: str, parts: Sequence[Choice]) -> str:
    """Up to where a next part begins: 'haar vragen. En met wie: de planner' -> 'haar vragen'."""
    before, colon, _ = new.partition(":")
    clauses = _clauses(before)
    if colon and len(clauses) > 1 and match_choice(parts, clauses[-1]):
        new = before[: before.rfind(clauses[-1])]
    return _unquoted(new)


def _quoted(text: str, parts: Sequence[Choice]) -> tuple[str, str] | None:
    """'Met wie mag gewoon "de planner" zijn, zonder de rest': what stands between quotation marks."""
    marks = list(_QUOTED.finditer(text))
    if len(marks) != 1:
        return None
    before, new, after = text[: marks[0].start()], marks[0][1] or marks[0][2], text[marks[0].end() :]
    leads = {normalise(word) for key in ("change_into", "change_must", "change_is") for word in texts.phrases(key)}
    words = normalise(before).split()
    part = match_choice(parts, _clauses(before)[-1]) if _clauses(before) else None
    wrong = _holds("change_judges", normalise(_clauses(after)[0] if _clauses(after) else ""))
    if not part or not leads & set(words) or wrong or _holds("change_judges", normalise(before)):
        return None
    return part, _unquoted(new)


def _into(text: str, parts: Sequence[Choice]) -> tuple[str, str]:
    """'Het voornemen wordt vragen hoe het gaat', 'met wie moet mijn chef zijn'."""
    words = text.strip(" .,;:!?").split()
    into, must, ends = (set(texts.phrases(key)) for key in ("change_into", "change_must", "change_ends"))
    for number, word in enumerate(map(normalise, words)):
        part = _named_last(parts, words[:number]) if word in into | must else None
        ended = normalise(words[-1]) in ends
        begun = word in must and normalise(" ".join(words[number + 1 : number + 2])) in ends  # 'moet zijn dat ...'
        if part and (word in into or ended or begun):
            new = _unquoted(" ".join(words[number + 1 + begun : len(words) - (ended and not begun)]))
            few = normalise(new).split()[: None if len(new.split()) <= FEW_WORDS else 1]
            return part, "" if _holds("change_judges", " ".join(few)) else new
    return "", ""


def _is_role(text: str, parts: Sequence[Choice], role: str) -> str:
    """'Met wie is gewoon de planner, niet dat hele verhaal' -> 'de planner'; '' where it only says what is wrong."""
    is_ = {normalise(word) for word in texts.phrases("change_is")}
    clauses = _clauses(text)
    for place, clause in enumerate(clauses):
        words = clause.split()
        denied = _holds("change_denied", normalise(" ".join(clauses[place + 1 :])))
        for number, word in enumerate(map(normalise, words)):
            if word in is_ and _named_last(parts, words[:number]) == role:
                return "" if denied else _a_role(" ".join(words[number + 1 :]))
    return ""


def _to_whom(text: str) -> str:
    """'Moet met de collega' -> 'de collega', where a determiner shows that somebody is meant."""
    if len(text.split()) > TO_WHOM_WORDS:
        return ""
    phrases = [normalise(phrase).split() for phrase in texts.phrases("change_to_whom")]
    who = set(map(normalise, texts.phrases("determiners")))
    ends = set(texts.phrases("change_ends"))
    for clause in reversed(_clauses(text)):
        words = clause.split()
        plain = [normalise(word) for word in words]
        for phrase in phrases:
            for number in range(len(plain) - len(phrase)):
                rest = words[number + len(phrase) :]
                if plain[number : number + len(phrase)] == phrase and normalise(rest[0]) in who:
                    return _a_role(" ".join(rest[:-1] if normalise(rest[-1]) in ends else rest))
    return ""


def _a_role(text: str) -> str:
    new = role_in(_unquoted(text))
    fits = 0 < len(new.split()) <= LONGEST_ROLE and not _holds("change_judges", normalise(new))
    return new if fits else ""


def _named_last(parts: Sequence[Choice], words: Sequence[str]) -> str | None:
    """The part with whose words `words` end."""
    plain = normalise(" ".join(words))
    hits = {len(phrase): part.value for part in parts for phrase in part.phrases if f" {plain}".endswith(f" {phrase}")}
    return hits[max(hits)] if hits else None


def _day(said: str, today: datetime.date) -> dates.DateAnswer:
    """The day in a clause; none where it says which day it is today: 'vandaag is zondag'."""
    answer = dates.understand(said, today)
    if _holds("says_today", normalise(said)) and answer.day != today:
        return dates.DateAnswer(dates.DateKind.NONE)
    return answer


def _after_yes(clause: str, yes: Choice) -> str:
    goes_on = map(normalise, texts.phrases("yes_goes_on"))
    phrases = sorted((*yes.phrases, *goes_on), key=len, reverse=True)
    while found := next((phrase for phrase in phrases if f"{clause} ".startswith(f"{phrase} ")), None):
        clause = clause[len(found) :].strip()
    return clause


def _clauses(text: str) -> list[str]:
    return [clause.strip() for clause in _CLAUSE.split(text) if normalise(clause)]


def _unquoted(text: str) -> str:
    return text.strip(" .,;\"'“”„«»‘’")


def _holds(key: str, plain: str) -> bool:
    """Whether normalised text holds a phrase of a list; `*`, `..` and `|` as in content/turns.yml."""
    return any(re.search(rf"\b{asides.expression(phrase)}\b", plain) for phrase in texts.phrases(key))
