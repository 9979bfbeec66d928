"""Who sent a request: the proofs that each messaging service gives, checked in constant time.

Each function answers whether the proof holds. None raises for what a caller can send.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

# Slack's own advice; also how far the clocks of two machines may differ.
SECONDS_OF_GRACE = 300


def same(given: str | None, expected: str) -> bool:
    """Whether a secret is the right one. Bytes, because comparing str refuses what is not ASCII."""
    return bool(given) and hmac.compare_digest(str(given).encode("utf-8", "replace"), expected.encode())


def slack(secret: str, timestamp: str | None, signature: str | None, body: bytes, now: float) -> bool:
    """X-Slack-Signature over version, X-Slack-Request-Timestamp and body; not older than the grace."""
    if not timestamp or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(now - int(timestamp)) > SECONDS_OF_GRACE:
        return False
    message = b"v0:" + timestamp.encode() + b":" + body
    return same(signature, "v0=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest())


def sha256_of_body(secret: str, signature: str | None, body: bytes) -> bool:
    """'sha256=' and the hex HMAC of the body: Messenger's X-Hub-Signature-256 and our own callback channel."""
    return same(signature, "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest())


def sha1_of_body(secret: str, signature: str | None, body: bytes) -> bool:
    """The hex HMAC-SHA1 of the body: Webex's X-Spark-Signature."""
    return same(signature, hmac.new(secret.encode(), body, hashlib.sha1).hexdigest())


def twilio(token: str, signature: str | None, url: str, parameters: Iterable[tuple[str, str]]) -> bool:
    """X-Twilio-Signature: HMAC-SHA1, in base64, of the address followed by the sorted parameters."""
    text = url + "".join(name + value for name, value in sorted(parameters))
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return same(signature, base64.b64encode(digest).decode())


def of_parts(secret: str, *parts: str) -> str:
    """Our own hex HMAC-SHA256 of several texts, of which none can flow into the next."""
    return hmac.new(secret.encode(), json.dumps(parts).encode(), hashlib.sha256).hexdigest()


class Seen:
    """Remembers proofs for as long as they would be accepted, so that each is good once on this server.

    Across servers and restarts it is the id of the message in the conversation that makes a second time harmless.
    """

    def __init__(self, seconds: float = 2 * SECONDS_OF_GRACE, now: Callable[[], float] = time.time) -> None:
        """`seconds` is how long a proof is remembered."""
        self._seconds, self._now = seconds, now
        self._proofs: OrderedDict[str, float] = OrderedDict()

    def is_new(self, proof: str) -> bool:
        """Whether this is the first time; from now on it is not."""
        now = self._now()
        while self._proofs and next(iter(self._proofs.values())) <= now - self._seconds:
            self._proofs.popitem(last=False)
        if proof in self._proofs:
            return False
        self._proofs[proof] = now
        return True
