"""Turn-taking: is a message the answer to the open question, or a command or question of its own?

The order is that of the dialogue contract: the safety net went before; then control and questions, if clearly so;
then the answer. A long or personal sentence is an answer, not a command. What is word for word a choice of the open
question is that choice; what is word for word a command is that command; only then do parts of a message count.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bondgenoot import asides, asking_day, moment_said, open_question, own_answers, side_talk, tellings
from bondgenoot.answer_parts import Parts, Sentence
from bondgenoot.clauses import clauses
from bondgenoot.intents import ANSWER, ASKING, CHANGE, CONTROL, FALLBACK, PROTEST, SAFETY, STARTING, TELLING
from bondgenoot.open_question import STARTING_AT, STARTING_WORDS, Heard
from bondgenoot.own_answers import BETTER_THAN_NOTHING, Guess
from bondgenoot.questions import SKIPPED, Choice, Question, normalise
from bondgenoot.turn_words import begins_asking, goes_on, spoken, whole_messages

# So few words ask, also without a question mark: 'speel jij mijn baas eens'.
FEW_WORDS_ASKED = 6
# What the judge of asides says of which it was not asked.
UNDECIDED = 0.5
# Below this confidence, without an open question, the assistant asks what was meant.
UNSURE_BELOW = 0.17
# Whoever is not asked any more, may not notice: 'laat me mijn voornemens zien' should not do that.
PAUSING_AT = 0.45
# What one sentence of a message may ask for when the whole is not understood, and how sure that must be.
WISHES, SENTENCE_SURE_AT = (ASKING - {"faq", "chitchat", "delete_data"}) | STARTING | {"human_handoff"}, 0.6
# Requests that are met as such; a lesson is none, for it is given on the slightest likeness.
KNOWN_REQUESTS = (CONTROL | ASKING | STARTING) - {"faq"}
# More words than these that ask nothing tell something, whatever the judge of own answers says.
LONGEST_UNASKED = 14
# Below this confidence a lesson may miss the point: an answer of its own that is likely is better.
LESSON_AT = 0.6
# From this many words on, a sentence about oneself tells something.
TELLING_WORDS = 6
# Below this confidence it does, if it is about others at work; and how far down the ranking its meaning is sought.
TELLING_BELOW, GUESSES = 0.4, 4
# What a message that tells of work may be taken for, however surely; other meanings only when they are guesses.
TAKEN_FOR = frozenset({
    "faq", FALLBACK, "out_of_scope", "chitchat", "dont_know", "deny", "affirm", "ask_help", "human_handoff", "greet",
    "go_back", "skip", "answer", "thank",
})  # fmt: skip
# A commitment in more words, of which none says so, is a story.
LONGEST_COMMITMENT = 25
# 'Weet ik niet, mijn chef zei dat ik dit moest proberen'; so many words around a 'geen idee' leave the choice to us.
LONGEST_DOUBT = 20
# 'En bellen dan' is no wish for a person; and in more words than so many, 'terugdraaien' no going back.
FEW_WORDS_MEETING, GOING_BACK_WORDS, BACK = 4, 6, "terug"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The intent that the dialogue acts on, and why, for the trainers' tool.

    Of an answer, which sentences it is; of a question with an answer of its own, the name of that answer.
    """

    intent: str
    reason: str
    parts: Parts | None = None
    reply: str | None = None


