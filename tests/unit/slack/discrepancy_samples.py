"""Discrepancies filled with any text, and what Slack shows of them."""

from collections.abc import Callable
from datetime import date

from bot.domain.check_result import Reconciled
from bot.domain.discrepancy import Discrepancy, DiscrepancyStatus
from bot.domain.explanation import Explanation, Owner
from bot.domain.messages.discrepancies import CheckRegister, check_registers
from bot.domain.messages.reconciliation import ReconciliationFacts
from bot.domain.person import Actor
from bot.slack.blocks import Block, Message
from bot.slack.views.discrepancies import discrepancy_list
from bot.slack.views.discrepancy_modals import Offered, saying
from tests.unit.domain.ledger import NOW

STATUSES: tuple[DiscrepancyStatus, ...] = ("new", "came_back", "explained", "accepted")
TODAY = NOW.date()
NAME_OF_60 = "a" * 60


def discrepancy(text: str, number: int = 0, **changes: object) -> Discrepancy:
    """One in each state, by its number, with everything that can be said of it."""
    status = STATUSES[number % 4]
    said = Explanation(by=Actor("U1", text), at=NOW, text=text * 4, category="data_mapping", looked=text * 2)
    if status == "accepted":
        said = said.model_copy(update={"until": date(2026, 12, 24)})
    open_again = status in ("new", "came_back")
    made = Discrepancy(
        id=f"0190a3c7e1f24b0aa1b2c3{number:04}",
        migration=NAME_OF_60,
        check=f"c{number // 4}",
        name=f"{text}{number}"[-300:],
        role="lead",
        text=text * 3,
        status=status,
        version=number + 1,
        first_seen=NOW,
        opened_at=NOW,
        last_seen=NOW,
        last_day=TODAY,
        days=number + 1,
        explanation=None if open_again else said,
        earlier=said.model_copy(update={"ended": "fixed"}) if open_again else None,
        owner=Owner(id="U2", name=text),
        changed_at=NOW,
    )
    return made.model_copy(update=changes)


def several(text: str, count: int) -> tuple[Discrepancy, ...]:
    """So many, four a check, beginning with c0."""
    return tuple(discrepancy(text, number) for number in range(count))


def registers(text: str, checks: int) -> tuple[CheckRegister, ...]:
    """What is known of so many checks."""
    return check_registers(several(text, 4 * checks), TODAY)


def with_registers(facts: ReconciliationFacts, text: str) -> ReconciliationFacts:
    """A reconciliation whose every check has four discrepancies."""
    checks = len((facts.reconciled or Reconciled(results=())).results)
    return facts.model_copy(update={"registers": registers(text, checks)})


def offered(text: str, count: int = 1, *, clean: bool = True) -> Offered:
    """So many to choose from."""
    found = several(text, count)
    return Offered(
        migration=NAME_OF_60,
        found=found,
        titles={one.check: text for one in found},
        roles=(NAME_OF_60, "operator"),
        today=TODAY,
        explained_is_clean=clean,
        history=[(text, text * 4)] * 9 if count == 1 else (),
    )


def list_page(text: str, count: int = 20, page: int = 2) -> Message:
    """A page of a list."""
    found = several(text, count)
    return discrepancy_list(NAME_OF_60, found, {one.check: text for one in found}, page=page)


def modal(what: str, count: int = 1) -> Callable[[str], Block]:
    """What makes a modal of any text, for one discrepancy or for so many."""
    return lambda text: saying(what, offered(text, count))
