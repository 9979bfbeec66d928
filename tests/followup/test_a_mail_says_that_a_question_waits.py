"""The optional mail: agreed to, neutral, once, and never in the way of the follow-up itself."""

from __future__ import annotations

import asyncio
import datetime
import email
import logging
import threading
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from fixed_clock import FixedClock
from services import free_port

from bondgenoot import keys
from bondgenoot.nudger import Nudger
from bondgenoot.settings import Settings, load
from bondgenoot.store import addresses, commitments, follow_ups, nudges, people, schema

ADDRESS = "anna.peeters@example.org"
SECRET = "mijn team eerlijk vertellen dat het niet lukt"
HOUR = datetime.timedelta(hours=1)


class Mailbox:
    """What the mail server did with the mails; `answers` are its answers to MAIL, RCPT and DATA in turn, then 250."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.recipients: list[str] = []
        self.refuse_rcpt = self.refuse_data = ""
        self.break_after_data = False
        self.slow = 0.0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        await asyncio.sleep(self.slow)
        if self.refuse_rcpt:
            return self.refuse_rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        if self.refuse_data:
            return self.refuse_data
        self.mails.append(email.message_from_bytes(envelope.content))
        self.recipients += envelope.rcpt_tos
        if self.break_after_data:
            server.transport.abort()
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.port = controller.port  # type: ignore[attr-defined]
    yield box
    controller.stop()


@pytest.fixture
def with_mail(settings: Settings, mailbox: Mailbox) -> Settings:
    return load(mail_environment(settings.home, mailbox.port))  # type: ignore[attr-defined]


def mail_environment(home: Path, port: int) -> dict[str, str]:
    return {
        "BONDGENOOT_HOME": str(home),
        "BONDGENOOT_SMTP_HOST": "127.0.0.1",
        "BONDGENOOT_SMTP_PORT": str(port),
        "BONDGENOOT_SMTP_STARTTLS": "no",
        "BONDGENOOT_EMAIL_FROM": "Bondgenoot <bondgenoot@example.org>",
        "BONDGENOOT_EMAIL_LINK": "https://intranet.example.org/bondgenoot",
        "BONDGENOOT_EMAIL_UNSUBSCRIBE_URL": "https://bondgenoot.example.org/unsubscribe",
    }


@pytest.fixture
def cipher(settings: Settings) -> schema.Cipher:
    """The installation's own key, which the nudger uses too."""
    return schema.Cipher(keys.data_key(settings.home))


@pytest.fixture
def database_url(settings: Settings, _migrated_file: Path) -> str:
    settings.home.mkdir(parents=True, exist_ok=True)
    (settings.home / "bondgenoot.db").write_bytes(_migrated_file.read_bytes())
    return settings.database_url


@pytest.fixture
def nudger(with_mail: Settings, clock: FixedClock, engine: sa.engine.Engine) -> Nudger:
    assert with_mail.email is not None
    return Nudger(with_mail, with_mail.email, clock, engine, timeout=1.0)


@pytest.fixture
def asked(engine: sa.engine.Engine, cipher: schema.Cipher, anna: str, clock: FixedClock) -> str:
    """A question that reached Anna's conversation a day ago and that she has not seen; she agreed to mail."""
    agree(engine, cipher, anna, clock)
    row_id = ask(engine, cipher, anna, clock)
    clock.advance(hours=25)
    return row_id


def agree(engine: sa.engine.Engine, cipher: schema.Cipher, person: str, clock: FixedClock) -> None:
    with engine.begin() as connection:
        assert addresses.offer(connection, cipher, person, ADDRESS, clock.now())
        assert addresses.agree(connection, person, clock.now())


def ask(engine: sa.engine.Engine, cipher: schema.Cipher, person: str, clock: FixedClock) -> str:
    clock.advance(minutes=10)
    with engine.begin() as connection:
        draft = commitments.Draft(SECRET, clock.today())
        commitment_id = commitments.create(connection, cipher, person, draft, clock.now(), clock.now())
        (row,) = follow_ups.claim_due(connection, clock.now())
        assert row.commitment_id == commitment_id
        follow_ups.delivered(connection, row.id, clock.now())
    return row.id


