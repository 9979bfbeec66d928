"""Two persons never see each other's messages, whatever they send; and a window is open as long as its token is good."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chat_window import SECRET, Window, token_for
from scripted import ScriptedAgent, Serve, Visitor

from bondgenoot import tokens
from bondgenoot.errors import SettingsError
from channels.health import HealthInput
from channels.intranet import IntranetInput
from channels.visitors import COOKIE, Visitors

Make = Callable[..., Window]
ENDED = int(time.time()) - 3600


def everything(chat: Window) -> str:
    return str(chat.heard)


# ---- Two persons


async def test_two_persons_do_not_see_each_other(window: Make) -> None:
    an, bram = await window().begin(), await window().begin(token_for("bram"))
    await an.write("iets van an")
    await bram.write("iets van bram")
    assert "van bram" not in everything(an) + str(await an.history())
    assert "van an" not in everything(bram) + str(await bram.history())
    assert an.told("session_confirm") != bram.told("session_confirm")
    assert bram.told("user_message") == []
    assert len(bram.told("typing")) == 2, "nor when the other one writes"


async def test_a_guessed_session_id_is_ignored(window: Make, agent: ScriptedAgent) -> None:
    an, bram = await window().begin(), await window().open(token_for("bram"))
    (mine,) = an.told("session_confirm")
    await an.write("iets van an")
    an.heard.clear()
    guesses = {
        "session_id": mine, "sender": mine, "sender_id": mine, "conversation_id": mine, "room": mine, "sub": "an",
        "customData": {"session_id": mine, "sender": mine}, "metadata": {"sender_id": mine},
    }  # fmt: skip
    await bram.ask("session_request", guesses)
    assert bram.told("session_confirm") != [mine]
    await bram.ask("user_uttered", {**guesses, "message": "wie ben ik?"})
    assert [message["text"] for message in (await bram.history(0, **guesses))["messages"]] == [
        "Welkom", "wie ben ik?", "Antwoord op wie ben ik?",
    ]  # fmt: skip
    await bram.ask("read", {**guesses, "cursor": 99})
    assert (await an.history())["read"] == 0
    assert "van an" not in everything(bram)
    assert an.heard == []
    assert agent.turns[-1].sender_id != mine


async def test_nobody_enters_a_room_by_asking(window: Make) -> None:
    an, bram = await window().begin(), await window().begin(token_for("bram"))
    (mine,) = an.told("session_confirm")
    for event in ("join", "enter_room", "subscribe", "connect", "disconnecting", "bot_uttered", "user_message"):
        await bram.client.emit(event, {"room": mine, "session_id": mine})
    await bram.history()
    await an.write("iets van an")
    assert "van an" not in everything(bram)
    assert "Hoi" not in everything(an)


FORGED: dict[str, Any] = {
    "another secret": token_for(key="x" * 40),
    "another algorithm": token_for(algorithm="HS512"),
    "algorithm none": token_for(key=None, algorithm="none"),
    "another audience": token_for(aud="elders"),
    "another issuer": token_for(iss="https://elders.example"),
    "no subject": token_for(sub=None),
    "no end": token_for(exp=None),
    "no audience": token_for(aud=None),
    "no issuer": token_for(iss=None),
    "half a token": token_for()[:-8],
    "a word": "an",
    "a number": 7,
    "a list": ["an"],
    "an object": {"sub": "an"},
    "a huge one": "a" * 20_000,
}


async def test_a_forged_token_is_refused(window: Make) -> None:
    codes = {name: await window().refusal(token) for name, token in FORGED.items()}
    assert codes == dict.fromkeys(FORGED, "token_invalid")


async def test_a_token_that_ended_or_is_missing_has_its_own_code(window: Make) -> None:
    assert await window().refusal(token_for(exp=ENDED)) == "token_expired"
    for auth in ({}, {"token": None}, {"token": ""}, "token", ["token"], {"jwt": token_for()}, None):
        assert await window().refusal(auth=auth) == "token_missing"
    assert await window().refusal(auth={}, headers={"Authorization": f"Bearer {token_for()}"}) == "token_missing"


async def test_who_was_refused_gets_no_answers(window: Make, agent: ScriptedAgent) -> None:
    chat = window()
    await chat.refusal("an")
    assert not chat.client.connected
    assert await agent.conversations() == []


async def test_a_demo_token_is_worth_nothing_where_people_sign_in(window: Make, home: Path) -> None:
    (home / "secrets").mkdir(exist_ok=True)
    demo = tokens.Verifier((SECRET + "demo"), "HS256", tokens.DEMO_ISSUER, "bondgenoot")
    assert await window().refusal(tokens.demo_token(demo, "an")) == "token_invalid"
    signed = tokens.Verifier(SECRET, "HS256", tokens.DEMO_ISSUER, "bondgenoot")
    assert await window().refusal(tokens.demo_token(signed, "an")) == "token_invalid"


# ---- As long as the token is good


async def test_a_window_is_closed_when_its_token_ends(window: Make) -> None:
    chat = await window().begin(token_for(exp=int(time.time()) - tokens.LEEWAY_SECONDS + 2))
    assert await chat.until("closing") == [{"reason": "token_expired"}]
    for _ in range(300):
        if not chat.client.connected:
            break
        await asyncio.sleep(0.01)
    assert not chat.client.connected


async def test_a_renewed_token_keeps_it_open(window: Make) -> None:
    chat = await window().begin(token_for(exp=int(time.time()) - tokens.LEEWAY_SECONDS + 2))
    answer = await chat.ask("token", {"token": token_for()})
    assert answer["ok"] and 500 < answer["expires_in"] <= 600 + tokens.LEEWAY_SECONDS
    await asyncio.sleep(2.5)
    assert (await chat.write("ik ben er nog"))["ok"]
    assert chat.told("closing") == []


async def test_a_renewal_cannot_change_the_person(window: Make) -> None:
    chat = await window().begin()
    for forged in (token_for("bram"), *FORGED.values()):
        assert await chat.ask("token", {"token": forged}) == {"ok": False, "error": "token_invalid"}
    assert (await chat.ask("token", {"token": token_for(exp=ENDED)}))["error"] == "token_expired"
    for nothing in ({}, None, "x", {"token": None}):
        assert (await chat.ask("token", nothing))["error"] == "token_missing"
    assert (await chat.write("nog steeds an"))["ok"]


# ---- Which pages


@pytest.mark.parametrize(
    ("origin", "answer"),
    [
        ("https://intranet.example", "let in"),
        ("https://intranet.example.evil.example", "None"),
        ("https://elders.example", "None"),
        ("null", "None"),
    ],
)
async def test_only_pages_on_the_list_may_connect(
    login: None, agent: ScriptedAgent, serve: Serve, monkeypatch: pytest.MonkeyPatch, origin: str, answer: str
) -> None:
    monkeypatch.setenv("BONDGENOOT_ORIGINS", "https://intranet.example https://elk.example")
    chat = Window(await serve(agent, IntranetInput()))
    said = await chat.refusal(token_for(), headers={"Origin": origin})
    assert said == answer or (answer == "None" and not chat.client.connected)
    await chat.close()


# ---- The demo identity of the local default


async def demo(visitor: Visitor, **kwargs: Any) -> Any:
    return await (await visitor.post("/chat/demo-token", **kwargs)).json()


async def test_a_demo_identity_stays_the_same(visitor: Visitor, other: Visitor, url: str) -> None:
    first, again, theirs = await demo(visitor), await demo(visitor), await demo(other)
    assert first["expires_in"] == tokens.DEMO_SECONDS
    chats = [await Window(url).begin(each["token"]) for each in (first, again, theirs)]
    mine, still_mine, other_one = (chat.told("session_confirm")[0] for chat in chats)
    assert mine == still_mine != other_one
    for chat in chats:
        await chat.close()


async def test_its_cookie_is_for_the_server_only(visitor: Visitor) -> None:
    answer = await visitor.post("/chat/demo-token")
    cookie = answer.cookies[COOKIE]
    assert (bool(cookie["httponly"]), cookie["samesite"], cookie["path"]) == (True, "Strict", "/chat")
    assert COOKIE not in (await visitor.post("/chat/demo-token")).cookies
    # A link from another site brings a person here without the Strict cookie; it must survive that.
    assert COOKIE not in (await visitor.get("/chat/")).cookies


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Requested-With": "XMLHttpRequest"},
        {"X-Requested-With": "bondgenoot", "Origin": "https://elders.example"},
        {"X-Requested-With": "bondgenoot", "Origin": "http://127.0.0.1:1"},
        {"X-Requested-With": "bondgenoot", "Origin": "null"},
        {"X-Requested-With": "bondgenoot", "Host": "elders.example:5005"},
        {"X-Requested-With": "bondgenoot", "Host": "elders.example", "Origin": "http://elders.example"},
        {"X-Requested-With": "bondgenoot", "Host": "[::1"},
    ],
)
async def test_pages_of_other_sites_get_no_demo_identity(visitor: Visitor, headers: dict[str, str]) -> None:
    answer = await visitor.post("/chat/demo-token", headers=headers)
    assert (answer.status, COOKIE in answer.cookies) == (403, False)
    assert "token" not in await answer.json()


async def test_a_name_that_was_rebound_to_this_machine_may_not_connect(visitor: Visitor, url: str) -> None:
    token = (await demo(visitor))["token"]
    chat = Window(url)
    headers = {"Host": "elders.example", "Origin": "http://elders.example"}
    assert await chat.refusal(token, headers=headers) == "token_invalid"


@pytest.mark.parametrize("forged", ["", ".", "{id}", "{id}.", "{id}.00", "{other}.{signature}", "{id}.é", "a.b.c"])
async def test_a_forged_cookie_is_somebody_new(visitor: Visitor, other: Visitor, forged: str) -> None:
    await demo(visitor)
    held = {cookie.key: cookie.value for cookie in visitor.session.cookie_jar}[COOKIE]
    name, signature = held.rsplit(".", 1)
    value = forged.format(id=name, other=name[:-1] + "-", signature=signature)
    answer = await other.post("/chat/demo-token", headers={**other.headers, "Cookie": f"{COOKIE}={value}"})
    assert answer.cookies[COOKIE].value not in (held, value)


async def test_another_key_makes_everybody_new() -> None:
    ours, theirs = Visitors("one"), Visitors("two")
    somebody = ours.new()
    assert ours.recognise(ours.cookie(somebody)) == somebody
    assert theirs.recognise(ours.cookie(somebody)) is None


async def test_where_people_sign_in_there_is_no_demo(login: None, agent: ScriptedAgent, serve: Serve) -> None:
    someone = Visitor(await serve(agent, IntranetInput(), HealthInput()))
    assert (await someone.post("/chat/demo-token")).status == 404
    assert (await someone.get("/chat/")).status == 404
    assert (await someone.get("/health")).status == 200
    await someone.session.close()


async def test_it_refuses_a_network_address_without_a_key(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BONDGENOOT_HOST", "0.0.0.0")
    with pytest.raises(SettingsError, match=r"BONDGENOOT_HOST is 0\.0\.0\.0, so people must sign in"):
        IntranetInput.from_credentials(None)


async def test_with_a_key_it_serves_a_network_address(
    login: None, agent: ScriptedAgent, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BONDGENOOT_HOST", "0.0.0.0")
    chat = await Window(await serve(agent, IntranetInput())).begin()
    assert (await chat.write("hallo"))["ok"]
    await chat.close()
