"""Sharing what was not understood, with the trained model: a yes in the chat, a sentence that goes astray, a no."""

from __future__ import annotations

from typing import Any

import pytest
from in_process import HER, Conversation

import actions.common
from bondgenoot import turns
from bondgenoot.store import shared_sentences

# Answered with "not for this", and with "not understood".
ASTRAY, UNCLEAR = "kun je een pizza bestellen voor Marieke", "Marieke en ik dus"


@pytest.fixture
def switched_on(home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BONDGENOOT_WORKSHOP", "on")


@pytest.fixture
def shared(switched_on: None, conversation: Conversation) -> Any:
    def read() -> list[str]:
        with conversation.engine.begin() as connection:
            return shared_sentences.of_person(connection, actions.common.services().cipher, HER)

    return read


def said(conversation: Conversation, text: str) -> str:
    return "\n".join(message.get("text") or "" for message in conversation.say(text))


def test_a_yes_a_sentence_and_a_no(shared: Any, conversation: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    said(conversation, "hallo")
    assert "niet mee helpen" in said(conversation, ASTRAY)
    with monkeypatch.context() as unsure:
        unsure.setattr(turns, "UNSURE_BELOW", 2.0)
        assert "Ik weet niet zeker" in said(conversation, UNCLEAR)
    assert shared() == []
    offered = conversation.say("wat weet je van mij")
    assert len(offered) <= 3
    assert "Deel onbegrepen zinnen" in [button["title"] for message in offered for button in message.get("buttons", [])]
    assert "Goed" in said(conversation, "Deel onbegrepen zinnen")
    said(conversation, ASTRAY)
    with monkeypatch.context() as unsure:
        # Whatever the model of the day makes of it: it is not sure.
        unsure.setattr(turns, "UNSURE_BELOW", 2.0)
        said(conversation, UNCLEAR)
    assert shared() == ["(naam) en ik dus", "kun je een pizza bestellen voor (naam)"]
    # An answer in an exercise is never shared, and the yes is heard in the middle of one.
    said(conversation, "ik wil een voornemen maken")
    said(conversation, "kun je nog een pizza bestellen")
    asked = conversation.tracker().get_slot("requested_slot")
    assert asked
    assert "haal" in said(conversation, "deel zinnen die je niet begrijpt")
    assert conversation.tracker().get_slot("requested_slot") == asked
    assert len(shared()) == 2
    assert "niets meer" in said(conversation, "deel geen zinnen meer")
    assert shared() == []


def test_after_a_signal_of_distress_nothing_is_shared(shared: Any, conversation: Conversation) -> None:
    said(conversation, "hallo")
    said(conversation, "deel onbegrepen zinnen")
    said(conversation, "ik wil niet meer leven")
    said(conversation, ASTRAY)
    assert shared() == []
