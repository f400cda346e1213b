"""A run against its budgets: when it is warned of, and when it will be done."""

from datetime import timedelta

from bot.domain.run_clock import due_warnings, next_warning, projected_end
from tests.unit.domain.ledger import DONE, NOW, after, run_of

ACTING = {"status": "running", "attempt": 1, "started_at": NOW}


def test_each_budget_is_warned_of_at_four_fifths_and_when_it_is_spent() -> None:
    run = run_of(ACTING)
    assert next_warning(run, NOW) == after(8)
    assert [one.key for one in due_warnings(run, after(8))] == ["step:stop:1:soon"]
    told = run_of(ACTING, warned=("step:stop:1:soon",))
    assert next_warning(told, after(8)) == after(10)
    assert [one.key for one in due_warnings(told, after(10))] == ["step:stop:1:over"]


def test_of_a_budget_that_is_spent_the_earlier_warning_is_not_given_any_more() -> None:
    keys = [one.key for one in due_warnings(run_of(ACTING), after(3600))]
    assert keys == ["run:over", "stage:stage-1:over", "step:stop:1:over"]


def test_a_run_that_is_over_is_warned_of_no_more() -> None:
    over = run_of(ACTING, status="aborted", ended_at=after(1))
    assert (due_warnings(over, after(3600)), next_warning(over, NOW)) == ((), None)


def test_before_the_first_step_has_ended_nothing_is_projected() -> None:
    assert projected_end(run_of(ACTING), after(5)) is None


def test_what_is_left_is_projected_at_the_pace_until_now() -> None:
    # One step of 10 s took 4 s; four steps of 10 s are left, at 0.4 of their budgets.
    assert projected_end(run_of(DONE), after(4)) == timedelta(seconds=4 + 4 * 4)


def test_the_pace_is_bounded_so_that_one_quick_step_promises_nothing() -> None:
    quick = {**DONE, "ended_at": after(0.1)}
    assert projected_end(run_of(quick), NOW) == timedelta(seconds=4 * 2)
