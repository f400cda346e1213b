"""A migration whose check `people` compares rows, and what a comparison of it finds."""

from pathlib import Path

from bot.domain.check_result import CheckResult, CheckStatus
from bot.domain.playbook.document import Playbook
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.row_difference import CellDifference, ColumnCount, RowDifference, RowsFound
from tests.integration.ledger import ledger
from tests.integration.trial import Trial

SALARY = "812440"


def with_rows(folder: Path) -> LoadedPlaybook:
    """The ledger, with the check `people` beside its others; its salaries are not shown."""
    loaded = ledger(folder)
    document = loaded.playbook.model_dump(mode="json", by_alias=True, exclude_unset=True)
    document["reconcile"]["checks"].append(
        {
            "id": "people",
            "title": "People, row by row",
            "rows": {
                "key": ["id", {"legacy": "site", "new": "place"}],
                "legacy": {"table": "people"},
                "new": {"table": "people"},
                "columns": {"level": {"show": True}, "salary": {}},
            },
            "owner": "data",
            "on_fail": "Look at the mapping",
        }
    )
    playbook = Playbook.model_validate(document)
    return LoadedPlaybook(playbook=playbook, folder=loaded.folder, digest=loaded.digest)


def level(key: str, legacy: str, new: str) -> RowDifference:
    """A row whose level and salary differ."""
    shown = CellDifference(column="level", legacy=legacy, new=new)
    return RowDifference(kind="differing", key=(key, "Bern"), cells=(shown, CellDifference(column="salary")))


FOUND = (
    level("4711", "3", "4"),
    level("4712", "3", "=SUM(A1)"),
    RowDifference(kind="missing_in_new", key=("4713", None), new_rows=0),
    RowDifference(kind="duplicated", key=("4714", "Bern"), legacy_rows=2),
)


def finds(trial: Trial, rows: tuple[RowDifference, ...] = FOUND) -> None:
    """Have the next comparison find these rows in `people`, and the other checks pass."""
    kinds = [row.kind for row in rows]
    counted = RowsFound(
        legacy=1000,
        new=999,
        missing_in_new=kinds.count("missing_in_new"),
        differing=kinds.count("differing"),
        duplicated=kinds.count("duplicated"),
        columns=(ColumnCount(column="level", rows=2), ColumnCount(column="salary", rows=2)),
    )
    people = result("people", "failed" if rows else "passed").model_copy(
        update={"kind": "rows", "rows": counted, "difference": f"{len(rows)} rows differ"}
    )
    trial.reconciler.results = (result("accounts", "passed"), result("postings", "passed"), people)
    trial.reconciler.differing = {"people": rows}


def result(check: str, status: CheckStatus) -> CheckResult:
    """A result of a check."""
    return CheckResult(
        check=check, title=check, status=status, tolerance="0%", critical=True, owner="data", on_fail="Look"
    )
