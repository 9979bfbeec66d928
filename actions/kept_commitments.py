"""The commitments that are open, and the one that was dropped last and is wanted back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.commitment_keep import DRAFT
from actions.common import Events, given, person_here, say, services
from actions.days import ask_day_shown, day_and_time
from actions.journeys import go_to
from actions.questions import menu_buttons
from bondgenoot import texts
from bondgenoot.moments import follow_up_moment
from bondgenoot.store import commitments, follow_ups, people


class ActionCommitmentRestore(Action):
    """'Toch niet schrappen': the commitment that was dropped last is open again."""

    def name(self) -> str:
        """See the class."""
        return "action_commitment_restore"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Reopen what was kept, or go back to the summary of what was not."""
        dropped = given(tracker, "dropped_commitment")
        if dropped == DRAFT and given(tracker, "commitment_what"):
            say(dispatcher, "commitment_draft_back")
            asked = ("commitment_confirm", "question_asked", "dropped_commitment")
            return [*(SlotSet(slot, None) for slot in asked), *go_to("commitment")]
        here = services()
        with person_here(tracker) as connection:
            found = commitments.find(connection, here.cipher, tracker.sender_id, dropped)
            if found is not None and found.state == "cancelled":
                person = people.find(connection, tracker.sender_id)
                due = max(found.due, here.clock.today())
                ask_at = follow_up_moment(due, person.country if person else None, here.settings)
                commitments.renegotiate(connection, found.id, due, ask_at)
                day = day_and_time(due, found.due_time)
                say(dispatcher, "commitment_restored", what=texts.quote(found.what), day=day)
            else:
                say(dispatcher, "commitment_not_restored", menu_buttons())
        return [SlotSet("dropped_commitment", None)]


class ActionCommitmentList(Action):
    """'Wat had ik me voorgenomen?'."""

    def name(self) -> str:
        """See the class."""
        return "action_commitment_list"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """List the open commitments."""
        here = services()
        with person_here(tracker) as connection:
            found = commitments.of_person(connection, here.cipher, tracker.sender_id, "open")
            asked = {row.commitment_id: row.due_at for row in follow_ups.pending_of(connection, tracker.sender_id)}
        if not found:
            say(dispatcher, "commitments_none")
        list_open(dispatcher, found, asked)
        return []


def list_open(
    dispatcher: CollectingDispatcher, found: list[commitments.Commitment], asked: Mapping[str, datetime.datetime]
) -> None:
    """Say which commitments are open, if any, each with its day, and with the day on which it is asked, by its id."""
    if not found:
        return
    lines = []
    for item in found:
        shown = {"what": texts.quote(item.what), "day": day_and_time(item.due, item.due_time)}
        if item.id in asked:
            lines.append(texts.say("commitment_line_asked", **shown, ask_day=ask_day_shown(asked[item.id]))[0])
        else:
            lines.append(texts.say("commitment_line", **shown)[0])
    say(dispatcher, "commitments_open", items="\n".join(lines))
