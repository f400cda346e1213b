"""Whether both sides have finished their batches of the day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.moment import Moment
from bot.domain.playbook.checks import Reconcile
from bot.domain.playbook.places import Side
from bot.domain.readiness import Readiness, readiness

CHECK = {
    "id": "c",
    "title": "C",
    "owner": "lead",
    "on_fail": "Look",
    "scalar": {"legacy": "SELECT 1", "new": "SELECT 1"},
}
# 04:12 in Berlin.
NOW = datetime(2026, 3, 14, 3, 12, tzinfo=UTC)
TODAY, YESTERDAY = NOW - timedelta(hours=1), NOW - timedelta(days=1)


def ready(
    newest: dict[Side, Moment],
    problems: dict[Side, str] | None = None,
    *,
    now: datetime = NOW,
    **more: object,
) -> Readiness:
    reconcile = Reconcile.model_validate(
        {
            "schedule": {"at": "03:00", "zone": "Europe/Berlin"},
            "ready_when": {"both": {"sql": "SELECT MAX(loaded_at) FROM batches"}} | more,
            "checks": [CHECK],
        }
    )
    assert reconcile.ready_when is not None
    return readiness(reconcile, reconcile.ready_when, newest, problems or {}, now=now)


def test_both_batches_of_today_are_ready() -> None:
    found = ready({"legacy": TODAY, "new": date(2026, 3, 14)})
    assert (found.waiting, found.result.status, found.result.check) == ("", "passed", "ready")
    assert (found.result.title, found.result.kind) == ("Both batches ready", "ready")
    assert (found.result.legacy, found.result.new) == ("2026-03-14 03:12:00 Europe/Berlin", "2026-03-14")


def test_a_side_of_yesterday_makes_nothing_comparable_yet() -> None:
    found = ready({"legacy": TODAY, "new": YESTERDAY}, by="05:00")
    assert found.result.status == "unknown"
    assert found.waiting == "not comparable yet: new has no batch of today, the last is of 2026-03-13"
    assert found.result.problem == found.waiting
    assert found.result.tolerance == "today by 05:00 Europe/Berlin"


@pytest.mark.parametrize(("by", "status"), [("04:12", "failed"), ("04:13", "unknown")])
def test_from_the_deadline_on_a_late_batch_is_a_finding_of_its_own(by: str, status: str) -> None:
    found = ready({"legacy": TODAY, "new": YESTERDAY}, by=by)
    assert found.result.status == status
    assert found.waiting.startswith("not comparable yet: new has no batch of today")
    assert found.result.difference == "new has no batch of today, the last is of 2026-03-13"
    assert found.result.owner == "lead"


def test_owner_and_text_of_a_late_batch_can_be_declared() -> None:
    result = ready({"legacy": YESTERDAY}, owner="platform", on_fail="Call them", title="Loaded").result
    assert (result.owner, result.on_fail, result.title) == ("platform", "Call them", "Loaded")


def test_today_is_that_of_the_schedules_zone() -> None:
    shortly_after_midnight = datetime(2026, 3, 13, 23, 30, tzinfo=UTC)
    before, after = (datetime(2026, 3, 13, hour, 5, tzinfo=UTC) for hour in (22, 23))
    assert ready({"legacy": before}, now=shortly_after_midnight).result.status == "unknown"
    assert ready({"legacy": after}, now=shortly_after_midnight).result.status == "passed"


def test_a_batch_of_the_future_is_not_taken_for_one_of_today() -> None:
    found = ready({"legacy": NOW + timedelta(hours=2), "new": date(2026, 3, 15)})
    assert found.result.status == "unknown"
    assert found.waiting.endswith(
        "legacy has a batch in the future by 2h; new has a batch in the future: 2026-03-15"
    )


def test_a_side_that_does_not_answer_is_an_error_even_after_the_deadline() -> None:
    found = ready({"legacy": YESTERDAY}, {"new": "new: it does not answer"}, by="03:30")
    assert (found.result.status, found.result.problem) == ("error", "new: it does not answer")
    assert "new: it does not answer" in found.waiting
