"""What all messaging channels have in common: one turn a message, saved before it is sent (channels.outgoing)."""

from __future__ import annotations

import asyncio
import functools
import logging
import time
from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Any

from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bondgenoot import keys, texts
from bondgenoot.questions import normalise
from bondgenoot.rendering import understand
from bondgenoot.safety import Level, SafetyNet
from bondgenoot.store.channel_addresses import Address, person_key
from channels import linking
from channels.exchange import NotReadyError
from channels.local import LARGEST_BODY, LONGEST_MESSAGE, clean
from channels.outgoing import Outgoing
from channels.sending import SendError
from channels.turn import OnNewMessage, RecentTurns, log_without_words
from channels.visitors import RateLimit

logger = logging.getLogger(__name__)

# An answer to a template that is no longer than this only opens the conversation.
WORDS_TO_A_TEMPLATE = 3


@dataclass(frozen=True)
class Incoming:
    """One message of a person, as a service told it.

    `user` is who they are there, `message_id` the same for every retry of the service, `where` what it takes to
    answer. `is_start` marks a message that only opens a conversation.
    """

    user: str
    message_id: str
    text: str
    where: dict[str, Any] = field(default_factory=dict)
    is_direct: bool = True
    is_start: bool = False


class MessagingInput(Outgoing):
    """Base of the connectors. A subclass checks who calls, reads what they say, and sends."""

    # How long a service may wait for its answer; the turn goes on when it does not.
    patience = 10.0

    def __init__(self) -> None:
        """Read the settings and open the product's database.

        Raises:
            SettingsError: the channel is off or half configured.
        """
        super().__init__()
        self._secret = keys.session_key(self._settings.home)
        self._net = safety_net()
        self._turns = RecentTurns()
        self._rate = RateLimit()

    # ---- What a subclass says about itself

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> MessagingInput:
        """Rasa's factory; settings come from the environment, so that no secret stands in a file."""
        return cls()

    @abstractmethod
    def add_routes(self, blueprint: Blueprint) -> None:
        """The service's webhook. It checks who calls, then awaits `take` for each message."""

    # ---- Rasa's side

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The routes of the service, and what happens around the server's life."""
        blueprint = Blueprint(f"bondgenoot_{self.name()}")

        @blueprint.middleware("request")
        async def limit(request: Request) -> HTTPResponse | None:
            return response.json({"error": "too_large"}, status=413) if len(request.body) > LARGEST_BODY else None

        @blueprint.listener("after_server_start")
        async def begin(app: Sanic, _loop: Any) -> None:
            self._app = app
            self._sweeping = asyncio.get_running_loop().create_task(self._sweep_for_ever())

        @blueprint.listener("before_server_stop")
        async def end(_app: Sanic, _loop: Any) -> None:
            if self._sweeping:
                self._sweeping.cancel()
            await self.stopping()
            await self.api.close()

        @blueprint.exception(Exception)
        async def apologise(request: Request, error: Exception) -> HTTPResponse:
            status = getattr(error, "status_code", 500)
            if status >= 500:
                log_without_words(f"A request of {self.name()} failed", error)
            return response.json({"error": "failed"}, status=status)

        self.add_routes(blueprint)
        return blueprint

    # ---- One message

    async def take(self, incoming: Incoming) -> None:
        """Answer a message, once, whatever the service repeats. Returns early when that takes longer than it waits."""
        key = (incoming.user, incoming.message_id)
        turn = self._turns.find(key) or self._turns.start(key, self._handle(incoming))
        try:
            await asyncio.wait_for(asyncio.shield(turn), self.patience)
        except asyncio.TimeoutError:
            logger.info("A turn on %s takes longer than the service waits; it goes on.", self.name())

    async def _handle(self, incoming: Incoming) -> dict[str, Any]:
        where = incoming.where
        try:
            if not incoming.is_direct:
                await self.say(where, "channel_group")
                return {"ok": True}
            key = person_key(self._secret, self.name(), incoming.user)
            async with self._lock(key):
                if self._rate.wait(key):
                    await self.say(where, "channel_too_fast")
                    return {"ok": True}
                return {"ok": await self._converse(key, incoming)}
        except SendError as error:
            logger.warning("A message on %s did not arrive: %s", self.name(), error)
        except Exception as error:
            log_without_words(f"A message on {self.name()} could not be handled", error)
            await self._try_to_say(where, "error")
        return {"ok": False}

    async def _converse(self, key: str, incoming: Incoming) -> bool:
        address = await self.deliveries.remember(key, incoming.where)
        text = clean(incoming.text).strip()
        if not text and not incoming.is_start:
            await self.say(incoming.where, "channel_text_only")
            return True
        if len(text) > LONGEST_MESSAGE:
            await self.say(incoming.where, "channel_too_long")
            return True
        agent = self._agent()
        if agent is None:
            await self.say(incoming.where, "error")
            return False
        if not address.introduced:
            await self.say(incoming.where, "channel_first", url=self._settings.public_url)
            await self.deliveries.change(key, introduced=True)
        if await self._obey(address, text):
            return True
        is_worrying = self._net.assess(text).level is not Level.NONE
        if address.nudge_only and not is_worrying:
            await self.say(incoming.where, "channel_nudge_here", url=self._settings.public_url)
            return True
        return await self._turn(agent, address, incoming, text, is_worrying)

    async def _turn(self, agent: Any, address: Address, incoming: Incoming, text: str, is_worrying: bool) -> bool:
        conversation = address.conversation
        before = await self._exchange.read(agent, conversation)
        if incoming.is_start or normalise(text) in texts.phrases("channel_start"):
            if not before.messages:
                return await self._welcome(agent, address)
            if not text:
                return True
        start = len(before.messages)
        if address.retry_at is not None:
            start = self.deliveries.place(address, before)
        elif conversation in self._announcing:
            start = max(before.trigger, self.deliveries.place(address, before))
        if address.is_invited and len(text.split()) <= WORDS_TO_A_TEMPLATE and not is_worrying:
            # 'Ja' to a template is no answer to the question that waited behind it.
            return await self.deliver(address, before, start)
        meant = understand(text, before.messages)
        outcome = await self._exchange.turn(agent, conversation, meant, incoming.message_id)
        after = outcome.history
        if outcome.is_repeated:
            # Nothing, unless this server ended between storing the answer and sending it.
            return await self.deliver(address, after, max(outcome.since, self.deliveries.place(address, after)))
        await self.tell_windows(address, after, outcome.since)
        sent = await self.deliver(address, after, min(start, outcome.since) if after.log == before.log else 0)
        for message in outcome.unlogged:
            await self._send(incoming.where, message)
        return outcome.is_answered and sent

    async def _welcome(self, agent: Any, address: Address) -> bool:
        """Begin without a message; any other first message is welcomed by the turn itself."""
        try:
            so_far, _ = await self._exchange.welcome(agent, address.conversation)
        except NotReadyError:
            await self.say(address.where, "error")
            return False
        return await self.deliver(address, so_far, 0)

    async def _obey(self, address: Address, text: str) -> bool:
        """Do what a message to the channel itself asks; False for a message to the dialogue."""
        order = linking.order_in(text)
        if order is None:
            return False
        now, url = self.clock.now(), self._settings.public_url
        if order.kind == "link_with":
            said = await self.deliveries.run(linking.link, self._secret, address, order.code, now)
        elif order.kind == "unlink":
            said = await self.deliveries.run(linking.unlink, address)
        elif order.kind == "nudge_only":
            await self.deliveries.change(address.id, nudge_only=True, nudged_at=now)
            said = texts.say("channel_nudge_on", url=url)
            said += () if address.is_linked else texts.say("channel_nudge_link")
        else:
            await self.deliveries.change(address.id, nudge_only=False)
            said = texts.say("channel_nudge_off")
        for bubble in said:
            await self._send(address.where, {"text": bubble})
        return True


@functools.lru_cache(maxsize=1)
def safety_net() -> SafetyNet:
    """The phrases, compiled once for all channels."""
    return SafetyNet.load()


def now_seconds() -> float:
    """Unix time, for the proofs of services; a test replaces it."""
    return time.time()


def refuse(reason: str) -> HTTPResponse:
    """401 for a caller who proves nothing."""
    logger.warning("A request was refused: %s", reason)
    return response.json({"error": "not_signed"}, status=401)
