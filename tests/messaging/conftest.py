"""A Rasa server with one messaging channel, a stand-in of its service, and a scripted agent."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from fixed_clock import FixedClock
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel
from sanic import Sanic

HERE = Path(__file__).resolve().parent
for folder in ("channels", "stories"):
    if str(HERE.parent / folder) not in sys.path:
        sys.path.append(str(HERE.parent / folder))

pytest.register_assert_rewrite(
    "standin", "more_standins", "mattermost_standin", "slack_standin", "teams_standin", "telegram_standin"
)

from everyone import STAND_INS, Chat  # noqa: E402
from in_process import ActionsInProcess, Trained, is_a_valid_answer  # noqa: E402
from scripted import ScriptedAgent  # noqa: E402
from serving import start_server  # noqa: E402
from standin import StandIn  # noqa: E402

import channels.deliveries  # noqa: E402
import channels.mattermost_events  # noqa: E402
from bondgenoot.clock import Clock  # noqa: E402
from bondgenoot.training import model_path  # noqa: E402

Serve = Callable[..., Awaitable[str]]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FixedClock:
    """The clock of the server; the proofs of services go by the real time."""
    fixed = FixedClock()
    monkeypatch.setattr(Clock, "from_settings", classmethod(lambda cls, loaded: fixed))
    return fixed


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses between tries."""
    monkeypatch.setattr(channels.deliveries, "PAUSES", (0.0, 0.0))
    monkeypatch.setattr(channels.mattermost_events, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(channels.mattermost_events, "LOOK_SECONDS", 0.02)


@pytest_asyncio.fixture
async def serve(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Serve]:
    monkeypatch.setattr(Sanic, "test_mode", True)
    servers = []

    async def start(agent: object, *inputs: InputChannel) -> str:
        server, url = await start_server(agent, list(inputs))
        servers.append(server)
        return url

    yield start
    for server in servers:
        await server.before_stop()
        server.close()
        await server.wait_closed()


@pytest_asyncio.fixture(params=STAND_INS, ids=lambda kind: kind.__name__.lower())
async def service(request: pytest.FixtureRequest, database_url: str, clock: FixedClock) -> AsyncIterator[StandIn]:
    """Each service in turn, running, with its connector switched on."""
    monkeypatch = request.getfixturevalue("monkeypatch")
    monkeypatch.setenv("BONDGENOOT_PUBLIC_URL", "https://bondgenoot.example")
    async with request.param().running() as standin:
        standin.configure(monkeypatch)
        yield standin
        assert standin.problems == []


@pytest.fixture
def agent(database_url: str) -> ScriptedAgent:
    return ScriptedAgent()


@pytest_asyncio.fixture
async def chat(service: StandIn, agent: ScriptedAgent, serve: Serve, at_once: None) -> Chat:
    """The service, and the server that it talks to."""
    connector = service.connector()
    connector.patience = 60
    base = await serve(agent, connector)
    service.url = f"{base}/webhooks/{service.name}/webhook"
    return Chat(service, connector, agent, base)


@pytest.fixture(scope="session")
def trained(request: pytest.FixtureRequest) -> Iterator[Trained]:
    """The trained model, loaded once; `BONDGENOOT_STORIES_MODEL` names another one."""
    path = Path(os.environ.get("BONDGENOOT_STORIES_MODEL") or model_path())
    if not path.exists():
        pytest.fail(f"There is no model of the present sources ({path.name}): run make train first", pytrace=False)
    Sanic.test_mode = True
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    endpoint = ActionsInProcess()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RemoteAction, "_validate_action_result", is_a_valid_answer)
        yield Trained(Agent.load(path, action_endpoint=endpoint), endpoint, loop)
    loop.close()
