"""What somebody wants otherwise at a summary or a question back: which part, into what, and whether a yes is one.

A wrong value is worse than one more question: what is not plainly a new value, is asked.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Container, Mapping, Sequence
from itertools import pairwise

from bondgenoot import dates, texts
from bondgenoot.answers import says_nothing
from bondgenoot.changes_in_words import FEW_WORDS, PART_WORDS, bare_role, part_told, put_for_quoted
from bondgenoot.clauses import QUOTED, begins, clauses, holds, named_last, sentences, unquoted, words_of
from bondgenoot.labels import Labelled, a_role, labelled, named_by_present, value_in
from bondgenoot.questions import Choice, match_choice, normalise
from bondgenoot.turn_words import whole_messages

# A yes of at most this many words is a yes.
YES_WORDS = 4
# In a longer message 'moet met de ...' tells something.
TO_WHOM_WORDS = 25
# In at most this many words 'er staat nog ...' names a part by what stands in it.
COMPLAINT_WORDS = 8
# What is left of a part when words are taken out of it, must be at least this many words.
FEWEST_LEFT = 2

_AND = re.compile(r"[,;.]?\s+en\s+|[;\n]+|,(?!\d)\s*|[.!?]\s+")


def change_said(
    text: str, parts: Sequence[Choice], roles: Container[str] = (), present: Mapping[str, str] | None = None
) -> tuple[str, str]:
    """Which part is to change, and into what: 'met wie moet mijn teamleider zijn' -> (its value, 'mijn teamleider').

    Args:
        text: As typed, at a summary.
        parts: What can be changed, with the words for it.
        roles: Values of the parts that hold no more than a role.
        present: What stands in the parts now, by part; somebody may name a part by a word of it.

    Returns:
        The part, '' when none is named, and its new words, '' when they are not said.
    """
    named = labelled(text, parts, roles, present)
    if told := part_told(text, parts) if not any(one.new for one in named[1:]) else None:
        return told
    if named:
        first = next((one for one in named if one.new), named[0])
        return first.part, first.new
    if found := _before_the_part(text, parts) or _quoted(text, parts):
        return found
    found = part_told(text, parts) or _in_words(text, parts, roles) or put_for_quoted(text, roles, present or {})
    if found := found or _taken_out(text, present or {}):
        return found
    role = next((part.value for part in parts if part.value in roles), "")
    if role and (new := _to_whom(text) or bare_role(text, parts, role)):
        return role, new
    if part := match_choice(parts, text) if len(text.split()) <= PART_WORDS else None:
        return part, ""
    return _still_there(text, present or {}), ""


def changes_said(
    text: str, parts: Sequence[Choice], roles: Container[str] = (), present: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Several changes in one message: 'met wie moet de planner zijn en het plan wordt bellen'; {} unless two or more.

    Arguments as in `change_said`; returns new words by part.
    """
    named = labelled(text, parts, roles, present)
    if not named:
        said = [change_said(piece, parts, roles) for piece in _AND.split(text) if normalise(piece)]
        found = dict(said)
        # A piece without a part belongs to the value before it: 'bellen en bedanken' is no second change.
        if len(found) > 1 and all(part and new for part, new in said):
            return found
    found = {one.part: one.new for one in named if one.new}
    for beside in (one.beside for one in named or [Labelled("", "", text)]):
        for sentence in sentences(beside):
            part, new = part_told(sentence, parts) or _in_words(sentence, parts, roles) or ("", "")
            if not new:
                part, new = _taken_out(sentence, present or {}) or ("", "")
            if new:
                found.setdefault(part, new)
    return found if len(found) > 1 else {}


def denies(text: str) -> bool:
    """Whether a message says that something does not fit: 'nee, mijn stap klopt niet'."""
    return holds("change_denied", normalise(text))


