"""Rasa servers with the channels and a scripted agent, on free loopback ports."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from chat_window import ISSUER, SECRET, Window
from rasa.core import channels as rasa_channels
from rasa.core.channels.channel import InputChannel
from rasa.server import create_app
from sanic import Sanic
from scripted import ScriptedAgent, Serve, Visitor

from channels.health import HealthInput
from channels.intranet import IntranetInput
from channels.local_rest import LocalRestInput


@pytest.fixture
def login(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of an organisation with its own login."""
    monkeypatch.setenv("BONDGENOOT_TOKEN_KEY", SECRET)
    monkeypatch.setenv("BONDGENOOT_TOKEN_ALGORITHM", "HS256")
    monkeypatch.setenv("BONDGENOOT_TOKEN_ISSUER", ISSUER)


@pytest.fixture
def agent(database_url: str) -> ScriptedAgent:
    return ScriptedAgent()


@pytest_asyncio.fixture
async def serve(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Serve]:
    """Starts a server for an agent; gives its address. All are stopped afterwards."""
    monkeypatch.setattr(Sanic, "test_mode", True)
    servers = []

    async def start(agent: ScriptedAgent, *inputs: InputChannel) -> str:
        app = create_app(agent=agent, cors_origins=None, auth_token="token")
        rasa_channels.channel.register(list(inputs), app, route="/webhooks/")
        listening = socket.create_server(("127.0.0.1", 0))
        server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()
        await server.after_start()
        servers.append(server)
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield start
    for server in servers:
        await server.before_stop()
        server.close()
        await server.wait_closed()


@pytest_asyncio.fixture
async def url(agent: ScriptedAgent, serve: Serve) -> str:
    """A server as `make start` runs it."""
    return await serve(agent, IntranetInput(), LocalRestInput(), HealthInput())


@pytest_asyncio.fixture
async def visitor(url: str) -> AsyncIterator[Visitor]:
    someone = Visitor(url)
    yield someone
    await someone.session.close()


@pytest_asyncio.fixture
async def other(url: str) -> AsyncIterator[Visitor]:
    someone = Visitor(url)
    yield someone
    await someone.session.close()


@pytest_asyncio.fixture
async def window(login: None, url: str) -> AsyncIterator[Callable[..., Window]]:
    """Makes windows, of the one server unless told otherwise; all are closed afterwards."""
    opened: list[Window] = []

    def make(address: str = url) -> Window:
        opened.append(Window(address))
        return opened[-1]

    yield make
    for each in opened:
        await each.close()
