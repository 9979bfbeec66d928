"""Links to files: whoever has one can follow it, so it cannot be read, changed, guessed or kept for ever."""

from __future__ import annotations

import base64
import datetime
import string

import pytest
from cryptography.fernet import Fernet, InvalidToken
from fixed_clock import FixedClock
from hypothesis import given
from hypothesis import strategies as st

from bondgenoot.errors import LinkExpiredError, LinkForgedError
from bondgenoot.links import LIFETIMES, Link, Links, path

LINKS = Links("session key")
LINK = Link("chart", "chat-anna", "scan:1")
NOW = FixedClock().now()


@pytest.mark.parametrize("kind", LIFETIMES)
@pytest.mark.parametrize("item", ["", "0" * 32, "één: ‘ja’"])
def test_a_link_names_what_it_was_made_for(kind: str, item: str) -> None:
    link = Link(kind, "chat-anna", item)
    assert LINKS.open(LINKS.seal(link, NOW), NOW) == link


@pytest.mark.parametrize("kind", LIFETIMES)
def test_a_link_works_until_its_time_is_over(kind: str) -> None:
    token = LINKS.seal(Link(kind, "chat-anna"), NOW)
    assert LINKS.open(token, NOW + LIFETIMES[kind])
    with pytest.raises(LinkExpiredError):
        LINKS.open(token, NOW + LIFETIMES[kind] + datetime.timedelta(seconds=1))


def test_the_export_is_the_shortest() -> None:
    assert LIFETIMES["export"] == datetime.timedelta(minutes=15) == min(LIFETIMES.values())


def test_a_link_of_an_unknown_kind_is_not_made() -> None:
    with pytest.raises(KeyError):
        LINKS.seal(Link("diary", "chat-anna"), NOW)


def test_nothing_personal_can_be_read_in_it() -> None:
    token = LINKS.seal(LINK, NOW)
    opened = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    for piece in (b"anna", b"chart", b"scan"):
        assert piece not in token.encode()
        assert piece not in opened


def test_it_stands_in_an_address_as_it_is_and_is_not_too_long_for_a_mail_line() -> None:
    token = LINKS.seal(Link("chart", "chat-" + "f" * 40, "scan:" + "f" * 32), NOW)
    assert set(token) <= set(string.ascii_letters + string.digits + "-_")
    assert len(token) < 400
    assert path(token, "voornemen.ics") == f"/chat/files/{token}/voornemen.ics"


def test_every_changed_character_is_noticed() -> None:
    token = LINKS.seal(LINK, NOW)
    for place, old in enumerate(token[:-1]):
        new = "A" if old != "A" else "B"
        with pytest.raises(LinkForgedError):
            LINKS.open(token[:place] + new + token[place + 1 :], NOW)


def test_a_link_that_was_cut_off_or_made_with_another_key_is_refused() -> None:
    token = LINKS.seal(LINK, NOW)
    for forged in (token[:-1], token[:20], token + "A", Links("another key").seal(LINK, NOW), "A" * 5000):
        with pytest.raises(LinkForgedError):
            LINKS.open(forged, NOW)


@given(st.text(max_size=300))
def test_whatever_is_typed_is_refused_and_nothing_else_happens(token: str) -> None:
    with pytest.raises(LinkForgedError):
        LINKS.open(token, NOW)


def test_the_session_key_itself_signs_no_link() -> None:
    """So that what signs a cookie cannot be used as a key for files."""
    key = base64.urlsafe_b64encode(b"k" * 32).decode()
    token = Links(key).seal(LINK, NOW)
    with pytest.raises(InvalidToken):
        Fernet(key).decrypt(token + "=" * (-len(token) % 4))
