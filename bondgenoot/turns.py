"""Turn-taking: is a message the answer to the open question, or a command or question of its own?

The order is that of the dialogue contract: the safety net went before; then control and questions, if clearly so;
then the answer. A long or personal sentence is an answer, not a command. What is word for word a choice of the open
question is that choice; what is word for word a command is that command; only then do parts of a message count.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

from bondgenoot import answers, asides, dates, texts
from bondgenoot.content import CONTENT, once_a_publication
from bondgenoot.questions import SKIPPED, Choice, Question, match_choice, named_choice, normalise, scale_number

ANSWER = "answer"
FALLBACK = "nlu_fallback"

CONTROL = frozenset({
    "greet", "goodbye", "thank", "ask_help", "ask_clarification", "skip", "dont_know", "go_back", "stop",
    "start_over", "human_handoff", "resume", "ask_progress", "keep_commitment",
})  # fmt: skip
ASKING = frozenset({
    "faq", "chitchat", "ask_privacy", "export_data", "delete_data", "list_commitments", "show_progress",
    "pause_follow_ups", "resume_follow_ups", "change_ask_time", "email_nudges_on", "email_nudges_off",
})  # fmt: skip
STARTING = frozenset({
    "start_scan", "start_dilemma", "share_dilemma", "ask_practice", "plan_moment", "make_commitment",
    "repair_trust", "postpone_commitment", "cancel_commitment", "report_done", "report_partial", "report_not_done",
})  # fmt: skip
ABOUT_COMMITMENTS = frozenset({
    "postpone_commitment", "cancel_commitment", "report_done", "report_partial", "report_not_done",
})  # fmt: skip
CHANGE = "change_commitment"
# So few words ask, also without a question mark: 'speel jij mijn baas eens'.
FEW_WORDS_ASKED = 6
# What a no goes on to ask for, is what is meant: 'nee, ik wil een mens spreken'.
ASKED_FOR = frozenset({"human_handoff", "delete_data", "export_data", "ask_privacy"})
YES_OR_NO = ("affirm", "deny")
# The question to which 'laat het zo' is an answer.
KEEPING = "commitment_smaller"
# Journeys whose own questions are about a commitment.
WITH_COMMITMENTS = frozenset({"commitment", "follow_up", "offer"})
# What a person means who tells of themselves instead of asking.
TELLING = ("share_dilemma", "repair_trust")
# What the judge of asides says of which it was not asked.
UNDECIDED = 0.5
# Between these two the judge of asides decides (components.intent_model): a message about the conversation itself, or
# one that tells of work.
ABOUT_CONVERSATION = frozenset({
    "ask_help", "ask_clarification", "skip", "dont_know", "go_back", "stop", "start_over", "human_handoff",
    "ask_privacy", "goodbye", "export_data", "delete_data",
})  # fmt: skip
ABOUT_WORK = frozenset({
    ANSWER, "share_dilemma", "repair_trust", "make_commitment", "report_done", "report_partial", "report_not_done",
})  # fmt: skip
SAFETY = frozenset({
    "crisis", "harassment", "burnout", "report_wrongdoing", "safety_check",
})  # fmt: skip

# Below this confidence, without an open question, the assistant asks what was meant.
UNSURE_BELOW = 0.17
# Below this one, an intent that the open question expects is a guess, as at an emoji.
EXPECTED_AT, EXPECTED_OF_A_SIGN = 0.2, 0.6
# How sure the classifier must be, and how long a message may be, to count as something else than an answer.
CONTROL_AT, CONTROL_WORDS = 0.45, 8
# To an open question almost any few words can be an answer; clear commands stand in content/turns.yml besides.
OPEN_CONTROL_AT, OPEN_CONTROL_WORDS = 0.6, 7
ASKING_AT, ASKING_WORDS = 0.45, 25
# Whoever is not asked any more, may not notice: 'laat me mijn voornemens zien' should not do that.
PAUSING_AT = 0.45
# From this many words on, a sentence about oneself tells something.
TELLING_WORDS = 6
# Below this confidence it does, if it is about others at work; and how far down the ranking its meaning is sought.
TELLING_BELOW, GUESSES = 0.4, 4
STARTING_AT, STARTING_WORDS = 0.6, 12
# From this probability on a message is about the conversation, however long, when the classifier has a likely intent
# for it. Chosen on sentences of another author (docs/nlu.md): lower, more answers would be lost.
ASIDE_AT, ASIDE_INTENT_AT = 0.55, 0.1
# Of few words the judge sees little: (at most this many words, so likely the intent must be).
FEW_WORDS = ((2, 0.5), (9, 0.35))
# A role is named in a few words that stand in questions too: 'mijn baas'.
ASIDE_INTENT_AT_ROLE = 0.6
# What ends or erases something asks for more; below it, explaining the question is the mildest reading.
DRASTIC, DRASTIC_AT = frozenset({"stop", "goodbye", "start_over", "delete_data", "export_data"}), 0.3
# Where a day, a number or a choice is asked, what is none of these may still be meant as one: more certainty is needed.
ASIDE_INTENT_AT_CHOICE = 0.4
# Below this probability of being about the conversation, more than so many words tell of the work.
ABOUT_WORK_BELOW, FEWEST_ABOUT_WORK = 0.1, 2
# So sure that a question at a choice is one to the assistant, and no choice of one's own.
ASKS_BACK_AT = 0.75
# So sure that 'weet ik niet of die past' does not choose by its last word, nor 'wat doe je dat goed' by its own.
BESIDE_A_CHOICE, DOUBTS_AT = frozenset({"dont_know", "ask_clarification", "chitchat"}), 0.9

_CLAUSE = re.compile(r"[.,;!?…\n]+")
_SENTENCE = re.compile(r"[.!?…\n]+")
_ASKS = re.compile(
    r"^(en |maar |zeg |he |hey |ok |oke |eh |euh )*"
    r"(wat|wie|waar|waarom|wanneer|hoe|hoezo|welke?|kan|kun|kunt|kunde|mag|is|zijn|ben|bent|bende|heb|heeft|hebt|hebde|"
    r"wil|wilt|moet|weet|ziet|leest|bewaar|bewaart|laat|toon|geef|download|wis|verwijder|vertel|leg|zet|stuur|doe|start)\b"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The intent that the dialogue acts on, and why, for the trainers' tool."""

    intent: str
    reason: str


