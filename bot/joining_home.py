"""Joins what a person sees first, and what leaves a trace for those who look later."""

from dataclasses import dataclass

from bot.outside import Common
from bot.services.audit_anchoring import AuditAnchoring
from bot.services.playbook_trace import PlaybookTrace


@dataclass(frozen=True)
class HomeServices:
    """The Home of every person, and the traces."""

    playbook_trace: PlaybookTrace
    anchoring: AuditAnchoring


def home_services(common: Common) -> HomeServices:
    """All of them, over what most services are made of."""
    catalog, store, outside = common.catalog, common.store, common.outside
    return HomeServices(
        playbook_trace=PlaybookTrace(
            catalog=catalog, store=store, clock=outside.clock, replica=outside.replica
        ),
        anchoring=AuditAnchoring(catalog=catalog, store=store, clock=outside.clock),
    )
