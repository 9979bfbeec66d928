"""The workshop page lets trainers in and nobody else, and does what only its own forms ask."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import sqlalchemy as sa
from chat_window import token_for
from fixed_clock import FixedClock
from scripted import ScriptedAgent, Serve

from bondgenoot import keys
from bondgenoot.errors import SettingsError
from bondgenoot.settings import ROOT, Settings
from bondgenoot.store import people, shared_sentences
from bondgenoot.store.schema import Cipher
from channels import workshop_access
from channels.health import HealthInput
from channels.intranet import IntranetInput
from channels.workshop import WorkshopInput

PAGES = (
    "",
    "/",
    "/dilemma/alone_at_the_table",
    "/practice/call_when_ill",
    "/item/1",
    "/coverage",
    "/confusion",
    "/inbox",
)
TRAINER = {"roles": ["trainer"]}


@pytest.fixture
def switched_on(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BONDGENOOT_WORKSHOP", "on")


class Visit:
    """Somebody's browser, as far as a server sees it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self.session.get(f"{self.url}/workshop{path}", headers=headers) as answer:
            self.headers = answer.headers
            return answer.status, await answer.text()

    async def post(self, path: str, fields: dict[str, str], **headers: str) -> tuple[int, str]:
        named = {"Origin": self.url, **{name.replace("_", "-"): value for name, value in headers.items()}}
        sent = {name: value for name, value in named.items() if value}
        async with self.session.post(f"{self.url}/workshop{path}", data=fields, headers=sent) as answer:
            self.headers = answer.headers
            return answer.status, await answer.text()

    async def sign_in(self, **claims: Any) -> tuple[int, str]:
        return await self.post("/sign-in", {"token": token_for("trees", **{**TRAINER, **claims})})

    async def form_key(self) -> str:
        _, body = await self.get("/")
        found = re.search(r'name="key" value="([0-9a-f]+)"', body)
        assert found
        return found[1]


@pytest_asyncio.fixture
async def visit(serve: Serve, switched_on: None, login: None, tmp_path: Path) -> AsyncIterator[Visit]:
    """The page of an organisation with its own login; it would write into an empty folder."""
    made = Visit(await serve(ScriptedAgent(), IntranetInput(), HealthInput(), WorkshopInput()))
    yield made
    await made.session.close()


@pytest_asyncio.fixture
async def demo(serve: Serve, switched_on: None) -> AsyncIterator[Visit]:
    made = Visit(await serve(ScriptedAgent(), IntranetInput(), WorkshopInput()))
    yield made
    await made.session.close()


@pytest.fixture
def sentence(engine: sa.engine.Engine, settings: Settings, clock: FixedClock) -> str:
    """The id of one of ten people's sentences."""
    with engine.begin() as connection:
        cipher = Cipher(keys.data_key(settings.home))
        for number in range(10):
            people.touch(connection, f"p{number}", clock.now())
            shared_sentences.agree(connection, f"p{number}", clock.now())
            shared_sentences.keep(connection, cipher, f"p{number}", f"soep nummer {number}", "", clock.now())
        return shared_sentences.shown(connection, cipher)[0].id


def left(engine: sa.engine.Engine, settings: Settings) -> int:
    with engine.begin() as connection:
        return len(shared_sentences.shown(connection, Cipher(keys.data_key(settings.home))))


async def test_without_the_setting_there_is_nothing(serve: Serve, database_url: str) -> None:
    with pytest.raises(SettingsError, match="BONDGENOOT_WORKSHOP=on"):
        WorkshopInput()
    visit = Visit(await serve(ScriptedAgent(), IntranetInput(), HealthInput()))
    for path in (*PAGES, "/page.css"):
        assert (await visit.get(path))[0] == 404
    await visit.session.close()


