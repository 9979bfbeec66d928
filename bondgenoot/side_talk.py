"""What stands in a longer message beside or instead of an answer: a protest, a wish, or an act that somebody announces.

The phrases stand in content/turns.yml under `asides`, and count where a clause begins: 'stop, ik wil een voornemen
maken', not 'hij zei dat ik een voornemen moest maken'. What is quoted or reported wishes nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bondgenoot import asides, texts
from bondgenoot.clauses import QUOTED, clauses, sentences
from bondgenoot.questions import Choice, match_choice, named_choice, normalise
from bondgenoot.turn_words import spoken

# A clause of more words tells something, whatever it begins with.
LONGEST_PROTEST, LONGEST_WISH = 14, 22
# So many words beside a protest say something of their own.
FEWEST_TOLD = 4
# After a wish in one sentence with it, so many words are a story.
FEWEST_AFTER_A_WISH = 6
# An action of more words is a story; of a longer sentence the clauses around the day are kept.
LONGEST_ACTION, FEWEST_IN_ACTION = 25, 2
# In a message of more words, what is announced is one thing among others.
LONGEST_ACT = 18
# So many words before a full stop may be a choice.
LONGEST_CHOICE = 4
STOP = "stop"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a message wishes (an intent); of a commitment also the words of the action, when it holds them.

    `behind_a_stop`: nothing was wished but an end to the questions, with an act named beside it.
    """

    intent: str
    action: str = ""
    behind_a_stop: bool = False


def protests(text: str) -> bool:
    """Whether a message says that it was misread and hardly more: 'dat bedoel ik niet', 'luister je wel?'.

    What is asked beside it does not make it an answer; who goes on to tell something, tells that.
    """
    told = 0
    found = False
    for sentence in sentences(QUOTED.sub(" ", text)):
        said = [_is_protest(clause, text) for clause in clauses(sentence)]
        found = found or any(said)
        if not sentence.rstrip().endswith("?"):
            rest = (clause for clause, protest in zip(clauses(sentence), said) if not protest)
            told += sum(len(_telling_words(clause)) for clause in rest)
    return found and told < FEWEST_TOLD


def without_protest(text: str) -> str:
    """What follows the protest at the start of a message: 'dat bedoel ik niet. Het gaat om ...'; '' without one."""
    found = sentences(text)
    size = 0
    while size < len(found) and any(_is_protest(clause, text) for clause in clauses(found[size])):
        size += 1
    rest = " ".join(found[size:]).strip()
    return rest if size and len(rest.split()) >= FEWEST_TOLD and not rest.endswith("?") else ""


def denies(text: str) -> bool:
    """Whether the protest is against what was read back: 'dat is niet wat ik wil', not 'je luistert niet'."""
    return any(_protest(clause, text) == "denies" for clause in clauses(text))


def takes_for_no_answer(text: str) -> bool:
    """Whether a message says that the one before it was no answer."""
    return any(_protest(clause, text) == "no_answer" for clause in clauses(text))


def told_beside(text: str) -> str:
    """What a message tells beside its wishes, protests and questions; the message itself when it holds none of them."""
    kept: list[str] = []
    for sentence in sentences(text):
        parts = clauses(sentence)
        other = [place for place, clause in enumerate(parts) if _is_other(clause, text)]
        if other:
            # 'Ik leg u een situatie voor: onze bestuurder ...'
            rest = parts[other[-1] + 1 :]
            told = sum(len(_telling_words(clause)) for clause in rest)
            sentence = sentence[sentence.find(rest[0]) :].strip() if told >= FEWEST_AFTER_A_WISH else ""
        if sentence and (kept or not sentence.rstrip().endswith("?")):
            kept.append(sentence)
    return " ".join(kept) if wish_in(text) or any(_is_protest(clause, text) for clause in clauses(text)) else text


def wish_in(text: str) -> Wish | None:
    """What a message wishes in one of its clauses; the last wish counts, and a bare stop only without another."""
    wishes = [intent for sentence in sentences(QUOTED.sub(" ", text)) for intent in _wished(sentence)]
    other = [intent for intent in wishes if intent != STOP]
    if not other and (helped := _helped_with(text)):
        other = [helped]
    if other:
        return Wish(other[-1], action_in(text) if other[-1] == "make_commitment" else "")
    if not wishes:
        return None
    action = _behind_a_stop(text)
    return Wish("make_commitment", action, behind_a_stop=True) if action else Wish(STOP)


