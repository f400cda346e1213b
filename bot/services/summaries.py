"""A summary is made when its reconciliation is done, in the same transaction."""

from datetime import date, timedelta

import structlog
from pydantic import JsonValue

from bot.domain.calendar import last_due, tells_coverage
from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.errors import SourceError
from bot.domain.messages.summary import SummaryFacts, SummaryWaitFacts, headline, not_ready
from bot.domain.messages.timeline import TimelineEntry, TimelineFacts
from bot.domain.person import SWITCHBACK
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.summary_day import SummaryDay
from bot.ports.clock import Clock
from bot.ports.coverage import Coverage, CoverageReader
from bot.ports.roles import RoleDirectory
from bot.services.catalog import Catalog
from bot.services.summary_facts import Gathered, SummaryTelling
from bot.store.reconciliations import Reconciliation
from bot.store.store import Transaction

# Between two looks whether both sides are ready. A batch takes minutes to hours.
TRY_AGAIN_AFTER = timedelta(minutes=5)

log = structlog.get_logger()


class SummaryService:
    """Keeps what checks found, and tells of the reconciliations that are for a summary."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        roles: RoleDirectory,
        coverage: CoverageReader,
        telling: SummaryTelling,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._roles = roles
        self._coverage = coverage
        self._telling = telling
        self._clock = clock

    async def gather(self, asked: Reconciliation, reconciled: Reconciled) -> Gathered:
        """Ask outside what its summary needs, before the transaction: everybody would wait for it."""
        if asked.day is None:
            return Gathered()
        loaded = self._catalog.get(asked.migration)
        owners = {result.owner for result in reconciled.results if result.status in ("failed", "error")}
        if asked.asked_by != SWITCHBACK:
            # Whoever asked for it looks at it; nobody else is called.
            owners = set()
        called = {owner: await self._members(loaded, owner) for owner in sorted(owners)}
        return Gathered(called=called, coverage=await self._uncompared(loaded, date.fromisoformat(asked.day)))

    async def ended(self, tx: Transaction, finished: Reconciliation, gathered: Gathered) -> None:
        """Keep the history of every check; where it is for a summary, tell it, or that it has to wait."""
        await tx.check_history.add(finished)
        if finished.day is None or finished.reconciled is None:
            return
        if finished.asked_by != SWITCHBACK:
            facts = await self._telling.facts(tx, finished, day=None, gathered=gathered)
            await tx.outbox.show(
                channel=finished.channel, subject=finished.subject, facts=facts, at=self._clock.now()
            )
            return
        day = await tx.summaries.of(finished.migration, finished.id)
        if day is None or day.status != "running":
            log.info("summary.not_wanted_any_more", reconciliation=finished.id, migration=finished.migration)
        elif self._is_over(day):
            await self.miss(tx, day, why="it was done only after the next day was due")
        elif (why := not_ready(finished.reconciled)) and self._waits(day, why):
            await self._wait(tx, day, why)
        else:
            await self._tell(tx, day, finished, gathered)

    async def refresh(self, tx: Transaction, told: Reconciliation) -> None:
        """Bring the summary that tells of a reconciliation up to date with the register."""
        facts = await tx.outbox.latest(kind=SummaryFacts.kind, subject=told.subject)
        if facts is None or facts["id"] != told.id:
            return
        current = await self._telling.brought_up_to_date(tx, SummaryFacts.model_validate(facts))
        channel = told.channel or self._catalog.get(told.migration).playbook.channels.summaries
        await tx.outbox.show(channel=channel, subject=told.subject, facts=current, at=self._clock.now())

    async def miss(self, tx: Transaction, day: SummaryDay, *, why: str) -> None:
        """A day whose summary will not come; a message that is there already says so."""
        await self._change(tx, day, {"status": "missed"}, "summary.missed", why=why)
        if day.shown:
            await self._show(tx, day, self._put_off(day, state="ended", why=why))

    async def give_up(self, tx: Transaction, day: SummaryDay) -> None:
        """A day whose reconciliation began and never ended, however often: that is told, and is not clean."""
        now = self._clock.now()
        changed = {"status": "told", "told_at": now, "shown": True}
        if await self._change(tx, day, changed, "summary.given_up", tries=day.tries):
            await self._show(tx, day, self._put_off(day, state="lost", why=""))

    def _is_over(self, day: SummaryDay) -> bool:
        schedule = self._catalog.get(day.migration).playbook.reconcile.schedule
        return schedule is not None and last_due(schedule, self._clock.now()).day > day.day

    def _waits(self, day: SummaryDay, why: CheckResult) -> bool:
        """Whether it may still come right. A side that does not answer is asked again, too."""
        in_time = day.until is not None and self._clock.now() < day.until
        return in_time and why.status in ("unknown", "error")

    async def _wait(self, tx: Transaction, day: SummaryDay, why: CheckResult) -> None:
        next_try, reason = self._clock.now() + TRY_AGAIN_AFTER, why.difference or why.problem
        if day.until is not None:
            next_try = min(next_try, day.until)
        changed = {"status": "waiting", "next_try": next_try, "waited": True, "shown": True}
        if await self._change(tx, day, changed, "summary.waits", why=reason, tries=day.tries):
            waiting = day.model_copy(update=changed)
            await self._show(tx, day, self._put_off(waiting, state="waiting", why=reason))

    async def _tell(
        self, tx: Transaction, day: SummaryDay, finished: Reconciliation, gathered: Gathered
    ) -> None:
        facts = await self._telling.facts(tx, finished, day=day, gathered=gathered)
        lenient = self._catalog.get(day.migration).playbook.reconcile.explained_is_clean
        changed = {
            "status": "told",
            "told_at": self._clock.now(),
            "clean": facts.clean,
            "shown": True,
            "explained": facts.explained if lenient else (),
        }
        if not await self._change(tx, day, changed, "summary.told", clean=facts.clean, streak=facts.streak):
            return
        await self._show(tx, day, facts)
        if day.shown:
            await self._call(tx, day, facts)

    async def _call(self, tx: Transaction, day: SummaryDay, facts: SummaryFacts) -> None:
        """Call owners in the thread: Slack tells nobody of a mention that comes into an older message."""
        owners = {result.owner for result in facts.reconciled.results if facts.needs_somebody(result)}
        people = tuple(sorted({one for owner in owners for one in facts.called.get(owner, ())}))
        if people:
            entry = TimelineEntry(
                at=self._clock.now(), actor=SWITCHBACK.name, text=headline(facts), role=people
            )
            await tx.outbox.say(
                channel=self._channel(day),
                subject=f"{day.subject}:called",
                facts=TimelineFacts(entries=(entry,)),
                at=self._clock.now(),
                thread=day.subject,
            )

    async def _change(
        self, tx: Transaction, day: SummaryDay, changed: dict[str, object], kind: str, **facts: JsonValue
    ) -> bool:
        if not await tx.summaries.change(day, day.model_copy(update=changed)):
            return False
        await tx.journal.record(
            at=self._clock.now(),
            actor=SWITCHBACK,
            kind=kind,
            subject=day.subject,
            facts={"reconciliation": day.reconciliation, **facts},
        )
        return True

    async def _show(self, tx: Transaction, day: SummaryDay, facts: SummaryFacts | SummaryWaitFacts) -> None:
        await tx.outbox.show(
            channel=self._channel(day), subject=day.subject, facts=facts, at=self._clock.now()
        )

    def _put_off(self, day: SummaryDay, *, state: str, why: str) -> SummaryWaitFacts:
        return SummaryWaitFacts.model_validate(
            {
                "migration": day.migration,
                "title": self._catalog.get(day.migration).playbook.title,
                "state": state,
                "why": why,
                **{name: getattr(day, name) for name in ("day", "tries", "next_try", "until")},
            }
        )

    def _channel(self, day: SummaryDay) -> str:
        return self._catalog.get(day.migration).playbook.channels.summaries

    async def _members(self, loaded: LoadedPlaybook, owner: str) -> tuple[str, ...]:
        """The ids that a mention of an owner has; none where they cannot be known."""
        role = loaded.playbook.roles.get(owner)
        if role is None:
            return ()
        try:
            return (await self._roles.members(role)).called
        except SourceError as error:
            log.warning("summary.nobody_called", migration=loaded.playbook.migration, problem=str(error))
            return ()

    async def _uncompared(self, loaded: LoadedPlaybook, day: date) -> Coverage | None:
        schedule = loaded.playbook.reconcile.schedule
        if schedule is None or not tells_coverage(schedule, day):
            return None
        return await self._coverage.read(loaded)
