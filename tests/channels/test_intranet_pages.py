"""The widget's script, the demo page, and the worked example of docs/operators.md, over HTTP."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import token_example
from chat_window import Window
from scripted import ScriptedAgent, Serve, Visitor

from bondgenoot.settings import ROOT
from channels import pages
from channels.intranet import IntranetInput

SCRIPT = "customElements.define('bond-genoot', class extends HTMLElement {});"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built widget and a demo page."""
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "index.html").write_text("<!doctype html><title>Intranet</title>")
    (tmp_path / "demo" / "demo.css").write_text("body { margin: 0 }")
    (tmp_path / "demo" / "notes.txt").write_text("not for the world")
    (tmp_path / "bondgenoot.js").write_text(SCRIPT)
    (tmp_path / "secret.js").write_text("not in the folder")
    monkeypatch.setattr(pages, "DEMO", tmp_path / "demo")
    monkeypatch.setattr(pages, "WIDGET", tmp_path / "bondgenoot.js")
    return tmp_path


async def test_the_root_leads_to_the_page(files: Path, visitor: Visitor) -> None:
    answer = await visitor.get("/")
    assert (answer.status, answer.headers["Location"]) == (302, "/chat/")
    page = await visitor.get("/chat/")
    assert (page.status, page.content_type) == (200, "text/html")
    assert "Intranet" in await page.text()
    assert (await visitor.get("/chat")).status == 200
    assert (await visitor.get("/chat/demo.css")).content_type == "text/css"


async def test_other_files_are_not_given(files: Path, visitor: Visitor) -> None:
    for name in (
        "notes.txt",
        "..%2Fsecret.js",
        "%2e%2e/secret.js",
        "..%5Csecret.js",
        "nothing.js",
        ".hidden.js",
        "%00.js",
    ):
        assert (await visitor.get(f"/chat/{name}")).status in (400, 404), name


async def test_every_page_may_load_the_script_and_gets_a_new_one_at_once(files: Path, visitor: Visitor) -> None:
    answer = await visitor.get("/chat/bondgenoot.js")
    assert (answer.status, answer.content_type, await answer.text()) == (200, "text/javascript", SCRIPT)
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"] == "no-cache"
    known = {"If-None-Match": answer.headers["ETag"]}
    assert (await visitor.get("/chat/bondgenoot.js", headers=known)).status == 304
    (files / "bondgenoot.js").write_text("new")
    assert (await visitor.get("/chat/bondgenoot.js", headers=known)).status == 200


async def test_a_widget_that_is_not_built_says_what_to_do(files: Path, visitor: Visitor) -> None:
    (files / "bondgenoot.js").unlink()
    answer = await visitor.get("/chat/bondgenoot.js")
    assert (answer.status, "make start" in await answer.text()) == (503, True)


@pytest.mark.parametrize("path", ["/chat/", "/chat/bondgenoot.js", "/chat/none", "/chat/a/b/c", "/chat/demo-token"])
async def test_everything_carries_security_headers(files: Path, visitor: Visitor, path: str) -> None:
    headers = (await visitor.get(path)).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "require-trusted-types-for 'script'" in policy
    assert policy.endswith("frame-ancestors 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


async def test_pages_on_the_list_may_frame_it(
    files: Path, agent: ScriptedAgent, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BONDGENOOT_ORIGINS", "https://intranet.example https://elk.example")
    someone = Visitor(await serve(agent, IntranetInput()))
    policy = (await someone.get("/chat/")).headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors https://intranet.example https://elk.example")
    await someone.session.close()


async def test_a_rebound_name_sees_no_page(files: Path, visitor: Visitor) -> None:
    assert (await visitor.get("/chat/", headers={"Host": "elders.example:5005"})).status == 403


async def test_another_site_gets_no_permission_to_ask(visitor: Visitor) -> None:
    asked = {"Origin": "https://elders.example", "Access-Control-Request-Method": "POST"}
    preflight = await visitor.session.options(f"{visitor.url}/chat/demo-token", headers=asked)
    assert preflight.headers.get("Access-Control-Allow-Origin") in (None, "")


async def test_the_health_of_the_server(visitor: Visitor, agent: ScriptedAgent) -> None:
    assert (await visitor.get("/health")).status == 200
    agent.is_loaded = False
    assert (await visitor.get("/health")).status == 503


# ---- The worked example


async def _ask(url: str, method: str = "POST", **headers: str) -> Any:
    async with aiohttp.ClientSession() as session, session.request(method, url, headers=headers) as answer:
        return answer.status, await answer.json() if answer.status == 200 else None


async def test_the_token_endpoint_of_the_docs_lets_people_in(
    agent: ScriptedAgent, serve: Serve, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private, public = token_example.make_keys(tmp_path)
    monkeypatch.setenv("BONDGENOOT_TOKEN_KEY_FILE", str(public))
    monkeypatch.setenv("BONDGENOOT_TOKEN_ISSUER", token_example.ISSUER)
    url = await serve(agent, IntranetInput())
    widget = {"X-Requested-With": "bondgenoot"}
    an = {"X-Forwarded-User": "an.peeters"}
    with token_example.token_endpoint(private) as example:
        address = f"{example}/api/chat-token"
        assert await _ask(address, **widget) == (401, None)
        assert await _ask(address, **an) == (403, None)
        assert await _ask(f"{example}/elders", **an, **widget) == (404, None)
        for method in ("GET", "OPTIONS"):
            assert await _ask(address, method, **an, **widget) == (501, None), method
        status, body = await _ask(address, **an, **widget)
        chats = [await Window(url).begin(body["token"])]
        _, other = await _ask(address, **{"X-Forwarded-User": "bram"}, **widget)
        chats.append(await Window(url).begin(other["token"]))
    assert status == 200
    assert (await chats[0].write("hallo"))["ok"]
    assert (await chats[1].history())["cursor"] == 1
    for chat in chats:
        await chat.close()


def test_the_example_is_short_and_the_guide_shows_its_settings() -> None:
    example = token_example.FILE.read_text(encoding="utf-8")
    guide = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    assert len(example.splitlines()) <= 45
    for name in (*re.findall(r'environ\["(\w+)"\]', example), "BONDGENOOT_TOKEN_KEY_FILE", "BONDGENOOT_TOKEN_ISSUER"):
        assert name in guide, name
    assert "docs/examples/token_endpoint.py" in guide or "examples/token_endpoint.py" in guide
