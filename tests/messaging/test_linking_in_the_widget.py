"""One person in the widget and on a channel: the code is shown in the widget, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from chat_window import ISSUER, SECRET, Window
from everyone import Chat
from fixed_clock import FixedClock
from scripted import ScriptedAgent
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
