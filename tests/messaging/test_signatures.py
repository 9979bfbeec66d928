"""Who may call: each connector refuses what is unsigned, wrongly signed or replayed, where Rasa's own does not."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
import time
from types import SimpleNamespace
from typing import Any

import aiohttp
import jwt
import pytest
from everyone import Chat
from fixed_clock import FixedClock
from more_standins import Callback, Messenger, RocketChat, Sms, Webex, WhatsApp
from rasa.core.channels import botframework as stock_teams
from rasa.core.channels import callback as stock_callback
from rasa.core.channels import facebook as stock_messenger
from rasa.core.channels import rocketchat as stock_rocketchat
from rasa.core.channels import telegram as stock_telegram
from rasa.core.channels import twilio as stock_twilio
from rasa.core.channels import webexteams as stock_webex
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.utils.endpoints import EndpointConfig
from scripted import follow_up
from slack_standin import Slack
from standin import ANNA, StandIn
from teams_standin import APP, KEY, OTHER_KEY, TENANT, Teams
from telegram_standin import Telegram


async def refused(chat: Chat, body: bytes, headers: dict[str, str]) -> None:
    assert await chat.service.call(body, headers) == 401
    assert chat.agent.turns == [] and chat.service.sent == []


def only(kind: type[StandIn]) -> Any:
    return pytest.mark.parametrize("service", [kind], indirect=True, ids=[kind.__name__.lower()])


class TestEveryChannel:
    async def test_what_is_unsigned_is_refused(self, chat: Chat) -> None:
        body, headers = chat.service.message("hallo", ANNA, 1)
        await refused(chat, body, headers)

    async def test_what_is_signed_for_something_else_is_refused(self, chat: Chat) -> None:
        body, headers = chat.service.message("hallo", ANNA, 1)
        signed = chat.service.signed(body, headers)
        proof = next(name for name in signed if name not in headers and not name.endswith("Timestamp"))
        await refused(chat, body, {**signed, proof: signed[proof][::-1]})

    @pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"null", b'{"update_id": []}', b"\xff"])
    async def test_what_is_signed_and_senseless_breaks_nothing(self, chat: Chat, body: bytes) -> None:
        headers = {"Content-Type": chat.service.message("x", ANNA, 1)[1]["Content-Type"]}
        assert await chat.service.call(body, chat.service.signed(body, headers)) in (200, 400, 401)
        assert chat.agent.turns == []

    async def test_there_is_no_other_route(self, chat: Chat) -> None:
        """Rasa's Telegram connector lets anybody move the webhook."""
        chat.service.url = f"{chat.base}/webhooks/{chat.service.name}/set_webhook"
        assert await chat.service.call(b"", {}) == 404


