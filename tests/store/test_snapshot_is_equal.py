"""A tracker from snapshot and tail is the tracker of the whole conversation, for everything that decides what is next."""

from __future__ import annotations

import asyncio
import contextlib
import itertools

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bondgenoot.store import schema
from components import tracker_store
from components.snapshots import state_of
from components.tracker_store import BondgenootTrackerStore

FORMS = ("dilemma_form", "commitment_form", "scan_form")
SLOTS = ("question_asked", "question_hinted", "question_moment", "dilemma_id", "practice_id", "requested_slot")
INTENTS = ("answer", "affirm", "deny", "stop", "ask_clarification", "start_dilemma", "greet")
ACTIONS = ("action_question_explain", "action_question_return", "action_fallback", "action_stop", "action_menu")

hidden = st.booleans()


def executed(name: str, hide: bool) -> ActionExecuted:
    return ActionExecuted(name, policy="RulePolicy", confidence=1.0, hide_rule_turn=hide)


@st.composite
def slot_sets(draw: st.DrawFn) -> list[Event]:
    values = st.one_of(st.none(), st.sampled_from(["een", "twee", "drie"]))
    return [SlotSet(draw(st.sampled_from(SLOTS)), draw(values)) for _ in range(draw(st.integers(0, 4)))]


@st.composite
def one_action(draw: st.DrawFn) -> list[Event]:
    """What follows a message: a form, a rejected form with something else, or something else."""
    form = draw(st.sampled_from(FORMS))
    other = draw(st.sampled_from(ACTIONS))
    said = [BotUttered("tekst", {"buttons": [{"title": "Ja", "payload": "Ja"}]})]
    kind = draw(
        st.sampled_from(["form", "form", "form", "ends", "rejected", "interrupted", "other", "failed", "resets"])
    )
    if kind == "form":
        return [executed(form, draw(hidden)), ActiveLoop(form), *said, *draw(slot_sets())]
    if kind == "ends":
        return [executed(form, draw(hidden)), *draw(slot_sets()), ActiveLoop(None), SlotSet("requested_slot", None)]
    if kind == "rejected":
        back = [ActiveLoop(form)] if draw(st.booleans()) else []
        again = [executed(form, draw(hidden)), *draw(slot_sets())] if draw(st.booleans()) else []
        return [ActionExecutionRejected(form), executed(other, draw(hidden)), *said, *back, *again]
    if kind == "interrupted":
        return [executed(other, draw(hidden)), LoopInterrupted(True), executed(form, draw(hidden)), *draw(slot_sets())]
    if kind == "failed":
        return [executed(form, draw(hidden))]
    if kind == "resets":
        return [
            executed(other, draw(hidden)),
            draw(st.sampled_from([AllSlotsReset(), FollowupAction(form)])),
            *draw(slot_sets()),
        ]
    return [executed(other, draw(hidden)), *said, *draw(slot_sets())]


@st.composite
def a_turn(draw: st.DrawFn) -> list[Event]:
    intent = draw(st.sampled_from(INTENTS))
    entities = [{"entity": "core", "value": "integrity"}] if draw(st.booleans()) else []
    message = UserUttered(f"iets over {intent}", {"name": intent, "confidence": 0.8}, entities)
    actions = itertools.chain.from_iterable(draw(st.lists(one_action(), min_size=0, max_size=2)))
    whole = draw(st.sampled_from([None] * 30 + ["session", "restart", "pause", "resume"]))
    before: list[Event] = {
        "session": [
            executed("action_session_start", False),
            SessionStarted(),
            *draw(slot_sets()),
            executed("action_listen", False),
        ],
        "restart": [
            Restarted(),
            executed("action_session_start", False),
            SessionStarted(),
            executed("action_listen", False),
        ],
        "pause": [ConversationPaused()],
        "resume": [ConversationResumed()],
    }.get(str(whole), [])
    listen = executed("action_listen", draw(hidden))
    return [*before, message, *draw(slot_sets()), *actions, listen]


conversations = st.lists(a_turn(), min_size=1, max_size=30)


def says(*then: Event) -> list[Event]:
    return [UserUttered("iets", {"name": "answer", "confidence": 0.8}), *then, executed("action_listen", False)]


# Rasa knows a form by its name from before the session began anew; a snapshot has to know it too.
FORM_BEFORE_A_NEW_SESSION = [
    says(),
    says(executed("dilemma_form", False), ActiveLoop("dilemma_form")),
    [executed("action_session_start", False), SessionStarted(), executed("action_listen", False), *says()],
    says(executed("dilemma_form", False), executed("dilemma_form", False), ActiveLoop(None)),
    says(),
    says(),
]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(turns=conversations)
@example(turns=FORM_BEFORE_A_NEW_SESSION)
def test_the_state_after_every_turn_is_that_of_a_full_replay(
    store: BondgenootTrackerStore, domain: Domain, turns: list[list[Event]]
) -> None:
    # Small steps, so that snapshots of snapshots occur in a conversation of this length.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tracker_store, "KEPT_TURNS", 3)
        patch.setattr(tracker_store, "SNAPSHOT_EVERY", 2)
        asyncio.run(_play(store, domain, turns))


_numbers = itertools.count()


async def _play(store: BondgenootTrackerStore, domain: Domain, turns: list[list[Event]]) -> None:
    conversation_id = f"conversation {next(_numbers)}"
    first = [executed("action_session_start", False), SessionStarted(), executed("action_listen", False)]
    for events in [first, *turns]:
        tracker = await store.get_or_create_tracker(conversation_id, append_action_listen=False)
        for event in events:
            tracker.update(event)
        await store.save(tracker)
        short = await store.retrieve(conversation_id)
        full = await store.retrieve_full_tracker(conversation_id)
        assert short is not None and full is not None
        _assert_equal(short, full, domain)


def _assert_equal(short: DialogueStateTracker, full: DialogueStateTracker, domain: Domain) -> None:
    assert state_of(short, domain) == state_of(full, domain)
    assert short.latest_action_name == full.latest_action_name
    assert short.get_latest_input_channel() == full.get_latest_input_channel()
    assert short.latest_message is not None and full.latest_message is not None
    assert (short.latest_message.text, short.latest_message.intent) == (
        full.latest_message.text,
        full.latest_message.intent,
    )
    # Rasa copies a tracker for every action: the copy has to be equal as well.
    assert state_of(short.copy(), domain) == state_of(full, domain)


async def test_snapshots_are_made_and_are_small(store: BondgenootTrackerStore, domain: Domain) -> None:
    form = [executed("dilemma_form", True), ActiveLoop("dilemma_form")]
    for number in range(60):
        message = UserUttered(f"antwoord {number}", {"name": "answer", "confidence": 0.9}, [])
        actions = form if number % 3 else [executed("action_fallback", True)]
        await _add(store, [message, *actions, SlotSet("dilemma_id", str(number)), executed("action_listen", True)])
    with (
        store._engine.connect() as connection,
        contextlib.closing(connection.execute(schema.snapshot.select())) as rows,
    ):
        (snapshot,) = rows.all()
    restored = store._restore(snapshot.data)
    assert 0 < len(restored) < 80
    assert not [event for event in restored if isinstance(event, BotUttered)]


async def _add(store: BondgenootTrackerStore, events: list[Event]) -> None:
    tracker = await store.get_or_create_tracker("anna")
    for event in events:
        tracker.update(event)
    await store.save(tracker)
