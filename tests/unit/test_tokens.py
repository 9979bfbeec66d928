"""Who somebody is follows from a token of the right issuer, for this audience, signed with the right key, and nothing else."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from bondgenoot import tokens
from bondgenoot.errors import SettingsError
from bondgenoot.settings import SETTINGS, load
from bondgenoot.tokens import TokenError, Verifier, conversation_id

ISSUER, AUDIENCE = "https://login.example", "bondgenoot"
SECRET = "een-geheim-van-minstens-32-tekens-lang"
PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: Any, private: bool = False) -> str:
    if private:
        form = serialization.PrivateFormat.PKCS8
        return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


PUBLIC = pem(PRIVATE)
RS256, HS256 = Verifier(PUBLIC, "RS256", ISSUER, AUDIENCE), Verifier(SECRET, "HS256", ISSUER, AUDIENCE)


def in_seconds(seconds: float) -> int:
    return int(datetime.datetime.now(datetime.timezone.utc).timestamp() + seconds)


def token(key: Any = PRIVATE, algorithm: str = "RS256", headers: Any = None, **claims: Any) -> str:
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "an", "exp": in_seconds(600), **claims}
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.api_jws.PyJWS().encode(json.dumps(kept).encode(), key, algorithm, headers)


def signed_with_public_key_as_secret() -> str:
    """What a forger makes who knows the public key; PyJWT refuses to make it."""

    def part(value: Any) -> bytes:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "an", "exp": in_seconds(600)}
    body = part({"alg": "HS256", "typ": "JWT"}) + b"." + part(claims)
    return (body + b"." + part(hmac.new(PUBLIC.encode(), body, hashlib.sha256).digest())).decode()


def unsigned(algorithm: str) -> str:
    _, body, _ = token().split(".")
    head = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "typ": "JWT"}).encode()).rstrip(b"=").decode()
    return f"{head}.{body}."


def test_a_good_token_names_a_person_until_it_ends() -> None:
    exp = in_seconds(600)
    for verifier, key, algorithm in ((RS256, PRIVATE, "RS256"), (HS256, SECRET, "HS256")):
        identity = verifier.verify(token(key, algorithm, exp=exp))
        assert (identity.issuer, identity.subject) == (ISSUER, "an")
        assert identity.expires == exp + tokens.LEEWAY_SECONDS


def test_a_clock_may_differ_a_little() -> None:
    assert RS256.verify(token(exp=in_seconds(-tokens.LEEWAY_SECONDS + 5))).subject == "an"
    assert RS256.verify(token(nbf=in_seconds(5), iat=in_seconds(5))).subject == "an"


def test_one_of_several_audiences_is_enough() -> None:
    assert RS256.verify(token(aud=["elders", AUDIENCE])).subject == "an"


REFUSED = {
    "another key": token(OTHER),
    "another issuer": token(iss="https://elders.example"),
    "another audience": token(aud="elders"),
    "no issuer": token(iss=None),
    "no audience": token(aud=None),
    "no subject": token(sub=None),
    "no end": token(exp=None),
    "an empty subject": token(sub=""),
    "a number as subject": token(sub=7),
    "a list as subject": token(sub=["an"]),
    "a long subject": token(sub="a" * 256),
    "an endless number as end": token(exp=float("inf")),
    "a word as end": token(exp="morgen"),
    "a list as issuer": token(iss=[ISSUER]),
    "not yet valid": token(nbf=in_seconds(600)),
    "alg none": unsigned("none"),
    "alg None": unsigned("None"),
    "alg nOnE": unsigned("nOnE"),
    "RS256 without signature": unsigned("RS256"),
    "the public key as secret": signed_with_public_key_as_secret(),
    "a secret instead of a key": token(SECRET, "HS256"),
    "another algorithm with the right key": token(PRIVATE, "RS512"),
    "a padded algorithm": token(PRIVATE, "PS256"),
    "no token at all": "hallo",
    "two parts": "a.b",
    "dots": "...",
    "not ASCII": "é.é.é",
    "a NUL": "\x00",
    "a lone surrogate": "\ud800.a.b",
    "a huge one": "a" * 100_000,
    "bytes": b"abc",
    "an object": {"token": "x"},
    "a list": ["x"],
    "a truth": True,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_proves_nothing_is_refused(name: str) -> None:
    with pytest.raises(TokenError) as refused:
        RS256.verify(REFUSED[name])
    assert refused.value.code == "token_invalid"
    assert refused.value.__cause__ is None


def test_keys_that_a_token_brings_along_are_not_used() -> None:
    other = jwt.algorithms.RSAAlgorithm.to_jwk(OTHER.public_key(), as_dict=True)
    for headers in ({"jwk": other}, {"jku": "http://127.0.0.1:1/keys"}, {"kid": "../../dev/null"}, {"x5u": "http://x"}):
        with pytest.raises(TokenError):
            RS256.verify(token(OTHER, headers=headers))


def test_with_a_shared_secret_another_secret_or_algorithm_is_refused() -> None:
    for forged in (
        token("x" * 32, "HS256"),
        token(SECRET, "HS512"),
        token(PRIVATE),
        unsigned("none"),
        unsigned("HS256"),
    ):
        with pytest.raises(TokenError, match="token_invalid"):
            HS256.verify(forged)


def test_what_ended_and_what_is_missing_have_codes_of_their_own() -> None:
    with pytest.raises(TokenError, match="token_expired"):
        RS256.verify(token(exp=in_seconds(-60)))
    for nothing in (None, ""):
        with pytest.raises(TokenError, match="token_missing"):
            RS256.verify(nothing)


def test_a_conversation_belongs_to_one_issuer_and_subject() -> None:
    identities = [tokens.Identity(issuer, subject, 0) for issuer in ("a", "a|b") for subject in ("c", "b|c", "C")]
    ids = {conversation_id(identity, "secret") for identity in identities}
    assert len(ids) == len(identities)
    assert all(len(each) < 60 and each.startswith("person-") for each in ids)
    assert conversation_id(identities[0], "secret") == conversation_id(tokens.Identity("a", "c", 9), "secret")
    assert conversation_id(identities[0], "other") not in ids


# ---- From the settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BONDGENOOT_HOME", str(tmp_path))
    return tmp_path


def test_on_this_machine_a_demo_key_is_made_once(home: Path) -> None:
    demo = tokens.verifier(load())
    assert tokens.verifier(load()) == demo
    assert (home / "secrets" / "demo_key").stat().st_mode & 0o777 == 0o600
    assert demo.verify(tokens.demo_token(demo, "iemand")).subject == "iemand"


def test_on_a_network_a_key_is_needed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for host in ("0.0.0.0", "10.0.0.4", "::"):
        monkeypatch.setenv("BONDGENOOT_HOST", host)
        with pytest.raises(SettingsError, match="BONDGENOOT_TOKEN_KEY_FILE") as refused:
            tokens.verifier(load())
        assert "\n" not in str(refused.value)
    monkeypatch.setenv("BONDGENOOT_TOKEN_KEY", PUBLIC)
    monkeypatch.setenv("BONDGENOOT_TOKEN_ISSUER", ISSUER)
    assert tokens.verifier(load()).verify(token()).subject == "an"


def test_a_key_may_stand_in_a_file_or_in_one_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BONDGENOOT_TOKEN_ISSUER", ISSUER)
    monkeypatch.setenv("BONDGENOOT_TOKEN_KEY", PUBLIC.replace("\n", "\\n"))
    assert tokens.verifier(load()).verify(token()).subject == "an"
    (home / "key.pem").write_text(PUBLIC)
    monkeypatch.setenv("BONDGENOOT_TOKEN_KEY_FILE", str(home / "key.pem"))
    with pytest.raises(SettingsError, match="both set"):
        tokens.verifier(load())
    monkeypatch.delenv("BONDGENOOT_TOKEN_KEY")
    assert tokens.verifier(load()).verify(token()).subject == "an"


SMALL = pem(rsa.generate_private_key(public_exponent=65537, key_size=1024))
CURVE = pem(ec.generate_private_key(ec.SECP256R1()))


@pytest.mark.parametrize(
    ("key", "algorithm", "issuer", "reason"),
    [
        (PUBLIC, "RS256", "", "BONDGENOOT_TOKEN_ISSUER is not set"),
        (pem(PRIVATE, private=True), "RS256", ISSUER, "Never give the private key"),
        (SECRET, "RS256", ISSUER, "no public key"),
        (SMALL, "RS256", ISSUER, "at least 2048 bits"),
        (CURVE, "RS256", ISSUER, "RSA key"),
        (PUBLIC, "HS256", ISSUER, "needs a shared secret"),
        ("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC", "HS256", ISSUER, "needs a shared secret"),
        ("kort", "HS256", ISSUER, "shorter than 32 bytes"),
    ],
    # No keys in names: they are others at every run, and two processes have to agree on what the tests are called.
    ids=[
        "no issuer",
        "a private key",
        "a secret",
        "a small key",
        "a curve",
        "a public key",
        "an ssh key",
        "a short secret",
    ],
)
def test_a_key_that_does_not_fit_stops_the_start(
    home: Path, monkeypatch: pytest.MonkeyPatch, key: str, algorithm: str, issuer: str, reason: str
) -> None:
    monkeypatch.setenv("BONDGENOOT_TOKEN_KEY", key)
    monkeypatch.setenv("BONDGENOOT_TOKEN_ALGORITHM", algorithm)
    monkeypatch.setenv("BONDGENOOT_TOKEN_ISSUER", issuer)
    with pytest.raises(SettingsError, match=reason) as refused:
        tokens.verifier(load())
    assert key not in str(refused.value)


def test_a_key_file_that_cannot_be_read_stops_the_start(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BONDGENOOT_TOKEN_KEY_FILE", str(home / "none.pem"))
    with pytest.raises(SettingsError, match=r"none\.pem cannot be read"):
        tokens.verifier(load())
    (home / "none.pem").write_text(" \n")
    with pytest.raises(SettingsError, match="is empty"):
        tokens.verifier(load())


class TestRoles:
    """Where a token's roles stand is the organisation's choice; what is no list of words is no role."""

    @pytest.mark.parametrize(
        ("claim", "value"),
        [
            ("roles", ["trainer", "iets"]),
            ("roles", "iets trainer"),
            ("realm_access.roles", ["trainer"]),
            ("https://login.example/roles", ["trainer"]),
        ],
    )
    def test_they_are_found(self, claim: str, value: Any) -> None:
        inner: Any = {"realm_access": {"roles": value}} if claim == "realm_access.roles" else {claim: value}
        found = Verifier(PUBLIC, "RS256", ISSUER, AUDIENCE, claim).verify(token(**inner))
        assert "trainer" in found.roles

    @pytest.mark.parametrize(
        "value", [None, 1, True, {"trainer": True}, [["trainer"]], "trainers", "Trainer", ["trainer "], []]
    )
    def test_nothing_else_is_one(self, value: Any) -> None:
        found = Verifier(PUBLIC, "RS256", ISSUER, AUDIENCE, "roles").verify(token(roles=value))
        assert "trainer" not in found.roles

    def test_without_a_claim_to_look_at_there_are_none(self) -> None:
        assert RS256.verify(token(roles=["trainer"])).roles == frozenset()
