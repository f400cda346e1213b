"""What the modals say and carry."""

import json
from datetime import timedelta

import pytest

from bot.domain.quantities import parse_duration
from bot.sandbox.json_values import JsonObject, as_list, as_object, as_text
from bot.slack import action_ids as ids
from bot.slack.blocks import Block
from bot.slack.views import modals, run_modals
from bot.slack.views.preview import plan_preview
from bot.slack.views.start_request import approval
from handlers.bound import BoundApproval, BoundConfirmation
from tests.unit.domain.ledger import DONE, NOW, after, plan_of, run_of, step
from tests.unit.slack.approval_samples import start_request
from tests.unit.slack.judges import as_json, mrkdwn_of
from tests.unit.slack.modal_samples import MODALS, SHOWN
from tests.unit.slack.samples import NAME_OF_60, preview

TEXT = "Stop it"


def said(view: Block) -> str:
    return "\n".join(mrkdwn_of(as_json(view)))


def words(view: Block, part: str) -> str:
    return str(as_object(as_json(view)[part])["text"])


def test_the_confirmation_tells_migration_environment_and_every_step_and_wants_the_name() -> None:
    shown = preview(TEXT, steps=8, ready=True)
    view = modals.confirmation(shown, "General ledger")
    assert said(view).startswith(
        f"*Roll back General ledger in {NAME_OF_60}*\nPlan “{TEXT}”: 8 steps, budget 5m"
    )
    assert said(view).splitlines()[2:10] == [f"{number}. {TEXT}" for number in range(1, 9)]
    assert f"Type {NAME_OF_60} to confirm" in json.dumps(view)
    assert (words(view, "submit"), words(view, "close")) == ("Roll back", "Do nothing")


def test_the_confirmation_has_the_exact_effects_that_the_verdict_had_no_room_for() -> None:
    text = "Stop the new ledger, carefully"
    shown = preview(text, steps=40, ready=True)
    assert "`" not in "".join(mrkdwn_of([as_json(block) for block in plan_preview(shown)]))
    told = said(modals.confirmation(shown, "General ledger"))
    assert told.count(f"{text}: `{text * 4}`") == 40


def test_the_confirmation_is_bound_to_what_was_shown() -> None:
    shown = preview(TEXT)
    view = modals.confirmation(shown, "General ledger")
    bound = BoundConfirmation.model_validate_json(str(view["private_metadata"]))
    assert (bound.walk, bound.preview, bound.digest) == (shown.walk, shown.id, shown.digest())


def test_a_confirmation_that_others_have_to_approve_says_so() -> None:
    assert "Nothing starts yet: 2 other people have to approve it first." in said(
        MODALS["confirmation, to be approved"](TEXT)
    )
    assert "approve it first" not in said(MODALS["confirmation"](TEXT))


def test_an_approval_tells_what_is_approved_and_is_bound_to_it() -> None:
    shown, request = preview(TEXT, steps=8, ready=True), start_request(TEXT)
    view = approval(request, shown, "General ledger")
    assert said(view).startswith(f"*Roll back General ledger in {NAME_OF_60}*")
    assert said(view).splitlines()[2:10] == [f"{number}. {TEXT}" for number in range(1, 9)]
    assert f"{TEXT} asked for this" in said(view)
    bound = BoundApproval.model_validate_json(str(view["private_metadata"]))
    assert (bound.request, bound.preview, bound.digest) == (request.id, shown.id, shown.digest())
    assert [block["block_id"] for block in inputs(view)] == ["name"]


def test_the_confirmation_names_what_is_not_ready() -> None:
    assert "❌ Not ready now: Stop it, Stop it" in said(modals.confirmation(preview(TEXT, steps=4), TEXT))


@pytest.mark.parametrize(
    ("kind", "submit"),
    [
        ("confirmation, to be approved", "Ask for approval"),
        ("approval", "Approve and roll back"),
        ("approval of several", "Approve"),
        ("go on alone", "Roll back alone"),
        ("review", "Close the review"),
        ("overrule", "Preview the plan"),
        ("keep watching", "Keep watching"),
        ("skip", "Skip step"),
        ("mark done", "Mark done"),
        ("abort", "Abort rollback"),
        ("pick a migration", "Go on"),
        ("move a follow-up", "Move it"),
    ],
)
def test_the_button_of_a_modal_says_what_it_does(kind: str, submit: str) -> None:
    assert words(MODALS[kind](TEXT), "submit") == submit


def inputs(view: Block) -> list[JsonObject]:
    blocks = as_json(view)["blocks"]
    assert isinstance(blocks, list)
    return [as_object(block) for block in blocks if as_object(block)["type"] == "input"]


@pytest.mark.parametrize(
    "kind", ["go on alone", "overrule", "keep watching", "skip", "mark done", "abort", "move a follow-up"]
)
def test_a_decision_against_the_machine_takes_a_reason(kind: str) -> None:
    reason = next(block for block in inputs(MODALS[kind](TEXT)) if block["block_id"] == "reason")
    assert reason.get("optional") is not True


@pytest.mark.parametrize("kind", ["overrule", "keep watching", "go on alone"])
def test_a_modal_carries_what_its_button_was_shown_for(kind: str) -> None:
    assert ids.Shown.parse(str(MODALS[kind](TEXT)["private_metadata"])) == SHOWN


def test_a_follow_up_is_moved_by_one_of_four_times_that_are_durations_and_in_the_version_that_was_shown() -> (
    None
):
    view = MODALS["move a follow-up"](TEXT)
    assert ids.Shown.parse(str(view["private_metadata"])) == ids.Shown("walk", 1)
    chosen = as_object(next(block for block in inputs(view) if block["block_id"] == "by")["element"])
    values = [as_text(as_object(option)["value"]) for option in as_list(chosen["options"])]
    assert [parse_duration(value) for value in values] == [
        timedelta(hours=1),
        timedelta(hours=4),
        timedelta(days=1),
        timedelta(days=7),
    ]


def test_aborting_says_that_nothing_is_undone() -> None:
    run = run_of(DONE, {"status": "failed", "attempt": 2}, status="asking")
    view = run_modals.abort(run)
    assert "Nothing further will be done. Until now: 1 of 5 steps.\nNothing is undone." in said(view)
    assert (view["callback_id"], view["private_metadata"]) == (f"{ids.RUN_MODAL}:abort", "run")


def test_aborting_says_what_acts_now_and_what_could_be_taken_back() -> None:
    undone = step("stop", undo={"title": "Start it again", "uses": "unit"})
    run = run_of(DONE, {"status": "running"}, plan=plan_of([undone, step("route")]))
    told = said(run_modals.abort(run))
    assert "Acting now, and stopped first: Do route." in told
    assert "Afterwards you can take back 1 step, previewed first." in told


def test_evidence_is_shown_as_it_is_and_cannot_break_out_of_its_frame() -> None:
    proof = {"name": "output", "text": "```\n<!channel>"}
    run = run_of(
        {"status": "failed", "attempt": 1, "started_at": NOW, "ended_at": after(4), "evidence": [proof]}
    )
    view = modals.evidence(run, run.state("stop"))
    assert "*output*\n```ˋˋˋ\n&lt;!channel&gt;```" in said(view)
    assert "took 4s" in said(view)


def test_evidence_of_a_step_that_is_under_way_says_nothing_of_how_long_it_took() -> None:
    run = run_of({"status": "running", "attempt": 2, "started_at": after(60)})
    assert "took" not in said(modals.evidence(run, run.state("stop")))