class TestComingIn:
    @pytest.mark.parametrize("path", PAGES)
    async def test_who_is_not_signed_in_sees_only_how_to(self, visit: Visit, path: str, sentence: str) -> None:
        status, body = await visit.get(path)
        assert status == 401
        assert "Aanmelden" in body
        assert "Acht tegen" not in body and "soep" not in body

    async def test_a_trainers_token_opens_every_page_and_the_cookie_is_closed_to_scripts_and_other_sites(
        self, visit: Visit
    ) -> None:
        status, body = await visit.sign_in()
        assert status == 200
        cookie = visit.headers["Set-Cookie"].lower()
        assert "httponly" in cookie and "samesite=strict" in cookie and "path=/workshop" in cookie
        # A redirect after a form of the intranet would come without the cookie.
        assert 'http-equiv="refresh"' in body
        for path in PAGES:
            assert (await visit.get(path))[0] == 200

    async def test_the_cookie_is_for_https_alone_where_the_page_is_on_https(
        self, serve: Serve, switched_on: None, login: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("BONDGENOOT_PUBLIC_URL", "https://bondgenoot.example.org")
        visit = Visit(await serve(ScriptedAgent(), WorkshopInput()))
        await visit.post("/sign-in", {"token": token_for(**TRAINER)}, Origin="https://bondgenoot.example.org")
        assert "secure" in visit.headers["Set-Cookie"].lower()
        await visit.session.close()

    async def test_a_bearer_token_opens_it_without_a_cookie(self, visit: Visit) -> None:
        assert (await visit.get("/", Authorization=f"Bearer {token_for(**TRAINER)}"))[0] == 200
        assert (await visit.get("/", Authorization=f"Bearer {token_for()}"))[0] == 403
        assert (await visit.get("/"))[0] == 401

    @pytest.mark.parametrize(
        ("claims", "status"),
        [
            ({"roles": None}, 403),
            ({"roles": ["deelnemer"]}, 403),
            ({"roles": "trainers"}, 403),
            ({"exp": 1}, 401),
            ({"aud": "iets anders"}, 401),
            ({"iss": "https://elders.example"}, 401),
        ],
    )
    async def test_another_token_opens_nothing(self, visit: Visit, claims: dict[str, Any], status: int) -> None:
        assert (await visit.sign_in(**claims))[0] == status
        assert "Set-Cookie" not in visit.headers
        assert (await visit.get("/"))[0] == 401

    async def test_a_token_signed_by_somebody_else_opens_nothing(self, visit: Visit) -> None:
        forged = token_for(key="een-ander-geheim-van-minstens-32-tekens", **TRAINER)
        assert (await visit.post("/sign-in", {"token": forged}))[0] == 401

    async def test_a_forged_or_old_cookie_opens_nothing(self, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
        await visit.sign_in()
        (cookie,) = visit.session.cookie_jar
        data, _, signature = cookie.value.rpartition(".")
        for value in (f"{data}.{'0' * len(signature)}", f"{data[:-4]}AAAA.{signature}", "x", ".", f"é.{signature}"):
            async with aiohttp.ClientSession() as bare:
                sent = {"Cookie": f"bondgenoot_trainer={value}"}
                async with bare.get(f"{visit.url}/workshop/", headers=sent) as answer:
                    assert answer.status == 401, value
        now = workshop_access.time.time()
        monkeypatch.setattr(workshop_access.time, "time", lambda: now + workshop_access.SECONDS + 1)
        assert (await visit.get("/"))[0] == 401

    async def test_the_demo_trainer_does_not_exist_where_people_sign_in(self, visit: Visit) -> None:
        assert (await visit.post("/demo", {}))[0] == 404
        assert "demo-trainer" not in (await visit.get("/"))[1]

    async def test_a_sign_in_from_a_page_elsewhere_is_refused_and_from_the_intranet_welcome(
        self, serve: Serve, switched_on: None, login: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("BONDGENOOT_ORIGINS", "https://intranet.example")
        visit = Visit(await serve(ScriptedAgent(), WorkshopInput()))
        fields = {"token": token_for(**TRAINER)}
        assert (await visit.post("/sign-in", fields, Origin="https://elders.example"))[0] == 403
        assert (await visit.post("/sign-in", fields, Origin="null"))[0] == 403
        assert (await visit.post("/sign-in", fields, Origin="https://intranet.example"))[0] == 200
        await visit.session.close()


class TestTheDemo:
    async def test_one_click_on_the_own_page_lets_in(self, demo: Visit) -> None:
        assert (await demo.get("/"))[0] == 401
        assert (await demo.post("/demo", {}))[0] == 200
        assert (await demo.get("/"))[0] == 200

    async def test_not_under_another_name_and_not_from_another_page(self, demo: Visit) -> None:
        assert (await demo.post("/demo", {}, Origin="https://elders.example"))[0] == 403
        assert (await demo.post("/demo", {}, Origin="", Sec_Fetch_Site="cross-site"))[0] == 403
        assert (await demo.post("/demo", {}, Host="elders.example", Origin="http://elders.example"))[0] == 403
        assert (await demo.get("/", Host="elders.example"))[0] == 403

    async def test_the_chats_own_token_and_cookie_open_nothing(self, demo: Visit) -> None:
        async with demo.session.post(
            f"{demo.url}/chat/demo-token", headers={"X-Requested-With": "bondgenoot"}
        ) as answer:
            token = (await answer.json())["token"]
        assert (await demo.get("/", Authorization=f"Bearer {token}"))[0] == 401
        assert (await demo.post("/sign-in", {"token": token}))[0] == 404
        assert (await demo.get("/inbox"))[0] == 401


class TestWriting:
    async def test_only_the_own_form_drops_a_sentence(
        self, visit: Visit, sentence: str, engine: sa.engine.Engine, settings: Settings
    ) -> None:
        await visit.sign_in()
        key = await visit.form_key()
        fields = {"id": sentence, "do": "drop"}
        assert (await visit.post("/inbox", fields))[0] == 403
        assert (await visit.post("/inbox", {**fields, "key": "0" * 64}))[0] == 403
        assert (await visit.post("/inbox", {**fields, "key": key}, Origin="https://elders.example"))[0] == 403
        assert (await visit.post("/inbox", {**fields, "key": key}, Origin="null"))[0] == 403
        assert left(engine, settings) == 10
        status, body = await visit.post("/inbox", {**fields, "key": key})
        assert (status, "weggegooid" in body) == (200, True)
        assert left(engine, settings) == 0  # of nine people nothing is shown

    async def test_a_form_of_another_trainer_is_not_ones_own(self, visit: Visit, sentence: str) -> None:
        await visit.sign_in()
        other = Visit(visit.url)
        await other.sign_in()
        fields = {"id": sentence, "do": "drop", "key": await other.form_key()}
        assert (await visit.post("/inbox", fields))[0] == 403
        await other.session.close()

    async def test_without_signing_in_nothing_is_written(self, visit: Visit, sentence: str) -> None:
        assert (await visit.post("/inbox", {"id": sentence, "do": "drop"}))[0] == 401

    async def test_a_sentence_that_may_not_be_shown_can_not_be_filed(
        self, visit: Visit, sentence: str, engine: sa.engine.Engine
    ) -> None:
        await visit.sign_in()
        key = await visit.form_key()
        with engine.begin() as connection:
            shared_sentences.withdraw(connection, "p1")
        before = [path.read_bytes() for path in sorted((ROOT / "data" / "nlu").glob("*.yml"))]
        fields = {"id": sentence, "do": "file", "sentence": "soep", "intent": "greet", "key": key}
        assert "niet meer" in (await visit.post("/inbox", fields))[1]
        assert [path.read_bytes() for path in sorted((ROOT / "data" / "nlu").glob("*.yml"))] == before

    async def test_what_is_too_large_is_refused(self, visit: Visit) -> None:
        await visit.sign_in()
        assert (await visit.post("/inbox", {"sentence": "x" * 20_000}))[0] == 413


class TestEveryAnswer:
    @pytest.mark.parametrize("path", ["/", "/inbox", "/nowhere", "/dilemma/none", "/item/80", "/item/x", "/page.css"])
    async def test_has_the_headers_that_keep_others_out(self, visit: Visit, path: str) -> None:
        await visit.sign_in()
        status, body = await visit.get(path)
        assert status == (404 if path not in ("/", "/inbox", "/page.css") else 200)
        policy = visit.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "script-src" not in policy
        assert visit.headers["Cache-Control"] == "no-store"
        assert visit.headers["X-Content-Type-Options"] == "nosniff"
        assert "<script" not in body and "style=" not in body and "onclick" not in body

    async def test_what_somebody_wrote_is_text_and_no_markup(
        self, visit: Visit, engine: sa.engine.Engine, settings: Settings, clock: FixedClock, sentence: str
    ) -> None:
        with engine.begin() as connection:
            cipher = Cipher(keys.data_key(settings.home))
            text = '"><script>alert(1)</script>'
            shared_sentences.keep(connection, cipher, "p0", text, "", clock.now())
        await visit.sign_in()
        _, body = await visit.get("/inbox")
        assert "<script" not in body
        assert "&quot;&gt;&lt;script&gt;" in body
