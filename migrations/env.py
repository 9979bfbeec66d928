"""Alembic's entry point; run by bondgenoot.store.database.migrate, which passes the URL."""

from alembic import context

from bondgenoot.store import schema
from bondgenoot.store.database import connect

engine = connect(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=schema.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
engine.dispose()