def action_in(text: str) -> str:
    """The words of a message that name an act with its day: 'stop. Ik wil een voornemen. Maandag met Ruud praten'.

    '' when no sentence does. A wish, a protest and what is asked are no part of it.
    """
    found = [action for sentence in sentences(text) if (action := _action_of(sentence))]
    return found[-1] if found else ""


def announces_act(text: str) -> bool:
    """Whether somebody says what they will do: 'ik bel hem morgen', 'ik kan het haar gewoon vragen'."""
    return bool(act_in(text)) or any(map(_acts_on_a_day, sentences(QUOTED.sub(" ", text))))


def beside_a_choice(options: Sequence[Choice], text: str) -> str:
    """What a message says after a choice with which it begins: 'NL. En ziet mijn chef dit?'; '' when it says no more.

    After a comma only what is asked about who reads this, or has an answer of its own: 'nee, wat bedoel je?' is no no.
    """
    first, *more = sentences(text) or [""]
    rest = " ".join(more)
    back = asides.question_back(rest, normalise(rest)) in ("ask_clarification", "go_back")
    if more and not back and len(first.split()) <= LONGEST_CHOICE and match_choice(options, first) is not None:
        return rest
    opening, _, rest = text.partition(",")
    named = len(opening.split()) <= LONGEST_CHOICE and named_choice(options, opening.strip(" .!")) is not None
    asks = asides.question_back(rest, normalise(rest)) == "ask_privacy" or asides.reply_in(rest)
    return rest.strip() if named and asks and rest.rstrip().endswith("?") else ""


def act_in(text: str) -> str:
    """The clause in which somebody says what they will do; '' without one."""
    words = next((clause.split() for clause in clauses(QUOTED.sub(" ", text)) if _acts(clause)), [])
    while words and normalise(words[0]) in spoken()["leading"]:
        words = words[1:]
    return " ".join(words)


def names_day(plain: str) -> bool:
    """Whether normalised words hold the name of a day, or another word that says when."""
    return bool(set(plain.split()) & (texts.day_names() | frozenset(texts.phrases("days_of_doing"))))


def _wished(sentence: str) -> Iterator[str]:
    parts = clauses(sentence)
    for place, clause in enumerate(parts):
        around = (*parts[max(place - 1, 0) : place], *parts[place + 1 : place + 2])
        plain = normalise(clause)
        # 'Ik zeg het meteen: ik wil een voornemen maken' is said to us.
        to_us = "voornemen" in plain.split() and plain.startswith("ik ")
        if not to_us and any(_reports(beside) for beside in around):
            continue
        words = plain.split()
        intent = _at_the_start("short_wishes", plain, closed=True)
        if not intent and len(words) <= LONGEST_WISH and not _denies(words):
            intent = _at_the_start("wishes", plain)
        # 'Excuses' among other words of a list wishes nothing.
        if intent and (len(words) > 1 or len(parts) == 1 or intent == STOP):
            yield intent


def _denies(words: Sequence[str]) -> bool:
    """'Ik wil geen voornemen maken'; 'kunnen we niet gewoon ...' denies nothing."""
    first = next((word for word in words if word not in spoken()["leading"]), "")
    return bool(set(words) & {"geen", "gene"}) or (first == "ik" and bool(set(words) & spoken()["denying"]))


def _reports(clause: str) -> bool:
    """'Zei hij', 'dan vraag ik': what stands beside it is said to somebody else."""
    words = normalise(clause).split()
    said, by = spoken()["reporting"], spoken()["reported_by"]
    together = any({one, other} & said and {one, other} & by for one, other in itertools.pairwise(words))
    return bool(words) and "je" not in words and (together or words[-1] in said)


def _helped_with(text: str) -> str | None:
    asks = any(_at_the_start("helping", normalise(clause)) for clause in clauses(QUOTED.sub(" ", text)))
    return asides.first("helped_with", normalise(text)) if asks else None


