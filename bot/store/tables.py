"""The tables of incidents and runs, and of what all else rests on. DBOS keeps its own beside them."""

import sqlalchemy as sa

from bot.store.columns import UtcTime, id_column, metadata

incidents = sa.Table(
    "incidents",
    metadata,
    id_column(),
    sa.Column("migration", sa.String(60), nullable=False),
    sa.Column("environment", sa.String(60), nullable=False),
    sa.Column("channel", sa.String(81), nullable=False),
    sa.Column("opened_at", UtcTime, nullable=False),
    sa.Column("opened_by", sa.JSON, nullable=False),
    sa.Column("severity", sa.String(2)),
    sa.Column("closed_at", UtcTime),
    sa.Column("kind", sa.String(12)),
)

walks = sa.Table(
    "walks",
    metadata,
    id_column(),
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
    id_column(),
    sa.Column("walk", sa.String(40), nullable=False, index=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("made_at", UtcTime, nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
)

runs = sa.Table(
    "runs",
    metadata,
    id_column(),
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
    id_column(),
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
    id_column(),
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
    id_column(),
    sa.Column("beats", sa.Integer, nullable=False),
)

follow_ups = sa.Table(
    "follow_ups",
    metadata,
    id_column(),
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
    id_column(),
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
