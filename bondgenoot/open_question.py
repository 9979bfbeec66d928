"""Readings of a message at an open question: each finds what the message is, or leaves it to the next.

Bounds were chosen on sentences of others (docs/nlu.md).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from functools import cached_property

from bondgenoot import (
    answer_parts,
    answers,
    apology_changes,
    asides,
    asking_day,
    dates,
    moment_said,
    own_answers,
    own_case,
    restated,
    scale,
    side_readings,
    side_talk,
)
from bondgenoot.answer_parts import DRASTIC, Parts, Sentence
from bondgenoot.changes import change_said, corrects_previous
from bondgenoot.clauses import clauses, holds
from bondgenoot.content import content
from bondgenoot.intents import (
    ABOUT_COMMITMENTS,
    ABOUT_CONVERSATION,
    ANSWER,
    ASKED_FOR,
    ASKING,
    CHANGE,
    CONTROL,
    FALLBACK,
    STARTING,
    YES_OR_NO,
)
from bondgenoot.questions import Choice, Question, match_choice, named_choice, normalise, scale_number
from bondgenoot.turn_words import (
    CLAUSE,
    answer_beginnings,
    asks_inverted,
    begins_asking,
    names_commitment,
    spoken,
    stops,
)

# The question to which 'laat het zo' is an answer.
KEEPING = "commitment_smaller"
# Journeys whose own questions are about a commitment.
WITH_COMMITMENTS = frozenset({"commitment", "follow_up", "offer"})
# Summaries, and the question whose choices are the parts that can change there.
CHANGES = {
    "commitment_confirm": "commitment_change",
    "commitment_change": "commitment_change",
    "repair_edit": "repair_edit",
    "offer_answer": "repair_edit",
}
# Of these, the ones under which words can be taken out of an apology.
UNDER_AN_APOLOGY = frozenset({"repair_edit", "offer_answer"})
# Below this one, an intent that the open question expects is a guess, as at an emoji.
EXPECTED_AT, EXPECTED_OF_A_SIGN = 0.2, 0.6
# How sure the classifier must be, and how long a message may be, to count as something else than an answer.
CONTROL_AT, CONTROL_WORDS = 0.45, 8
# To an open question almost any few words can be an answer; clear commands stand in content/turns.yml besides.
OPEN_CONTROL_AT, OPEN_CONTROL_WORDS = 0.6, 7
ASKING_AT, ASKING_WORDS = 0.45, 25
STARTING_AT, STARTING_WORDS = 0.6, 12
# From this probability on a message is about the conversation, however long, when the classifier has a likely intent
# for it. Chosen on sentences of another author (docs/nlu.md): lower, more answers would be lost.
ASIDE_AT, ASIDE_INTENT_AT = 0.55, 0.1
# Of few words the judge sees little: (at most this many words, so likely the intent must be).
FEW_WORDS = ((2, 0.5), (9, 0.35))
# A role is named in a few words that stand in questions too: 'mijn baas'.
ASIDE_INTENT_AT_ROLE = 0.6
# Of what ends or erases something; below it, explaining the question is the mildest reading.
DRASTIC_AT = 0.3
# Where a day, a number or a choice is asked, what is none of these may still be meant as one: more certainty is needed.
ASIDE_INTENT_AT_CHOICE = 0.4
# Below this probability of being about the conversation, more than so many words tell of the work.
ABOUT_WORK_BELOW, FEWEST_ABOUT_WORK = 0.1, 2
# So sure that a question at a choice is one to the assistant, and no choice of one's own.
ASKS_BACK_AT = 0.75
# So sure that 'weet ik niet of die past' does not choose by its last word, nor 'wat doe je dat goed' by its own.
BESIDE_A_CHOICE, DOUBTS_AT, SURE_CHATTER = frozenset({"dont_know", "ask_clarification", "chitchat"}), 0.9, 0.75


@dataclass(frozen=True)
class Heard:
    """A message at an open question; see the arguments of `decide`."""

    text: str
    plain: str
    ranking: tuple[tuple[str, float], ...]
    question: Question
    options: tuple[Choice, ...]
    aside: float
    today: datetime.date
    whole: str | None
    sentences: tuple[Sentence, ...] = ()
    own: own_answers.Guess | None = None

    @cached_property
    def top(self) -> str:
        """The classifier's best guess."""
        return self.ranking[0][0] if self.ranking else FALLBACK

    @cached_property
    def confidence(self) -> float:
        """Its probability."""
        return self.ranking[0][1] if self.ranking else 0.0

    @cached_property
    def words(self) -> int:
        """How many."""
        return len(self.plain.split())

    @cached_property
    def named(self) -> bool:
        """Whether it names a choice and nothing else."""
        return named_choice(self.options, self.text) is not None

    @cached_property
    def chosen(self) -> str | None:
        """The choice that it means, if any."""
        return match_choice(self.options, self.text)

    @cached_property
    def asks(self) -> bool:
        """Whether it looks like a question."""
        return self.ends_asking or self.begins_asking

    @cached_property
    def ends_asking(self) -> bool:
        """Whether it ends with a question mark."""
        return self.text.rstrip().endswith("?")

    @cached_property
    def begins_asking(self) -> bool:
        """Whether it begins as a question or a request does."""
        return begins_asking(self.plain)

    @cached_property
    def may_ask(self) -> bool:
        """Whether it may be a question, also without a mark, as far as the open one leaves room for that.

        'Haar naam erbij zetten' answers; 'kiest gij nu zijn kant of niet' and 'ik wil weten of dat mag' ask.
        """
        if self.ends_asking:
            return True
        if self.question.kind == "choice":
            return self.chosen is None
        if self.question.kind == "text":
            return self.begins_asking or asks_inverted(self.plain) or self.aside >= ASIDE_AT
        return self.words > FEWEST_ABOUT_WORK

    @cached_property
    def parts(self) -> Parts | None:
        """Which sentences answer an open question, when others do not; None when all of it does."""
        keeps = self.question.slot == KEEPING and answers.keeps_it(self.text)
        whole_counts = self.question.kind != "text" or self.whole or keeps or corrects_previous(self.text)
        return None if whole_counts else answer_parts.parts_of(self.sentences, self.question.slot, self.words)

    def is_one_of(self, names: Container[str], at: float, longest: int | None = None) -> bool:
        """Whether the classifier is so sure of one of `names`, in at most `longest` words if given."""
        return self.top in names and self.confidence >= at and (longest is None or self.words <= longest)


