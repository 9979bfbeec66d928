"""The journey 'own_case': the person's own dilemma, through intention, integrity, assumption, smallest honest step."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.acknowledging import acknowledge
from actions.common import Events, choices_for, given, in_short, say, services, speak, welcomed_in_this_turn
from actions.journey_form import JourneyForm
from actions.journeys import begin, go_to
from actions.reflections import latest, offer_to_keep, said_before
from bondgenoot import side_talk, tellings, texts
from bondgenoot.changes import change_said, corrects_previous, denies
from bondgenoot.clauses import begins
from bondgenoot.content import WORDS_IN_A_BUBBLE, content
from bondgenoot.intents import SAFETY
from bondgenoot.own_case import (
    GENTLE,
    STEP,
    YES,
    Shorter,
    gentle_slots,
    happened_to_them,
    in_whole_clauses,
    is_asked,
    wants_it_shorter,
)
from bondgenoot.questions import SKIPPED, Question, named_choice, normalise

# The question after a summary, and the one that cannot be skipped.
CHANGE, SITUATION = "own_case_change", "own_case_situation"
# The parts of the summary, of which at most four are there together.
SHOWN = ("want", "assumption", "test", "support", "step")
# A message of this many words that announces a situation is the situation, from the second number on also when it begins
# with no more than the wish to tell something.
STORY_WORDS, LONG_STORY_WORDS = 12, 25
# Questions at which an announced act is worth a word: not where it is told what happened, nor where the step is asked.
ACT_NOTED = ("want", "for_whom", "agenda", "mutual", "word_deed", "right", "assumption", "test")
# Here the question quotes the answer before it, which somebody may protest against.
QUOTED_BEFORE = {
    "own_case_for_whom": "own_case_want",
    "own_case_mutual": "own_case_agenda",
    "own_case_test": "own_case_assumption",
}
# So many messages back the safety net is not forgotten when somebody begins.
MESSAGES_BACK = 20
CLEARED = "safety_cleared"


class ActionOwnCaseStart(Action):
    """'Ik zit met iets': a long message is taken as the story itself."""

    def name(self) -> str:
        """See the class."""
        return "action_own_case_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Begin, with the story if it was told."""
        if before := latest(tracker):
            say(dispatcher, "own_case_intro_reflection", **said_before(before))
        else:
            say(dispatcher, "own_case_intro")
        text = str((tracker.latest_message or {}).get("text") or "").strip()
        told = side_talk.told_beside(text)
        story = story_in(told) or (told if told == text and tellings.tells(text) else "")
        heard = acknowledge(dispatcher, tracker, SITUATION, story) if not welcomed_in_this_turn(tracker) else {}
        return [*start(tracker, story, **heard), *go_to("own_case")]


def start(tracker: Tracker, story: str, **slots: Any) -> Events:
    """Begin the journey, with the story ('' when it was not told)."""
    gently = YES if net_spoke_lately(tracker) or happened_to_them(story) else None
    told = {SITUATION: story or None, "own_case_told": None, "own_case_act": None, GENTLE: gently}
    return begin(tracker, "own_case", **told, **slots)


def story_in(text: str) -> str:
    """The message that began the journey, when it tells what happened; '' when it only asks to tell something."""
    words = len(text.split())
    announces = begins("announces_a_story", normalise(text)) or any(
        begins("announces_a_story", normalise(clause)) for clause in text.split(".")
    )
    return text if words >= (LONG_STORY_WORDS if announces else STORY_WORDS) else ""


def net_spoke_lately(tracker: Tracker) -> bool:
    """Whether a card or a question of the safety net came in the last messages, whatever was answered to it."""
    users = [event for event in tracker.events if event["event"] == "user"][-MESSAGES_BACK:]
    intents = {((event.get("parse_data") or {}).get("intent") or {}).get("name") for event in users}
    return bool(intents & (SAFETY | {CLEARED}))


def announced(tracker: Tracker) -> str:
    """What somebody said in an own case that is open or was left, that they will do: its step, or an act of today."""
    if "own_case" not in (
        str(tracker.active_loop.get("name")).removesuffix("_form"),
        tracker.get_slot("paused_journey"),
    ):
        return ""
    day, _, words = given(tracker, "own_case_act").partition(" ")
    return given(tracker, STEP) or (words if day == services().clock.today().isoformat() else "")


