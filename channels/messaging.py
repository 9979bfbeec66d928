"""What all messaging channels have in common: one turn a message, saved before it is sent, sent until it arrives."""

from __future__ import annotations

import asyncio
import functools
import logging
import time
from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, OutputChannel
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bondgenoot import channel_settings, keys, settings, texts
from bondgenoot.capabilities import CAPABILITIES, Capabilities
from bondgenoot.clock import Clock
from bondgenoot.questions import normalise
from bondgenoot.rendering import Part, render, understand
from bondgenoot.safety import Level, SafetyNet
from bondgenoot.store import channel_addresses as addresses
from bondgenoot.store.channel_addresses import Address, person_key
from bondgenoot.store.database import connect
from bondgenoot.store.schema import Cipher
from channels import linking
from channels.deliveries import Deliveries
from channels.exchange import Exchange, NotReadyError
from channels.history import History
from channels.local import LARGEST_BODY, LONGEST_MESSAGE, clean
from channels.sending import Api, SendError
from channels.turn import OnNewMessage, RecentTurns, log_without_words
from channels.visitors import RateLimit

logger = logging.getLogger(__name__)

# Between two looks for what did not arrive.
SWEEP_SECONDS = 30.0
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


class LatestOutput(CollectingOutputChannel):
    """Where a follow-up speaks: collected and stored like all else, sent as soon as it is stored."""

    def __init__(self, channel: MessagingInput) -> None:
        """`channel` sends."""
        super().__init__()
        self._channel = channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collect it; a service that is away cannot lose it."""
        await super().send_response(recipient_id, message)
        self._channel.announce(recipient_id)


class MessagingInput(InputChannel):
    """Base of the connectors. A subclass checks who calls, reads what they say, and sends."""

    # How long a service may wait for its answer; the turn goes on when it does not.
    patience = 10.0

    def __init__(self) -> None:
        """Read the settings and open the product's database.

        Raises:
            SettingsError: the channel is off or half configured.
        """
        self._settings = settings.load()
        self.options = channel_settings.of_channel(self.name(), self._settings.public_url)
        self.can: Capabilities = CAPABILITIES[self.kind()]
        self.api = Api()
        self.clock = Clock.from_settings(self._settings)
        self.deliveries = Deliveries(
            self.name(), connect(self._settings.database_url), Cipher(keys.data_key(self._settings.home)), self.clock
        )
        self._secret = keys.session_key(self._settings.home)
        self._exchange = Exchange(self.name(), texts.say("not_kept")[0])
        self._net = safety_net()
        self._turns = RecentTurns()
        self._rate = RateLimit()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._announcing: dict[str, asyncio.Task[None]] = {}
        self._sweeping: asyncio.Task[None] | None = None
        self._app: Sanic | None = None
        host = urlsplit(self._settings.public_url).hostname or ""
        self._images_reachable = not settings.is_loopback(host)

    # ---- What a subclass says about itself

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> MessagingInput:
        """Rasa's factory; settings come from the environment, so that no secret stands in a file."""
        return cls()

    def kind(self) -> str:
        """Its row in the table of capabilities."""
        return str(self.name())

    @abstractmethod
    def add_routes(self, blueprint: Blueprint) -> None:
        """The service's webhook. It checks who calls, then awaits `take` for each message."""

    @abstractmethod
    async def send(self, where: dict[str, Any], part: Part) -> None:
        """Send one message.

        Raises:
            SendError: it did not arrive.
        """

    async def send_template(self, where: dict[str, Any]) -> bool:
        """Open a conversation that may not be opened freely; False when there is no way."""
        return False

    async def started(self) -> None:
        """The server is up; what the service needs to be told."""

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
            await self.api.close()

        @blueprint.exception(Exception)
        async def apologise(request: Request, error: Exception) -> HTTPResponse:
            status = getattr(error, "status_code", 500)
            if status >= 500:
                log_without_words(f"A request of {self.name()} failed", error)
            return response.json({"error": "failed"}, status=status)

        self.add_routes(blueprint)
        return blueprint

    def get_output_channel(self) -> OutputChannel:
        """For what the assistant says by itself."""
        return LatestOutput(self)

    def announce(self, conversation: str) -> None:
        """Send what the assistant said by itself, as soon as that is stored."""
        if conversation not in self._announcing:
            task = asyncio.get_running_loop().create_task(self._announce(conversation))
            self._announcing[conversation] = task
            task.add_done_callback(lambda _done: self._announcing.pop(conversation, None))

    async def _announce(self, conversation: str) -> None:
        try:
            agent = self._agent()
            if agent is None:
                return
            await self._exchange.read_after_turn(agent, conversation)
            found = await self.deliveries.reach(conversation)
            if found is None or found.nudge_only:
                # A nudge is sent by the sweep, from what is stored.
                return
            async with self._lock(found.id):
                address = await self.deliveries.find(found.id)
                so_far = await self._exchange.read(agent, conversation)
                if address is not None:
                    await self.deliver(address, so_far, max(so_far.trigger, self.deliveries.place(address, so_far)))
        except Exception as error:
            # It is stored, and asked again by the sweep or shown when the person writes.
            log_without_words("What the assistant said by itself was not sent", error)

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

    # ---- Sending

    async def deliver(self, address: Address, so_far: History, start: int) -> bool:
        """Send the assistant's messages from number `start` on. What does not arrive is kept for the next try."""
        total = len(so_far.messages)
        if start >= total:
            return True
        if not self._may_write(address):
            invited = address.is_invited or await self._open(address)
            await self.deliveries.hold(address, so_far.log, start, invited)
            return invited
        # From here on a crash leaves a row that says what is still to be sent.
        await self.deliveries.failed(address, so_far.log, start)
        for place in range(start, total):
            if so_far.messages[place]["from"] != "bot":
                continue
            try:
                await self._send(address.where, so_far.messages[place])
            except SendError as error:
                logger.warning("A message on %s did not arrive: %s", self.name(), error)
                keep = self.deliveries.hold if error.is_final else self.deliveries.failed
                await keep(address, so_far.log, place)
                return False
        await self.deliveries.told(address, so_far.log, total)
        return True

    async def say(self, where: dict[str, Any], key: str, **values: Any) -> None:
        """Say a text of content/ that stands in no conversation.

        Raises:
            SendError: it did not arrive.
        """
        for bubble in texts.say(key, **values):
            await self._send(where, {"text": bubble})

    async def _try_to_say(self, where: dict[str, Any], key: str) -> None:
        try:
            await self.say(where, key)
        except SendError as error:
            logger.warning("Not even an apology arrived on %s: %s", self.name(), error)

    async def _send(self, where: dict[str, Any], message: dict[str, Any]) -> None:
        for part in render(message, self.can, images_reachable=self._images_reachable):
            try:
                await self.deliveries.patiently(functools.partial(self.send, where, part))
            except SendError:
                if not part.image:
                    raise
                # A picture that the service cannot get is no reason to keep silent about what is on it.
                await self.deliveries.patiently(functools.partial(self.send, where, Part(f"{part.text}\n{part.image}")))

    def _may_write(self, address: Address) -> bool:
        hours = self.can.hours
        return hours is None or (self.clock.now() - address.last_seen).total_seconds() < hours * 3600

    async def _open(self, address: Address) -> bool:
        try:
            return self.can.template and await self.send_template(address.where)
        except SendError as error:
            logger.warning("A template on %s did not arrive: %s", self.name(), error)
            return False

    # ---- What waits

    async def _sweep_for_ever(self) -> None:
        try:
            await self.started()
        except Exception as error:
            log_without_words(f"{self.name()} could not be told where we are", error)
        while True:
            try:
                await self.sweep()
            except Exception as error:
                log_without_words(f"What waits for {self.name()} was not looked at", error)
            await asyncio.sleep(SWEEP_SECONDS)

    async def sweep(self) -> None:
        """Try again what did not arrive, and nudge who wants only a nudge here."""
        agent = self._agent()
        if agent is None:
            return
        await self.deliveries.run(addresses.forget_codes, self.clock.now())
        for claimed in await self.deliveries.claim_undelivered():
            async with self._lock(claimed.id):
                address = await self.deliveries.find(claimed.id)
                if address is not None and address.retry_at is not None:
                    so_far = await self._exchange.read(agent, address.conversation)
                    if so_far.log == address.log:
                        await self.deliver(address, so_far, address.sent)
                    else:
                        await self.deliveries.told(address, so_far.log, len(so_far.messages))
        for address in await self.deliveries.claim_nudges():
            if not self._may_write(address):
                await self._open(address)
                continue
            try:
                await self.say(address.where, "channel_nudge", url=self._settings.public_url)
            except SendError as error:
                logger.warning("A nudge on %s did not arrive: %s", self.name(), error)
                await self.deliveries.change(address.id, nudged_at=address.nudged_at)

    def _agent(self) -> Any:
        """Rasa's agent, or None while no model is loaded."""
        agent = getattr(self._app.ctx, "agent", None) if self._app else None
        return agent if agent is not None and agent.is_ready() else None

    def _lock(self, key: str) -> asyncio.Lock:
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        return lock


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
