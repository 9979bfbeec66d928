"""Which sentences of a message at an open question answer it, and which are about the conversation.

A sentence is about the conversation by a phrase, by the judge of asides with a likely intent (then it may want an
answer of its own), or because it is a remark to the assistant (bondgenoot.remarks).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bondgenoot import asides, own_answers, remarks
from bondgenoot.answers import LONG_ANSWER_WORDS
from bondgenoot.intents import ABOUT_CONVERSATION, ASKING
from bondgenoot.questions import normalise
from bondgenoot.turn_words import asks_inverted, begins_asking

# Questions that are answered with what one would say to somebody, or what somebody thinks: there a question answers.
SPEAKING = frozenset({
    "dilemma_chair", "own_case_test", "own_case_step", "commitment_what", "commitment_plan", "repair_facts",
    "repair_open", "repair_regret",
})  # fmt: skip
# From these on a sentence of a longer message is about the conversation; at least so many words must be left to keep.
ASIDE_ALONE_AT, ASIDE_ALONE_INTENT_AT, PHRASE_ALONE_AT, FEWEST_KEPT = 0.85, 0.35, 0.3, 2
# More is asked of what ends or erases something, and of a question about trust, which is often a rhetorical one.
DRASTIC_ALONE_AT, KNOWN_ALONE_AT = 0.7, 0.9
# What ends or erases something asks for more.
DRASTIC = frozenset({"stop", "goodbye", "start_over", "delete_data", "export_data"})
# A doubt of more words tells something: 'ik weet niet of ik daarover moet beginnen'.
LONGEST_DOUBT = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a message, and of it alone without its opening: the classifier's ranking, and the judges on it.

    `opening` is how many of its characters are a remark before an answer (bondgenoot.remarks).
    """

    text: str
    ranking: tuple[tuple[str, float], ...]
    aside: float
    own: own_answers.Guess | None = None
    remark: float = 0.0
    opening: int = 0

    @property
    def said(self) -> str:
        """Its text without the opening."""
        return self.text[self.opening :]

    @property
    def asks(self) -> bool:
        """Whether it looks like a question."""
        return _asks(self.said) or asks_inverted(normalise(self.said))

    @property
    def reply(self) -> str | None:
        """The own answer that it asks for, by a phrase or by the judge."""
        return (asides.reply_to(normalise(self.said)) or own_answers.meant(self.own)) if self.asks else None


@dataclass(frozen=True, slots=True)
class Parts:
    """Of a message: the places of the sentences that answer, and the intent of the last one that asks for something.

    `openings` are how many characters of each sentence are a remark before the answer; () when none has one. A message
    that is nothing but remarks keeps nothing.
    """

    kept: tuple[int, ...]
    beside: str
    openings: tuple[int, ...] = ()


def parts_of(sentences: Sequence[Sentence], slot: str, words: int) -> Parts | None:
    """Which sentences of a message of so many words answer the question of `slot`; None when all of it does."""
    likely = _likely_remarks(sentences, slot)
    # Losing an answer is worst, so the judge of asides must find it possible, too.
    if remarks.only_remarks(likely, words) and all(one.aside >= PHRASE_ALONE_AT for one in sentences):
        return Parts((), "")
    several = len(sentences) > 1
    beside = {place: meant for place, one in enumerate(sentences) if several and (meant := _aside_alone(one))}
    jokes = range(remarks.taken_back([sentence.text for sentence in sentences]))
    left_out = {*beside, *jokes, *remarks.left_out(likely, [sentence.text.endswith("?") for sentence in sentences])}
    kept = tuple(place for place in range(len(sentences)) if place not in left_out)
    # A long text is somebody's story, and stays as it is told.
    openings = tuple(0 if words >= LONG_ANSWER_WORDS else sentence.opening for sentence in sentences)
    left = sum(len(normalise(sentences[place].text[openings[place] :]).split()) for place in kept)
    if beside and not kept:
        return Parts((), list(beside.values())[-1])
    if left < FEWEST_KEPT or not (left_out or any(openings)):
        return None
    return Parts(kept, list(beside.values())[-1] if beside else "", openings if any(openings) else ())


def _likely_remarks(sentences: Sequence[Sentence], slot: str) -> tuple[float, ...]:
    """How likely each sentence is a remark; where the answer is what one would say, a question must surely be one."""
    speaks = slot in SPEAKING
    return tuple(
        0.0 if speaks and _asks(one.text) and one.remark < remarks.AFTER_AT else one.remark for one in sentences
    )


def _asks(text: str) -> bool:
    return text.endswith("?") or begins_asking(normalise(text))


def _aside_alone(sentence: Sentence) -> str | None:
    """What a sentence of a longer message says about the conversation, if it is about that."""
    text = sentence.said
    plain = normalise(text)
    own = own_answers.meant(sentence.own) if sentence.asks else None
    if own and sentence.aside >= PHRASE_ALONE_AT:
        return own_answers.intent_of(own)
    phrase = asides.refusal(plain) or asides.question_back(text, plain)
    phrase = phrase or (own_answers.intent_of(sentence.reply) if sentence.reply else None)
    if phrase and sentence.aside >= PHRASE_ALONE_AT:
        return phrase
    top, confidence = sentence.ranking[0]
    if top == "faq":
        return top if confidence >= KNOWN_ALONE_AT and text.endswith("?") else None
    if top == "dont_know" and len(plain.split()) > LONGEST_DOUBT:
        return None
    least = DRASTIC_ALONE_AT if top in DRASTIC | {"human_handoff"} else ASIDE_ALONE_INTENT_AT
    about_it = top in ABOUT_CONVERSATION | ASKING and sentence.aside >= ASIDE_ALONE_AT and confidence >= least
    return top if about_it else None
