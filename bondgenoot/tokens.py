"""Who somebody is, by a signed token (JWT) of the organisation's own login. Nothing else proves an identity here."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from bondgenoot import keys
from bondgenoot.errors import BondgenootError, SettingsError
from bondgenoot.settings import Settings

# Clocks of two machines differ a little.
LEEWAY_SECONDS = 10
LONGEST_TOKEN = 8192
LONGEST_SUBJECT = 255
SHORTEST_SECRET = 32
SHORTEST_RSA_BITS = 2048

DEMO_ISSUER = "bondgenoot-demo"
DEMO_SECONDS = 15 * 60


class TokenError(BondgenootError):
    """A token that proves nothing. `code`: token_missing, token_expired or token_invalid."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as the organisation knows them, until `expires` (Unix time, leeway included).

    `email` is what the token says, unchecked; '' when it says nothing.
    """

    issuer: str
    subject: str
    expires: float
    email: str = ""
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verifier:
    """Accepts tokens of one issuer, for one audience, signed with one key by one algorithm."""

    key: str
    algorithm: str
    issuer: str
    audience: str
    role_claim: str = ""

    def verify(self, token: object) -> Identity:
        """Whose token this is.

        Raises:
            TokenError: it is absent, has ended, or is not a token of this issuer for this audience.
        """
        if token is None or token == "":
            raise TokenError("token_missing")
        if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
            raise TokenError("token_invalid")
        try:
            claims = jwt.decode(
                token,
                self.key,
                # One algorithm, from the settings: what the token says about itself is not believed.
                algorithms=[self.algorithm],
                issuer=self.issuer,
                audience=self.audience,
                leeway=LEEWAY_SECONDS,
                options={"require": ["iss", "aud", "exp", "sub"]},
            )
            expires = float(claims["exp"]) + LEEWAY_SECONDS
        except jwt.ExpiredSignatureError:
            raise TokenError("token_expired") from None
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError):
            # Without the cause: its text may quote the token.
            raise TokenError("token_invalid") from None
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise TokenError("token_invalid")
        email = claims.get("email")
        roles = roles_in(claims, self.role_claim) if self.role_claim else frozenset()
        return Identity(self.issuer, subject, expires, email if isinstance(email, str) else "", roles)


def roles_in(claims: Mapping[str, object], name: str) -> frozenset[str]:
    """The roles that a claim holds: a list of texts, or one text of words; a dot goes into a claim."""
    value: object = claims.get(name)
    if value is None:
        value = claims
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
    if isinstance(value, str):
        return frozenset(value.split())
    return frozenset(one for one in value if isinstance(one, str)) if isinstance(value, list) else frozenset()


def conversation_id(identity: Identity, secret: str) -> str:
    """The id of the person's conversation: nobody without `secret` finds it from a name, or the name from it."""
    who = json.dumps([identity.issuer, identity.subject]).encode()
    return f"person-{hmac.new(secret.encode(), b'person:' + who, hashlib.sha256).hexdigest()[:40]}"


def verifier(loaded: Settings) -> Verifier:
    """The verifier that the settings describe; on loopback without a key, one for demo identities.

    Raises:
        SettingsError: there is no key where one is needed, or it does not fit the algorithm.
    """
    key = keys.token_key()
    claim = loaded.workshop.claim if loaded.workshop else ""
    if key is None:
        if not loaded.is_local:
            raise SettingsError(
                f"BONDGENOOT_HOST is {loaded.host}, so people must sign in: set BONDGENOOT_TOKEN_KEY_FILE (or "
                "BONDGENOOT_TOKEN_KEY) and BONDGENOOT_TOKEN_ISSUER as docs/operators.md says, or bind to 127.0.0.1."
            )
        return Verifier(keys.demo_key(loaded.home), "HS256", DEMO_ISSUER, loaded.token_audience)
    if not loaded.token_issuer:
        raise SettingsError("BONDGENOOT_TOKEN_ISSUER is not set: give the 'iss' of the tokens that your login makes.")
    {"RS256": _check_public_key, "HS256": _check_secret}[loaded.token_algorithm](key)
    return Verifier(key, loaded.token_algorithm, loaded.token_issuer, loaded.token_audience, claim)


def demo_token(demo: Verifier, subject: str, now: Callable[[], float] = time.time) -> str:
    """A token for somebody who only tries it out on this machine. Real time: a moved clock is for the dialogue."""
    claims = {
        "iss": demo.issuer,
        "aud": demo.audience,
        "sub": subject,
        "exp": int(now()) + DEMO_SECONDS,
    }
    return jwt.encode(claims, demo.key, algorithm=demo.algorithm)


def _check_public_key(key: str) -> None:
    try:
        public = load_pem_public_key(key.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SettingsError(
            "The token key is no public key in PEM form, which RS256 needs ('-----BEGIN PUBLIC KEY-----'). "
            "Never give the private key. For a shared secret set BONDGENOOT_TOKEN_ALGORITHM=HS256."
        ) from error
    if not isinstance(public, RSAPublicKey) or public.key_size < SHORTEST_RSA_BITS:
        raise SettingsError(f"The token key must be an RSA key of at least {SHORTEST_RSA_BITS} bits.")


def _check_secret(key: str) -> None:
    # A public key is no secret: whoever reads it could sign with it.
    if "-----BEGIN" in key or key.startswith(("ssh-", "ecdsa-")):
        raise SettingsError(
            "The token key is a key in PEM or SSH form, but BONDGENOOT_TOKEN_ALGORITHM is HS256, which needs a shared "
            "secret. Set BONDGENOOT_TOKEN_ALGORITHM=RS256."
        )
    if len(key.encode()) < SHORTEST_SECRET:
        raise SettingsError(f"The token key is shorter than {SHORTEST_SECRET} bytes; a short secret can be guessed.")
