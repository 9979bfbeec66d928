"""Two persons in real browsers never see each other's messages: not with a token that proves nothing, nor with a guess."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from chat_window import SECRET
from playwright.sync_api import expect
from site_with_login import CHAT, Chat, Site

Window = Callable[..., Chat]
INVALID = "Je aanmelding klopt niet. Meld je opnieuw aan en laad de pagina opnieuw."
ENDED = "Je aanmelding wordt vernieuwd."


def signed(claims: dict[str, Any], key: Any = SECRET, algorithm: str = "HS256", **other: Any) -> str:
    return jwt.encode({**claims, **other}, key, algorithm)


# What a login may hand out that proves nothing, and what the person is told.
WORTHLESS: dict[str, tuple[Callable[[dict[str, Any]], str], str]] = {
    "forged": (lambda claims: signed(claims, key="x" * 40), INVALID),
    "changed": (lambda claims: _with_other_claims(signed({**claims, "sub": "bram"}), claims), INVALID),
    "expired": (lambda claims: signed(claims, iat=claims["iat"] - 7200, exp=claims["exp"] - 7200), ENDED),
    "algorithm none": (lambda claims: signed(claims, key=None, algorithm="none"), INVALID),
    "another audience": (lambda claims: signed(claims, aud="elders"), INVALID),
}


def _with_other_claims(token: str, claims: dict[str, Any]) -> str:
    """A good token of somebody, in which the claims are replaced and the signature stays."""
    header, _, signature = token.split(".")
    return ".".join([header, jwt.utils.base64url_encode(json.dumps(claims).encode()).decode(), signature])


def test_two_persons_do_not_see_each_other(site: Site, window: Window) -> None:
    anna, bram = window("anna").open(), window("bram").open()
    anna.write("iets van anna")
    anna.wait_for("Antwoord op iets van anna")
    bram.write("iets van bram")
    bram.wait_for("Antwoord op iets van bram")
    assert "van bram" not in " ".join(anna.texts())
    bram.page.reload()
    bram.wait_for("Antwoord op iets van bram")
    assert "van anna" not in " ".join(bram.texts())


@pytest.mark.parametrize("name", WORTHLESS)
def test_who_has_a_worthless_token_sees_and_says_nothing(site: Site, window: Window, name: str) -> None:
    make, sentence = WORTHLESS[name]
    anna = window("anna").open()
    anna.write("iets van anna")
    anna.wait_for("Antwoord op iets van anna")
    known = site.conversations()
    honest, site.sign = site.sign, make
    given = site.tokens_given
    # Another browser, which says that it is hers.
    other = window("anna").open()
    expect(other.notice).to_have_text(sentence)
    other.write("wie ben ik?")
    expect(other.page.locator(f"{CHAT} .waiting .note")).to_have_text("Nog niet verstuurd")
    _until(other, lambda: site.tokens_given >= given + 3)  # it keeps trying, and is kept out
    expect(other.notice).to_have_text(sentence)
    assert other.texts() == ["wie ben ik?"]
    assert site.said_by_people() == ["iets van anna"]
    assert site.conversations() == known
    assert "wie ben ik?" not in anna.texts()
    # With a good token the same window is hers: nothing but the token kept it out.
    site.sign = honest
    other.page.reload()
    other.wait_for("Antwoord op wie ben ik?")
    assert "iets van anna" in other.texts()


# A socket of the page's own, as somebody with the tools of a browser opens it: their own good token, her session id.
GUESS = """async ([server, guess]) => {
  const answer = await fetch("/api/chat-token", { method: "POST", headers: { "X-Requested-With": "bondgenoot" } });
  const { token } = await answer.json();
  const names = ["session_id", "sender", "sender_id", "conversation_id", "room", "sub"];
  const mine = Object.fromEntries(names.map((name) => [name, guess]));
  const asked = [["session_request", mine], ["history", { ...mine, after: 0 }], ["read", { ...mine, cursor: 99 }],
    ["user_uttered", { ...mine, customData: mine, message: "wie ben ik?", id: "client-0001" }], ["history", { ...mine, after: 0 }]];
  window.heard = [];
  window.ask = (event, number) => socket.send(`42${number}${JSON.stringify(event)}`);
  const socket = new WebSocket(`${server}/chat/socket.io/?EIO=4&transport=websocket&session_id=${guess}`);
  socket.onmessage = ({ data }) => {
    if (data === "2") return socket.send("3");
    heard.push(data);
    if (data.startsWith("0")) socket.send(`40${JSON.stringify({ ...mine, token })}`);
    const done = /^43(\\d+)/.exec(data);
    const next = data.startsWith("40") ? 0 : done ? Number(done[1]) + 1 : asked.length;
    if (next < asked.length) ask(asked[next], next);
  };
}"""


def test_a_guessed_session_id_shows_nothing_of_somebody_else(site: Site, window: Window) -> None:
    anna = window("anna").open()
    anna.write("iets van anna")
    anna.wait_for("Antwoord op iets van anna")
    (hers,) = site.conversations()
    bram = window("bram").open()
    bram.wait_for("Wat wil je doen?")
    bram.page.evaluate(GUESS, [f"ws://127.0.0.1:{site.port}", hers])
    _until(bram, lambda: "\n434" in _heard(bram))
    # What she says meanwhile does not reach that socket either: asked once more, it has heard of nothing.
    anna.write("nog iets van anna")
    anna.wait_for("Antwoord op nog iets van anna")
    bram.page.evaluate("ask(['history', { after: 0 }], 9)")
    _until(bram, lambda: "\n439" in _heard(bram))
    told = _heard(bram)
    assert "Antwoord op wie ben ik?" in told
    assert "van anna" not in told
    assert hers not in told
    bram.wait_for("Antwoord op wie ben ik?")  # his own other window: the socket was his
    assert "van anna" not in " ".join(bram.texts())
    assert "wie ben ik?" not in anna.texts()
    assert len(site.conversations()) == 2


def _heard(chat: Chat) -> str:
    return "\n".join(chat.page.evaluate("window.heard"))


def _until(chat: Chat, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        chat.page.wait_for_timeout(50)
