"""The files behind links: made from what is kept at the moment that they are asked for."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from bondgenoot import calendar_file, charts, export, kept_word, texts
from bondgenoot.content import content
from bondgenoot.errors import FileGoneError
from bondgenoot.links import Link
from bondgenoot.settings import Settings
from bondgenoot.store import commitments, follow_ups, scans
from bondgenoot.store.schema import Cipher

CONTENT_TYPES = {
    "chart": "image/png",
    "ics": "text/calendar; charset=utf-8; method=PUBLISH",
    "export": "application/json; charset=utf-8",
    "apology": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class File:
    """What is served. `name` is what it is saved as; `shown` whether a browser may show it in place."""

    name: str
    content_type: str
    body: bytes
    shown: bool


def name_of(kind: str) -> str:
    """The name that a file of this kind is saved as."""
    return texts.say(f"file_name_{kind}")[0]


def chart_item(chart: str, which: str | datetime.datetime) -> str:
    """What a link to a chart names: 'scan' with a scan's id; 'record' or 'scans' as they stood at a moment."""
    return f"{chart}:{which if isinstance(which, str) else int(which.timestamp())}"


def build(link: Link, engine: sa.engine.Engine, cipher: Cipher, settings: Settings, now: datetime.datetime) -> File:
    """The file that a link names. Takes up to a few seconds the first time: call it outside an event loop.

    Raises:
        FileGoneError: when it is not kept any more.
    """
    body = b""
    if link.kind == "chart":
        body = _chart(link, engine, cipher, settings)
    elif link.kind == "apology":
        body = link.text.encode()
    else:
        with engine.begin() as connection:
            if link.kind == "export":
                body = export.of_person(connection, cipher, link.person_id, now, settings)
            elif link.kind == "ics":
                commitment = commitments.find(connection, cipher, link.person_id, link.item)
                if commitment is not None:
                    moved = follow_ups.times_moved(connection, link.person_id).get(commitment.id, 0)
                    body = calendar_file.event(commitment, moved, now, settings)
    if not body:
        raise FileGoneError("What the link names is not kept any more.")
    return File(name_of(link.kind), CONTENT_TYPES[link.kind], body, shown=link.kind == "chart")


def cores() -> tuple[str, ...]:
    """The cores of the scan, in the order of its statements."""
    return tuple(dict.fromkeys(statement.core for statement in content().statements))


def _chart(link: Link, engine: sa.engine.Engine, cipher: Cipher, settings: Settings) -> bytes:
    chart, _, which = link.item.partition(":")
    with engine.begin() as connection:
        if chart == "record":
            kept = commitments.of_person(connection, cipher, link.person_id)
            moved = follow_ups.times_moved(connection, link.person_id)
            months = kept_word.by_month(kept_word.as_of(kept, _moment(which)), moved)
            taken: list[scans.Scan] = []
        else:
            taken, months = scans.of_person(connection, cipher, link.person_id), []
    # Drawn without a transaction: on SQLite that would hold the write lock.
    if chart == "record":
        return charts.record(tuple(months)) if months else b""
    if chart == "scans":
        shown = [scan for scan in taken if scan.at <= _moment(which)]
        points = tuple((_day(scan, settings), tuple(scan.scores.items())) for scan in shown)
        return charts.over_time(points, cores()) if points else b""
    return _radar(taken, which, settings)


def _radar(taken: Sequence[scans.Scan], scan_id: str, settings: Settings) -> bytes:
    place = next((number for number, scan in enumerate(taken) if scan.id == scan_id), None)
    if place is None:
        return b""
    scan = taken[place]
    before = taken[place - 1] if place else None
    return charts.radar(
        tuple(scan.scores.items()),
        _day(scan, settings),
        tuple(before.scores.items()) if before else (),
        _day(before, settings) if before else None,
        cores(),
    )


def _day(scan: scans.Scan, settings: Settings) -> datetime.date:
    return scan.at.astimezone(settings.time_zone).date()


def _moment(seconds: str) -> datetime.datetime:
    """The end of the second that a link names: what happened within it was said."""
    return datetime.datetime.fromtimestamp(int(seconds) + 1, datetime.timezone.utc)
