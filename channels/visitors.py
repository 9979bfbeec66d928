"""Who tries it out on this machine: an anonymous visitor, known by a signed cookie. And how often anybody may write."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable

COOKIE = "bondgenoot_visitor"
COOKIE_SECONDS = 365 * 24 * 3600


class Visitors:
    """Makes and verifies visitor ids. Nothing is stored: the signature is the proof."""

    def __init__(self, key: str) -> None:
        """`key` signs; with another key everybody is a new visitor."""
        self._key = key.encode()

    def new(self) -> str:
        """A visitor who was not here before."""
        return secrets.token_urlsafe(24)

    def cookie(self, visitor: str) -> str:
        """The cookie value that proves who this is."""
        return f"{visitor}.{self._sign('cookie', visitor)}"

    def recognise(self, cookie: str | None) -> str | None:
        """The visitor of a cookie that was signed here, else None."""
        visitor, _, signature = (cookie or "").rpartition(".")
        expected = self._sign("cookie", visitor)
        # Bytes: comparing str refuses non-ASCII, and a forger chooses what is compared.
        if visitor and hmac.compare_digest(signature.encode("utf-8", "replace"), expected.encode()):
            return visitor
        return None

    def _sign(self, purpose: str, visitor: str) -> str:
        message = f"{purpose}:{visitor}".encode("utf-8", "replace")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()


class RateLimit:
    """At most so many messages in a sliding window, for each visitor; in this process's memory."""

    def __init__(
        self,
        limit: int = 30,
        seconds: float = 60,
        visitors: int = 1000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep account of the latest `visitors` visitors."""
        self._limit, self._seconds, self._visitors, self._clock = limit, seconds, visitors, clock
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def allows(self, visitor: str) -> bool:
        """Whether the visitor may write now; if so, it counts."""
        return self.wait(visitor) == 0

    def wait(self, visitor: str) -> float:
        """Seconds until the visitor may write; 0 when they may now, and then it counts."""
        now = self._clock()
        times = self._times.setdefault(visitor, deque())
        self._times.move_to_end(visitor)
        while len(self._times) > self._visitors:
            self._times.popitem(last=False)
        while times and times[0] <= now - self._seconds:
            times.popleft()
        if len(times) >= self._limit:
            return max(times[0] + self._seconds - now, 0.001)
        times.append(now)
        return 0
