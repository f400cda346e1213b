"""Where the two systems agree, the reconciliation says so in its first line."""

from pathlib import Path

from tests.e2e import rollback
from tests.e2e.conftest import Running
from tests.e2e.planwise_example import EXAMPLE, generated
from tests.e2e.workspace import Person


async def test_the_clean_variant_passes_all_checks(
    running: Running, settings: dict[str, str], tmp_path: Path, sam: Person
) -> None:
    planwise = tmp_path / "playbooks" / "planwise"
    planwise.mkdir(parents=True)
    (planwise / "playbook.yml").write_text((EXAMPLE / "playbook.yml").read_text(encoding="utf-8"))
    generated(planwise / "data", variant="clean")
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(planwise.parent)}) as bot:
        await sam.command(rollback.INCIDENTS, "/reconcile planwise")
        await sam.wait_for_message(
            rollback.INCIDENTS, containing="✅ planwise: all 6 checks within tolerance"
        )
        results = bot.records.audited("reconciliation.done")[0].facts["results"]
        assert isinstance(results, dict)
        assert list(results.values()) == ["passed"] * 6
