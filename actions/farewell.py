"""Taking leave: 'tot later', with the day of the commitment that comes first."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.common import person_here, say, services
from bondgenoot import texts
from bondgenoot.store import commitments


def say_goodbye(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Take leave; nothing is closed."""
    here = services()
    with person_here(tracker) as connection:
        kept = commitments.of_person(connection, here.cipher, tracker.sender_id, "open")
    coming = [item for item in kept if item.due >= here.clock.today()]
    if coming:
        say(dispatcher, "goodbye_commitment", day=texts.day(coming[0].due, here.clock.today()))
    else:
        say(dispatcher, "goodbye")
