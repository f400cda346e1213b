"""A run that was disturbed comes to its end, with a person who looks at the ledger where it asks."""

from dataclasses import dataclass

from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.ledger_playbook import STEPS, Ledger
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
