"""Joins what evaluates gates, tells of them and reviews them every week."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.engine.durable import JobFunction
from bot.outside import Common
from bot.services.gate_evidence import GateEvidence
from bot.services.gate_outside import GateOutside
from bot.services.gate_requests import GateRequests
from bot.services.gate_reviews import GateReviewService
from bot.services.gate_telling import GateTelling
from bot.services.gates import GateService
from bot.services.metric_sampling import MetricSampling


@dataclass(frozen=True)
class GateServices:
    """What evaluates gates, answers who asks for them, reviews them, and samples signals for them."""

    gates: GateService
    requests: GateRequests
    reviews: GateReviewService
    sampling: MetricSampling

    @property
    def jobs(self) -> Mapping[str, JobFunction]:
        """The durable jobs by name."""
        return {"evaluate_gates": self.requests.perform, "review_gates": self.reviews.review}


def gate_services(common: Common) -> GateServices:
    """All of them, over what most services are made of."""
    catalog, store, outside = common.catalog, common.store, common.outside
    clock, ids = outside.clock, outside.ids
    looking = GateOutside(roles=outside.roles, documents=outside.documents, coverage=outside.coverage)
    telling = GateTelling(catalog=catalog, clock=clock)
    gates = GateService(
        catalog=catalog,
        phases=common.phases,
        evidence=GateEvidence(outside=looking, store=store),
        store=store,
        clock=clock,
        ids=ids,
    )
    requests = GateRequests(
        catalog=catalog,
        permissions=common.permissions,
        gates=gates,
        telling=telling,
        store=store,
        clock=clock,
        ids=ids,
    )
    reviews = GateReviewService(catalog=catalog, gates=gates, telling=telling, store=store, clock=clock)
    sampling = MetricSampling(catalog=catalog, signals=outside.signals, store=store, clock=clock)
    return GateServices(gates, requests, reviews, sampling)
