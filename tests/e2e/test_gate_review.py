"""The weekly review of gates by the real bot: once with two replicas, and with what the week has changed."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.sandbox.json_values import JsonObject
from bot.store.decision_tables import gate_reviews
from tests.e2e import rollback
from tests.e2e.conftest import Running
from tests.e2e.ledger_playbook import Ledger
from tests.e2e.tables_outside import TablesOutside
from tests.e2e.until import until
from tests.e2e.workspace import Person

CHANNEL = rollback.INCIDENTS
GATES = """
gate_review: {{on: {day}, at: "00:00", zone: {zone}}}
gates:
  - id: governance
    title: Governance approval
    owner: operator
    criteria:
      - {{document: support.md, title: Support plan}}
      - {{vote: operator, statement: Cut over, quorum: 2}}
  - id: tested
    title: Way back tested
    owner: operator
    criteria: [{{document: proof.md, title: Proof}}]
"""


class Reviewed:
    """The ledger, reviewed since midnight, where it is noon now: no test sees the day change."""

    def __init__(self, folder: Path) -> None:
        self.playbooks = Ledger(folder).playbooks
        self.folder = self.playbooks / "ledger"
        self._written = (self.folder / "playbook.yml").read_text(encoding="utf-8")
        self.review_on(days_ago=0)

    def review_on(self, *, days_ago: int) -> None:
        """Let the meeting be on the weekday of so many days ago."""
        ahead = timedelta(hours=12 - datetime.now(UTC).hour)
        # Zones of this family are named by how far they are behind.
        zone = f"Etc/GMT{-(ahead // timedelta(hours=1)):+d}"
        day = (datetime.now(UTC) + ahead - timedelta(days=days_ago)).strftime("%a").lower()
        gates = GATES.format(day=day, zone=zone)
        (self.folder / "playbook.yml").write_text(self._written + gates, encoding="utf-8")


class Weeks:
    """The weeks of one database, read and set back from outside."""

    def __init__(self, url: str) -> None:
        self._tables = TablesOutside(url)

    def stand(self) -> list[bool]:
        """Whether each week's review was told, or begun with, oldest first."""
        rows = self._tables.do(sa.select(gate_reviews).order_by(gate_reviews.c.day))
        return [row.told_at is not None for row in rows]

    def a_week_passes(self) -> None:
        """Let the weeks known so far be a week further back, so that this week's review is due now."""
        known = self._tables.do(sa.select(gate_reviews).order_by(gate_reviews.c.day))
        for row in known:
            before = (datetime.fromisoformat(row.day) - timedelta(weeks=1)).date().isoformat()
            moved = gate_reviews.update().where(gate_reviews.c.day == row.day)
            self._tables.do(moved.values(day=before, due=row.due - timedelta(weeks=1)))


def reviews(person: Person) -> list[JsonObject]:
    """The messages in the channel that are weekly reviews."""
    return [one for one in person.messages(CHANNEL) if "Weekly review of" in rollback.read(one)]


async def test_of_two_replicas_one_posts_the_review_of_a_week_with_what_changed_since_the_week_before(
    running: Running, settings: Mapping[str, str], postgres_database: str, tmp_path: Path, sam: Person
) -> None:
    ledger = Reviewed(tmp_path / "playbooks")
    shared = {
        **settings,
        "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks),
        "SWITCHBACK_DATABASE_URL": postgres_database,
    }
    weeks = Weeks(postgres_database)
    async with AsyncExitStack() as stack:
        started = (running({**shared, "SWITCHBACK_REPLICA": name}) for name in ("a", "b"))
        a, b = await asyncio.gather(*(stack.enter_async_context(one) for one in started))
        await until(lambda: weeks.stand() == [True], "beginning of the reviews")
        assert reviews(sam) == []

        weeks.a_week_passes()
        # The first look is at the start.
        await asyncio.gather(a.restart(), b.restart())
        first = await sam.wait_for_message(CHANNEL, containing="Weekly review of")
        assert "❌ ledger: 0 of 2 gates pass. Cutover is not possible yet" in rollback.read(first)
        assert ", the first one." in rollback.read(first)

        (ledger.folder / "proof.md").write_text("It went back in 3:31")
        ledger.review_on(days_ago=1)
        weeks.a_week_passes()
        await asyncio.gather(a.restart(), b.restart())
        second = await sam.wait_for_message(
            CHANNEL, lambda one: "ledger: 1 of 2 gates pass (0 of 2 a review ago)" in rollback.read(one)
        )
        assert "now passes: Way back tested" in rollback.read(second)
        await until(lambda: weeks.stand() == [True] * 3, "reviews told")
        beats = b.records.beats()
        await until(lambda: all(now > beats[name] for name, now in b.records.beats().items()), "beats")
        assert len(reviews(sam)) == 2
        kinds = [entry.kind for entry in a.records.audited() if entry.kind.startswith("gates.review")]
        assert kinds == ["gates.review_begun", *["gates.review_due", "gates.reviewed"] * 2]
        assert a.records.audit_problems() == []
