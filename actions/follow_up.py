"""The journey 'follow_up': the assistant keeps its own promise and asks how it went."""

from __future__ import annotations

import datetime
import re
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import practice
from actions.commitment import change, start_with
from actions.commitment_slots import due_day
from actions.common import Events, given, intents_of, journey_values, person_here, say, services
from actions.days import day_and_time
from actions.journey_form import JourneyForm, answered
from actions.journeys import begin, go_to
from actions.moving import move
from actions.nudges import ask_on
from actions.questions import keep_loop, menu_buttons, when_asked
from actions.reflections import offer_to_keep
from bondgenoot import asides, asking_day, dates, hours_said, moment_said, tellings, texts
from bondgenoot.content import content
from bondgenoot.own_choices import candidates
from bondgenoot.questions import SKIPPED, Question, match_choice, normalise
from bondgenoot.store import commitments, follow_ups, people
from bondgenoot.store.commitments import Commitment
from bondgenoot.turn_words import menu_labels

ACTION_LISTEN = "action_listen"
# So many open commitments are written out to choose from, the first due first, each in at most so many characters; the
# others have a button.
MOST_LISTED, LONGEST_LISTED = 4, 70
# What the person wants with a commitment that is no result: other words for it.
CHANGED = "changed"


def _commitment(tracker: Tracker) -> Commitment | None:
    # Being asked is not being here: retention and the mail count from what the person does.
    with services().engine.begin() as connection:
        return commitments.find(
            connection, services().cipher, tracker.sender_id, given(tracker, "follow_up_commitment")
        )


@journey_values("follow_up")
def values(tracker: Tracker) -> dict[str, Any]:
    """What was promised, for which day, and what the person thought could stop them."""
    commitment = _commitment(tracker)
    found = tracker.get_slot("follow_up_candidates") or []
    lines = [
        texts.say("candidate_line", number=number, what=texts.quote(item["what"], LONGEST_LISTED), day=item["day"])[0]
        for number, item in enumerate(found[:MOST_LISTED], 1)
    ]
    named = {"candidates": "\n".join(lines)}
    if commitment is None:
        return {**named, "what": "", "day": "", "obstacle": ""}
    return {
        **named,
        "what": texts.quote(commitment.what),
        "day": day_and_time(commitment.due, commitment.due_time),
        "obstacle": texts.quote(commitment.obstacle),
    }


