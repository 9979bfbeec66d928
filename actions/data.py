"""The journey 'data': what is kept, seeing it, erasing it, pausing the follow-ups."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.common import Events, given, person_here, say, services
from actions.journey_form import JourneyForm
from actions.journeys import begin
from actions.questions import keep_loop, menu_buttons
from actions.scan import number
from bondgenoot import texts
from bondgenoot.store import commitments, people, scans


class ActionDataExport(Action):
    """'Wat weet je van mij?': everything that the product keeps, in words."""

    def name(self) -> str:
        """See the class."""
        return "action_data_export"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """List it."""
        here = services()
        with person_here(tracker) as connection:
            kept = commitments.of_person(connection, here.cipher, tracker.sender_id)
            taken = scans.of_person(connection, here.cipher, tracker.sender_id)
            seen = people.seen_items(connection, tracker.sender_id, "dilemma")
            seen += people.seen_items(connection, tracker.sender_id, "practice")
        today = here.clock.today()
        nothing = texts.say("not_given")[0]
        lines = [
            texts.say(
                "export_commitment",
                what=item.what,
                with_whom=item.with_whom or nothing,
                plan=item.plan or nothing,
                day=texts.day(item.due, today),
                state=texts.say(f"state_{item.state}")[0],
            )[0]
            for item in kept
        ]
        for scan in taken:
            scores = ", ".join(f"{texts.say(f'core_{core}')[0]} {number(score)}" for core, score in scan.scores.items())
            day = texts.day(scan.at.astimezone(here.settings.time_zone).date(), today)
            lines.append(texts.say("export_scan", day=day, lines=scores)[0])
        if seen:
            lines.append(texts.say("export_seen", count=len(set(seen)))[0])
        if lines:
            say(dispatcher, "export", items="\n".join(lines))
        else:
            say(dispatcher, "export_nothing")
        return keep_loop(tracker)


class ActionEraseStart(Action):
    """'Wis alles': asks once whether it is meant."""

    def name(self) -> str:
        """See the class."""
        return "action_erase_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Begin."""
        return begin(tracker, "data")


class ValidateDataForm(JourneyForm):
    """Yes or no."""

    journey = "data"


class ActionEraseFinish(Action):
    """Erases the product's tables at once; the tracker store erases the conversation when this turn is saved."""

    def name(self) -> str:
        """See the class."""
        return "action_erase_finish"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Erase with a receipt, or keep everything."""
        if given(tracker, "data_erase_confirm") != "yes":
            say(dispatcher, "erase_kept", menu_buttons())
            return []
        with services().engine.begin() as connection:
            counts = people.erase(connection, tracker.sender_id)
        say(dispatcher, "erased", count=sum(counts.values()))
        return [SlotSet("erase_conversation", True)]


class ActionFollowUpsPause(Action):
    """'Vraag me even niets meer'."""

    def name(self) -> str:
        """See the class."""
        return "action_follow_ups_pause"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Pause."""
        with person_here(tracker) as connection:
            people.set_paused(connection, tracker.sender_id, True)
        say(dispatcher, "paused")
        return keep_loop(tracker)


class ActionFollowUpsResume(Action):
    """'Je mag het weer vragen'."""

    def name(self) -> str:
        """See the class."""
        return "action_follow_ups_resume"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Resume."""
        with person_here(tracker) as connection:
            people.set_paused(connection, tracker.sender_id, False)
        say(dispatcher, "unpaused")
        return keep_loop(tracker)
