"""What happens in one conversation at a time: reading it, welcoming, a turn. Under the conversation's lock."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.events import BotUttered

from channels import history
from channels.history import History, Message, Reader
from channels.turn import apologise, log_without_words, take_turn


class NotReadyError(Exception):
    """No model is loaded, or the assistant could not say its welcome."""


@dataclass(frozen=True)
class Outcome:
    """How a turn ended: the history after it, where the new part begins, and what was said but is in no log."""

    is_answered: bool
    history: History
    since: int = 0
    unlogged: list[Message] = field(default_factory=list)
    is_repeated: bool = False

    @property
    def new(self) -> tuple[Message, ...]:
        """The messages that came with the turn."""
        return self.history.messages[self.since :]


class Exchange:
    """The conversations of one server, whoever is connected."""

    def __init__(self, channel: str, not_kept: str) -> None:
        """`channel` is what the conversation log calls this channel."""
        self._channel = channel
        self._reader = Reader(not_kept)

    async def read(self, agent: Any, conversation: str) -> History:
        """The history as it is stored now."""
        return await self._reader.read(own_store(agent.tracker_store), conversation)

    async def read_after_turn(self, agent: Any, conversation: str) -> History:
        """The history once nobody is in the middle of a turn."""
        async with agent.lock_store.lock(conversation):
            return await self.read(agent, conversation)

    async def welcome(self, agent: Any, conversation: str) -> tuple[History, bool]:
        """The history, and whether it begins now.

        Raises:
            NotReadyError: the welcome could not be said; nothing is stored, so that it can be said later.
        """
        async with agent.lock_store.lock(conversation):
            so_far = await self.read(agent, conversation)
            if so_far.messages:
                return so_far, False
            channel = CollectingOutputChannel()
            tracker = await agent.processor.fetch_tracker_with_initial_session(conversation, channel)
            if not channel.messages:
                raise NotReadyError
            await agent.tracker_store.save(tracker)
            return await self.read(agent, conversation), True

    async def turn(self, agent: Any, conversation: str, text: str, message_id: str) -> Outcome:
        """Hand a message to the dialogue, unless it was answered before. Never raises, is never silent."""
        channel = CollectingOutputChannel()
        message = UserMessage(text, channel, conversation, input_channel=self._channel, message_id=message_id)
        before = History()
        try:
            # Also across servers: whoever has the lock sees what the one before has stored.
            async with agent.lock_store.lock(conversation):
                before = await self.read(agent, conversation)
                place = before.place_of(message_id)
                if place is not None and message_id not in before.unanswered:
                    return Outcome(True, before, place, is_repeated=True)
                is_answered = await take_turn(agent.processor.handle_message, message)
                after = await self.read(agent, conversation)
                if not is_answered and message_id in after.unanswered:
                    # Rasa stored the message without an answer, so the apology is to stand behind it.
                    after = await self._keep_apology(agent, conversation, channel)
        except Exception as error:
            log_without_words("A turn could not be kept", error)
            await apologise(channel, conversation)
            return Outcome(False, before, len(before.messages), history.said(channel.messages))
        since = len(before.messages) if after.log == before.log else 0
        return Outcome(is_answered, after, since, [] if is_answered else history.said(channel.messages))

    async def _keep_apology(self, agent: Any, conversation: str, channel: CollectingOutputChannel) -> History:
        tracker = await agent.tracker_store.retrieve(conversation)
        for said in channel.messages:
            tracker.update(BotUttered(said["text"], metadata={history.APOLOGY: True}))
        await agent.tracker_store.save(tracker)
        channel.messages.clear()
        return await self.read(agent, conversation)


def own_store(store: Any) -> Any:
    """The product's tracker store, out of what Rasa wraps around it."""
    while not hasattr(store, "events_after"):
        store = store._tracker_store
    return store
