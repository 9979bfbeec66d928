"""Readings of a message at an open question that holds a wish or a protest (bondgenoot.side_talk)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bondgenoot import asides, dates, own_answers, side_talk
from bondgenoot.intents import ANSWER, PROTEST
from bondgenoot.questions import normalise
from bondgenoot.turn_words import stops

if TYPE_CHECKING:
    from bondgenoot.open_question import Heard

# Journeys whose questions are left for a wish, and what a journey is about itself, so that it is no wish there.
WITH_WISHES = frozenset({"own_case", "dilemma", "repair", "practice", "moment", "scan", "commitment", "offer"})
OWN_WISH = {
    "own_case": "share_dilemma",
    "repair": "repair_trust",
    "commitment": "make_commitment",
    "offer": "make_commitment",
}
# Questions at which an apology is what somebody will do, and no wish for help with it.
NAMES_AN_ACTION = frozenset({"commitment_what", "commitment_smaller"})
# Here whatever does not fit is to be changed, or a question erases something or is asked only once.
AT_A_SUMMARY = frozenset({"commitment_confirm", "commitment_change", "own_case_change"})
WITHOUT_PROTEST = frozenset({"data", "safety", "meet", "story"})
# So sure that a no goes on to ask for a person, or for everything to be erased.
SURE_AT = 0.45
# In so few words after a protest, what has an answer of its own is all that is asked.
LONGEST_REQUEST = 16
# A protest at one of these goes on to what somebody came for.
BY_MISTAKE = frozenset({"practice", "dilemma", "scan", "moment"})


def wish(heard: Heard) -> tuple[str, str] | None:
    """'Stop met die vragen. Ik wil een voornemen maken': what is wished is done, and nothing of it is an answer."""
    question = heard.question
    if heard.named or question.journey not in WITH_WISHES or question.slot in AT_A_SUMMARY or question.careful:
        return None
    found = side_talk.wish_in(heard.text)
    if found is None or found.intent == OWN_WISH.get(question.journey):
        return None
    names_it = found.intent == "repair_trust" and question.slot in NAMES_AN_ACTION
    says_yes = question.kind == "choice" and heard.chosen not in (None, "no")
    return None if names_it or says_yes else (found.intent, "a wish in it")


def protest(heard: Heard) -> tuple[str, str] | None:
    """'Dat bedoel ik niet', 'luister je wel?': never an answer; what is asked beside it is answered."""
    question = heard.question
    fits = question.slot not in AT_A_SUMMARY and question.journey not in WITHOUT_PROTEST and not heard.named
    if not fits or _answers_plainly(heard):
        return None
    if question.journey in BY_MISTAKE and question.kind == "choice" and side_talk.without_protest(heard.text):
        return "share_dilemma", "tells something else than was asked"
    rest = side_talk.without_protest(heard.text)
    if rest and len(rest.split()) <= LONGEST_REQUEST and (reply := asides.reply_in(rest)):
        return own_answers.intent_of(reply), own_answers.REASON
    if not side_talk.protests(heard.text) or stops(heard.text):
        return None
    if side_talk.takes_for_no_answer(heard.text):
        return "go_back", "the one before was no answer"
    if reply := asides.reply_in(heard.text):
        return own_answers.intent_of(reply), own_answers.REASON
    asked = (one.text for one in heard.sentences if one.text.endswith("?"))
    back = next(filter(None, (asides.question_back(one, normalise(one)) for one in asked)), None)
    return (back, "about the question itself") if back else (PROTEST, "was misread")


def choice_and_more(heard: Heard) -> tuple[str, str] | None:
    """'NL. En mijn teamleider ziet dit toch niet?': the choice is taken, and the question answered."""
    if heard.question.kind != "choice" or heard.question.careful or heard.question.slot in AT_A_SUMMARY:
        return None
    if stops(heard.text) or heard.is_one_of({"human_handoff", "delete_data"}, SURE_AT):
        return None
    beside = side_talk.beside_a_choice(heard.options, heard.text)
    return (ANSWER, "a choice, and more") if beside else None


def _answers_plainly(heard: Heard) -> bool:
    """Whether it holds a day, a number or a choice where that is asked: 'dat klopt niet, het is dinsdag'."""
    kind = heard.question.kind
    return (
        (kind == "choice" and heard.chosen is not None)
        or (kind == "date" and dates.understand(heard.text, heard.today).kind != "none")
        or (kind == "scale" and bool(re.search(r"\d", heard.text)))
    )
