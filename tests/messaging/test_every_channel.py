"""What is true of every messaging channel, each tried against a stand-in of its service."""

from __future__ import annotations

import asyncio
import contextlib
import datetime

import aiohttp
import pytest
import sqlalchemy as sa
from everyone import Chat
from fixed_clock import FixedClock
from scripted import follow_up
from standin import ANNA, BRAM

from bondgenoot import texts
from bondgenoot.clock import Clock
from bondgenoot.store import channel_addresses as addresses
from bondgenoot.store import commitments, follow_ups, people, schema


def said(chat: Chat) -> list[str]:
    return [each.text for each in chat.service.sent]


def words(text: str) -> str:
    """Without markup."""
    return text.replace("*", "").replace("<b>", "").replace("</b>", "")


class TestATurn:
    async def test_first_contact_says_once_that_others_may_read_along_and_offers_the_intranet(self, chat: Chat) -> None:
        first, answer = await chat.met()
        assert "meelezen" in first.text and "https://bondgenoot.example" in first.text
        assert answer.text.split("\n")[0] == "Antwoord op hallo"
        again = await chat.service.says("nog iets")
        assert [each.text.split("\n")[0] for each in again] == ["Antwoord op nog iets"]

    async def test_two_persons_have_two_conversations(self, chat: Chat) -> None:
        await chat.met(ANNA)
        await chat.met(BRAM)
        ids = await chat.agent.conversations()
        assert len(ids) == 2 and not any(ANNA in each or BRAM in each for each in ids)
        to = {each.to for each in await chat.service.says("hoi", BRAM)}
        assert to == {chat.service.sent[-1].to} and to != {chat.service.sent[0].to}

    async def test_a_button_sends_what_was_offered(self, chat: Chat) -> None:
        await chat.met()
        if chat.connector.can.has_buttons:
            await chat.service.presses(chat.service.buttons()["Ja"])
            assert chat.agent.turns[-1].text == "/affirm"

    @pytest.mark.parametrize("typed", ["1", "de eerste", "nr 1", "Optie 1", "1."])
    async def test_a_typed_number_is_what_was_offered(self, chat: Chat, typed: str) -> None:
        await chat.met()
        await chat.service.says(typed)
        assert chat.agent.turns[-1].text == "/affirm"

    async def test_a_number_that_was_not_offered_is_a_text(self, chat: Chat) -> None:
        await chat.met()
        await chat.service.says("7")
        assert chat.agent.turns[-1].text == "7"

    async def test_a_button_of_an_earlier_message_still_means_the_same(self, chat: Chat) -> None:
        await chat.met()
        if chat.connector.can.has_buttons:
            button = chat.service.buttons()["Nee"]
            await chat.service.says("iets anders")
            await chat.service.presses(button)
            assert chat.agent.turns[-1].text == "Nee"

    async def test_in_a_group_it_only_says_to_write_directly(self, chat: Chat) -> None:
        if not (call := chat.service.in_a_group("hallo", ANNA, 900)):
            return
        body, headers = call
        assert await chat.service.call(body, chat.service.signed(body, headers)) == 200
        assert said(chat) == list(texts.say("channel_group"))
        assert chat.agent.turns == [] and chat.rows() == []

    async def test_no_name_of_a_person_stands_readable_in_the_database(self, chat: Chat, home: object) -> None:
        await chat.met()
        raw = b"".join(path.read_bytes() for path in home.glob("bondgenoot.db*"))  # type: ignore[attr-defined]
        assert ANNA.encode() not in raw
        (row,) = chat.rows()
        assert ANNA not in str(row)


