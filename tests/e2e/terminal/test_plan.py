"""`switchback plan` previews, and changes nothing."""

from pathlib import Path

from bot.sandbox.json_values import as_object, objects_in
from tests.e2e.planwise_example import Example
from tests.e2e.terminal.conftest import Switchback, printed


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


async def test_a_plan_that_is_ready_is_shown_step_by_step_and_nothing_is_changed(
    switchback: Switchback, example: Example
) -> None:
    before = contents(example.data)
    told = switchback("plan", "planwise", SWITCHBACK_PLAYBOOKS=str(example.playbooks))
    assert (told.ended(), told.stderr) == (0, "")
    assert "9 steps, budget 5m. Nothing was changed." in told.stdout.splitlines()[0]
    assert f"PUT http://127.0.0.1:{example.ports['new']}/admin/access" in told.stdout
    assert contents(example.data) == before
    assert (await example.look("new"))[0] == 200


def test_a_plan_that_is_not_ready_says_which_steps_with_exit_status_1(
    switchback: Switchback, example: Example
) -> None:
    example.kill("new")
    told = switchback(
        "plan", "planwise", "--plan", "access-only", "--json", SWITCHBACK_PLAYBOOKS=str(example.playbooks)
    )
    body = as_object(printed(told))
    assert (told.ended(), body["ready"], body["plan_id"]) == (1, False, "access-only")
    ready = {step["step"]: step["ready"] for step in objects_in(body["steps"])}
    assert ready["switch-off-access"] is False
    assert ready["tell-everybody"] is True


def test_an_unknown_plan_is_one_line_with_the_known_ones(switchback: Switchback) -> None:
    told = switchback("plan", "planwise", "--plan", "imediate")
    assert (told.ended(), told.stdout) == (2, "")
    assert told.stderr.splitlines() == [
        "switchback: There is no plan “imediate”. Did you mean immediate? "
        "Known: access-only, cutover, forward-again, immediate"
    ]
