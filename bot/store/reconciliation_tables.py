"""The tables of reconciliations: what was asked for and found, day by day, and what is known of it."""

import sqlalchemy as sa

from bot.store.columns import UtcTime, id_column, metadata

reconciliations = sa.Table(
    "reconciliations",
    metadata,
    id_column(),
    sa.Column("migration", sa.String(60), nullable=False),
    sa.Column("channel", sa.String(81), nullable=False),
    sa.Column("asked_by", sa.JSON, nullable=False),
    sa.Column("status", sa.String(12), nullable=False),
    sa.Column("started_at", UtcTime, nullable=False),
    sa.Column("ended_at", UtcTime),
    sa.Column("playbook_digest", sa.String(64), nullable=False),
    sa.Column("body", sa.JSON),
    sa.Column("scope", sa.JSON(none_as_null=True)),
    sa.Column("day", sa.String(10)),
    sa.Column("show_rows", sa.Boolean),
    sa.Column("alive_at", UtcTime),
    sa.Column("ended_by", sa.JSON(none_as_null=True)),
    sa.Index("ix_reconciliations_latest", "migration", "ended_at"),
)
_told_of = sa.and_(reconciliations.c.status == "running", reconciliations.c.channel != "")
sa.Index(
    "one_running_reconciliation",
    reconciliations.c.migration,
    unique=True,
    sqlite_where=_told_of,
    postgresql_where=_told_of,
)

row_differences = sa.Table(
    "row_differences",
    metadata,
    sa.Column("reconciliation", sa.ForeignKey("reconciliations.id"), primary_key=True),
    sa.Column("check_id", sa.String(60), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
)

row_requests = sa.Table(
    "row_requests",
    metadata,
    sa.Column("reconciliation", sa.ForeignKey("reconciliations.id"), primary_key=True),
    sa.Column("check_id", sa.String(60), primary_key=True),
    sa.Column("asked_for", sa.String(120), primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("by_name", sa.String(120), nullable=False),
)

check_history = sa.Table(
    "check_history",
    metadata,
    sa.Column("reconciliation", sa.ForeignKey("reconciliations.id"), primary_key=True),
    sa.Column("check_id", sa.String(60), primary_key=True),
    sa.Column("migration", sa.String(60), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("status", sa.String(12), nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
    sa.Index("ix_check_history_of_a_check", "migration", "check_id", "at"),
)

summaries = sa.Table(
    "summaries",
    metadata,
    sa.Column("migration", sa.String(60), primary_key=True),
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("status", sa.String(12), nullable=False),
    sa.Column("due", UtcTime, nullable=False),
    sa.Column("reconciliation", sa.String(40)),
    sa.Column("told_at", UtcTime),
    sa.Column("body", sa.JSON, nullable=False),
)

discrepancies = sa.Table(
    "discrepancies",
    metadata,
    id_column(),
    sa.Column("migration", sa.String(60), nullable=False),
    sa.Column("check_id", sa.String(60), nullable=False),
    sa.Column("name", sa.String(300), nullable=False),
    sa.Column("status", sa.String(12), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("first_seen", UtcTime, nullable=False),
    sa.Column("last_seen", UtcTime, nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
    sa.UniqueConstraint("migration", "check_id", "name", name="one_discrepancy"),
    sa.Index("ix_discrepancies_open", "migration", "status"),
)

discrepancy_notes = sa.Table(
    "discrepancy_notes",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("discrepancy", sa.ForeignKey("discrepancies.id"), nullable=False, index=True),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("actor", sa.String(120), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)
