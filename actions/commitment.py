"""The journey 'commitment': one action, with whom, when, the inner obstacle, an if-then plan, confidence (WOOP)."""

from __future__ import annotations

import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import commitment_summary
from actions.commitment_slots import (
    DAY_WORDS,
    action,
    day_said,
    day_slot,
    due_day,
    due_time,
    hour_slot,
    moment_around,
    moment_slots,
    raw,
    said_ahead_slots,
    seen_with,
    settings,
    today,
    typed,
)
from actions.common import Events, given, in_short, journey_values, say, services
from actions.days import ask_day_shown, day_and_time, moment_for, why_then
from actions.journey_form import JourneyForm
from actions.journeys import begin
from actions.own_case import announced
from actions.reflections import latest, said_before
from bondgenoot import asking_day, dates, day_times, labels, moment_said, restated, said_ahead, side_talk, texts
from bondgenoot.answers import is_long, keeps_it, says_only_yes, without_remarks
from bondgenoot.changes import takes_yes_back
from bondgenoot.clauses import sentences
from bondgenoot.content import content
from bondgenoot.questions import SKIPPED, Question, match_choice, normalise
from bondgenoot.store import commitments, people

# From this confidence on, the action is not made smaller.
CONFIDENT_FROM = 7
# A sentence that starts the journey is taken as the action itself when it says more than "ik wil een voornemen maken".
ACTION_WORDS = 6
# Questions whose answer is a choice about the whole, not a part of it.
AT_THE_SUMMARY = frozenset({"commitment_confirm", "commitment_change"})
# Questions beside whose answer another day or hour is heard.
WITH_A_MOMENT_BESIDE = frozenset({
    "commitment_with", "commitment_obstacle", "commitment_plan", "commitment_confidence", "commitment_smaller",
})  # fmt: skip
# Of those, the ones that are not followed by the summary.
SAID_BACK_AT = frozenset({"commitment_with", "commitment_obstacle", "commitment_plan"})


@journey_values("commitment")
def values(tracker: Tracker) -> dict[str, Any]:
    """The day as people say it, and what the summary says of parts that were skipped."""
    due = due_day(tracker)
    nothing = texts.say("not_given")[0]
    shown = {name: texts.quote(given(tracker, f"commitment_{name}")) or nothing for name in ("with", "plan")}
    shown |= {"what": texts.quote(in_short(action(tracker)))}
    shown |= {"holds_back": texts.quote(in_short(given(tracker, "commitment_obstacle"))) or nothing}
    return {**shown, "day": day_and_time(due, due_time(tracker)) if due else ""}


def start_with(dispatcher: CollectingDispatcher, tracker: Tracker, what: str, **slots: Any) -> Events:
    """Begin a commitment whose action is known ('' when it is not), with the day if the words hold one.

    A message that says what the action is, goes before what was known: 'nee, mijn stap is donderdag ...'.
    """
    what = restated.action_in(raw(tracker)) or restated.action_in(what) or what
    filled: dict[str, Any] = {"commitment_practice": None, "dropped_commitment": None, **slots}
    if what:
        filled["commitment_what"] = what
        filled = {**said_ahead_slots(what), **filled}
        say(dispatcher, "commitment_intro_given", what=texts.quote(in_short(what)))
    elif before := latest(tracker):
        say(dispatcher, "commitment_intro_reflection", **said_before(before))
    else:
        say(dispatcher, "commitment_intro")
    return begin(tracker, "commitment", **filled)


