"""Alembic's entry: the caller gives an open connection in a transaction, and commits."""

import sqlalchemy as sa
from alembic import context

from bot.gateway.records.schedule_tables import timetables

# The one metadata of all tables, with both modules loaded.
METADATA = timetables.metadata
VERSION_TABLE = "gateway_version"
LOCK = 0x4861646972  # "Hadir"

connection: sa.Connection = context.config.attributes["connection"]
if connection.dialect.name == "postgresql":
    # Two replicas that start together would both create the tables.
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
context.configure(connection=connection, target_metadata=METADATA, version_table=VERSION_TABLE, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