def _remind(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Of the journey that was left for this, so that its question is not lost; not of one that the person stopped."""
    paused = tracker.get_slot("paused_journey")
    if paused in content().journeys and paused != tracker.get_slot("declined_journey"):
        say(dispatcher, "journey_waits", [menu_labels()["resume"]], journey=texts.say(f"journey_{paused}")[0])


class ActionFollowUpOpen(Action):
    """The promised moment. Asks each follow-up once, whatever the dispatcher repeats, and only its owner."""

    def name(self) -> str:
        """See the class."""
        return "action_follow_up_open"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Start the form, unless this row was asked in this conversation or is no longer open."""
        entities = (tracker.latest_message or {}).get("entities") or []
        row_id = next((str(entity["value"]) for entity in entities if entity["entity"] == "follow_up"), "")
        asked = list(tracker.get_slot("follow_ups_asked") or [])
        with services().engine.begin() as connection:
            row = follow_ups.find(connection, tracker.sender_id, row_id)
        if row is None or row.id in asked or row.state not in ("claimed", "pending"):
            # In silence: an open question was asked, and stays open.
            return [*keep_loop(tracker), FollowupAction(ACTION_LISTEN)]
        return [
            *begin(tracker, "follow_up", follow_up_commitment=row.commitment_id, follow_up_row=row.id),
            *go_to("follow_up"),
        ]


@when_asked("follow_up_result")
def note_asked(tracker: Tracker) -> Events:
    """The row counts as asked from the moment the question itself stands in the conversation, not before.

    Rasa keeps what earlier actions of a turn did also when a later one fails; noted when the form started, a question that
    was never said would count as asked.
    """
    row_id = given(tracker, "follow_up_row")
    asked = list(tracker.get_slot("follow_ups_asked") or [])
    if not row_id or row_id in asked:
        return []
    return [SlotSet("follow_ups_asked", [*asked, row_id][-50:])]


def drops_a_word(text: str) -> bool:
    """Whether somebody wants other words, and does not drop the commitment: 'haal dat woord uit mijn voornemen'."""
    plain = normalise(text)
    if asides.changes_commitment(plain):
        return True
    return any(re.search(rf"\b{asides.expression(phrase)}\b", plain) for phrase in texts.phrases("drops_a_word"))


class ActionFollowUpReport(Action):
    """The person tells by themselves: done, partly, not, another day, or dropped."""

    RESULTS: ClassVar[dict[str, str]] = {
        "report_done": "done",
        "report_partial": "partial",
        "report_not_done": "not_done",
        "postpone_commitment": "postponed",
        "cancel_commitment": "cancelled",
        "change_commitment": CHANGED,
    }

    def name(self) -> str:
        """See the class."""
        return "action_follow_up_report"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Of several open commitments the one that the words name; without one, it is asked which."""
        here = services()
        with person_here(tracker) as connection:
            found = commitments.of_person(connection, here.cipher, tracker.sender_id, "open")
        text = str((tracker.latest_message or {}).get("text") or "")
        if not found and tellings.tells(text):
            # 'De planner heeft mijn hele rooster omgegooid' moves no commitment, but tells what is going on.
            return [FollowupAction("action_own_case_start")]
        if not found:
            say(dispatcher, "which_commitment", menu_buttons())
            return []
        today = here.clock.today()
        listed = [
            {"id": item.id, "what": item.what, "with": item.with_whom, "day": texts.day(item.due, today)}
            for item in found
        ]
        meant = found[0].id if len(found) == 1 else match_choice(candidates(listed), text)
        if meant is None and moment_said.moves(text):  # 'toch om 6u' is about the newest
            meant = max(found, key=lambda one: one.created).id
        result = self.RESULTS.get(next(iter(intents_of(tracker)), ""))
        asked_on = asking_day.day_to_ask(text, today) if result in ("postponed", CHANGED) else None
        if asked_on is not None:
            return self._ask_on(dispatcher, tracker, next((one for one in found if one.id == meant), None), asked_on)
        if result == "cancelled" and drops_a_word(text):
            result = CHANGED
        slots: dict[str, Any] = {"follow_up_commitment": meant, "follow_up_row": None}
        slots["follow_up_candidates"] = None if meant else listed
        slots["follow_up_result"] = result
        typed = dates.understand(text, today)
        if slots["follow_up_result"] == "postponed" and typed.day is not None:
            slots["follow_up_date"] = typed.day.isoformat()
        elif result == "postponed" and meant:
            kept = next(one for one in found if one.id == meant)
            hour = hours_said.at_summary(text, here.settings)
            if moment_said.moves(text):
                hour = moment_said.moved_to(text, today, here.settings).hour
            if hour not in (None, kept.due_time) and kept.due >= today:  # 'verzet het naar 15 uur' keeps the day
                slots["follow_up_date"] = kept.due.isoformat()
        return [*begin(tracker, "follow_up", **slots), *go_to("follow_up")]

    @staticmethod
    def _ask_on(
        dispatcher: CollectingDispatcher, tracker: Tracker, meant: Commitment | None, day: datetime.date
    ) -> Events:
        """'Vraag het me pas vrijdag' moves the question, of the promise made last when none is named."""
        here = services()
        with person_here(tracker) as connection:
            person = people.find(connection, tracker.sender_id)
            kept = commitments.of_person(connection, here.cipher, tracker.sender_id, "open")
            meant = meant or max(kept, key=lambda one: one.created, default=None)
            if person is not None and meant is not None:
                ask_on(dispatcher, connection, person, meant, day)
            else:
                say(dispatcher, "commitments_none")
        return keep_loop(tracker)


class ValidateFollowUpForm(JourneyForm):
    """How it went, what happened, what the other noticed, what is next; or the new day."""

    journey = "follow_up"
    settles_prefilled = True

    def applies(self, slot: str, tracker: Tracker) -> bool:
        """Another day asks only for the day; dropping asks nothing."""
        if slot == "follow_up_which":
            return bool(tracker.get_slot("follow_up_candidates")) and not given(tracker, "follow_up_commitment")
        if tracker.get_slot("follow_up_which") == SKIPPED:
            return False
        if slot == "follow_up_result":
            return True
        if slot == "follow_up_date":
            return answered(tracker, "follow_up_result", "postponed")
        if slot == "follow_up_effect":
            return answered(tracker, "follow_up_result", "done", "partial")
        return answered(tracker, "follow_up_result", "done", "partial", "not_done")

    def step_back(self, slot: str, tracker: Tracker) -> dict[str, Any]:
        """Back to which commitment it is about, the choice is open again."""
        changes = super().step_back(slot, tracker)
        return {**changes, "follow_up_commitment": None} if "follow_up_which" in changes else changes

    def settle(self, slot: str, value: str, tracker: Tracker) -> dict[str, Any]:
        """The choice is a commitment's; a day that came with 'another day' needs no question of its own."""
        if slot == "follow_up_which":
            return {slot: value, "follow_up_commitment": None if value == SKIPPED else value}
        if slot != "follow_up_result" or value not in ("postponed", "not_done"):
            return {slot: value}
        text = str((tracker.latest_message or {}).get("text") or "")
        if value == "not_done" and not self._moves_it(text, tracker):
            return {slot: value}
        typed = dates.understand(text, services().clock.today())
        if typed.day is not None:
            return {slot: "postponed", "follow_up_date": typed.day.isoformat()}
        return {slot: value}

    def _accept(
        self, question: Question, text: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        """What is to be done with the commitment may be other words for it, which no choice stands for."""
        if question.slot == "follow_up_result" and text == CHANGED:
            return {question.slot: CHANGED}
        return super()._accept(question, text, dispatcher, tracker)

    @staticmethod
    def _moves_it(text: str, tracker: Tracker) -> bool:
        """'Nog niet, ik verzet het naar vrijdag' is another day, not a 'no'."""
        if "postpone_commitment" in intents_of(tracker)[:1]:
            return True
        choices = content().questions["follow_up_result"].choices
        return match_choice([choice for choice in choices if choice.value == "postponed"], text) is not None


def core_of(commitment: Commitment) -> str:
    """Which core of credibility the practice behind a commitment was about; '' when there was no practice."""
    known = content().practices.get(commitment.practice_id or "")
    return texts.say("follow_up_core", core=texts.say(f"core_{known.cores[0]}")[0])[0] if known else ""


class ActionFollowUpFinish(Action):
    """Writes down how it ended and goes on to the next step that the person chose."""

    def name(self) -> str:
        """See the class."""
        return "action_follow_up_finish"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Close, move or cancel; then again, smaller, something else, or enough."""
        commitment = _commitment(tracker)
        result = given(tracker, "follow_up_result")
        if commitment is None or not result:
            say(dispatcher, "follow_up_closed", menu_buttons())
            return []
        if result == "postponed":
            return self._move(dispatcher, tracker, commitment)
        if result == CHANGED:
            return [*change(dispatcher, tracker, commitment), *go_to("commitment")]
        now = services().clock.now()
        with person_here(tracker) as connection:
            commitments.close(connection, commitment.id, result, now)
        if result == "cancelled":
            say(dispatcher, "cancelled", menu_buttons(), what=texts.quote(commitment.what))
            _remind(dispatcher, tracker)
            return [SlotSet("dropped_commitment", commitment.id)]
        story = texts.quote(given(tracker, "follow_up_story"))
        keep, events = offer_to_keep(tracker, "follow_up")
        if result == "not_done" and not story:
            say(dispatcher, "follow_up_thanks_not_done_plain")
        else:
            more = " ".join(filter(None, (core_of(commitment), keep)))
            say(dispatcher, f"follow_up_thanks_{result}", story=story, more=more)
        return [*events, *self._next(dispatcher, tracker, commitment)]

    @staticmethod
    def _move(dispatcher: CollectingDispatcher, tracker: Tracker, commitment: Commitment) -> Events:
        here = services()
        due = due_day(tracker, "follow_up_date")
        if due is None:
            say(dispatcher, "follow_up_closed", menu_buttons())
            return []
        text = str((tracker.latest_message or {}).get("text") or "")
        said = moment_said.moved_to(text, here.clock.today(), here.settings).hour if moment_said.moves(text) else None
        hour = said or hours_said.at_summary(text, here.settings) or commitment.due_time
        move(dispatcher, tracker, commitment, due, hour)
        _remind(dispatcher, tracker)
        return []

    @staticmethod
    def _next(dispatcher: CollectingDispatcher, tracker: Tracker, commitment: Commitment) -> Events:
        step = given(tracker, "follow_up_next")
        kept: dict[str, Any] = {"commitment_with": commitment.with_whom or None}
        if step == "again":
            events = start_with(dispatcher, tracker, "", commitment_what=commitment.what, **kept)
            return [*events, *go_to("commitment")]
        if step == "smaller":
            return [*start_with(dispatcher, tracker, "", **kept), *go_to("commitment")]
        if step == "other":
            practice_known = content().practices.get(commitment.practice_id or "")
            core = practice_known.cores[0] if practice_known else ""
            return [*practice.start(tracker, [], core), *go_to("practice")]
        say(dispatcher, "follow_up_closed", menu_buttons())
        _remind(dispatcher, tracker)
        return []