def decide(
    text: str,
    ranking: Sequence[tuple[str, float]],
    question: Question | None,
    choices: Sequence[Choice] = (),
    *,
    today: datetime.date,
    just_dropped: bool = False,
    aside: float = UNDECIDED,
    sentences: Sequence[Sentence] = (),
    own: Guess | None = None,
) -> Verdict:
    """What a message is.

    Args:
        text: What the person typed.
        ranking: The classifier's intents with probability, best first; may be empty.
        question: The open question, if any.
        choices: Choices of that question that come from content instead of the question itself.
        today: The day from which a date is read.
        just_dropped: Whether the person dropped a commitment that can still be taken back.
        aside: Probability that the message is about the conversation instead of the work, by the judge of asides.
        sentences: Each sentence of a message of several, understood by itself.
        own: The likeliest own answer that the message asks for, by the judge of those.
    """
    plain = normalise(text)
    several = sentences if len(sentences) > 1 else ()
    if not plain and not text.strip():
        return Verdict(FALLBACK, "empty")
    whole = whole_messages().get(plain or text.strip())
    ranking = _without_going_back(ranking, plain)
    top, confidence = ranking[0] if ranking else (FALLBACK, 0.0)
    own = _unless_known(own, top, confidence)
    if (
        text.strip() != SKIPPED
        and not plain
        and not whole
        and all(unicodedata.category(char)[0] in "PZC" for char in text)
    ):
        return Verdict(FALLBACK, "only punctuation")
    if question is None:
        if just_dropped and asides.takes_back(plain):
            return Verdict("keep_commitment", "takes the dropping back")
        if asides.name_given(text):
            return Verdict("greet", "introduces themselves")
        if not whole and asides.changes_commitment(plain):
            return Verdict(CHANGE, "about a commitment")
        if not whole and goes_on(text) and not (top in STARTING and confidence >= STARTING_AT):
            return Verdict("resume", "a sentence of it goes on")
        if not whole and asking_day.day_to_ask(text, today) is not None:
            return Verdict("change_ask_time", "says on which day to be asked")
        if not whole and moment_said.moves(text):
            return Verdict("postpone_commitment", "says another day or hour")
        if not whole and (
            reply := _own_answer(text, plain, several, own, top in STARTING and confidence >= STARTING_AT)
        ):
            return Verdict(own_answers.intent_of(reply), own_answers.REASON, reply=reply)
        if whole:
            return Verdict(whole, "whole message")
        verdict = _without_question(text, plain, ranking, several)
        lost = verdict.intent in (FALLBACK, "out_of_scope") or (verdict.intent == "faq" and confidence < LESSON_AT)
        likely = own_answers.meant(own, BETTER_THAN_NOTHING) if lost and _may_ask(text, plain) else None
        return (
            Verdict(own_answers.intent_of(likely), own_answers.REASON, reply=likely) if likely else _exact(verdict, own)
        )
    options = tuple(choices or question.choices)
    heard = Heard(text, plain, tuple(ranking), question, options, aside, today, whole, tuple(sentences), own)
    intent, reason = open_question.read(heard)
    if intent == ANSWER:
        beside = heard.parts or question.kind == "choice"
        asked = next((sentence.reply for sentence in sentences if sentence.reply), None) if beside else None
        return Verdict(intent, reason, heard.parts, asked)
    verdict = Verdict(intent, reason, reply=_own_answer(text, plain, (), own) if reason == own_answers.REASON else None)
    return verdict if whole else _exact(verdict, own)


def _own_answer(
    text: str, plain: str, sentences: Sequence[Sentence], own: Guess | None, starts: bool = False
) -> str | None:
    """The own answer that a message asks for: by a phrase, by the judge of the whole, or by that of one sentence.

    Whoever clearly wants to start something (`starts`) is not held up by a question beside it.
    """
    asked = text.rstrip().endswith("?") or begins_asking(plain) or len(plain.split()) <= FEW_WORDS_ASKED
    if asked and (found := asides.reply_to(plain)):
        return found
    if (sentences or "\n" in text) and (found := asides.reply_in(text)):
        return found
    if _may_ask(text, plain) and (found := own_answers.meant(own)):
        return found
    return None if starts else next((sentence.reply for sentence in sentences if sentence.reply), None)


def _unless_known(own: Guess | None, top: str, confidence: float) -> Guess | None:
    """The own answer, unless the classifier is surer of what is asked: 'hoe bied ik excuses aan' starts something."""
    known = top in KNOWN_REQUESTS and own is not None and confidence > own.any
    return None if known and own and own_answers.intent_of(own.name) != top else own


def _exact(verdict: Verdict, own: Guess | None) -> Verdict:
    """The same, with the own answer that is likely and belongs to its intent: it fits better than the usual one."""
    likely = own_answers.meant(own, BETTER_THAN_NOTHING)
    fits = likely and verdict.reply is None and own_answers.intent_of(likely) == verdict.intent
    return replace(verdict, reply=likely) if fits else verdict


def _may_ask(text: str, plain: str) -> bool:
    """Whether a message asks, or is too short to tell something."""
    return text.rstrip().endswith("?") or begins_asking(plain) or len(plain.split()) <= LONGEST_UNASKED


