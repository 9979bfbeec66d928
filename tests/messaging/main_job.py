"""The main job over one service, with the trained model, the real actions and the real dispatcher."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from everyone import Chat
from fixed_clock import FixedClock
from in_process import Trained
from standin import StandIn

import actions.common
from bondgenoot import settings, texts
from bondgenoot.dispatcher import Dispatcher
from bondgenoot.store import schema
from bondgenoot.store.database import connect
from components.tracker_store import BondgenootTrackerStore

DAY_AFTER = datetime.datetime(2026, 12, 4, 10, 0, tzinfo=datetime.timezone.utc)


@contextmanager
def here(trained: Trained) -> Iterator[None]:
    """The agent on the database of this test."""
    actions.common.services.cache_clear()
    store = BondgenootTrackerStore(trained.agent.domain)
    trained.agent.tracker_store = store
    trained.agent.processor.tracker_store = store  # type: ignore[union-attr]
    trained.endpoint.problems.clear()
    yield
    actions.common.services().engine.dispose()
    actions.common.services.cache_clear()
    assert trained.endpoint.problems == []


async def main_job(
    kind: type[StandIn], trained: Trained, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, start_server: object
) -> None:
    """From a first hello to a kept promise; on the way a pressed button, a typed number and a retry."""
    monkeypatch.setenv("BONDGENOOT_PUBLIC_URL", "https://bondgenoot.example")
    async with kind().running() as service:
        service.configure(monkeypatch)
        connector = service.connector()
        # The trained model on a busy machine can take longer than Slack waits.
        connector.patience = 120
        server, base = await start_server(trained.agent, [connector])  # type: ignore[operator]
        service.url = f"{base}/webhooks/{service.name}/webhook"
        try:
            await _to_the_commitment(service)
            await _follow_up(Chat(service, connector, trained.agent, base), clock)
        finally:
            await server.before_stop()
            server.close()
            await server.wait_closed()
        assert service.problems == []


async def _to_the_commitment(service: StandIn) -> None:
    async def say(text: str) -> str:
        return "\n".join(each.text for each in await service.says(text))

    hello = await say("goeiemorgen")
    assert "meelezen" in hello and hello.count("computerprogramma") == 1
    assert "Wat zou jij doen?" in await say("heb je een dilemma over integriteit voor mij")
    first = next(iter(service.buttons().values()))
    told = "\n".join(each.text for each in await service.presses(first))
    assert "Wat maakt dat je dat kiest?" in told
    told = await say("omdat ik vind dat je moet doen wat je zegt, ook als het slecht uitkomt")
    assert "stoelwissel" in told.lower()
    assert "eigen stoel" in await say("ik zou me wel serieus genomen voelen maar ook teleurgesteld zijn")
    assert "oefening" in await say("eerlijkheid, en dat mensen op mij kunnen rekenen")
    assert "Past deze oefening bij je?" in await say("ja graag")
    assert "Welke ene actie" in await say("deze neem ik")
    told = await service.says("ik vertel mijn team eerlijk dat de planning niet klopt", number=500)  # type: ignore[assignment]
    assert "Wanneer" in told[0].text  # type: ignore[attr-defined, index]
    assert await service.says("ik vertel mijn team eerlijk dat de planning niet klopt", number=500) == []
    assert "tegenhouden" in await say("3/12")
    assert "druk" in await say("dat het te druk is")
    assert "0 tot 10" in await say("dan begin ik het overleg ermee")
    assert "ik vertel mijn team eerlijk dat de planning niet klopt" in await say("8")
    # A typed number for a button.
    assert "Bewaard" in await say("de eerste")
    assert not [each for each in service.sent if each.text in texts.say("error")]


async def _follow_up(chat: Chat, clock: FixedClock) -> None:
    clock.moment = DAY_AFTER
    parts = urlsplit(chat.base)
    loaded = dataclasses.replace(settings.load(), host=parts.hostname, port=parts.port)
    engine = connect(loaded.database_url)
    dispatcher = Dispatcher(loaded, clock, engine, "token")  # type: ignore[arg-type]
    before = len(chat.service.sent)
    loop = asyncio.get_running_loop()
    assert await loop.run_in_executor(None, dispatcher.run_once) == 1
    await chat.settled()
    assert await loop.run_in_executor(None, dispatcher.run_once) == 0
    await chat.settled()
    engine.dispose()
    told = "\n".join(each.text for each in chat.service.sent[before:])
    assert told.count("Hoe is het gegaan?") == 1
    partly = next(button for title, button in chat.service.buttons().items() if "eel" in title)
    told = "\n".join(each.text for each in await chat.service.presses(partly))
    assert "Wat lukte wel" in told
    assert [row.state for row in chat.rows(schema.commitment)] == ["open"]
