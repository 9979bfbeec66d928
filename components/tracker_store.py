"""The conversation log: appended by identity, encrypted, bounded on load, and silent about disclosures.

- Each event has a number in its conversation. A save inserts the events that came after the last number it loaded; if
  somebody else appended meanwhile, the unique key refuses, and the save continues behind what is there. Nothing is
  skipped by count, as Rasa's own store does (shared/architecture.md, trap 2).
- A load replays a snapshot and the newest turns, not the whole history (trap 11); components.snapshots says what is in
  the snapshot.
- What a person wrote when the safety net spoke is replaced before it is stored.
- A conversation whose `erase_conversation` slot is set is deleted; only the receipt stays.
- An error of the database is the error of the turn (components.whole_turns). The event loop does not wait for it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bondgenoot import keys, settings
from bondgenoot.intents import SPOKEN_ON
from bondgenoot.store import people, schema
from bondgenoot.store.database import connect, reader
from components import whole_turns  # noqa: F401
from components.snapshots import condense, place_to_cut

logger = logging.getLogger(__name__)

# The newest turns are loaded as they were; as many as buttons stay valid (conversation_state.OFFERED_TURNS). A snapshot
# is made when there are this many more.
KEPT_TURNS = 12
SNAPSHOT_EVERY = 8
ATTEMPTS = 10
THREADS = 8
NOT_KEPT = ""

Result = TypeVar("Result")


@dataclass(frozen=True)
class Part:
    """A part of a conversation: events with their numbers, oldest first.

    `log` changes when the conversation is erased, which makes numbers known before it void; '' when nothing is there.
    """

    log: str
    events: tuple[tuple[int, Event], ...]


class BondgenootTrackerStore(TrackerStore):
    """See the module's docstring."""

    # components.whole_turns: Rasa's fail-safe wrapper stays off.
    raises_errors = True

    def __init__(
        self, domain: Domain | None, event_broker: EventBroker | None = None, host: str | None = None, **kwargs: Any
    ) -> None:
        """Open the product's database; `host` from endpoints.yml is not used, settings are."""
        super().__init__(domain, event_broker)
        loaded = settings.load()
        self._engine = connect(loaded.database_url)
        self._reader = reader(self._engine)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="tracker")
        self._cipher = schema.Cipher(keys.data_key(loaded.home))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as the dialogue needs it: snapshot and tail."""
        return await self._in_thread(lambda: self._load(sender_id, from_snapshot=True))

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The whole conversation, for reading back."""
        return await self._in_thread(lambda: self._load(conversation_id, from_snapshot=False))

    async def exists(self, conversation_id: str) -> bool:
        """Whether anything was said."""
        return await self._in_thread(lambda: self._first(conversation_id) is not None)

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        return await self._in_thread(self._keys)

    async def events_after(self, conversation_id: str, seq: int, limit: int = 1000) -> Part:
        """The events numbered above `seq` (0: all), at most `limit`; as cheap in a long conversation as in short."""
        return await self._in_thread(lambda: self._events_after(conversation_id, seq, limit))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append what is new in `tracker`.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database could not store it; nothing of it is stored.
        """
        await self._in_thread(lambda: self._save(tracker))

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _keys(self) -> list[str]:
        with self._reader.connect() as connection:
            return list(connection.execute(sa.select(schema.event.c.conversation_id).distinct()).scalars())

    def _save(self, tracker: DialogueStateTracker) -> None:
        if tracker.get_slot("erase_conversation"):
            self._erase(tracker)
            return
        events = list(tracker.events)
        rows = [self._seal(event) for event in without_disclosures(events[getattr(tracker, "stored_count", 0) :])]
        last = self._append(tracker.sender_id, rows, getattr(tracker, "stored_seq", 0))
        tracker.stored_count, tracker.stored_seq = len(events), last  # type: ignore[attr-defined]
        newest = events[getattr(tracker, "stored_tail", 0) :]
        if sum(isinstance(event, UserUttered) for event in newest) >= KEPT_TURNS + SNAPSHOT_EVERY:
            try:
                self._snapshot(tracker.sender_id)
            except (sa.exc.SQLAlchemyError, ValueError) as error:
                # The turn is stored, and that is what was asked; the next one makes the snapshot.
                logger.warning("A snapshot was not made: %s.", type(error).__name__)

    def _first(self, conversation_id: str) -> bytes | None:
        with self._reader.connect() as connection:
            first: bytes | None = connection.execute(
                sa.select(schema.event.c.data).where(
                    schema.event.c.conversation_id == conversation_id, schema.event.c.seq == 1
                )
            ).scalar()
            return first

    def _events_after(self, conversation_id: str, seq: int, limit: int) -> Part:
        first = self._first(conversation_id)
        if first is None:
            return Part("", ())
        with self._reader.connect() as connection:
            rows = connection.execute(
                sa.select(schema.event.c.seq, schema.event.c.data)
                .where(schema.event.c.conversation_id == conversation_id, schema.event.c.seq > seq)
                .order_by(schema.event.c.seq)
                .limit(limit)
            ).all()
        log = str(int((self._open(first).timestamp or 0) * 1000))
        return Part(log, tuple((row.seq, self._open(row.data)) for row in rows))

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
        # One statement: between two, another server could make a snapshot and leave a hole.
        since = (
            sa.select(sa.func.coalesce(sa.func.max(schema.snapshot.c.seq), 0))
            .where(schema.snapshot.c.conversation_id == conversation_id)
            .scalar_subquery()
        )
        tail = sa.select(schema.event.c.seq, schema.event.c.data).where(
            schema.event.c.conversation_id == conversation_id, schema.event.c.seq > (since if from_snapshot else 0)
        )
        query = tail
        if from_snapshot:
            # Numbers begin at 1, so that a 0 marks the snapshot.
            saved = sa.select(sa.literal(0).label("seq"), schema.snapshot.c.data).where(
                schema.snapshot.c.conversation_id == conversation_id
            )
            query = sa.union_all(tail, saved)
        with self._reader.connect() as connection:
            rows = connection.execute(query.order_by("seq")).all()
        if not rows:
            return None
        before = self._restore(rows[0].data) if rows[0].seq == 0 else []
        newest = [self._open(row.data) for row in rows if row.seq]
        tracker = DialogueStateTracker.from_events(conversation_id, [*before, *newest], slots=self.domain.slots)
        tracker.stored_count = len(tracker.events)
        tracker.stored_seq = rows[-1].seq
        tracker.stored_tail = len(before)
        return tracker

    def _snapshot(self, conversation_id: str) -> None:
        """Put a snapshot in the place of all but the newest turns, if there is one that is equal to them."""
        loaded = self._load(conversation_id, from_snapshot=True)
        if loaded is None:
            return
        events = list(loaded.events)
        cut = place_to_cut(events, KEPT_TURNS)
        if cut is None or cut <= loaded.stored_tail:
            return
        head = DialogueStateTracker.from_events(conversation_id, events[:cut], slots=self.domain.slots)
        condensed = condense(head, self.domain)
        if condensed is None:
            logger.warning("No snapshot is equal to a conversation of %d events.", len(events))
            return
        seq = loaded.stored_seq - (len(events) - cut)
        data = self._cipher.seal(json.dumps([event.as_dict() for event in condensed]))
        mine = schema.snapshot.c.conversation_id == conversation_id
        with self._engine.begin() as connection:
            there = sa.select(schema.event.c.id).where(
                schema.event.c.conversation_id == conversation_id, schema.event.c.seq == seq
            )
            # Locked: what is being erased at this moment does not come back as a snapshot.
            if connection.execute(there.with_for_update()).scalar() is None:
                return
            connection.execute(sa.delete(schema.snapshot).where(mine))
            connection.execute(sa.insert(schema.snapshot).values(conversation_id=conversation_id, seq=seq, data=data))

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
        return _event(json.loads(self._cipher.open(data)))

    def _restore(self, data: bytes) -> list[Event]:
        return [_event(entry) for entry in json.loads(self._cipher.open(data))]


def _event(entry: dict[str, Any]) -> Event:
    """Rasa's `Event.from_parameters`, which looks through all classes of events for each event."""
    event = _event_class(entry["event"])._from_parameters(entry)
    if event is None:
        raise ValueError(f"an event of type {entry['event']} cannot be read")
    return event


@lru_cache(maxsize=64)
def _event_class(name: str) -> Any:
    return Event.resolve_by_type(name)


def without_disclosures(events: Iterable[Event]) -> list[Event]:
    """The events, with the text taken out of messages on which the safety net spoke."""
    kept: list[Event] = []
    for event in events:
        if isinstance(event, UserUttered) and event.intent_name in SPOKEN_ON:
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