# What a reading finds: the intent and why; None to leave it to the next.
_Read = tuple[str, str] | None


def _keeps_it(heard: Heard) -> _Read:
    keeps = heard.question.slot == KEEPING and answers.keeps_it(heard.text)
    return (ANSWER, "leaves it as it is") if keeps else None


def _country_beside_more(heard: Heard) -> _Read:
    # 'Nl. moet ik nu nog wat?': the question is answered when the country is kept.
    named = (named_choice(heard.options, clause) for clause in clauses(heard.text))
    return (ANSWER, "a country beside more") if heard.question.journey == "meet" and any(named) else None


def _whole_message(heard: Heard) -> _Read:
    # A thumb is a yes or no only where one is asked.
    counts = heard.whole not in YES_OR_NO or heard.question.kind == "choice"
    return (heard.whole, "whole message") if heard.whole and not heard.named and counts else None


def _wants_it_shorter(heard: Heard) -> _Read:
    # The form answers it, and keeps what was said beside it.
    in_own_case = heard.question.journey == "own_case" and heard.question.kind == "text"
    wish = side_talk.wish_in(heard.text)
    if wish and wish.intent != side_talk.STOP and not wish.behind_a_stop:
        return None  # 'genoeg vragen. Ik wil excuses voorbereiden' wants that
    return (ANSWER, "wants fewer questions") if in_own_case and own_case.wants_it_shorter(heard.text) else None


def _answer_among_more(heard: Heard) -> _Read:
    return (
        (ANSWER, "an answer among more sentences") if heard.parts and heard.parts.kept and heard.parts.beside else None
    )


