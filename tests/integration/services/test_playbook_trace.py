"""A changed playbook leaves a trace, once, whichever replica sees it first."""

import asyncio
from pathlib import Path

import pytest

from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook_version import SETTLES_WITHIN
from bot.services.catalog import Catalog
from bot.services.playbook_trace import PlaybookTrace
from bot.store.store import Store
from tests.fakes.clock import FakeClock
from tests.integration.ledger import Document, ledger
from tests.integration.trial import Trial

STRICT, LAX, OTHER = "a" * 64, "b" * 64, "c" * 64
DIGESTS = {STRICT: "14d", LAX: "1d", OTHER: "2d"}


def gated(folder: Path, digest: str) -> LoadedPlaybook:
    criterion: Document = {"check": "accounts", "clean_for": DIGESTS[digest]}
    gate = {"id": "data-parity", "title": "Data parity", "owner": "data", "criteria": [criterion]}
    return ledger(folder, digest=digest, gates=[gate])


class Replicas:
    """Starts replicas with their own file over one database."""

    def __init__(self, store: Store, clock: FakeClock, folder: Path) -> None:
        self._store, self._clock, self._folder = store, clock, folder

    def with_file(self, digest: str, *, name: str = "left") -> PlaybookTrace:
        catalog = Catalog({"ledger": gated(self._folder, digest)})
        return PlaybookTrace(catalog=catalog, store=self._store, clock=self._clock, replica=name)

    async def start(self, digest: str, *, name: str = "left") -> PlaybookTrace:
        trace = self.with_file(digest, name=name)
        await trace.begin()
        return trace


@pytest.fixture
def replicas(store: Store, clock: FakeClock, tmp_path: Path) -> Replicas:
    return Replicas(store, clock, tmp_path)


async def _told(trial: Trial) -> list[tuple[str, str]]:
    changed = await trial.messages("playbook.changed")
    apart = await trial.messages("playbook.apart")
    return [(row.kind, row.channel) for row in sorted((*changed, *apart), key=lambda row: row.number)]


async def _audited(trial: Trial) -> list[str]:
    return [kind for kind, _who in await trial.audited() if kind.startswith("playbook.")]


async def test_the_first_load_is_noted_and_nobody_is_bothered(trial: Trial, replicas: Replicas) -> None:
    await replicas.start(STRICT)
    await replicas.start(STRICT)
    assert await _audited(trial) == ["playbook.loaded"]
    assert await _told(trial) == []


async def test_a_gate_that_was_made_easier_is_written_audited_and_told(
    trial: Trial, replicas: Replicas
) -> None:
    await replicas.start(STRICT)
    await replicas.start(LAX)
    async with trial.store.reading() as tx:
        last, first = await tx.playbook_versions.latest("ledger")
    said = "gate data-parity: criterion check-accounts changed: clean_for 14d -> 1d"
    assert (first.digest, last.digest, last.changes) == (STRICT, LAX, (said,))
    assert await _audited(trial) == ["playbook.loaded", "playbook.changed"]
    (row,) = await trial.messages("playbook.changed")
    assert (row.channel, row.facts["changes"]) == ("#cutover", [said])


async def test_replicas_that_start_at_once_with_the_same_change_tell_it_once(
    trial: Trial, replicas: Replicas
) -> None:
    await replicas.start(STRICT)
    await asyncio.gather(*(replicas.start(LAX, name=f"replica-{number}") for number in range(5)))
    assert await _told(trial) == [("playbook.changed", "#cutover")]
    assert await _audited(trial) == ["playbook.loaded", "playbook.changed"]


async def test_a_replica_that_takes_back_what_another_one_loaded_disagrees_with_it(
    trial: Trial, replicas: Replicas
) -> None:
    await replicas.start(STRICT, name="left")
    await replicas.start(LAX, name="right")
    await replicas.start(STRICT, name="left")
    kinds = [kind for kind, _channel in await _told(trial)]
    assert kinds == ["playbook.changed", "playbook.apart"]
    (row,) = await trial.messages("playbook.apart")
    assert (row.facts["replica"], row.facts["digest"]) == ("left", STRICT)
    assert (row.facts["other_replica"], row.facts["other_digest"]) == ("right", LAX)
    assert await _audited(trial) == ["playbook.loaded", "playbook.changed", "playbook.changed"]


async def test_a_change_that_one_replica_takes_back_is_told_as_a_change(
    trial: Trial, replicas: Replicas
) -> None:
    for digest in (STRICT, LAX, STRICT):
        await replicas.start(digest)
    assert await _told(trial) == [("playbook.changed", "#cutover")] * 2


async def test_a_replica_that_still_runs_with_the_old_file_says_so_once(
    trial: Trial, replicas: Replicas
) -> None:
    old = await replicas.start(STRICT, name="left")
    new = await replicas.start(LAX, name="right")
    await old.look()
    assert await trial.messages("playbook.apart") == [], "a release goes round"
    trial.clock.advance(SETTLES_WITHIN.total_seconds())
    for trace in (old, new, old, replicas.with_file(STRICT, name="third")):
        await trace.look()
    (row,) = await trial.messages("playbook.apart")
    assert (row.facts["replica"], row.facts["other_replica"]) == ("left", "right")
    assert (await _audited(trial))[-1] == "playbook.apart"


async def test_a_replica_with_the_present_file_has_nothing_to_say(trial: Trial, replicas: Replicas) -> None:
    trace = await replicas.start(STRICT)
    trial.clock.advance(SETTLES_WITHIN.total_seconds())
    before = await trial.counts()
    await trace.look()
    assert await trial.counts() == before
