"""Reading a conversation back from its log, as the person saw it."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass

import sqlalchemy as sa

from bondgenoot.store import schema

# How Rasa marks a "message" of the system, such as a follow-up that is due.
EXTERNAL = "is_external"


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `by_person` tells who said it; `text` is '' when the safety net kept it out of the log."""

    at: datetime.datetime
    by_person: bool
    text: str
    has_image: bool = False


def of_person(connection: sa.engine.Connection, cipher: schema.Cipher, person_id: str) -> list[Said]:
    """Everything that was said in a conversation, oldest first."""
    query = (
        sa.select(schema.event.c.data).where(schema.event.c.conversation_id == person_id).order_by(schema.event.c.seq)
    )
    found = []
    for data in connection.execute(query).scalars():
        event = json.loads(cipher.open(data))
        kind, text = event.get("event"), event.get("text") or ""
        at = datetime.datetime.fromtimestamp(event.get("timestamp") or 0, datetime.timezone.utc)
        if kind == "user" and not (event.get("metadata") or {}).get(EXTERNAL):
            found.append(Said(at, True, text))
        elif kind == "bot":
            has_image = bool((event.get("data") or {}).get("image"))
            if text or has_image:
                found.append(Said(at, False, text, has_image))
    return found
