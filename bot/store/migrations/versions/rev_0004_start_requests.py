"""Rollbacks that wait for approvals, and reviews of those that one person started alone."""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import UtcTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Three tables more; nothing that is there changes."""
    op.create_table(
        "start_requests",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("walk", sa.String(length=40), nullable=False),
        sa.Column("preview", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["walk"], ["walks.id"]),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_start_requests")),
    )
    op.create_index(op.f("ix_start_requests_walk"), "start_requests", ["walk"])
    op.create_index(
        "one_open_start_request",
        "start_requests",
        ["walk"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "approvals",
        sa.Column("request", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["request"], ["start_requests.id"]),
        sa.PrimaryKeyConstraint("request", "user_id", name=op.f("pk_approvals")),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("run", sa.String(length=40), nullable=False),
        sa.Column("migration", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("broken_by", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", UtcTime(), nullable=False),
        sa.Column("closed_by", sa.JSON(), nullable=True),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"]),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("run", name=op.f("uq_reviews_run")),
    )
