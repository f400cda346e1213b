"""Joins what people decide on evidence: the cutover, and the moves from phase to phase."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.engine.durable import JobFunction
from bot.outside import Common
from bot.ports.clock import Clock, Ids
from bot.ports.gates import EvaluatesGates
from bot.ports.roles import RoleDirectory
from bot.ports.second_factor import SecondFactor
from bot.services.after_decision import AfterDecision, UnderWay
from bot.services.catalog import Catalog
from bot.services.deciding_rights import DecidingRights
from bot.services.decision_approvals import DecisionApprovals
from bot.services.decision_asking import DecisionAsking
from bot.services.decision_beside import DecisionBeside
from bot.services.decision_endings import DecisionEndings
from bot.services.decision_evidence import DecisionEvidence
from bot.services.decision_records import DecisionRecords
from bot.services.decision_requests import DecisionRequests
from bot.services.decision_status import DecisionStatus
from bot.services.decision_walks import DecisionWalks
from bot.services.decision_weighing import DecisionWeighing
from bot.services.decisions import Decisions
from bot.services.phases import Phases
from bot.store.store import Store


@dataclass(frozen=True)
class Deciding:
    """What decisions are made of."""

    catalog: Catalog
    phases: Phases
    roles: RoleDirectory
    store: Store
    clock: Clock
    ids: Ids
    gates: EvaluatesGates
    codes: SecondFactor
    after: AfterDecision
    under_way: UnderWay


def deciding_services(
    common: Common,
    *,
    gates: EvaluatesGates,
    codes: SecondFactor,
    after: AfterDecision,
    under_way: UnderWay,
) -> Decisions:
    """All of them, over what most services are made of."""
    return decisions_of(
        Deciding(
            catalog=common.catalog,
            phases=common.phases,
            roles=common.outside.roles,
            store=common.store,
            clock=common.outside.clock,
            ids=common.outside.ids,
            gates=gates,
            codes=codes,
            after=after,
            under_way=under_way,
        )
    )


def decisions_of(made: Deciding) -> Decisions:
    """The services that decide."""
    catalog, phases, store, clock, ids = made.catalog, made.phases, made.store, made.clock, made.ids
    rights = DecidingRights(roles=made.roles, store=store, clock=clock)
    records = DecisionRecords(catalog=catalog, clock=clock, ids=ids)
    evidence = DecisionEvidence(gates=made.gates, catalog=catalog, clock=clock)
    asking = DecisionAsking(roles=made.roles, records=records)
    endings = DecisionEndings(
        catalog=catalog, rights=rights, records=records, after=made.after, store=store, clock=clock
    )
    return Decisions(
        requests=DecisionRequests(
            catalog=catalog,
            phases=phases,
            rights=rights,
            evidence=evidence,
            records=records,
            asking=asking,
            under_way=made.under_way,
            store=store,
            clock=clock,
            ids=ids,
        ),
        walks=DecisionWalks(
            catalog=catalog,
            rights=rights,
            records=records,
            asking=asking,
            endings=endings,
            store=store,
            clock=clock,
        ),
        approvals=DecisionApprovals(
            catalog=catalog,
            rights=rights,
            codes=made.codes,
            records=records,
            asking=asking,
            endings=endings,
            store=store,
            clock=clock,
            ids=ids,
        ),
        endings=endings,
        weighing=DecisionWeighing(
            catalog=catalog,
            phases=phases,
            rights=rights,
            evidence=evidence,
            records=records,
            asking=asking,
            endings=endings,
            store=store,
            clock=clock,
        ),
        beside=DecisionBeside(phases=phases, roles=made.roles, records=records, store=store, clock=clock),
        status=DecisionStatus(phases=phases, evidence=evidence, store=store),
    )


def deciding_jobs(decisions: Decisions) -> Mapping[str, JobFunction]:
    """The durable jobs by name."""
    return {
        "weigh_decision": decisions.weighing.weigh,
        "decision_beside": decisions.beside.look,
        "expire_decision": decisions.endings.expire,
    }
