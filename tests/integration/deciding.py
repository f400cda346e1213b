"""A migration that is to be cut over, and the services that decide on it, over fakes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from pydantic import JsonValue

from bot.domain.decision import Decision
from bot.domain.messages.timeline import TimelineFacts
from bot.domain.person import Actor
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.engine.durable import JobFunction
from bot.joining_decisions import Deciding, deciding_jobs, decisions_of
from bot.ports.clock import Ids
from bot.services.catalog import Catalog
from bot.services.decision_approvals import GivenApproval
from bot.services.decisions import Decisions
from bot.services.phases import Phases
from bot.store.store import Store
from bot.store.tables import audit, outbox
from tests.fakes.clock import CountingIds, FakeClock
from tests.fakes.gates import FakeAfterDecision, FakeCodes, FakeGates, FakeUnderWay
from tests.fakes.jobs import FakeJobs
from tests.fakes.roles import FakeRoles
from tests.integration.ledger import ANA, KIM, ROLES, SAM, Document, ledger, plan, scripted

LEE = Actor("U0LEE", "Lee")
DAY = date(2026, 3, 28)
FREEZE = {"first": "2026-04-01", "last": "2026-04-05", "why": "Quarter end"}
# Sam asks; Kim, Ana and Lee may approve, and so may Sam, who never counts.
GROUPS = {"ledger-oncall": {SAM.id}, "ledger-data": {ANA.id}, "managers": {SAM.id, KIM.id, ANA.id, LEE.id}}

_TREE = {
    "start": "evidence",
    "nodes": {
        "evidence": {
            "ask": "Do all gates pass, and is nothing open?",
            "shows": ["gates", "discrepancies", "rehearsal"],
            "answers": {
                "yes": {"text": "Yes", "goto": "people"},
                "no": {"text": "No", "goto": "stay"},
                "unknown": {"text": "I don't know", "goto": "stay"},
            },
        },
        "people": {
            "ask": "Is everybody there on the day?",
            "shows": ["people", "freezes"],
            "answers": {
                "yes": {"text": "Yes", "goto": "ready"},
                "some": {"text": "All but one", "goto": "careful"},
                "unknown": {"text": "I don't know", "goto": "stay"},
            },
        },
    },
    "outcomes": {
        "ready": {"title": "Ready", "verdict": "go"},
        "careful": {"title": "With care", "verdict": "go-with-conditions", "conditions": ["Two on call"]},
        "stay": {"title": "Not yet", "verdict": "no-go"},
    },
}
RISK = {"risk": "Slow", "impact": "People wait", "likelihood": "low", "mitigation": "Headroom"}


def cutover(**approvals: object) -> Document:
    """The cutover's part, with these rules of its approvals."""
    return {
        "plan": "over",
        "back": "immediate",
        "zone": "Europe/Berlin",
        "approvals": {"role": "managers", "quorum": 2, **approvals},
        "requested_by": "operator",
        "assessment": {"owner": "operator"},
        "checklist": [{"id": "tell", "title": "Tell people", "owner": "operator"}],
        "freezes": [FREEZE],
    }


def playbook(
    folder: Path, *, tree: bool = True, phase: str = "parallel", digest: str = "1" * 64, **approvals: object
) -> LoadedPlaybook:
    """The ledger with a cutover, its tree, and phases to move through."""
    base = ledger(folder).playbook
    rollback = {"role": "operator"}
    decided = {
        "decided_by": "managers",
        "leave_when": [
            {
                "target": "Clean for 14 days",
                "criterion": {"check": "accounts", "clean_for": "14d", "id": "leave-holds"},
            }
        ],
    }
    document: Document = {
        "decision": {
            "rollback": base.decision.rollback.model_dump(mode="json", exclude_none=True),
            **({"cutover": _TREE} if tree else {}),
        },
        "phases": [
            {"id": "shadow", "kind": "shadow", "rollback": rollback, "forward": "over", **decided},
            {"id": "parallel", "kind": "parallel", "weeks": 4, "rollback": rollback},
            {"id": "night", "kind": "cutover", "rollback": rollback},
            {"id": "grace", "kind": "grace", "days": 30, "rollback": rollback},
            {"id": "gone", "kind": "decommissioned", "rollback": "never"},
        ],
        "plans": {
            "immediate": plan(scripted("stop")),
            "over": plan(scripted("switch"), title="Over"),
        },
        "cutover": cutover(**approvals),
        "risks": [RISK],
    }
    return ledger(
        folder,
        phase=phase,
        digest=digest,
        roles={**ROLES, "managers": {"usergroup": "managers"}},
        **document,
    )


