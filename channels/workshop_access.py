"""Who may open the workshop page: trainers, by a token of the organisation's login that names their role.

The token comes with each request (a proxy may add it) or once, from a form; then a signed cookie stands for it for an
hour. On loopback without a login there is a demo trainer, as the chat has demo people; the chat's own cookie and tokens
open nothing here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import urlsplit

from sanic.request import Request
from sanic.response import HTTPResponse

from bondgenoot import keys, tokens
from bondgenoot.settings import Settings
from bondgenoot.settings_workshop import WorkshopSettings
from bondgenoot.workshop.pictures import PATH
from channels.local import has_local_host

COOKIE = "bondgenoot_trainer"
SECONDS = 3600


class NoEntryError(Exception):
    """Somebody may not come in: `code` names a text of the page."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@dataclass(frozen=True, slots=True)
class Trainer:
    """Somebody who may use the page. `session` is no name: it only ties forms to a sign-in."""

    session: str


class Access:
    """Lets trainers in, and tells their own forms from what another page sends in their name."""

    def __init__(self, loaded: Settings, workshop: WorkshopSettings) -> None:
        """`workshop` says which role counts."""
        self.is_demo = keys.token_key() is None
        self.role = workshop.role
        self._verifier = tokens.verifier(loaded)
        self._secret = keys.session_key(loaded.home)
        self._public, self._origins = urlsplit(loaded.public_url), loaded.origins

    def trainer(self, request: Request) -> Trainer:
        """Who asks.

        Raises:
            NoEntryError: nobody who may come in.
        """
        if self.is_demo and not has_local_host(request):
            # A rebound DNS name that points to this machine.
            raise NoEntryError(403, "not_own_page")
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and not self.is_demo:
            return Trainer(self._verify(token.strip()))
        return Trainer(self._session_of(request.cookies.get(COOKIE)))

    def sign_in(self, request: Request, answer: HTTPResponse, token: str) -> None:
        """Set the cookie of somebody whose token names the role.

        Raises:
            NoEntryError: the token proves nothing, or not the role.
        """
        if self.is_demo:
            raise NoEntryError(404, "not_found")
        self._check_origin(request, self._origins)
        self._verify(token)
        self._set_cookie(answer)

    def sign_in_demo(self, request: Request, answer: HTTPResponse) -> None:
        """Set the cookie of the demo trainer.

        Raises:
            NoEntryError: people have to sign in here, or the request comes from elsewhere.
        """
        if not self.is_demo:
            raise NoEntryError(404, "not_found")
        if not has_local_host(request):
            raise NoEntryError(403, "not_own_page")
        self._check_origin(request)
        self._set_cookie(answer)

    def sign_out(self, answer: HTTPResponse) -> None:
        """Take the cookie away."""
        self._set_cookie(answer, seconds=0)

    def form_key(self, trainer: Trainer) -> str:
        """What a form of this trainer carries."""
        return self._sign("form", trainer.session)

    def check_form(self, request: Request, trainer: Trainer, key: str) -> None:
        """Whether the trainer's own page sent this form.

        Raises:
            NoEntryError: it came from elsewhere.
        """
        self._check_origin(request)
        if not hmac.compare_digest(key.encode("utf-8", "replace"), self.form_key(trainer).encode()):
            raise NoEntryError(403, "form_expired")

    def _verify(self, token: str) -> str:
        try:
            identity = self._verifier.verify(token)
        except tokens.TokenError as error:
            raise NoEntryError(401, error.code) from None
        if self.role not in identity.roles:
            raise NoEntryError(403, "no_role")
        return tokens.conversation_id(identity, self._secret)

    def _check_origin(self, request: Request, welcome: tuple[str, ...] = ()) -> None:
        origin = request.headers.get("origin")
        own = {request.headers.get("host", ""), self._public.netloc}
        if origin is None:
            # Browsers name it at every form; without one it is a program, or a very old browser that says this.
            is_own = request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
        else:
            is_own = origin in welcome or origin.partition("://")[2] in own - {""}
        if not is_own:
            raise NoEntryError(403, "not_own_page")

    def _set_cookie(self, answer: HTTPResponse, seconds: int = SECONDS) -> None:
        data = json.dumps({"session": secrets.token_hex(16), "expires": int(time.time()) + seconds}).encode()
        encoded = urlsafe_b64encode(data).decode()
        answer.cookies[COOKIE] = f"{encoded}.{self._sign('trainer', encoded)}" if seconds else ""
        answer.cookies[COOKIE].update({"httponly": True, "samesite": "Strict", "path": PATH, "max-age": seconds})
        if self._public.scheme == "https":
            answer.cookies[COOKIE]["secure"] = True

    def _session_of(self, cookie: str | None) -> str:
        encoded, _, signature = (cookie or "").rpartition(".")
        if not encoded:
            raise NoEntryError(401, "")
        if not hmac.compare_digest(signature.encode("utf-8", "replace"), self._sign("trainer", encoded).encode()):
            raise NoEntryError(401, "token_invalid")
        data = json.loads(urlsafe_b64decode(encoded))
        if data["expires"] <= time.time():
            raise NoEntryError(401, "token_expired")
        return str(data["session"])

    def _sign(self, purpose: str, text: str) -> str:
        # The role is part of it: whoever changes the setting ends all sign-ins. A demo sign-in ends with the demo.
        message = json.dumps(["workshop", purpose, self.role, self.is_demo, text]).encode()
        return hmac.new(self._secret.encode(), message, hashlib.sha256).hexdigest()
