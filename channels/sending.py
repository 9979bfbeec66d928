"""Calls to the APIs of messaging services: what goes wrong with them, and whether trying again makes sense."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp

SECONDS_TO_ANSWER = 10
# A service that asks for more patience than this is tried again later, from the database.
LONGEST_WAIT = 20.0


class SendError(Exception):
    """A message did not arrive. Its text holds a status or a code of the service, never what was said.

    `wait` is how many seconds the service asks for; `is_final` that it will not be taken before the person writes.
    """

    def __init__(self, reason: str, *, wait: float | None = None, is_final: bool = False) -> None:
        super().__init__(reason)
        self.wait, self.is_final = wait, is_final


class Api:
    """One service's API over HTTP."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def post(
        self,
        address: str,
        *,
        json: Any = None,
        form: Mapping[str, Any] | None = None,
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        final: tuple[int, ...] = (403, 404),
    ) -> Any:
        """What the service answers, parsed as JSON; {} when it answers something else.

        Raises:
            SendError: no answer, or a status of 400 and up; final when the status is one of `final`.
        """
        data = body.encode() if body is not None else form
        return await self._call("POST", address, headers, final, json=json, data=data, auth=auth and _basic(auth))

    async def get(self, address: str, headers: Mapping[str, str] | None = None) -> Any:
        """What the service answers, parsed as JSON.

        Raises:
            SendError: as for `post`.
        """
        return await self._call("GET", address, headers, ())

    async def _call(
        self, method: str, address: str, headers: Mapping[str, str] | None, final: tuple[int, ...], **more: Any
    ) -> Any:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS_TO_ANSWER))
        try:
            async with self._session.request(method, address, headers=dict(headers or {}), **more) as answer:
                status, wait = answer.status, answer.headers.get("Retry-After")
                try:
                    body = await answer.json(content_type=None)
                except ValueError:
                    body = {}
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise SendError(type(error).__name__) from None
        if status >= 400:
            raise SendError(f"status {status}", wait=seconds(wait), is_final=status in final)
        return {} if body is None else body

    async def close(self) -> None:
        """End its connections."""
        if self._session is not None:
            await self._session.close()


def seconds(text: Any) -> float | None:
    """A Retry-After in seconds."""
    try:
        return max(float(text), 0.0)
    except (TypeError, ValueError):
        return None


def _basic(auth: tuple[str, str]) -> aiohttp.BasicAuth:
    return aiohttp.BasicAuth(*auth)
