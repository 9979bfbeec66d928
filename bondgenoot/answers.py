"""What to keep of an answer in free words: the role without the chatter around it, and whether it says anything."""

from __future__ import annotations

import re

from bondgenoot import texts
from bondgenoot.questions import normalise

# From this many words on, an answer to a question that expects a few is a text of its own, such as a pasted mail.
LONG_ANSWER_WORDS = 40
# Of an answer at least this many words must be left when the chatter around it goes.
FEWEST_LEFT, LONGEST_LINE = 2, 20
_CLAUSE_END = re.compile(r"[.,;:!?…\n]+")
# A role has at most this many words; more is left as it was typed.
LONGEST_ROLE = 12


def role_in(text: str) -> str:
    """'pff weet ik veel, gewoon iemand van het team denk ik' -> 'iemand van het team'.

    '' when nothing is left but chatter; the text itself when it tells more than a role.
    """
    words = text.split()
    before, after = _chatter("before_a_role"), _chatter("after_a_role")
    while shorter := _without(words, before, from_start=True) or _without(words, after, from_start=False):
        words = words[shorter[0] : shorter[1]]
    if len(words) > LONGEST_ROLE:
        return text.strip()
    return " ".join(words).strip(" ,.;:!?")


def line_in(text: str) -> str:
    """'weet niet. een keer bij hem binnenlopen misschien' -> 'een keer bij hem binnenlopen'.

    Only where what is left still says something; a longer text stays as it is.
    """
    if len(text.split()) > LONGEST_LINE:
        return text
    openings = {normalise(phrase) for phrase in texts.phrases("before_an_answer")}
    line = text.strip()
    while (found := _CLAUSE_END.search(line)) and normalise(line[: found.start()]) in openings:
        rest = line[found.end() :].strip()
        if len(rest.split()) < FEWEST_LEFT:
            break
        line = rest
    words = line.split()
    while (shorter := _without(words, _chatter("after_an_answer"), from_start=False)) and shorter[1] >= FEWEST_LEFT:
        words = words[: shorter[1]]
    return " ".join(words).rstrip(" ,;") if len(words) < len(line.split()) else line


def says_only_yes(text: str) -> bool:
    """Whether an answer to an open question is a bare 'ja', which tells nothing yet."""
    return normalise(text) in {normalise(phrase) for phrase in texts.phrases("only_yes")}


def says_nothing(text: str) -> bool:
    """Whether an answer says that there is nothing to tell."""
    return normalise(text) in {normalise(phrase) for phrase in texts.phrases("nothing")}


def keeps_it(text: str) -> bool:
    """Whether an answer to 'how can it be smaller?' leaves the action as it is: 'laat zo, het is al klein'.

    So it does when a clause says no more than that: 'nog kleiner? dat gaat niet. laat maar zo'.
    """
    clauses = [normalise(clause) for clause in _CLAUSE_END.split(text)]
    plain = normalise(text)
    for phrase in map(normalise, texts.phrases("keep_as_it_is")):
        if plain == phrase or (" " in phrase and (plain.startswith(phrase + " ") or phrase in clauses)):
            return True
    return False


def is_long(text: str) -> bool:
    """Whether an answer is a text of its own."""
    return len(text.split()) >= LONG_ANSWER_WORDS


def _chatter(key: str) -> tuple[tuple[str, ...], ...]:
    phrases = (tuple(normalise(phrase).split()) for phrase in texts.phrases(key))
    return tuple(sorted(phrases, key=len, reverse=True))


def _without(words: list[str], chatter: tuple[tuple[str, ...], ...], from_start: bool) -> tuple[int, int] | None:
    """Bounds of `words` without one phrase of chatter at an end; None when there is none."""
    plain = [normalise(word) for word in words]
    for phrase in chatter:
        size = len(phrase)
        if size <= len(plain) and from_start and tuple(plain[:size]) == phrase:
            return size, len(words)
        if size <= len(plain) and not from_start and tuple(plain[len(plain) - size :]) == phrase:
            return 0, len(words) - size
    return None
