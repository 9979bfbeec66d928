"""The journey 'data': what is kept, seeing and downloading it, erasing it, pausing the follow-ups."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import files, sharing
from actions.common import Events, given, open_question, person_here, say, services, welcomed_in_this_turn
from actions.days import day_and_time
from actions.journey_form import JourneyForm
from actions.journeys import begin
from actions.questions import keep_loop, menu_buttons
from actions.scan import in_one_line
from bondgenoot import texts
from bondgenoot.store import addresses, commitments, people, reflections, scans
from bondgenoot.store.commitments import Commitment
from bondgenoot.store.scans import Scan

# Named one by one up to this many; more are counted, and stand in the file.
MOST_NAMED = 2
LONGEST_NAMED = 60


class ActionDataExport(Action):
    """'Wat weet je van mij?', 'download mijn gegevens': a summary, how long it is kept, and all of it in a file."""

    def name(self) -> str:
        """See the class."""
        return "action_data_export"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Summarise, say how long, and give the link; how long is left out when a question is open and follows."""
        if sharing.obey(dispatcher, tracker):
            return keep_loop(tracker)
        here = services()
        with person_here(tracker) as connection:
            kept = commitments.of_person(connection, here.cipher, tracker.sender_id)
            taken = scans.of_person(connection, here.cipher, tracker.sender_id)
            insights = reflections.of_person(connection, here.cipher, tracker.sender_id)
            address = addresses.find(connection, here.cipher, tracker.sender_id)
            shared = sharing.told(connection, tracker.sender_id)
            seen = {(row.kind, row.item) for row in people.seen_rows(connection, tracker.sender_id)}
        lines = [*_commitment_lines(kept), *_scan_lines(taken)]
        if insights:
            lines.append(texts.say("export_reflections", count=len(insights))[0])
        if seen:
            lines.append(texts.say("export_seen", count=len(seen))[0])
        if address:
            lines.append(texts.say("export_email", address=address)[0])
        lines += shared
        if lines:
            say(dispatcher, "export", items="\n".join(lines))
        else:
            say(dispatcher, "export_nothing")
        buttons: list[str] = []
        # Under a welcome, which says how the conversation is kept, there is room for two bubbles.
        if not open_question(tracker) and not welcomed_in_this_turn(tracker):
            buttons = sharing.buttons(is_on=bool(shared))
            days = here.settings.retention.days
            # In the place of a bubble, because a fourth one is too many.
            say(dispatcher, "export_conversation_share" if buttons else "export_conversation", days=days)
        files.offer(dispatcher, tracker, "export_link", "export", "export_file_title", buttons=buttons)
        return keep_loop(tracker)


def _commitment_lines(kept: list[Commitment]) -> list[str]:
    nothing = texts.say("not_given")[0]
    if len(kept) > MOST_NAMED:
        still_open = sum(item.state == "open" for item in kept)
        return [texts.say("export_commitments", count=len(kept), open=still_open)[0]]
    return [
        texts.say(
            "export_commitment",
            what=texts.quote(item.what, LONGEST_NAMED),
            with_whom=texts.quote(item.with_whom, LONGEST_NAMED) or nothing,
            plan=texts.quote(item.plan, LONGEST_NAMED) or nothing,
            day=day_and_time(item.due, item.due_time),
            state=texts.say(f"state_{item.state}")[0],
        )[0]
        for item in kept
    ]


def _scan_lines(taken: list[Scan]) -> list[str]:
    if not taken:
        return []
    here = services()
    last = taken[-1]
    day = texts.day(last.at.astimezone(here.settings.time_zone).date(), here.clock.today())
    if len(taken) == 1:
        return [texts.say("export_scan", day=day, lines=in_one_line(last.scores))[0]]
    return [texts.say("export_scans", count=len(taken), day=day)[0]]


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
