"""An agent that plays a script on the real conversation log, and somebody who visits pages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore, LockStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from components.tracker_store import BondgenootTrackerStore

# Starts a server for an agent and its channels; gives its address.
Serve = Callable[..., Awaitable[str]]

BUTTONS = [{"title": "Ja", "payload": "/affirm"}, {"title": "Nee", "payload": "Nee"}]
UI = {"kind": "scale", "min": 0, "max": 10, "low": "niet", "high": "helemaal"}
SLOT = {"type": "bool", "influence_conversation": False, "mappings": [{"type": "custom"}]}
DOMAIN = Domain.from_dict({"intents": ["EXTERNAL_follow_up"], "slots": {"erase_conversation": SLOT}})


class ScriptedAgent:
    """Rasa's agent as the channels see it."""

    def __init__(self, lock_store: LockStore | None = None) -> None:
        self.store = BondgenootTrackerStore(DOMAIN)
        self.tracker_store = Agent._create_tracker_store(self.store, DOMAIN)
        self.lock_store = lock_store or InMemoryLockStore()
        self.processor = ScriptedProcessor(self)
        self.domain = DOMAIN
        self.is_loaded = True
        self.can_speak = True
        self.turns: list[UserMessage] = []

    def is_ready(self) -> bool:
        return self.is_loaded

    async def handle_message(self, message: UserMessage) -> None:
        async with self.lock_store.lock(message.sender_id):
            await self.processor.handle_message(message)

    async def conversations(self) -> list[str]:
        return list(await self.tracker_store.keys())

    async def trigger_intent(
        self, intent_name: str, entities: Any, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> None:
        """A follow-up, as Rasa does it: speaks first, stores afterwards. The caller holds the lock."""
        tracker.update(UserUttered.create_external(intent_name, input_channel=tracker.get_latest_input_channel()))
        await self.processor.say(tracker, output_channel, "Hoe ging het?")
        await asyncio.sleep(0.05)
        await self.tracker_store.save(tracker)


class ScriptedProcessor:
    """The dialogue: what it answers depends on what is said. The caller holds the conversation's lock."""

    def __init__(self, agent: ScriptedAgent) -> None:
        self.agent = agent

    async def handle_message(self, message: UserMessage) -> None:
        self.agent.turns.append(message)
        tracker = await self.agent.tracker_store.get_or_create_tracker(message.sender_id)
        intent = {"name": "crisis" if message.text == "geheim" else "answer"}
        tracker.update(
            UserUttered(message.text, intent, input_channel=message.input_channel, message_id=message.message_id)
        )
        text, channel = message.text, message.output_channel
        if text == "half":
            await self.say(tracker, channel, "De helft")
        if text in ("stuk", "half"):
            raise RuntimeError(f"cannot store '{text}'")
        if text == "traag":
            await asyncio.sleep(0.3)
        if text == "wis":
            tracker.update(SlotSet("erase_conversation", True))
        if text != "stil" and self.agent.can_speak:
            await self.say(tracker, channel, f"Antwoord op {text}", BUTTONS)
        await self.agent.tracker_store.save(tracker)

    async def fetch_tracker_with_initial_session(
        self, conversation_id: str, output_channel: OutputChannel
    ) -> DialogueStateTracker:
        tracker = await self.agent.tracker_store.get_or_create_tracker(conversation_id, append_action_listen=False)
        if not tracker.events:
            tracker.update(ActionExecuted("action_session_start"))
            if self.agent.can_speak:
                await self.say(tracker, output_channel, "Welkom")
        return tracker

    async def fetch_tracker_and_update_session(self, conversation_id: str) -> DialogueStateTracker:
        return await self.agent.tracker_store.get_or_create_tracker(conversation_id)

    async def say(self, tracker: DialogueStateTracker, channel: OutputChannel, text: str, buttons: Any = None) -> None:
        event = BotUttered(text, {"buttons": buttons}, {"ui": UI} if "schaal" in text else {})
        tracker.update(event)
        await channel.send_response(tracker.sender_id, event.message())


class Visitor:
    """A browser, more or less: keeps its cookie and sends what the page sends."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.headers = {"X-Requested-With": "bondgenoot", "Origin": url}

    async def get(self, path: str, **kwargs: Any) -> aiohttp.ClientResponse:
        answer = await self.session.get(self.url + path, **{"allow_redirects": False, **kwargs})
        await answer.read()
        return answer

    async def post(self, path: str, **kwargs: Any) -> aiohttp.ClientResponse:
        answer = await self.session.post(self.url + path, **{"headers": self.headers, **kwargs})
        await answer.read()
        return answer


async def follow_up(url: str, conversation: str) -> Any:
    """What the dispatcher does when a follow-up is due."""
    address = f"{url}/conversations/{conversation}/trigger_intent?output_channel=latest&token=token"
    async with aiohttp.ClientSession() as session, session.post(address, json={"name": "EXTERNAL_follow_up"}) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()
