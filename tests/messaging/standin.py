"""A messaging service on loopback: the API that a connector calls, and the calls that the service makes."""

from __future__ import annotations

import contextlib
import itertools
import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from channels.messaging import MessagingInput

ANNA, BRAM = "U111ANNA", "U222BRAM"


@dataclass(frozen=True)
class Sent:
    """What reached a person. `buttons` is (title, payload)."""

    to: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    image: str | None = None


class StandIn(ABC):
    """One service. Speaks the format of its public documentation, and refuses what that forbids."""

    name = ""
    needs_direct_retry_header = False

    def __init__(self) -> None:
        self.address = ""
        self.sent: list[Sent] = []
        self.calls: list[tuple[str, Any]] = []
        self.problems: list[str] = []
        self.failures = 0
        self.failure = (503, {})
        self.wait: str | None = None
        self.url = ""
        self.ids = itertools.count(1)
        self._session: aiohttp.ClientSession | None = None

    # ---- The service's API

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[StandIn]:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.address = f"http://{host}:{port}"
        self._session = aiohttp.ClientSession()
        yield self
        await self._session.close()
        await runner.cleanup()

    async def _serve(self, request: web.Request) -> web.Response:
        raw = await request.read()
        is_json = request.content_type == "application/json" and raw
        body = json.loads(raw) if is_json else dict(await request.post())
        if self.is_sending(request.path) and self.failures:
            self.failures -= 1
            status, answer = self.failure
            headers = {"Retry-After": self.wait} if self.wait is not None else {}
            return web.json_response(answer, status=status, headers=headers)
        self.calls.append((request.path, body))
        try:
            return web.json_response(self.answer(request, body))
        except AssertionError as problem:
            self.problems.append(str(problem))
            return web.json_response({"error": str(problem)}, status=400)

    def is_sending(self, path: str) -> bool:
        """Whether a call of this path sends something to a person."""
        return True

    @abstractmethod
    def answer(self, request: web.Request, body: Any) -> Any:
        """What the API answers; an AssertionError is a refusal."""

    # ---- The service's calls

    @abstractmethod
    def configure(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The settings that switch the connector on."""

    @abstractmethod
    def connector(self) -> MessagingInput: ...

    @abstractmethod
    def signed(self, body: bytes, headers: dict[str, str]) -> dict[str, str]:
        """The headers that prove who calls."""

    @abstractmethod
    def message(self, text: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        """Body and unsigned headers of a person's message."""

    @abstractmethod
    def press(self, payload: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        """Body and unsigned headers of a pressed button."""

    @abstractmethod
    def in_a_group(self, text: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        """A message in a channel where others are, that calls the bot."""

    async def call(self, body: bytes, headers: dict[str, str]) -> int:
        """Call the connector's webhook with these headers; the status of its answer."""
        assert self._session is not None
        async with self._session.post(self.url, data=body, headers=headers) as answer:
            await answer.read()
            return answer.status

    async def says(self, text: str, user: str = ANNA, number: int = 0) -> list[Sent]:
        """A person writes; what reached somebody meanwhile. `number` again is a retry of the service."""
        return await self._told(*self.message(text, user, number or next(self.ids)))

    async def presses(self, button: tuple[str, str], user: str = ANNA) -> list[Sent]:
        return await self._told(*self.press(button[1], user, next(self.ids)))

    async def _told(self, body: bytes, headers: dict[str, str]) -> list[Sent]:
        before = len(self.sent)
        status = await self.call(body, self.signed(body, headers))
        assert status == 200, status
        return self.sent[before:]

    def buttons(self) -> dict[str, tuple[str, str]]:
        """The buttons of the latest message that has any, by title."""
        latest = next(each for each in reversed(self.sent) if each.buttons)
        return {title: (title, payload) for title, payload in latest.buttons}