def decide(
    text: str,
    ranking: Sequence[tuple[str, float]],
    question: Question | None,
    choices: Sequence[Choice] = (),
    *,
    today: datetime.date,
    just_dropped: bool = False,
    aside: float = UNDECIDED,
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
    """
    top, confidence = ranking[0] if ranking else (FALLBACK, 0.0)
    plain = normalise(text)
    if not plain and not text.strip():
        return Verdict(FALLBACK, "empty")
    whole = whole_messages().get(plain or text.strip())
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
        if not whole and _goes_on(text) and not (top in STARTING and confidence >= STARTING_AT):
            return Verdict("resume", "a sentence of it goes on")
        asked = text.rstrip().endswith("?") or _ASKS.match(plain) or len(plain.split()) <= FEW_WORDS_ASKED
        if not whole and asked and asides.reply_to(plain):
            return Verdict("out_of_scope", "has an answer of its own")
        return Verdict(whole, "whole message") if whole else _without_question(text, plain, ranking)
    options = choices or question.choices
    words = len(plain.split())
    named = named_choice(options, text) is not None
    if question.slot == KEEPING and answers.keeps_it(text):
        return Verdict(ANSWER, "leaves it as it is")
    # A thumb is a yes or no only where one is asked.
    if whole and not named and (whole not in YES_OR_NO or question.kind == "choice"):
        return Verdict(whole, "whole message")
    asks = text.rstrip().endswith("?") or bool(_ASKS.match(plain))
    known = top in ASKING and confidence >= ASKING_AT and asks  # 'wat bedoelt Covey met intentie?' is about trust
    # 'Ja, bewaar het maar zo, dank je wel' begins as a question about what is kept does.
    chooses = question.kind == "choice" and not text.rstrip().endswith("?") and match_choice(options, text) is not None
    phrase = asides.refusal(plain) or (None if known or chooses else asides.question_back(text, plain))
    if phrase and not named:
        return Verdict(phrase, "about the question itself")
    is_question = text.rstrip().endswith("?") and _ASKS.match(plain)
    if asks and not named and asides.reply_to(plain):
        return Verdict("out_of_scope", "has an answer of its own")
    if question.expects == "role" and is_question and words > 1 and not named and top not in ASKING:
        return Verdict("ask_clarification", "a question is nobody's role")
    if top in question.intents and confidence >= (EXPECTED_AT if plain else EXPECTED_OF_A_SIGN):
        return Verdict(top, "intent that the question expects")
    # 'Vraag het om vier uur' to 'hoe is het gegaan?'; where a day or free words are the answer, it is an answer.
    says_when = top == "change_ask_time" and confidence >= ASKING_AT and words <= STARTING_WORDS and not named
    if says_when and question.kind == "choice" and not question.free:
        return Verdict(top, "says when to be asked")
    # A question that names a choice or a day in passing ("wat wordt het weer morgen?") is no answer.
    plainly_asks = not named and question.kind != "text" and _ASKS.match(plain) and text.rstrip().endswith("?")
    if plainly_asks and top in ASKING | {"out_of_scope"} and confidence >= ASKING_AT and words <= ASKING_WORDS:
        return Verdict(top, "clear question")
    # 'Ik wil mijn voornemen verzetten naar 3 december' is no 3 on a scale, and no answer to an open question.
    about_it = top in ABOUT_COMMITMENTS and confidence >= STARTING_AT and words <= STARTING_WORDS
    if about_it and not named and question.journey not in WITH_COMMITMENTS and _names_commitment(plain):
        return Verdict(top, "about a commitment")
    elsewhere = question.journey not in WITH_COMMITMENTS and not named
    if elsewhere and (question.kind != "text" or asks or aside >= ASIDE_AT) and asides.changes_commitment(plain):
        return Verdict(CHANGE, "about a commitment")
    beside = top in BESIDE_A_CHOICE and confidence >= CONTROL_AT and aside >= DOUBTS_AT
    if beside and not named and question.kind == "choice":
        return Verdict(top, "about the conversation")
    if named or (words <= CONTROL_WORDS and match_choice(options, text) is not None):
        return Verdict(ANSWER, "one of the choices")
    if match_choice(options, text) is None and aside >= ABOUT_WORK_BELOW and _stops(text):
        return Verdict("stop", "a sentence of it stops")
    if (
        question.kind == "choice"
        and not (top in ASKED_FOR and confidence >= CONTROL_AT)
        and _yes_or_no_in_a_clause(options, text)
    ):
        return Verdict(ANSWER, "a yes or no among more words")
    if (
        question.expects == "role"
        and top == "human_handoff"
        and not asks
        and not set(plain.split()) & _spoken()["human"]
    ):
        return Verdict(ANSWER, "somebody's role")
    if question.expects == "role" and top == "ask_practice" and confidence >= STARTING_AT:
        return Verdict(top, "clear request")
    if question.kind == "date" and dates.understand(text, today).kind != "none":
        return Verdict(ANSWER, "a day")
    if question.kind == "scale" and top == "go_back" and confidence >= CONTROL_AT and aside >= ASIDE_AT:
        return Verdict(top, "about the conversation")  # 'mijn vorige moest een 3 zijn' is no 3 here
    if question.kind == "scale" and scale_number(text, question.minimum, question.maximum) is not None:
        return Verdict(ANSWER, "a number on the scale")
    if question.kind == "text" and words > 1 and plain.split()[0] in answer_beginnings():
        return Verdict(ANSWER, "goes on where the question ended")
    if not plain.isdigit() and (meant := _aside(ranking, aside, _least(question, words, asks))):
        return Verdict(meant, "about the conversation")
    own_way = question.free and all(choice.value != question.free for choice in options)
    if own_way and asks and aside >= ASKS_BACK_AT:
        return Verdict("ask_clarification", "about the conversation")  # 'welke zou jij kiezen?' is no way of one's own
    sure, longest = (OPEN_CONTROL_AT, OPEN_CONTROL_WORDS) if question.kind == "text" else (CONTROL_AT, CONTROL_WORDS)
    # 'Iedereen goeiemorgen zeggen' greets nobody here.
    about_work = question.kind == "text" and words > FEWEST_ABOUT_WORK and aside < ABOUT_WORK_BELOW
    if top in CONTROL and confidence >= sure and words <= longest and not about_work:
        return Verdict(top, "clear control")
    if top in ASKING and confidence >= ASKING_AT and words <= ASKING_WORDS and asks:
        return Verdict(top, "clear question")
    if top in STARTING and confidence >= STARTING_AT and words <= STARTING_WORDS and question.kind != "text":
        return Verdict(top, "clear request")
    if top in {"start_scan", "start_dilemma"} and confidence >= STARTING_AT and words <= STARTING_WORDS:
        return Verdict(top, "clear request")
    if top == "out_of_scope" and asks and confidence >= STARTING_AT:
        return Verdict(top, "clear question")
    return Verdict(ANSWER, "answer to the open question")


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


def _without_question(text: str, plain: str, ranking: Sequence[tuple[str, float]]) -> Verdict:
    """The classifier's opinion; somebody who tells of themselves gets no article."""
    top, confidence = ranking[0] if ranking else (FALLBACK, 0.0)
    asks = text.rstrip().endswith("?") or bool(_ASKS.match(plain))
    if top == "pause_follow_ups" and confidence < PAUSING_AT and len(ranking) > 1:
        top, confidence = ranking[1]
    words = set(plain.split())
    if top in (FALLBACK, "out_of_scope") and asides.question_back(text, plain) == "ask_privacy":
        return Verdict("ask_privacy", "about what is kept")
    if not asks and len(plain.split()) >= TELLING_WORDS and top not in TELLING:
        wishes = words & _spoken()["wishing"]
        # People who type no question mark ask in the middle of a sentence: 'we hebben het druk, wat levert dat op'.
        asks_within = top == "faq" and words & _spoken()["asking"]
        to_begin = top == "faq" and words & _spoken()["beginning"] and not words & _spoken()["learning"]
        if to_begin and not asks_within:
            return Verdict("ask_help", "wants to begin")
        guessed = confidence < TELLING_BELOW and words & _spoken()["told_about"]
        if (guessed or (top == "faq" and words & _spoken()["told_by"])) and not wishes and not asks_within:
            meant = next((name for name, _ in ranking[:GUESSES] if name in TELLING), TELLING[0])
            return Verdict(meant, "tells of themselves")
    return Verdict(top, "classifier") if confidence >= UNSURE_BELOW else Verdict(FALLBACK, "unsure")


def _stops(text: str) -> bool:
    """Whether the first or last sentence is word for word a wish to stop: 'ik bel haar wel. Ik stop ermee'."""
    sentences = [plain for sentence in _SENTENCE.split(text) if (plain := normalise(sentence))]
    meanings = whole_messages()
    return len(sentences) > 1 and "stop" in {meanings.get(sentences[0]), meanings.get(sentences[-1])}


def _goes_on(text: str) -> bool:
    """Whether a sentence begins with the wish to go on: 'die wou ik juist bellen. Ga verder met mijn voornemen'."""
    going_on = [
        phrase for phrase, intent in whole_messages().items() if intent == "resume" and phrase.startswith("ga ")
    ]
    sentences = map(normalise, _CLAUSE.split(text))
    return any(f"{sentence} ".startswith(f"{phrase} ") for sentence in sentences for phrase in going_on)


def _yes_or_no_in_a_clause(options: Sequence[Choice], text: str) -> bool:
    """Whether a clause is a yes or no to the choices: 'kan het toch. Ja, doe maar. Donderdag na de vergadering'."""
    phrases = {phrase for choice in options if {"affirm", "deny"} & set(choice.intents) for phrase in choice.phrases}
    said = any(normalise(clause) in phrases for clause in _CLAUSE.split(text))
    return said and match_choice(options, text) is not None


def possible(ranking: Sequence[tuple[str, float]], question: Question | None) -> list[tuple[str, float]]:
    """The ranking without intents that cannot be here, made to add up again.

    Distress is for the safety net alone; an answer needs a question.
    """
    excluded = SAFETY if question else SAFETY | {ANSWER}
    left = 1.0 - sum(confidence for name, confidence in ranking if name in excluded)
    return [(name, confidence / max(left, 1e-6)) for name, confidence in ranking if name not in excluded]


@once_a_publication
def whole_messages() -> Mapping[str, str]:
    """Normalised message -> control intent, from content/turns.yml."""
    entries = yaml.safe_load((CONTENT / "turns.yml").read_text(encoding="utf-8"))["whole_message"]
    phrases = {normalise(phrase) or phrase: intent for intent, phrases in entries.items() for phrase in phrases}
    # Sharing has no intent of its own: it belongs to what is kept of somebody, and actions/sharing.py tells it apart.
    sharing = (*texts.phrases("sharing_on"), *texts.phrases("sharing_off"))
    phrases |= dict.fromkeys(map(normalise, sharing), "export_data")
    return {**{normalise(label): intent for intent, label in menu_labels().items()}, **phrases}


@once_a_publication
def answer_beginnings() -> frozenset[str]:
    """First words that make a sentence the answer to an open question, from content/turns.yml."""
    return frozenset(yaml.safe_load((CONTENT / "turns.yml").read_text(encoding="utf-8"))["answers_begin_with"])


@once_a_publication
def _spoken() -> Mapping[str, frozenset[str]]:
    """Words that tell what somebody is doing, by kind, from content/turns.yml."""
    spoken = yaml.safe_load((CONTENT / "turns.yml").read_text(encoding="utf-8"))["spoken"]
    return {kind: frozenset(words) for kind, words in spoken.items()}


def _names_commitment(plain: str) -> bool:
    return any(word.startswith(beginning) for word in plain.split() for beginning in _spoken()["commitment"])


@once_a_publication
def menu_labels() -> Mapping[str, str]:
    """Intent (or sub-intent) -> the text on its button, from content/menu.yml."""
    labels: dict[str, str] = yaml.safe_load((CONTENT / "menu.yml").read_text(encoding="utf-8"))["labels"]
    return labels


@once_a_publication
def main_menu() -> tuple[str, ...]:
    """The intents that the menu offers."""
    return tuple(yaml.safe_load((CONTENT / "menu.yml").read_text(encoding="utf-8"))["main"])
