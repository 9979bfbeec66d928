"""The journey 'repair': trust was broken, by me or towards me. An apology is built from its parts."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.common import Events, given, say, speak, values_for
from actions.journey_form import JourneyForm, answered
from actions.journeys import begin, go_to
from bondgenoot import side_talk, texts
from bondgenoot.apologies import conditional, in_bubbles
from bondgenoot.content import content

PARTS = ("repair_regret", "repair_facts", "repair_responsibility", "repair_change", "repair_offer")
# A message of this many words that starts the journey tells what happened.
STORY_WORDS = 12


class ActionRepairStart(Action):
    """'Ik heb mijn belofte gebroken, hoe zet ik dat recht?'."""

    def name(self) -> str:
        """See the class."""
        return "action_repair_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Begin, with the story if it was told."""
        text = str((tracker.latest_message or {}).get("text") or "").strip()
        told = side_talk.told_beside(text)
        say(dispatcher, "repair_intro")
        return begin(tracker, "repair", repair_what=told if len(told.split()) >= STORY_WORDS else None)


class ValidateRepairForm(JourneyForm):
    """Side, facts, competence or integrity, is it true; then the apology, or what one needs; then one act."""

    journey = "repair"

    def applies(self, slot: str, tracker: Tracker) -> bool:
        """An apology is for one's own part, and only when the reproach is true at least in part."""
        mine = answered(tracker, "repair_side", "mine")
        if slot == "repair_true":
            return mine
        if slot in PARTS or slot == "repair_forgiveness":
            return mine and not answered(tracker, "repair_true", "no")
        if slot in ("repair_need", "repair_open"):
            return answered(tracker, "repair_side", "theirs")
        return True


def apology(tracker: Tracker) -> list[str]:
    """The bubbles with the parts that were given, in the person's own words, and a remark on conditional language."""
    parts = [given(tracker, part) for part in PARTS if given(tracker, part)]
    asks_forgiveness = answered(tracker, "repair_forgiveness", "yes")
    if not parts and not asks_forgiveness:
        return []
    found = conditional("\n".join(parts), content().conditional_phrases)
    return in_bubbles(
        parts,
        texts.say("repair_apology")[0],
        closing=texts.say("repair_forgiveness_line")[0] if asks_forgiveness else "",
        remark=texts.say("repair_conditional", phrase=found.phrase, instead=found.instead)[0] if found else "",
        shortened=texts.say("repair_shortened")[0],
    )


class ActionRepairFinish(Action):
    """The apology in the person's own words with a check on conditional language, or what they need; then an act."""

    def name(self) -> str:
        """See the class."""
        return "action_repair_finish"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Close with what was built, and offer to make the first act a commitment."""
        nothing = texts.say("not_given")[0]
        words = {key: value or nothing for key, value in values_for("repair", tracker).items()}
        if answered(tracker, "repair_side", "theirs"):
            say(dispatcher, "repair_theirs_closing", **words)
        elif answered(tracker, "repair_true", "no"):
            say(dispatcher, "repair_true_no")
        elif bubbles := apology(tracker):
            speak(dispatcher, bubbles)
        act = given(tracker, "repair_act")
        return [*begin(tracker, "offer", offer_kind="commitment", offer_what=act or None), *go_to("offer")]
