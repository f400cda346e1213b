"""Every modal, filled with any text, at its largest size."""

from collections.abc import Callable, Mapping

from bot.domain.playbook.inputs import Input
from bot.domain.preview import PlanPreview
from bot.domain.run import Run
from bot.slack import action_ids as ids
from bot.slack.blocks import Block
from bot.slack.views import cutover_day, follow_ups, gate_modals, modals, run_modals
from bot.slack.views import rehearsal as rehearsals
from bot.slack.views import start_request as views
from bot.slack.views.review import review_done
from tests.unit.slack import discrepancy_samples as discrepancies
from tests.unit.slack import statement_samples as statements
from tests.unit.slack.approval_samples import review, start_request
from tests.unit.slack.cutover_samples import day_run, item, planned
from tests.unit.slack.decision_samples import MODALS_OF_DECISIONS
from tests.unit.slack.gate_samples import largest
from tests.unit.slack.rehearsal_samples import rehearsal
from tests.unit.slack.samples import NAME_OF_60, a_run, follow_up, preview, stopped

SHOWN = ids.Shown("0190a3c7e1f24b0aa1b2c3d4e5", 3, NAME_OF_60)


def _asking(text: str) -> Run:
    return a_run(text, stopped(text, "failed"), status="asking")


def _beyond(text: str) -> Run:
    run = day_run(text)
    steps = tuple(state.model_copy(update={"attempt": 1}) for state in run.steps)
    return run.model_copy(update={"steps": steps})


def inputs(text: str) -> tuple[Input, ...]:
    """An input of each kind."""
    return (
        Input(id="ticket", title=text, pattern="[A-Z]+-[0-9]+", default="ABC-1"),
        Input(id="count", title=text, range=(1, 5)),
        Input(id=NAME_OF_60, title=text, choice=tuple(f"{n} {text}"[:75] for n in range(100))),
    )


def asking(one: PlanPreview, text: str) -> PlanPreview:
    """The preview of a plan that asks for these."""
    return one.model_copy(update={"inputs": inputs(text)})


MODALS: Mapping[str, Callable[[str], Block]] = {
    "confirmation": lambda text: modals.confirmation(preview(text, ready=True), text),
    "confirmation, not ready": lambda text: modals.confirmation(preview(text), text),
    "confirmation, to be approved": lambda text: modals.confirmation(preview(text), text, approvals=2),
    "approval": lambda text: views.approval(start_request(text), preview(text), text),
    "approval of several": lambda text: views.approval(start_request(text, needed=3), preview(text), text),
    "approval with a code": lambda text: views.approval(
        start_request(text), preview(text), text, with_code=True
    ),
    **statements.MODALS,
    "go on alone with a code": lambda text: views.go_on_alone(
        SHOWN, start_request(text), preview(text), text, with_code=True
    ),
    "go on alone": lambda text: views.go_on_alone(SHOWN, start_request(text), preview(text), text),
    "review": lambda text: review_done(review(text)),
    "confirmation with inputs": lambda text: modals.confirmation(asking(preview(text), text), text),
    "rehearsal": lambda text: rehearsals.confirmation(
        preview(text), asking(preview(text), text), inputs(text), {}
    ),
    "sign a rehearsal": lambda text: rehearsals.sign(rehearsal(text), NAME_OF_60),
    "overrule": lambda text: modals.overrule(SHOWN, [(f"plan-{n}", text) for n in range(120)]),
    "keep watching": lambda _text: modals.keep_watching(SHOWN),
    "skip": lambda text: modals.step_reason(_asking(text), _asking(text).steps[0], "skip"),
    "mark done": lambda text: modals.step_reason(_asking(text), _asking(text).steps[0], "mark-done"),
    "abort": lambda text: run_modals.abort(_asking(text)),
    "note": lambda text: run_modals.note(_asking(text)),
    "emergency plan": lambda text: run_modals.way_on(
        _asking(text),
        _asking(text).plan,
        [run_modals.Effect(step.title, text, text) for step in _asking(text).plan.steps],
        what="emergency",
        digest="d" * 64,
    ),
    "undo": lambda text: run_modals.way_on(
        _asking(text), _asking(text).plan, [run_modals.Effect(text, text, "")], what="undo", digest="d" * 64
    ),
    "back to legacy": lambda text: run_modals.way_on(
        day_run(text), day_run(text).plan, [run_modals.Effect(text, text, text)], what="back", digest="d" * 64
    ),
    "back beyond the point of no return": lambda text: run_modals.way_on(
        _beyond(text), day_run(text).plan, [run_modals.Effect(text, text, "")], what="back", digest="d" * 64
    ),
    "begin the cutover all the same": lambda text: cutover_day.begin_anyway(
        planned(text, unsettled=(text,) * 5)
    ),
    "put the cutover off": lambda text: cutover_day.put_off(planned(text)),
    "call the cutover off": lambda text: cutover_day.call_off(planned(text)),
    "assess the cutover": lambda text: cutover_day.assess(item(text, kind="assessment")),
    "evidence refused": run_modals.refused,
    "evidence looking": lambda text: run_modals.looking("What was done"),
    "pick a migration": lambda text: modals.pick_migration(
        "/rollback", [(f"m{n}", text) for n in range(120)]
    ),
    "move a follow-up": lambda text: follow_ups.move(follow_up(text).follow_up),
    **{
        f"{what} {which}": discrepancies.modal(what, count)
        for what in ("explain", "accept", "assign", "comment")
        for which, count in (("a discrepancy", 1), ("one of many", 130))
    },
    "reopen a discrepancy": discrepancies.modal("reopen"),
    **MODALS_OF_DECISIONS,
    "evidence": lambda text: modals.evidence(_asking(text), _asking(text).steps[0]),
    "evidence of nothing": lambda text: modals.evidence(a_run(text), a_run(text).steps[0]),
    "evidence of a gate": lambda text: gate_modals.details(largest(text), 20),
    "evidence of former evaluations": lambda text: gate_modals.history(NAME_OF_60, [largest(text)] * 20),
    "evidence of no evaluation": lambda _text: gate_modals.history(NAME_OF_60, []),
}