def _behind_a_stop(text: str) -> str:
    """The act that somebody would rather go on to: 'genoeg vragen. Morgen bellen dus'."""
    parts = sentences(text)
    stopped = next((place for place, part in enumerate(parts) if STOP in _wished(part)), len(parts))
    return action_in(" ".join(parts[stopped:]))


def _action_of(sentence: str) -> str:
    if sentence.rstrip().endswith("?"):
        sentence = _before_the_question(sentence)
    kept = [
        clause
        for clause in clauses(sentence)
        if not (_at_the_start("wishes", normalise(clause)) or _at_the_start("short_wishes", normalise(clause), True))
        and not _is_protest(clause, sentence)
    ]
    plain = [normalise(clause) for clause in kept]
    unlike = spoken()["denying"] | spoken()["habitual"]
    days = [place for place, words in enumerate(plain) if names_day(words) and not unlike & set(words.split())]
    acts = [place for place, words in enumerate(plain) if asides.first("doing", words)]
    if not days or not acts:
        return ""
    first, last = min(days[0], acts[0]), max(days[0], acts[0])
    while last + 1 < len(kept) and sum(len(clause.split()) for clause in kept[first : last + 2]) <= LONGEST_ACTION:
        last += 1
    words = _span(sentence, kept[first], kept[last])
    if len(words.split()) > LONGEST_ACTION:
        words = f"{kept[first]}, {kept[last]}"
    return words if FEWEST_IN_ACTION <= len(words.split()) <= LONGEST_ACTION else ""


def _before_the_question(sentence: str) -> str:
    """'Ik wil hem donderdag bellen, kunnen we dat noteren?' -> the part before its last clause."""
    return sentence[: sentence.rfind(parts[-1])] if len(parts := clauses(sentence)) > 1 else ""


def _is_other(clause: str, text: str) -> bool:
    """Whether a clause wishes something, asks for help or protests."""
    plain = normalise(clause)
    wishes = _at_the_start("short_wishes", plain, True) or _at_the_start("wishes", plain)
    return bool(wishes or _at_the_start("helping", plain)) or _is_protest(clause, text)


def _span(sentence: str, first: str, last: str) -> str:
    """The text from one clause up to another, as it was typed, without words that lead to it."""
    start = sentence.find(first)
    return sentence[start : sentence.find(last, start) + len(last)].strip(" ,.;:!?")


def _is_protest(clause: str, text: str) -> bool:
    return _protest(clause, text) is not None


def _protest(clause: str, text: str) -> str | None:
    """Which protest a clause is: 'unheard', 'denies' (what was read back) or 'no_answer'; None for none."""
    plain = normalise(clause)
    words = plain.split()
    if len(words) > LONGEST_PROTEST:
        return None
    if found := _at_the_start("short_protests", plain, closed=True) or _at_the_start("protests", plain):
        return found
    denied = normalise(text).split()[:2]
    return _at_the_start("denied_protests", plain, closed=True) if {"nee", "neen"} & set(denied) else None


def _telling_words(clause: str) -> list[str]:
    words = normalise(clause).split()
    while words and words[0] in spoken()["leading"]:
        words = words[1:]
    return words


def _acts(clause: str) -> bool:
    plain = normalise(clause)
    words = plain.split()
    if len(words) > LONGEST_ACT or set(words) & (spoken()["denying"] | spoken()["habitual"]):
        return False
    return bool(_at_the_start("acting", plain))


def _acts_on_a_day(sentence: str) -> bool:
    """'Ik zou dinsdag na schooltijd, dan is ze er, even met haar kunnen gaan zitten'."""
    begun = any(_at_the_start("acting_then", normalise(clause)) for clause in clauses(sentence))
    return begun and bool(_action_of(sentence))


def _at_the_start(kind: str, plain: str, closed: bool = False) -> str | None:
    """The entry of a kind with a phrase of which a clause begins, after words that only lead to it."""
    words = plain.split()
    for start in range(len(words)):
        if found := asides.begins_with(kind, " ".join(words[start:]), closed):
            return found
        if words[start] not in spoken()["leading"]:
            return None
    return None
