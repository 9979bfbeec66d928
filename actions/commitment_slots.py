"""The slots of a commitment: what a message, a day, an hour or the words of an action fill in."""

from __future__ import annotations

import datetime
from typing import Any

from rasa_sdk import Tracker

from actions import common
from actions.common import given
from bondgenoot import action_words, asking_day, dates, day_times, hours_said, moment_said, moment_words, said_ahead
from bondgenoot.clauses import sentences
from bondgenoot.settings import Settings
from bondgenoot.store import people
from bondgenoot.turn_words import CLAUSE

# An answer of at most this many words that holds a day is that day.
DAY_WORDS = 3


def due_day(tracker: Tracker, slot: str = "commitment_when") -> datetime.date | None:
    """The day in a date slot, whether or not it was confirmed."""
    text = given(tracker, slot).rstrip("?")
    return datetime.date.fromisoformat(text) if text else None


def due_time(tracker: Tracker) -> datetime.time | None:
    """The time of day in the slot, if an hour was named."""
    return people.read_time(given(tracker, "commitment_at"))


def action(tracker: Tracker) -> str:
    """The action as it is shown and kept: without words for another day or hour than it has now."""
    what = given(tracker, "commitment_what")
    return action_words.fitting(what, due_day(tracker), due_time(tracker), today(), settings())


def hour_slot(hour: datetime.time | None) -> dict[str, Any]:
    """The slot of the hour; empty without one, so that an earlier hour stays."""
    return {"commitment_at": f"{hour:%H:%M}"} if hour else {}


def day_slot(day: dates.DateAnswer) -> dict[str, Any]:
    """The slot of the day, with a question mark when it is still to be confirmed; empty without a day."""
    if day.day is None:
        return {}
    return {"commitment_when": day.day.isoformat() + ("?" if day.kind == "span" else "")}


def moment_slots(moment: moment_said.Moment) -> dict[str, Any]:
    """The slots of a day and an hour."""
    return {**day_slot(moment.day), **hour_slot(moment.hour)}


def moment_around(text: str, what: str) -> dict[str, Any]:
    """The slots of the moment in the sentences around an action, when one of them names an exact day."""
    found = [
        moment
        for sentence in sentences(text)
        if sentence.strip(" .") not in what and not sentence.endswith("?") and moment_words.spans(sentence)
        if (moment := moment_said.read(sentence, today(), settings())).day.kind == "date"
    ]
    return moment_slots(found[0]) if len({moment.day.day for moment in found}) == 1 else {}


def said_ahead_slots(what: str) -> dict[str, Any]:
    """The slots that the words of an action already fill: with whom, the day, the hour."""
    person = said_ahead.person_in(what)
    day = said_ahead.day_in(what, today())
    hour = hours_said.of_action(what, settings())
    return {
        **({"commitment_with": person} if person else {}),
        **({"commitment_when": day.isoformat()} if day else {}),
        **hour_slot(hour),
    }


def day_said(tracker: Tracker) -> dict[str, str]:
    """The slots of a day, and of an hour beside it, in a message that starts a commitment: 'ja, woensdag om 13u'."""
    # 'Ja, sinds maandag loopt het fout' says no day.
    few = [clause for clause in CLAUSE.split(typed(tracker)) if 0 < len(clause.split()) <= DAY_WORDS + 1]
    found = [(day, clause) for clause in few if (day := dates.understand(clause, today())).kind == "date"]
    if len(found) != 1:
        return {}
    day, clause = found[0]
    return {**day_slot(day), **hour_slot(day_times.clock_time(clause, settings()))}


def raw(tracker: Tracker) -> str:
    """The newest message as it was typed."""
    return str((tracker.latest_message or {}).get("text") or "").strip()


def typed(tracker: Tracker) -> str:
    """What was typed, without a day on which the person wants to be asked."""
    text = raw(tracker)
    return text if asking_day.day_to_ask(text, today()) is None else asking_day.split(text)[0]


def seen_with(tracker: Tracker, changes: dict[str, Any]) -> Tracker:
    """The conversation as it is with these slots filled."""
    return Tracker(tracker.sender_id, {**tracker.slots, **changes}, tracker.latest_message, [], False, None, {}, "")


def settings() -> Settings:
    """The settings of this action server."""
    return common.services().settings


def today() -> datetime.date:
    """Today on the assistant's clock."""
    return common.services().clock.today()
