"""Every limit says so by a code and loses nothing; and nothing that a client sends brings the server down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from chat_window import Window, token_for
from scripted import ScriptedAgent

from channels.connections import Connections
from channels.visitors import RateLimit

Make = Callable[..., Window]


NO_MESSAGE: list[tuple[Any, str]] = [
    ({"message": "x" * 10_001}, "too_long"),
    ({"message": "x" * 200_000}, "too_long"),
    ({"message": ""}, "empty"),
    ({"message": " \n\t"}, "empty"),
    ({"message": "\x00"}, "empty"),
    ({"message": ["a"]}, "bad_request"),
    ({"message": None}, "bad_request"),
    ({"message": 7}, "bad_request"),
    ({"message": b"abc"}, "bad_request"),
    ({"text": "hallo"}, "bad_request"),
    ({"message": "hallo", "id": "kort"}, "bad_request"),
    ({"message": "hallo", "id": "a" * 65}, "bad_request"),
    ({"message": "hallo", "id": "client/0001"}, "bad_request"),
    ({"message": "hallo", "id": 12345678}, "bad_request"),
    ({"message": "hallo", "id": ["client-0001"]}, "bad_request"),
    ("hallo", "bad_request"),
    (["hallo"], "bad_request"),
    (None, "bad_request"),
    (b"hallo", "bad_request"),
    (7, "bad_request"),
]


async def test_what_is_no_message_gets_a_code(window: Make, agent: ScriptedAgent) -> None:
    chat = await window().open()
    for data, code in NO_MESSAGE:
        assert await chat.ask("user_uttered", data) == {"ok": False, "error": code}, str(data)[:50]
    assert not agent.turns


async def test_a_message_of_the_greatest_length_passes(window: Make, agent: ScriptedAgent) -> None:
    chat = await window().begin()
    for number, text in enumerate(["é" * 10_000, "👍" * 10_000, "\x01" * 10_000, "<b>&amp;</b>", "a\nb"]):
        assert (await chat.write(text, f"client-{number:04}"))["ok"]
        assert agent.turns[-1].text == text.strip()


async def test_what_cannot_be_stored_is_replaced(window: Make, agent: ScriptedAgent) -> None:
    chat = await window().begin()
    await chat.write("a\ud800b\x00c")
    assert agent.turns[0].text == "a?bc"


ODD: list[Any] = [
    None, True, 0, -1, 1.5, float("nan"), 10**30, "", "x", "é" * 1000, b"\x00\xff", [], [[]], [None] * 50, {},
    {"": None}, {"after": -1}, {"after": True}, {"after": "0"}, {"after": 1.0}, {"after": 10**9}, {"after": None},
    {"after": 0, "log": 7}, {"after": 0, "log": ["x"]}, {"cursor": -1}, {"cursor": "1"}, {"cursor": None},
    {"cursor": 10**30}, {"token": {}}, {"token": b"x"}, {"message": {"message": "x"}}, {"__proto__": {"x": 1}},
    {"after": {"$gt": 0}}, {"message": "x", "id": {"$ne": None}},
]  # fmt: skip


@pytest.mark.parametrize("event", ["session_request", "user_uttered", "history", "read", "token", "nothing"])
async def test_odd_payloads_neither_crash_nor_leak(
    window: Make, agent: ScriptedAgent, event: str, caplog: pytest.LogCaptureFixture
) -> None:
    bram = await window().begin(token_for("bram"))
    await bram.write("iets van bram")
    chat = await window().begin()
    for odd in ODD:
        if event == "nothing":
            await chat.client.emit(event, odd)
            continue
        answer = await chat.ask(event, odd)
        assert isinstance(answer["ok"], bool)
        assert answer["ok"] or answer["error"] in ("bad_request", "empty", "token_missing", "token_invalid")
    await chat.client.emit(event, ("more", "than", "one"))
    await chat.client.emit(event)
    assert (await chat.write("hallo", "client-9999"))["ok"]
    assert "van bram" not in str(chat.heard)
    assert "Traceback" not in str(chat.heard)
    assert not [record for record in caplog.records if record.levelname == "ERROR" and record.exc_info]


async def test_a_packet_that_is_too_large_ends_only_its_own_connection(window: Make, agent: ScriptedAgent) -> None:
    chat, other = await window().begin(), await window().begin(token_for("bram"))
    await chat.client.emit("user_uttered", {"message": "x" * 1_000_000})
    for _ in range(500):
        if not chat.client.connected:
            break
        await asyncio.sleep(0.01)
    assert not chat.client.connected
    assert not agent.turns
    assert (await other.write("hallo"))["ok"]
    assert (await (await window().begin()).write("hallo"))["ok"]


async def test_broken_packets_end_only_their_own_connection(window: Make, url: str) -> None:
    other = await window().begin(token_for("bram"))
    for packet in ("42[", "42" + "[" * 3000, "4" + "2" * 500, "9", "", "40{", "451-[]", "4999999999[]", "6", "42/x,[]"):
        chat = await window().begin()
        await chat.client.eio.ws.send_str(packet)
        await asyncio.sleep(0.02)
        await chat.close()
    assert (await other.write("hallo"))["ok"]


async def test_too_many_messages(window: Make, agent: ScriptedAgent) -> None:
    chat, tab, other = await window().begin(), await window().begin(), await window().begin(token_for("bram"))
    for number in range(30):
        assert (await (tab if number % 2 else chat).write("hallo", f"client-{number:04}"))["ok"]
    answer = await chat.write("nog een", "client-9999")
    assert (answer["ok"], answer["error"]) == (False, "too_many")
    assert 0 < answer["retry_after"] <= 61
    assert (await chat.write("hallo", "client-0003"))["ok"], "what was answered may be asked for again"
    assert (await chat.history())["ok"]
    assert (await other.write("hallo"))["ok"]
    assert len(agent.turns) == 31


async def test_too_many_requests(window: Make) -> None:
    chat, other = await window().begin(), await window().begin(token_for("bram"))
    answers = [await chat.history() for _ in range(250)]
    assert answers[0]["ok"] and answers[-1]["error"] == "too_many" and answers[-1]["retry_after"] > 0
    assert (await other.history())["ok"]


async def test_too_many_windows(window: Make) -> None:
    chats = [await window().open() for _ in range(10)]
    assert await window().refusal(token_for()) == "too_many_connections"
    assert await window().refusal(token_for("bram")) == "let in"
    await chats[0].close()
    await asyncio.sleep(0.1)
    assert await window().refusal(token_for()) == "let in"


async def test_the_window_of_the_rate_slides() -> None:
    now = [0.0]
    rate = RateLimit(limit=2, seconds=60, visitors=2, clock=lambda: now[0])
    assert [rate.allows("a") for _ in range(3)] == [True, True, False]
    now[0] = 20
    assert rate.wait("a") == 40
    now[0] = 60
    assert rate.allows("a")


async def test_only_so_many_people_are_remembered() -> None:
    rate = RateLimit(limit=1, visitors=2)
    assert [rate.allows(person) for person in ("a", "b", "c")] == [True, True, True]
    assert not rate.allows("c")
    assert len(rate._times) == 2


async def test_a_token_that_lasts_for_years_needs_no_timer_that_long() -> None:
    ended: list[str] = []

    async def end(sid: str) -> None:
        ended.append(sid)

    now = [0.0]
    connections = Connections(end, now=lambda: now[0])
    connections.add("sid", "person", 1e12)
    timer = connections.find("sid").timer
    # The difference of two floats: 86400.00000000001 is a day too.
    assert round(timer.when() - asyncio.get_running_loop().time(), 3) <= 24 * 3600
    connections._look("sid")
    now[0] = 1e12
    connections._look("sid")
    await asyncio.sleep(0)
    assert ended == ["sid"]
    connections.remove("sid")
