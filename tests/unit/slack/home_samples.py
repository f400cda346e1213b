"""Homes, filled with any text."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import get_args

from bot.domain.messages.home import HomeFacts, MigrationLine, OpenIncident, WaitingLine
from bot.domain.waiting import WaitingItem, WaitingKind
from bot.slack.blocks import Block
from bot.slack.views.home import home
from tests.unit.domain.ledger import NOW
from tests.unit.slack.samples import NAME_OF_60, reconciliation

WORKSPACE = "https://acme.slack.com/"
PLACE = ("C0CUTOVER", "1773457920.000100")


def item(text: str, kind: WaitingKind, number: int = 0) -> WaitingItem:
    return WaitingItem(
        kind=kind,
        migration=NAME_OF_60,
        what=text,
        id=f"01M7XQHSSKDCSFK418X02J8F{number:02}",
        version=3,
        step=NAME_OF_60 if kind == "step" else "",
        name=NAME_OF_60 if kind == "rehearsal" else text,
        detail=text,
        due=NOW + timedelta(minutes=10 - number),
    )


def migration(text: str, *, bare: bool = False) -> MigrationLine:
    if bare:
        return MigrationLine("ledger", text, None, None, None, None, None, None, None, 0, None)
    return MigrationLine(
        migration="ledger",
        phase=text,
        day=12,
        of_days=56,
        reconciled=reconciliation(text, failed=1, passed=4).reconciled,
        reconciled_at=NOW,
        clean_days=11,
        gates=(3, 5),
        gates_at=NOW,
        declared_gates=5,
        incident=OpenIncident("P1", NOW, PLACE),
    )


def facts(text: str, *, each: int = 1, migrations: int = 2, unknown: int = 0) -> HomeFacts:
    lines = [
        WaitingLine(item(text, kind, number), PLACE)
        for kind in get_args(WaitingKind)
        for number in range(each)
    ]
    return HomeFacts(
        at=NOW,
        waiting=tuple(lines),
        unknown=(text,) * unknown,
        migrations=tuple(migration(text) for _ in range(migrations)),
    )


HOMES: Mapping[str, Callable[[str], Block]] = {
    "home": lambda text: home(facts(text), workspace=WORKSPACE),
    "home with too much": lambda text: home(
        facts(text, each=30, migrations=40, unknown=9), workspace=WORKSPACE, warning="⚠️ Too late"
    ),
    "home of nothing": lambda _text: home(HomeFacts(NOW, (), (), ()), workspace=""),
    "home of a new migration": lambda text: home(
        HomeFacts(NOW, (), (), (migration(text, bare=True),)), workspace=""
    ),
}
