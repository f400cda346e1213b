"""`switchback follow-ups`: what is still to be done after rollbacks, and about cutovers."""

from datetime import timedelta
from typing import Annotated

import typer

from bot.domain.follow_up import ScheduledFollowUp
from bot.domain.messages.timeline import in_utc
from bot.domain.quantities import format_duration, parse_duration
from bot.system import SystemClock
from bot.terminal.account import account
from bot.terminal.ending import FINDING, Json, ended, joined, reading, say_json, steering

app = typer.Typer(
    help="What is still to be done after rollbacks, and about cutovers.", invoke_without_command=True
)
FollowUpId = Annotated[str, typer.Argument(help="The follow-up's id.")]


def _duration(text: str) -> timedelta:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


@app.callback()
def listing(
    context: typer.Context,
    migration: Annotated[str | None, typer.Option(help="Only of this migration.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Those that are done as well.")] = False,
    as_json: Json = False,
) -> None:
    """List open follow-ups, the first due first. Exit status 1 when one is late."""
    if context.invoked_subcommand is not None:
        return
    found = ended(_found(migration, everything=everything), as_json=as_json)
    if as_json:
        say_json([_body(one) for one in found])
    elif not found:
        which = "has been planned yet" if everything else "is open"
        typer.echo(f"No follow-up{f' of {migration}' if migration else ''} {which}.")
    for one in found if not as_json else ():
        typer.echo(_line(one))
    if any(_seconds_late(one) for one in found):
        raise typer.Exit(FINDING)


@app.command("done")
def done(follow_up_id: FollowUpId, as_json: Json = False) -> None:
    """Mark one as done."""
    _tell(ended(_done(follow_up_id), as_json=as_json), as_json=as_json)


@app.command("move")
def move(
    follow_up_id: FollowUpId,
    later: Annotated[
        timedelta,
        typer.Option("--by", parser=_duration, metavar="DURATION", help="How much later, such as 4h."),
    ],
    reason: Annotated[str, typer.Option(help="Why; it is written into the timeline.")],
    as_json: Json = False,
) -> None:
    """Move one to a later time, counted from now when it is late."""
    _tell(ended(_move(follow_up_id, later, reason), as_json=as_json), as_json=as_json)


@app.command("assess")
def assess(
    follow_up_id: FollowUpId,
    outcome: Annotated[
        str, typer.Option(help="How the cutover's day went; it is written into the timeline.")
    ],
    problems: Annotated[bool, typer.Option("--problems", help="It went with problems.")] = False,
    as_json: Json = False,
) -> None:
    """Assess the day of a cutover; the grace period begins with it."""
    assessing = _assess(follow_up_id, outcome, went_well=not problems)
    _tell(ended(assessing, as_json=as_json), as_json=as_json)


async def _found(migration: str | None, *, everything: bool) -> tuple[ScheduledFollowUp, ...]:
    async with reading() as tx:
        return await (tx.follow_ups.all(migration) if everything else tx.follow_ups.open(migration))


async def _done(follow_up_id: str) -> ScheduledFollowUp:
    async with joined() as switchback:
        one = await switchback.services.follow_ups.get(follow_up_id)
        actor = account(switchback.services.catalog, one.migration)
        return await switchback.services.follow_ups.done(follow_up_id, actor=actor)


async def _move(follow_up_id: str, later: timedelta, reason: str) -> ScheduledFollowUp:
    async with joined() as switchback:
        follow_ups = switchback.services.follow_ups
        one = await follow_ups.get(follow_up_id)
        actor = account(switchback.services.catalog, one.migration)
        return await follow_ups.move(
            follow_up_id, version=one.version, later=later, reason=reason, actor=actor
        )


async def _assess(follow_up_id: str, outcome: str, *, went_well: bool) -> ScheduledFollowUp:
    async with steering() as switchback:
        services = switchback.services
        one = await services.follow_ups.get(follow_up_id)
        actor = account(services.catalog, one.migration)
        await services.assessments.assess(follow_up_id, went_well=went_well, text=outcome, actor=actor)
        return await services.follow_ups.get(follow_up_id)


def _tell(one: ScheduledFollowUp, *, as_json: bool) -> None:
    if as_json:
        say_json(_body(one))
    else:
        typer.echo(_line(one))


def _seconds_late(one: ScheduledFollowUp) -> float:
    return max(0.0, one.late(SystemClock().now()).total_seconds())


def _line(one: ScheduledFollowUp) -> str:
    if one.status == "done":
        state = f"✅ done by {one.changed_by.name if one.changed_by else '?'}"
    elif one.status == "dropped":
        state = f"◻︎ not to be done any more: {one.reason}"
    elif late := _seconds_late(one):
        minutes = timedelta(minutes=late // 60)
        state = f"❌ due since {in_utc(one.due)}{f', {format_duration(minutes)} late' if minutes else ''}"
    else:
        state = f"⏳ due {in_utc(one.due)}"
    return f"{one.id}  {one.migration}  {state}  {one.title}  {one.owner}"


def _body(one: ScheduledFollowUp) -> dict[str, object]:
    body = one.model_dump(mode="json", exclude={"version", "changed_by"})
    by = one.changed_by.name if one.changed_by else None
    return {**body, "changed_by": by, "seconds_late": _seconds_late(one)}
