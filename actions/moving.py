"""Moving a kept commitment to another day or hour, its question with it, and saying so."""

from __future__ import annotations

import dataclasses
import datetime

import sqlalchemy as sa
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import files
from actions.common import person_here, say, services
from actions.days import ask_day_shown, day_and_time, moment_for
from bondgenoot import action_words, moment_said
from bondgenoot.store import commitments, follow_ups, people
from bondgenoot.store.commitments import Commitment, Draft


def move(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    commitment: Commitment,
    due: datetime.date,
    hour: datetime.time | None,
) -> None:
    """Put a commitment at another day or hour, or say that it is there already."""
    here = services()
    with person_here(tracker) as connection:
        person = people.find(connection, tracker.sender_id)
        ask_at = moment_for(person, due, here.settings)
        _reword(connection, commitment, due, hour)
        if due != commitment.due:
            commitments.renegotiate(connection, commitment.id, due, ask_at)
        else:
            ask_at = _still_asked(connection, commitment, ask_at)
    shown = {"day": day_and_time(due, hour), "ask_day": ask_day_shown(ask_at)}
    if due == commitment.due and hour == commitment.due_time:
        say(dispatcher, "follow_up_stands", **shown)
        return
    say(dispatcher, "follow_up_moved" if due != commitment.due else "follow_up_moved_hour", **shown)
    files.offer(dispatcher, tracker, "calendar_offer_moved", "ics", "calendar_file_title", commitment.id)


def move_newest(dispatcher: CollectingDispatcher, tracker: Tracker, said: str) -> bool:
    """Move the open commitment that was made last to the moment in `said`; whether there was one to move."""
    here = services()
    moment = moment_said.moved_to(said, here.clock.today(), here.settings)
    with person_here(tracker) as connection:
        kept = commitments.of_person(connection, here.cipher, tracker.sender_id, "open")
    newest = max(kept, key=lambda one: one.created, default=None)
    due = moment.day.day if moment.day.kind == "date" else newest.due if newest else None
    if newest is None or due is None or due < here.clock.today() or not (moment.hour or moment.day.day):
        return False
    move(dispatcher, tracker, newest, due, moment.hour or newest.due_time)
    return True


def _reword(
    connection: sa.engine.Connection, commitment: Commitment, due: datetime.date, hour: datetime.time | None
) -> None:
    """Keep the new hour, and take words for another day or hour out of the action."""
    here = services()
    what = action_words.fitting(commitment.what, due, hour, here.clock.today(), here.settings)
    kept = {field.name: getattr(commitment, field.name) for field in dataclasses.fields(Draft)}
    if what != commitment.what or hour != commitment.due_time:
        draft = Draft(**{**kept, "what": what, "due_time": hour})
        commitments.change(connection, here.cipher, commitment.id, draft)


def _still_asked(
    connection: sa.engine.Connection, commitment: Commitment, ask_at: datetime.datetime
) -> datetime.datetime:
    """When a commitment that keeps its day is asked: as promised, or at `ask_at` when it was asked before its day."""
    pending = [row for row in follow_ups.of_commitment(connection, commitment.id) if row.state == "pending"]
    if pending:
        return pending[0].due_at
    follow_ups.ask_at(connection, commitment.id, ask_at)
    return ask_at
