"""A migration with a daily summary, lived through day by day on a clock that the test moves."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

from bot.domain.check_result import CheckResult, CheckStatus
from bot.domain.messages.summary import SummaryFacts, SummaryWaitFacts
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.summary_day import SummaryDay
from bot.ports.coverage import CoverageReader
from bot.slack.blocks import Message
from bot.slack.rendering import render
from bot.store.outbox import OutboxRow
from tests.integration.ledger import ledger
from tests.integration.trial import Trial, joined

SCHEDULE: dict[str, object] = {"at": "06:30"}
SIDES = {"legacy": "SELECT 1", "new": "SELECT 1"}
Results = Mapping[str, str | None]


def scheduled(
    trial: Trial, *, schedule: Mapping[str, object] | None = None, **reconcile: object
) -> LoadedPlaybook:
    """The ledger with a schedule, and with these keys of its reconciliation."""
    checks = [
        {
            "id": name,
            "title": name.title(),
            "scalar": SIDES,
            "owner": "data",
            "on_fail": "Look",
            "tolerance": "1%",
        }
        for name in ("accounts", "postings")
    ]
    return ledger(
        trial.folder,
        reconcile={"schedule": {**SCHEDULE, **(schedule or {})}, "checks": checks, **reconcile},
    )


def result(check: str, variance: str | None, *, status: CheckStatus | None = None) -> CheckResult:
    """What a check found: failed above 1%, an error without a number."""
    found: CheckStatus = "error" if variance is None else "failed" if abs(Decimal(variance)) > 1 else "passed"
    return CheckResult(
        check=check,
        title=check.title(),
        status=status or found,
        legacy="1,000",
        new="1,000",
        difference="" if variance is None else f"+{variance}%",
        variance=None if variance is None else Decimal(variance),
        tolerance="1%",
        critical=True,
        owner="data",
        on_fail="Look",
        problem="" if variance is not None else "it does not answer",
    )


NOT_READY = CheckResult(
    check="ready",
    title="Both sides are ready",
    kind="ready",
    status="unknown",
    tolerance="0",
    critical=False,
    owner="data",
    on_fail="Look at the batch",
    difference="new has no batch of today, the last is of 2026-03-13",
    problem="not comparable yet: new has no batch of today, the last is of 2026-03-13",
)


class Days:
    """A trial of that migration."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial

    def find(self, **variances: str | None) -> None:
        """What the next reconciliations find; a check that is not named is the same on both sides."""
        self.trial.reconciler.results = tuple(
            result(name, variances.get(name, "0")) for name in ("accounts", "postings")
        )

    def not_ready(self, status: CheckStatus = "unknown") -> None:
        """The next reconciliations find that a side has not finished its batch."""
        unknown = (result(name, "0", status="unknown") for name in ("accounts", "postings"))
        self.trial.reconciler.results = (NOT_READY.model_copy(update={"status": status}), *unknown)

    def at(self, moment: str) -> None:
        """Move the clock on to a moment in UTC: `2026-03-15 06:30`."""
        ahead = datetime.fromisoformat(f"{moment}+00:00") - self.trial.clock.now()
        if ahead < timedelta():
            raise ValueError(f"{moment} is past")
        self.trial.clock.advance(ahead.total_seconds())

    async def look(self) -> None:
        """Look once, and do what that begins."""
        await self.trial.daily.look()
        await self.trial.work()

    async def look_at(self, moment: str) -> None:
        """Look at a moment."""
        self.at(moment)
        await self.look()

    async def days(self) -> list[SummaryDay]:
        """Every day that is known, oldest first."""
        async with self.trial.store.reading() as tx:
            return list(reversed(await tx.summaries.days("ledger")))

    async def stands(self) -> list[tuple[str, str]]:
        """The same as (day, what became of it)."""
        return [
            (f"{day.day:%m-%d}", f"{day.status}{' clean' if day.clean else ''}") for day in await self.days()
        ]

    async def rows(self) -> list[OutboxRow]:
        """Every message of a summary, those of one subject as many as were not replaced."""
        return await self.trial.messages("summary")

    async def told(self) -> SummaryFacts:
        """The last summary."""
        return SummaryFacts.model_validate((await self.rows())[-1].facts)

    async def put_off(self) -> SummaryWaitFacts:
        """The last message that a summary has to wait, or will not come."""
        return SummaryWaitFacts.model_validate((await self.trial.messages("summary_wait"))[-1].facts)

    async def message(self) -> Message:
        """The last summary as people see it."""
        row = (await self.rows())[-1]
        return render(row.kind, [row.facts])


@asynccontextmanager
async def lived(
    trial: Trial, loaded: LoadedPlaybook | None = None, *, coverage: CoverageReader | None = None
) -> AsyncIterator[Days]:
    """The migration over the same store, clock and jobs as a trial, from the day of its schedule's start."""
    async with joined(
        store=trial.store,
        clock=trial.clock,
        jobs=trial.jobs,
        folder=trial.folder,
        playbook=loaded or scheduled(trial),
        coverage=coverage,
        ids=_Ids(),
    ) as other:
        days = Days(other)
        days.find()
        yield days


class _Ids:
    """Ids of one bot, different from those of the others."""

    _bots = count(1)

    def __init__(self) -> None:
        self._bot = next(self._bots)
        self._count = 0

    def new(self) -> str:
        self._count += 1
        return f"bot-{self._bot}-{self._count:04}"


def day(number: int, month: int = 3) -> date:
    """A day of March 2026."""
    return date(2026, month, number)
