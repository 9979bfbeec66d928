"""The conversation log: appended by identity, encrypted, bounded on load, and silent about disclosures.

- Each event has a number in its conversation. A save inserts the events that came after the last number it loaded; if
  somebody else appended meanwhile, the unique key refuses, and the save continues behind what is there. Nothing is
  skipped by count, as Rasa's own store does (shared/architecture.md, trap 2).
- A load replays a snapshot (slots and open form) and the tail after it, not the whole history (trap 11).
- What a person wrote when the safety net spoke is replaced before it is stored.
- A conversation whose `erase_conversation` slot is set is deleted; only the receipt stays.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bondgenoot import keys, settings
from bondgenoot.store import people, schema
from bondgenoot.store.database import connect
from bondgenoot.turns import SAFETY

logger = logging.getLogger(__name__)

# A snapshot is written when this many events lie behind the previous one; a tail of KEEP events stays readable.
SNAPSHOT_EVERY = 150
KEEP = 60
ATTEMPTS = 5
NOT_KEPT = ""
CLEARED = "safety_cleared"


class BondgenootTrackerStore(TrackerStore):
    """See the module's docstring."""

    def __init__(
        self, domain: Domain | None, event_broker: EventBroker | None = None, host: str | None = None, **kwargs: Any
    ) -> None:
        """Open the product's database; `host` from endpoints.yml is not used, settings are."""
        super().__init__(domain, event_broker)
        loaded = settings.load()
        self._engine = connect(loaded.database_url)
        self._cipher = schema.Cipher(keys.data_key(loaded.home))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as the dialogue needs it: snapshot and tail."""
        return self._load(sender_id, from_snapshot=True)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The whole conversation, for reading back."""
        return self._load(conversation_id, from_snapshot=False)

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(schema.event.c.conversation_id).distinct()).scalars())

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append what is new in `tracker`."""
        if tracker.get_slot("erase_conversation"):
            self._erase(tracker)
            return
        events = list(tracker.events)
        new = events[getattr(tracker, "stored_count", 0) :]
        rows = [self._seal(event) for event in without_disclosures(new)]
        last = self._append(tracker.sender_id, rows, getattr(tracker, "stored_seq", 0))
        tracker.stored_count, tracker.stored_seq = len(events), last  # type: ignore[attr-defined]
        self._snapshot_if_due(tracker.sender_id, last)

    def _append(self, conversation_id: str, rows: list[bytes], after: int) -> int:
        for attempt in range(ATTEMPTS):
            try:
                with self._engine.begin() as connection:
                    last = connection.execute(
                        sa.select(sa.func.max(schema.event.c.seq)).where(
                            schema.event.c.conversation_id == conversation_id
                        )
                    ).scalar()
                    start = (last or 0) + 1
                    if last and last > after:
                        logger.warning("Two turns of one conversation were saved at the same time; both are kept.")
                    if rows:
                        connection.execute(
                            sa.insert(schema.event),
                            [
                                {"conversation_id": conversation_id, "seq": start + offset, "data": row}
                                for offset, row in enumerate(rows)
                            ],
                        )
                    return start + len(rows) - 1
            except sa.exc.IntegrityError:
                if attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")

    def _load(self, conversation_id: str, from_snapshot: bool) -> DialogueStateTracker | None:
        with self._engine.begin() as connection:
            saved = (
                connection.execute(
                    sa.select(schema.snapshot.c.seq, schema.snapshot.c.data).where(
                        schema.snapshot.c.conversation_id == conversation_id
                    )
                ).first()
                if from_snapshot
                else None
            )
            rows = connection.execute(
                sa.select(schema.event.c.seq, schema.event.c.data)
                .where(
                    schema.event.c.conversation_id == conversation_id, schema.event.c.seq > (saved.seq if saved else 0)
                )
                .order_by(schema.event.c.seq)
            ).all()
        if not rows and not saved:
            return None
        events = self._restore(saved.data) if saved else []
        events += [self._open(row.data) for row in rows]
        tracker = DialogueStateTracker.from_events(conversation_id, events, slots=self.domain.slots)
        tracker.stored_count = len(tracker.events)
        tracker.stored_seq = rows[-1].seq if rows else saved.seq
        return tracker

    def _snapshot_if_due(self, conversation_id: str, last: int) -> None:
        with self._engine.connect() as connection:
            before = connection.execute(
                sa.select(schema.snapshot.c.seq).where(schema.snapshot.c.conversation_id == conversation_id)
            ).scalar()
        if last - (before or 0) < SNAPSHOT_EVERY + KEEP:
            return
        full = self._load(conversation_id, from_snapshot=True)
        assert full is not None
        cut = turn_boundary(list(full.events), len(full.events) - KEEP)
        if cut is None:
            return
        tail = len(full.events) - cut
        head = DialogueStateTracker.from_events(conversation_id, list(full.events)[:cut], slots=self.domain.slots)
        data = self._cipher.seal(json.dumps([event.as_dict() for event in condense(head)]))
        with self._engine.begin() as connection:
            connection.execute(sa.delete(schema.snapshot).where(schema.snapshot.c.conversation_id == conversation_id))
            connection.execute(
                sa.insert(schema.snapshot).values(conversation_id=conversation_id, seq=last - tail, data=data)
            )

    def _erase(self, tracker: DialogueStateTracker) -> None:
        """Delete the conversation; what stays is the receipt, said by the assistant in this turn."""
        receipt: list[Event] = []
        for event in reversed(tracker.events):
            if isinstance(event, UserUttered):
                break
            if isinstance(event, BotUttered):
                receipt.insert(0, event)
        receipt = [ActionExecuted("action_session_start"), *receipt, ActionExecuted(ACTION_LISTEN_NAME)]
        with self._engine.begin() as connection:
            people.erase_conversation(connection, tracker.sender_id)
            connection.execute(
                sa.insert(schema.event),
                [
                    {"conversation_id": tracker.sender_id, "seq": number, "data": self._seal(event)}
                    for number, event in enumerate(receipt, 1)
                ],
            )

    def _seal(self, event: Event) -> bytes:
        return self._cipher.seal(json.dumps(event.as_dict()))

    def _open(self, data: bytes) -> Event:
        event = Event.from_parameters(json.loads(self._cipher.open(data)))
        assert event is not None
        return event

    def _restore(self, data: bytes) -> list[Event]:
        return [
            event
            for entry in json.loads(self._cipher.open(data))
            if (event := Event.from_parameters(entry)) is not None
        ]


def without_disclosures(events: Iterable[Event]) -> list[Event]:
    """The events, with the text taken out of messages on which the safety net spoke."""
    kept: list[Event] = []
    for event in events:
        if isinstance(event, UserUttered) and event.intent_name in SAFETY | {CLEARED}:
            parse_data: Any = {"intent": event.intent, "entities": [], "text": NOT_KEPT}
            event = UserUttered(
                NOT_KEPT,
                event.intent,
                [],
                parse_data,
                event.timestamp,
                event.input_channel,
                event.message_id,
                event.metadata,
            )
        kept.append(event)
    return kept


def turn_boundary(events: list[Event], before: int) -> int | None:
    """The last place at or before `before` where a turn ended, so that the tail starts with a person's message."""
    for place in range(before, 0, -1):
        previous = events[place - 1]
        if isinstance(previous, ActionExecuted) and previous.action_name == ACTION_LISTEN_NAME:
            return place
    return None


def condense(tracker: DialogueStateTracker) -> list[Event]:
    """Events that bring a fresh tracker to the same slots and open form, ending where the assistant listens."""
    slots: list[Event] = [SlotSet(name, slot.value) for name, slot in tracker.slots.items() if slot.value is not None]
    loop: list[Event] = [ActiveLoop(tracker.active_loop_name)] if tracker.active_loop_name else []
    return [ActionExecuted("action_session_start"), *loop, *slots, ActionExecuted(ACTION_LISTEN_NAME)]