def _answer_after_a_remark(heard: Heard) -> _Read:
    kept = heard.parts.kept if heard.parts else ()
    about_work = bool(kept) and all(heard.sentences[place].aside < ASIDE_AT for place in kept)
    return (ANSWER, "an answer beside a remark") if about_work else None


def _about_the_question(heard: Heard) -> _Read:
    known = heard.is_one_of(ASKING, ASKING_AT) and heard.asks  # 'wat bedoelt Covey met intentie?' is about trust
    # 'Ja, bewaar het maar zo, dank je wel' begins as a question about what is kept does.
    chooses = heard.question.kind == "choice" and not heard.ends_asking and heard.chosen is not None
    back = None if known or chooses else asides.question_back(heard.text, heard.plain)
    phrase = asides.refusal(heard.plain) or back
    return (phrase, "about the question itself") if phrase and not heard.named else None


def _said_again(heard: Heard) -> _Read:
    # 'Chauffeur zei ik al' names somebody, 'nee! mijn voornemen is: ...' the action; neither skips a question.
    if (
        heard.question.journey == "commitment"
        and heard.question.slot not in CHANGES
        and (restated.action_in(heard.text) or restated.takes_back(heard.text))
    ):
        return ANSWER, "says what the action is"
    if heard.question.expects != "role" or heard.ends_asking:
        return None
    return (ANSWER, "somebody who was named before") if answers.named_again(heard.text) else None


def _reply_of_its_own(heard: Heard) -> _Read:
    found = asides.reply_to(heard.plain) if heard.asks and not heard.named else None
    return (own_answers.intent_of(found), own_answers.REASON) if found else None


def _judged_own_answer(heard: Heard) -> _Read:
    back = asides.first("going_back", heard.plain)  # 'kan ik teruggaan naar wat ik ga doen?' wants the question before
    found = own_answers.meant(heard.own) if heard.may_ask and not heard.named and not back else None
    return (own_answers.intent_of(found), own_answers.REASON) if found else None


def _question_for_a_role(heard: Heard) -> _Read:
    asks = heard.ends_asking and heard.begins_asking and heard.words > 1 and not heard.named
    if heard.question.expects == "role" and asks and heard.top not in ASKING:
        return "ask_clarification", "a question is nobody's role"
    return None


def _expected(heard: Heard) -> _Read:
    at = EXPECTED_AT if heard.plain else EXPECTED_OF_A_SIGN
    return (heard.top, "intent that the question expects") if heard.is_one_of(heard.question.intents, at) else None


def _moves_beside_the_country(heard: Heard) -> _Read:
    # 'Toch liever om 9u', just after keeping: the form moves what was kept.
    moves = heard.question.journey == "meet" and moment_said.moves(heard.text)
    return (ANSWER, "another day or hour") if moves and not asking_day.asking_part(heard.text) else None


def _says_when(heard: Heard) -> _Read:
    # 'Vraag het om vier uur' to 'hoe is het gegaan?'; where a day or free words are the answer, it is an answer.
    at_a_choice = heard.question.kind == "choice" and not heard.question.free and heard.question.journey != "commitment"
    if heard.named or not at_a_choice:
        return None
    on_a_day = asking_day.day_to_ask(heard.text, heard.today) is not None
    fits = on_a_day or heard.is_one_of({"change_ask_time"}, ASKING_AT, STARTING_WORDS)
    return ("change_ask_time", "says when to be asked") if fits else None


def _plain_question(heard: Heard) -> _Read:
    # A question that names a choice or a day in passing ("wat wordt het weer morgen?") is no answer.
    asks = heard.begins_asking and heard.ends_asking and not heard.named and heard.question.kind != "text"
    known = heard.is_one_of(ASKING | {"out_of_scope"}, ASKING_AT, ASKING_WORDS)
    return (heard.top, "clear question") if asks and known else None


def _about_a_commitment(heard: Heard) -> _Read:
    if heard.named or heard.question.journey in WITH_COMMITMENTS:
        return None
    # 'Ik wil mijn voornemen verzetten naar 3 december' is no 3 on a scale, and no answer to an open question.
    if heard.is_one_of(ABOUT_COMMITMENTS, STARTING_AT, STARTING_WORDS) and names_commitment(heard.plain):
        return heard.top, "about a commitment"
    tells = heard.question.kind == "text" and not heard.asks and heard.aside < ASIDE_AT
    return (CHANGE, "about a commitment") if not tells and asides.changes_commitment(heard.plain) else None


