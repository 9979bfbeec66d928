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
from functools import lru_cache

import yaml

from bondgenoot import dates
from bondgenoot.content import CONTENT
from bondgenoot.questions import SKIPPED, Choice, Question, match_choice, named_choice, normalise, scale_number

ANSWER = "answer"
FALLBACK = "nlu_fallback"

CONTROL = frozenset({
    "greet", "goodbye", "thank", "ask_help", "ask_clarification", "skip", "dont_know", "go_back", "stop",
    "start_over", "human_handoff", "resume",
})  # fmt: skip
ASKING = frozenset({
    "faq", "chitchat", "ask_privacy", "export_data", "delete_data", "list_commitments", "show_progress",
    "pause_follow_ups", "resume_follow_ups",
})  # fmt: skip
STARTING = frozenset({
    "start_scan", "start_dilemma", "share_dilemma", "ask_practice", "plan_moment", "make_commitment",
    "repair_trust", "postpone_commitment", "cancel_commitment", "report_done", "report_partial", "report_not_done",
})  # fmt: skip
SAFETY = frozenset({
    "crisis", "harassment", "burnout", "report_wrongdoing", "safety_check",
})  # fmt: skip

# Below this confidence, without an open question, the assistant asks what was meant.
UNSURE_BELOW = 0.17
# How sure the classifier must be, and how long a message may be, to count as something else than an answer.
CONTROL_AT, CONTROL_WORDS = 0.45, 8
# To an open question almost any few words can be an answer; clear commands stand in content/turns.yml besides.
OPEN_CONTROL_AT, OPEN_CONTROL_WORDS = 0.6, 7
ASKING_AT, ASKING_WORDS = 0.45, 25
STARTING_AT, STARTING_WORDS = 0.6, 12

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
) -> Verdict:
    """What a message is.

    Args:
        text: What the person typed.
        ranking: The classifier's intents with probability, best first; may be empty.
        question: The open question, if any.
        choices: Choices of that question that come from content instead of the question itself.
        today: The day from which a date is read.
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
        if whole:
            return Verdict(whole, "whole message")
        return Verdict(top, "classifier") if confidence >= UNSURE_BELOW else Verdict(FALLBACK, "unsure")
    options = choices or question.choices
    words = len(plain.split())
    named = named_choice(options, text) is not None
    if whole and not named:
        return Verdict(whole, "whole message")
    if top in question.intents:
        return Verdict(top, "intent that the question expects")
    if named or (words <= CONTROL_WORDS and match_choice(options, text) is not None):
        return Verdict(ANSWER, "one of the choices")
    if question.kind == "date" and dates.understand(text, today).kind != "none":
        return Verdict(ANSWER, "a day")
    if question.kind == "scale" and scale_number(text, question.minimum, question.maximum) is not None:
        return Verdict(ANSWER, "a number on the scale")
    if question.kind == "text" and words > 1 and plain.split()[0] in answer_beginnings():
        return Verdict(ANSWER, "goes on where the question ended")
    sure, longest = (OPEN_CONTROL_AT, OPEN_CONTROL_WORDS) if question.kind == "text" else (CONTROL_AT, CONTROL_WORDS)
    if top in CONTROL and confidence >= sure and words <= longest:
        return Verdict(top, "clear control")
    asks = text.rstrip().endswith("?") or bool(_ASKS.match(plain))
    if top in ASKING and confidence >= ASKING_AT and words <= ASKING_WORDS and asks:
        return Verdict(top, "clear question")
    if top in STARTING and confidence >= STARTING_AT and words <= STARTING_WORDS and question.kind != "text":
        return Verdict(top, "clear request")
    if top in {"start_scan", "start_dilemma"} and confidence >= STARTING_AT and words <= STARTING_WORDS:
        return Verdict(top, "clear request")
    if top == "out_of_scope" and asks and confidence >= STARTING_AT:
        return Verdict(top, "clear question")
    return Verdict(ANSWER, "answer to the open question")


def possible(ranking: Sequence[tuple[str, float]], question: Question | None) -> list[tuple[str, float]]:
    """The ranking without intents that cannot be here, made to add up again.

    Distress is for the safety net alone; an answer needs a question.
    """
    excluded = SAFETY if question else SAFETY | {ANSWER}
    left = 1.0 - sum(confidence for name, confidence in ranking if name in excluded)
    return [(name, confidence / max(left, 1e-6)) for name, confidence in ranking if name not in excluded]


@lru_cache(maxsize=1)
def whole_messages() -> Mapping[str, str]:
    """Normalised message -> control intent, from content/turns.yml."""
    entries = yaml.safe_load((CONTENT / "turns.yml").read_text(encoding="utf-8"))["whole_message"]
    phrases = {normalise(phrase) or phrase: intent for intent, phrases in entries.items() for phrase in phrases}
    return {**{normalise(label): intent for intent, label in menu_labels().items()}, **phrases}


@lru_cache(maxsize=1)
def answer_beginnings() -> frozenset[str]:
    """First words that make a sentence the answer to an open question, from content/turns.yml."""
    return frozenset(yaml.safe_load((CONTENT / "turns.yml").read_text(encoding="utf-8"))["answers_begin_with"])


@lru_cache(maxsize=1)
def menu_labels() -> Mapping[str, str]:
    """Intent (or sub-intent) -> the text on its button, from content/menu.yml."""
    labels: dict[str, str] = yaml.safe_load((CONTENT / "menu.yml").read_text(encoding="utf-8"))["labels"]
    return labels


@lru_cache(maxsize=1)
def main_menu() -> tuple[str, ...]:
    """The intents that the menu offers."""
    return tuple(yaml.safe_load((CONTENT / "menu.yml").read_text(encoding="utf-8"))["main"])
