"""How far people on a channel were told, kept in the database; its work is done beside the event loop."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import sqlalchemy as sa

from bondgenoot.clock import Clock
from bondgenoot.store import channel_addresses as addresses
from bondgenoot.store.channel_addresses import Address
from bondgenoot.store.schema import Cipher
from channels.history import History
from channels.sending import LONGEST_WAIT, SendError

# Seconds before the second and the third try, unless the service says how long to wait.
PAUSES = (0.5, 2.0)

Result = TypeVar("Result")


class Deliveries:
    """The addresses of one channel."""

    def __init__(self, channel: str, engine: sa.engine.Engine, cipher: Cipher, clock: Clock) -> None:
        """`channel` is Rasa's name of it."""
        self._channel, self._engine, self._cipher, self._clock = channel, engine, cipher, clock
        # One thread: the writes of one channel come one after the other, as SQLite wants them.
        self._threads = ThreadPoolExecutor(1, thread_name_prefix=f"addresses-{channel}")

    async def run(self, work: Callable[..., Result], *arguments: Any, **more: Any) -> Result:
        """Call a function of the store in a transaction."""

        def transaction() -> Result:
            with self._engine.begin() as connection:
                return work(connection, *arguments, **more)

        return await asyncio.get_running_loop().run_in_executor(self._threads, transaction)

    async def remember(self, key: str, where: dict[str, Any]) -> Address:
        """Note that somebody wrote; who they were before this message."""
        now = self._clock.now()
        return await self.run(addresses.remember, self._cipher, key, self._channel, where, now)

    async def find(self, key: str) -> Address | None:
        """The address with this id."""
        return await self.run(addresses.find, self._cipher, key)

    async def reach(self, conversation: str) -> Address | None:
        """Where the person of a conversation wrote last on this channel."""
        found = await self.run(addresses.of_conversation, self._cipher, conversation, self._channel)
        return found[0] if found else None

    async def change(self, key: str, **values: Any) -> bool:
        """Set columns."""
        return await self.run(addresses.change, key, **values)

    async def told(self, address: Address, log: str, sent: int) -> None:
        """Everything before number `sent` has arrived."""
        await self.run(addresses.told, address.id, log, sent)

    async def failed(self, address: Address, log: str, sent: int) -> None:
        """Number `sent` is still to arrive."""
        await self.run(addresses.failed, address, log, sent, self._clock.now())

    async def hold(self, address: Address, log: str, sent: int, invited: bool = False) -> None:
        """Number `sent` waits until the person writes; `invited` when a template asked them to."""
        await self.run(addresses.hold, address.id, log, sent, invited)

    async def claim_undelivered(self) -> list[Address]:
        """Whom to try again now."""
        return await self.run(addresses.claim_undelivered, self._cipher, self._channel, self._clock.now())

    async def claim_nudges(self) -> list[Address]:
        """Whom to nudge now."""
        return await self.run(addresses.claim_nudges, self._cipher, self._channel, self._clock.now())

    @staticmethod
    def place(address: Address, so_far: History) -> int:
        """The number of the first message that they were not told; 0 when they were told of another log."""
        return address.sent if address.log == so_far.log else 0

    @staticmethod
    async def patiently(send: functools.partial[Awaitable[None]]) -> None:
        """Send; try twice more when that may help.

        Raises:
            SendError: it did not arrive.
        """
        for pause in (*PAUSES, None):
            try:
                return await send()
            except SendError as error:
                wait = error.wait if error.wait is not None else pause
                if pause is None or error.is_final or (wait or 0) > LONGEST_WAIT:
                    raise
                await asyncio.sleep(wait or 0)
