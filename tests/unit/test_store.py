"""The database: what stands in its files, what erasing leaves, and how its schema is kept."""

from __future__ import annotations

import contextlib
import datetime
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from cryptography.fernet import Fernet
from fixed_clock import FixedClock

from bondgenoot.errors import StoreError
from bondgenoot.links import Link, Links
from bondgenoot.settings import ROOT, Settings
from bondgenoot.store import (
    addresses,
    channel_addresses,
    commitments,
    file_links,
    follow_ups,
    people,
    read_cursors,
    reflections,
    scans,
    schema,
    shared_sentences,
)
from bondgenoot.store.database import connect, migrate
from bondgenoot.store.schema import Cipher

Promise = Callable[..., str]

WORDS = {
    "what": "kwartaalcijfers bespreken",
    "with_whom": "verpleegkundige nachtdienst",
    "obstacle": "faalangst bij tegenspraak",
    "plan": "dan adem ik driemaal diep",
}
REFLECTION = "ik verschuil me achter cijfertjes"
LETTER = "jouw tekening verfrommeld"
CHANNEL = "D024BE91LKANAAL"
SHARED = "waar parkeer ik mijn bakfiets overdekt"
# The conversation log; components.tracker_store writes it and erases it when the turn is saved.
LOG = {"event", "snapshot", "read_cursor"}
# About a channel, and about no person.
OF_NOBODY = {"channel_reader"}


def everything(engine: sa.engine.Engine, cipher: Cipher, person_id: str, now: datetime.datetime) -> None:
    """One row or more in every product table."""
    with engine.begin() as connection:
        people.touch(connection, person_id, now)
        people.set_country(connection, person_id, "BE")
        draft = commitments.Draft(due=now.date(), confidence=8, practice_id="share_the_why", **WORDS)
        commitment_id = commitments.create(connection, cipher, person_id, draft, now, now)
        (row,) = follow_ups.of_commitment(connection, commitment_id)
        follow_ups.delivered(connection, row.id, now)
        commitments.renegotiate(connection, commitment_id, now.date(), now)
        people.note_seen(connection, person_id, "dilemma", "whose_plan", "shown", now)
        scans.add(connection, cipher, person_id, {"integrity": 3.5}, now)
        reflections.keep(connection, cipher, person_id, "dilemma", REFLECTION, now)
        addresses.offer(connection, cipher, person_id, "anna.peeters@example.org", now)
        addresses.agree(connection, person_id, now)
        connection.execute(sa.insert(schema.nudge).values(follow_up_id=row.id, state="sent", next_at=now))
        here = channel_addresses.person_key("sleutel", "slack", person_id)
        channel_addresses.remember(connection, cipher, here, "slack", {"channel": CHANNEL}, now)
        channel_addresses.change(connection, here, conversation_id=person_id)
        channel_addresses.new_code(connection, "sleutel", person_id, now)
        letter = Link("apology", person_id, text=LETTER)
        file_links.make(connection, cipher, Links("sleutel"), letter, now)
        shared_sentences.agree(connection, person_id, now)
        shared_sentences.keep(connection, cipher, person_id, SHARED, "greet", now)


def counts(engine: sa.engine.Engine) -> dict[str, int]:
    with engine.begin() as connection:
        return {
            table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar()
            for table in schema.metadata.sorted_tables
            if table.name not in LOG | OF_NOBODY
        }


def raw_files(settings: Settings) -> bytes:
    """The bytes of the database file, its write-ahead log and whatever else stands beside it."""
    return b"".join(path.read_bytes() for path in sorted(settings.home.glob("bondgenoot.db*")))


