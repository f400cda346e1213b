"""The run of another plan that goes on in place of one."""

from bot.domain.run_replacement import replacement
from tests.unit.domain.ledger import ANA, SAM, after, run_of


def test_another_plan_is_not_one_that_was_approved_or_started_alone() -> None:
    run = run_of().model_copy(update={"approved_by": (ANA,), "broke_glass": "nobody answers"})
    goes_on = replacement(run, plan_id="access", plan=run.plan, by=SAM, at=after(60))
    assert (goes_on.confirmed_by, goes_on.approved_by, goes_on.broke_glass) == (SAM, (), "")
