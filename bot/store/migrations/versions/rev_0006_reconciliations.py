"""Reconciliations by row, by day and in part; summaries, the history of checks, and discrepancies."""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import UtcTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """New tables beside reconciliations, which learn what they were of."""
    with op.batch_alter_table("reconciliations") as reconciliations:
        reconciliations.add_column(sa.Column("scope", sa.JSON(), nullable=True))
        reconciliations.add_column(sa.Column("day", sa.String(length=10), nullable=True))
        reconciliations.add_column(sa.Column("show_rows", sa.Boolean(), nullable=True))
        reconciliations.add_column(sa.Column("alive_at", UtcTime(), nullable=True))
        reconciliations.add_column(sa.Column("ended_by", sa.JSON(), nullable=True))
    _of_a_reconciliation()
    _of_a_migration()


def _of_a_reconciliation() -> None:
    op.create_table(
        "row_differences",
        sa.Column("reconciliation", sa.String(length=40), nullable=False),
        sa.Column("check_id", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["reconciliation"], ["reconciliations.id"]),
        sa.PrimaryKeyConstraint("reconciliation", "check_id", "position", name=op.f("pk_row_differences")),
    )
    op.create_table(
        "row_requests",
        sa.Column("reconciliation", sa.String(length=40), nullable=False),
        sa.Column("check_id", sa.String(length=60), nullable=False),
        sa.Column("asked_for", sa.String(length=120), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["reconciliation"], ["reconciliations.id"]),
        sa.PrimaryKeyConstraint("reconciliation", "check_id", "asked_for", name=op.f("pk_row_requests")),
    )
    op.create_table(
        "check_history",
        sa.Column("reconciliation", sa.String(length=40), nullable=False),
        sa.Column("check_id", sa.String(length=60), nullable=False),
        sa.Column("migration", sa.String(length=60), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["reconciliation"], ["reconciliations.id"]),
        sa.PrimaryKeyConstraint("reconciliation", "check_id", name=op.f("pk_check_history")),
    )
    op.create_index("ix_check_history_of_a_check", "check_history", ["migration", "check_id", "at"])


def _of_a_migration() -> None:
    op.create_table(
        "summaries",
        sa.Column("migration", sa.String(length=60), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("due", UtcTime(), nullable=False),
        sa.Column("reconciliation", sa.String(length=40), nullable=True),
        sa.Column("told_at", UtcTime(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("migration", "day", name=op.f("pk_summaries")),
    )
    op.create_table(
        "discrepancies",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("migration", sa.String(length=60), nullable=False),
        sa.Column("check_id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("first_seen", UtcTime(), nullable=False),
        sa.Column("last_seen", UtcTime(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discrepancies")),
        sa.UniqueConstraint("migration", "check_id", "name", name="one_discrepancy"),
    )
    op.create_index("ix_discrepancies_open", "discrepancies", ["migration", "status"])
    op.create_table(
        "discrepancy_notes",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("discrepancy", sa.String(length=40), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["discrepancy"], ["discrepancies.id"]),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_discrepancy_notes")),
    )
    op.create_index(op.f("ix_discrepancy_notes_discrepancy"), "discrepancy_notes", ["discrepancy"])
