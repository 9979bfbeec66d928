"""One person in the widget and on a channel: the code is shown in the widget, and nowhere else."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from chat_window import ISSUER, SECRET, Window
from everyone import Chat
from fixed_clock import FixedClock
from scripted import ScriptedAgent, follow_up
from services import redis_url
from slack_standin import Slack

from bondgenoot import texts
from channels.intranet import IntranetInput

pytestmark = pytest.mark.parametrize("service", [Slack], indirect=True, ids=["slack"])


@pytest.fixture
def login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BONDGENOOT_TOKEN_KEY", SECRET)
    monkeypatch.setenv("BONDGENOOT_TOKEN_ALGORITHM", "HS256")
    monkeypatch.setenv("BONDGENOOT_TOKEN_ISSUER", ISSUER)


@pytest_asyncio.fixture
async def both(
    service: Slack, agent: ScriptedAgent, serve: object, login: None, at_once: None, clock: FixedClock
) -> AsyncIterator[tuple[Chat, Window]]:
    """The widget and Slack on one server, each with somebody who has begun."""
    connector = service.connector()
    base = await serve(agent, IntranetInput(), connector)  # type: ignore[operator]
    service.url = f"{base}/webhooks/slack/webhook"
    window = await Window(base).begin()
    yield Chat(service, connector, agent, base), window
    await window.close()


async def test_a_code_from_the_widget_makes_two_conversations_one(both: tuple[Chat, Window]) -> None:
    chat, window = both
    await chat.met()
    answer = await window.write("Koppelcode", "client-0002")
    assert answer["ok"]
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", window.texts()[-1])
    assert code is not None
    history = await window.history()
    assert code[0] not in str(history), "the code is kept nowhere"
    (told,) = await chat.service.says(f"koppel {code[0]}")
    assert told.text == texts.say("link_done")[0]
    await chat.service.says("hallo vanuit slack")
    said = [message["text"] for message in (await window.history())["messages"]]
    assert "hallo vanuit slack" in said


async def test_the_widget_can_unlink(both: tuple[Chat, Window]) -> None:
    chat, window = both
    await chat.met()
    await window.write("koppelcode", "client-0002")
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", window.texts()[-1])
    assert code is not None
    await chat.service.says(f"koppel {code[0]}")
    await window.write("ontkoppel", "client-0003")
    assert window.texts()[-1] == texts.say("unlink_widget")[0]
    await chat.service.says("los van elkaar")
    said = [message["text"] for message in (await window.history())["messages"]]
    assert "los van elkaar" not in said


async def test_what_was_said_in_the_widget_is_not_repeated_on_the_channel(both: tuple[Chat, Window]) -> None:
    chat, window = both
    await chat.met()
    await window.write("koppelcode", "client-0002")
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", window.texts()[-1])
    assert code is not None
    await chat.service.says(f"koppel {code[0]}")
    await window.write("dit blijft hier", "client-0003")
    told = [each.text for each in await chat.service.says("hoi")]
    assert told == ["Antwoord op hoi"]


async def linked(chat: Chat, window: Window) -> None:
    await chat.met()
    await window.write("koppelcode", "client-0002")
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", window.texts()[-1])
    assert code is not None
    await chat.service.says(f"koppel {code[0]}")
    window.heard.clear()


class TestAnOpenWindow:
    async def test_it_shows_at_once_what_is_said_on_the_channel(self, both: tuple[Chat, Window]) -> None:
        chat, window = both
        await linked(chat, window)
        await chat.service.says("hallo vanuit slack")
        (asked,) = await window.until("user_message")
        (answered,) = await window.until("bot_uttered")
        assert (asked["text"], answered["text"]) == ("hallo vanuit slack", "Antwoord op hallo vanuit slack")
        assert answered["n"] == asked["n"] + 1
        held = (await window.history())["messages"]
        assert [held[asked["n"]]["text"], held[answered["n"]]["text"]] == [asked["text"], answered["text"]]
        assert (await window.until("unread"))[-1]["count"] >= 1

    async def test_a_retry_of_the_service_is_not_shown_again(self, both: tuple[Chat, Window]) -> None:
        chat, window = both
        await linked(chat, window)
        await chat.service.says("hallo", number=70)
        await chat.service.says("hallo", number=70)
        await chat.service.says("tot slot")
        await window.until("bot_uttered", 2)
        assert window.texts() == ["Antwoord op hallo", "Antwoord op tot slot"]

    async def test_a_channel_that_is_away_does_not_keep_it_waiting(self, both: tuple[Chat, Window]) -> None:
        chat, window = both
        await linked(chat, window)
        chat.service.failures = 10**6
        await chat.service.says("hallo")
        assert (await window.until("bot_uttered"))[0]["text"] == "Antwoord op hallo"
        chat.service.failures = 0

    async def test_a_follow_up_on_the_channel_is_shown_too_also_where_only_a_nudge_is_wanted(
        self, both: tuple[Chat, Window]
    ) -> None:
        chat, window = both
        await linked(chat, window)
        await chat.service.says("hallo")
        conversation = chat.agent.turns[-1].sender_id
        await chat.service.says("alleen een seintje hier")
        before = len(chat.service.sent)
        await follow_up(chat.base, conversation)
        await chat.settled()
        await window.until("bot_uttered", 2)
        assert window.texts()[-1] == "Hoe ging het?" and chat.service.sent[before:] == []

    async def test_who_is_not_linked_is_not_shown(self, both: tuple[Chat, Window]) -> None:
        chat, window = both
        await linked(chat, window)
        await chat.service.says("ontkoppel")
        await chat.service.says("dit blijft op slack")
        await window.write("en dit hier", "client-0003")
        await window.until("bot_uttered")
        assert window.told("user_message") == [] and window.texts() == ["Antwoord op en dit hier"]


async def test_a_window_on_another_server_is_told_through_redis(
    service: Slack,
    agent: ScriptedAgent,
    serve: object,
    login: None,
    at_once: None,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with redis_url() as url:
        monkeypatch.setenv("BONDGENOOT_REDIS_URL", url)
        connector = service.connector()
        pages = [IntranetInput(), IntranetInput()]
        base = await serve(agent, pages[0], connector)  # type: ignore[operator]
        other = await serve(ScriptedAgent(agent.lock_store), pages[1])  # type: ignore[operator]
        service.url = f"{base}/webhooks/slack/webhook"
        chat, window = Chat(service, connector, agent, base), await Window(other).begin()
        # The subscription to Redis begins with the first window and takes a moment.
        for number in range(500):
            await pages[0]._windows.emit("notice", number, window.told("session_confirm")[0])
            if window.told("notice"):
                break
            await asyncio.sleep(0.02)
        await linked(chat, window)
        await chat.service.says("hallo vanuit slack")
        assert (await window.until("user_message"))[0]["text"] == "hallo vanuit slack"
        assert (await window.until("bot_uttered"))[0]["text"] == "Antwoord op hallo vanuit slack"
        await window.close()
        for page in pages:
            if thread := getattr(page._sio.manager, "thread", None):
                thread.cancel()