def _without_question(
    text: str, plain: str, ranking: Sequence[tuple[str, float]], sentences: Sequence[Sentence]
) -> Verdict:
    """The classifier's opinion; somebody who tells of themselves gets no article."""
    top, confidence = ranking[0] if ranking else (FALLBACK, 0.0)
    asks = text.rstrip().endswith("?") or begins_asking(plain)
    if top == "pause_follow_ups" and confidence < PAUSING_AT and len(ranking) > 1:
        top, confidence = ranking[1]
    words = set(plain.split())
    if said := _said_in_words(text, plain, top, confidence):
        return said
    if top in (FALLBACK, "out_of_scope") and asides.question_back(text, plain) == "ask_privacy":
        return Verdict("ask_privacy", "about what is kept")
    if not asks and len(plain.split()) >= TELLING_WORDS and top not in TELLING:
        wishes = words & spoken()["wishing"]
        # People who type no question mark ask in the middle of a sentence: 'we hebben het druk, wat levert dat op'.
        # 'Ik weet niet waar ik moet beginnen' asks for no article.
        asks_within = top == "faq" and words & (spoken()["asking"] - tellings.BESIDE_A_QUESTION)
        to_begin = top == "faq" and words & spoken()["beginning"] and not words & spoken()["learning"]
        if to_begin and not asks_within:
            return Verdict("ask_help", "wants to begin")
        guessed = confidence < TELLING_BELOW and words & spoken()["told_about"]
        if (guessed or (top == "faq" and words & spoken()["told_by"])) and not wishes and not asks_within:
            meant = next((name for name, _ in ranking[:GUESSES] if name in TELLING), TELLING[0])
            return Verdict(meant, "tells of themselves")
    if (top in (FALLBACK, "out_of_scope") or confidence < UNSURE_BELOW) and (wish := _sure_wish(sentences)):
        return Verdict(wish, "a sentence of it")
    return Verdict(top, "classifier") if confidence >= UNSURE_BELOW else Verdict(FALLBACK, "unsure")


def _said_in_words(text: str, plain: str, top: str, confidence: float) -> Verdict | None:
    """What the words of a message say more plainly than the classifier does; None when they leave it to that."""
    unsure = confidence < STARTING_AT
    if any(asides.begins_with("questions", normalise(clause)) == "ask_help" for clause in clauses(text)):
        return Verdict("ask_help", "asks what this is for")
    wish = side_talk.wish_in(text)
    if wish and (unsure or top in TAKEN_FOR or top == side_talk.STOP):
        return Verdict(wish.intent, "a wish in it")
    long_commitment = top == "make_commitment" and len(plain.split()) > LONGEST_COMMITMENT and not wish
    guessed = (confidence < TELLING_BELOW and top != "repair_trust") or long_commitment
    likely = top in ("faq", "share_dilemma") or (top in TAKEN_FOR and unsure)
    if (guessed or likely) and (told := tellings.told(text, plainly=not (guessed or top == "faq"))):
        return Verdict(told, "tells of work")
    if top not in TAKEN_FOR and not unsure:
        return None
    if side_talk.protests(text) and "?" not in text:
        return Verdict(PROTEST, "was misread")
    if top in TAKEN_FOR and _will_act(text, plain):
        return Verdict("make_commitment", "says what they will do")
    doubts = any(whole_messages().get(normalise(clause)) == "dont_know" for clause in clauses(text))
    few = len(plain.split()) <= LONGEST_DOUBT and "?" not in text
    return Verdict("dont_know", "leaves it to us") if doubts and few else None


def _will_act(text: str, plain: str) -> bool:
    """'Nee ik bel de chauffeur', 'en bellen dan': they will meet somebody else, and want no person here."""
    words = plain.split()
    if set(words) & spoken()["human"] or text.rstrip().endswith("?") or len(words) > STARTING_WORDS:
        return False
    return side_talk.announces_act(text) or (len(words) <= FEW_WORDS_MEETING and "bellen" in words)


def _without_going_back(ranking: Sequence[tuple[str, float]], plain: str) -> Sequence[tuple[str, float]]:
    """'Mag hij dat zomaar terugdraaien' asks for no question before this one."""
    words = plain.split()
    compound = any(word.startswith(BACK) and word != BACK for word in words)
    if len(words) <= GOING_BACK_WORDS or not compound or asides.first("going_back", plain):
        return ranking
    return [(name, at) for name, at in ranking if name != "go_back"]


def _sure_wish(sentences: Sequence[Sentence]) -> str | None:
    """What one sentence of a message plainly asks for: 'toon mijn voornemens. De plant heeft water nodig'."""
    tops = (sentence.ranking[0] for sentence in sentences if sentence.ranking)
    return next((name for name, at in tops if name in WISHES and at >= SENTENCE_SURE_AT), None)


def possible(ranking: Sequence[tuple[str, float]], question: Question | None) -> list[tuple[str, float]]:
    """The ranking without intents that cannot be here, made to add up again.

    Distress is for the safety net alone; an answer needs a question.
    """
    excluded = SAFETY if question else SAFETY | {ANSWER}
    left = 1.0 - sum(confidence for name, confidence in ranking if name in excluded)
    return [(name, confidence / max(left, 1e-6)) for name, confidence in ranking if name not in excluded]
