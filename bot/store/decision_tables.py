"""The tables of gates, of what people state and decide, and of the phases that come of it."""

import sqlalchemy as sa

from bot.store.columns import UtcTime, id_column, metadata

gate_evaluations = sa.Table(
    "gate_evaluations",
    metadata,
    id_column(),
    sa.Column("migration", sa.String(60), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("passes", sa.Boolean, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("cause", sa.String(120), nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
    sa.Index("ix_gate_evaluations_of_a_migration", "migration", "at"),
)

gate_reviews = sa.Table(
    "gate_reviews",
    metadata,
    sa.Column("migration", sa.String(60), primary_key=True),
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("due", UtcTime, nullable=False),
    sa.Column("evaluation", sa.String(40)),
    sa.Column("told_at", UtcTime),
)

metric_samples = sa.Table(
    "metric_samples",
    metadata,
    sa.Column("migration", sa.String(60), primary_key=True),
    sa.Column("signal", sa.String(60), primary_key=True),
    sa.Column("at", UtcTime, primary_key=True),
    sa.Column("body", sa.JSON, nullable=False),
)

statements = sa.Table(
    "statements",
    metadata,
    id_column(),
    sa.Column("migration", sa.String(60), nullable=False),
    sa.Column("gate", sa.String(60), nullable=False),
    sa.Column("criterion", sa.String(60), nullable=False),
    sa.Column("item", sa.String(60), nullable=False),
    sa.Column("user_id", sa.String(40), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("ended_at", UtcTime),
    sa.Column("body", sa.JSON, nullable=False),
    sa.Index("ix_statements_of_a_migration", "migration", "gate", "criterion"),
)
_standing = statements.c.ended_at.is_(None)
sa.Index(
    "one_standing_statement",
    statements.c.migration,
    statements.c.gate,
    statements.c.criterion,
    statements.c.item,
    statements.c.user_id,
    unique=True,
    sqlite_where=_standing,
    postgresql_where=_standing,
)

second_factors = sa.Table(
    "second_factors",
    metadata,
    sa.Column("user_id", sa.String(40), primary_key=True),
    sa.Column("seed", sa.Text, nullable=False),
    sa.Column("last_step", sa.BigInteger, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("locked_until", UtcTime),
    sa.Column("body", sa.JSON, nullable=False),
)

decisions = sa.Table(
    "decisions",
    metadata,
    id_column(),
    sa.Column("migration", sa.String(60), nullable=False),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("asked_at", UtcTime, nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
    sa.Index("ix_decisions_of_a_migration", "migration", "asked_at"),
)
_undecided = decisions.c.status.in_(["asking", "approving"])
sa.Index(
    "one_open_decision",
    decisions.c.migration,
    unique=True,
    sqlite_where=_undecided,
    postgresql_where=_undecided,
)

decision_approvals = sa.Table(
    "decision_approvals",
    metadata,
    id_column(),
    sa.Column("decision", sa.ForeignKey("decisions.id"), nullable=False),
    sa.Column("user_id", sa.String(40), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("void_at", UtcTime),
    sa.Column("body", sa.JSON, nullable=False),
)
_counting = decision_approvals.c.void_at.is_(None)
sa.Index(
    "one_counting_approval",
    decision_approvals.c.decision,
    decision_approvals.c.user_id,
    unique=True,
    sqlite_where=_counting,
    postgresql_where=_counting,
)

phase_moves = sa.Table(
    "phase_moves",
    metadata,
    sa.Column("migration", sa.String(60), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("phase", sa.String(60), nullable=False),
    sa.Column("since", UtcTime, nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
)

cutover_items = sa.Table(
    "cutover_items",
    metadata,
    id_column(),
    sa.Column("decision", sa.ForeignKey("decisions.id"), nullable=False),
    sa.Column("migration", sa.String(60), nullable=False),
    sa.Column("status", sa.String(12), nullable=False),
    sa.Column("due", UtcTime, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("reminded", sa.Integer, nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
    sa.Index("ix_cutover_items_open", "status", "due"),
)

reminders = sa.Table(
    "reminders",
    metadata,
    sa.Column("subject", sa.String(120), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
)

playbook_versions = sa.Table(
    "playbook_versions",
    metadata,
    sa.Column("migration", sa.String(60), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("loaded_at", UtcTime, nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
)

audit_anchors = sa.Table(
    "audit_anchors",
    metadata,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)