class Numbered:
    """Ids that no other replica or process gives."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._count = 0

    def new(self) -> str:
        self._count += 1
        return f"{self._prefix}-{self._count:04}"


@dataclass
class Replica:
    """One bot's services that decide, over a store that others may share."""

    store: Store
    clock: FakeClock
    jobs: FakeJobs
    roles: FakeRoles
    gates: FakeGates
    codes: FakeCodes
    after: FakeAfterDecision
    under_way: FakeUnderWay
    decisions: Decisions
    functions: Mapping[str, JobFunction]

    async def work(self) -> None:
        """Run every durable job that is due."""
        await self.jobs.run_due(self.store.database, self.functions)

    async def requested(self, *, by: Actor = SAM, day: str = "2026-03-28") -> Decision:
        """A cutover that was asked for."""
        return await self.decisions.requests.cutover("ledger", day=day, actor=by)

    async def walked(self, *answers: str, by: Actor = SAM) -> Decision:
        """Its tree answered so, and the evidence checked."""
        decision = await self.requested(by=by)
        for answer in answers:
            decision = await self.decisions.walks.answer(
                decision.id, version=decision.version, answer=answer, actor=by
            )
            await self.work()
        return await self.get(decision)

    async def asked(self, *answers: str) -> Decision:
        """The approvers asked."""
        decision = await self.walked(*(answers or ("yes", "yes")))
        return await self.decisions.walks.ask_approvers(decision.id, version=decision.version, actor=SAM)

    async def approve(self, shown: Decision, *, by: Actor, typed: str = "ledger", code: str = "") -> Decision:
        """What comes of it when a person approves what they were shown."""
        given = GivenApproval(shown.id, shown.round, shown.evidence.digest(), typed, "fine", code)
        return await self.decisions.approvals.approve(given, actor=by)

    async def get(self, decision: Decision) -> Decision:
        """A decision as it stands."""
        return await self.decisions.approvals.get(decision.id)

    async def audited(self, kind: str) -> list[str]:
        """Who is behind the audit entries of a kind."""
        query = sa.select(audit.c.actor).where(audit.c.kind == kind).order_by(audit.c.number)
        async with self.store.database.reading() as connection:
            return list((await connection.execute(query)).scalars())

    async def messages(self, kind: str) -> list[dict[str, JsonValue]]:
        """The facts of the messages of a kind, oldest first."""
        query = sa.select(outbox.c.facts).where(outbox.c.kind == kind).order_by(outbox.c.number)
        async with self.store.database.reading() as connection:
            return list((await connection.execute(query)).scalars())

    async def told(self) -> list[tuple[str, str]]:
        """What was told in threads, with who is mentioned."""
        lines = [TimelineFacts.model_validate(one) for one in await self.messages("timeline")]
        return [(entry.text, entry.mention) for facts in lines for entry in facts.entries]


def replica(
    *,
    store: Store,
    clock: FakeClock,
    jobs: FakeJobs,
    folder: Path,
    roles: FakeRoles | None = None,
    gates: FakeGates | None = None,
    loaded: LoadedPlaybook | None = None,
    ids: Ids | None = None,
) -> Replica:
    """A replica; what is given may be another one's as well."""
    loaded = loaded or playbook(folder)
    roles = roles or FakeRoles({name: set(people) for name, people in GROUPS.items()})
    gates = gates or FakeGates(clock=clock, digest=loaded.digest)
    codes, after, under_way = FakeCodes(), FakeAfterDecision(), FakeUnderWay()
    catalog = Catalog({"ledger": loaded})
    decisions = decisions_of(
        Deciding(
            catalog=catalog,
            phases=Phases(catalog=catalog, store=store, clock=clock),
            roles=roles,
            store=store,
            clock=clock,
            ids=ids or CountingIds(),
            gates=gates,
            codes=codes,
            after=after,
            under_way=under_way,
        )
    )
    return Replica(
        store, clock, jobs, roles, gates, codes, after, under_way, decisions, deciding_jobs(decisions)
    )
