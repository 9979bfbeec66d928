"""What a message at the summary of a commitment changes: its parts, its day, its hour, or nothing plain."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from rasa_sdk import Tracker

from actions.commitment_slots import (
    DAY_WORDS,
    day_slot,
    due_day,
    due_time,
    hour_slot,
    moment_slots,
    said_ahead_slots,
    seen_with,
    settings,
    today,
    typed,
)
from actions.common import given
from bondgenoot import dates, hours_said, moment_said
from bondgenoot.answers import role_in, without_remarks
from bondgenoot.changes import YES_WORDS, change_said, changes_said, day_instead, takes_yes_back
from bondgenoot.changes_in_words import parts_judged
from bondgenoot.clauses import sentences
from bondgenoot.content import content
from bondgenoot.questions import Choice, normalise

WHAT, WITH, WHEN = "commitment_what", "commitment_with", "commitment_when"
# Slots that a change empties, so that the summary is shown again.
AGAIN = {"commitment_confirm": None, "question_asked": None}


def parts() -> Sequence[Choice]:
    """The parts of a commitment that can be changed."""
    return content().questions["commitment_change"].choices


def said(tracker: Tracker) -> tuple[str, str]:
    """The part that the message names, and its new words."""
    return change_said(_words(tracker)[0], parts(), {WITH}, _present(tracker))


def changed(tracker: Tracker) -> dict[str, Any]:
    """The slots of all that the message changes; empty when it holds no new value.

    Of several parts one may already hold what is asked for. What is said of a part itself counts for more than what
    the action says of it, so the action goes first.
    """
    words, moment = _words(tracker)
    several = changes_said(words, parts(), {WITH}, _present(tracker)) or dict([said(tracker)])
    slots: dict[str, Any] = {}
    for part, new in sorted(several.items(), key=lambda one: one[0] != WHAT):
        slots |= new_value(part, new, seen_with(tracker, slots))
    rest = words
    for new in filter(None, several.values()):
        rest = rest.replace(new, " ")
    rest = _told(rest)
    named = next(iter(several)) if len(several) == 1 else ""
    if WHEN not in several or not several[WHEN]:
        slots |= _other_moment(rest, moment, named, seen_with(tracker, slots))
    return {slot: value for slot, value in slots.items() if tracker.get_slot(slot) != value}


def new_value(part: str, new: str, tracker: Tracker) -> dict[str, Any]:
    """The slots of a part with its new value; empty when the words hold none, or what already stands there."""
    if not part or not new:
        return {}
    day = dates.understand(new, today())
    if part == WHEN or (day.kind == "date" and len(new.split()) <= DAY_WORDS):
        return _moment_at(moment_said.read(new, today(), settings()), new)
    new = without_remarks(new)
    value = (role_in(new) or new) if part == WITH else new
    if normalise(value) == normalise(given(tracker, part)):
        return {}
    return {part: value, **(said_ahead_slots(value) if part == WHAT else {})}


def other_hour(tracker: Tracker, text: str = "") -> dict[str, Any]:
    """The slot of the hour, when the message names another one than there is, or wants none."""
    text = text or typed(tracker)
    if due_time(tracker) and hours_said.no_hour(text):
        return {"commitment_at": None}
    hour = hours_said.at_summary(text, settings(), today(), due_day(tracker))
    return {} if hour == due_time(tracker) else hour_slot(hour)


def takes_back(tracker: Tracker) -> bool:
    """Whether a yes also says what must be otherwise, or doubts."""
    text = typed(tracker)
    if other_hour(tracker, _told(text)):
        return True
    yes = next(choice for choice in content().questions["commitment_confirm"].choices if choice.value == "yes")
    # The button's own words are a yes, however many.
    if len(text.split()) <= YES_WORDS or normalise(text) in yes.phrases:
        return False
    return takes_yes_back(text, yes) or bool(changed(tracker))


def not_placed(tracker: Tracker, slots: dict[str, Any]) -> list[str]:
    """Labels of the parts that the message says are wrong, and of which it holds no new value."""
    wrong = parts_judged(_words(tracker)[0], parts())
    return [part.label for part in parts() if part.value in wrong and part.value not in slots]


def _words(tracker: Tracker) -> tuple[str, str]:
    """What was typed, without what says another day or hour and nothing else; and that."""
    return moment_said.split(typed(tracker))


def _moment_at(moment: moment_said.Moment, new: str) -> dict[str, Any]:
    """The slots of a new day; an hour alone keeps the day."""
    hour = moment.hour or moment_said.wanted_hour(new, settings())
    return {**day_slot(moment.day), **hour_slot(hour)}


def _other_moment(rest: str, moment: str, named: str, tracker: Tracker) -> dict[str, Any]:
    """The slots of another day or hour than there is, in what is said beside the parts."""
    slots = moment_slots(moment_said.moved_to(moment, today(), settings())) if moment else {}
    if WHEN not in slots and named != WHAT:
        day = day_instead(rest, due_day(tracker), today()).day
        slots |= {WHEN: day.isoformat()} if day else {}
    if "commitment_at" not in slots:
        slots |= other_hour(seen_with(tracker, slots), rest)
    return slots


def _told(text: str) -> str:
    """A message without the questions in it: 'ja bewaar. En die mail dinsdag, onthoud je die ook?' names no day."""
    told = [sentence for sentence in sentences(text) if not sentence.endswith("?")]
    return " ".join(told) or text


def _present(tracker: Tracker) -> dict[str, str]:
    """What stands in the parts, but for the day, of which the words are ours."""
    return {part.value: given(tracker, part.value) for part in parts() if part.value != WHEN}


def confirmed_day(value: str, tracker: Tracker) -> dict[str, Any]:
    """The slots after 'dan noteer ik dinsdag 24 november, klopt dat?'."""
    hour = hour_slot(hours_said.at_summary(typed(tracker), settings()))
    if value == "yes":
        return {"commitment_date_confirm": None, WHEN: given(tracker, WHEN).rstrip("?"), **hour}
    other: datetime.date | None = day_instead(typed(tracker), due_day(tracker), today()).day
    instead = other.isoformat() if other else None
    return {"commitment_date_confirm": None, WHEN: instead, "question_asked": None, **hour}