def change_in_summary(tracker: Tracker) -> dict[str, Any]:
    """Slots to set when the message says what must be otherwise in the summary; empty when it names no part."""
    text = str((tracker.latest_message or {}).get("text") or "")
    parts = choices_for(content().questions[CHANGE], tracker)
    part, new = change_said(text, parts, present={part.value: given(tracker, part.value) for part in parts})
    # Without new words it must be plain that a part is meant: 'wie weet' or 'ik wil niet' names none.
    meant = new or denies(text) or named_choice(parts, text)
    return {part: new or None, CHANGE: SKIPPED, "question_asked": None} if part and meant else {}


class ValidateOwnCaseForm(JourneyForm):
    """Open questions, fewer of them for whom it happened to; after the summary, which of them to change."""

    journey = "own_case"

    def applies(self, slot: str, tracker: Tracker) -> bool:
        """What to change is asked once there is a summary."""
        if slot == CHANGE:
            return bool(given(tracker, "own_case_told"))
        return is_asked(slot, given(tracker, GENTLE) == YES)

    def _accept(
        self, question: Question, text: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        """'Kan het korter?' goes on to the step; words after a protest are for the answer that was quoted.

        An act that is announced can be put down at once.
        """
        shorter = wants_it_shorter(text) if question.kind == "text" else None
        if shorter is not None:
            return self._to_the_step(question, shorter, dispatcher, tracker)
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
        if not dispatcher.messages:  # one bubble before the next question
            say(dispatcher, "own_case_act_noted")
        act = side_talk.action_in(text) or side_talk.act_in(text)
        return {**accepted, "own_case_act": f"{services().clock.today().isoformat()} {act}"}

    def settle(self, slot: str, value: str, tracker: Tracker) -> dict[str, Any]:
        """A part that is named is asked again, unless its new words came along."""
        if slot == CHANGE and value != SKIPPED:
            return change_in_summary(tracker) or {value: None, CHANGE: SKIPPED, "question_asked": None}
        return {slot: value, **(gentle_slots(slot) if happened_to_them(value) else {})}

    def _to_the_step(
        self, question: Question, shorter: Shorter, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        between = [slot for slot in self.waiting(tracker) if slot not in (question.slot, STEP, CHANGE)]
        changes: dict[str, Any] = {slot: SKIPPED for slot in between if slot != SITUATION}
        said = shorter.before
        if question.slot == STEP:
            said = said or shorter.after
        elif shorter.after and given(tracker, SITUATION):
            changes[STEP] = shorter.after
        elif not said:
            said = shorter.after
        if said or question.slot not in (SITUATION, STEP):
            changes |= self.settle(question.slot, said or SKIPPED, tracker)
        else:
            changes |= self._not_yet(question)
        if question.slot == SITUATION and not said:
            say(dispatcher, "own_case_short")
        elif question.slot == STEP and not said:
            say(dispatcher, "last_question")
        elif not changes.get(STEP):
            say(dispatcher, "own_case_to_the_step")
        return {**changes, "question_failures": 0}


def summary(tracker: Tracker, keep: str = "") -> list[str]:
    """The person's words in whole clauses, without the parts that they skipped, in one bubble or two."""
    lines = []
    for part in SHOWN:
        slot = f"own_case_{part}"
        value = in_whole_clauses(in_short(given(tracker, slot)))
        if value and is_asked(slot, given(tracker, GENTLE) == YES):
            lines.append(texts.say(f"own_case_line_{part}", value=value)[0])
    lines = [*texts.say("own_case_summary"), *lines, *filter(None, [keep])]
    size = [len(line.split()) for line in lines]
    fits = [n for n in range(1, len(lines) + 1) if sum(size[:n]) <= WORDS_IN_A_BUBBLE]
    cut = max(fits, default=len(lines))
    return ["\n".join(piece) for piece in (lines[:cut], lines[cut:]) if piece]


class ActionOwnCaseFinish(Action):
    """Gives the person's own words back, and offers to make the step a commitment."""

    def name(self) -> str:
        """See the class."""
        return "action_own_case_finish"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Mirror and offer."""
        keep, events = offer_to_keep(tracker, "own_case")
        step = given(tracker, STEP)
        if step:
            speak(dispatcher, summary(tracker, keep))
        else:
            say(dispatcher, "own_case_summary_no_step", keep=keep)
        offer = begin(tracker, "offer", offer_kind="commitment", offer_what=step or None, offer_after="own_case")
        told = [SlotSet("own_case_told", "yes"), SlotSet(CHANGE, None)]
        return [*offer, *told, *events, *go_to("offer")]
