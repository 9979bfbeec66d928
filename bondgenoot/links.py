"""Links to a person's own files: a random key that nobody can guess or read anything in; what it names stands in the
database (bondgenoot.store.file_links), until it ends.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import secrets
from binascii import Error as NotBase64
from dataclasses import dataclass
from urllib.parse import quote

from bondgenoot.errors import LinkForgedError

# How long a link of each kind can be followed. The export is everything at once, so it is short.
LIFETIMES = {
    "chart": datetime.timedelta(days=30),
    "ics": datetime.timedelta(days=30),
    "export": datetime.timedelta(minutes=15),
    "apology": datetime.timedelta(days=1),
}
# Where channels/files.py serves them.
PATH = "/chat/files"
# 128 bits that nobody guesses, and a check that tells a link of ours from a mistyped or made-up one. Together they
# fill whole characters, so that each of them counts.
KEY_BYTES, CHECK_BYTES = 16, 5
TOKEN_CHARACTERS = (KEY_BYTES + CHECK_BYTES) * 4 // 3


@dataclass(frozen=True, slots=True)
class Link:
    """What a link names: a kind of LIFETIMES, whose file it is, and which object of that kind ('' if there is one).

    `text` is what the file holds, where that stands nowhere else.
    """

    kind: str
    person_id: str
    item: str = ""
    text: str = ""


class Links:
    """Makes the tokens of links and knows its own. Whoever has a link can follow it, so it names one file and ends."""

    def __init__(self, session_key: str) -> None:
        """`session_key` signs other things too, hence a key derived for this purpose alone."""
        self._key = hmac.new(session_key.encode(), b"bondgenoot file links", hashlib.sha256).digest()

    def new_token(self) -> str:
        """A token that was never given out; characters A-Z a-z 0-9 - _ only."""
        key = secrets.token_bytes(KEY_BYTES)
        return base64.urlsafe_b64encode(key + self._check(key)).decode()

    def key_of(self, token: str) -> str:
        """What is kept in the place of a token, from which nobody finds the token.

        Raises:
            LinkForgedError: when it was not made with this key, or was changed.
        """
        key = self._opened(token)
        return self._sign(b"kept as", key).hex()

    def _opened(self, token: str) -> bytes:
        """The random part of a token of ours."""
        try:
            raw = base64.b64decode(token, altchars=b"-_", validate=True) if len(token) == TOKEN_CHARACTERS else b""
        except (NotBase64, ValueError) as error:
            raise LinkForgedError("This is no link of ours.") from error
        key, check = raw[:KEY_BYTES], raw[KEY_BYTES:]
        if not hmac.compare_digest(check, self._check(key)):
            raise LinkForgedError("This is no link of ours.")
        return key

    def _check(self, key: bytes) -> bytes:
        return self._sign(b"made here", key)[:CHECK_BYTES]

    def _sign(self, purpose: bytes, key: bytes) -> bytes:
        return hmac.new(self._key, purpose + b":" + key, hashlib.sha256).digest()


def path(token: str, name: str) -> str:
    """Where a file is on this server; `name` is what the browser saves it as."""
    return f"{PATH}/{token}/{quote(name)}"
