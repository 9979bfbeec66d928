"""In the middle of a journey the action server fails: the question stays open and the same answer is taken afterwards."""

from __future__ import annotations

import pytest
from in_process import HER, Conversation
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.utils.endpoints import ClientResponseError

from bondgenoot import texts
from channels.turn import take_turn
from components.lock_store import BondgenootLockStore


def say(conversation: Conversation, text: str) -> list[str]:
    """A message as a channel hands it over."""
    channel = CollectingOutputChannel()
    message = UserMessage(text, channel, HER, input_channel="chat")
    conversation.trained.loop.run_until_complete(take_turn(conversation.trained.agent.handle_message, message))
    return [str(message["text"]) for message in channel.messages]


def test_the_open_question_stays_open_and_the_answer_is_taken_when_it_is_sent_again(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent, endpoint = conversation.trained.agent, conversation.trained.endpoint
    monkeypatch.setattr(agent, "lock_store", BondgenootLockStore())
    monkeypatch.setattr(agent.processor, "lock_store", agent.lock_store)
    say(conversation, "goeiemorgen")
    say(conversation, "heb je een dilemma over integriteit voor mij")
    before = conversation.tracker()
    assert before.get_slot("requested_slot") == "dilemma_choice"

    well, calls = endpoint.request, []

    async def request(*args, **kwargs):
        calls.append(kwargs["json"]["next_action"])
        if len(calls) == failing:
            raise ClientResponseError(500, "Internal Server Error", "boom")
        return await well(*args, **kwargs)

    monkeypatch.setattr(endpoint, "request", request)
    # The first call of the turn fails, then, when it is sent again, the second: half of the work was done.
    for failing in (1, 2):
        calls.clear()
        assert say(conversation, "1") == [" ".join(texts.say("error"))]
        assert len(calls) == failing
        after = conversation.tracker()
        assert list(after.events) == list(before.events)
        assert after.active_loop_name == "dilemma_form"

    monkeypatch.setattr(endpoint, "request", well)
    assert "Wat maakt dat je dat kiest?" in " ".join(say(conversation, "1"))
    assert conversation.tracker().get_slot("requested_slot") == "dilemma_why"