def takes_yes_back(text: str, yes: Choice) -> bool:
    """Whether a yes of more than a few words holds a doubt: 'ja, bewaar maar. O nee wacht, haal dat eruit'."""
    if len(text.split()) <= YES_WORDS:
        return False
    for sentence in sentences(text):
        if holds("yes_taken_back", normalise(sentence)):
            return True
        if sentence.endswith("?"):
            continue
        for clause in map(normalise, clauses(sentence)):
            rest = _after_yes(clause, yes)
            if any(f"{rest} ".startswith(f"{normalise(phrase)} ") for phrase in texts.phrases("yes_with_a_doubt")):
                return True
    return False


def day_instead(text: str, rejected: datetime.date | None, today: datetime.date) -> dates.DateAnswer:
    """The day in a 'no' to a day: that of its last clause with another day than the rejected one.

    'Nee, dertig november, waar haal je dat vandaan? Doe maar dinsdag' is Tuesday; 'nee, vandaag is zondag' is no day.
    """
    said = [clause for clause in _about_the_day(text) if not holds("day_unavailable", normalise(clause))]
    found = [answer for clause in said if (answer := _day(clause, today)).day not in (None, rejected)]
    if not found:
        return dates.DateAnswer(dates.DateKind.NONE)
    last, before = found[-1], found[-2] if len(found) > 1 else None
    # '3 december, een donderdag' is one day.
    if before and before.day and last.day and before.day.weekday() == last.day.weekday():
        return before
    return last


def corrects_previous(text: str) -> bool:
    """Whether an answer says that it belongs to the question before: 'ik wil mijn vorige antwoord verbeteren: ...'."""
    said = clauses(text)
    back = bool(said) and whole_messages().get(normalise(said[0])) == "go_back"
    return (back or holds("corrects_previous", normalise(text))) and bool(answer_instead(text))


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
    new = unquoted(new)
    nothing = normalise(new) in {normalise(phrase) for phrase in texts.phrases("nothing_instead")}
    return "" if nothing or says_nothing(new) or not normalise(new) or text.rstrip().endswith("?") else new


def _before_the_part(text: str, parts: Sequence[Choice]) -> tuple[str, str] | None:
    """'Iets veranderen: met wie moet mijn teamleider zijn'."""
    _, colon, after = text.partition(":")
    if not colon or not (inner := match_choice(parts, after)):
        return None
    said, value = _into(after, parts)
    if said:
        return said, value
    return (inner, "") if len(after.split()) <= PART_WORDS else None


def _in_words(text: str, parts: Sequence[Choice], roles: Container[str]) -> tuple[str, str] | None:
    """A part with its new words in a sentence: 'met wie wordt de planner', 'mijn belang is rust, dat moet er staan'."""
    for said in (text, *clauses(text)):
        part, new = _into(said, parts)
        if new:
            return part, a_role(clauses(new)[0]) if part in roles else new
        if part:
            return part, ""
    if found := _confirmed(text, parts):
        return found
    role = next((part.value for part in parts if part.value in roles), "")
    new = role and (_is_role(text, parts, role) or _put_at_role(text, parts, role))
    return (role, new) if new else None


def _quoted(text: str, parts: Sequence[Choice]) -> tuple[str, str] | None:
    """'Met wie mag gewoon "de planner" zijn, zonder de rest': what stands between quotation marks."""
    marks = list(QUOTED.finditer(text))
    if len(marks) != 1:
        return None
    before, new, after = text[: marks[0].start()], marks[0][1] or marks[0][2], text[marks[0].end() :]
    leads = {normalise(word) for key in ("change_into", "change_must", "change_is") for word in texts.phrases(key)}
    words = normalise(before).split()
    part = match_choice(parts, clauses(before)[-1]) if clauses(before) else None
    wrong = holds("change_judges", normalise(clauses(after)[0] if clauses(after) else ""))
    if not part or not leads & set(words) or wrong or holds("change_judges", normalise(before)):
        return None
    return part, unquoted(new)