class TestEncryption:
    @pytest.mark.sqlite
    def test_what_a_person_writes_is_in_no_database_file(
        self, engine: sa.engine.Engine, settings: Settings, cipher: Cipher, clock: FixedClock
    ) -> None:
        with contextlib.closing(sqlite3.connect(settings.home / "bondgenoot.db")) as reader:
            reader.execute("SELECT count(*) FROM person").fetchone()  # an open reader keeps the write-ahead log
            everything(engine, cipher, "anna", clock.now())
            assert (settings.home / "bondgenoot.db-wal").stat().st_size > 0
            raw = raw_files(settings)
        assert b"share_the_why" in raw, "the test looks in the right files"
        assert json.dumps({"integrity": 3.5}).encode() not in raw
        for word in " ".join([*WORDS.values(), REFLECTION, CHANNEL, SHARED, LETTER]).split():
            if len(word) > 3:  # a shorter one can stand in encrypted text by chance
                assert word.encode() not in raw, word
                assert word.encode("utf-16-le") not in raw, word

    def test_what_a_person_writes_comes_back_word_for_word(
        self, engine: sa.engine.Engine, cipher: Cipher, anna: str, clock: FixedClock
    ) -> None:
        draft = commitments.Draft(what="één {stap} — \U0001f331\nen dan", due=clock.today(), plan="")
        with engine.begin() as connection:
            commitment_id = commitments.create(connection, cipher, anna, draft, clock.now(), clock.now())
            kept = commitments.find(connection, cipher, anna, commitment_id)
        assert kept is not None
        assert (kept.what, kept.with_whom, kept.plan) == (draft.what, "", "")
        assert (kept.state, kept.created, kept.closed, kept.due) == ("open", clock.now(), None, clock.today())

    def test_the_same_words_look_different_each_time(self, cipher: Cipher) -> None:
        assert cipher.seal("koffie") != cipher.seal("koffie")

    def test_another_key_is_an_error_that_says_what_to_do(
        self, engine: sa.engine.Engine, anna: str, promise: Promise
    ) -> None:
        promise(anna)
        with engine.begin() as connection, pytest.raises(StoreError, match="data_key"):
            commitments.of_person(connection, Cipher(Fernet.generate_key()), anna)

    def test_text_that_was_tampered_with_is_an_error(self, cipher: Cipher) -> None:
        sealed = bytearray(cipher.seal("koffie"))
        sealed[-5] ^= 1
        with pytest.raises(StoreError):
            cipher.open(bytes(sealed))


