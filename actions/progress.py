"""The journey 'progress': word and deed over time."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.commitment import list_open
from actions.common import Events, person_here, say, services
from actions.questions import keep_loop
from bondgenoot.store import commitments


class ActionProgressShow(Action):
    """'Hoe doe ik het?': how commitments ended, in words."""

    def name(self) -> str:
        """See the class."""
        return "action_progress_show"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Count by state."""
        here = services()
        with person_here(tracker) as connection:
            kept = commitments.of_person(connection, here.cipher, tracker.sender_id)
        if not kept:
            say(dispatcher, "progress_none")
        else:
            states = [item.state for item in kept]
            say(dispatcher, "progress", **{state: states.count(state) for state in commitments.STATES})
            list_open(dispatcher, [item for item in kept if item.state == "open"])
        return keep_loop(tracker)