def _into(text: str, parts: Sequence[Choice]) -> tuple[str, str]:
    """'Het voornemen wordt vragen hoe het gaat', 'met wie moet mijn chef zijn'."""
    words = text.strip(" .,;:!?").split()
    into, must, ends = (words_of(key) for key in ("change_into", "change_must", "change_ends"))
    change_in, verbs = words_of("change_in"), words_of("change_verbs")
    for number, word in enumerate(map(normalise, words)):
        head = words[:number]
        if word in change_in and head and normalise(head[-1]) in verbs:  # 'mijn belang veranderen in rust'
            head = head[:-1]
        elif word in change_in and not (verbs & set(map(normalise, head))):
            continue
        part = named_last(parts, head)[0] if word in into | must | change_in else None
        ended = normalise(words[-1]) in ends
        begun = word in must and normalise(" ".join(words[number + 1 : number + 2])) in ends  # 'moet zijn dat ...'
        if part and (word in into | change_in or ended or begun):
            new, _ = value_in(" ".join(words[number + 1 + begun : len(words) - (ended and not begun)]))
            few = normalise(new).split()[: None if len(new.split()) <= FEW_WORDS else 1]
            return part, "" if holds("change_judges", " ".join(few)) else new
    return "", ""


def _is_role(text: str, parts: Sequence[Choice], role: str) -> str:
    """'Met wie is gewoon de planner, niet dat hele verhaal' -> 'de planner'; '' where it only says what is wrong."""
    is_ = {normalise(word) for word in texts.phrases("change_is")}
    said = clauses(text)
    for place, clause in enumerate(said):
        words = clause.split()
        denied = holds("change_denied", normalise(" ".join(said[place + 1 :])))
        for number, word in enumerate(map(normalise, words)):
            if word in is_ and named_last(parts, words[:number])[0] == role:
                return "" if denied else a_role(" ".join(words[number + 1 :]))
    return ""


def _to_whom(text: str) -> str:
    """'Moet met de collega' -> 'de collega', where a determiner shows that somebody is meant."""
    if len(text.split()) > TO_WHOM_WORDS:
        return ""
    phrases = [normalise(phrase).split() for phrase in texts.phrases("change_to_whom")]
    who = set(map(normalise, texts.phrases("determiners")))
    ends = set(texts.phrases("change_ends"))
    for clause in reversed(clauses(text)):
        words = clause.split()
        plain = [normalise(word) for word in words]
        for phrase in phrases:
            for number in range(len(plain) - len(phrase)):
                rest = words[number + len(phrase) :]
                if plain[number : number + len(phrase)] == phrase and normalise(rest[0]) in who:
                    return a_role(" ".join(rest[:-1] if normalise(rest[-1]) in ends else rest))
    return ""


def _put_at_role(text: str, parts: Sequence[Choice], role: str) -> str:
    """'Bij met wie moet gewoon de planner staan', 'haal dat weg bij met wie, gewoon de planner' -> 'de planner'."""
    names = [phrase.split() for part in parts if part.value == role for phrase in part.phrases if " " in phrase]
    for sentence in sentences(text):
        named = False
        for clause in clauses(sentence):
            words = clause.split()
            plain = [normalise(word) for word in words]
            ends = [n + len(name) for name in names for n in range(len(plain)) if plain[n : n + len(name)] == name]
            named = named or bool(ends)
            if named and (new := _put_there(words[max(ends, default=0) :])):
                return new
    return ""


def _put_there(words: list[str]) -> str:
    """Who is to stand somewhere: 'moet alleen de planner staan', 'gewoon de planner'."""
    just, must, ends = words_of("change_just"), words_of("change_must"), words_of("change_ends")
    last = len(words)
    while last and normalise(words[last - 1]) in ends | words_of("change_courtesy"):
        last -= 1
    plain = [normalise(word) for word in words]
    ended = bool(ends & set(plain[last:]))
    for at, word in enumerate(plain):
        if word not in must | just or (at and word in just):
            continue
        begin = next((n for n in range(at, last) if plain[n] not in must | just), last)
        plainly = ended or bool(just & set(plain[at:begin]))
        if plainly and begin < last and plain[begin] in words_of("determiners"):
            return a_role(" ".join(words[begin:last]))
    return ""


