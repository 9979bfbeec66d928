"""Copying the SQLite database while it is in use, and putting a copy back. Keys are never in a backup."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from bondgenoot import keys
from bondgenoot.errors import StoreError
from bondgenoot.settings import Settings
from bondgenoot.store import schema
from bondgenoot.store.database import migrate

# Pages at a time, so that a conversation that writes meanwhile waits no longer than one such step.
PAGES = 500
TABLES = {"alembic_version", "person", "commitment", "follow_up", "event"}


def backup(settings: Settings, file: Path) -> int:
    """Copy the database to `file`, which may not exist yet, readable by its owner only; returns its size in bytes.

    The copy is the database at one moment, also while conversations write to it.

    Raises:
        StoreError: no SQLite, no database, no place to write, or something stands there already.
    """
    source = _database_file(settings)
    if not source.is_file():
        raise StoreError(f"There is no database at {source} to copy.")
    if file.exists():
        raise StoreError(f"{file} exists already; a backup overwrites nothing. Give another name.")
    try:
        with _unfinished(file) as copy:
            with contextlib.closing(_open(source)) as live, contextlib.closing(sqlite3.connect(copy)) as made:
                live.backup(made, pages=PAGES, sleep=0.005)
            os.link(copy, file)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"The backup was not made: {error}.") from error
    return file.stat().st_size


def restore(settings: Settings, file: Path) -> None:
    """Put the database of `file` in place of the present one, which is kept beside it with `.before-restore`.

    Bondgenoot must not run. The data key of the backup has to be in place; words of another one are refused.

    Raises:
        StoreError: no such file, no whole database of Bondgenoot, the wrong key, or a database in use.
    """
    target = _database_file(settings)
    if not file.is_file():
        raise StoreError(f"There is no file {file}.")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _unfinished(target) as copy:
            with contextlib.closing(_open(file)) as kept, contextlib.closing(sqlite3.connect(copy)) as made:
                kept.backup(made)
                _check(made, file, keys.data_key(settings.home))
            migrate(f"sqlite:///{copy}")
            with contextlib.closing(sqlite3.connect(copy)) as made:
                made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                made.execute("PRAGMA journal_mode=DELETE")
            if target.exists():
                _set_aside(target)
            os.replace(copy, target)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"Nothing was restored: {error}.") from error


def _set_aside(target: Path) -> None:
    """Rename the present database, after everything of its write-ahead log is in it.

    Raises:
        StoreError: when a process has it open.
    """
    with contextlib.closing(_open(target)) as present:
        present.execute("PRAGMA busy_timeout=0")
        try:
            # Only a connection that is alone may leave WAL.
            (mode,) = present.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError:
            mode = "wal"
    if mode != "delete":
        raise StoreError("The database is in use. Stop Bondgenoot first, then restore.")
    os.replace(target, target.with_name(target.name + ".before-restore"))


def _check(connection: sqlite3.Connection, file: Path, key: bytes) -> None:
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    whole = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    if not tables >= TABLES or not whole:
        raise StoreError(f"{file} is no whole database of Bondgenoot.")
    for query in ("SELECT what FROM commitment LIMIT 1", "SELECT data FROM event LIMIT 1"):
        for (sealed,) in connection.execute(query):
            schema.Cipher(key).open(sealed)


def _database_file(settings: Settings) -> Path:
    url = sa.engine.make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise StoreError(
            "This command is for SQLite. For PostgreSQL use pg_dump and pg_restore; see docs/operators.md."
        )
    return Path(url.database)


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", timeout=15, uri=True)


@contextlib.contextmanager
def _unfinished(beside: Path) -> Iterator[Path]:
    """A file in a folder of its own beside `beside`, for its owner only; gone afterwards unless it was moved."""
    with tempfile.TemporaryDirectory(dir=beside.parent, prefix=".bondgenoot-") as folder:
        file = Path(folder) / "copy.db"
        file.touch(mode=0o600)
        yield file
