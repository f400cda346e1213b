"""Rehearsals of rollbacks."""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import UtcTime

revision = "0005"
down_revision = "0004"

_GOING_ON = sa.text("status != 'ended'")


def upgrade() -> None:
    """A table of rehearsals, of which one at a time goes on in an environment."""
    op.create_table(
        "rehearsals",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("incident", sa.String(length=40), nullable=False),
        sa.Column("migration", sa.String(length=60), nullable=False),
        sa.Column("environment", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"]),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsals")),
    )
    op.create_index(
        "one_active_rehearsal",
        "rehearsals",
        ["migration", "environment"],
        unique=True,
        sqlite_where=_GOING_ON,
        postgresql_where=_GOING_ON,
    )
