"""The answers of `/switchback`: help and status."""

from collections.abc import Sequence

from bot.domain.messages.reconciliation import verdict_line
from bot.domain.messages.status import MigrationStatus, SummaryStatus
from bot.domain.run_purpose import noun
from bot.slack.blocks import counted, escape, moment
from bot.slack.views import follow_ups

HELP = (
    "*Switchback* reconciles a legacy system with the one that replaces it, and takes you back.\n"
    "`/reconcile &lt;migration&gt;` compares the two now and posts what differs\n"
    "`/reconcile &lt;migration&gt; &lt;check&gt; --rows` compares one check, or several, "
    "and shows the rows that differ\n"
    "`/reconcile &lt;migration&gt; summary` does it and tells it as the daily summary does\n"
    "`/rollback &lt;migration&gt;` asks what is wrong, shows what would be done, "
    "and does it when you confirm\n"
    "`/rollback &lt;migration&gt; dry-run [plan]` shows you alone what would be done; nothing is changed\n"
    "`/rollback &lt;migration&gt; rehearse [plan]` does it in the playbook's rehearsal environment\n"
    "`/gates &lt;migration&gt;` evaluates the gates of the cutover and shows what is missing\n"
    "`/cutover &lt;migration&gt;` says where the cutover stands, and how it is asked for\n"
    "`/switchback status` says what is going on\n"
    "`/switchback phase &lt;migration&gt;` says where it is, and what leaving it or going back takes\n"
    "`/switchback phase &lt;migration&gt; back` goes back to the phase before\n"
    "`/switchback discrepancies &lt;migration&gt;` lists what differs, with what was said of it\n"
    "Nothing is done before someone types the migration's name to confirm it."
)
# A status is folded after this many follow-ups of a migration.
_MOST_FOLLOW_UPS = 10
_DOES = {"running": "is running", "waiting": "waits", "asking": "has stopped and asks what to do"}


def usage(command: str, migrations: Sequence[str]) -> str:
    """How a command is typed."""
    known = ", ".join(migrations) or "none is loaded"
    more = {
        "/rollback": ", or behind it `dry-run [plan]` or `rehearse [plan]`",
        "/reconcile": ", or behind it checks by their ids, `--rows`, or `summary`",
    }.get(command, "")
    return f"Type `{command} &lt;migration&gt;`{more}. Migrations: {known}"


def status(migrations: Sequence[MigrationStatus]) -> str:
    """One paragraph a migration."""
    if not migrations:
        return "No migration is loaded. Set SWITCHBACK_PLAYBOOKS to a folder of playbooks."
    return "\n".join(_migration(migration) for migration in migrations)


def _daily(summary: SummaryStatus) -> str:
    when = "{date_short_pretty} {time}"
    last = f"last one {moment(summary.told_at, when)}" if summary.told_at else "none yet"
    clean = counted(summary.clean_days, "clean day")
    return f"daily summary: {last}, next {moment(summary.expected, when)} · {clean} in a row"


def _migration(status: MigrationStatus) -> str:
    lines = [f"*{escape(status.title)}* (`{status.migration}`), phase {status.phase}"]
    if status.reconciled is None or status.reconciled_at is None:
        lines.append(f"❔ never reconciled; type `/reconcile {status.migration}`")
    else:
        when = moment(status.reconciled_at, "{date_short_pretty} {time}")
        lines.append(f"{escape(verdict_line(status.migration, status.reconciled))} · {when}")
    if status.summary is not None:
        lines.append(_daily(status.summary))
    if status.walk is not None:
        stands = "waits for approvals" if status.walk.request else "is being decided"
        lines.append(f"⏳ a rollback {stands}, opened by {escape(status.walk.started_by.name)}")
    if status.run is not None:
        lines.append(
            f"⏳ a {noun(status.run.purpose)} {_DOES.get(status.run.status, status.run.status)}, "
            f"{status.run.progress()}"
        )
    if status.rehearsal is not None:
        by = escape(status.rehearsal.started_by.name)
        lines.append(f"⏳ a rehearsal in {escape(status.rehearsal.environment)} goes on, started by {by}")
    listed = status.follow_ups[:_MOST_FOLLOW_UPS]
    lines += [follow_ups.in_short(one) for one in listed]
    if len(status.follow_ups) > len(listed):
        rest = len(status.follow_ups) - len(listed)
        lines.append(f"… and {rest} more: `switchback follow-ups` at the terminal lists all")
    return "\n".join(lines)
