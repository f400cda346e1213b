"""Joins what compares the two systems, day by day too, and what keeps what differs."""

from dataclasses import dataclass

from bot.outside import Common
from bot.services.daily import DailyService
from bot.services.differing_rows import DifferingRows
from bot.services.discrepancies import DiscrepancyService
from bot.services.discrepancy_register import DiscrepancyRegister
from bot.services.discrepancy_telling import DiscrepancyTelling
from bot.services.reconciliation import ReconciliationService
from bot.services.reconciliation_display import ReconciliationDisplay
from bot.services.reconciliation_following import ReconciliationFollowing
from bot.services.reconciliation_records import ReconciliationRecords
from bot.services.reconciling import Afterwards, Reconciling
from bot.services.row_export import RowExport
from bot.services.row_retention import RowRetention
from bot.services.summaries import SummaryService
from bot.services.summary_facts import SummaryTelling


@dataclass(frozen=True)
class ReconcilingServices:
    """What compares, day by day too, and what keeps what differs."""

    reconciliation: ReconciliationService
    reconciling: Reconciling
    rows: DifferingRows
    row_export: RowExport
    daily: DailyService
    discrepancies: DiscrepancyService


def reconciling_services(common: Common) -> ReconcilingServices:
    """All of them, over what most services are made of."""
    catalog, permissions, store = common.catalog, common.permissions, common.store
    clock, ids = common.outside.clock, common.outside.ids
    register = DiscrepancyRegister(catalog=catalog, clock=clock, ids=ids)
    summaries = SummaryService(
        catalog=catalog,
        roles=common.outside.roles,
        coverage=common.outside.coverage,
        telling=SummaryTelling(catalog=catalog),
        clock=clock,
    )
    display = ReconciliationDisplay(catalog=catalog, register=register, summaries=summaries, clock=clock)
    records = ReconciliationRecords(catalog=catalog, display=display, clock=clock, ids=ids)
    reconciliation = ReconciliationService(
        catalog=catalog, permissions=permissions, store=store, records=records, register=register
    )
    rows = DifferingRows(catalog=catalog, permissions=permissions, display=display, store=store, clock=clock)
    reconciling = Reconciling(
        catalog=catalog,
        store=store,
        reconciler=common.outside.reconciler,
        records=records,
        afterwards=Afterwards(register, summaries, rows, display),
        following=ReconciliationFollowing(display=display, store=store, clock=clock),
        retention=RowRetention(store=store, clock=clock),
        clock=clock,
    )
    row_export = RowExport(catalog=catalog, permissions=permissions, rows=rows, store=store, clock=clock)
    daily = DailyService(
        catalog=catalog,
        reconciliation=reconciliation,
        summaries=summaries,
        store=store,
        clock=clock,
        ids=ids,
    )
    discrepancies = DiscrepancyService(
        catalog=catalog,
        permissions=permissions,
        roles=common.outside.roles,
        register=register,
        telling=DiscrepancyTelling(catalog=catalog, display=display),
        store=store,
        clock=clock,
    )
    return ReconcilingServices(reconciliation, reconciling, rows, row_export, daily, discrepancies)
