"""One turn at a time in a conversation, in order of arrival, whatever keeps the order."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
import services

from bondgenoot.settings import Settings
from bondgenoot.turn_queue import LocalQueue, PostgresQueue, RedisQueue, TurnQueue, TurnRefusedError, for_settings

Two = tuple[TurnQueue, TurnQueue]


@pytest_asyncio.fixture(params=["local", "redis", "postgresql"])
async def two_servers(request: pytest.FixtureRequest) -> AsyncIterator[Two]:
    """The queues of two servers that share what keeps the order; of one server where nothing is shared."""
    async with contextlib.AsyncExitStack() as stack:
        if request.param == "local":
            queue = LocalQueue()
            yield queue, queue
            return
        if request.param == "redis":
            url = stack.enter_context(services.redis_url())
            made: Two = RedisQueue(url), RedisQueue(url)
        else:
            url = stack.enter_context(services.postgres_url())
            made = PostgresQueue(url), PostgresQueue(url)
        yield made
        for queue in made:
            await queue.close()


class Conversation:
    """Counts who is inside at the same time."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.order: list[int] = []

    async def turn(self, queue: TurnQueue, number: int, seconds: float = 0.005) -> None:
        async with queue.turn("anna"):
            self.inside += 1
            self.most = max(self.most, self.inside)
            await asyncio.sleep(seconds)
            self.order.append(number)
            self.inside -= 1


async def test_turns_of_one_conversation_never_overlap_and_none_is_lost(two_servers):
    conversation = Conversation()
    await asyncio.gather(*(conversation.turn(two_servers[number % 2], number) for number in range(60)))
    assert conversation.most == 1
    assert sorted(conversation.order) == list(range(60))


async def test_turns_come_in_the_order_in_which_their_messages_arrived(two_servers):
    conversation = Conversation()
    tasks = []
    for number in range(12):
        # Pairs at one server, then at the other; all of them wait for the first.
        tasks.append(
            asyncio.create_task(conversation.turn(two_servers[number // 2 % 2], number, 0.6 if not number else 0))
        )
        await asyncio.sleep(0.02)
    await asyncio.gather(*tasks)
    if isinstance(two_servers[0], PostgresQueue):
        # One connection a conversation and server: in order within a server.
        for half in (0, 1):
            mine = [number for number in conversation.order if number // 2 % 2 == half]
            assert mine == sorted(mine)
    else:
        assert conversation.order == list(range(12))


async def test_other_conversations_do_not_wait(two_servers):
    async with two_servers[0].turn("anna"):
        await asyncio.wait_for(_pass(two_servers[1], "bram"), 5)


async def test_a_turn_that_fails_or_is_cancelled_gives_the_lock_back(two_servers):
    with pytest.raises(ZeroDivisionError):
        async with two_servers[0].turn("anna"):
            raise ZeroDivisionError
    async with two_servers[0].turn("anna"):
        waiting = asyncio.create_task(_pass(two_servers[1], "anna"))
        await asyncio.sleep(0.1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    await asyncio.wait_for(_pass(two_servers[1], "anna"), 5)


async def _pass(queue: TurnQueue, conversation_id: str) -> None:
    async with queue.turn(conversation_id):
        pass


@pytest.mark.parametrize("kind", [LocalQueue, RedisQueue, PostgresQueue])
async def test_who_waits_too_long_is_refused(kind: Callable[..., TurnQueue]):
    with contextlib.ExitStack() as stack:
        url = {RedisQueue: services.redis_url, PostgresQueue: services.postgres_url}.get(kind)  # type: ignore[call-overload]
        queue = kind(*[stack.enter_context(url())] if url else [], seconds_to_wait=0.2)
        async with queue.turn("anna"):
            with pytest.raises(TurnRefusedError):
                await _pass(queue, "anna")
        await _pass(queue, "anna")
        await queue.close()


async def test_a_turn_longer_than_the_lease_keeps_its_lock():
    with services.redis_url() as url:
        one, two = RedisQueue(url, seconds_alive=0.4), RedisQueue(url, seconds_alive=0.4)
        conversation = Conversation()
        await asyncio.gather(conversation.turn(one, 1, 1.5), conversation.turn(two, 2, 0))
        assert conversation.most == 1
        await one.close()
        await two.close()


async def test_the_place_of_a_server_that_died_becomes_free():
    with services.redis_url() as url:
        died, alive = RedisQueue(url, seconds_alive=0.4), RedisQueue(url, seconds_alive=0.4)
        await died._ask(_keys("anna"), "token of a server that was killed")
        await asyncio.wait_for(_pass(alive, "anna"), 5)
        await died.close()
        await alive.close()


def _keys(conversation_id: str) -> list[str]:
    import hashlib

    name = hashlib.sha256(conversation_id.encode()).hexdigest()[:32]
    return [f"bondgenoot:turn:{{{name}}}:queue", f"bondgenoot:turn:{{{name}}}:alive"]


async def test_without_redis_a_turn_is_refused_and_afterwards_it_goes_on():
    with services.Redis() as server:
        queue = RedisQueue(server.url)
        await _pass(queue, "anna")
        server.stop()
        with pytest.raises(TurnRefusedError):
            await asyncio.wait_for(_pass(queue, "anna"), 20)
        server.start()
        await _pass(queue, "anna")
        await queue.close()


async def test_a_turn_that_runs_while_redis_restarts_ends_well():
    with services.Redis() as server:
        queue, conversation = RedisQueue(server.url, seconds_alive=0.4), Conversation()
        turn = asyncio.create_task(conversation.turn(queue, 1, 1.0))
        await asyncio.sleep(0.2)
        server.stop()
        server.start()
        await turn
        await _pass(queue, "anna")
        assert conversation.order == [1]
        await queue.close()


async def test_without_postgresql_a_turn_is_refused_and_afterwards_it_goes_on():
    with services.Postgres() as server:
        queue = PostgresQueue(server.url)
        async with queue.turn("anna"):
            server.stop()
        with pytest.raises(TurnRefusedError):
            await _pass(queue, "anna")
        server.start()
        await _pass(queue, "anna")
        await queue.close()


async def test_more_turns_than_connections_wait_for_each_other():
    with services.postgres_url() as url:
        queue = PostgresQueue(url, connections=2)
        await asyncio.gather(*(_pass(queue, f"person {number}") for number in range(20)))
        await queue.close()


async def test_the_settings_choose(settings: Settings):
    assert isinstance(for_settings(settings), LocalQueue)
    on_postgres = dataclasses.replace(settings, database_url="postgresql://127.0.0.1:1/none")
    assert isinstance(for_settings(on_postgres), PostgresQueue)
    with_redis = dataclasses.replace(on_postgres, redis_url="redis://127.0.0.1:1/0")
    assert isinstance(for_settings(with_redis), RedisQueue)


async def test_a_cancelled_turn_leaves_also_when_the_answer_of_redis_is_under_way():
    with services.redis_url() as url:
        queue, other = RedisQueue(url), RedisQueue(url)
        for wait in (0.0, 0.001, 0.002, 0.005, 0.02):
            async with queue.turn("anna"):
                waiting = asyncio.create_task(_pass(other, "anna"))
                await asyncio.sleep(wait)
                waiting.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await asyncio.wait_for(waiting, 10)
            # Far less than the time after which a place that nobody renews is free.
            await asyncio.wait_for(_pass(queue, "anna"), 10)
        for each in (queue, other):
            await each.close()
