"""How far each person has read in their own conversation. A cursor counts messages; `log` names what it counts in."""

from __future__ import annotations

import sqlalchemy as sa

from bondgenoot.store import schema

COLUMNS = schema.read_cursor.c


def find(connection: sa.engine.Connection, conversation_id: str, log: str) -> int:
    """How many messages were read; 0 for a conversation that began anew."""
    row = connection.execute(
        sa.select(COLUMNS.cursor).where(COLUMNS.conversation_id == conversation_id, COLUMNS.log == log)
    ).first()
    return 0 if row is None else int(row.cursor)


def advance(connection: sa.engine.Connection, conversation_id: str, log: str, cursor: int) -> int:
    """Keep that `cursor` messages were read, unless more were already; returns how many were."""
    known = sa.and_(COLUMNS.conversation_id == conversation_id, COLUMNS.log == log)
    changed = connection.execute(
        sa.update(schema.read_cursor).where(known, COLUMNS.cursor < cursor).values(cursor=cursor)
    )
    if changed.rowcount:
        return cursor
    before = connection.execute(sa.select(COLUMNS.cursor).where(known)).first()
    if before is not None:
        return int(before.cursor)
    connection.execute(sa.delete(schema.read_cursor).where(COLUMNS.conversation_id == conversation_id))
    connection.execute(sa.insert(schema.read_cursor).values(conversation_id=conversation_id, log=log, cursor=cursor))
    return cursor
