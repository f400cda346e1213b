"""People are asked to sign or to vote: one live message in the channel for approvals, and reminders."""

from datetime import datetime

import structlog

from bot.domain.errors import SourceError, SupersededError, UnknownNameError
from bot.domain.messages.start_request import RoleCallFacts
from bot.domain.messages.statements import GivenStatement, StatementsFacts
from bot.domain.messages.timeline import in_utc
from bot.domain.person import SWITCHBACK, Actor
from bot.domain.playbook.document import Playbook
from bot.domain.statement_count import count, speaking
from bot.domain.statement_request import MOST_REMINDERS, StatementRequest, is_good_time, next_reminder
from bot.domain.wanted_statement import AboutCriterion, Wanted, wanted
from bot.ports.clock import Clock, Ids
from bot.ports.roles import RoleDirectory
from bot.services.catalog import Catalog
from bot.services.permissions import Permissions
from bot.services.role_rights import People
from bot.store.store import Store, Transaction

JOB = "remind_statements"
_MOST_WITHDRAWN = 5

log = structlog.get_logger()


class StatementRequestService:
    """Asks, keeps the message current, and reminds those who have not answered."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        roles: RoleDirectory,
        store: Store,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._roles = roles
        self._store = store
        self._clock = clock
        self._ids = ids

    async def ask(self, about: AboutCriterion, *, actor: Actor) -> StatementRequest:
        """Ask the people of a criterion's role. What was asked of them before is over then.

        Raises SupersededError where they are being asked already or have answered, NotAllowedError,
        UnknownNameError, and SourceError when who is in the role cannot be known.
        """
        playbook = self._catalog.get(about.migration).playbook
        asked = wanted(playbook, about)
        await self._permissions.may_ask_for_statements(playbook, actor)
        members = (await self._roles.members(playbook.roles[asked.role])).users
        request = StatementRequest(
            id=self._ids.new(),
            migration=about.migration,
            gate=about.gate,
            criterion=about.criterion,
            asked_by=actor,
            asked_at=self._clock.now(),
            shown=asked.whole(),
        )
        async with self._store.transaction() as tx:
            before = await tx.statement_requests.open(about)
            if before is not None:
                await self._close(tx, before, asked, playbook, members)
            if not await tx.statement_requests.add(request):
                raise SupersededError("Somebody has just asked for it", do="See the message in the channel")
            await tx.journal.record(
                at=request.asked_at,
                actor=actor,
                kind="statement.asked",
                subject=request.subject,
                facts={"about": str(about), "role": asked.role, "text": asked.text, "shown": request.shown},
            )
            await self.show(tx, about, members=members)
            await self._remind_next(tx, playbook, request, first=True)
        return request

    async def show(self, tx: Transaction, about: AboutCriterion, *, members: People) -> None:
        """Bring the message about a criterion up to date, where somebody has asked for it."""
        request = await tx.statement_requests.open(about)
        if request is not None:
            playbook = self._catalog.get(about.migration).playbook
            await self._show(tx, request, wanted(playbook, about), playbook, members)

    async def people(self, about: AboutCriterion) -> People | None:
        """Who is in a criterion's role; None where that cannot be known, or nobody is asked any more."""
        try:
            playbook = self._catalog.get(about.migration).playbook
            role = playbook.roles[wanted(playbook, about).role]
            return (await self._roles.members(role)).users
        except (UnknownNameError, SourceError) as error:
            log.warning("statements.nobody_known", about=str(about), problem=str(error))
            return None

    async def remind_again(self, tx: Transaction, about: AboutCriterion) -> None:
        """Go on reminding: somebody has withdrawn what may have settled it."""
        request = await tx.statement_requests.open(about)
        if request is not None:
            await self._remind_next(tx, self._catalog.get(about.migration).playbook, request)

    async def remind(self, request_id: str, number: int, due: str) -> None:
        """The durable job `remind_statements`: mention those who have not, and plan the next time.

        Does nothing when it is settled, was asked for anew, or was reminded of so often already. One that
        comes after hours, because the bot was away, is put off to the next day.
        """
        async with self._store.reading() as tx:
            request = await tx.statement_requests.get(request_id)
        try:
            playbook = self._catalog.get(request.migration).playbook
            asked = wanted(playbook, request.about)
        except UnknownNameError as error:
            log.info("statements.nobody_reminded", request=request.id, problem=str(error))
            return
        now = self._clock.now()
        late = now - datetime.fromisoformat(due)
        # Slack is asked before the transaction: a writer would make everybody wait for it.
        members = await self.people(request.about)
        async with self._store.transaction(later=True) as tx:
            if members is None or not is_good_time(late):
                await self._remind_next(tx, playbook, request)
                return
            standing = await tx.statements.standing(request.migration)
            found = count(asked, standing, playbook, members=members, now=now)
            await self._show(tx, request, asked, playbook, members)
            if found.settled or not found.missing:
                return
            if not await tx.statement_requests.remind(request.id, number=number):
                return
            await self._call(tx, request, asked, number, found.missing)
            if number < MOST_REMINDERS:
                reminded = request.model_copy(update={"reminded": number})
                await self._remind_next(tx, playbook, reminded)

    async def _close(
        self,
        tx: Transaction,
        before: StatementRequest,
        asked: Wanted,
        playbook: Playbook,
        members: People,
    ) -> None:
        """End an earlier request that is about something else by now, or that nobody is reminded of any more.

        Raises SupersededError where it is still good.
        """
        standing = await tx.statements.standing(before.migration)
        found = count(asked, standing, playbook, members=members, now=self._clock.now())
        if before.shown == asked.whole():
            when = f"{before.asked_by.name} asked for it {in_utc(before.asked_at)}"
            if found.met:
                raise SupersededError(f"{asked.title}: {found.text}", do="Nobody has to be asked")
            if before.reminded < MOST_REMINDERS and not found.settled:
                do = f"See the message in {playbook.channels.approvals}"
                raise SupersededError(f"{when}: {found.text}", do=do)
        if await tx.statement_requests.end(before):
            await self._show(tx, before, asked, playbook, members, over="was asked for anew")

    async def _show(
        self,
        tx: Transaction,
        request: StatementRequest,
        asked: Wanted,
        playbook: Playbook,
        members: People,
        *,
        over: str = "",
    ) -> None:
        now = self._clock.now()
        every = await tx.statements.all(request.migration)
        of_it = [one for one in every if (one.gate, one.criterion) == (request.gate, request.criterion)]
        found = count(asked, every, playbook, members=members, now=now)
        counted = [one for one in speaking(every, playbook) if one.id in found.evidence]
        ended = sorted((one for one in of_it if one.ended_at), key=lambda one: one.ended_at or now)
        facts = StatementsFacts(
            request=request,
            title=asked.title,
            gate_title=asked.gate_title,
            text=asked.text,
            role=asked.role,
            members=playbook.roles[asked.role].described(),
            is_vote=asked.is_vote,
            count=found,
            given=tuple(
                GivenStatement(statement=one, item_title=asked.item_title(one.item)) for one in counted
            ),
            withdrawn=tuple(ended[-_MOST_WITHDRAWN:]),
            over=over,
            at=now,
        )
        channel = playbook.channels.approvals
        await tx.outbox.show(channel=channel, subject=request.subject, facts=facts, at=now)

    async def _call(
        self, tx: Transaction, request: StatementRequest, asked: Wanted, number: int, people: tuple[str, ...]
    ) -> None:
        now, playbook = self._clock.now(), self._catalog.get(request.migration).playbook
        await tx.journal.record(
            at=now,
            actor=SWITCHBACK,
            kind="statement.reminded",
            subject=request.subject,
            facts={"about": str(request.about), "number": number, "people": list(people)},
        )
        doing = "vote on" if asked.is_vote else "sign"
        text = f"⏳ Please {doing} “{asked.title}” ({asked.gate_title}), asked for by {request.asked_by.name}"
        if number == MOST_REMINDERS:
            text += ". This is the last reminder"
        await tx.outbox.say(
            channel=playbook.channels.approvals,
            subject=f"{request.subject}:{number}",
            thread=request.subject,
            facts=RoleCallFacts(text=text, people=people),
            at=now,
        )

    async def _remind_next(
        self, tx: Transaction, playbook: Playbook, request: StatementRequest, *, first: bool = False
    ) -> None:
        if request.reminded >= MOST_REMINDERS:
            return
        now = self._clock.now()
        due = next_reminder(playbook, now, first=first)
        number = request.reminded + 1
        await tx.enqueue(
            JOB,
            job_id=f"{JOB}:{request.id}:{number}:{due.day}",
            delay=due.at - now,
            request_id=request.id,
            number=number,
            due=due.at.isoformat(),
        )