@only(Slack)
class TestSlack:
    async def test_a_signature_of_more_than_five_minutes_ago_is_refused(self, chat: Chat) -> None:
        body, headers = chat.service.message("hallo", ANNA, 1)
        for at in (time.time() - 301, time.time() + 301):
            await refused(chat, body, chat.service.signed(body, headers, at=at))  # type: ignore[call-arg]

    async def test_another_secret_is_refused(self, chat: Chat) -> None:
        body, headers = chat.service.message("hallo", ANNA, 1)
        await refused(chat, body, chat.service.signed(body, headers, secret="another"))  # type: ignore[call-arg]

    async def test_the_same_request_a_second_time_is_refused(self, chat: Chat) -> None:
        body, headers = chat.service.message("hallo", ANNA, 1)
        signed = chat.service.signed(body, headers)
        assert await chat.service.call(body, signed) == 200
        assert await chat.service.call(body, signed) == 401

    @pytest.mark.parametrize("reason", ["http_timeout", "http_error", "connection_failed"])
    async def test_a_retry_is_known_by_its_event_whatever_slack_calls_it(self, chat: Chat, reason: str) -> None:
        """Rasa's connector drops each retry after a time-out, also of what never arrived, and answers all others again."""
        await chat.met()
        await chat.service.says("alfa", number=70)
        for text, number in (("alfa", 70), ("beta", 71)):
            body, headers = chat.service.message(text, ANNA, number)
            retry = {**headers, "X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": reason}
            assert await chat.service.call(body, chat.service.signed(body, retry)) == 200
        assert [turn.text for turn in chat.agent.turns] == ["hallo", "alfa", "beta"]

    async def test_slack_can_verify_the_address(self, chat: Chat) -> None:
        body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
        assert await chat.service.call(body, chat.service.signed(body, {"Content-Type": "application/json"})) == 200

    @pytest.mark.parametrize("event", [
        {"type": "message", "subtype": "message_changed", "channel_type": "im"},
        {"type": "message", "channel_type": "im", "bot_id": "B1", "user": "U1", "text": "hallo"},
        {"type": "message", "channel_type": "channel", "user": "U1", "text": "over iets anders"},
        {"type": "reaction_added", "user": "U1"},
    ])  # fmt: skip
    async def test_what_is_not_said_to_us_is_not_answered(self, chat: Chat, event: dict[str, Any]) -> None:
        body, headers = Slack.event(1, channel="D1", **event)
        assert await chat.service.call(body, chat.service.signed(body, headers)) == 200
        assert chat.agent.turns == [] and chat.service.sent == []


