"""Keeping a commitment, or what was changed of one: the last step of the journey 'commitment'."""

from __future__ import annotations

import datetime
from typing import Any

import sqlalchemy as sa
from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import files
from actions.beside import asks_beside_a_choice
from actions.commitment_slots import action, due_day, due_time, raw
from actions.common import Events, given, message_id, person_here, say, services
from actions.days import ask_day_shown, at_time, day_and_time, moment_for, why_then
from actions.farewell import say_goodbye
from actions.meet import ask_once
from actions.questions import menu_buttons
from bondgenoot.content import content
from bondgenoot.store import commitments, follow_ups, people
from bondgenoot.turn_words import takes_leave

# What was dropped at the summary was never kept; its answers still stand in the slots.
DRAFT = "draft"


class ActionCommitmentFinish(Action):
    """Keeps the commitment and its follow-up in one transaction, says when it will ask, and asks for the country once."""

    def name(self) -> str:
        """See the class."""
        return "action_commitment_finish"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Keep or drop."""
        due = due_day(tracker)
        editing = given(tracker, "commitment_editing")
        if given(tracker, "commitment_confirm") != "yes" or due is None:
            if editing:
                say(dispatcher, "commitment_unchanged", menu_buttons())
                return [SlotSet("commitment_editing", None)]
            say(dispatcher, "commitment_dropped", menu_buttons())
            return [SlotSet("dropped_commitment", DRAFT)]
        here = services()
        with person_here(tracker) as connection:
            person = people.find(connection, tracker.sender_id)
            ask_on = due_day(tracker, "commitment_ask_on")
            ask_at = moment_for(person, due, here.settings, ask_on)
            confidence = given(tracker, "commitment_confidence")
            draft = commitments.Draft(
                what=action(tracker),
                due=due,
                with_whom=given(tracker, "commitment_with"),
                obstacle=given(tracker, "commitment_obstacle"),
                plan=given(tracker, "commitment_plan"),
                confidence=int(confidence) if confidence else None,
                practice_id=given(tracker, "commitment_practice") or None,
                due_time=due_time(tracker),
            )
            if editing:
                moved = self._change(dispatcher, connection, tracker, draft, ask_at)
            else:
                now, said = here.clock.now(), message_id(tracker)
                made = commitments.create(connection, here.cipher, tracker.sender_id, draft, ask_at, now, said)
        if editing:
            if moved:
                files.offer(dispatcher, tracker, "calendar_offer_moved", "ics", "calendar_file_title", moved)
            return [SlotSet("commitment_editing", None)]
        shown = ask_day_shown(ask_at)
        if person and person.ask_time:
            shown = at_time(shown, ask_at)
        why = why_then(ask_on, due, ask_at)
        say(dispatcher, "commitment_kept", day=day_and_time(due, draft.due_time), why=why, ask_day=shown)
        files.offer(dispatcher, tracker, "calendar_offer", "ics", "calendar_file_title", made)
        if takes_leave(raw(tracker)):
            say_goodbye(dispatcher, tracker)
        # One thing at a time: what was asked beside the yes was answered or put off just now.
        asked_beside = asks_beside_a_choice(content().questions["commitment_confirm"].choices, raw(tracker))
        return [] if asked_beside else ask_once(tracker, person)

    @staticmethod
    def _change(
        dispatcher: CollectingDispatcher,
        connection: sa.engine.Connection,
        tracker: Tracker,
        draft: commitments.Draft,
        ask_at: datetime.datetime,
    ) -> str:
        """Put the draft in the place of the commitment that is being changed, if that is still open.

        Returns its id when its moment is another one now, which the calendar should know; '' otherwise.

        Its day moves only when the person changed it: it may have been moved since. The question moves with the day, or
        to the day on which they want to be asked.
        """
        here = services()
        kept_id, _, was_due = given(tracker, "commitment_editing").partition(" ")
        kept = commitments.find(connection, here.cipher, tracker.sender_id, kept_id)
        if kept is None or kept.state != "open":
            say(dispatcher, "commitment_change_too_late", menu_buttons())
            return ""
        commitments.change(connection, here.cipher, kept.id, draft)
        if draft.due.isoformat() == was_due or draft.due == kept.due:
            if given(tracker, "commitment_ask_on"):
                follow_ups.ask_at(connection, kept.id, ask_at)
            changed_hour = draft.due_time != kept.due_time
            day = day_and_time(kept.due, draft.due_time)
            say(dispatcher, "commitment_changed", () if changed_hour else menu_buttons(), day=day)
            return kept.id if changed_hour else ""
        commitments.renegotiate(connection, kept.id, draft.due, ask_at)
        day = day_and_time(draft.due, draft.due_time)
        say(dispatcher, "follow_up_moved", day=day, ask_day=ask_day_shown(ask_at))
        return kept.id
