"""A Rasa server with the local channels and a scripted agent, on a free loopback port."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from rasa.core import channels as rasa_channels
from rasa.server import create_app
from sanic import Sanic
from scripted import ScriptedAgent, Visitor

from channels.chat_page import ChatPageInput
from channels.health import HealthInput
from channels.local_rest import LocalRestInput


@pytest.fixture
def agent() -> ScriptedAgent:
    return ScriptedAgent()


@pytest_asyncio.fixture
async def url(agent: ScriptedAgent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    monkeypatch.setenv("BONDGENOOT_HOME", str(tmp_path))
    monkeypatch.delenv("BONDGENOOT_HOST", raising=False)
    monkeypatch.setattr(Sanic, "test_mode", True)
    app = create_app(agent=agent, cors_origins=None, auth_token="token")
    inputs = [ChatPageInput.from_credentials(None), LocalRestInput.from_credentials(None), HealthInput()]
    rasa_channels.channel.register(inputs, app, route="/webhooks/")
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.before_start()
    await server.after_start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.close()
    await server.wait_closed()


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
