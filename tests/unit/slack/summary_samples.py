"""Summaries, filled with any text, at their usual and at their largest size."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from bot.domain.check_result import CheckResult, CheckStatus, GroupDifference, Reconciled
from bot.domain.messages.facts import Facts
from bot.domain.messages.summary import SummaryFacts, SummaryWaitFacts, Uncovered
from bot.domain.summary_changes import Change
from bot.domain.variance_chart import VarianceChart, VarianceLine
from tests.unit.domain.ledger import NOW
from tests.unit.slack.discrepancy_samples import registers

_NAME_OF_60 = "a" * 60


def _result(text: str, status: CheckStatus, number: int) -> CheckResult:
    group = GroupDifference(group=text, legacy=Decimal(1), new=None, variance=None, outside=True)
    return CheckResult(
        check=f"c{number}",
        title=text,
        status=status,
        legacy=text,
        new=text,
        difference=text[:60],
        variance=Decimal(3) if status == "failed" else None,
        tolerance="1%",
        critical=True,
        owner="lead",
        on_fail=text,
        problem=f"{text}{number}" if status in ("error", "unknown") else "",
        groups=(group,) * 5 if status == "failed" else (),
    )


def summary(
    text: str, *, each: int = 1, called: tuple[str, ...] = (), missed: int = 3, **changes: object
) -> SummaryFacts:
    """A summary with so many results of each status, and as much of everything else."""
    statuses: tuple[CheckStatus, ...] = ("failed", "error", "unknown", "passed")
    results = [_result(text, status, number) for status in statuses for number in range(each)]
    days = tuple(date(2026, 3, 14) - timedelta(days=back) for back in range(29, -1, -1))
    percents = tuple(Decimal(number) for number in range(30))
    facts = SummaryFacts(
        id="r",
        migration=_NAME_OF_60,
        title=text,
        day=date(2026, 3, 14),
        due=NOW,
        late=False,
        waited=False,
        asked_by="",
        started_at=NOW,
        ended_at=NOW + timedelta(seconds=4.1),
        reconciled=Reconciled(results=tuple(results)),
        clean=False,
        streak=4,
        explained=("c0",) if each > 1 else (),
        registers=registers(text, each),
        since=date(2026, 3, 13),
        changes=(Change(kind="worse", title=text, text=text),) * each * 3,
        missed=days[:missed],
        owners={"lead": f"@{text}"},
        called={"lead": called},
        chart=VarianceChart(days=days, lines=(VarianceLine(title=text, percents=percents),) * 5, note=text),
        uncovered=Uncovered(
            tables=2, of_tables=14, columns=9, of_columns=120, named=(text,) * 11, problems=(text,) * 5
        ),
    )
    return facts.model_copy(update=changes)


def quiet(text: str, **changes: object) -> SummaryFacts:
    """A day on which all is well."""
    passed = Reconciled(results=tuple(_result(text, "passed", number) for number in range(5)))
    nothing = {"changes": (), "missed": (), "uncovered": None, "explained": (), "registers": ()}
    return summary(text).model_copy(
        update={**nothing, "reconciled": passed, "clean": True, "streak": 12, **changes}
    )


def put_off(text: str, *, state: str = "waiting") -> SummaryWaitFacts:
    """A day of which nothing can be said yet, or could not."""
    return SummaryWaitFacts.model_validate(
        {
            "migration": _NAME_OF_60,
            "title": text,
            "day": date(2026, 3, 14),
            "state": state,
            "why": text * 3,
            "tries": 3,
            "next_try": NOW,
            "until": NOW + timedelta(hours=2),
        }
    )


SUMMARIES: Mapping[str, Callable[[str], Facts]] = {
    "summary": summary,
    "summary of 120 checks": lambda text: summary(text, each=30, missed=20),
    "summary of a quiet day": quiet,
    "summary that is asked for": lambda text: summary(text, asked_by=text, due=None),
    "summary that is late": lambda text: summary(text, late=True),
    "summary put off": put_off,
    "summary that never came": lambda text: put_off(text, state="ended"),
    "summary whose reconciliation was lost": lambda text: put_off(text, state="lost"),
}
