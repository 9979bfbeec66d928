"""Everything that is kept of a person, as one file that they can read themselves: JSON with names from content/."""

from __future__ import annotations

import datetime
import json
from typing import Any

import sqlalchemy as sa
import yaml

from bondgenoot import texts
from bondgenoot.content import CONTENT, content, once_a_publication
from bondgenoot.errors import FileGoneError
from bondgenoot.settings import Settings
from bondgenoot.store import (
    addresses,
    channel_addresses,
    commitments,
    conversations,
    follow_ups,
    people,
    reflections,
    scans,
    schema,
    shared_sentences,
)

# Where each table is found in the export; a test compares them with the tables there are.
SECTIONS = {
    "person": "person",
    "address": "person",
    "commitment": "commitments",
    "follow_up": "commitments",
    "scan": "scans",
    "reflection": "reflections",
    "seen": "seen",
    "event": "conversation",
    "channel_address": "channels",
    "sharing": "person",
    "shared_sentence": "shared_sentences",
}
# What the machine notes for itself about things that are in the export: deliveries and mails tried, the conversation
# again, up to where it was read, codes and links of which only a hash is kept, and which server reads a channel.
NOT_EXPORTED = frozenset({"attempt", "nudge", "snapshot", "read_cursor", "link_code", "file_link", "channel_reader"})


def of_person(
    connection: sa.engine.Connection,
    cipher: schema.Cipher,
    person_id: str,
    now: datetime.datetime,
    settings: Settings,
) -> bytes:
    """The file, in UTF-8.

    Raises:
        FileGoneError: when nothing is kept of this person (any more).
    """
    person = people.find(connection, person_id)
    said = conversations.of_person(connection, cipher, person_id)
    # After erasing, the receipt stands in the log: the assistant's words, none of the person's.
    if person is None and not any(message.by_person for message in said):
        raise FileGoneError("Nothing is kept of this person.")

    def at(moment: datetime.datetime | None) -> str | None:
        return None if moment is None else moment.astimezone(settings.time_zone).isoformat(timespec="seconds")

    words, values = _words()["names"], _words()["values"]
    everything: dict[str, Any] = {
        "about": {"made_at": at(now), "explanation": _words()["about"], "legend": _Named(_words()["legend"])},
        "person": {
            "code": person_id,
            "country": person.country if person else None,
            "created": at(person.created) if person else None,
            "last_seen": at(person.last_seen) if person else None,
            "paused": person.paused if person else False,
            "ask_time": f"{person.ask_time:%H:%M}" if person and person.ask_time else None,
            "email": addresses.find(connection, cipher, person_id),
            "shares_since": at(shared_sentences.agreed_at(connection, person_id)),
            "kept_until": at(person.last_seen + settings.retention) if person else None,
        },
        "commitments": [
            {
                "what": item.what,
                "with_whom": item.with_whom,
                "obstacle": item.obstacle,
                "plan": item.plan,
                "due": item.due.isoformat(),
                "due_time": f"{item.due_time:%H:%M}" if item.due_time else None,
                "confidence": item.confidence,
                "practice": _title("practice", item.practice_id) if item.practice_id else None,
                "state": texts.say(f"state_{item.state}")[0],
                "made": at(item.created),
                "closed": at(item.closed),
                "follow_ups": [
                    {"follow_up": row.occurrence, "ask_at": at(row.due_at), "state": values.get(row.state, row.state)}
                    for row in follow_ups.of_commitment(connection, item.id)
                ],
            }
            for item in commitments.of_person(connection, cipher, person_id)
        ],
        "scans": [
            {
                "at": at(scan.at),
                "scores": _Named({texts.say(f"core_{core}")[0]: mean for core, mean in scan.scores.items()}),
            }
            for scan in scans.of_person(connection, cipher, person_id)
        ],
        "reflections": [
            {"at": at(item.at), "origin": values.get(item.origin, item.origin), "text": item.text}
            for item in reflections.of_person(connection, cipher, person_id)
        ],
        "seen": [
            {
                "at": at(row.at),
                "kind": values.get(row.kind, row.kind),
                "title": _title(row.kind, row.item),
                "outcome": values.get(row.outcome, row.outcome),
            }
            for row in people.seen_rows(connection, person_id)
        ],
        "channels": [
            {
                "channel": address.channel,
                "address": " ".join(str(part) for part in address.where.values()),
                "created": at(address.created),
                "last_seen": at(address.last_seen),
                "nudge_only": address.nudge_only,
            }
            for address in channel_addresses.of_person(connection, cipher, person_id)
        ],
        "shared_sentences": shared_sentences.of_person(connection, cipher, person_id),
        "conversation": [
            {
                "at": at(message.at),
                "who": values["me" if message.by_person else "bot"],
                "text": message.text or values["image" if message.has_image else "not_kept"],
            }
            for message in said
        ],
    }
    return json.dumps(_named(everything, words), ensure_ascii=False, indent=2).encode()


class _Named(dict[str, Any]):
    """A part whose names are what the person reads already."""


def _named(value: Any, words: dict[str, str]) -> Any:
    """The same with the names that the person reads."""
    if isinstance(value, _Named):
        return value
    if isinstance(value, dict):
        return {words[name]: _named(part, words) for name, part in value.items()}
    return [_named(part, words) for part in value] if isinstance(value, list) else value


def _title(kind: str, item: str) -> str:
    """The title of a dilemma or practice; its id when it left the content."""
    found = content().dilemmas.get(item) if kind == "dilemma" else content().practices.get(item)
    return found.title if found else item


@once_a_publication
def _words() -> dict[str, Any]:
    value: dict[str, Any] = yaml.safe_load((CONTENT / "export.yml").read_text(encoding="utf-8"))
    return value
