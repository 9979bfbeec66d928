"""Two servers over one database and one Redis: a person's windows are on either, and nothing is said twice or lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
import pytest_asyncio
import services
from chat_window import Window, token_for
from scripted import ScriptedAgent, Serve, follow_up

from channels.intranet import IntranetInput

Make = Callable[..., Window]


@pytest.fixture
def redis() -> Iterator[str]:
    """A Redis of one's own: tests side by side hear nothing of each other."""
    with services.redis_url() as url:
        yield url


@pytest_asyncio.fixture
async def servers(
    redis: str, login: None, agent: ScriptedAgent, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[str, str]]:
    monkeypatch.setenv("BONDGENOOT_REDIS_URL", redis)
    channels = [IntranetInput(), IntranetInput()]
    # One lock store stands for the one that servers share; each server has its own agent, store and memory.
    second = ScriptedAgent(agent.lock_store)
    second.turns = agent.turns
    yield await serve(agent, channels[0]), await serve(second, channels[1])
    for channel in channels:
        if thread := getattr(channel._sio.manager, "thread", None):
            thread.cancel()


@pytest_asyncio.fixture
async def pair(servers: tuple[str, str]) -> AsyncIterator[tuple[Window, Window]]:
    """Two windows of one person, one on each server."""
    chats = [await Window(url).begin() for url in servers]
    # The subscription to Redis begins with the first window and takes a moment.
    for _ in range(200):
        await chats[0].ask("read", {"cursor": 0})
        await chats[1].ask("read", {"cursor": 0})
        if chats[0].told("unread")[1:] and chats[1].told("unread"):
            break
        await asyncio.sleep(0.02)
    for chat in chats:
        chat.heard = [heard for heard in chat.heard if heard[0] == "session_confirm"]
    yield chats[0], chats[1]
    for chat in chats:
        await chat.close()


async def test_a_turn_on_one_server_is_seen_on_the_other(pair: tuple[Window, Window]) -> None:
    chat, tab = pair
    await chat.write("hallo")
    assert (await tab.until("user_message"))[0]["text"] == "hallo"
    assert (await tab.until("bot_uttered"))[0] == chat.told("bot_uttered")[0]
    assert chat.told("user_message") == []
    await tab.write("ook hallo", "client-0002")
    assert (await chat.until("bot_uttered", 2))[1]["n"] == 4
    assert (await chat.history())["messages"] == (await tab.history())["messages"]


async def test_a_message_sent_again_to_the_other_server_is_not_answered_again(
    pair: tuple[Window, Window], agent: ScriptedAgent
) -> None:
    chat, tab = pair
    answers = await asyncio.gather(chat.write("traag"), tab.write("traag"))
    assert len(agent.turns) == 1
    assert answers[0]["ok"] and answers[1]["ok"] and answers[0]["n"] == answers[1]["n"] == 1
    assert (await tab.history())["cursor"] == 3


async def test_turns_on_both_servers_at_once_are_all_kept_and_told(pair: tuple[Window, Window]) -> None:
    await asyncio.gather(*(pair[number % 2].write(f"bericht {number}", f"client-{number:04}") for number in range(8)))
    held = (await pair[0].history())["messages"]
    assert len(held) == 17
    assert [message["n"] for message in held] == list(range(17))
    for chat in pair:
        told = await chat.until("bot_uttered", 8)
        assert sorted(message["n"] for message in told) == [2, 4, 6, 8, 10, 12, 14, 16]
        assert all(message.items() <= next(each for each in told if each["n"] == message["n"]).items()
                   for message in held if message["from"] == "bot" and message["n"])  # fmt: skip


async def test_a_follow_up_through_one_server_reaches_windows_on_the_other(
    pair: tuple[Window, Window], servers: tuple[str, str]
) -> None:
    chat, tab = pair
    await chat.write("hallo")
    await chat.close()
    await tab.until("bot_uttered")
    await follow_up(servers[0], tab.told("session_confirm")[0])
    assert (await tab.until("bot_uttered", 2))[1]["text"] == "Hoe ging het?"


async def test_another_person_on_the_other_server_sees_nothing(
    pair: tuple[Window, Window], servers: tuple[str, str]
) -> None:
    bram = await Window(servers[1]).begin(token_for("bram"))
    await pair[0].write("iets van an")
    await pair[1].until("user_message")
    assert "van an" not in str(bram.heard) + str(await bram.history())
    await bram.close()


async def test_without_redis_a_turn_still_works(
    login: None, agent: ScriptedAgent, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BONDGENOOT_REDIS_URL", f"redis://127.0.0.1:{services.free_port()}/0")
    channel = IntranetInput()
    chat = await Window(await serve(agent, channel)).begin()
    assert (await chat.write("hallo"))["ok"]
    assert chat.texts() == ["Welkom", "Antwoord op hallo"]
    await chat.close()
    channel._sio.manager.thread.cancel()
