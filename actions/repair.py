"""The journey 'repair': trust was broken, by me or towards me. An apology is built from its parts."""

from __future__ import annotations

import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import files
from actions.beside import kept_words
from actions.common import Events, given, in_short, journey_values, say, speak, values_for
from actions.journey_form import JourneyForm, answered
from actions.journeys import begin, go_to
from bondgenoot import apologies, apology_changes, apology_words, confessions, said_ahead, side_talk, texts
from bondgenoot.answers import line_in
from bondgenoot.changes import change_said, changes_said, denies
from bondgenoot.content import content
from bondgenoot.questions import SKIPPED, Question, named_choice

PARTS = ("repair_regret", "repair_facts", "repair_responsibility", "repair_change", "repair_offer")
# Answers of which only what is said to, or tells of, the other is kept.
CLEANED = {"repair_what", *PARTS, "repair_open", "repair_act"}
# The question after an apology: what must be otherwise.
EDIT = "repair_edit"
# An act of at least so many words can be read back as one.
FEWEST_IN_AN_ACT = 3
# Whether words name an exact day does not depend on which day it is.
SOME_DAY = datetime.date(2026, 1, 1)


@journey_values("repair")
def values(tracker: Tracker) -> dict[str, Any]:
    """The act that an earlier answer names."""
    return {"named": texts.quote(named_act(tracker))}


def named_act(tracker: Tracker) -> str:
    """The sentence of an earlier answer that says what to do and on which day; '' when none does."""
    for slot in ("repair_offer", "repair_change"):
        for piece in apology_words.pieces(given(tracker, slot)):
            if len(piece.split()) >= FEWEST_IN_AN_ACT and said_ahead.day_in(piece, SOME_DAY):
                return piece.strip(" .")
    return ""


class ActionRepairStart(Action):
    """'Ik heb mijn belofte gebroken, hoe zet ik dat recht?'."""

    def name(self) -> str:
        """See the class."""
        return "action_repair_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Begin, with the story if it was told here or in the own case before it, and with whose part it is."""
        text = str((tracker.latest_message or {}).get("text") or "").strip()
        story = confessions.story_in(side_talk.told_beside(text))
        before = "" if story else told_before(tracker)
        mine = confessions.confesses(text) or confessions.confesses(before)
        say(dispatcher, "repair_intro")
        if before:
            say(dispatcher, "repair_from_before", what=texts.quote(in_short(before)))
        known = {"repair_what": story or before or None, "repair_side": "mine" if mine else None}
        return begin(tracker, "repair", repair_told=None, **known)


def told_before(tracker: Tracker) -> str:
    """The situation of an own case that this journey goes on with; '' when the case was not the last thing."""
    case_is_near = "own_case" in (
        tracker.get_slot("paused_journey"),
        str(tracker.active_loop.get("name") or "").removesuffix("_form"),
        given(tracker, "offer_after"),
    )
    return given(tracker, "own_case_situation") if case_is_near else ""


