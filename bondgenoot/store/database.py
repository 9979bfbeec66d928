"""Opening the database, and bringing its schema up to date."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bondgenoot.errors import StoreError
from bondgenoot.settings import ROOT

# Alembic announces its plugins at INFO in every process that imports it.
logging.getLogger("alembic").setLevel(logging.WARNING)

# A writer on SQLite waits this long for another one; a turn writes for a few milliseconds.
BUSY_SECONDS = 15


def connect(url: str) -> sa.engine.Engine:
    """An engine for the database at `url`; on SQLite in WAL mode with foreign keys on."""
    parsed = sa.engine.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True, future=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, future=True, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

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
        # A write lock from the first statement: read-then-write in one transaction cannot lose a race.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    sa.event.listen(engine, "connect", on_connect)
    sa.event.listen(engine, "begin", on_begin)
    return engine


def _alembic(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = url
    return config


def migrate(url: str) -> None:
    """Bring the schema to the newest version; does nothing when it is.

    Raises:
        StoreError: when the database cannot be opened, is no database, or is newer than this program.
    """
    config = _alembic(url)
    script = ScriptDirectory.from_config(config)
    engine = connect(url)
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    except sa.exc.DatabaseError as error:
        raise StoreError(
            f"The database cannot be opened: {error.orig}. Check BONDGENOOT_DATABASE_URL, or restore a backup."
        ) from error
    finally:
        engine.dispose()
    known = {revision.revision for revision in script.walk_revisions()}
    if current is not None and current not in known:
        raise StoreError(
            f"The database has schema version {current}, which this version of Bondgenoot does not know. "
            "It was written by a newer version: install that one, or restore a backup."
        )
    if current != script.get_current_head():
        command.upgrade(config, "head")
