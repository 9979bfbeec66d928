"""The journey 'own_case': the person's own dilemma, through intention, integrity, assumption, smallest honest step."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.common import Events, given, in_short, say, services, values_for
from actions.journey_form import JourneyForm
from actions.journeys import begin, go_to
from actions.reflections import latest, offer_to_keep, said_before
from bondgenoot import side_talk, tellings, texts
from bondgenoot.changes import change_said, corrects_previous, denies
from bondgenoot.content import content
from bondgenoot.questions import SKIPPED, Question, named_choice

# The question after a summary.
CHANGE = "own_case_change"
# A message of this many words that announces a situation is the situation.
STORY_WORDS = 12
# Questions at which an announced act is worth a word: not where it is told what happened, nor where the step is asked.
ACT_NOTED = ("want", "for_whom", "agenda", "mutual", "word_deed", "right", "assumption", "test")
# Here the question quotes the answer before it, which somebody may protest against.
QUOTED_BEFORE = {
    "own_case_for_whom": "own_case_want",
    "own_case_mutual": "own_case_agenda",
    "own_case_test": "own_case_assumption",
}
# Characters of one answer in the summary, where there are nine.
LONGEST_SHOWN = 60


class ActionOwnCaseStart(Action):
    """'Ik zit met iets': a long message is taken as the story itself."""

    def name(self) -> str:
        """See the class."""
        return "action_own_case_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Begin, with the story if it was told."""
        text = str((tracker.latest_message or {}).get("text") or "").strip()
        if before := latest(tracker):
            say(dispatcher, "own_case_intro_reflection", **said_before(before))
        else:
            say(dispatcher, "own_case_intro")
        told = side_talk.told_beside(text)
        story = told if len(told.split()) >= STORY_WORDS or (told == text and tellings.tells(text)) else None
        return begin(tracker, "own_case", own_case_situation=story, own_case_told=None, own_case_act=None)


def announced(tracker: Tracker) -> str:
    """What somebody said in an own case that is open or was left, that they will do: its step, or an act of today."""
    if "own_case" not in (
        str(tracker.active_loop.get("name")).removesuffix("_form"),
        tracker.get_slot("paused_journey"),
    ):
        return ""
    day, _, words = given(tracker, "own_case_act").partition(" ")
    return given(tracker, "own_case_step") or (words if day == services().clock.today().isoformat() else "")


def change_in_summary(tracker: Tracker) -> dict[str, Any]:
    """Slots to set when the message says what must be otherwise in the summary; empty when it names no part."""
    text = str((tracker.latest_message or {}).get("text") or "")
    parts = content().questions[CHANGE].choices
    part, new = change_said(text, parts, present={part.value: given(tracker, part.value) for part in parts})
    # Without new words it must be plain that a part is meant: 'wie weet' or 'ik wil niet' names none.
    meant = new or denies(text) or named_choice(parts, text)
    return {part: new or None, CHANGE: SKIPPED, "question_asked": None} if part and meant else {}


class ValidateOwnCaseForm(JourneyForm):
    """Ten open questions; after the summary, which of them to change."""

    journey = "own_case"

    def applies(self, slot: str, tracker: Tracker) -> bool:
        """What to change is asked once there is a summary."""
        return slot != CHANGE or bool(given(tracker, "own_case_told"))

    def _accept(
        self, question: Question, text: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        """Words after a protest are for the answer that was quoted; an act that is announced can be put down at once."""
        before, new = QUOTED_BEFORE.get(question.slot, ""), side_talk.without_protest(text)
        if corrects_previous(text):
            return super()._accept(question, text, dispatcher, tracker)
        if before and new and given(tracker, before) and side_talk.denies(text):
            say(dispatcher, "back_replaced", what=texts.quote(in_short(new)))
            return {**self.settle(before, new, tracker), question.slot: None, "question_asked": None}
        # Where turn-taking told the sentences apart, they are counted in the whole message.
        told = text if (tracker.latest_message or {}).get("answer_parts") else new or text
        said = len(dispatcher.messages)
        accepted = super()._accept(question, told, dispatcher, tracker)
        kept = accepted.get(question.slot)
        noted = question.slot.removeprefix("own_case_") in ACT_NOTED and not given(tracker, "own_case_act")
        # What was asked beside the answer has the bubble.
        free = len(dispatcher.messages) == said
        if (
            not (noted and free)
            or kept in (None, SKIPPED)
            or side_talk.wish_in(text)
            or not side_talk.announces_act(text)
        ):
            return accepted
        say(dispatcher, "own_case_act_noted")
        act = side_talk.action_in(text) or side_talk.act_in(text)
        return {**accepted, "own_case_act": f"{services().clock.today().isoformat()} {act}"}

    def settle(self, slot: str, value: str, tracker: Tracker) -> dict[str, Any]:
        """A part that is named is asked again, unless its new words came along."""
        if slot != CHANGE or value == SKIPPED:
            return {slot: value}
        return change_in_summary(tracker) or {value: None, CHANGE: SKIPPED, "question_asked": None}


class ActionOwnCaseFinish(Action):
    """Gives the person's own words back, and offers to make the step a commitment."""

    def name(self) -> str:
        """See the class."""
        return "action_own_case_finish"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Mirror and offer."""
        nothing = texts.say("not_given")[0]
        values = {
            key: texts.quote(value, LONGEST_SHOWN) or nothing for key, value in values_for("own_case", tracker).items()
        }
        keep, events = offer_to_keep(tracker, "own_case")
        step = given(tracker, "own_case_step")
        if step:
            say(dispatcher, "own_case_summary", **values, keep=keep)
        else:
            say(dispatcher, "own_case_summary_no_step", keep=keep)
        offer = begin(tracker, "offer", offer_kind="commitment", offer_what=step or None, offer_after="own_case")
        told = [SlotSet("own_case_told", "yes"), SlotSet(CHANGE, None)]
        return [*offer, *told, *events, *go_to("offer")]