def _confirmed(text: str, parts: Sequence[Choice]) -> tuple[str, str] | None:
    """'Mijn eigen belang is rust, dat moet daar staan': what is said to belong there."""
    is_ = words_of("change_is")
    for sentence in sentences(text):
        said = clauses(sentence)
        for clause, after in pairwise(said):
            words = clause.split()
            at = next((n for n, word in enumerate(map(normalise, words)) if n and word in is_), 0)
            part = named_last(parts, words[:at])[0]
            if part and begins("change_confirms", normalise(after)) and words[at + 1 :]:
                return part, unquoted(" ".join(words[at + 1 :]))
    return None


def _taken_out(text: str, present: Mapping[str, str]) -> tuple[str, str] | None:
    """'Die "kleiner dus:" mag weg': a part without words of it, which stand between quotation marks.

    Only where they stand in one part and enough of it is left.
    """
    for sentence in sentences(text) if present else ():
        quotes = [one for mark in QUOTED.finditer(sentence) if (one := (mark[1] or mark[2]).strip())]
        if len(quotes) != 1 or not holds("takes_out", normalise(QUOTED.sub(" ", sentence))):
            continue
        found = re.compile(rf"(?<!\w){re.escape(quotes[0])}(?!\w)", re.IGNORECASE)
        parts = [part for part, value in present.items() if found.search(value)]
        if len(parts) == 1:
            left = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(found.sub(" ", present[parts[0]], count=1).split()))
            left = unquoted(left.strip(" :!?"))
            return (parts[0], left) if len(normalise(left).split()) >= FEWEST_LEFT else (parts[0], "")
    return None


def _still_there(text: str, present: Mapping[str, str]) -> str:
    """The part of 'er staat nog morgen': the only one in which that word stands; '' when it is not plain."""
    plain = normalise(text)
    short = len(plain.split()) <= COMPLAINT_WORDS
    return named_by_present(plain, present) if short and holds("names_wrong_day", plain) else ""


def _about_the_day(text: str) -> list[str]:
    """The clauses of a text, without those from where it asks for a reminder: 'de herinnering graag zaterdag'."""
    found = []
    for sentence in sentences(text):
        for clause in clauses(sentence):
            if holds("about_the_reminder", normalise(clause)):
                break
            found.append(clause)
    return found


def _day(said: str, today: datetime.date) -> dates.DateAnswer:
    """The day in a clause; none where it says which day it is today, or which one stands there wrongly.

    'Er staat nog morgen' wants another day; 'er staat nog morgen maar het moet dinsdag zijn' says which.
    """
    if holds("names_wrong_day", normalise(said)):
        words = said.split()
        instead = words_of("instead_begins")
        at = next((n for n in range(len(words)) if normalise(words[n]) in instead), len(words))
        said = " ".join(words[at:])
    # 'Nu staat er iets raars' names no day.
    answer = dates.understand(" ".join(word for word in said.split() if normalise(word) != "nu"), today)
    if holds("says_today", normalise(said)) and answer.day != today:
        return dates.DateAnswer(dates.DateKind.NONE)
    return answer


def _after_yes(clause: str, yes: Choice) -> str:
    goes_on = map(normalise, texts.phrases("yes_goes_on"))
    phrases = sorted((*yes.phrases, *goes_on), key=len, reverse=True)
    while found := next((phrase for phrase in phrases if f"{clause} ".startswith(f"{phrase} ")), None):
        clause = clause[len(found) :].strip()
    return clause
