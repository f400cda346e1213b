"""A run that was disturbed comes to its end, with a person who looks at the ledger where it asks."""

from dataclasses import dataclass

from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.ledger_playbook import STEPS, Ledger
from tests.e2e.program import SWITCHBACK, completed
from tests.e2e.until import until
from tests.e2e.workspace import Person


@dataclass(frozen=True)
class End:
    """What there is when a run has ended: the steps as often as they acted, in order, and the audit log."""

    steps: list[str]
    ends: int
    audit_problems: list[str]


EACH_STEP_ONCE = End(steps=list(STEPS), ends=1, audit_problems=[])


async def come_to_the_end(bot: Bot, sam: Person, ledger: Ledger) -> End:
    """The run's end, to which it comes by itself or asks about steps of which it cannot be known."""
    while await settled(bot) == "asking":
        statuses = bot.records.steps()
        asked = next(step for step in statuses if statuses[step] == "unknown")
        if asked in ledger.lines():
            await rollback.decide(sam, "mark-done", reason="It is in the ledger")
        else:
            await rollback.decide(sam, "retry")
    await rollback.see_end(sam, "ledger")
    ends = len(bot.records.audited("run.done"))
    return End(steps=ledger.lines(), ends=ends, audit_problems=bot.records.audit_problems())


async def settled(bot: Bot) -> str:
    """How the run stands, once it goes no further by itself."""
    return await until(
        lambda: next((one for one in bot.records.run_statuses() if one in ("done", "asking")), None),
        "run that ended or asks",
    )


@dataclass(frozen=True)
class Whole:
    """What there is when a run has ended by itself and all of it was told."""

    steps: list[str]
    ends: int
    told_in_order: bool
    backwards: bool
    verified: int


WHOLE = Whole(steps=list(STEPS), ends=1, told_in_order=True, backwards=False, verified=0)


async def end_by_itself(bot: Bot, sam: Person, ledger: Ledger) -> Whole:
    """The end of a run that asks nothing; `backwards` is a stopwatch below zero."""
    message = await rollback.see_end(sam, "ledger", timeout=60)
    await until(lambda: bot.records.unsent() == 0, "sent outbox")
    verified = await completed([SWITCHBACK, "audit", "verify"], env=bot.env)
    return Whole(
        steps=ledger.lines(),
        ends=len(bot.records.audited("run.done")),
        told_in_order=rollback.thread_lines(sam, message) == rollback.lines(bot.records.timeline()),
        backwards="-" in rollback.read(message),
        verified=verified.ended(),
    )