def change(dispatcher: CollectingDispatcher, tracker: Tracker, kept: commitments.Commitment) -> Events:
    """Open a kept commitment's summary to change a part of it: the one that the message names, or it is asked which."""
    slots: dict[str, Any] = {
        "commitment_what": kept.what,
        "commitment_with": kept.with_whom or SKIPPED,
        "commitment_when": kept.due.isoformat() if kept.due >= today() else None,
        "commitment_at": f"{kept.due_time:%H:%M}" if kept.due_time else None,
        "commitment_obstacle": kept.obstacle or SKIPPED,
        "commitment_plan": kept.plan or SKIPPED,
        "commitment_confidence": SKIPPED if kept.confidence is None else str(kept.confidence),
        "commitment_smaller": SKIPPED,
        "commitment_confirm": "change",
        "commitment_practice": kept.practice_id,
        "commitment_editing": f"{kept.id} {kept.due.isoformat()}",
        "dropped_commitment": None,
    }
    part, _ = commitment_summary.said(tracker)
    before = seen_with(tracker, slots)
    if value := commitment_summary.changed(before):
        slots |= {**value, "commitment_confirm": None}
    elif part and part != "commitment_what":  # which 'wijzig mijn voornemen' names too
        slots |= {part: None, "commitment_confirm": None}
    if slots["commitment_confirm"]:
        say(dispatcher, "commitment_change_intro", what=texts.quote(kept.what))
    return begin(tracker, "commitment", **slots)


class ActionCommitmentStart(Action):
    """'Ik neem me voor om ...'."""

    def name(self) -> str:
        """See the class."""
        return "action_commitment_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Take the sentence itself as the action when it holds one."""
        text = raw(tracker)
        what = self._what(text, tracker)
        return start_with(dispatcher, tracker, what, own_case_act=None, **_beside_the_action(text, what))

    @staticmethod
    def _what(text: str, tracker: Tracker) -> str:
        """The action in the message, or the one that an own case led to; '' when there is none yet."""
        if labelled := restated.action_in(text):
            return labelled
        what = restated.sentence_in(text, today(), settings())
        part = what if what != text else ""
        if restated.announces(text) or side_talk.wish_in(text):
            return side_talk.action_in(text) or part or announced(tracker)
        if len(text.split()) < ACTION_WORDS:
            return side_talk.act_in(text) or announced(tracker)
        if part or len(sentences(text)) > 1:
            return part or side_talk.action_in(text) or what
        return what if len(what.split()) >= ACTION_WORDS else announced(tracker)


def _beside_the_action(text: str, what: str) -> dict[str, Any]:
    """The slots of who, and of which moment, is named beside an action that is one sentence of several."""
    role = restated.role_beside(text) if what else ""
    around = moment_around(text, what) if what else {}
    return {**around, **said_ahead_slots(what), **({"commitment_with": role} if role else {})}


