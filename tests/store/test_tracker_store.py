"""The conversation log on both databases: nothing lost, nothing skipped, bounded to load, read back cheaply."""

from __future__ import annotations

import asyncio

import pytest
import services
import sqlalchemy as sa
from rasa.core.agent import Agent
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bondgenoot.store import people, schema
from bondgenoot.store.database import migrate
from components.tracker_store import BondgenootTrackerStore

HER = "anna"
# Events that a load may bring at most, whatever was said before.
BOUND = 250


def count(engine: sa.engine.Engine, table: sa.Table) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar())


def begin() -> list:
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


def turn(number: int) -> list:
    """A turn as a form's: ten events."""
    return [
        UserUttered(f"bericht {number}", {"name": "answer", "confidence": 0.9}, [], message_id=f"m{number}"),
        *(SlotSet("question_failures", float(step)) for step in range(4)),
        ActionExecuted("action_fallback"),
        BotUttered(f"antwoord {number}", {"buttons": [{"title": "Ja", "payload": "Ja"}]}),
        SlotSet("dilemma_id", f"d{number}"),
        ActionExecuted("action_listen"),
    ]


async def add(store: BondgenootTrackerStore, events: list, conversation_id: str = HER) -> DialogueStateTracker:
    """What the processor does: load, update, save."""
    tracker = await store.get_or_create_tracker(conversation_id, append_action_listen=False)
    for event in events:
        tracker.update(event)
    await store.save(tracker)
    return tracker


async def test_an_agent_uses_the_store_without_rasas_fail_safe_wrapper(store):
    assert Agent(tracker_store=store).tracker_store is store


async def test_what_was_said_is_read_back_in_order(store):
    await add(store, begin())
    for number in range(3):
        await add(store, turn(number))
    full = await store.retrieve_full_tracker(HER)
    assert [event.text for event in full.events if isinstance(event, UserUttered)] == [f"bericht {n}" for n in range(3)]
    assert full.get_slot("dilemma_id") == "d2"
    assert list(await store.keys()) == [HER]
    assert await store.exists(HER)
    assert not await store.exists("bram")


async def test_the_thousandth_turn_loads_no_more_than_the_fiftieth(store):
    await add(store, begin())
    most = 0
    for first in range(0, 1000, 5):
        # Five turns a save, which is quicker here than one and bounds the same.
        await add(store, [event for number in range(first, first + 5) for event in turn(number)])
        if first in (45, 500, 995):
            most = max(most, len((await store.retrieve(HER)).events))
    assert most <= BOUND
    assert count(store._engine, schema.event) == 3 + 1000 * 9
    assert (await store.retrieve(HER)).get_slot("dilemma_id") == "d999"


async def test_turns_that_are_saved_at_the_same_time_without_a_lock_are_all_kept(store):
    await add(store, begin())
    trackers = [await store.retrieve(HER) for _ in range(8)]
    for number, tracker in enumerate(trackers):
        for event in turn(number):
            tracker.update(event)
    await asyncio.gather(*(store.save(tracker) for tracker in trackers))
    full = await store.retrieve_full_tracker(HER)
    said = [event.text for event in full.events if isinstance(event, (UserUttered, BotUttered))]
    assert sorted(said) == sorted(f"{who} {number}" for number in range(8) for who in ("bericht", "antwoord"))
    # The events of one turn stay together.
    for place in range(0, len(said), 2):
        assert said[place].replace("bericht", "antwoord") == said[place + 1]


class TestEventsAfter:
    async def test_only_what_is_new_is_read(self, store):
        assert (await store.events_after(HER, 0)).events == ()
        await add(store, begin())
        await add(store, turn(0))
        first = await store.events_after(HER, 0)
        assert [seq for seq, _ in first.events] == list(range(1, 13))
        last = first.events[-1][0]
        assert (await store.events_after(HER, last)).events == ()
        await add(store, turn(1))
        new = await store.events_after(HER, last)
        assert new.log == first.log
        assert [event.text for _, event in new.events if isinstance(event, BotUttered)] == ["antwoord 1"]

    async def test_no_more_than_the_limit_is_read(self, store):
        await add(store, begin())
        await add(store, turn(0))
        part = await store.events_after(HER, 0, limit=5)
        assert [seq for seq, _ in part.events] == [1, 2, 3, 4, 5]
        rest = await store.events_after(HER, 5)
        assert [seq for seq, _ in rest.events] == list(range(6, 13))

    async def test_an_erased_conversation_has_another_log(self, store):
        await add(store, begin())
        before = await store.events_after(HER, 0)
        await add(store, [*turn(0)[:-1], SlotSet("erase_conversation", True), BotUttered("Gewist."), turn(0)[-1]])
        after = await store.events_after(HER, 0)
        assert after.log != before.log
        assert "Gewist." in [event.text for _, event in after.events if isinstance(event, BotUttered)]
        assert not [event for _, event in after.events if isinstance(event, UserUttered)]


async def test_erasing_removes_the_snapshot_too(store):
    await add(store, begin())
    for number in range(25):
        await add(store, turn(number))
    assert count(store._engine, schema.snapshot) == 1
    await add(store, [SlotSet("erase_conversation", True)])
    assert count(store._engine, schema.snapshot) == 0


async def test_a_snapshot_does_not_bring_back_what_is_erased_meanwhile(store, monkeypatch):
    await add(store, begin())
    for number in range(15):
        await add(store, turn(number))
    load = store._load

    def load_then_erase(*args, **kwargs):
        found = load(*args, **kwargs)
        with store._engine.begin() as connection:
            people.erase_conversation(connection, HER)
        return found

    monkeypatch.setattr(store, "_load", load_then_erase)
    store._snapshot(HER)
    assert count(store._engine, schema.snapshot) == 0


async def test_a_snapshot_that_cannot_be_made_does_not_make_the_turn_fail(store, monkeypatch):
    await add(store, begin())
    monkeypatch.setattr(store, "_snapshot", lambda _: (_ for _ in ()).throw(sa.exc.OperationalError("", {}, None)))
    for number in range(25):
        await add(store, turn(number))
    assert count(store._engine, schema.event) == 3 + 25 * 9


async def test_an_error_of_the_database_is_an_error_and_no_empty_conversation(settings, domain, monkeypatch):
    with services.Postgres() as server:
        migrate(server.url)
        monkeypatch.setenv("BONDGENOOT_DATABASE_URL", server.url)
        store = BondgenootTrackerStore(domain)
        agent = Agent(tracker_store=store)
        await add(store, begin())
        tracker = await store.retrieve(HER)
        for event in turn(0):
            tracker.update(event)
        server.stop()
        with pytest.raises(sa.exc.SQLAlchemyError) as error:
            await agent.tracker_store.save(tracker)
        assert HER not in str(error.value)
        with pytest.raises(sa.exc.SQLAlchemyError):
            await agent.tracker_store.retrieve(HER)
        server.start()
        # The turn was not stored; the same message again is.
        assert len((await store.retrieve(HER)).events) == 3
        await add(store, turn(0))
        assert len((await store.retrieve(HER)).events) == 12
        store._engine.dispose()
