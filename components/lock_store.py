"""Rasa's lock store: one turn at a time in a conversation, by settings only (bondgenoot.turn_queue)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockError, LockStore
from rasa.utils.endpoints import EndpointConfig

from bondgenoot import settings, turn_queue
from components.whole_turns import whole_turn


class BondgenootLockStore(LockStore):
    """Stands around every turn of every kind: a message, a follow-up, a welcome."""

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        """What endpoints.yml says besides the type is not used, settings are."""
        super().__init__()
        self._queue = turn_queue.for_settings(settings.load())

    @asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncIterator[TicketLock]:
        """Hold the conversation; it is held as long as the turn lasts, without a lifetime that ends before it.

        Raises:
            LockError: the turn cannot begin; nothing was done.
            TurnFailedError: an action could not be run; nothing is stored.
        """
        async with AsyncExitStack() as held:
            try:
                await held.enter_async_context(self._queue.turn(conversation_id))
            except turn_queue.TurnRefusedError as error:
                raise LockError(str(error)) from error
            with whole_turn():
                yield TicketLock(conversation_id)
