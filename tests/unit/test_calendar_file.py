"""The calendar entry of a commitment, held against what Outlook, Google and Apple are strict about."""

from __future__ import annotations

import dataclasses
import datetime
import re
from zoneinfo import ZoneInfo

import pytest
from fixed_clock import FixedClock
from icalendar import Calendar

from bondgenoot import calendar_file
from bondgenoot.settings import load
from bondgenoot.store.commitments import Commitment

NOW = FixedClock().now()
COMMITMENT = Commitment(
    id="5c1f" * 8,
    person_id="chat-anna",
    what="excuses aanbieden aan de nachtploeg",
    with_whom="de nachtploeg",
    obstacle="schrik voor de stilte",
    plan="dan adem ik uit; en begin, gewoon",
    due=datetime.date(2026, 11, 24),
    confidence=8,
    practice_id=None,
    state="open",
    created=NOW,
    closed=None,
)


def raw(moved: int = 0, now: datetime.datetime = NOW, **changes: object) -> bytes:
    return calendar_file.event(dataclasses.replace(COMMITMENT, **changes), moved, now, load({}))  # type: ignore[arg-type]


def read(**changes: object) -> tuple[Calendar, object]:
    calendar = Calendar.from_ical(raw(**changes))  # type: ignore[arg-type]
    (entry,) = calendar.walk("VEVENT")
    return calendar, entry


LONG = "één gesprek met “de ploeg” voeren, met koffie; backslash \\ en " + "heel erg lang " * 20


@pytest.mark.parametrize(
    "what", ["kort", LONG, "regel één\r\nBEGIN:VEVENT\nregel twee", "\U0001f331" * 60, "\t\x07tab"]
)
class TestForm:
    def test_every_line_ends_in_cr_lf_and_has_at_most_75_octets(self, what: str) -> None:
        text = raw(what=what)
        assert text.endswith(b"END:VCALENDAR\r\n")
        lines = text.split(b"\r\n")
        assert not any(b"\n" in line or b"\r" in line for line in lines)
        assert max(map(len, lines)) <= 75

    def test_it_is_utf_8_and_no_character_is_cut_by_a_fold(self, what: str) -> None:
        for line in raw(what=what).split(b"\r\n"):
            line.decode("utf-8")

    def test_it_holds_one_event_whatever_is_written(self, what: str) -> None:
        names = re.findall(rb"^BEGIN:(\w+)", raw(what=what).replace(b"\r\n ", b""), re.MULTILINE)
        assert names == [b"VCALENDAR", b"VEVENT", b"VALARM"]

    def test_it_has_no_control_characters(self, what: str) -> None:
        assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", raw(what=what))


def test_what_rfc_5545_requires_is_there_once() -> None:
    text = raw().decode().replace("\r\n ", "")
    calendar, rest = text.split("BEGIN:VEVENT")
    for name in ("PRODID", "VERSION", "CALSCALE", "METHOD"):
        assert len(re.findall(rf"^{name}:", calendar, re.MULTILINE)) == 1, name
    event, alarm = rest.split("BEGIN:VALARM")
    for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "STATUS", "TRANSP", "CLASS"):
        assert len(re.findall(rf"^{name}[:;]", event, re.MULTILINE)) == 1, name
    for name in ("ACTION", "TRIGGER", "DESCRIPTION"):
        assert len(re.findall(rf"^{name}[:;]", alarm, re.MULTILINE)) == 1, name
    assert "METHOD:PUBLISH" in calendar
    assert "VERSION:2.0" in calendar


def test_nobody_is_invited() -> None:
    assert b"ATTENDEE" not in raw()
    assert b"ORGANIZER" not in raw()


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (datetime.date(2026, 11, 24), "20261124T080000Z"),  # winter
        (datetime.date(2026, 7, 1), "20260701T070000Z"),  # summer
        (datetime.date(2027, 3, 27), "20270327T080000Z"),  # the Saturday before summer time
        (datetime.date(2027, 3, 29), "20270329T070000Z"),  # the Monday after
        (datetime.date(2026, 10, 24), "20261024T070000Z"),
        (datetime.date(2026, 10, 26), "20261026T080000Z"),
    ],
)
def test_it_is_nine_in_the_morning_in_brussels_in_winter_and_in_summer(day: datetime.date, utc: str) -> None:
    assert f"DTSTART:{utc}\r\n".encode() in raw(due=day)
    _, entry = read(due=day)
    local = entry.start.astimezone(ZoneInfo("Europe/Brussels"))  # type: ignore[attr-defined]
    assert (local.date(), local.hour, local.minute) == (day, 9, 0)
    assert entry.end - entry.start == datetime.timedelta(minutes=15)  # type: ignore[attr-defined]


def test_a_moved_commitment_updates_the_same_entry() -> None:
    _, first = read()
    _, second = read(moved=1, now=NOW + datetime.timedelta(hours=1), due=datetime.date(2026, 12, 1))
    assert first["UID"] == second["UID"]  # type: ignore[index]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)  # type: ignore[index]
    assert second["DTSTAMP"].dt > first["DTSTAMP"].dt  # type: ignore[index]
    assert second.start > first.start  # type: ignore[attr-defined]


def test_two_commitments_are_two_entries() -> None:
    assert read()[1]["UID"] != read(id="0" * 32)[1]["UID"]  # type: ignore[index]


def test_it_says_what_the_person_wrote_and_nothing_about_others() -> None:
    _, entry = read()
    assert str(entry["SUMMARY"]) == COMMITMENT.what  # type: ignore[index]
    assert COMMITMENT.plan in str(entry["DESCRIPTION"])  # type: ignore[index]
    text = raw().replace(b"\r\n ", b"")
    for piece in ("chat-anna", COMMITMENT.obstacle):
        assert piece.encode() not in text


def test_others_who_see_the_calendar_do_not_see_what_it_is_and_may_plan_over_it() -> None:
    _, entry = read()
    assert (entry["CLASS"], entry["TRANSP"]) == ("PRIVATE", "TRANSPARENT")  # type: ignore[index]


def test_the_alarm_comes_before_the_moment() -> None:
    calendar, _ = read()
    (alarm,) = calendar.walk("VALARM")
    assert alarm["ACTION"] == "DISPLAY"
    assert alarm["TRIGGER"].dt == datetime.timedelta(minutes=-15)
    assert str(alarm["DESCRIPTION"]) == COMMITMENT.what


def test_without_a_plan_there_is_none_in_it() -> None:
    assert b"als het moeilijk" not in raw(plan="").replace(b"\r\n ", b"")


@pytest.mark.parametrize(
    ("state", "status"), [("open", "CONFIRMED"), ("done", "CONFIRMED"), ("cancelled", "CANCELLED")]
)
def test_what_was_let_go_is_cancelled_in_the_calendar(state: str, status: str) -> None:
    assert read(state=state)[1]["STATUS"] == status  # type: ignore[index]


def test_an_hour_that_was_named_is_the_time_of_the_entry() -> None:
    _, entry = read(due_time=datetime.time(20, 0))
    assert entry["dtstart"].dt == datetime.datetime(2026, 11, 24, 19, 0, tzinfo=datetime.timezone.utc)  # type: ignore[index]
    assert "voorstel" not in entry["description"], "the hour is the person's own"  # type: ignore[index]
