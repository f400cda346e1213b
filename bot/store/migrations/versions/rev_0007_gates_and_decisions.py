"""Gates and their evidence, what people state and decide, second factors, phases, and the cutover's items."""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import UtcTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """New tables; an incident's record says what it is of."""
    with op.batch_alter_table("incidents") as incidents:
        incidents.add_column(sa.Column("kind", sa.String(length=12), nullable=True))
    _of_gates()
    _of_people()
    _of_decisions()
    _of_the_bot()


def _of_gates() -> None:
    op.create_table(
        "gate_evaluations",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("migration", sa.String(length=60), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("passes", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_evaluations")),
    )
    op.create_index(
        "ix_gate_evaluations_of_a_migration", "gate_evaluations", ["migration", "at"], unique=False
    )
    op.create_table(
        "gate_reviews",
        sa.Column("migration", sa.String(length=60), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("due", UtcTime(), nullable=False),
        sa.Column("evaluation", sa.String(length=40), nullable=True),
        sa.Column("told_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("migration", "day", name=op.f("pk_gate_reviews")),
    )
    op.create_table(
        "metric_samples",
        sa.Column("migration", sa.String(length=60), nullable=False),
        sa.Column("signal", sa.String(length=60), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("migration", "signal", "at", name=op.f("pk_metric_samples")),
    )


def _of_people() -> None:
    op.create_table(
        "statements",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("migration", sa.String(length=60), nullable=False),
        sa.Column("gate", sa.String(length=60), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
    )
    op.create_index(
        "ix_statements_of_a_migration", "statements", ["migration", "gate", "criterion"], unique=False
    )
    op.create_index(
        "one_standing_statement",
        "statements",
        ["migration", "gate", "criterion", "item", "user_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "second_factors",
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcTime(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factors")),
    )


def _of_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("migration", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index("ix_decisions_of_a_migration", "decisions", ["migration", "asked_at"], unique=False)
    op.create_index(
        "one_open_decision",
        "decisions",
        ["migration"],
        unique=True,
        sqlite_where=sa.text("status IN ('asking', 'approving')"),
        postgresql_where=sa.text("status IN ('asking', 'approving')"),
    )
    op.create_table(
        "decision_approvals",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("void_at", UtcTime(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"]),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_approvals")),
    )
    op.create_index(
        "one_counting_approval",
        "decision_approvals",
        ["decision", "user_id"],
        unique=True,
        sqlite_where=sa.text("void_at IS NULL"),
        postgresql_where=sa.text("void_at IS NULL"),
    )
    op.create_table(
        "cutover_items",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("migration", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("due", UtcTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"]),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cutover_items")),
    )
    op.create_index("ix_cutover_items_open", "cutover_items", ["status", "due"], unique=False)
    op.create_table(
        "phase_moves",
        sa.Column("migration", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=60), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("migration", "number", name=op.f("pk_phase_moves")),
    )


def _of_the_bot() -> None:
    op.create_table(
        "reminders",
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "number", name=op.f("pk_reminders")),
    )
    op.create_table(
        "playbook_versions",
        sa.Column("migration", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", UtcTime(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("migration", "number", name=op.f("pk_playbook_versions")),
    )
    op.create_table(
        "audit_anchors",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_audit_anchors")),
    )
