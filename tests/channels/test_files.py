"""Files behind signed links: the right one, to whoever has the link, until it ends; otherwise a plain explanation."""

from __future__ import annotations

import asyncio
import datetime
import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import sqlalchemy as sa
from fixed_clock import FixedClock
from icalendar import Calendar
from scripted import ScriptedAgent

from bondgenoot import content as bondgenoot_content
from bondgenoot import files, keys, links, texts
from bondgenoot.clock import Clock
from bondgenoot.links import Link, Links
from bondgenoot.settings import Settings
from bondgenoot.store import commitments, file_links, people, reflections, scans, schema
from bondgenoot.store.schema import Cipher
from channels import files as served_files
from channels.files import FilesInput

SECRET = "spijt betuigen tegenover de nachtploeg"


@pytest.fixture
def cipher(settings: Settings) -> Cipher:
    """The cipher that the channel makes itself."""
    return Cipher(keys.data_key(settings.home))


@pytest_asyncio.fixture
async def base(
    settings: Settings,
    engine: sa.engine.Engine,
    clock: FixedClock,
    serve: Callable[..., Awaitable[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """A server with nothing but the files channel."""
    monkeypatch.setattr(Clock, "from_settings", classmethod(lambda cls, loaded: clock))
    return await serve(ScriptedAgent(), FilesInput())


class Opened:
    """What came back."""

    def __init__(self, answer: aiohttp.ClientResponse, body: bytes) -> None:
        self.status, self.headers, self.body = answer.status, answer.headers, body


async def fetch(address: str, method: str = "GET") -> Opened:
    async with aiohttp.ClientSession() as session, session.request(method, address) as answer:
        return Opened(answer, await answer.read())


@pytest.fixture
def kept(engine: sa.engine.Engine, cipher: Cipher, clock: FixedClock, anna: str, bram: str) -> dict[str, str]:
    """Ids of what Anna keeps."""
    now = clock.now()
    with engine.begin() as connection:
        made = commitments.create(connection, cipher, anna, commitments.Draft(SECRET, clock.today()), now, now)
        commitments.close(connection, made, "done", now)
        scan = scans.add(connection, cipher, anna, {"integrity": 3.5, "intent": 2.0}, now)
        scans.add(connection, cipher, anna, {"integrity": 4.5, "intent": 2.5}, now + datetime.timedelta(days=30))
        reflections.keep(connection, cipher, anna, "dilemma", "eerst luisteren", now)
        theirs = commitments.create(connection, cipher, bram, commitments.Draft("van bram", clock.today()), now, now)
    return {"commitment": made, "scan": scan, "theirs": theirs}


@pytest.fixture
def link(base: str, settings: Settings, clock: FixedClock, engine: sa.engine.Engine, cipher: Cipher) -> Any:
    ours = Links(keys.session_key(settings.home))

    def make(kind: str, item: str = "", person_id: str = "anna", name: str = "", text: str = "") -> str:
        with engine.begin() as connection:
            token = file_links.make(connection, cipher, ours, Link(kind, person_id, item, text), clock.now())
        return base + links.path(token, name or files.name_of(kind))

    return make


async def test_a_calendar_entry_is_downloaded(link: Any, kept: dict[str, str]) -> None:
    answer = await fetch(link("ics", kept["commitment"]))
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="voornemen.ics"'
    (entry,) = Calendar.from_ical(answer.body).walk("VEVENT")
    assert entry["SUMMARY"] == SECRET


async def test_the_export_is_downloaded(link: Any, kept: dict[str, str]) -> None:
    answer = await fetch(link("export"))
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json; charset=utf-8")
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    found = json.loads(answer.body)
    assert found["voornemens"][0]["wat"] == SECRET
    assert len(found["zelfscans"]) == 2
    assert "van bram" not in answer.body.decode()


async def test_charts_are_shown_in_place(link: Any, kept: dict[str, str], clock: FixedClock) -> None:
    later = clock.now() + datetime.timedelta(days=60)
    for item in (f"scan:{kept['scan']}", files.chart_item("record", later), files.chart_item("scans", later)):
        answer = await fetch(link("chart", item))
        assert (answer.status, answer.headers["Content-Type"]) == (200, "image/png"), item
        assert answer.headers["Content-Disposition"] == 'inline; filename="grafiek.png"'
        assert answer.body.startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", ["chart", "ics", "export", "forged"])
async def test_nothing_is_kept_on_the_way_or_taken_for_something_else(
    link: Any, kept: dict[str, str], kind: str
) -> None:
    items = {"chart": f"scan:{kept['scan']}", "ics": kept["commitment"]}
    address = f"{link('export')[:-25]}/x" if kind == "forged" else link(kind, items.get(kind, ""))
    answer = await fetch(address)
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_a_text_that_stands_nowhere_else_is_downloaded(link: Any, anna: str) -> None:
    answer = await fetch(link("apology", text="Het spijt me.\nDat was één keuze van mij."))
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="excuses.txt"'
    assert answer.body.decode() == "Het spijt me.\nDat was één keuze van mij."


async def test_who_asks_only_for_the_head_gets_no_body(link: Any, kept: dict[str, str]) -> None:
    answer = await fetch(link("export"), "HEAD")
    assert (answer.status, answer.body) == (200, b"")


def said(key: str) -> str:
    return texts.say(key)[0]


class TestExplained:
    async def test_a_link_that_is_over(self, link: Any, kept: dict[str, str], clock: FixedClock) -> None:
        address = link("export")
        clock.advance(minutes=16)
        answer = await fetch(address)
        assert answer.status == 410
        assert said("link_expired") in answer.body.decode()
        assert answer.headers["Content-Type"].startswith("text/html")

    @pytest.mark.parametrize(
        "token",
        [
            "x",
            "gAAAA",
            "A" * links.TOKEN_CHARACTERS,
            "..%2f..%2fetc%2fpasswd",
            "%00",
            "é",
            pytest.param("A" * 3000, id="long"),
        ],
    )
    async def test_a_link_that_was_made_up(self, base: str, token: str) -> None:
        answer = await fetch(f"{base}{links.PATH}/{token}/voornemen.ics")
        assert answer.status == 404
        assert said("link_forged") in answer.body.decode()

    async def test_a_link_that_was_cut_off(self, link: Any, kept: dict[str, str]) -> None:
        start, _, name = link("export").rpartition("/")
        assert (await fetch(f"{start[:-9]}/{name}")).status == 404

    async def test_a_file_under_another_name(self, link: Any, kept: dict[str, str]) -> None:
        """So that nobody can hand on a link to a 'page.html' of ours."""
        answer = await fetch(link("export", name="page.html"))
        assert answer.status == 404
        assert SECRET not in answer.body.decode()

    @pytest.mark.parametrize(
        ("kind", "item"),
        [("ics", "0" * 32), ("chart", "scan:0"), ("chart", "record:0"), ("chart", "scans:0"), ("chart", "map:1")],
    )
    async def test_what_is_not_there(self, link: Any, kept: dict[str, str], kind: str, item: str) -> None:
        answer = await fetch(link(kind, item))
        assert answer.status == 404
        assert said("link_gone") in answer.body.decode()

    async def test_what_is_somebody_elses(self, link: Any, kept: dict[str, str]) -> None:
        """A link names its person; an id of somebody else's row opens nothing."""
        assert (await fetch(link("ics", kept["theirs"]))).status == 404
        assert (await fetch(link("chart", f"scan:{kept['scan']}", "bram"))).status == 404

    async def test_what_was_erased(self, link: Any, kept: dict[str, str], engine: sa.engine.Engine) -> None:
        addresses = [link("export"), link("ics", kept["commitment"]), link("chart", f"scan:{kept['scan']}")]
        assert [(await fetch(address)).status for address in addresses] == [200] * 3
        with engine.begin() as connection:
            people.erase(connection, "anna")
        for address in addresses:
            answer = await fetch(address)
            assert answer.status == 404
            assert said("link_gone") in answer.body.decode()

    async def test_a_fault_of_ours_without_a_trace_of_it(
        self, link: Any, kept: dict[str, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def broken(*_: Any) -> None:
            raise RuntimeError(f"cannot draw {SECRET}")

        monkeypatch.setattr(served_files.files, "build", broken)
        answer = await fetch(link("export"))
        assert answer.status == 503
        assert said("link_failed") in answer.body.decode()
        assert "Traceback" not in answer.body.decode()
        assert SECRET not in caplog.text


async def test_others_are_served_while_a_file_is_made(
    link: Any, kept: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on, build = threading.Event(), files.build

    def slow(link_: Link, *rest: Any) -> files.File:
        if link_.kind == "export":
            assert may_go_on.wait(30)
        return build(link_, *rest)

    monkeypatch.setattr(served_files.files, "build", slow)
    waiting = asyncio.create_task(fetch(link("export")))
    await asyncio.sleep(0)
    assert (await fetch(link("ics", kept["commitment"]))).status == 200
    assert not waiting.done()
    may_go_on.set()
    assert (await waiting).status == 200


async def test_a_chart_keeps_saying_what_was_said_beside_it(
    link: Any, kept: dict[str, str], engine: sa.engine.Engine, cipher: Cipher, clock: FixedClock
) -> None:
    address = link("chart", files.chart_item("record", clock.now()))
    first = (await fetch(address)).body
    with engine.begin() as connection:
        now = clock.advance(days=2)
        made = commitments.create(connection, cipher, "anna", commitments.Draft("later", clock.today()), now, now)
        commitments.close(connection, made, "not_done", now)
    assert (await fetch(address)).body == first
    assert (await fetch(link("chart", files.chart_item("record", clock.now())))).body != first


def test_credentials_name_the_channel() -> None:
    assert "channels.files.FilesInput:" in (bondgenoot_content.ROOT / "credentials.yml").read_text(encoding="utf-8")
    assert {table.name for table in schema.metadata.sorted_tables} >= {"reflection"}
