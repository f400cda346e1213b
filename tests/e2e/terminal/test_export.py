"""`switchback export`: two files that only this account reads, and an exit status that tells."""

import stat
from pathlib import Path

import sqlalchemy as sa

from bot.domain.evidence_pack import EvidencePack
from bot.sandbox.json_values import as_object
from bot.store.tables import audit
from tests.e2e.terminal.conftest import Switchback, printed


def test_the_evidence_is_written_for_its_owner_alone_and_tells_of_a_changed_log(
    switchback: Switchback, folder: Path
) -> None:
    switchback("reconcile", "planwise")
    told = switchback("export", "planwise", "--cutover", "--out", "evidence", "--json")
    body = as_object(printed(told))
    assert (told.ended(), body["whole"], body["problems"]) == (0, True, [])
    page, pack = folder / str(body["html"]), folder / str(body["json"])
    assert [stat.S_IMODE(file.stat().st_mode) for file in (page.parent, page, pack)] == [0o700, 0o600, 0o600]
    assert sorted(page.parent.iterdir()) == [page, pack]
    read = EvidencePack.model_validate_json(pack.read_text(encoding="utf-8"))
    assert (read.migration, [one.number for one in read.playbooks]) == ("planwise", [1])
    assert "no cutover has been asked for" in page.read_text(encoding="utf-8")
    engine = sa.create_engine(f"sqlite:///{folder / 'switchback.db'}", poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(audit.update().where(audit.c.number == 1).values(actor="nobody"))
    engine.dispose()
    changed = switchback("export", "planwise", "--cutover", SWITCHBACK_PLAYBOOKS="nowhere")
    assert changed.ended() == 1
    assert "❌ the audit log is not whole, as both say: entry 1 was changed" in changed.stdout
    assert list(folder.glob("planwise-evidence-*.html"))


def test_what_is_exported_has_to_be_said_and_has_to_be_known(switchback: Switchback) -> None:
    assert switchback("export", "planwise").ended() == 2
    unknown = switchback("export", "planwize", "--cutover")
    assert (unknown.ended(), unknown.stderr) == (
        2,
        "switchback: There is no migration “planwize”. Did you mean planwise? Known: planwise\n",
    )
