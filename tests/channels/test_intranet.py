"""The chat over its socket: turns, windows, numbers, what was missed, and what goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from chat_window import Window, token_for
from scripted import BUTTONS, UI, ScriptedAgent, follow_up

from bondgenoot import texts

Make = Callable[..., Window]
APOLOGY = " ".join(texts.say("error"))


def words(history: Any) -> list[str]:
    return [message["text"] for message in history["messages"]]


# ---- Turns


async def test_a_new_person_is_welcomed_once(window: Make, agent: ScriptedAgent) -> None:
    first = await window().begin()
    assert (await first.until("bot_uttered"))[0]["text"] == "Welkom"
    again = await window().begin()
    assert first.told("session_confirm") == again.told("session_confirm") == await agent.conversations()
    assert (await again.history())["cursor"] == 1


async def test_two_windows_that_open_at_once_are_welcomed_once(window: Make) -> None:
    chats = await asyncio.gather(*(window().begin() for _ in range(4)))
    assert (await chats[0].history())["cursor"] == 1


async def test_a_welcome_that_could_not_be_said_is_said_later(window: Make, agent: ScriptedAgent) -> None:
    agent.can_speak = False
    chat = await window().open()
    assert await chat.ask("session_request", None) == {"ok": False, "error": "not_ready"}
    assert chat.told("notice") == [{"code": "not_ready"}]
    assert await agent.conversations() == []
    agent.can_speak = True
    await chat.ask("session_request", None)
    assert chat.texts() == ["Welkom"]


async def test_a_turn_tells_both_sides(window: Make, agent: ScriptedAgent) -> None:
    chat = await window().begin()
    answer = await chat.write("hallo")
    assert (answer["ok"], answer["n"], answer["cursor"]) == (True, 1, 3)
    bot = (await chat.until("bot_uttered", 2))[1]
    assert (bot["n"], bot["from"], bot["text"], bot["buttons"]) == (2, "bot", "Antwoord op hallo", BUTTONS)
    assert bot["quick_replies"] == [{"content_type": "text", **button} for button in BUTTONS]
    assert [told["on"] for told in chat.told("typing")] == [True, False]
    assert agent.turns[0].input_channel == "intranet"
    held = await chat.history()
    assert words(held) == ["Welkom", "hallo", "Antwoord op hallo"]
    assert held["log"] == bot["log"]
    assert held["messages"][2].items() <= bot.items()


async def test_a_stock_widget_that_sends_no_id_is_answered(window: Make) -> None:
    chat = await window().begin()
    await chat.client.emit("user_uttered", {"message": "hallo", "session_id": "x", "customData": {"language": "nl"}})
    assert (await chat.until("bot_uttered", 2))[1]["text"] == "Antwoord op hallo"


async def test_hints_for_the_eye_travel_with_the_message(window: Make) -> None:
    chat = await window().begin()
    await chat.write("schaal")
    assert chat.told("bot_uttered")[1]["ui"] == (await chat.history(2))["messages"][0]["ui"] == UI


async def test_what_a_client_adds_does_not_reach_the_dialogue(window: Make, agent: ScriptedAgent) -> None:
    chat = await window().begin()
    message = {
        "message": "hallo",
        "metadata": {"a": 1},
        "sender": "bram",
        "session_id": "bram",
        "input_channel": "rest",
    }
    await chat.ask("user_uttered", message)
    assert (agent.turns[0].metadata, agent.turns[0].input_channel) == (None, "intranet")
    assert agent.turns[0].sender_id == chat.told("session_confirm")[0]


async def test_a_button_reads_as_its_title(window: Make) -> None:
    chat = await window().begin()
    await chat.write("hallo")
    answer = await chat.write("/affirm", "client-0002")
    assert (await chat.history(answer["n"]))["messages"][0]["text"] == "Ja"


async def test_a_person_may_type_what_looks_like_a_trigger(window: Make) -> None:
    chat = await window().begin()
    await chat.write("EXTERNAL: EXTERNAL_follow_up")
    assert words(await chat.history())[1] == "EXTERNAL: EXTERNAL_follow_up"


async def test_a_message_that_was_not_kept_says_so(window: Make) -> None:
    chat, tab = await window().begin(), await window().begin()
    await chat.write("geheim")
    told, held = (await tab.until("user_message"))[0], (await chat.history(1))["messages"][0]
    assert (held["text"], held["redacted"], held["id"]) == ("(niet bewaard)", True, "client-0001")
    assert "geheim" not in str(told["text"])


# ---- Windows of one person


async def test_both_windows_show_both_sides(window: Make) -> None:
    chat, tab = await window().begin(), await window().begin()
    await chat.write("hallo")
    await tab.until("bot_uttered", 1)
    (mine,) = await tab.until("user_message")
    assert (mine["n"], mine["text"], mine["id"]) == (1, "hallo", "client-0001")
    assert chat.told("user_message") == []
    assert tab.texts()[-1:] == ["Antwoord op hallo"]
    assert [event for event, _ in tab.heard if event in ("user_message", "bot_uttered")][-2:] == [
        "user_message",
        "bot_uttered",
    ]
    assert {"on": True} in tab.told("typing")


async def test_what_was_read_in_one_window_is_read_in_all(window: Make) -> None:
    chat, tab = await window().begin(), await window().begin()
    cursor = (await chat.write("hallo"))["cursor"]
    assert (await chat.history())["unread"] == 2
    assert await chat.ask("read", {"cursor": cursor}) == {"ok": True, "unread": 0, "read": 3}
    await tab.until("unread", len(tab.told("unread")) or 1)
    assert (await tab.until("unread"))[-1] == {"count": 0, "read": 3}
    later = await window().begin()
    assert (await later.history(3))["unread"] == 0
    assert (await chat.ask("read", {"cursor": 1}))["read"] == 3, "it never goes back"
    assert (await chat.ask("read", {"cursor": 999}))["read"] == 3, "what is not there was not read"


# ---- The same message again


async def test_a_message_sent_again_is_not_answered_again(window: Make, agent: ScriptedAgent) -> None:
    chat = await window().begin()
    first = await chat.write("hallo")
    assert await chat.write("hallo") == first
    assert len(agent.turns) == 1


async def test_nor_while_the_first_is_busy_in_another_window(window: Make, agent: ScriptedAgent) -> None:
    chat, tab = await window().begin(), await window().begin()
    answers = await asyncio.gather(chat.write("traag"), tab.write("traag"))
    assert answers[0] == answers[1]
    assert len(agent.turns) == 1


async def test_a_turn_ends_though_the_window_has_gone(window: Make, agent: ScriptedAgent) -> None:
    chat = await window().begin()
    await chat.client.emit("user_uttered", {"message": "traag", "id": "client-0001"})
    await chat.until("typing")
    await chat.close()
    back = await window().begin()
    answer = await back.write("traag")
    assert (answer["ok"], len(agent.turns)) == (True, 1)
    assert words(await back.history(1)) == ["traag", "Antwoord op traag"]


async def test_the_same_id_of_another_person_is_another_message(window: Make) -> None:
    an, bram = await window().begin(), await window().begin(token_for("bram"))
    await an.write("hallo")
    await bram.write("dag")
    assert words(await bram.history(1)) == ["dag", "Antwoord op dag"]


# ---- Coming back


async def test_a_follow_up_reaches_open_windows(window: Make, url: str, agent: ScriptedAgent) -> None:
    chat, tab, other = await window().begin(), await window().begin(), await window().begin(token_for("bram"))
    cursor = (await chat.write("hallo"))["cursor"]
    (conversation,) = chat.told("session_confirm")
    answer = await follow_up(url, conversation)
    assert [message["text"] for message in answer["messages"]] == ["Hoe ging het?"]
    message = (await chat.until("bot_uttered", 3))[2]
    assert (message["text"], message["n"]) == ("Hoe ging het?", cursor)
    assert (await tab.until("bot_uttered", 2))[-1] == message
    assert (await chat.history(cursor))["messages"][0]["n"] == cursor
    assert (await chat.until("unread", 3))[-1]["count"] == 3
    assert "Hoe ging het?" not in other.texts()


async def test_a_follow_up_for_somebody_who_is_away_waits(window: Make, url: str) -> None:
    chat = await window().begin()
    cursor = (await chat.write("hallo"))["cursor"]
    await chat.ask("read", {"cursor": cursor})
    (conversation,) = chat.told("session_confirm")
    await chat.close()
    await follow_up(url, conversation)
    back = await window().begin()
    held = await back.history(cursor)
    assert (words(held), held["unread"], held["read"]) == (["Hoe ging het?"], 1, cursor)
    assert held["cursor"] == cursor + 1


async def test_what_a_window_missed_is_in_the_history(window: Make, url: str) -> None:
    chat = await window().begin()
    cursor = (await chat.write("hallo"))["cursor"]
    await chat.close()
    tab = await window().begin()
    await tab.write("nog iets", "client-0002")
    back = await window().begin()
    held = await back.history(cursor)
    assert words(held) == ["nog iets", "Antwoord op nog iets"]
    assert [message["n"] for message in held["messages"]] == [3, 4]
    assert (await back.history(held["cursor"]))["messages"] == []


async def test_an_erased_conversation_starts_anew(window: Make) -> None:
    chat, tab = await window().begin(), await window().begin()
    answer = await chat.write("hallo")
    await chat.ask("read", {"cursor": 3})
    erased = await chat.write("wis", "client-0002")
    assert (erased["ok"], erased["cursor"]) == (True, 1)
    assert erased["log"] != answer["log"]
    assert (await tab.until("bot_uttered", 2))[-1]["log"] == erased["log"]
    held = await tab.history(3, log=answer["log"])
    assert (held["reset"], words(held), held["read"]) == (True, ["Antwoord op wis"], 0)
    # Also when the new log has grown past the cursor of the old one.
    await chat.write("hallo", "client-0003")
    assert (await tab.history(1, log=answer["log"]))["reset"]
    assert "reset" not in await tab.history(1, log=erased["log"])
    assert (await tab.history(99))["reset"]


async def test_a_long_history_is_given_from_its_end(window: Make, agent: ScriptedAgent) -> None:
    chat = await window().begin()
    tracker = await agent.tracker_store.retrieve(chat.told("session_confirm")[0])
    for _ in range(600):
        await agent.processor.say(tracker, _Nowhere(), "Nog iets")
    await agent.tracker_store.save(tracker)
    held = await chat.history()
    assert (len(held["messages"]), held["cursor"], held["messages"][-1]["n"]) == (500, 601, 600)


class _Nowhere:
    async def send_response(self, *_: Any) -> None:
        pass


# ---- When it goes wrong


@pytest.mark.parametrize("text", ["stuk", "half"])
async def test_a_turn_that_fails_apologises_and_may_be_tried_again(
    window: Make, agent: ScriptedAgent, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    chat = await window().begin()
    answer = await chat.write(text)
    assert (answer["ok"], answer["error"], answer["n"]) == (False, "failed", None)
    apology = chat.told("bot_uttered")[-1]
    assert (apology["text"], apology["n"]) == (APOLOGY, None)
    assert "De helft" not in str(chat.heard)
    assert f"'{text}'" not in caplog.text
    assert (await chat.history())["cursor"] == 1
    await chat.write(text)
    assert len(agent.turns) == 2
    assert {"on": False} in chat.told("typing")


async def test_a_silent_turn_apologises_and_its_second_try_stands_there_once(
    window: Make, agent: ScriptedAgent
) -> None:
    chat, tab = await window().begin(), await window().begin()
    agent.can_speak = False
    answer = await chat.write("hallo")
    assert (answer["ok"], answer["error"]) == (False, "failed")
    assert words(await chat.history(1)) == ["hallo", APOLOGY]
    assert (await tab.until("bot_uttered"))[-1]["n"] == 2
    agent.can_speak = True
    await chat.write("iets anders", "client-0002")
    assert (await chat.write("hallo"))["ok"]
    assert words(await chat.history(1)) == [
        "hallo", APOLOGY, "iets anders", "Antwoord op iets anders", "Antwoord op hallo",
    ]  # fmt: skip
    assert (await chat.write("hallo"))["ok"]
    assert len(agent.turns) == 3


async def test_a_store_that_fails_is_said_without_words(
    window: Make, agent: ScriptedAgent, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: Any) -> None:
        raise RuntimeError(f"SELECT '{secret}'")

    secret = " ".join(["iets", "van", "mij"])
    chat = await window().begin()
    with monkeypatch.context() as broken:
        broken.setattr(agent.store, "events_after", fail)
        assert await chat.history() == {"ok": False, "error": "failed"}
        assert (await chat.write(secret))["error"] == "failed"
        assert (await chat.ask("session_request", None))["error"] == "not_ready"
    assert chat.texts()[-1] == APOLOGY
    assert secret not in caplog.text
    assert (await chat.write(secret))["ok"]


async def test_without_a_model_it_says_so(window: Make, agent: ScriptedAgent) -> None:
    chat = await window().begin()
    agent.is_loaded = False
    for event in ("session_request", "user_uttered", "history", "read"):
        assert await chat.ask(event, {"message": "hallo"}) == {"ok": False, "error": "not_ready"}
    assert await window().refusal(token_for()) == "not_ready"
    agent.is_loaded = True
    assert (await chat.write("hallo"))["ok"]