@only(Telegram)
class TestTelegram:
    async def test_an_update_that_came_before_does_nothing(self, chat: Chat) -> None:
        await chat.met()
        assert len(await chat.service.says("alfa", number=70)) == 1
        assert await chat.service.says("alfa", number=70) == []

    async def test_an_edited_message_is_no_new_one(self, chat: Chat) -> None:
        body, headers = chat.service.message("hallo", ANNA, 1)
        update = json.loads(body)
        update["edited_message"] = update.pop("message")
        body = json.dumps(update).encode()
        assert await chat.service.call(body, chat.service.signed(body, headers)) == 200
        assert chat.agent.turns == []

    async def test_start_only_opens_the_conversation(self, chat: Chat) -> None:
        told = [each.text for each in await chat.service.says("/start")]
        assert told[1:] == ["Welkom"] and chat.agent.turns == []

    async def test_the_connector_of_rasa_asks_no_caller_for_proof(
        self, chat: Chat, serve: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Bot:
            username = "bot"

            async def get_me(self) -> Bot:
                return self

            @classmethod
            def name(cls) -> str:
                return "telegram"

            async def send_response(self, *_: Any) -> None: ...

        monkeypatch.setattr(stock_telegram.TelegramInput, "get_output_channel", lambda self: Bot())
        base = await serve(chat.agent, stock_telegram.TelegramInput("1:x", "bot", "https://host/"))
        chat.service.url = f"{base}/webhooks/telegram/webhook"
        body, headers = chat.service.message("van wie dan ook", ANNA, 1)
        assert await chat.service.call(body, headers) == 200
        assert chat.agent.turns[-1].text == "van wie dan ook"


@only(Teams)
class TestTeams:
    @pytest.fixture
    def teams(self, chat: Chat) -> Teams:
        assert isinstance(chat.service, Teams)
        return chat.service

    @pytest.mark.parametrize("claims", [
        {"aud": "another-bot"},
        {"iss": "https://sts.windows.net/elsewhere/"},
        {"exp": 1_700_000_000},
        {"nbf": 4_000_000_000},
        {"serviceurl": "https://smba.elsewhere.example/emea/"},
        {"serviceurl": ""},
    ], ids=lambda claims: "-".join(claims))  # fmt: skip
    async def test_a_token_for_something_else_is_refused(self, chat: Chat, teams: Teams, claims: Any) -> None:
        body, headers = teams.message("hallo", ANNA, 1)
        await refused(chat, body, {**headers, "Authorization": f"Bearer {teams.token(**claims)}"})

    async def test_a_token_of_another_key_or_algorithm_is_refused(self, chat: Chat, teams: Teams) -> None:
        body, headers = teams.message("hallo", ANNA, 1)
        for token in (
            teams.token(key=OTHER_KEY),
            teams.token(algorithm="RS512"),
            jwt.encode({"aud": APP}, "secret", algorithm="HS256", headers={"kid": "k1"}),
            jwt.encode({"aud": APP}, KEY, algorithm="RS256", headers={"kid": "unknown"}),
            "geen.echt.token",
        ):
            await refused(chat, body, {**headers, "Authorization": f"Bearer {token}"})

    async def test_a_service_url_that_was_not_signed_is_refused(self, chat: Chat, teams: Teams) -> None:
        """Our own token goes there."""
        body, headers = teams.activity(1, ANNA, text="hallo", serviceUrl="http://127.0.0.1:9/thief/")
        await refused(chat, body, teams.signed(body, headers))

    async def test_another_tenant_is_refused(self, chat: Chat, teams: Teams) -> None:
        body, headers = teams.activity(1, ANNA, text="hallo", channelData={"tenant": {"id": "elsewhere"}})
        assert TENANT != "elsewhere"
        await refused(chat, body, teams.signed(body, headers))

    async def test_without_the_keys_nobody_is_believed(self, chat: Chat, teams: Teams) -> None:
        chat.connector.options["BONDGENOOT_TEAMS_OPENID_URL"] = "http://127.0.0.1:9/openid"
        body, headers = teams.message("hallo", ANNA, 1)
        assert await teams.call(body, teams.signed(body, headers)) == 503

    async def test_being_added_only_opens_the_conversation(self, chat: Chat, teams: Teams) -> None:
        body, headers = teams.activity(1, ANNA, type="installationUpdate", action="add")
        assert await teams.call(body, teams.signed(body, headers)) == 200
        assert [each.text for each in teams.sent][1:] == ["Welkom"] and chat.agent.turns == []

    async def test_the_connector_of_rasa_believes_any_issuer_and_any_service_url(
        self, chat: Chat, teams: Teams, serve: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stock = stock_teams.BotFrameworkInput.__new__(stock_teams.BotFrameworkInput)
        stock.app_id, stock.app_password = APP, "password"
        stock.jwt_keys = {"k1": json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))}
        stock.jwt_update_time = datetime.datetime.now()
        answers_at: list[str] = []

        def output(_id: str, _password: str, _conversation: Any, _bot: Any, service: str) -> Any:
            answers_at.append(service)
            return CollectingOutputChannel()

        monkeypatch.setattr(stock_teams, "BotFramework", output)
        chat.service.url = f"{await serve(chat.agent, stock)}/webhooks/botframework/webhook"
        body, headers = teams.activity(1, ANNA, text="van wie dan ook", serviceUrl="https://thief.example/")
        token = teams.token(iss="https://elsewhere.example", serviceurl="https://elsewhere.example")
        assert await chat.service.call(body, {**headers, "Authorization": f"Bearer {token}"}) == 200
        assert chat.agent.turns[-1].text == "van wie dan ook"
        # There it would send its own password's token.
        assert answers_at == ["https://thief.example/"]