class TestErasure:
    def test_every_table_is_emptied_and_every_row_is_on_the_receipt(
        self, engine: sa.engine.Engine, cipher: Cipher, clock: FixedClock
    ) -> None:
        everything(engine, cipher, "anna", clock.now())
        before = counts(engine)
        assert all(before.values()), "a table without rows is not tested"
        with engine.begin() as connection:
            receipt = people.erase(connection, "anna")
        assert receipt == before
        assert set(counts(engine).values()) == {0}

    def test_other_people_keep_everything(self, engine: sa.engine.Engine, cipher: Cipher, clock: FixedClock) -> None:
        everything(engine, cipher, "bram", clock.now())
        before = counts(engine)
        everything(engine, cipher, "anna", clock.now())
        with engine.begin() as connection:
            people.erase(connection, "anna")
        assert counts(engine) == before

    def test_erasing_somebody_unknown_counts_nothing(self, engine: sa.engine.Engine) -> None:
        with engine.begin() as connection:
            assert set(people.erase(connection, "nobody").values()) == {0}

    def test_after_erasing_the_files_hold_nothing_sealed_of_this_person(
        self, engine: sa.engine.Engine, settings: Settings, cipher: Cipher, clock: FixedClock
    ) -> None:
        everything(engine, cipher, "anna", clock.now())
        with engine.begin() as connection:
            sealed = bytes(connection.execute(sa.select(schema.commitment.c.what)).scalar_one())
            people.erase(connection, "anna")
        engine.dispose()
        with contextlib.closing(sqlite3.connect(settings.home / "bondgenoot.db")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert sealed not in raw_files(settings)

    def test_half_an_erasure_does_not_exist(self, engine: sa.engine.Engine, cipher: Cipher, clock: FixedClock) -> None:
        everything(engine, cipher, "anna", clock.now())
        before = counts(engine)

        def turn_that_fails() -> None:
            with engine.begin() as connection:
                people.erase(connection, "anna")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            turn_that_fails()
        assert counts(engine) == before


class TestPeople:
    def test_the_first_visit_makes_a_person_and_the_next_moves_last_seen(
        self, engine: sa.engine.Engine, clock: FixedClock
    ) -> None:
        first = clock.now()
        with engine.begin() as connection:
            people.touch(connection, "anna", first)
            people.touch(connection, "anna", clock.advance(days=21))
            found = people.find(connection, "anna")
        assert found == people.Person("anna", None, first, clock.now(), False)

    def test_somebody_who_never_came_is_not_found(self, engine: sa.engine.Engine) -> None:
        with engine.begin() as connection:
            assert people.find(connection, "nobody") is None

    def test_country_and_pause_are_kept_for_one_person_only(
        self, engine: sa.engine.Engine, anna: str, bram: str
    ) -> None:
        with engine.begin() as connection:
            people.set_country(connection, anna, "NL")
            people.set_paused(connection, anna, True)
            mine, theirs = people.find(connection, anna), people.find(connection, bram)
        assert mine is not None
        assert theirs is not None
        assert ((mine.country, mine.paused), (theirs.country, theirs.paused)) == (("NL", True), (None, False))

    def test_what_was_seen_comes_back_oldest_first_by_kind_and_outcome(
        self, engine: sa.engine.Engine, anna: str, bram: str, clock: FixedClock
    ) -> None:
        with engine.begin() as connection:
            for kind, item, outcome in (
                ("practice", "one", "declined"),
                ("practice", "two", "taken"),
                ("dilemma", "three", "shown"),
            ):
                people.note_seen(connection, anna, kind, item, outcome, clock.now())
            people.note_seen(connection, bram, "practice", "four", "declined", clock.now())
            assert people.seen_items(connection, anna, "practice") == ["one", "two"]
            assert people.seen_items(connection, anna, "practice", "declined") == ["one"]
            assert people.seen_items(connection, anna, "dilemma", "finished", "shown") == ["three"]


class TestCommitmentsAndScans:
    def test_commitments_come_by_day_and_by_state(
        self, engine: sa.engine.Engine, cipher: Cipher, anna: str, clock: FixedClock
    ) -> None:
        ids = []
        with engine.begin() as connection:
            for days in (3, 1, 2):
                draft = commitments.Draft(what=str(days), due=clock.today() + datetime.timedelta(days=days))
                ids.append(commitments.create(connection, cipher, anna, draft, clock.now(), clock.now()))
            commitments.close(connection, ids[2], "not_done", clock.now())
            assert [item.what for item in commitments.of_person(connection, cipher, anna)] == ["1", "2", "3"]
            assert [item.what for item in commitments.of_person(connection, cipher, anna, "open")] == ["1", "3"]
            assert [item.what for item in commitments.of_person(connection, cipher, anna, "done", "not_done")] == ["2"]

    def test_scans_come_back_oldest_first_and_only_to_their_owner(
        self, engine: sa.engine.Engine, cipher: Cipher, anna: str, bram: str, clock: FixedClock
    ) -> None:
        later = clock.now() + datetime.timedelta(days=30)
        with engine.begin() as connection:
            scans.add(connection, cipher, anna, {"intent": 4.0}, later)
            scans.add(connection, cipher, anna, {"intent": 2.5}, clock.now())
            found = scans.of_person(connection, cipher, anna)
            assert scans.of_person(connection, cipher, bram) == []
        assert [(scan.at, scan.scores) for scan in found] == [(clock.now(), {"intent": 2.5}), (later, {"intent": 4.0})]

    def test_what_a_message_confirmed_is_kept_once_however_often_the_action_is_run(
        self, engine: sa.engine.Engine, cipher: Cipher, anna: str, bram: str, clock: FixedClock
    ) -> None:
        """An action server that dies between keeping and answering is asked again, or another one is."""
        draft = commitments.Draft(what="vragen", due=clock.today())
        made = []
        for person, message in [(anna, "m-1"), (anna, "m-1"), (anna, "m-2"), (bram, "m-1"), (anna, None), (anna, None)]:
            with engine.begin() as connection:
                made.append(
                    commitments.create(connection, cipher, person, draft, clock.now(), clock.now(), message_id=message)
                )
                scans.add(connection, cipher, person, {"intent": 3.0}, clock.now(), message_id=message)
        assert made[0] == made[1] and len(set(made)) == 5
        with engine.begin() as connection:
            for commitment_id in set(made):
                assert len(follow_ups.of_commitment(connection, commitment_id)) == 1
            assert len(commitments.of_person(connection, cipher, anna)) == 4
            assert len(scans.of_person(connection, cipher, anna)) == 4
            assert len(scans.of_person(connection, cipher, bram)) == 1

    def test_a_commitment_knows_how_often_it_was_moved(
        self, engine: sa.engine.Engine, anna: str, bram: str, promise: Promise, clock: FixedClock
    ) -> None:
        moved, _kept, theirs = promise(anna), promise(anna), promise(bram)
        with engine.begin() as connection:
            for commitment_id in (moved, moved, theirs):
                commitments.renegotiate(connection, commitment_id, clock.today(), clock.now())
            assert follow_ups.times_moved(connection, anna) == {moved: 2}


class TestReflections:
    def test_they_come_back_oldest_first_and_only_to_their_owner(
        self, engine: sa.engine.Engine, cipher: Cipher, anna: str, bram: str, clock: FixedClock
    ) -> None:
        with engine.begin() as connection:
            for text in ("eerst luisteren", "ik koos voor rust"):
                reflections.keep(connection, cipher, anna, "dilemma", text, clock.advance(days=1))
            found = reflections.of_person(connection, cipher, anna)
            assert reflections.of_person(connection, cipher, bram) == []
        assert [item.text for item in found] == ["eerst luisteren", "ik koos voor rust"]
        assert found[1].at == clock.now()

    def test_the_same_words_are_kept_once(
        self, engine: sa.engine.Engine, cipher: Cipher, anna: str, clock: FixedClock
    ) -> None:
        with engine.begin() as connection:
            first = reflections.keep(connection, cipher, anna, "dilemma", "eerst luisteren", clock.now())
            assert reflections.keep(connection, cipher, anna, "own_case", "eerst luisteren", clock.now()) == first
            assert len(reflections.of_person(connection, cipher, anna)) == 1

    def test_one_can_be_erased_by_its_owner_only(
        self, engine: sa.engine.Engine, cipher: Cipher, anna: str, bram: str, clock: FixedClock
    ) -> None:
        with engine.begin() as connection:
            first = reflections.keep(connection, cipher, anna, "dilemma", "een", clock.now())
            reflections.keep(connection, cipher, anna, "dilemma", "twee", clock.now())
            assert not reflections.drop(connection, bram, first)
            assert reflections.drop(connection, anna, first)
            assert not reflections.drop(connection, anna, first)
            (left,) = reflections.of_person(connection, cipher, anna)
        assert (left.text, left.number) == ("twee", 2), "the others keep their number"


class TestMoments:
    def test_a_moment_without_time_zone_is_refused(self, engine: sa.engine.Engine, clock: FixedClock) -> None:
        with pytest.raises(sa.exc.StatementError, match="without time zone"), engine.begin() as connection:
            people.touch(connection, "anna", clock.now().replace(tzinfo=None))

    def test_a_local_moment_comes_back_as_the_same_moment_in_utc(
        self, engine: sa.engine.Engine, clock: FixedClock
    ) -> None:
        # The second half past two of the night in which winter time begins.
        local = datetime.datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=clock.time_zone)
        with engine.begin() as connection:
            people.touch(connection, "anna", local)
            found = people.find(connection, "anna")
        assert found is not None
        assert found.created == datetime.datetime(2026, 10, 25, 1, 30, tzinfo=datetime.timezone.utc)
        assert found.created.tzinfo is datetime.timezone.utc


