"""A migration that is cut over: its phases, its day, and people who decide it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.domain.cutover import PlannedCutover
from bot.domain.decision import Decision, DecisionApproval
from bot.domain.follow_up import ScheduledFollowUp
from bot.domain.person import Actor
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.run import Run
from tests.integration.ledger import ANA, KIM, SAM, Document, ledger, manual, plan, scripted
from tests.integration.trial import Trial

DAY = date(2026, 3, 21)
BERLIN = "Europe/Berlin"
BOARD = Actor("U0BOARD", "Bo")
# Sam and Kim may roll back before the cutover, the board in grace, nobody after it.
ROLES: Document = {
    "operator": {"usergroup": "ledger-oncall"},
    "data": {"usergroup": "ledger-data"},
    "board": {"users": [BOARD.id, KIM.id, ANA.id]},
}


def until(name: str, at: str, *, day: int = 0) -> Document:
    """A step that waits for a time of the day."""
    return {"id": name, "title": f"Until {at}", "uses": "wait-until", "with": {"at": at, "day": day}}


def phases(*, cutover: bool = True) -> list[Document]:
    """Pilot, parallel, cutover (if wanted), grace, gone."""
    operator = {"role": "operator"}
    listed: list[Document] = [
        {"id": "pilot", "kind": "pilot", "rollback": operator, "forward": "widen", "back": "narrow"},
        {"id": "parallel", "kind": "parallel", "weeks": 4, "rollback": operator, "allows": ["Both write"]},
        {"id": "day", "kind": "cutover", "title": "Cutover day", "rollback": operator},
        {"id": "grace", "kind": "grace", "days": 10, "rollback": {"role": "board", "quorum": 1}},
        {"id": "gone", "kind": "decommissioned", "rollback": "never"},
    ]
    return [one for one in listed if cutover or one["id"] != "day"]


def day_plan() -> Document:
    """06:00 freeze, 08:00 final sync, then by hand, then the point of no return."""
    first = {"id": "freeze", "title": "Freeze", "budget": "2m"}
    second = {"id": "switch", "title": "Switch", "budget": "2m"}
    return {
        "title": "Cutover",
        "budget": "5m",
        "stages": [
            {**first, "steps": [until("at-six", "06:00"), scripted("freeze-legacy")]},
            {
                **second,
                "steps": [
                    until("at-eight", "08:00"),
                    scripted("sync"),
                    manual("check"),
                    scripted("open-new"),
                ],
            },
        ],
    }


def cutover_playbook(folder: Path, *, phase: str = "parallel", **changes: object) -> LoadedPlaybook:
    """The ledger with a cutover; these keys of it changed."""
    kept: dict[str, object] = {
        "roles": ROLES,
        "phases": phases(),
        "plans": {
            "immediate": plan(scripted("stop"), scripted("restore", idempotent=True)),
            "cutover": day_plan(),
            "to-legacy": plan(scripted("reopen-legacy"), title="Back to legacy"),
            "widen": plan(scripted("flag-on"), title="Widen"),
            "narrow": plan(scripted("flag-off"), title="Narrow"),
        },
        "cutover": {
            "plan": "cutover",
            "back": "to-legacy",
            "zone": BERLIN,
            "approvals": {"role": "board", "quorum": 1},
            "requested_by": "operator",
            "point_of_no_return": "open-new",
            "checklist": [
                {"id": "notify", "title": "Tell customers", "owner": "data", "days_before": 7},
                {"id": "staff", "title": "Staff the day", "owner": "operator", "days_before": 1},
            ],
            "assessment": {"owner": "data", "at": "17:00"},
            "afterwards": [
                {
                    "id": "watch",
                    "title": "Look at errors",
                    "owner": "operator",
                    "days_after": 3,
                    "daily": True,
                },
                {"id": "close", "title": "Close the project", "owner": "data", "days_after": 7},
            ],
            "freezes": [{"first": "2026-03-28", "last": "2026-03-31", "why": "Quarter end"}],
        },
        **changes,
    }
    return ledger(folder, phase=phase, **kept)


async def go(trial: Trial, *, kind: str = "cutover", to: str = "grace", day: date | None = DAY) -> Decision:
    """A GO as it is decided, with what follows from it."""
    playbook = await trial.services.phases.playbook("ledger")
    board = await trial.settled.evaluate("ledger", cause="the request")
    now = trial.clock.now()
    approval = DecisionApproval(
        id=f"approval-{kind}-{to}", by=BOARD, at=now, choice="approve", evidence=board.digest()
    )
    decision = Decision(
        id=f"decision-{kind}-{to}",
        migration="ledger",
        kind="cutover" if kind == "cutover" else "phase",
        status="go",
        asked_by=SAM,
        asked_at=now,
        expires_at=now + timedelta(days=7),
        from_phase=playbook.phase,
        to_phase=to,
        plan_id="cutover",
        playbook_digest="1" * 64,
        role="board",
        needed=1,
        evidence=board,
        day=day,
        approvals=(approval,),
    )
    async with trial.store.transaction() as tx:
        assert await tx.decisions.add(decision)
        assert await tx.decisions.say(decision.id, approval)
        await trial.after_decision.decided(tx, await tx.decisions.get(decision.id))
    return decision


def move_to(trial: Trial, when: datetime) -> None:
    """Set the clock to a later moment."""
    trial.clock.advance((when - trial.clock.now()).total_seconds())


def local(hour: int, minute: int = 0, *, day: date = DAY) -> datetime:
    """A time of a day in Berlin, in UTC; it is winter there until 29 March."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


