"""One turn at a time in a conversation, in order of arrival; other conversations do not wait.

Three ways to wait for one's turn, chosen by settings (`for_settings`): in Redis, for any number of servers; in
PostgreSQL, for servers without Redis; in this process, which is right for one server only. None of them blocks the
event loop. When the service that keeps the order cannot be reached, the turn is refused: no turn without a lock.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import uuid
import weakref
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Protocol

import redis.asyncio
import redis.exceptions
import sqlalchemy as sa
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff

from bondgenoot.errors import BondgenootError
from bondgenoot.settings import Settings
from bondgenoot.store.database import connect

logger = logging.getLogger(__name__)

# Longer than a turn with several slow actions takes; who waits longer gets an apology instead of silence.
SECONDS_TO_WAIT = 90.0
# A place in Redis is kept by renewing it; that of a server that died is free after this long.
SECONDS_ALIVE = 20.0
SECONDS_TO_ANSWER = 3.0
# In PostgreSQL each turn that runs or waits holds a connection of its own.
CONNECTIONS = 20


class TurnRefusedError(BondgenootError):
    """The turn cannot begin: the lock's service is away, or others kept it too long."""


class TurnQueue(Protocol):
    """What all three can do."""

    def turn(self, conversation_id: str) -> contextlib.AbstractAsyncContextManager[None]:
        """Wait for the turn and hold it.

        Raises:
            TurnRefusedError: on entering, when it cannot be had.
        """
        ...

    async def close(self) -> None:
        """Give connections back; turns must have ended."""
        ...


def for_settings(settings: Settings) -> TurnQueue:
    """The queue that fits where the data is: Redis if there is one, else PostgreSQL, else this process."""
    if settings.redis_url:
        return RedisQueue(settings.redis_url)
    if not settings.database_url.startswith("sqlite"):
        return PostgresQueue(settings.database_url)
    return LocalQueue()


class LocalQueue:
    """In this process, first come, first served."""

    def __init__(self, seconds_to_wait: float = SECONDS_TO_WAIT) -> None:
        self._seconds = seconds_to_wait
        # An entry lives as long as somebody holds or awaits it.
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, conversation_id: str) -> AsyncIterator[None]:
        """See TurnQueue."""
        lock = self._locks.get(conversation_id)
        if lock is None:
            lock = self._locks[conversation_id] = asyncio.Lock()
        # Not asyncio.wait_for: in Python 3.10 it loses a cancellation that comes when the lock has just been taken.
        acquiring = asyncio.ensure_future(lock.acquire())
        acquired = False
        try:
            acquired = bool((await asyncio.wait({acquiring}, timeout=self._seconds))[0])
        finally:
            if not acquired:
                acquiring.cancel()
                await asyncio.wait({acquiring})
                if not acquiring.cancelled():
                    lock.release()
        if not acquired:
            raise TurnRefusedError("An earlier turn of this conversation takes too long.")
        try:
            yield
        finally:
            lock.release()

    async def close(self) -> None:
        """Nothing to give back."""


# A conversation's queue is a list of tokens, the first of which has the turn, and a hash that says until when each of
# them counts as alive. One script asks for a place, renews it, and removes those in front that are no longer alive.
# Answers 0: it is your turn; 1: you are next; 2: wait.
_ASK = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then redis.call('RPUSH', KEYS[1], ARGV[1]) end
redis.call('HSET', KEYS[2], ARGV[1], now + ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 10)
redis.call('PEXPIRE', KEYS[2], ARGV[2] * 10)
while true do
  local first = redis.call('LINDEX', KEYS[1], 0)
  if first == ARGV[1] then return 0 end
  local alive_until = redis.call('HGET', KEYS[2], first)
  if alive_until and tonumber(alive_until) >= now then break end
  redis.call('LPOP', KEYS[1])
  redis.call('HDEL', KEYS[2], first)