@pytest.mark.sqlite
class TestSqlite:
    @pytest.mark.parametrize(
        ("pragma", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2), ("secure_delete", 1)]
    )
    def test_every_connection_is_safe(self, engine: sa.engine.Engine, pragma: str, value: object) -> None:
        with engine.connect() as connection:
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value

    def test_the_folder_of_a_new_database_is_made(self, tmp_path: Path) -> None:
        engine = connect(f"sqlite:///{tmp_path / 'a' / 'b' / 'new.db'}")
        with engine.connect():
            assert (tmp_path / "a" / "b" / "new.db").exists()
        engine.dispose()

    def test_the_log_refuses_two_events_with_one_number(self, engine: sa.engine.Engine) -> None:
        entry = {"conversation_id": "anna", "seq": 1, "data": b"x"}
        with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
            connection.execute(sa.insert(schema.event), [entry, entry])


class TestMigrations:
    def test_migrating_twice_is_harmless(self, engine: sa.engine.Engine, database_url: str, clock: FixedClock) -> None:
        with engine.begin() as connection:
            people.touch(connection, "anna", clock.now())
        migrate(database_url)
        migrate(database_url)
        with engine.begin() as connection:
            assert people.find(connection, "anna") is not None

    def test_migrating_makes_a_database_where_there_is_none(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'new' / 'bondgenoot.db'}"
        migrate(url)
        engine = connect(url)
        assert {table.name for table in schema.metadata.sorted_tables} <= set(sa.inspect(engine).get_table_names())
        engine.dispose()

    def test_an_older_database_keeps_its_people_and_promises_and_its_words_open(
        self, tmp_path: Path, cipher: Cipher, clock: FixedClock
    ) -> None:
        """Made at revision 0001 by SQL of its own, as the program of that time would have written it."""
        url = f"sqlite:///{tmp_path / 'old.db'}"
        config = Config()
        config.set_main_option("script_location", str(ROOT / "migrations"))
        config.attributes["url"] = url
        command.upgrade(config, "0001")
        with contextlib.closing(sqlite3.connect(tmp_path / "old.db")) as old:
            now = "2026-11-23 10:00:00.000000"
            old.execute("INSERT INTO person VALUES ('anna', 'BE', 'nl', ?, ?, 1)", (now, now))
            old.execute(
                "INSERT INTO commitment (id, person_id, what, due, state, created) VALUES ('c1', 'anna', ?, ?, 'open', ?)",
                (cipher.seal("eerst luisteren"), "2026-11-24", now),
            )
            old.execute(
                "INSERT INTO follow_up (id, commitment_id, occurrence, due_at, state) VALUES ('f1', 'c1', 1, ?, 'pending')",
                (now,),
            )
            old.execute("INSERT INTO event (conversation_id, seq, data) VALUES ('anna', 1, ?)", (cipher.seal("hallo"),))
            old.commit()
        migrate(url)
        engine = connect(url)
        with engine.begin() as connection:
            person = people.find(connection, "anna")
            (kept,) = commitments.of_person(connection, cipher, "anna")
            (row,) = follow_ups.of_commitment(connection, "c1")
            (said,) = connection.execute(sa.select(schema.event.c.data)).scalars()
            people.set_paused(connection, "anna", False)
            assert [due.id for due in follow_ups.claim_due(connection, clock.now())] == ["f1"]
            assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
        engine.dispose()
        assert person == people.Person("anna", "BE", clock.now(), clock.now(), True)
        assert (kept.what, kept.due) == ("eerst luisteren", datetime.date(2026, 11, 24))
        assert (row.due_at, row.state) == (clock.now(), "pending")
        assert cipher.open(said) == "hallo"

    def test_a_database_of_a_newer_version_is_refused_in_one_clear_line(
        self, engine: sa.engine.Engine, database_url: str
    ) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(StoreError) as caught:
            migrate(database_url)
        text = str(caught.value)
        assert "9999" in text
        assert "newer version" in text
        assert "backup" in text
        assert "\n" not in text

    def test_a_file_that_is_no_database_is_a_clear_error(self, settings: Settings) -> None:
        settings.home.mkdir(parents=True)
        (settings.home / "bondgenoot.db").write_bytes(b"this is a letter and not a database\n" * 100)
        with pytest.raises(StoreError):
            migrate(settings.database_url)

    def test_a_database_that_cannot_be_opened_is_a_clear_error(self, tmp_path: Path) -> None:
        (tmp_path / "folder.db").mkdir()
        with pytest.raises(StoreError, match="BONDGENOOT_DATABASE_URL"):
            migrate(f"sqlite:///{tmp_path / 'folder.db'}")

    def test_the_migrations_make_exactly_the_tables_of_the_program(self, engine: sa.engine.Engine) -> None:
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "compare_server_default": True}
            )
            assert compare_metadata(context, schema.metadata) == []

    @pytest.mark.sqlite  # PostgreSQL writes its checks in words of its own
    def test_the_checks_and_keys_that_alembic_does_not_compare_are_equal_too(
        self, engine: sa.engine.Engine, tmp_path: Path
    ) -> None:
        fresh = connect(f"sqlite:///{tmp_path / 'fresh.db'}")
        schema.metadata.create_all(fresh)
        for table in schema.metadata.sorted_tables:
            for look in ("get_check_constraints", "get_unique_constraints", "get_foreign_keys", "get_pk_constraint"):
                migrated = getattr(sa.inspect(engine), look)(table.name)
                assert migrated == getattr(sa.inspect(fresh), look)(table.name), f"{look} of {table.name}"
        fresh.dispose()