class TestWhatAServiceRepeats:
    async def test_a_retry_does_not_double_a_turn(self, chat: Chat) -> None:
        await chat.met()
        assert len(await chat.service.says("alfa", number=50)) == 1
        assert await chat.service.says("alfa", number=50) == []
        assert [turn.text for turn in chat.agent.turns] == ["hallo", "alfa"]

    async def test_a_retry_during_the_turn_does_not_double_it(self, chat: Chat) -> None:
        await chat.met()
        await asyncio.gather(*(chat.service.says("traag", number=51) for _ in range(3)))
        assert [turn.text for turn in chat.agent.turns] == ["hallo", "traag"]
        assert sum("Antwoord op traag" in text for text in said(chat)) == 1

    async def test_a_retry_after_a_restart_does_not_double_a_turn(self, chat: Chat, serve: object) -> None:
        await chat.met()
        await chat.service.says("alfa", number=52)
        connector = chat.service.connector()
        base = await serve(chat.agent, connector)  # type: ignore[operator]
        chat.service.url = f"{base}/webhooks/{chat.service.name}/webhook"
        assert await chat.service.says("alfa", number=52) == []
        assert [turn.text for turn in chat.agent.turns] == ["hallo", "alfa"]

    async def test_an_answer_that_was_stored_when_the_server_ended_is_sent_at_the_retry(
        self, chat: Chat, serve: object, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await chat.met()

        async def ends(*_: object) -> bool:
            raise asyncio.CancelledError

        monkeypatch.setattr(chat.connector, "deliver", ends)
        body, headers = chat.service.message("alfa", ANNA, 53)
        with contextlib.suppress(aiohttp.ClientError):
            await chat.service.call(body, chat.service.signed(body, headers))
        base = await serve(chat.agent, chat.service.connector())  # type: ignore[operator]
        chat.service.url = f"{base}/webhooks/{chat.service.name}/webhook"
        told = [each.text.split("\n")[0] for each in await chat.service.says("alfa", number=53)]
        assert told == ["Antwoord op alfa"]
        assert [turn.text for turn in chat.agent.turns] == ["hallo", "alfa"]

    async def test_a_service_that_does_not_wait_gets_its_answer_and_the_person_too(
        self, chat: Chat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await chat.met()
        monkeypatch.setattr(chat.connector, "patience", 0.05)
        assert await chat.service.says("traag") == []
        assert words((await chat.until_sent(3))[-1].text).startswith("Antwoord op traag")


class TestAServiceThatIsAway:
    async def test_what_was_not_sent_is_tried_again_at_once(self, chat: Chat) -> None:
        await chat.met()
        chat.service.failures = 2
        assert len(await chat.service.says("alfa")) == 1

    async def test_a_turn_that_cannot_be_sent_is_kept_and_sent_later_once(self, chat: Chat, clock: FixedClock) -> None:
        await chat.met()
        chat.service.failures = 10**6
        assert await chat.service.says("alfa") == []
        assert chat.agent.turns[-1].text == "alfa"
        chat.service.failures = 0
        await chat.connector.sweep()
        assert "alfa" not in said(chat)[-1]
        clock.advance(minutes=2)
        await chat.connector.sweep()
        await chat.connector.sweep()
        assert sum("Antwoord op alfa" in text for text in said(chat)) == 1
        assert chat.rows()[0].retry_at is None

    async def test_what_waits_is_sent_before_the_next_answer(self, chat: Chat) -> None:
        await chat.met()
        chat.service.failures = 10**6
        await chat.service.says("alfa")
        chat.service.failures = 0
        told = [each.text.split("\n")[0] for each in await chat.service.says("beta")]
        assert told == ["Antwoord op alfa", "Antwoord op beta"]

    async def test_a_service_that_asks_for_much_patience_is_not_kept_waiting_for(self, chat: Chat) -> None:
        await chat.met()
        chat.service.failures, chat.service.failure, chat.service.wait = 1, (429, {"ok": False}), "3600"
        await chat.service.says("alfa")
        assert chat.rows()[0].retry_at is not None

    async def test_a_turn_that_fails_gets_an_apology(self, chat: Chat) -> None:
        await chat.met()
        told = await chat.service.says("stuk")
        assert [each.text for each in told] == [" ".join(texts.say("error"))]


class TestAFollowUp:
    async def test_it_comes_by_itself_on_the_channel_of_the_latest_message(self, chat: Chat) -> None:
        await chat.met()
        (conversation,) = await chat.agent.conversations()
        before = len(chat.service.sent)
        await follow_up(chat.base, conversation)
        await chat.settled()
        (told,) = chat.service.sent[before:]
        assert told.text == "Hoe ging het?" and told.to == chat.service.sent[0].to

    async def test_a_service_that_is_away_gets_it_later(self, chat: Chat, clock: FixedClock) -> None:
        await chat.met()
        (conversation,) = await chat.agent.conversations()
        chat.service.failures = 10**6
        await follow_up(chat.base, conversation)
        await chat.settled()
        chat.service.failures = 0
        clock.advance(minutes=2)
        await chat.connector.sweep()
        assert said(chat)[-1] == "Hoe ging het?" and said(chat).count("Hoe ging het?") == 1

    async def test_after_it_the_answer_is_a_turn_like_any_other(self, chat: Chat) -> None:
        await chat.met()
        (conversation,) = await chat.agent.conversations()
        await follow_up(chat.base, conversation)
        await chat.settled()
        told = await chat.service.says("goed")
        assert [each.text.split("\n")[0] for each in told] == ["Antwoord op goed"]


def a_promise_was_asked(chat: Chat, conversation: str, clock: FixedClock) -> None:
    """A follow-up of this person was asked just now."""
    deliveries = chat.connector.deliveries
    with deliveries._engine.begin() as connection:
        people.touch(connection, conversation, clock.now())
        draft = commitments.Draft(what="koffie", due=clock.today())
        commitments.create(connection, deliveries._cipher, conversation, draft, clock.now(), clock.now())
        (row,) = follow_ups.claim_due(connection, clock.now())
        follow_ups.delivered(connection, row.id, clock.now())


class TestOnlyANudgeHere:
    async def test_from_then_on_nothing_is_talked_about_here(self, chat: Chat) -> None:
        await chat.met()
        told = [each.text for each in await chat.service.says("Alleen een seintje hier.")]
        assert "seintje" in told[0] and "koppelcode" in told[1]
        (told,) = await chat.service.says("ik heb ruzie met mijn collega")
        assert "https://bondgenoot.example" in told.text
        assert [turn.text for turn in chat.agent.turns] == ["hallo"]

    async def test_a_cry_for_help_is_heard_all_the_same(self, chat: Chat) -> None:
        await chat.met()
        await chat.service.says("alleen een seintje hier")
        await chat.service.says("ik wil niet meer leven")
        assert chat.agent.turns[-1].text == "ik wil niet meer leven"

    async def test_a_question_that_waits_gives_one_neutral_nudge(self, chat: Chat, clock: FixedClock) -> None:
        await chat.met()
        await chat.service.says("alleen een seintje hier")
        (conversation,) = await chat.agent.conversations()
        clock.advance(hours=1)
        a_promise_was_asked(chat, conversation, clock)
        before = len(chat.service.sent)
        await chat.connector.sweep()
        await chat.connector.sweep()
        nudge = texts.say("channel_nudge", url="https://bondgenoot.example")
        assert tuple(said(chat)[before:]) == nudge and "koffie" not in nudge[0]

    async def test_a_follow_up_itself_is_not_said_here(self, chat: Chat) -> None:
        await chat.met()
        await chat.service.says("alleen een seintje hier")
        (conversation,) = await chat.agent.conversations()
        before = len(chat.service.sent)
        await follow_up(chat.base, conversation)
        await chat.settled()
        assert chat.service.sent[before:] == []

    async def test_talking_here_is_possible_again(self, chat: Chat) -> None:
        await chat.met()
        await chat.service.says("alleen een seintje hier")
        await chat.service.says("hier praten")
        (told,) = await chat.service.says("hoi")
        assert told.text.startswith("Antwoord op hoi")


class TestLinking:
    def code(self, chat: Chat, clock: FixedClock, conversation: str = "widget-1") -> str:
        with chat.connector.deliveries._engine.begin() as connection:
            people.touch(connection, conversation, clock.now())
            return addresses.new_code(connection, chat.connector._secret, conversation, clock.now())

    async def test_a_code_lets_the_channel_speak_in_the_other_conversation(self, chat: Chat, clock: FixedClock) -> None:
        await chat.met()
        code = self.code(chat, clock)
        (told,) = await chat.service.says(f"koppel {code.lower()}")
        assert told.text == texts.say("link_done")[0]
        await chat.service.says("hoi")
        assert chat.agent.turns[-1].sender_id == "widget-1"
        stored = await chat.agent.store.retrieve_full_tracker("widget-1")
        assert not any(code in str(event.as_dict()) for event in stored.events)

    async def test_what_was_promised_before_goes_along(self, chat: Chat, clock: FixedClock) -> None:
        await chat.met()
        (conversation,) = await chat.agent.conversations()
        a_promise_was_asked(chat, conversation, clock)
        await chat.service.says(f"koppel {self.code(chat, clock)}")
        assert {row.person_id for row in chat.rows(schema.commitment)} == {"widget-1"}
        assert [row.id for row in chat.rows(schema.person)] == ["widget-1"]

    async def test_a_code_is_good_once(self, chat: Chat, clock: FixedClock) -> None:
        await chat.met()
        await chat.met(BRAM)
        code = self.code(chat, clock)
        await chat.service.says(f"koppel {code}")
        (told,) = await chat.service.says(f"koppel {code}", BRAM)
        assert told.text == texts.say("link_code_wrong")[0]

    async def test_a_code_ends(self, chat: Chat, clock: FixedClock) -> None:
        await chat.met()
        code = self.code(chat, clock)
        clock.advance(minutes=11)
        (told,) = await chat.service.says(f"koppel {code}")
        assert told.text == texts.say("link_code_wrong")[0]

    async def test_a_code_that_nobody_used_is_not_kept(self, chat: Chat, clock: FixedClock) -> None:
        self.code(chat, clock)
        clock.advance(minutes=11)
        await chat.connector.sweep()
        assert chat.rows(schema.link_code) == []

    async def test_unlinking_gives_the_channel_a_conversation_of_its_own(self, chat: Chat, clock: FixedClock) -> None:
        await chat.met()
        await chat.service.says(f"koppel {self.code(chat, clock)}")
        await chat.service.says("ontkoppel")
        await chat.service.says("hoi")
        assert chat.agent.turns[-1].sender_id == chat.rows()[0].id != "widget-1"

    async def test_erasing_the_person_erases_how_to_reach_them(self, chat: Chat, clock: FixedClock) -> None:
        await chat.met()
        await chat.service.says(f"koppel {self.code(chat, clock)}")
        self.code(chat, clock)
        with chat.connector.deliveries._engine.begin() as connection:
            people.erase(connection, "widget-1")
        assert chat.rows() == chat.rows(schema.link_code) == []


async def test_who_was_not_here_for_long_is_forgotten(chat: Chat, clock: FixedClock) -> None:
    await chat.met()
    later = clock.now() + datetime.timedelta(seconds=1)
    with chat.connector.deliveries._engine.begin() as connection:
        connection.execute(sa.delete(schema.person))
        people.forget_inactive(connection, later)
    assert chat.rows() == []


def test_the_clock_of_the_tests_is_the_clock_of_the_channel(chat: Chat, clock: FixedClock) -> None:
    assert chat.connector.clock is clock is Clock.from_settings(None)  # type: ignore[arg-type]