end
if redis.call('LINDEX', KEYS[1], 1) == ARGV[1] then return 1 end
return 2
"""
# Removes this token and no other, so that a turn that lost its place cannot end somebody else's.
_LEAVE = """
redis.call('LREM', KEYS[1], 0, ARGV[1])
return redis.call('HDEL', KEYS[2], ARGV[1])
"""
_MY_TURN, _NEXT = 0, 1


class RedisQueue:
    """In Redis: a ticket queue a conversation, in order of arrival over all servers."""

    def __init__(
        self, url: str, seconds_alive: float = SECONDS_ALIVE, seconds_to_wait: float = SECONDS_TO_WAIT
    ) -> None:
        self._alive, self._seconds = seconds_alive, seconds_to_wait
        self._redis: Any = redis.asyncio.Redis.from_url(
            url,
            socket_timeout=SECONDS_TO_ANSWER,
            socket_connect_timeout=SECONDS_TO_ANSWER,
            # Asking twice for the same token is harmless, so a connection that Redis closed meanwhile is no error.
            retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), 3),
            retry_on_error=[redis.exceptions.ConnectionError, redis.exceptions.TimeoutError],
        )
        self._ask_script = self._redis.register_script(_ASK)
        self._leave_script = self._redis.register_script(_LEAVE)
        self._doors = LocalQueue(seconds_to_wait)

    @asynccontextmanager
    async def turn(self, conversation_id: str) -> AsyncIterator[None]:
        """See TurnQueue."""
        # Who talks is nobody's business in Redis.
        name = hashlib.sha256(conversation_id.encode()).hexdigest()[:32]
        keys = [f"bondgenoot:turn:{{{name}}}:queue", f"bondgenoot:turn:{{{name}}}:alive"]
        token = uuid.uuid4().hex
        try:
            await self._wait(keys, token, conversation_id)
            renewal = asyncio.get_running_loop().create_task(self._renew(keys, token))
            try:
                yield
            finally:
                renewal.cancel()
                # A renewal under way would take the place again after it was left.
                await asyncio.wait({renewal})
        finally:
            await asyncio.shield(self._leave(keys, token))

    async def _wait(self, keys: list[str], token: str, conversation_id: str) -> None:
        loop = asyncio.get_running_loop()
        give_up = loop.time() + self._seconds
        try:
            # One at a time through the door: connections may differ in speed, and arrival is the order.
            async with self._doors.turn(conversation_id):
                place = await self._ask(keys, token)
            while place != _MY_TURN:
                if loop.time() > give_up:
                    raise TurnRefusedError("Earlier turns of this conversation take too long.")
                await asyncio.sleep(min(0.02 if place == _NEXT else 0.1, self._alive / 4))
                place = await self._ask(keys, token)
        except redis.exceptions.RedisError as error:
            raise TurnRefusedError(
                f"Redis, which keeps turns in order, does not answer: {type(error).__name__}"
            ) from error

    async def _ask(self, keys: list[str], token: str) -> int:
        # In a task of its own: redis-py now and then swallows a cancellation, and then nobody would leave the queue.
        asking = asyncio.ensure_future(self._ask_script(keys=keys, args=[token, int(self._alive * 1000)]))
        try:
            return int(await asyncio.shield(asking))
        except asyncio.CancelledError:
            # What was sent may still take a place; it is left after that.
            await asyncio.wait({asking})
            raise

    async def _renew(self, keys: list[str], token: str) -> None:
        """Keep the place as long as the turn lasts. If it is lost all the same, the tracker store keeps both turns."""
        while True:
            await asyncio.sleep(self._alive / 4)
            try:
                if await self._ask(keys, token) != _MY_TURN:
                    logger.warning("A turn lost its lock while it ran; what it says is stored behind the other turn.")
            except redis.exceptions.RedisError as error:
                logger.warning("A lock could not be renewed: %s.", type(error).__name__)

    async def _leave(self, keys: list[str], token: str) -> None:
        try:
            await self._leave_script(keys=keys, args=[token])
        except redis.exceptions.RedisError as error:
            # The place is free when it is no longer renewed.
            logger.warning("A lock could not be given back: %s.", type(error).__name__)

    async def close(self) -> None:
        """See TurnQueue."""
        await self._redis.close(close_connection_pool=True)


class PostgresQueue:
    """In PostgreSQL: an advisory lock that lasts as long as a transaction, so that it ends with its server.

    In order of arrival within a server; between servers PostgreSQL's own queue decides, which is in order too.
    """

    def __init__(self, url: str, connections: int = CONNECTIONS, seconds_to_wait: float = SECONDS_TO_WAIT) -> None:
        self._engine = connect(url, pool_size=connections, max_overflow=0, pool_timeout=seconds_to_wait)
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="turn")
        # Apart, so that who gives back does not queue behind those who wait for it.
        self._returns = ThreadPoolExecutor(2, thread_name_prefix="turn-ends")
        self._seconds = seconds_to_wait
        self._doors = LocalQueue(seconds_to_wait)

    @asynccontextmanager
    async def turn(self, conversation_id: str) -> AsyncIterator[None]:
        """See TurnQueue."""
        key = int.from_bytes(hashlib.sha256(conversation_id.encode()).digest()[:8], "big", signed=True)
        loop = asyncio.get_running_loop()
        async with self._doors.turn(conversation_id):
            taking = loop.run_in_executor(self._threads, self._take, key)
            try:
                connection = await asyncio.shield(taking)
            except asyncio.CancelledError:
                # The thread cannot be called back; what it gets is given back at once.
                taking.add_done_callback(lambda done: None if done.exception() else self._give_back(done.result()))
                raise
            try:
                yield
            finally:
                await asyncio.shield(loop.run_in_executor(self._returns, self._give_back, connection))

    def _take(self, key: int) -> Any:
        connection = None
        try:
            connection = self._engine.connect()
            connection.execute(sa.text(f"SET LOCAL lock_timeout = {int(self._seconds * 1000)}"))
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
            return connection
        except sa.exc.SQLAlchemyError as error:
            if connection is not None:
                self._give_back(connection)
            raise TurnRefusedError(
                f"PostgreSQL, which keeps turns in order, does not answer: {type(error).__name__}"
            ) from error

    @staticmethod
    def _give_back(connection: Any) -> None:
        try:
            connection.close()
        except sa.exc.SQLAlchemyError:
            # The server is gone, and the lock with it.
            connection.invalidate()

    async def close(self) -> None:
        """See TurnQueue."""
        self._threads.shutdown(wait=False)
        self._returns.shutdown(wait=False)
        self._engine.dispose()
