"""An action that is run again for one message, because the first try died after it kept something and before it said so."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.commitment_keep import ActionCommitmentFinish
from actions.reflections import ActionReflectionKeep
from actions.scan import ActionScanFinish
from bondgenoot.store import commitments, follow_ups, reflections, scans
from bondgenoot.store.schema import Cipher

MakeTracker = Callable[..., Tracker]
PROMISE = {
    "commitment_what": "koffie drinken",
    "commitment_when": "2026-11-24",
    "commitment_confirm": "yes",
    "country_asked": True,
}
SCAN = {"scan_answers": [4] * 4 + [2] * 4 + [3] * 8}
INSIGHT = {"reflection_of": "dilemma", "dilemma_motive": "ik wil rust"}


def run(action: Action, here: Tracker, message_id: str) -> list[str]:
    """What was said to this message."""
    here.latest_message["message_id"] = message_id
    dispatcher = CollectingDispatcher()
    action.run(dispatcher, here, {})
    # A link to the same file looks different each time.
    return [
        re.sub(r"/chat/files/[\w=-]+/", "/chat/files/.../", str(message["text"])) for message in dispatcher.messages
    ]


@pytest.mark.parametrize(
    ("action", "slots"),
    [(ActionCommitmentFinish, PROMISE), (ActionScanFinish, SCAN), (ActionReflectionKeep, INSIGHT)],
    ids=["commitment", "scan", "reflection"],
)
def test_the_person_sees_the_same_and_it_is_kept_once(
    action: Callable[[], Action], slots: dict[str, Any], tracker: MakeTracker, engine: sa.engine.Engine, cipher: Cipher
) -> None:
    first = run(action(), tracker(dict(slots)), "message-1")
    assert first == run(action(), tracker(dict(slots)), "message-1")
    with engine.begin() as connection:
        kept = [
            of(connection, cipher, "anna") for of in (commitments.of_person, scans.of_person, reflections.of_person)
        ]
        assert sorted(map(len, kept)) == [0, 0, 1]
        for commitment in kept[0]:
            assert len(follow_ups.of_commitment(connection, commitment.id)) == 1


def test_the_same_promise_in_another_message_is_another_promise(
    tracker: MakeTracker, engine: sa.engine.Engine, cipher: Cipher
) -> None:
    for message_id in ("message-1", "message-2"):
        run(ActionCommitmentFinish(), tracker(dict(PROMISE)), message_id)
    with engine.begin() as connection:
        assert len(commitments.of_person(connection, cipher, "anna")) == 2
