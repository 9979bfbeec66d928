"""The chat page: who is who, what is refused, and that nothing is said twice or lost."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest
from scripted import BUTTONS, ScriptedAgent, Visitor

from bondgenoot import texts
from bondgenoot.errors import SettingsError
from channels import chat_page
from channels.chat_page import ChatPageInput
from channels.visitors import COOKIE, RateLimit, Visitors

# ---- The page


async def test_the_root_leads_to_the_page(visitor: Visitor) -> None:
    answer = await visitor.get("/")
    assert (answer.status, answer.headers["Location"]) == (302, "/chat/")


async def test_the_page_has_all_its_texts(visitor: Visitor) -> None:
    page = await (await visitor.get("/chat/")).text()
    assert "{{" not in page
    assert "[[" not in page
    data = json.loads(re.search(r'type="application/json">(.*?)</script>', page, re.DOTALL)[1])
    used = set(re.findall(r"texts\.(\w+)", (chat_page.PAGE / "chat.js").read_text(encoding="utf-8")))
    assert used <= set(data)


async def test_a_text_cannot_close_the_script_that_carries_it() -> None:
    assert "</script><b>" not in chat_page.fill_in("[[texts]] {{a}}", {"a": "</script><b>"})


@pytest.mark.parametrize("name", sorted(chat_page.STATIC))
async def test_its_files_are_served(visitor: Visitor, name: str) -> None:
    answer = await visitor.get(f"/chat/static/{name}")
    assert answer.status == 200
    assert answer.content_type == chat_page.STATIC[name].split(";")[0]


@pytest.mark.parametrize("name", ["texts.nl.json", "..%2Fchat_page.py", "%2e%2e/chat_page.py", "nothing.js"])
async def test_other_files_are_not(visitor: Visitor, name: str) -> None:
    assert (await visitor.get(f"/chat/static/{name}")).status == 404


@pytest.mark.parametrize("path", ["/chat/", "/chat/static/chat.js", "/chat/messages", "/chat/none"])
async def test_everything_carries_security_headers(visitor: Visitor, path: str) -> None:
    headers = (await visitor.get(path)).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


async def test_the_page_needs_no_inline_code(visitor: Visitor) -> None:
    page = await (await visitor.get("/chat/")).text()
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)
    assert re.findall(r"<script(?![^>]*(src=|application/json))", page) == []


async def test_the_script_never_makes_markup_of_words() -> None:
    script = (chat_page.PAGE / "chat.js").read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", script)


def _luminance(colour: str) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


async def test_both_palettes_have_contrast() -> None:
    css = (chat_page.PAGE / "chat.css").read_text(encoding="utf-8")
    for block in re.findall(r":root \{(.*?)\}", css, re.DOTALL):
        colour = dict(re.findall(r"--([\w-]+): (#\w{6})", block))
        pairs = [(front, back) for front in ("ink", "quiet", "accent") for back in ("ground", "surface")]
        for front, back in [*pairs, ("on-accent", "accent"), ("on-notice", "notice")]:
            light, dark = sorted((_luminance(colour[front]), _luminance(colour[back])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (front, back)


# ---- Who is who


async def test_opening_welcomes_once(visitor: Visitor, agent: ScriptedAgent) -> None:
    first, again = await visitor.open(), await visitor.open()
    assert [message["text"] for message in first["messages"]] == ["Welkom"]
    assert again == first
    assert [name[:5] for name in await agent.conversations()] == ["chat-"]


async def test_two_openings_at_once_welcome_once(visitor: Visitor, agent: ScriptedAgent) -> None:
    await visitor.get("/chat/messages")
    answers = await asyncio.gather(*(visitor.open() for _ in range(3)))
    assert [len(answer["messages"]) for answer in answers] == [1, 1, 1]
    assert len(await agent.conversations()) == 1


async def test_a_welcome_that_could_not_be_said_is_said_later(visitor: Visitor, agent: ScriptedAgent) -> None:
    agent.can_speak = False
    assert await visitor.open() == {"error": "not_ready"}
    agent.can_speak = True
    assert (await visitor.open())["messages"][0]["text"] == "Welkom"


async def test_the_cookie_is_for_the_server_only(visitor: Visitor) -> None:
    answer = await visitor.post("/chat/open")
    cookie = answer.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/chat"
    assert COOKIE not in (await visitor.post("/chat/open")).cookies


async def test_the_page_itself_replaces_no_cookie(visitor: Visitor) -> None:
    # A link from another site brings a person here without the Strict cookie; it must survive that.
    assert COOKIE not in (await visitor.get("/chat/")).cookies


async def test_visitors_do_not_see_each_other(visitor: Visitor, other: Visitor) -> None:
    await visitor.open()
    await other.open()
    await visitor.write("iets van mij")
    assert [message["text"] for message in (await other.read())["messages"]] == ["Welkom"]


@pytest.mark.parametrize("forged", ["", ".", "{id}", "{id}.", "{id}.00", "{other}.{signature}", "{id}.é", "a.b.c"])
async def test_a_forged_cookie_is_a_new_visitor(visitor: Visitor, other: Visitor, forged: str) -> None:
    await visitor.open()
    await visitor.write("iets van mij")
    held = {cookie.key: cookie.value for cookie in visitor.session.cookie_jar}[COOKIE]
    name, signature = held.rsplit(".", 1)
    value = forged.format(id=name, other=name[:-1] + "-", signature=signature)
    answer = await other.get("/chat/messages", headers={"Cookie": f"{COOKIE}={value}"})
    assert (await answer.json())["messages"] == []
    assert answer.cookies[COOKIE].value != held


async def test_another_key_makes_everybody_new() -> None:
    ours, theirs = Visitors("one"), Visitors("two")
    somebody = ours.new()
    assert ours.recognise(ours.cookie(somebody)) == somebody
    assert theirs.recognise(ours.cookie(somebody)) is None
    assert somebody not in ours.conversation_id(somebody)


# ---- What is refused


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
@pytest.mark.parametrize("path", ["/chat/open", "/chat/messages"])
async def test_other_pages_cannot_write(
    visitor: Visitor, agent: ScriptedAgent, path: str, headers: dict[str, str]
) -> None:
    answer = await visitor.post(path, headers=headers, json={"text": "hallo", "id": "client-0001"})
    assert answer.status == 403
    assert not agent.turns
    assert not await agent.conversations()


async def test_a_rebound_name_cannot_read(visitor: Visitor) -> None:
    answer = await visitor.get("/chat/messages", headers={"Host": "elders.example:5005"})
    assert answer.status == 403


async def test_another_site_gets_no_permission_to_ask(visitor: Visitor) -> None:
    preflight = await visitor.session.options(
        f"{visitor.url}/chat/messages",
        headers={"Origin": "https://elders.example", "Access-Control-Request-Method": "POST"},
    )
    assert preflight.headers.get("Access-Control-Allow-Origin") in (None, "")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text": "x" * 10_001, "id": "client-0001"}, 400, "too_long"),
        ({"text": "x" * 70_000, "id": "client-0001"}, 413, "too_long"),
        ({"text": "  ", "id": "client-0001"}, 400, "empty"),
        ({"text": ["a"], "id": "client-0001"}, 400, "bad_request"),
        ({"text": "hallo"}, 400, "bad_request"),
        ({"text": "hallo", "id": "kort"}, 400, "bad_request"),
        ({"text": "hallo", "id": "client-0001", "after": -1}, 400, "bad_request"),
        ({"text": "hallo", "id": "client-0001", "after": True}, 400, "bad_request"),
        (["hallo"], 400, "bad_request"),
    ],
)
async def test_limits(visitor: Visitor, agent: ScriptedAgent, body: object, status: int, code: str) -> None:
    answer = await visitor.post("/chat/messages", json=body)
    assert (answer.status, await answer.json()) == (status, {"error": code})
    assert not agent.turns


async def test_a_message_of_the_greatest_length_passes(visitor: Visitor) -> None:
    assert "failed" not in await visitor.write("é" * 10_000)


async def test_what_cannot_be_stored_is_replaced(visitor: Visitor, agent: ScriptedAgent) -> None:
    await visitor.post("/chat/messages", data='{"text": "a\\ud800b\\u0000c", "id": "client-0001"}')
    assert agent.turns[0].text == "a?bc"


@pytest.mark.parametrize("after", ["-1", "x", "²", "9999999999"])
async def test_a_strange_cursor_is_refused(visitor: Visitor, after: str) -> None:
    assert (await visitor.get("/chat/messages", params={"after": after})).status == 400


async def test_too_many_messages(visitor: Visitor, other: Visitor) -> None:
    await visitor.open()
    for number in range(30):
        assert "error" not in await visitor.write("hallo", f"client-{number:04}")
    assert await visitor.write("hallo", "client-9999") == {"error": "too_many"}
    assert "error" not in await other.write("hallo")


async def test_the_window_of_the_rate_slides() -> None:
    now = [0.0]
    rate = RateLimit(limit=2, seconds=60, visitors=2, clock=lambda: now[0])
    assert [rate.allows("a") for _ in range(3)] == [True, True, False]
    now[0] = 60
    assert rate.allows("a")


async def test_it_refuses_a_network_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BONDGENOOT_HOME", str(tmp_path))
    monkeypatch.setenv("BONDGENOOT_HOST", "0.0.0.0")
    with pytest.raises(SettingsError, match=r"BONDGENOOT_HOST is 0\.0\.0\.0"):
        ChatPageInput.from_credentials(None)


# ---- Talking


async def test_a_turn_returns_both_sides(visitor: Visitor, agent: ScriptedAgent) -> None:
    await visitor.open()
    answer = await visitor.write("hallo", after=1)
    user, bot = answer["messages"]
    assert (user["from"], user["text"], user["id"], user["n"]) == ("user", "hallo", "client-0001", 1)
    assert (bot["from"], bot["text"], bot["buttons"], bot["n"]) == ("bot", "Antwoord op hallo", BUTTONS, 2)
    assert answer["cursor"] == 3
    assert bot["at"].endswith("+00:00")
    assert agent.turns[0].input_channel == "chat"


async def test_a_message_sent_again_is_not_answered_again(visitor: Visitor, agent: ScriptedAgent) -> None:
    await visitor.open()
    first = await visitor.write("hallo")
    assert await visitor.write("hallo") == first
    assert len(agent.turns) == 1


async def test_nor_when_the_first_is_still_busy(visitor: Visitor, agent: ScriptedAgent) -> None:
    await visitor.open()
    answers = await asyncio.gather(visitor.write("traag"), visitor.write("traag"))
    assert answers[0] == answers[1]
    assert len(agent.turns) == 1


async def test_a_turn_ends_though_the_page_has_gone(visitor: Visitor, agent: ScriptedAgent) -> None:
    await visitor.open()
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(visitor.write("traag"), 0.1)
    await asyncio.sleep(0.5)
    assert (await visitor.read(2))["messages"][0]["text"] == "Antwoord op traag"
    assert len((await visitor.write("traag"))["messages"]) == 2
    assert len(agent.turns) == 1


async def test_the_same_id_of_another_visitor_is_another_message(visitor: Visitor, other: Visitor) -> None:
    await visitor.open()
    await other.open()
    await visitor.write("hallo")
    assert (await other.write("dag"))["messages"][0]["text"] == "dag"


@pytest.mark.parametrize("text", ["stuk", "half", "stil"])
async def test_a_turn_without_answer_says_so_and_may_be_tried_again(
    visitor: Visitor, agent: ScriptedAgent, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    await visitor.open()
    answer = await visitor.write(text, after=1)
    assert answer["failed"]
    assert answer["messages"][-1] | {"at": None} == {
        "n": None, "from": "bot", "text": " ".join(texts.say("error")), "buttons": [], "image": None, "at": None,
    }  # fmt: skip
    assert "De helft" not in str(answer)
    assert f"'{text}'" not in caplog.text
    await visitor.write(text)
    assert len(agent.turns) == 2


async def test_no_model(visitor: Visitor, agent: ScriptedAgent) -> None:
    agent.is_loaded = False
    assert (await visitor.get("/health")).status == 503
    assert await visitor.open() == {"error": "not_ready"}
    assert await visitor.write("hallo") == {"error": "not_ready"}
    agent.is_loaded = True
    assert await (await visitor.get("/health")).json() == {"status": "ok"}


async def test_a_store_that_fails_is_said_without_words(
    visitor: Visitor, agent: ScriptedAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_conversation: str) -> None:
        raise RuntimeError("SELECT 'iets van mij'")

    await visitor.open()
    monkeypatch.setattr(agent.tracker_store, "retrieve_full_tracker", fail)
    answer = await visitor.get("/chat/messages")
    assert (answer.status, await answer.json()) == (500, {"error": "failed"})
    assert "nosniff" in answer.headers["X-Content-Type-Options"]
    assert (await visitor.write("hallo"))["failed"]


# ---- Reading back


async def test_a_follow_up_comes_by_itself(visitor: Visitor, agent: ScriptedAgent) -> None:
    await visitor.open()
    cursor = (await visitor.write("hallo"))["cursor"]
    await agent.follow_up((await agent.conversations())[0])
    later = await visitor.read(cursor)
    assert [message["text"] for message in later["messages"]] == ["Hoe ging het?"]
    assert later["cursor"] == cursor + 2
    assert (await visitor.read(later["cursor"]))["messages"] == []


async def test_what_the_page_missed_comes_with_the_next_answer(visitor: Visitor, agent: ScriptedAgent) -> None:
    await visitor.open()
    cursor = (await visitor.write("hallo"))["cursor"]
    await agent.follow_up((await agent.conversations())[0])
    answer = await visitor.write("goed", "client-0002", after=cursor)
    assert [message["text"] for message in answer["messages"]] == [
        "Hoe ging het?",
        "goed",
        "Antwoord op goed",
    ]


async def test_a_button_reads_as_its_title(visitor: Visitor) -> None:
    await visitor.open()
    await visitor.write("hallo")
    answer = await visitor.write("/affirm", "client-0002")
    assert answer["messages"][0]["text"] == "Ja"


async def test_a_message_that_was_not_kept_says_so(visitor: Visitor) -> None:
    await visitor.open()
    message = (await visitor.write("geheim"))["messages"][0]
    assert (message["text"], message["redacted"]) == ("(niet bewaard)", True)


async def test_an_erased_conversation_starts_anew(visitor: Visitor) -> None:
    log = (await visitor.open())["log"]
    cursor = (await visitor.write("hallo", log=log))["cursor"]
    answer = await visitor.write("wis", "client-0002", after=cursor, log=log)
    assert answer["reset"]
    assert [message["text"] for message in answer["messages"]] == ["Antwoord op wis"]
    # Another tab learns it too, also when the new log has grown past its cursor.
    await visitor.write("hallo", "client-0003")
    assert (await visitor.read(1, log))["reset"]
    assert "reset" not in await visitor.read(1, answer["log"])
