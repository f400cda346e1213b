"""Joins what evaluates gates."""

from dataclasses import dataclass

from bot.outside import Common
from bot.services.gate_evidence import GateEvidence
from bot.services.gate_outside import GateOutside
from bot.services.gates import GateService


@dataclass(frozen=True)
class GateServices:
    """What evaluates gates."""

    gates: GateService


def gate_services(common: Common) -> GateServices:
    """All of them, over what most services are made of."""
    outside = common.outside
    looking = GateOutside(roles=outside.roles, documents=outside.documents, coverage=outside.coverage)
    gates = GateService(
        catalog=common.catalog,
        phases=common.phases,
        evidence=GateEvidence(outside=looking, store=common.store),
        store=common.store,
        clock=outside.clock,
        ids=outside.ids,
    )
    return GateServices(gates)
