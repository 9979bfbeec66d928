"""What the tests share: a home of their own, a clock they move, and a migrated database with somebody in it."""

from __future__ import annotations

import contextlib
import datetime
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import services
import sqlalchemy as sa
from cryptography.fernet import Fernet
from fixed_clock import FixedClock

from bondgenoot import settings as bondgenoot_settings
from bondgenoot.settings import Settings
from bondgenoot.store import commitments, people
from bondgenoot.store.database import connect, migrate
from bondgenoot.store.schema import Cipher

ANNA, BRAM = "anna", "bram"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """BONDGENOOT_HOME in a temporary folder; no other setting of the machine is seen."""
    for name in (
        *bondgenoot_settings.SETTINGS,
        "BONDGENOOT_AUTH_TOKEN",
        "BONDGENOOT_DATA_KEY",
        "BONDGENOOT_SESSION_KEY",
    ):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "home"
    monkeypatch.setenv("BONDGENOOT_HOME", str(folder))
    return folder


@pytest.fixture
def settings(home: Path) -> Settings:
    """The defaults, at home."""
    return bondgenoot_settings.load()


@pytest.fixture
def clock() -> FixedClock:
    """Monday 23 November 2026, 10:00 UTC."""
    return FixedClock()


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "bondgenoot.db"
    migrate(f"sqlite:///{path}")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="session")
def _migrated_postgres() -> Iterator[str]:
    """The name of a database to copy."""
    with services.postgres_url() as url:
        migrate(url)
        yield str(sa.engine.make_url(url).database)


# Tests of these files run on both databases, except those that are about SQLite's files.
ON_BOTH = {
    "test_store",
    "test_readers",
    "test_shared_sentences",
    "test_tracker_store",
    "test_the_dispatcher",
    "test_the_promise_is_kept",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is said about the store on SQLite and on PostgreSQL."""
    is_about_sqlite = metafunc.definition.get_closest_marker("sqlite") is not None
    if metafunc.module.__name__ in ON_BOTH and "database_url" in metafunc.fixturenames and not is_about_sqlite:
        metafunc.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, settings: Settings, _migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The URL of a database of this test's own, migrated, empty; a copy, because migrating takes longer."""
    settings.home.mkdir(parents=True)
    if getattr(request, "param", "sqlite") == "sqlite":
        (settings.home / "bondgenoot.db").write_bytes(_migrated_file.read_bytes())
        yield settings.database_url
        return
    with services.postgres_url(like=request.getfixturevalue("_migrated_postgres")) as url:
        monkeypatch.setenv("BONDGENOOT_DATABASE_URL", url)
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.engine.Engine]:
    """An engine on the test's own database."""
    opened = connect(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def cipher() -> Cipher:
    """A cipher with a key of its own."""
    return Cipher(Fernet.generate_key())


@pytest.fixture
def anna(engine: sa.engine.Engine, clock: FixedClock) -> str:
    """The id of a person who was here just now."""
    return _visit(engine, ANNA, clock.now())


@pytest.fixture
def bram(engine: sa.engine.Engine, clock: FixedClock) -> str:
    """The id of another person."""
    return _visit(engine, BRAM, clock.now())


def _visit(engine: sa.engine.Engine, person_id: str, now: datetime.datetime) -> str:
    with engine.begin() as connection:
        people.touch(connection, person_id, now)
    return person_id


@pytest.fixture
def promise(engine: sa.engine.Engine, cipher: Cipher, clock: FixedClock) -> Callable[..., str]:
    """Make a commitment for a person, to be asked about at a moment (default: now); returns its id."""

    def make(person_id: str, ask_at: datetime.datetime | None = None, what: str = "koffie drinken met het team") -> str:
        draft = commitments.Draft(what=what, due=clock.today())
        with engine.begin() as connection:
            return commitments.create(connection, cipher, person_id, draft, ask_at or clock.now(), clock.now())

    return make
