"""Who is connected to this server, until when, and with how many windows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

# A timer is set for at most this long and then looks again.
LONGEST_TIMER = 24 * 3600.0


@dataclass
class Connection:
    """One window of one person. `expires` is Unix time; `email` is what the person's token says, or ''."""

    conversation: str
    expires: float
    email: str = ""
    timer: asyncio.TimerHandle | None = None


class Connections:
    """The windows by their socket id. Ends those whose token ends."""

    def __init__(
        self,
        expire: Callable[[str], Coroutine[Any, Any, None]],
        most_per_person: int = 10,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`expire` is awaited with the socket id of a window whose time is over."""
        self._expire, self._most, self._now = expire, most_per_person, now
        self._by_sid: dict[str, Connection] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def __iter__(self) -> Any:
        return iter(list(self._by_sid))

    def find(self, sid: str) -> Connection | None:
        """The window with this socket id."""
        return self._by_sid.get(sid)

    def admits(self, conversation: str) -> bool:
        """Whether the person may open one more window."""
        return sum(each.conversation == conversation for each in self._by_sid.values()) < self._most

    def add(self, sid: str, conversation: str, expires: float, email: str = "") -> None:
        """Remember a window."""
        self._by_sid[sid] = Connection(conversation, expires, email)
        self._set_timer(sid)

    def renew(self, sid: str, expires: float) -> None:
        """Keep a window open longer."""
        if connection := self._by_sid.get(sid):
            connection.expires = expires
            self._set_timer(sid)

    def remove(self, sid: str) -> None:
        """Forget a window."""
        connection = self._by_sid.pop(sid, None)
        if connection and connection.timer:
            connection.timer.cancel()

    def seconds_left(self, sid: str) -> float:
        """How long the window may stay open."""
        connection = self._by_sid.get(sid)
        return max(connection.expires - self._now(), 0) if connection else 0

    def _set_timer(self, sid: str) -> None:
        connection = self._by_sid[sid]
        if connection.timer:
            connection.timer.cancel()
        delay = min(self.seconds_left(sid), LONGEST_TIMER)
        connection.timer = asyncio.get_running_loop().call_later(delay, self._look, sid)

    def _look(self, sid: str) -> None:
        if sid not in self._by_sid:
            return
        if self.seconds_left(sid) > 0:
            self._set_timer(sid)
            return
        task = asyncio.get_running_loop().create_task(self._expire(sid))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