def _doubt_beside_a_choice(heard: Heard) -> _Read:
    doubts = heard.is_one_of(BESIDE_A_CHOICE, CONTROL_AT) and heard.aside >= DOUBTS_AT
    doubts = doubts or heard.is_one_of({"chitchat"}, SURE_CHATTER)
    at_a_choice = heard.question.kind == "choice" and not heard.named
    return (heard.top, "about the conversation") if doubts and at_a_choice else None


def _change(heard: Heard) -> _Read:
    # 'Wanneer moet vrijdag om half drie zijn' at a summary asks for nothing else.
    if heard.question.slot not in CHANGES or heard.ends_asking:
        return None
    part, new = change_said(heard.text, content().questions[CHANGES[heard.question.slot]].choices)
    if heard.question.slot in UNDER_AN_APOLOGY:
        changes = (part and new) or apology_changes.takes_out(heard.text)
        return (ANSWER, "what is to change") if changes and not heard.named else None
    says_day = dates.understand(heard.text, heard.today).kind == "date"
    return (ANSWER, "what is to change") if (part and new) or says_day else None


def _choice(heard: Heard) -> _Read:
    chosen = heard.named or (heard.words <= CONTROL_WORDS and heard.chosen is not None)
    return (ANSWER, "one of the choices") if chosen else None


def _stop_in_a_sentence(heard: Heard) -> _Read:
    may_stop = heard.chosen is None and heard.aside >= ABOUT_WORK_BELOW
    return ("stop", "a sentence of it stops") if may_stop and stops(heard.text) else None


def _yes_or_no_among_words(heard: Heard) -> _Read:
    asked_for = heard.question.kind != "choice" or heard.is_one_of(ASKED_FOR, CONTROL_AT)
    said = not asked_for and _yes_or_no_in_a_clause(heard.options, heard.text)
    return (ANSWER, "a yes or no among more words") if said else None


def _role(heard: Heard) -> _Read:
    if heard.question.expects != "role":
        return None
    if heard.top == "human_handoff" and not heard.asks and not set(heard.plain.split()) & spoken()["human"]:
        return ANSWER, "somebody's role"
    return (heard.top, "clear request") if heard.is_one_of({"ask_practice"}, STARTING_AT) else None


def _day(heard: Heard) -> _Read:
    said = heard.question.kind == "date" and dates.understand(heard.text, heard.today).kind != "none"
    return (ANSWER, "a day") if said else None


def _number(heard: Heard) -> _Read:
    if heard.question.kind != "scale":
        return None
    if heard.is_one_of({"go_back"}, CONTROL_AT) and heard.aside >= ASIDE_AT:
        return heard.top, "about the conversation"  # 'mijn vorige moest een 3 zijn' is no 3 here
    number = scale_number(scale.only_number(heard.text), heard.question.minimum, heard.question.maximum)
    return None if number is None else (ANSWER, "a number on the scale")


def _thanks_somebody(heard: Heard) -> _Read:
    thanks = heard.question.kind == "text" and not heard.asks and holds("thanks_somebody", heard.plain)
    return (ANSWER, "thanks somebody at work") if thanks else None


def _goes_on_with_the_question(heard: Heard) -> _Read:
    begins = heard.question.kind == "text" and heard.words > 1 and heard.plain.split()[0] in answer_beginnings()
    return (ANSWER, "goes on where the question ended") if begins else None


def _judged_an_aside(heard: Heard) -> _Read:
    least = _least(heard.question, heard.words, heard.asks)
    meant = None if heard.plain.isdigit() else _aside(heard.ranking, heard.aside, least)
    if meant and not (meant == "human_handoff" and _meets_somebody(heard)):
        return meant, "about the conversation"
    own_way = heard.question.free and all(choice.value != heard.question.free for choice in heard.options)
    if own_way and heard.asks and heard.aside >= ASKS_BACK_AT:
        return "ask_clarification", "about the conversation"  # 'welke zou jij kiezen?' is no way of one's own
    return None