async def items(trial: Trial, kind: str) -> list[ScheduledFollowUp]:
    """The items of a kind of the cutover, the first due first."""
    async with trial.store.reading() as tx:
        found = await tx.follow_ups.of_decision("decision-cutover-grace")
    return [one for one in found if one.kind == kind]


async def settle_checklist(trial: Trial) -> None:
    """Do every item of it, each by somebody in its role."""
    for one in await items(trial, "checklist"):
        await trial.services.follow_ups.done(one.id, actor=ANA if one.owner == "data" else SAM)


async def cutover(trial: Trial) -> PlannedCutover:
    """The cutover as it stands."""
    async with trial.store.reading() as tx:
        return await tx.cutovers.get("decision-cutover-grace")


async def the_run(trial: Trial) -> Run:
    """The run of the cutover."""
    return await trial.run((await cutover(trial)).run)


async def phase(trial: Trial) -> str:
    """The present phase."""
    return (await trial.services.phases.playbook("ledger")).phase


async def begun(trial: Trial) -> Run:
    """The cutover's run, at the beginning of its day."""
    await trial.services.phases.begin()
    await go(trial)
    await settle_checklist(trial)
    move_to(trial, local(0))
    await trial.work()
    return await the_run(trial)


async def at_hand(trial: Trial) -> Run:
    """The run that waits for the step by hand, past 08:00."""
    await begun(trial)
    for hour in (6, 8):
        move_to(trial, local(hour))
        await trial.work()
    return await the_run(trial)


async def ran(trial: Trial) -> Run:
    """The run, done."""
    run = await at_hand(trial)
    await trial.services.steering.decide(
        run.id, step="check", attempt=1, decision="manual-done", reason="", actor=SAM
    )
    await trial.work()
    return await the_run(trial)


async def in_grace(trial: Trial, *, well: bool = True) -> None:
    """Assessed at 17:00, so that the phase is grace."""
    await ran(trial)
    move_to(trial, local(17))
    await trial.work()
    (assessment,) = await items(trial, "assessment")
    await trial.services.assessments.assess(
        assessment.id, went_well=well, text="All orders went through", actor=ANA
    )


async def moves(trial: Trial) -> list[tuple[int, str]]:
    """Every move of the migration: its number and its phase."""
    async with trial.store.reading() as tx:
        return [(move.number, move.phase) for move in await tx.phases.all("ledger")]