class ValidateCommitmentForm(JourneyForm):
    """The parts of a commitment; some only when they are needed."""

    journey = "commitment"

    def applies(self, slot: str, tracker: Tracker) -> bool:
        """A vague day is confirmed, a low confidence leads to a smaller action, a 'no' to a change."""
        if slot == "commitment_date_confirm":
            return given(tracker, "commitment_when").endswith("?")
        if slot == "commitment_smaller":
            confidence = given(tracker, "commitment_confidence")
            return bool(confidence) and int(confidence) < CONFIDENT_FROM
        if slot == "commitment_change":
            return given(tracker, "commitment_confirm") == "change"
        return True

    def settle(self, slot: str, value: str, tracker: Tracker) -> dict[str, Any]:
        """Confirmations and changes act on the part they are about."""
        if slot == "commitment_date_confirm":
            return commitment_summary.confirmed_day(value, tracker)
        if slot == "commitment_smaller" and value != SKIPPED and not keeps_it(value):
            return {slot: value, "commitment_what": value, **said_ahead_slots(value)}
        if slot == "commitment_what":
            return {slot: value, **moment_around(typed(tracker), value), **said_ahead_slots(value)}
        if slot == "commitment_when":
            moment = moment_said.read(typed(tracker), today(), settings())
            return {
                slot: value,
                **(day_slot(moment.day) if moment.day.kind == "date" else {}),
                **hour_slot(moment.hour),
            }
        if slot == "commitment_with":
            return self._with_whom(value, tracker)
        if slot == "commitment_confirm" and (
            value == "change" or (value == "yes" and commitment_summary.takes_back(tracker))
        ):
            return self._change(tracker)
        if slot == "commitment_change":
            again = {slot: None, **commitment_summary.AGAIN}
            if value == SKIPPED:
                return again
            return {**again, **(commitment_summary.changed(tracker) or {value: None})}
        return {slot: value}

    def words_kept(self, question: Question, text: str, tracker: Tracker) -> str:
        """Without what says that it was said before; of a story about what to do, the sentence that says it."""
        if is_long(text):
            return text
        part, new = labels.leading(text, commitment_summary.parts())
        text = restated.without_questions(without_remarks(new if part == question.slot and new else text))
        if question.slot == "commitment_what":
            return restated.sentence_in(text, today(), settings()) or text
        if question.slot in WITH_A_MOMENT_BESIDE:
            text = moment_said.split(text)[0] or text
        return restated.plan_in(text) if question.slot == "commitment_plan" else text

    def _accept(
        self, question: Question, text: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        """Asked what to change, 'niets, bewaar het gewoon' keeps it as it is; the day of asking is no day of doing it."""
        if question.slot in AT_THE_SUMMARY and text == raw(tracker):
            day = asking_day.day_to_ask(text, today())
            if day is not None:
                return self._ask_on(question, day, dispatcher, tracker)
        if question.slot not in AT_THE_SUMMARY and (other := self._restated(question, text, tracker)):
            return other
        after_those = ("commitment_when", "commitment_obstacle", "commitment_plan")
        if question.slot in after_those and (known := self._said_again(question, text, tracker)):
            return {**known, question.slot: None, "question_asked": None}
        beside = self._moment_beside(question, text, dispatcher, tracker)
        if beside and not normalise(moment_said.split(text)[0]):
            return {**beside, question.slot: None, "question_asked": None}
        accepted = self._accept_rest(question, text, dispatcher, tracker)
        if question.slot == "commitment_when" and accepted.get(question.slot) is None:
            # An hour without a day; the day is asked again.
            return {**accepted, **hour_slot(moment_said.read(text, today(), settings()).hour)}
        return {**accepted, **beside}

    @staticmethod
    def _moment_beside(
        question: Question, text: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        """The slots of another day or hour beside an answer, which is said back: '7. Maar doe half 8'."""
        if question.slot not in WITH_A_MOMENT_BESIDE or text == SKIPPED:
            return {}
        moment = moment_said.split(text)[1]
        slots = moment_slots(moment_said.moved_to(moment, today(), settings())) if moment else {}
        now = seen_with(tracker, slots)
        if slots and due_day(now) and question.slot in SAID_BACK_AT:
            say(dispatcher, "commitment_moment_noted", day=values(now)["day"])
        return slots

    @staticmethod
    def _restated(question: Question, text: str, tracker: Tracker) -> dict[str, Any]:
        """'Nee! Mijn voornemen is: ...' is the action, whatever is asked; who, day and hour of the old one go with it."""
        new = restated.action_in(text)
        part, value = labels.leading(text, commitment_summary.parts())
        if not new and part not in ("", question.slot):
            said = commitment_summary.new_value(part, value, tracker)
            return {question.slot: None, "question_asked": None, "question_failures": 0, **said} if said else {}
        if question.slot == "commitment_what" or not (new or restated.takes_back(text)):
            return {}
        of_the_old = said_ahead_slots(given(tracker, "commitment_what"))
        emptied = {slot: None for slot, value in of_the_old.items() if tracker.get_slot(slot) == value}
        role = restated.role_beside(text)
        beside = {"commitment_with": role} if role else {}
        slots = {**emptied, question.slot: None, "commitment_what": new or None, **said_ahead_slots(new), **beside}
        return {**slots, "question_asked": None, "question_failures": 0}

    def _ask_on(
        self, question: Question, day: datetime.date, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        """Keep the day of asking, and take the rest of the message as the answer."""
        rest = typed(tracker)
        changes: dict[str, Any] = {"commitment_confirm": None, "commitment_change": None, "question_asked": None}
        if normalise(rest):
            changes = self._accept_rest(question, rest, dispatcher, tracker)
        due = due_day(Tracker(tracker.sender_id, {**tracker.slots, **changes}, {}, [], False, None, {}, ""))
        if due is not None and changes.get("commitment_confirm") not in ("yes", "drop"):
            with services().engine.begin() as connection:
                person = people.find(connection, tracker.sender_id)
            ask_at = moment_for(person, due, settings(), day)
            say(dispatcher, "commitment_ask_noted", why=why_then(day, due, ask_at), ask_day=ask_day_shown(ask_at))
        return {**changes, "commitment_ask_on": day.isoformat()}

    def _accept_rest(
        self, question: Question, text: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        confirm = content().questions["commitment_confirm"].choices
        yes = confirm[0]
        asked = question.slot == "commitment_change" and not any(commitment_summary.said(tracker))
        changed = commitment_summary.changed(tracker) if asked and not says_only_yes(text) else {}
        if changed:  # 'om 13u' names no part
            return {question.slot: None, **commitment_summary.AGAIN, "question_failures": 0, **changed}
        kept = match_choice(confirm, text) == yes.value and not says_only_yes(text) and not takes_yes_back(text, yes)
        if asked and kept:
            return {question.slot: None, "commitment_confirm": yes.value, "question_failures": 0}
        accepted = super()._accept(question, text, dispatcher, tracker)
        if question.slot in AT_THE_SUMMARY and text == raw(tracker):
            self._say_what_is_left(dispatcher, accepted, tracker)
        return accepted

    @staticmethod
    def _say_what_is_left(dispatcher: CollectingDispatcher, accepted: dict[str, Any], tracker: Tracker) -> None:
        """Of several parts that somebody finds wrong, say which ones have no new words yet."""
        new = {slot: value for slot, value in accepted.items() if value is not None}
        labels = {part.value: part.label for part in commitment_summary.parts()}
        left = commitment_summary.not_placed(tracker, accepted)
        if left and (done := [label for slot, label in labels.items() if slot in new]):
            say(dispatcher, "commitment_changed_some", changed=", ".join(done), left=", ".join(left))

    @staticmethod
    def _said_again(question: Question, text: str, tracker: Tracker) -> dict[str, Any]:
        """The slots of a bare day or the known person: whoever types those, did not see that they are not asked any more."""
        known = given(tracker, "commitment_with")
        if known and said_ahead.says_again(text, known):
            return {"commitment_with": known}
        if question.kind == "date" or len(text.split()) > DAY_WORDS:
            return {}
        day = dates.understand(text, today())
        if day.kind != "date":
            return hour_slot(moment_said.hour_alone(text, settings()))
        return {**day_slot(day), **hour_slot(day_times.clock_time(text, settings()))}

    @staticmethod
    def _with_whom(value: str, tracker: Tracker) -> dict[str, Any]:
        """Whoever names a day where a person was asked, is ahead of the questions: the day is kept."""
        day = dates.understand(value, today())
        if value == SKIPPED or day.kind != "date" or day.day is None or len(value.split()) > DAY_WORDS:
            return {"commitment_with": value, **({} if given(tracker, "commitment_when") else day_said(tracker))}
        hour = hour_slot(day_times.clock_time(value, settings()))
        return {"commitment_with": None, "commitment_when": day.day.isoformat(), **hour}

    @staticmethod
    def _change(tracker: Tracker) -> dict[str, Any]:
        """'Nee, liever woensdag' says what to change and into what, as does 'met wie moet mijn teamleider zijn'."""
        if slots := commitment_summary.changed(tracker):
            return {**commitment_summary.AGAIN, **slots}
        part, new = commitment_summary.said(tracker)
        if new:  # what already stands there
            return {**commitment_summary.AGAIN}
        return {**commitment_summary.AGAIN, part: None} if part else {"commitment_confirm": "change"}
