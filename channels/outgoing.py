"""What goes out over a messaging channel: what is stored is sent, until it arrives."""

from __future__ import annotations

import asyncio
import functools
import logging
from abc import abstractmethod
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, OutputChannel
from sanic import Sanic

from bondgenoot import channel_settings, keys, settings, texts
from bondgenoot.capabilities import CAPABILITIES, Capabilities
from bondgenoot.clock import Clock
from bondgenoot.rendering import Part, render
from bondgenoot.store import channel_addresses as addresses
from bondgenoot.store.channel_addresses import Address
from bondgenoot.store.database import connect
from bondgenoot.store.schema import Cipher
from channels.deliveries import Deliveries
from channels.exchange import Exchange
from channels.history import History
from channels.sending import Api, SendError
from channels.turn import log_without_words

logger = logging.getLogger(__name__)

# Between two looks for what did not arrive.
SWEEP_SECONDS = 30.0
# A Redis that does not answer must not keep somebody waiting on the channel itself.
SECONDS_FOR_WINDOWS = 3.0


class LatestOutput(CollectingOutputChannel):
    """Where a follow-up speaks: collected and stored like all else, sent as soon as it is stored."""

    def __init__(self, channel: Outgoing) -> None:
        """`channel` sends."""
        super().__init__()
        self._channel = channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collect it; a service that is away cannot lose it."""
        await super().send_response(recipient_id, message)
        self._channel.announce(recipient_id)


class Outgoing(InputChannel):
    """The half of a connector that writes to people; channels.messaging reads what they say."""

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
        self._exchange = Exchange(self.name(), texts.say("not_kept")[0])
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._announcing: dict[str, asyncio.Task[None]] = {}
        self._sweeping: asyncio.Task[None] | None = None
        self._app: Sanic | None = None
        host = urlsplit(self._settings.public_url).hostname or ""
        self._images_reachable = not settings.is_loopback(host)

    # ---- What a subclass says about itself

    def kind(self) -> str:
        """Its row in the table of capabilities."""
        return str(self.name())

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

    async def stopping(self) -> None:
        """The server is about to end."""

    # ---- What the assistant says by itself

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
            so_far = await self._exchange.read_after_turn(agent, conversation)
            found = await self.deliveries.reach(conversation)
            if found is not None:
                await self.tell_windows(found, so_far, so_far.trigger)
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

    # ---- Sending

    async def tell_windows(self, address: Address, so_far: History, since: int) -> None:
        """Show messages from number `since` on in the open widget, if this channel is linked to it."""
        windows = getattr(self._app.ctx, "windows", None) if self._app else None
        if windows is None or not address.is_linked:
            return
        try:
            await asyncio.wait_for(windows.tell(address.conversation, so_far, since), SECONDS_FOR_WINDOWS)
        except asyncio.TimeoutError:
            # They find it in the history when they come back.
            logger.warning("Open windows were not told in time what was said on %s.", self.name())

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