class TestReadCursors:
    def test_it_goes_forward_only_and_belongs_to_a_log(self, engine: sa.engine.Engine) -> None:
        with engine.begin() as connection:
            assert read_cursors.find(connection, "anna", "1") == 0
            assert [read_cursors.advance(connection, "anna", "1", cursor) for cursor in (3, 2, 5)] == [3, 3, 5]
            assert read_cursors.find(connection, "anna", "1") == 5
            assert read_cursors.find(connection, "anna", "2") == 0
            assert read_cursors.advance(connection, "anna", "2", 1) == 1
            assert read_cursors.find(connection, "anna", "1") == 0

    def test_it_is_erased_with_the_conversation_and_no_other(self, engine: sa.engine.Engine) -> None:
        with engine.begin() as connection:
            for person in ("anna", "bram"):
                read_cursors.advance(connection, person, "1", 4)
            people.erase_conversation(connection, "anna")
            assert read_cursors.find(connection, "anna", "1") == 0
            assert read_cursors.find(connection, "bram", "1") == 4


def test_two_conversations_that_turn_out_to_be_of_one_person_become_one(
    engine: sa.engine.Engine, cipher: Cipher, clock: FixedClock
) -> None:
    for person_id in ("anna", "bram"):
        everything(engine, cipher, person_id, clock.now())
    with engine.begin() as connection:
        people.merge(connection, "bram", "anna", clock.now())
        assert len(commitments.of_person(connection, cipher, "anna")) == 2
        assert len(scans.of_person(connection, cipher, "anna")) == 2
        assert [kept.number for kept in reflections.of_person(connection, cipher, "anna")] == [1, 2]
        assert people.find(connection, "bram") is None
        assert people.seen_items(connection, "anna", "dilemma") == ["whose_plan", "whose_plan"]
