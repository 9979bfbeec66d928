"""Links to a person's own files: sealed, so that nobody can read or change what they name; they end by themselves."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
from dataclasses import dataclass
from urllib.parse import quote

from cryptography.fernet import Fernet, InvalidToken

from bondgenoot.errors import LinkExpiredError, LinkForgedError

# How long a link of each kind can be followed. The export is everything at once, so it is short.
LIFETIMES = {
    "chart": datetime.timedelta(days=30),
    "ics": datetime.timedelta(days=30),
    "export": datetime.timedelta(minutes=15),
}
# Where channels/files.py serves them.
PATH = "/chat/files"
LONGEST_TOKEN = 1000


@dataclass(frozen=True, slots=True)
class Link:
    """What a link names: a kind of LIFETIMES, whose file it is, and which object of that kind ('' if there is one)."""

    kind: str
    person_id: str
    item: str = ""


class Links:
    """Makes and opens links. Whoever has a link can follow it, so it names one file and ends.

    The token is a Fernet token: encrypted, because the id of a conversation can be a name on some channels, and
    signed with HMAC-SHA256, which is compared in constant time.
    """

    def __init__(self, session_key: str) -> None:
        """`session_key` signs other things too, hence a key derived for this purpose alone."""
        derived = hmac.new(session_key.encode(), b"bondgenoot file links", hashlib.sha256).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def seal(self, link: Link, now: datetime.datetime) -> str:
        """The token of a link that can be followed from now on; characters A-Z a-z 0-9 - _ only."""
        expires = int((now + LIFETIMES[link.kind]).timestamp())
        payload = json.dumps([link.kind, link.person_id, link.item, expires]).encode()
        return self._fernet.encrypt(payload).decode().rstrip("=")

    def open(self, token: str, now: datetime.datetime) -> Link:
        """What a token names.

        Raises:
            LinkForgedError: when it was not made with this key, or was changed.
            LinkExpiredError: when its time is over.
        """
        if len(token) > LONGEST_TOKEN or not token.isascii():
            raise LinkForgedError("This is no link of ours.")
        try:
            kind, person_id, item, expires = json.loads(self._fernet.decrypt(token.encode() + b"=" * (-len(token) % 4)))
        except InvalidToken as error:
            raise LinkForgedError("This is no link of ours.") from error
        if now.timestamp() > expires:
            raise LinkExpiredError("This link is over.")
        return Link(kind, person_id, item)


def path(token: str, name: str) -> str:
    """Where a file is on this server; `name` is what the browser saves it as."""
    return f"{PATH}/{token}/{quote(name)}"