def _meets_somebody(heard: Heard) -> bool:
    """'Bellen met de planner' at an open question asks for no person here."""
    human = heard.asks or set(heard.plain.split()) & spoken()["human"]
    return heard.question.kind == "text" and not human


def _clear_command(heard: Heard) -> _Read:
    at_text = heard.question.kind == "text"
    # 'Iedereen goeiemorgen zeggen' greets nobody here.
    about_work = at_text and heard.words > FEWEST_ABOUT_WORK and heard.aside < ABOUT_WORK_BELOW
    sure = (OPEN_CONTROL_AT, OPEN_CONTROL_WORDS) if at_text else (CONTROL_AT, CONTROL_WORDS)
    if heard.top == "human_handoff" and _meets_somebody(heard):
        return None
    if heard.is_one_of(CONTROL, *sure) and not about_work:
        return heard.top, "clear control"
    if heard.is_one_of(ASKING, ASKING_AT, ASKING_WORDS) and heard.asks:
        return heard.top, "clear question"
    if heard.is_one_of({"start_scan", "start_dilemma"} if at_text else STARTING, STARTING_AT, STARTING_WORDS):
        return heard.top, "clear request"
    asks_else = heard.is_one_of({"out_of_scope"}, STARTING_AT) and heard.asks
    return (heard.top, "clear question") if asks_else else None


# In this order: what is clearly something else, what is clearly an answer, what is likely something else.
_AT_A_QUESTION: tuple[Callable[[Heard], _Read], ...] = (
    _keeps_it, _wants_it_shorter, _country_beside_more, _whole_message, _said_again, _change,
    side_readings.wish, side_readings.protest, side_readings.choice_and_more,
    _stop_in_a_sentence, _answer_among_more, _judged_own_answer, _about_the_question, _reply_of_its_own,
    _question_for_a_role, _expected, _moves_beside_the_country, _says_when, _plain_question,
    _about_a_commitment, _doubt_beside_a_choice,
    _choice, _yes_or_no_among_words, _role, _day, _number, _thanks_somebody, _goes_on_with_the_question,
    _answer_after_a_remark, _judged_an_aside, _clear_command,
)  # fmt: skip


def read(heard: Heard) -> tuple[str, str]:
    """The intent that a message at an open question is, and why."""
    return next(
        (found for reading in _AT_A_QUESTION if (found := reading(heard))), (ANSWER, "answer to the open question")
    )


def _least(question: Question, words: int, asks: bool) -> float:
    """How likely an intent about the conversation must be, for a message of so many words at this question."""
    if question.kind != "text":
        return ASIDE_INTENT_AT_CHOICE
    if asks:
        return ASIDE_INTENT_AT
    if question.expects == "role":
        return ASIDE_INTENT_AT_ROLE
    return next((least for most, least in FEW_WORDS if words <= most), ASIDE_INTENT_AT)


def _aside(ranking: Sequence[tuple[str, float]], aside: float, least: float) -> str | None:
    """What a message about the conversation asks for; None when it is about the work, or nothing is likely enough."""
    if aside < ASIDE_AT:
        return None
    least = max(least, dict(ranking).get(ANSWER, 0.0))
    likely = [
        (name, at)
        for name, at in ranking
        if (name in ABOUT_CONVERSATION and at >= least) or (name == "chitchat" and at >= CONTROL_AT)
    ]
    mild = (name for name, at in likely if name not in DRASTIC or at >= DRASTIC_AT)
    return next(mild, "ask_clarification" if likely else None)


def _yes_or_no_in_a_clause(options: Sequence[Choice], text: str) -> bool:
    """Whether a clause is a yes or no to the choices: 'kan het toch. Ja, doe maar. Donderdag na de vergadering'."""
    phrases = {phrase for choice in options if {"affirm", "deny"} & set(choice.intents) for phrase in choice.phrases}
    said = any(normalise(clause) in phrases for clause in CLAUSE.split(text))
    return said and match_choice(options, text) is not None
