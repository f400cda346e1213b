"""Every table of ours, in one file so that they are read together. DBOS keeps its own beside them."""

import sqlalchemy as sa

from bot.store.columns import UtcTime, metadata


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.String(40), primary_key=True)


incidents = sa.Table(
    "incidents",
    metadata,
    _id(),
    sa.Column("migration", sa.String(60), nullable=False),
    sa.Column("environment", sa.String(60), nullable=False),
    sa.Column("channel", sa.String(81), nullable=False),
    sa.Column("opened_at", UtcTime, nullable=False),
    sa.Column("opened_by", sa.JSON, nullable=False),
    sa.Column("severity", sa.String(2)),
    sa.Column("closed_at", UtcTime),
)

walks = sa.Table(
    "walks",
    metadata,
    _id(),
    sa.Column("incident", sa.ForeignKey("incidents.id"), nullable=False),
    sa.Column("migration", sa.String(60), nullable=False),
    sa.Column("environment", sa.String(60), nullable=False),
    sa.Column("status", sa.String(12), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
)
_open_walk = walks.c.status.in_(["asking", "concluded"])
sa.Index(
    "one_open_walk",
    walks.c.migration,
    walks.c.environment,
    unique=True,
    sqlite_where=_open_walk,
    postgresql_where=_open_walk,
)

previews = sa.Table(
    "previews",
    metadata,
    _id(),
    sa.Column("walk", sa.String(40), nullable=False, index=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("made_at", UtcTime, nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
)

runs = sa.Table(
    "runs",
    metadata,
    _id(),
    sa.Column("incident", sa.ForeignKey("incidents.id"), nullable=False),
    sa.Column("migration", sa.String(60), nullable=False),
    sa.Column("environment", sa.String(60), nullable=False),
    sa.Column("status", sa.String(12), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("driver", sa.String(40)),
    sa.Column("confirmed_at", UtcTime, nullable=False),
    sa.Column("ended_at", UtcTime),
    sa.Column("plan", sa.JSON),
    sa.Column("body", sa.JSON, nullable=False),
)
sa.Index("ix_runs_driver", runs.c.driver)
_active_run = runs.c.status.in_(["running", "waiting", "asking", "paused", "aborting"])
sa.Index(
    "one_active_run",
    runs.c.migration,
    runs.c.environment,
    unique=True,
    sqlite_where=_active_run,
    postgresql_where=_active_run,
)

run_steps = sa.Table(
    "run_steps",
    metadata,
    sa.Column("run", sa.ForeignKey("runs.id"), primary_key=True),
    sa.Column("step", sa.String(60), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("status", sa.String(12), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
)

start_requests = sa.Table(
    "start_requests",
    metadata,
    _id(),
    sa.Column("walk", sa.ForeignKey("walks.id"), nullable=False, index=True),
    sa.Column("preview", sa.String(40), nullable=False),
    sa.Column("status", sa.String(12), nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
)
_open_request = start_requests.c.status == "open"
sa.Index(
    "one_open_start_request",
    start_requests.c.walk,
    unique=True,
    sqlite_where=_open_request,
    postgresql_where=_open_request,
)

approvals = sa.Table(
    "approvals",
    metadata,
    sa.Column("request", sa.ForeignKey("start_requests.id"), primary_key=True),
    sa.Column("user_id", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)

reviews = sa.Table(
    "reviews",
    metadata,
    _id(),
    sa.Column("run", sa.ForeignKey("runs.id"), nullable=False, unique=True),
    sa.Column("migration", sa.String(60), nullable=False),
    sa.Column("role", sa.String(60), nullable=False),
    sa.Column("broken_by", sa.JSON, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("opened_at", UtcTime, nullable=False),
    sa.Column("closed_by", sa.JSON),
    sa.Column("closed_at", UtcTime),
    sa.Column("note", sa.Text, nullable=False),
)

replicas = sa.Table(
    "replicas",
    metadata,
    _id(),
    sa.Column("beats", sa.Integer, nullable=False),
)

follow_ups = sa.Table(
    "follow_ups",
    metadata,
    _id(),
    sa.Column("incident", sa.ForeignKey("incidents.id"), nullable=False),
    sa.Column("run", sa.ForeignKey("runs.id"), nullable=False),
    sa.Column("migration", sa.String(60), nullable=False),
    sa.Column("status", sa.String(12), nullable=False),
    sa.Column("due", UtcTime, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("reminded", sa.Integer, nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
    sa.Index("ix_follow_ups_open", "status", "due"),
)

rehearsals = sa.Table(
    "rehearsals",
    metadata,
    _id(),
    sa.Column("incident", sa.ForeignKey("incidents.id"), nullable=False),
    sa.Column("migration", sa.String(60), nullable=False),
    sa.Column("environment", sa.String(60), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("started_at", UtcTime, nullable=False),
    sa.Column("ended_at", UtcTime),
    sa.Column("body", sa.JSON, nullable=False),
)
_going_on = rehearsals.c.status != "ended"
sa.Index(
    "one_active_rehearsal",
    rehearsals.c.migration,
    rehearsals.c.environment,
    unique=True,
    sqlite_where=_going_on,
    postgresql_where=_going_on,
)

reconciliations = sa.Table(
    "reconciliations",
    metadata,
    _id(),
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
    _id(),
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

timeline = sa.Table(
    "timeline",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("incident", sa.ForeignKey("incidents.id"), nullable=False, index=True),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("actor", sa.String(120), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("actor", sa.String(120), nullable=False),
    sa.Column("kind", sa.String(60), nullable=False),
    sa.Column("subject", sa.String(120), nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
)

audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("channel", sa.String(81), nullable=False),
    sa.Column("way", sa.String(8), nullable=False),
    sa.Column("subject", sa.String(120), nullable=False),
    sa.Column("thread", sa.String(120)),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("status", sa.String(8), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("not_before", UtcTime),
    sa.Column("problem", sa.Text),
    sa.Index("ix_outbox_due", "status", "channel", "number"),
)

message_places = sa.Table(
    "message_places",
    metadata,
    sa.Column("subject", sa.String(120), primary_key=True),
    sa.Column("channel_id", sa.String(40), nullable=False),
    sa.Column("ts", sa.String(40), nullable=False),
)

channel_leases = sa.Table(
    "channel_leases",
    metadata,
    sa.Column("channel", sa.String(81), primary_key=True),
    sa.Column("owner", sa.String(40), nullable=False),
    sa.Column("until", UtcTime, nullable=False),
)

role_copies = sa.Table(
    "role_copies",
    metadata,
    sa.Column("usergroup", sa.String(120), primary_key=True),
    sa.Column("users", sa.JSON, nullable=False),
    sa.Column("read_at", UtcTime, nullable=False),
)