@only(WhatsApp)
class TestWhatsApp:
    async def test_after_24_hours_a_template_opens_the_conversation_and_what_waited_follows_the_answer(
        self, chat: Chat, clock: FixedClock
    ) -> None:
        await chat.met()
        (conversation,) = await chat.agent.conversations()
        clock.advance(hours=25)
        before = len(chat.service.sent)
        await follow_up(chat.base, conversation)
        await chat.settled()
        await chat.connector.sweep()
        assert [each.text for each in chat.service.sent[before:]] == ["template HX1"]
        assert [each.text for each in await chat.service.says("ja")] == ["Hoe ging het?"]
        assert [turn.text for turn in chat.agent.turns] == ["hallo"]
        await chat.service.says("goed")
        assert chat.agent.turns[-1].text == "goed"

    async def test_within_24_hours_it_is_said_as_it_is(self, chat: Chat, clock: FixedClock) -> None:
        await chat.met()
        (conversation,) = await chat.agent.conversations()
        clock.advance(hours=23)
        await follow_up(chat.base, conversation)
        await chat.settled()
        assert chat.service.sent[-1].text == "Hoe ging het?"

    async def test_without_a_template_it_waits_until_they_write(self, chat: Chat, clock: FixedClock) -> None:
        chat.connector.options["BONDGENOOT_TWILIO_TEMPLATE"] = ""
        await chat.met()
        (conversation,) = await chat.agent.conversations()
        clock.advance(hours=25)
        before = len(chat.service.sent)
        await follow_up(chat.base, conversation)
        await chat.settled()
        assert chat.service.sent[before:] == []
        told = [each.text.split("\n")[0] for each in await chat.service.says("hoi")]
        assert told == ["Hoe ging het?", "Antwoord op hoi"]


@only(Sms)
class TestSms:
    async def test_after_24_hours_a_text_message_is_sent_as_it_is(self, chat: Chat, clock: FixedClock) -> None:
        await chat.met()
        (conversation,) = await chat.agent.conversations()
        clock.advance(days=21)
        await follow_up(chat.base, conversation)
        await chat.settled()
        assert chat.service.sent[-1].text == "Hoe ging het?"

    async def test_the_connector_of_rasa_asks_no_caller_for_proof(self, chat: Chat, serve: Any) -> None:
        base = await serve(chat.agent, stock_twilio.TwilioInput("AC1", "token", "+32"))
        chat.service.url = f"{base}/webhooks/twilio/webhook"
        await chat.service.call(*chat.service.message("van wie dan ook", ANNA, 1))
        assert chat.agent.turns[-1].text == "van wie dan ook"


@only(Messenger)
class TestMessenger:
    async def test_the_old_signature_is_not_enough(self, chat: Chat) -> None:
        """Rasa's connector accepts it, and any hash that the caller names."""
        body, headers = chat.service.message("hallo", ANNA, 1)
        old = {"X-Hub-Signature": "sha1=" + hmac.new(b"app-secret", body, hashlib.sha1).hexdigest()}
        assert stock_messenger.FacebookInput.validate_hub_signature("app-secret", body, old["X-Hub-Signature"])
        weak = "md5=" + hmac.new(b"app-secret", body, hashlib.md5).hexdigest()
        assert stock_messenger.FacebookInput.validate_hub_signature("app-secret", body, weak)
        await refused(chat, body, {**headers, **old})

    async def test_after_24_hours_a_follow_up_waits_until_they_write(self, chat: Chat, clock: FixedClock) -> None:
        await chat.met()
        (conversation,) = await chat.agent.conversations()
        clock.advance(hours=25)
        before = len(chat.service.sent)
        await follow_up(chat.base, conversation)
        await chat.settled()
        assert chat.service.sent[before:] == []
        told = [each.text.split("\n")[0] for each in await chat.service.says("hoi")]
        assert told == ["Hoe ging het?", "Antwoord op hoi"]

    async def test_facebook_can_verify_the_address_with_our_word_only(self, chat: Chat) -> None:
        async with aiohttp.ClientSession() as session:
            for word, status in (("verify-token", 200), ("een-ander", 401)):
                query = {"hub.mode": "subscribe", "hub.verify_token": word, "hub.challenge": "42"}
                async with session.get(chat.service.url, params=query) as answer:
                    assert answer.status == status and ((await answer.text()) == "42") == (status == 200)


