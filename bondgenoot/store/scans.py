"""Scans over time; the answers are encrypted."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass

import sqlalchemy as sa

from bondgenoot.store import schema
from bondgenoot.store.database import id_of, insert_once


@dataclass(frozen=True, slots=True)
class Scan:
    """One finished self-scan: core -> mean from 1 to 5, in the order of the statements."""

    at: datetime.datetime
    scores: dict[str, float]
    id: str = ""


def add(
    connection: sa.engine.Connection,
    cipher: schema.Cipher,
    person_id: str,
    scores: dict[str, float],
    now: datetime.datetime,
    message_id: str | None = None,
) -> str:
    """Keep a scan; returns its id. The same `message_id`, that of the last answer, twice is one scan."""
    scan_id = id_of(person_id, "scan", message_id)
    insert_once(
        connection, schema.scan, id=scan_id, person_id=person_id, at=now, answers=cipher.seal(json.dumps(scores))
    )
    return scan_id


def of_person(connection: sa.engine.Connection, cipher: schema.Cipher, person_id: str) -> list[Scan]:
    """The scans of a person, oldest first."""
    query = sa.select(schema.scan).where(schema.scan.c.person_id == person_id)
    return [
        Scan(row.at, json.loads(cipher.open(row.answers)), row.id)
        for row in connection.execute(query.order_by(schema.scan.c.at))
    ]