class ValidateRepairForm(JourneyForm):
    """Side, facts, competence or integrity, is it true; then the apology, or what one needs; then one act."""

    journey = "repair"

    def applies(self, slot: str, tracker: Tracker) -> bool:
        """An apology is for one's own part, and only when the reproach is true at least in part."""
        mine = answered(tracker, "repair_side", "mine")
        if slot == EDIT:
            return bool(given(tracker, "repair_told"))
        if slot == "repair_true":
            return mine
        if slot in PARTS or slot == "repair_forgiveness":
            return mine and not answered(tracker, "repair_true", "no")
        if slot == "repair_first":
            apologises = mine and not answered(tracker, "repair_true", "no")
            return apologises and not given(tracker, "repair_told") and bool(named_act(tracker))
        if slot in ("repair_need", "repair_open"):
            return answered(tracker, "repair_side", "theirs")
        return True

    def settle(self, slot: str, value: str, tracker: Tracker) -> dict[str, Any]:
        """Keep what is said to the other; a story beside the side, an act beside 'iets anders', count as well."""
        typed = str((tracker.latest_message or {}).get("text") or "")
        if slot == EDIT and value != SKIPPED:
            return change_in_apology(tracker) or {value: None, EDIT: SKIPPED, "question_asked": None}
        if slot == "repair_side" and not given(tracker, "repair_what"):
            story = confessions.story_beside(typed, content().questions[slot].choices)
            return {slot: value, **({"repair_what": story} if story else {})}
        if slot == "repair_first" and value == "yes":
            return {slot: value, "repair_act": named_act(tracker)}
        if slot == "repair_first" and value == "other":
            act = apology_words.to_the_other(line_in(kept_words(tracker, typed)))
            return {slot: value, "repair_act": act}
        if slot in CLEANED and value != SKIPPED:
            value = apology_words.to_the_other(value)
        return {slot: value}

    def _accept(
        self, question: Question, text: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        """Under an apology new words for a part, or words to take out, are an answer too."""
        if question.slot == EDIT and (changed := change_in_apology(tracker)):
            return {**changed, "question_failures": 0}
        if question.slot == "repair_true":
            text = confessions.verdict_in(text)
        return super()._accept(question, text, dispatcher, tracker)


def change_in_apology(tracker: Tracker) -> dict[str, Any]:
    """Slots to set when the message says what must be otherwise in the apology; empty when it names no part."""
    text = str((tracker.latest_message or {}).get("text") or "")
    parts = content().questions[EDIT].choices
    present = {part: value for part in PARTS if (value := given(tracker, part))}
    if left := apology_changes.taken_out(text, parts, present):
        return _edited({part: value or SKIPPED for part, value in left.items()})
    if changes := changes_said(text, parts, present=present):
        return _edited(dict(changes))
    part, new = change_said(text, parts, present=present)
    # Without new words it must be plain that a part is meant.
    meant = new or denies(text) or named_choice(parts, text)
    return _edited({part: new or None}) if part and meant else {}


def asks_to_change(tracker: Tracker) -> bool:
    """Whether the message wants something out of the apology, also when it is not plain what."""
    return apology_changes.takes_out(str((tracker.latest_message or {}).get("text") or ""))


def _edited(changes: dict[str, Any]) -> dict[str, Any]:
    return {**changes, EDIT: SKIPPED, "question_asked": None}


def say_apology(dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
    """Say the parts that were given, whole and in the person's own words, with one remark; whether there were any.

    What does not fit two bubbles comes as a file: an apology with an ellipsis in it is none.
    """
    parts = [given(tracker, part) for part in PARTS if given(tracker, part)]
    asks_forgiveness = answered(tracker, "repair_forgiveness", "yes")
    if not parts and not asks_forgiveness:
        return False
    closing = texts.say("repair_forgiveness_line")[0] if asks_forgiveness else ""
    remark = _remark(parts)
    bubbles = apologies.in_bubbles(parts, texts.say("repair_apology")[0], closing=closing, remark=remark)
    if bubbles:
        speak(dispatcher, bubbles)
        return True
    whole = apologies.as_text(parts, closing)
    files.offer(dispatcher, tracker, "repair_apology_in_file", "apology", "repair_file_title", text=whole)
    if remark:
        speak(dispatcher, [remark])
    return True


def _remark(parts: list[str]) -> str:
    """On conditional language, or else on a reason that sounds like a defence; '' when there is neither."""
    found = conditional_in(parts)
    if found:
        return found
    reason = next(filter(None, map(apology_words.reason_in, parts)), "")
    return texts.say("repair_reason", reason=texts.quote(reason))[0] if reason else ""


def conditional_in(parts: list[str]) -> str:
    """The remark on conditional language, if there is any in the parts."""
    found = apologies.conditional("\n".join(parts), content().conditional_phrases)
    return texts.say("repair_conditional", phrase=found.phrase, instead=found.instead)[0] if found else ""


class ActionRepairFinish(Action):
    """The apology in the person's own words with a check on conditional language, or what they need; then an act."""

    def name(self) -> str:
        """See the class."""
        return "action_repair_finish"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Close with what was built, and offer to make the first act a commitment."""
        nothing = texts.say("not_given")[0]
        words = {key: value or nothing for key, value in values_for("repair", tracker).items()}
        apologised = False
        if answered(tracker, "repair_side", "theirs"):
            say(dispatcher, "repair_theirs_closing", **words)
        elif answered(tracker, "repair_true", "no"):
            say(dispatcher, "repair_true_no")
        else:
            apologised = say_apology(dispatcher, tracker)
        offer = {"offer_what": given(tracker, "repair_act") or None, "offer_after": "repair" if apologised else None}
        told = [SlotSet("repair_told", "yes" if apologised else None), SlotSet(EDIT, None)]
        return [*begin(tracker, "offer", offer_kind="commitment", **offer), *told, *go_to("offer")]