@only(RocketChat)
class TestRocketChat:
    async def test_what_others_say_to_each_other_is_not_answered(self, chat: Chat) -> None:
        assert isinstance(chat.service, RocketChat)
        body, headers = chat.service.between_others("tussen ons", ANNA, 1)
        assert await chat.service.call(body, chat.service.signed(body, headers)) == 200
        assert chat.agent.turns == [] and chat.service.sent == [] and chat.rows() == []

    async def test_the_connector_of_rasa_asks_no_caller_for_proof(
        self, chat: Chat, serve: Any, monkeypatch: Any
    ) -> None:
        stock = stock_rocketchat.RocketChatInput("bot", "password", "http://127.0.0.1:9")
        monkeypatch.setattr(stock, "get_output_channel", CollectingOutputChannel)
        chat.service.url = f"{await serve(chat.agent, stock)}/webhooks/rocketchat/webhook"
        await chat.service.call(*chat.service.message("van wie dan ook", ANNA, 1))
        assert chat.agent.turns[-1].text == "van wie dan ook"


@only(Webex)
class TestWebex:
    async def test_what_the_bot_says_itself_is_not_answered(self, chat: Chat) -> None:
        body, headers = chat.service.message("van onszelf", "BOT", 1)
        assert await chat.service.call(body, chat.service.signed(body, headers)) == 200
        assert chat.agent.turns == []

    async def test_the_connector_of_rasa_asks_no_caller_for_proof(
        self, chat: Chat, serve: Any, monkeypatch: Any
    ) -> None:
        class Api:
            """Answers as Webex would; the stock one blocks the loop in which the stand-in lives."""

            def __init__(self) -> None:
                self.messages = self.people = self

            def get(self, message_id: str) -> Any:
                return SimpleNamespace(text=chat.service.texts[message_id], personId=ANNA, roomId="room")  # type: ignore[attr-defined]

            def me(self) -> Any:
                return SimpleNamespace(id="BOT")

        stock = stock_webex.WebexTeamsInput("webex-token")
        monkeypatch.setattr(stock, "api", Api())
        monkeypatch.setattr(stock, "get_output_channel", CollectingOutputChannel)
        chat.service.url = f"{await serve(chat.agent, stock)}/webhooks/webexteams/webhook"
        assert await chat.service.call(*chat.service.message("van wie dan ook", ANNA, 1)) == 200
        assert chat.agent.turns[-1].text == "van wie dan ook"


@only(Callback)
class TestCallback:
    async def test_a_signature_of_more_than_five_minutes_ago_is_refused(self, chat: Chat) -> None:
        body, headers = chat.service.message("hallo", ANNA, 1)
        moment = str(int(time.time()) - 301)
        digest = hmac.new(Callback.secret.encode(), f"v0:{moment}:".encode() + body, hashlib.sha256).hexdigest()
        proof = {"X-Bondgenoot-Timestamp": moment, "X-Bondgenoot-Signature": f"v0={digest}"}
        await refused(chat, body, {**headers, **proof})

    async def test_the_same_request_a_second_time_is_refused(self, chat: Chat) -> None:
        body, headers = chat.service.message("hallo", ANNA, 1)
        signed = chat.service.signed(body, headers)
        assert await chat.service.call(body, signed) == 200
        assert await chat.service.call(body, signed) == 401

    async def test_the_connector_of_rasa_asks_no_caller_for_proof_and_gives_none(
        self, chat: Chat, serve: Any, monkeypatch: Any
    ) -> None:
        given: list[dict[str, Any]] = []

        async def request(*_: Any, **more: Any) -> None:
            given.append(more)

        endpoint = EndpointConfig("https://program.example/answers")
        monkeypatch.setattr(endpoint, "request", request)
        chat.service.url = (
            f"{await serve(chat.agent, stock_callback.CallbackInput(endpoint))}/webhooks/callback/webhook"
        )
        body = json.dumps({"sender": "wie dan ook", "message": "van wie dan ook"}).encode()
        assert await chat.service.call(body, {"Content-Type": "application/json"}) == 200
        assert chat.agent.turns[-1].text == "van wie dan ook"
        assert given and not any("headers" in each for each in given)
