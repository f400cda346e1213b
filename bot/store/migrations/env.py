"""Alembic's entry: runs the migrations on the connection it is given."""

from alembic import context

import bot.store.decision_tables
import bot.store.reconciliation_tables
import bot.store.tables  # noqa: F401 - it lists the others
from bot.store.columns import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
