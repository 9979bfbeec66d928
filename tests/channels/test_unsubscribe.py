"""The link at the foot of a mail: looking changes nothing, a click or a mail program ends the mails."""

from __future__ import annotations

import datetime
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
import sqlalchemy as sa
from cryptography.fernet import Fernet
from rasa.core import channels as rasa_channels
from rasa.server import create_app
from sanic import Sanic
from scripted import ScriptedAgent

from bondgenoot import keys
from bondgenoot.store import addresses, people, schema
from bondgenoot.store.database import connect, migrate
from channels.unsubscribe import UnsubscribeInput

NOW = datetime.datetime(2026, 11, 23, 10, tzinfo=datetime.timezone.utc)


@pytest.fixture
def signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The signature in a link of a mail to Anna, who agreed."""
    monkeypatch.setenv("BONDGENOOT_HOME", str(tmp_path))
    url = f"sqlite:///{tmp_path / 'bondgenoot.db'}"
    migrate(url)
    engine = connect(url)
    with engine.begin() as connection:
        people.touch(connection, "anna", NOW)
        addresses.offer(connection, schema.Cipher(Fernet.generate_key()), "anna", "anna@example.org", NOW)
        addresses.agree(connection, "anna", NOW)
        address_id = connection.execute(sa.select(schema.address.c.id)).scalar_one()
    engine.dispose()
    return addresses.sign(keys.session_key(tmp_path), address_id)


@pytest_asyncio.fixture
async def page(signed: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    monkeypatch.setattr(Sanic, "test_mode", True)
    app = create_app(agent=ScriptedAgent(), cors_origins=None, auth_token="token")
    rasa_channels.channel.register([UnsubscribeInput()], app, route="/webhooks/")
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.before_start()
    await server.after_start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/unsubscribe"
    server.close()
    await server.wait_closed()


def kept(home: Path) -> int:
    engine = connect(f"sqlite:///{home / 'bondgenoot.db'}")
    with engine.connect() as connection:
        count = int(connection.execute(sa.select(sa.func.count()).select_from(schema.address)).scalar_one())
    engine.dispose()
    return count


async def test_looking_at_the_page_changes_nothing_and_offers_a_button(page: str, signed: str, tmp_path: Path) -> None:
    async with aiohttp.ClientSession() as session, session.get(page, params={"a": signed}) as response:
        text = await response.text()
        assert response.status == 200
        assert '<form method="post">' in text
        assert response.headers["Referrer-Policy"] == "no-referrer"
    assert kept(tmp_path) == 1


async def test_one_click_of_a_mail_program_ends_the_mails_and_a_second_does_no_harm(
    page: str, signed: str, tmp_path: Path
) -> None:
    async with aiohttp.ClientSession() as session:
        for status in (200, 404):
            data = {"List-Unsubscribe": "One-Click"}
            async with session.post(page, params={"a": signed}, data=data) as response:
                assert response.status == status
    assert kept(tmp_path) == 0


@pytest.mark.parametrize("forged", ["", "x", "x.y", "é.ü", "<script>"])
async def test_a_link_that_was_not_signed_here_changes_nothing(page: str, tmp_path: Path, forged: str) -> None:
    async with aiohttp.ClientSession() as session:
        for ask in (session.get, session.post):
            async with ask(page, params={"a": forged}) as response:
                assert response.status == 404
                assert "<script>" not in await response.text()
    assert kept(tmp_path) == 1
