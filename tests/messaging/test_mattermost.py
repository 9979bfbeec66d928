"""What is Mattermost's own: a stream that one server reads, posts that nobody repeats, buttons that we sign."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from everyone import Chat
from fixed_clock import FixedClock
from mattermost_standin import BOT, HEADERS, Mattermost, id_of
from rasa.core.channels import mattermost as stock
from scripted import follow_up
from standin import ANNA, BRAM

import channels.mattermost
from bondgenoot import texts
from bondgenoot.store import readers, schema

pytestmark = pytest.mark.parametrize("service", [Mattermost], indirect=True, ids=["mattermost"])


@pytest.fixture
def mattermost(chat: Chat) -> Mattermost:
    assert isinstance(chat.service, Mattermost)
    return chat.service


async def until_turns(chat: Chat, count: int) -> list[str]:
    """What the dialogue was told, once that is so much."""
    for _ in range(1000):
        if len(chat.agent.turns) >= count:
            break
        await asyncio.sleep(0.01)
    return [turn.text for turn in chat.agent.turns]


async def hang_up(mattermost: Mattermost) -> None:
    """The connection breaks, and Mattermost is away."""
    mattermost.is_here = False
    for socket in list(mattermost.sockets):
        await socket.close()


class TestTheConnectorOfRasa:
    async def test_it_asks_no_caller_for_proof(self, chat: Chat, serve: Any) -> None:
        base = await serve(chat.agent, stock.MattermostInput("http://127.0.0.1:9/api/v4", "token", "http://host/"))
        chat.service.url = f"{base}/webhooks/mattermost/webhook"
        who = {"user_id": "wie-dan-ook", "channel_id": "waar-dan-ook"}
        for body in (
            {**who, "trigger_word": "bot", "text": "bot hallo"},
            {**who, "context": {"action": "een knop die niemand aanbood"}},
        ):
            assert await chat.service.call(json.dumps(body).encode(), HEADERS) == 200
        assert [turn.text for turn in chat.agent.turns] == ["hallo", "een knop die niemand aanbood"]

    async def test_ours_refuses_the_same(self, chat: Chat) -> None:
        who = {"user_id": "wie-dan-ook", "channel_id": "waar-dan-ook"}
        for body in (
            {**who, "trigger_word": "bot", "text": "bot hallo", "token": "geraden"},
            {**who, "context": {"action": "een knop die niemand aanbood"}},
        ):
            assert await chat.service.call(json.dumps(body).encode(), HEADERS) == 401
        assert chat.agent.turns == []


class TestAButton:
    def pressed(self, mattermost: Mattermost, title: str = "Ja", user: str = ANNA, **context: Any) -> bytes:
        told = json.loads(mattermost.buttons()[title][1])
        body, _ = mattermost.press(json.dumps({**told, **context}), user, 1)
        return body

    @pytest.mark.parametrize("changed", [
        {"choice": "/delete_data"}, {"until": 9_999_999_999}, {"press": "nog-eens"}, {"proof": ""}, {"proof": None},
        {"until": "morgen"},
    ], ids=lambda changed: "-".join(f"{name}-{value}" for name, value in changed.items()))  # fmt: skip
    async def test_what_was_changed_is_refused(self, chat: Chat, mattermost: Mattermost, changed: Any) -> None:
        await chat.met()
        assert await mattermost.call(self.pressed(mattermost, **changed), HEADERS) == 401
        assert [turn.text for turn in chat.agent.turns] == ["hallo"]

    async def test_it_is_for_the_person_who_got_it(self, chat: Chat, mattermost: Mattermost) -> None:
        await chat.met()
        assert await mattermost.call(self.pressed(mattermost, user=BRAM), HEADERS) == 401
        assert [turn.text for turn in chat.agent.turns] == ["hallo"]

    async def test_it_works_once_and_the_second_time_says_so(self, chat: Chat, mattermost: Mattermost) -> None:
        await chat.met()
        body = self.pressed(mattermost)
        assert await mattermost.call(body, HEADERS) == 200
        assert await whispered(mattermost, body) == texts.say("channel_button_used")[0]
        assert [turn.text for turn in chat.agent.turns] == ["hallo", "/affirm"]

    async def test_also_on_another_server_and_after_a_restart(
        self, chat: Chat, mattermost: Mattermost, serve: Any
    ) -> None:
        await chat.met()
        body = self.pressed(mattermost)
        assert await mattermost.call(body, HEADERS) == 200
        base = await serve(chat.agent, mattermost.connector())
        mattermost.url = f"{base}/webhooks/mattermost/webhook"
        sent = len(mattermost.sent)
        assert await mattermost.call(body, HEADERS) == 200
        assert [turn.text for turn in chat.agent.turns] == ["hallo", "/affirm"] and len(mattermost.sent) == sent

    async def test_after_its_time_it_asks_to_type(
        self, chat: Chat, mattermost: Mattermost, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await chat.met()
        body = self.pressed(mattermost)
        until = json.loads(body)["context"]["until"]
        monkeypatch.setattr(channels.mattermost, "now_seconds", lambda: until + 1.0)
        assert await whispered(mattermost, body) == texts.say("channel_button_old")[0]
        assert [turn.text for turn in chat.agent.turns] == ["hallo"]


async def whispered(mattermost: Mattermost, body: bytes) -> str:
    assert mattermost._session is not None
    async with mattermost._session.post(mattermost.url, data=body, headers=HEADERS) as answer:
        assert answer.status == 200
        return str((await answer.json())["ephemeral_text"])


class TestTheStream:
    async def test_what_was_written_while_nobody_read_is_answered_once(
        self, chat: Chat, mattermost: Mattermost
    ) -> None:
        await chat.met()
        await hang_up(mattermost)
        # More than one page, so that the first of them has to be looked for.
        for number in range(70):
            mattermost.writes("van een ander programma", ANNA, 100 + number, props={"from_bot": "true"})
        mattermost.posts.insert(1, {**mattermost.writes("gemist", ANNA, 99), "user": id_of(ANNA)})
        mattermost.posts.pop()
        mattermost.writes("ook gemist", BRAM, 200)
        mattermost.is_here = True
        assert sorted(await until_turns(chat, 3)) == ["gemist", "hallo", "ook gemist"]
        await hang_up(mattermost)
        mattermost.is_here = True
        await chat.service.says("en nu", number=201)
        assert len(chat.agent.turns) == 4

    async def test_what_stood_there_before_the_first_start_is_passed_over(
        self, service: Mattermost, agent: Any, serve: Any, at_once: None
    ) -> None:
        service.writes("van voor die tijd", ANNA, 1)
        await serve(agent, service.connector())
        await service.says("van nu", BRAM, number=2)
        assert [turn.text for turn in agent.turns] == ["van nu"]

    async def test_a_token_that_is_refused_is_tried_again_later(
        self, service: Mattermost, agent: Any, serve: Any, at_once: None
    ) -> None:
        service.accepts_token = False
        connector = service.connector()
        await serve(agent, connector)
        while connector._events._failures < 2:  # type: ignore[attr-defined]
            await asyncio.sleep(0.01)
        service.accepts_token = True
        await service.says("hallo")
        assert [turn.text for turn in agent.turns] == ["hallo"]

    @pytest.mark.parametrize(("post", "channel_type"), [
        ({"user_id": BOT}, "D"),
        ({"type": "system_join_channel"}, "D"),
        ({"props": {"from_bot": "true"}}, "D"),
        ({"props": {"from_webhook": "true"}}, "D"),
        ({}, "O"),
        ({}, "G"),
    ], ids=["our own", "of the system", "of a bot", "of a webhook", "in a channel", "in a group"])  # fmt: skip
    async def test_what_is_not_said_to_us_is_not_answered(
        self, chat: Chat, mattermost: Mattermost, post: dict[str, Any], channel_type: str
    ) -> None:
        await chat.met()
        before = len(mattermost.sent)
        await mattermost.push(mattermost.event(mattermost.writes("pst", ANNA, 40, **post), channel_type))
        await mattermost.says("tot slot", BRAM, number=41)
        assert [turn.text for turn in chat.agent.turns] == ["hallo", "tot slot"]
        assert not any("pst" in each.text for each in mattermost.sent[before:])

    async def test_what_others_say_to_each_other_is_not_answered(self, chat: Chat, mattermost: Mattermost) -> None:
        """The token of a person instead of a bot hears all that this person hears."""
        post = mattermost.writes("onder ons", ANNA, 40)
        await mattermost.push(mattermost.event(post, channel_name=f"{id_of(ANNA)}__{id_of(BRAM)}"))
        await mattermost.says("tot slot", BRAM, number=41)
        assert [turn.text for turn in chat.agent.turns] == ["tot slot"]

    async def test_a_follow_up_goes_to_the_direct_channel_also_after_a_restart(
        self, chat: Chat, mattermost: Mattermost, serve: Any
    ) -> None:
        await chat.met()
        (conversation,) = await chat.agent.conversations()
        connector = mattermost.connector()
        chat.base, chat.connector = await serve(chat.agent, connector), connector
        await follow_up(chat.base, conversation)
        await chat.settled()
        assert (mattermost.sent[-1].text, mattermost.sent[-1].to) == ("Hoe ging het?", mattermost.sent[0].to)
        assert ("/api/v4/channels/direct", [BOT, id_of(ANNA)]) in mattermost.calls


class TestSeveralServers:
    async def test_one_reads_and_when_it_is_gone_another_does(
        self, service: Mattermost, agent: Any, serve: Any, at_once: None, clock: FixedClock
    ) -> None:
        first = service.connector()
        await serve(agent, first)
        await service.says("aan de eerste", number=1)
        service._latest = None  # The next one does not follow on it, it stands beside it.
        second = service.connector()
        await serve(agent, second)
        await service.says("nog steeds", number=2)
        assert len(service.sockets) == 1 and second._events.bot == ""  # type: ignore[attr-defined]
        # As after a crash: nobody gives back, nobody renews.
        first._reading.cancel()  # type: ignore[attr-defined]
        await hang_up(service)
        service.writes("tussendoor", ANNA, 3)
        service.is_here = True
        clock.advance(seconds=31)
        for _ in range(1000):
            if len(agent.turns) >= 3:
                break
            await asyncio.sleep(0.01)
        assert [turn.text for turn in agent.turns] == ["aan de eerste", "nog steeds", "tussendoor"]
        assert second._events.bot == BOT  # type: ignore[attr-defined]

    async def test_who_lost_the_lease_stops_reading(self, chat: Chat, mattermost: Mattermost) -> None:
        await chat.met()
        other = {"holder": "een ander", "until": chat.connector.clock.now() + readers.LEASE}
        engine = chat.connector.deliveries._engine
        with engine.begin() as connection:
            connection.execute(schema.channel_reader.update().values(**other))
        while mattermost.sockets:
            await asyncio.sleep(0.01)
        with engine.begin() as connection:
            assert not readers.claim(connection, "mattermost", "een derde", chat.connector.clock.now())
