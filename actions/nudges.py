"""When the follow-up question comes, and whether a mail says that it waits. The person decides both, at any time."""

from __future__ import annotations

import datetime
from typing import Any

import sqlalchemy as sa
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.common import Events, given, open_question, person_here, say, services
from actions.days import ask_day_shown, at_time, day_and_time, why_then
from actions.journeys import leave
from actions.questions import keep_loop
from bondgenoot import asking_day, dates, day_times, texts
from bondgenoot.moments import moment_on
from bondgenoot.store import addresses, commitments, follow_ups, people


class ActionAskTimeChange(Action):
    """'Liever 's middags', 'vraag het vrijdag om tien uur'; also as an answer to the follow-up question itself."""

    def name(self) -> str:
        """See the class."""
        return "action_ask_time_change"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """A time of day holds from now on; a day moves the question that is open, or else the promise made last."""
        here = services()
        text = str((tracker.latest_message or {}).get("text") or "")
        # 'De sessie blijft woensdag om 13u, alleen jij mag vrijdag vragen' asks on Friday, and names no time for that.
        asked_on = asking_day.day_to_ask(text, here.clock.today())
        asking = text if asked_on is None else asking_day.asking_part(text)
        time = day_times.understand(asking, here.settings)
        day = asked_on or dates.understand(text, here.clock.today()).day
        if time is None and day is None:
            start, end = here.settings.workday_start, here.settings.workday_end
            say(dispatcher, "ask_time_unclear", start=day_times.shown(start), end=day_times.shown(end))
            return keep_loop(tracker)
        with person_here(tracker) as connection:
            if time is not None:
                people.set_ask_time(connection, tracker.sender_id, time)
            person = people.find(connection, tracker.sender_id)
            assert person is not None
            question = open_question(tracker)
            if question is not None and question.slot == "follow_up_result":
                commitment = commitments.find(
                    connection, here.cipher, tracker.sender_id, given(tracker, "follow_up_commitment")
                )
                if commitment is not None and commitment.state == "open":
                    moment = _moment(person, day or here.clock.today())
                    follow_ups.ask_again(connection, commitment.id, moment)
                    self._say_moved(dispatcher, moment)
                    return leave(tracker)
            found = _promised_last(connection, tracker) if day is not None else None
            # With a time it may be the day itself: 'vraag het vanmiddag'.
            if found is not None and day is not None and (time is None or day < found.due):
                ask_on(dispatcher, connection, person, found, day)
                return keep_loop(tracker)
            moved = self._move_pending(connection, person, day)
        if moved is not None:
            self._say_moved(dispatcher, moved)
        else:
            known = time or person.ask_time or here.settings.workday_start
            say(dispatcher, "ask_time_changed", time=day_times.shown(known))
        return keep_loop(tracker)

    def _move_pending(
        self, connection: Any, person: people.Person, day: datetime.date | None
    ) -> datetime.datetime | None:
        """Every question keeps its day and gets the time; with a day, only the promise made last moves to it."""
        zone = services().settings.time_zone
        rows = follow_ups.pending_of(connection, person.id)
        moments = {}
        for row in rows[-1:] if day else rows:
            moments[row.id] = _moment(person, day or row.due_at.astimezone(zone).date())
            follow_ups.move(connection, row.id, moments[row.id])
        return min(moments.values(), default=None)

    @staticmethod
    def _say_moved(dispatcher: CollectingDispatcher, moment: datetime.datetime) -> None:
        here = services()
        day = texts.day(moment.astimezone(here.settings.time_zone).date(), here.clock.today())
        say(dispatcher, "ask_time_moved", moment=at_time(day, moment))


def _moment(person: people.Person, day: datetime.date) -> datetime.datetime:
    """The person's time on `day`; on the next working day when that has passed."""
    here = services()
    moment = moment_on(day, person.country, here.settings, person.ask_time)
    if moment <= here.clock.now():
        tomorrow = here.clock.today() + datetime.timedelta(days=1)
        moment = moment_on(tomorrow, person.country, here.settings, person.ask_time)
    return moment


def _promised_last(connection: sa.engine.Connection, tracker: Tracker) -> commitments.Commitment | None:
    """The commitment of the promise made last that is still to be kept."""
    rows = follow_ups.pending_of(connection, tracker.sender_id)
    if not rows:
        return None
    return commitments.find(connection, services().cipher, tracker.sender_id, rows[-1].commitment_id)


def ask_on(
    dispatcher: CollectingDispatcher,
    connection: sa.engine.Connection,
    person: people.Person,
    commitment: commitments.Commitment,
    day: datetime.date,
) -> None:
    """Ask about a commitment on another day, but after its own, and say when; the day of the commitment stays."""
    moment = _moment(person, max(day, commitment.due + datetime.timedelta(days=1)))
    follow_ups.ask_at(connection, commitment.id, moment)
    say(
        dispatcher,
        "follow_up_asked_on",
        ask_day=ask_day_shown(moment),
        day=day_and_time(commitment.due, commitment.due_time),
        why="" if day == services().clock.today() > commitment.due else why_then(day, commitment.due, moment),
    )


class ActionEmailOn(Action):
    """'Mail me een seintje': the yes without which no address is kept longer than a day."""

    def name(self) -> str:
        """See the class."""
        return "action_email_on"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Agree, or say why there is no mail here."""
        here = services()
        if here.settings.email is None:
            say(dispatcher, "email_not_here")
            return keep_loop(tracker)
        with person_here(tracker) as connection:
            agreed = addresses.agree(connection, tracker.sender_id, here.clock.now())
            address = addresses.find(connection, here.cipher, tracker.sender_id) if agreed else None
        if address:
            say(dispatcher, "email_on", address=address)
        else:
            say(dispatcher, "email_no_address")
        return keep_loop(tracker)


class ActionEmailOff(Action):
    """'Geen mails meer': the address goes, at once."""

    def name(self) -> str:
        """See the class."""
        return "action_email_off"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Withdraw."""
        with person_here(tracker) as connection:
            addresses.withdraw(connection, tracker.sender_id)
        say(dispatcher, "email_off")
        return keep_loop(tracker)
