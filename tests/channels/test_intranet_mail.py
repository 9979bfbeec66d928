"""The address of a verified token is offered for the mail about a waiting question, where that is switched on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from chat_window import ISSUER, Window, token_for
from fixed_clock import FixedClock

from bondgenoot import keys, settings, tokens
from bondgenoot.store import addresses, people, schema
from bondgenoot.store.schema import Cipher

ADDRESS = "an.peeters@example.org"
MAIL = {
    "BONDGENOOT_SMTP_HOST": "127.0.0.1",
    "BONDGENOOT_EMAIL_FROM": "Bondgenoot <bondgenoot@example.org>",
    "BONDGENOOT_EMAIL_LINK": "https://intranet.example/chat",
    "BONDGENOOT_EMAIL_UNSUBSCRIBE_URL": "https://intranet.example/unsubscribe",
}


@pytest.fixture
def mail(login: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in MAIL.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def an(login: None, engine: sa.engine.Engine, clock: FixedClock) -> str:
    """The id of a person who was here before."""
    person = tokens.conversation_id(tokens.Identity(ISSUER, "an", 0), keys.session_key(settings.load().home))
    with engine.begin() as connection:
        people.touch(connection, person, clock.now())
    return person


def offered(engine: sa.engine.Engine) -> list[str]:
    cipher = Cipher(keys.data_key(settings.load().home))
    with engine.connect() as connection:
        return [cipher.open(row) for row in connection.execute(sa.select(schema.address.c.address)).scalars()]


async def test_the_address_of_the_token_is_offered(
    mail: None, an: str, window: Callable[..., Window], engine: sa.engine.Engine
) -> None:
    await window().begin(token_for(email=ADDRESS))
    assert offered(engine) == [ADDRESS]
    cipher = Cipher(keys.data_key(settings.load().home))
    with engine.connect() as connection:
        # Offered is not agreed: nothing is mailed before the person says yes.
        assert addresses.find(connection, cipher, an) is None


async def test_without_a_mail_server_no_address_is_kept(
    an: str, window: Callable[..., Window], engine: sa.engine.Engine
) -> None:
    await window().begin(token_for(email=ADDRESS))
    assert offered(engine) == []


@pytest.mark.parametrize("claim", [None, 7, ["an@example.org"], "an@example.org\r\nBcc: all@example.org", ""])
async def test_what_is_no_address_is_left_and_the_chat_goes_on(
    mail: None, an: str, window: Callable[..., Window], engine: sa.engine.Engine, claim: object
) -> None:
    await window().begin(token_for(email=claim))
    assert offered(engine) == []
