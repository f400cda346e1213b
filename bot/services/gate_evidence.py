"""Reads the evidence of criteria and settles each by it."""

from collections.abc import Sequence

from bot.domain.gates.asked import Asked
from bot.domain.gates.board import CriterionResult
from bot.domain.gates.checks import check_clean, sync_succeeds
from bot.domain.gates.coverage import covered
from bot.domain.gates.documents import document_present
from bot.domain.gates.incidents import no_incident
from bot.domain.gates.metrics import metric_holds
from bot.domain.gates.people import by_people
from bot.domain.gates.rehearsals import alert_tested, rehearsed
from bot.domain.playbook.criteria import (
    AlertTested,
    CheckClean,
    ContactsCurrent,
    Covered,
    DocumentPresent,
    EachPerson,
    MetricHolds,
    NoIncident,
    PeopleCriterion,
    Rehearsed,
    SignOff,
    SyncSucceeds,
    Vote,
)
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.services.gate_outside import GateOutside, NotKnown, SeenOutside, role_of
from bot.services.gate_records import check_days, incident_record, samples
from bot.store.store import Store, Transaction


class GateEvidence:
    """Asks outside first, then reads our records in one transaction, so that all are of one moment."""

    def __init__(self, *, outside: GateOutside, store: Store) -> None:
        self._outside = outside
        self._store = store

    async def settle(self, loaded: LoadedPlaybook, wanted: Sequence[Asked]) -> tuple[CriterionResult, ...]:
        """Each criterion with its state, in order. Raises StoreError."""
        seen = await self._outside.look(loaded, (asked.criterion for asked in wanted))
        async with self._store.reading() as tx:
            return tuple([await _settled(tx, loaded, asked, seen) for asked in wanted])


async def _settled(
    tx: Transaction, loaded: LoadedPlaybook, asked: Asked, seen: SeenOutside
) -> CriterionResult:
    playbook, now = loaded.playbook, asked.now
    migration = playbook.migration
    match asked.criterion:
        case CheckClean() as check:
            result = check_clean(asked, check, await check_days(tx, playbook, check, now))
        case SyncSucceeds() as sync:
            result = sync_succeeds(asked, sync, await tx.check_history.newest(migration, sync.sync))
        case MetricHolds() as metric:
            result = metric_holds(asked, metric, await samples(tx, playbook, metric, now))
        case NoIncident() as none:
            result = no_incident(asked, none, await incident_record(tx, migration, none, now))
        case Rehearsed() as proof:
            newest = await tx.rehearsals.newest_over(migration, proof.rehearsal)
            result = rehearsed(asked, proof, newest, playbook_digest=loaded.digest)
        case AlertTested() as test:
            newest = await tx.rehearsals.newest_over(migration, test.alert_test)
            result = alert_tested(asked, test, newest, playbook_digest=loaded.digest)
        case SignOff() | EachPerson() | ContactsCurrent() | Vote() as stated:
            result = await _by_people(tx, loaded, asked, stated, seen)
        case DocumentPresent() as document:
            result = document_present(asked, document, seen.documents[document.document])
        case Covered() as coverage:
            if seen.coverage is None:
                raise ValueError("what is compared was not looked at")
            result = covered(asked, coverage, seen.coverage)
    return result


async def _by_people(
    tx: Transaction, loaded: LoadedPlaybook, asked: Asked, criterion: PeopleCriterion, seen: SeenOutside
) -> CriterionResult:
    members = seen.members[role_of(criterion) or ""]
    if isinstance(members, NotKnown):
        return asked.unknown(members.why, how="roles asked now")
    standing = await tx.statements.standing(loaded.playbook.migration)
    return by_people(asked, loaded.playbook, standing, members)
