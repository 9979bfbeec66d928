"""A commitment as an iCalendar file (RFC 5545) that Outlook, Google and Apple open."""

from __future__ import annotations

import datetime
import unicodedata

from icalendar import Alarm, Calendar, Event

from bondgenoot import texts
from bondgenoot.settings import Settings
from bondgenoot.store.commitments import Commitment

MINUTES = 15
LONGEST_SUMMARY = 120
PRODUCT = "-//Bondgenoot//Bondgenoot//NL"


def event(commitment: Commitment, moved: int, now: datetime.datetime, settings: Settings) -> bytes:
    """The file of a commitment, a quarter of an hour at its own time, or else at the start of the working day.

    The UID is that of the commitment and SEQUENCE (`moved`) counts how often it was moved, so that a calendar replaces
    the entry of an earlier file. Times are in UTC, which needs no description of a time zone and means the same
    everywhere. It is private: others who see the calendar see that there is something, not what. There is no
    ORGANIZER, because nobody invites; all three programs open a published event without.
    """
    start = datetime.datetime.combine(commitment.due, commitment.due_time or settings.workday_start, settings.time_zone)
    start = start.astimezone(datetime.timezone.utc)
    summary = texts.quote(_printable(commitment.what), LONGEST_SUMMARY)
    about = [texts.say("calendar_about_hour" if commitment.due_time else "calendar_about")[0]]
    if commitment.plan:
        about.insert(0, texts.say("calendar_plan", plan=texts.quote(_printable(commitment.plan)))[0])
    entry = Event()
    entry.add("uid", f"{commitment.id}@bondgenoot")
    entry.add("dtstamp", now)
    entry.add("created", commitment.created)
    entry.add("last-modified", now)
    entry.add("sequence", moved)
    entry.add("dtstart", start)
    entry.add("dtend", start + datetime.timedelta(minutes=MINUTES))
    entry.add("summary", summary)
    entry.add("description", "\n".join(about))
    entry.add("status", "CANCELLED" if commitment.state == "cancelled" else "CONFIRMED")
    # Free for others: a good intention is no meeting.
    entry.add("transp", "TRANSPARENT")
    entry.add("class", "PRIVATE")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", datetime.timedelta(minutes=-MINUTES))
    entry.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _printable(text: str) -> str:
    """The text without control characters, on which calendars refuse a whole file."""
    return "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