def nudge_state(engine: sa.engine.Engine) -> list[tuple[str, int]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.select(schema.nudge.c.state, schema.nudge.c.attempts))]


def follow_up_state(engine: sa.engine.Engine, row_id: str) -> str:
    with engine.connect() as connection:
        query = sa.select(schema.follow_up.c.state).where(schema.follow_up.c.id == row_id)
        return str(connection.execute(query).scalar_one())


class TestTheMail:
    def test_it_says_that_a_question_waits_and_nothing_about_it(
        self, nudger: Nudger, mailbox: Mailbox, asked: str, anna: str
    ) -> None:
        assert nudger.run_once() == 1
        (mail,) = mailbox.mails
        assert mailbox.recipients == [ADDRESS]
        body = mail.get_payload(decode=True).decode()
        assert "Er staat een vraag voor je klaar" in body
        assert "https://intranet.example.org/bondgenoot" in body
        whole = mail.as_string() + body
        for word in [*SECRET.split()[1:], anna + " ", asked]:
            if len(word) > 4:
                assert word not in whole.replace(ADDRESS, ""), word

    def test_it_can_be_ended_with_one_click_of_a_mail_program(
        self, nudger: Nudger, mailbox: Mailbox, asked: str
    ) -> None:
        nudger.run_once()
        (mail,) = mailbox.mails
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        link = mail["List-Unsubscribe"].replace("\n", "").replace(" ", "")
        assert link.startswith("<https://bondgenoot.example.org/unsubscribe?a=")
        assert link[1:-1] in mail.get_payload(decode=True).decode()

    def test_it_goes_out_once_whatever_happens_after(
        self, nudger: Nudger, mailbox: Mailbox, asked: str, clock: FixedClock
    ) -> None:
        assert nudger.run_once() == 1
        for _ in range(10):
            clock.advance(hours=12)
            assert nudger.run_once() == 0
        assert len(mailbox.mails) == 1

    def test_no_address_and_no_words_of_the_mail_server_are_logged(
        self, nudger: Nudger, mailbox: Mailbox, asked: str, clock: FixedClock, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        mailbox.refuse_rcpt = f"450 <{ADDRESS}> is busy"
        nudger.run_once()
        mailbox.refuse_rcpt = ""
        clock.advance(hours=1)
        assert nudger.run_once() == 1
        ours = [record.getMessage() for record in caplog.records if record.name.startswith("bondgenoot")]
        assert len(ours) == 2
        assert not any("anna" in line or "example.org" in line or "busy" in line for line in ours)


class TestToWhom:
    def test_not_without_a_yes(
        self, nudger: Nudger, engine: sa.engine.Engine, cipher: schema.Cipher, anna: str, clock: FixedClock
    ) -> None:
        with engine.begin() as connection:
            addresses.offer(connection, cipher, anna, ADDRESS, clock.now())
        ask(engine, cipher, anna, clock)
        clock.advance(hours=25)
        assert nudger.run_once() == 0

    def test_not_before_the_question_has_waited(self, nudger: Nudger, asked: str, clock: FixedClock) -> None:
        clock.advance(hours=-2)
        assert nudger.run_once() == 0
        clock.advance(hours=2)
        assert nudger.run_once() == 1

    def test_not_to_somebody_who_was_here_since(
        self, nudger: Nudger, engine: sa.engine.Engine, asked: str, anna: str, clock: FixedClock
    ) -> None:
        with engine.begin() as connection:
            people.touch(connection, anna, clock.now() - HOUR)
        assert nudger.run_once() == 0

    def test_not_about_a_question_that_was_answered(self, nudger: Nudger, engine: sa.engine.Engine, asked: str) -> None:
        with engine.begin() as connection:
            connection.execute(sa.update(schema.follow_up).values(state="answered"))
        assert nudger.run_once() == 0

    def test_not_to_somebody_who_paused_or_withdrew(
        self, nudger: Nudger, engine: sa.engine.Engine, asked: str, anna: str
    ) -> None:
        with engine.begin() as connection:
            people.set_paused(connection, anna, True)
        assert nudger.run_once() == 0
        with engine.begin() as connection:
            people.set_paused(connection, anna, False)
            addresses.withdraw(connection, anna)
        assert nudger.run_once() == 0

    def test_not_outside_working_hours(self, nudger: Nudger, mailbox: Mailbox, asked: str, clock: FixedClock) -> None:
        clock.moment = clock.moment.replace(hour=21)
        assert nudger.run_once() == 0
        clock.advance(hours=12)
        assert nudger.run_once() == 1

    def test_two_questions_that_wait_are_one_mail(
        self,
        nudger: Nudger,
        engine: sa.engine.Engine,
        cipher: schema.Cipher,
        anna: str,
        clock: FixedClock,
        mailbox: Mailbox,
    ) -> None:
        agree(engine, cipher, anna, clock)
        ask(engine, cipher, anna, clock)
        ask(engine, cipher, anna, clock)
        clock.advance(hours=25)
        assert nudger.run_once() == 1
        clock.advance(hours=1)
        assert nudger.run_once() == 0
        assert len(mailbox.mails) == 1


class TestTheMailServerIsInTrouble:
    """The mail is tried again a few times; the question stands in the conversation all the same."""

    def test_down_it_is_tried_again_and_given_up_after_five_times(
        self,
        settings: Settings,
        engine: sa.engine.Engine,
        asked: str,
        clock: FixedClock,
    ) -> None:
        loaded = load(mail_environment(settings.home, free_port()))
        assert loaded.email is not None
        nudger = Nudger(loaded, loaded.email, clock, engine, timeout=1.0)
        tries = 0
        for _ in range(5 * 24):
            before = nudge_state(engine)
            assert nudger.run_once() == 0
            tries += nudge_state(engine) != before
            clock.advance(hours=1)
        assert nudge_state(engine) == [("given_up", nudges.LAST_ATTEMPT)]
        assert tries >= nudges.LAST_ATTEMPT
        assert follow_up_state(engine, asked) == "asked"

    @pytest.mark.parametrize("where", ["refuse_rcpt", "refuse_data"])
    def test_refused_for_now_it_goes_later(
        self, nudger: Nudger, mailbox: Mailbox, asked: str, clock: FixedClock, where: str
    ) -> None:
        setattr(mailbox, where, "451 try again later")
        assert nudger.run_once() == 0
        setattr(mailbox, where, "")
        assert nudger.run_once() == 0, "not at once"
        clock.advance(minutes=6)
        assert nudger.run_once() == 1

    @pytest.mark.parametrize("where", ["refuse_rcpt", "refuse_data"])
    def test_refused_for_good_it_is_not_tried_again(
        self, nudger: Nudger, mailbox: Mailbox, engine: sa.engine.Engine, asked: str, clock: FixedClock, where: str
    ) -> None:
        setattr(mailbox, where, "550 no such user")
        assert nudger.run_once() == 0
        setattr(mailbox, where, "")
        clock.advance(hours=3)
        assert nudger.run_once() == 0
        assert nudge_state(engine) == [("given_up", 1)]
        assert follow_up_state(engine, asked) == "asked"

    def test_too_slow_counts_as_not_taken(
        self, nudger: Nudger, mailbox: Mailbox, engine: sa.engine.Engine, asked: str, clock: FixedClock
    ) -> None:
        mailbox.slow = 3
        assert nudger.run_once() == 0
        assert nudge_state(engine) == [("retry", 1)]
        assert follow_up_state(engine, asked) == "asked"

    def test_a_connection_that_breaks_after_the_last_word_may_have_sent_it_so_it_is_not_sent_again(
        self, nudger: Nudger, mailbox: Mailbox, asked: str, clock: FixedClock
    ) -> None:
        mailbox.break_after_data = True
        assert nudger.run_once() == 0
        mailbox.break_after_data = False
        clock.advance(hours=3)
        assert nudger.run_once() == 0
        assert len(mailbox.mails) == 1

    def test_a_crash_while_sending_sends_nothing_twice(
        self, nudger: Nudger, engine: sa.engine.Engine, cipher: schema.Cipher, asked: str, clock: FixedClock
    ) -> None:
        with engine.begin() as connection:
            assert len(nudges.claim_due(connection, cipher, clock.now(), HOUR)) == 1
        clock.advance(hours=2)
        assert nudger.run_once() == 0

    def test_two_dispatchers_send_one_mail(
        self, with_mail: Settings, clock: FixedClock, engine: sa.engine.Engine, mailbox: Mailbox, asked: str
    ) -> None:
        assert with_mail.email is not None
        both = [Nudger(with_mail, with_mail.email, clock, engine, timeout=5.0) for _ in range(2)]
        threads = [threading.Thread(target=one.run_once) for one in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert len(mailbox.mails) == 1


class TestTheAddress:
    def test_it_is_encrypted_and_goes_with_the_person(
        self, engine: sa.engine.Engine, settings: Settings, cipher: schema.Cipher, anna: str, clock: FixedClock
    ) -> None:
        agree(engine, cipher, anna, clock)
        raw = b"".join(path.read_bytes() for path in settings.home.glob("bondgenoot.db*"))
        assert b"anna.peeters" not in raw
        with engine.begin() as connection:
            assert addresses.find(connection, cipher, anna) == ADDRESS
            people.erase(connection, anna)
            assert connection.execute(sa.select(schema.address)).all() == []

    def test_an_offer_without_a_yes_is_gone_after_a_day(
        self, engine: sa.engine.Engine, cipher: schema.Cipher, anna: str, bram: str, clock: FixedClock
    ) -> None:
        agree(engine, cipher, anna, clock)
        with engine.begin() as connection:
            addresses.offer(connection, cipher, bram, "bram@example.org", clock.now())
            assert addresses.find(connection, cipher, bram) is None
            assert addresses.forget_offers(connection, clock.advance(hours=23)) == 0
            assert addresses.forget_offers(connection, clock.advance(hours=1)) == 1
            assert addresses.find(connection, cipher, anna) == ADDRESS

    def test_a_new_offer_renews_the_address_and_keeps_the_yes(
        self, engine: sa.engine.Engine, cipher: schema.Cipher, anna: str, clock: FixedClock
    ) -> None:
        agree(engine, cipher, anna, clock)
        with engine.begin() as connection:
            addresses.offer(connection, cipher, anna, "anna@example.com", clock.now())
            assert addresses.find(connection, cipher, anna) == "anna@example.com"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "anna",
            "anna@",
            "a@b@c.nl",
            "anna@example.org\nBcc: x@example.org",
            "a b@c.nl",
            "x" * 300 + "@c.nl",
            "<a@c.nl>",
        ],
    )
    def test_what_is_no_plain_address_is_not_kept(
        self, engine: sa.engine.Engine, cipher: schema.Cipher, anna: str, clock: FixedClock, text: str
    ) -> None:
        with engine.begin() as connection:
            assert not addresses.offer(connection, cipher, anna, text, clock.now())

    def test_an_offer_for_somebody_who_never_spoke_is_not_kept(
        self, engine: sa.engine.Engine, cipher: schema.Cipher, clock: FixedClock
    ) -> None:
        with engine.begin() as connection:
            assert not addresses.offer(connection, cipher, "nobody", ADDRESS, clock.now())

    def test_only_a_signed_link_ends_the_mails_and_only_those_of_its_person(
        self, engine: sa.engine.Engine, cipher: schema.Cipher, anna: str, bram: str, clock: FixedClock
    ) -> None:
        agree(engine, cipher, anna, clock)
        agree(engine, cipher, bram, clock)
        with engine.begin() as connection:
            query = sa.select(schema.address.c.id).where(schema.address.c.person_id == anna)
            address_id = connection.execute(query).scalar_one()
            for forged in (address_id, f"{address_id}.", addresses.sign("other key", address_id), "é.é", ""):
                assert not addresses.unsubscribe(connection, "key", forged)
            assert addresses.unsubscribe(connection, "key", addresses.sign("key", address_id))
            assert not addresses.unsubscribe(connection, "key", addresses.sign("key", address_id))
            assert addresses.find(connection, cipher, anna) is None
            assert addresses.find(connection, cipher, bram) == ADDRESS
