"""An agent that plays a script, and somebody who visits the chat page."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

BUTTONS = [{"title": "Ja", "payload": "/affirm"}, {"title": "Nee", "payload": "Nee"}]


class ScriptedAgent:
    """Rasa's agent as the channels see it; what it does depends on what is said."""

    def __init__(self) -> None:
        self.tracker_store = InMemoryTrackerStore(Domain.empty())
        self.lock_store = InMemoryLockStore()
        self.processor = self
        self.is_loaded = True
        self.can_speak = True
        self.turns: list[UserMessage] = []

    def is_ready(self) -> bool:
        return self.is_loaded

    async def handle_message(self, message: UserMessage) -> None:
        async with self.lock_store.lock(message.sender_id):
            self.turns.append(message)
            tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
            text = "" if message.text == "geheim" else message.text
            user = UserUttered(text, input_channel=message.input_channel, message_id=message.message_id)
            tracker.update(user)
            if message.text == "half":
                await self.say(tracker, message.output_channel, "De helft")
            if message.text in ("stuk", "half"):
                raise RuntimeError(f"cannot store '{message.text}'")
            if message.text == "traag":
                await asyncio.sleep(0.3)
            if message.text == "wis":
                tracker = DialogueStateTracker(message.sender_id, [])
                tracker.update(ActionExecuted("action_session_start"))
            if message.text != "stil":
                await self.say(tracker, message.output_channel, f"Antwoord op {text}", BUTTONS)
            await self.tracker_store.save(tracker)

    async def fetch_tracker_with_initial_session(
        self, conversation_id: str, output_channel: OutputChannel
    ) -> DialogueStateTracker:
        tracker = await self.tracker_store.get_or_create_tracker(conversation_id, append_action_listen=False)
        if not tracker.events:
            tracker.update(ActionExecuted("action_session_start"))
            if self.can_speak:
                await self.say(tracker, output_channel, "Welkom")
        return tracker

    async def say(self, tracker: DialogueStateTracker, channel: OutputChannel, text: str, buttons: Any = None) -> None:
        event = BotUttered(text, {"buttons": buttons})
        tracker.update(event)
        await channel.send_response(tracker.sender_id, event.message())

    async def follow_up(self, conversation_id: str) -> None:
        """What trigger_intent leaves in the tracker."""
        tracker = await self.tracker_store.retrieve_full_tracker(conversation_id)
        assert tracker is not None
        tracker.update(UserUttered.create_external("EXTERNAL_follow_up"))
        tracker.update(BotUttered("Hoe ging het?"))
        await self.tracker_store.save(tracker)

    async def conversations(self) -> list[str]:
        return list(await self.tracker_store.keys())


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

    async def open(self) -> Any:
        return await (await self.post("/chat/open")).json()

    async def write(self, text: str, client_id: str = "client-0001", **more: Any) -> Any:
        return await (await self.post("/chat/messages", json={"text": text, "id": client_id, **more})).json()

    async def read(self, after: int = 0, log: str = "") -> Any:
        return await (await self.get("/chat/messages", params={"after": after, "log": log})).json()
