"""Links to files: whoever has one can follow it, so it cannot be read, changed, guessed or kept for ever."""

from __future__ import annotations

import base64
import datetime
import string

import pytest
import sqlalchemy as sa
from fixed_clock import FixedClock
from hypothesis import given
from hypothesis import strategies as st

from bondgenoot import files
from bondgenoot.errors import FileGoneError, LinkExpiredError, LinkForgedError
from bondgenoot.links import LIFETIMES, TOKEN_CHARACTERS, Link, Links, path
from bondgenoot.store import file_links, people, schema
from bondgenoot.store.schema import Cipher

LINKS = Links("session key")
NOW = FixedClock().now()
SECOND = datetime.timedelta(seconds=1)


class Kept:
    """Links in a database."""

    def __init__(self, engine: sa.engine.Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    def make(self, link: Link, now: datetime.datetime = NOW, ours: Links = LINKS) -> str:
        with self._engine.begin() as connection:
            return file_links.make(connection, self._cipher, ours, link, now)

    def find(self, token: str, now: datetime.datetime = NOW, ours: Links = LINKS) -> Link:
        with self._engine.begin() as connection:
            return file_links.find(connection, self._cipher, ours, token, now)

    def rows(self) -> list[sa.engine.Row]:
        with self._engine.begin() as connection:
            return connection.execute(sa.select(schema.file_link)).all()


@pytest.fixture
def kept(engine: sa.engine.Engine, cipher: Cipher) -> Kept:
    return Kept(engine, cipher)


@pytest.mark.parametrize("kind", LIFETIMES)
@pytest.mark.parametrize("item", ["", "0" * 32, "één: ‘ja’"])
def test_a_link_names_what_it_was_made_for(kept: Kept, kind: str, item: str) -> None:
    link = Link(kind, "person-anna", item, "één tekst" if kind == "apology" else "")
    assert kept.find(kept.make(link)) == link


@pytest.mark.parametrize("kind", LIFETIMES)
def test_a_link_works_until_its_time_is_over(kept: Kept, kind: str) -> None:
    token = kept.make(Link(kind, "anna"))
    assert kept.find(token, NOW + LIFETIMES[kind])
    with pytest.raises(LinkExpiredError):
        kept.find(token, NOW + LIFETIMES[kind] + SECOND)


def test_the_export_is_the_shortest() -> None:
    assert LIFETIMES["export"] == datetime.timedelta(minutes=15) == min(LIFETIMES.values())


def test_a_link_of_an_unknown_kind_is_not_made(kept: Kept) -> None:
    with pytest.raises(KeyError):
        kept.make(Link("diary", "anna"))


@pytest.mark.parametrize("kind", LIFETIMES)
def test_its_path_is_short_and_stands_in_an_address_as_it_is(kind: str) -> None:
    token = LINKS.new_token()
    assert set(token) <= set(string.ascii_letters + string.digits + "-_")
    assert path(token, "voornemen.ics") == f"/chat/files/{token}/voornemen.ics"
    assert len(path(token, files.name_of(kind))) <= 60


def test_two_links_to_the_same_file_have_nothing_in_common(kept: Kept) -> None:
    one, other = (base64.urlsafe_b64decode(kept.make(Link("export", "anna"))) for _ in range(2))
    assert one[:16] != other[:16]
    assert one[16:] != other[16:]


def test_a_link_leads_to_its_own_person_only(kept: Kept) -> None:
    hers, his = kept.make(Link("export", "anna")), kept.make(Link("export", "bram"))
    assert (kept.find(hers).person_id, kept.find(his).person_id) == ("anna", "bram")


def test_who_reads_the_database_finds_no_link_in_it(kept: Kept, cipher: Cipher) -> None:
    token = kept.make(Link("apology", "anna", text="het spijt me zo"))
    (row,) = kept.rows()
    key = base64.urlsafe_b64decode(token)[:16]
    assert token not in str(row)
    assert key.hex() not in row.id
    assert b"spijt" not in row.text
    assert cipher.open(row.text) == "het spijt me zo"


def test_every_changed_character_is_noticed_before_the_database_is_asked() -> None:
    token = LINKS.new_token()
    assert LINKS.key_of(token)
    for place, old in enumerate(token):
        new = "A" if old != "A" else "B"
        with pytest.raises(LinkForgedError):
            LINKS.key_of(token[:place] + new + token[place + 1 :])


def test_a_link_that_was_cut_off_or_made_with_another_key_is_refused() -> None:
    token = LINKS.new_token()
    forged = (token[:-1], token[:20], token + "A", Links("another key").new_token(), "A" * TOKEN_CHARACTERS, "A" * 5000)
    for each in forged:
        with pytest.raises(LinkForgedError):
            LINKS.key_of(each)


@given(st.text(max_size=300))
def test_whatever_is_typed_is_refused_and_nothing_else_happens(token: str) -> None:
    with pytest.raises(LinkForgedError):
        LINKS.key_of(token)


def test_a_key_that_was_never_given_out_opens_nothing(kept: Kept) -> None:
    kept.make(Link("export", "anna"))
    with pytest.raises(FileGoneError):
        kept.find(LINKS.new_token())


def test_another_session_key_ends_all_links(kept: Kept) -> None:
    token = kept.make(Link("export", "anna"))
    with pytest.raises(LinkForgedError):
        kept.find(token, ours=Links("a new session key"))


def test_after_erasing_a_link_names_nothing_and_those_of_others_still_do(kept: Kept, engine: sa.engine.Engine) -> None:
    hers, his = kept.make(Link("ics", "anna", "1")), kept.make(Link("ics", "bram", "2"))
    with engine.begin() as connection:
        people.erase(connection, "anna")
        people.touch(connection, "anna", NOW)  # who comes back is somebody new
    with pytest.raises(FileGoneError):
        kept.find(hers)
    assert kept.find(his).item == "2"


def test_who_linked_two_conversations_keeps_the_links_of_both(kept: Kept, engine: sa.engine.Engine) -> None:
    token = kept.make(Link("ics", "bram", "2"))
    kept.make(Link("ics", "anna", "1"))
    with engine.begin() as connection:
        people.merge(connection, "bram", "anna", NOW)
    assert kept.find(token) == Link("ics", "anna", "2")


def test_words_go_when_a_link_ends_and_its_row_a_day_later(kept: Kept) -> None:
    kept.make(Link("apology", "anna", text="het spijt me"))
    over = NOW + LIFETIMES["apology"] + SECOND
    kept.make(Link("chart", "bram"), over)
    assert [(row.person_id, row.text) for row in kept.rows()] == [("anna", None), ("bram", None)]
    kept.make(Link("chart", "bram"), over + file_links.KEPT_AFTER)
    assert {row.person_id for row in kept.rows()} == {"bram"}
