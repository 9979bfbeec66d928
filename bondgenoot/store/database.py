"""Opening the database, and bringing its schema up to date."""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bondgenoot.errors import StoreError
from bondgenoot.settings import ROOT

# A writer on SQLite waits this long for another one; a turn writes for a few milliseconds.
BUSY_SECONDS = 15

# For PostgreSQL. Together with pool_pre_ping: a database that went away and came back is noticed, not waited for.
POOL = {"pool_size": 10, "max_overflow": 10, "pool_timeout": 10, "pool_recycle": 1800, "pool_pre_ping": True}
CONNECTING = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "application_name": "bondgenoot",
}
# Two servers that start together on a new database migrate one after the other. Any number will do.
MIGRATION_LOCK = 7_302_611


def connect(url: str, **pool: Any) -> sa.engine.Engine:
    """An engine for the database at `url`; on SQLite in WAL mode with foreign keys on.

    `pool`: changes to POOL, in SQLAlchemy's terms; SQLite has no pool. Error texts hold no values.
    """
    parsed = sa.engine.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sa.create_engine(url, future=True, hide_parameters=True, connect_args=CONNECTING, **{**POOL, **pool})
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url,
        future=True,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )

    def on_connect(connection: Any, _record: Any) -> None:
        # pysqlite would begin transactions late and by itself; we begin them, see on_begin.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    def on_begin(connection: Any) -> None:
        # A write lock from the first statement: read-then-write in one transaction cannot lose a race. Who only
        # reads sees the last committed state and waits for nobody.
        is_reading = connection.get_execution_options().get(READING)
        connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")

    sa.event.listen(engine, "connect", on_connect)
    sa.event.listen(engine, "begin", on_begin)
    return engine


READING = "bondgenoot_reading"


def reader(engine: sa.engine.Engine) -> sa.engine.Engine:
    """The same database for transactions that only read."""
    return engine.execution_options(**{READING: True})


def insert_once(connection: sa.engine.Connection, table: sa.Table, **values: Any) -> bool:
    """Insert a row unless one with its key is there, also when another process inserts it at this moment.

    Returns whether it was inserted.
    """
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert
    return bool(connection.execute(insert(table).values(**values).on_conflict_do_nothing()).rowcount)


def id_of(person_id: str, what: str, message_id: str | None) -> str:
    """An id for a row that a message makes: the same for the same message, a new one where no message is known."""
    if not message_id:
        return uuid.uuid4().hex
    return hashlib.sha256("\0".join((person_id, what, message_id)).encode("utf-8", "replace")).hexdigest()[:32]


def migrate(url: str) -> None:
    """Bring the schema to the newest version; does nothing when it is. Processes that do this together take turns.

    Raises:
        StoreError: when the database cannot be opened, is no database, or is newer than this program.
    """
    # Alembic announces its plugins at INFO while it is imported, and only migrating needs it.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = url
    script = ScriptDirectory.from_config(config)
    engine = connect(url)
    try:
        with _migrating_alone(engine):
            with reader(engine).connect() as connection:
                current = MigrationContext.configure(connection).get_current_revision()
            known = {revision.revision for revision in script.walk_revisions()}
            if current is not None and current not in known:
                raise StoreError(
                    f"The database has schema version {current}, which this version of Bondgenoot does not know. "
                    "It was written by a newer version: install that one, or restore a backup."
                )
            if current != script.get_current_head():
                command.upgrade(config, "head")
    except sa.exc.DatabaseError as error:
        raise StoreError(
            f"The database cannot be opened: {error.orig}. Check BONDGENOOT_DATABASE_URL, or restore a backup."
        ) from error
    finally:
        engine.dispose()


@contextmanager
def _migrating_alone(engine: sa.engine.Engine) -> Iterator[None]:
    """Hold PostgreSQL's lock for it; on SQLite there is one server."""
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        yield
