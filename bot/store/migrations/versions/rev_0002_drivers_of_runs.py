"""A run is driven by one replica at a time, and its frozen plan is written once."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ACTIVE = sa.text("status IN ('running', 'waiting', 'asking', 'paused', 'aborting')")


def upgrade() -> None:
    """From segments to versions and drivers; runs that wait go on."""
    op.create_table(
        "replicas",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("beats", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replicas")),
    )
    # Not in a batch: that would make the table anew, with the steps' references to it.
    op.execute("ALTER TABLE runs RENAME COLUMN segment TO version")
    op.add_column("runs", sa.Column("driver", sa.String(length=40), nullable=True))
    op.add_column("runs", sa.Column("plan", sa.JSON(), nullable=True))
    op.create_index("ix_runs_driver", "runs", ["driver"])
    op.drop_index("one_active_run", table_name="runs")
    op.create_index(
        "one_active_run",
        "runs",
        ["migration", "environment"],
        unique=True,
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    )
    _move_plans()


def _move_plans() -> None:
    runs = sa.table(
        "runs", sa.column("id", sa.String), sa.column("plan", sa.JSON), sa.column("body", sa.JSON)
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(runs.c.id, runs.c.body)).all():
        body = dict(row.body)
        plan = body.pop("plan")
        body["version"] = body.pop("segment")
        connection.execute(runs.update().where(runs.c.id == row.id).values(plan=plan, body=body))
