"""Joins what a person sees first, and what leaves a trace for those who look later."""

from dataclasses import dataclass

from bot.outside import Common
from bot.services.audit_anchoring import AuditAnchoring
from bot.services.home import HomeService
from bot.services.playbook_trace import PlaybookTrace
from bot.services.waiting import WaitsFor
from bot.services.waiting_afterwards import WaitingFollowUps, WaitingSignatures
from bot.services.waiting_decisions import WaitingDecisions, WaitingStatements
from bot.services.waiting_rollbacks import WaitingApprovals, WaitingReviews, WaitingSteps


@dataclass(frozen=True)
class HomeServices:
    """The Home of every person, and the traces."""

    home: HomeService
    playbook_trace: PlaybookTrace
    anchoring: AuditAnchoring


def home_services(common: Common) -> HomeServices:
    """All of them, over what most services are made of."""
    catalog, store, outside = common.catalog, common.store, common.outside
    waits: tuple[WaitsFor, ...] = (
        WaitingApprovals(catalog=catalog, store=store, clock=outside.clock),
        WaitingSteps(catalog=catalog, store=store),
        WaitingDecisions(catalog=catalog, store=store, clock=outside.clock),
        WaitingReviews(catalog=catalog, store=store),
        WaitingStatements(catalog=catalog, store=store),
        WaitingSignatures(catalog=catalog, store=store),
        WaitingFollowUps(catalog=catalog, store=store),
    )
    return HomeServices(
        home=HomeService(catalog=catalog, roles=outside.roles, waits=waits, store=store, clock=outside.clock),
        playbook_trace=PlaybookTrace(
            catalog=catalog, store=store, clock=outside.clock, replica=outside.replica
        ),
        anchoring=AuditAnchoring(catalog=catalog, store=store, clock=outside.clock),
    )
