"""Every kind of message, filled with any text, at its usual and at its largest size."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal

from bot.domain.check_result import CheckResult, CheckStatus, Reconciled
from bot.domain.follow_up import ScheduledFollowUp
from bot.domain.messages.facts import Facts, Plain
from bot.domain.messages.follow_ups import FollowUpFacts
from bot.domain.messages.measured import MeasuredLine
from bot.domain.messages.reconciliation import ReconciliationFacts
from bot.domain.messages.run import run_facts
from bot.domain.messages.timeline import TimelineEntry, TimelineFacts
from bot.domain.messages.walk import AnswerButton, QuestionFacts, VerdictFacts, WalkClosedFacts
from bot.domain.person import SWITCHBACK, Actor
from bot.domain.playbook.plans import Plan
from bot.domain.preview import PlanPreview, StepPreview
from bot.domain.run import Run, RunStatus
from bot.domain.walk import Verdict
from bot.slack.blocks import Message
from bot.slack.rendering import render
from tests.unit.domain.ledger import DONE, NOW, Node, after, plan_of, run_of, step, walked
from tests.unit.slack.approval_samples import approval_messages, start_request
from tests.unit.slack.cutover_samples import CUTOVERS
from tests.unit.slack.decision_samples import DECISIONS
from tests.unit.slack.discrepancy_samples import with_registers
from tests.unit.slack.gate_samples import largest, one_gate, reviewed, shown
from tests.unit.slack.rehearsal_samples import rehearsal
from tests.unit.slack.row_samples import ROWS
from tests.unit.slack.statement_samples import STATEMENT_MESSAGES
from tests.unit.slack.summary_samples import SUMMARIES
from tests.unit.slack.trace_samples import TRACES

# The longest that a playbook's texts, a person's name or a check's problem may be.
LONGEST = 500
HOSTILE = "<!channel> <@U999> <#C1> <https://evil.example|here> `x` ```y``` *_~ &amp; & > \n:fire: \u202e"
TEXTS: Mapping[str, str] = {
    "short": "Stop the new ledger",
    "longest": "x" * LONGEST,
    "words": "much too long " * 35 + "end",
    "hostile": HOSTILE,
    "hostile, longest": (HOSTILE * 9)[:LONGEST].strip(),
    "ampersands": "&" * LONGEST,
    "backticks": "`" * LONGEST,
    "one character": "i",
}

NAME_OF_60 = "a" * 60


def rendered(facts: Facts) -> Message:
    """The message, out of facts that were stored in between."""
    return render(facts.kind, [facts.model_dump(mode="json", by_alias=True)])


def plan(text: str, *, stages: int = 1, steps: int = 40) -> Node:
    """A plan of so many steps in so many stages, every text of it the same."""
    per_stage = steps // stages
    made = plan_of(
        *(
            [
                step(f"s{stage}-{number}", "manual", **{"with": {"instructions": (text * 3)[:1500]}})
                for number in range(per_stage)
            ]
            for stage in range(stages)
        ),
        title=text,
    )
    declared = Plan.model_validate(made)
    stages_of = tuple(
        stage.model_copy(
            update={
                "title": text,
                "steps": tuple(one.model_copy(update={"title": text}) for one in stage.steps),
            }
        )
        for stage in declared.stages
    )
    return declared.model_copy(update={"stages": stages_of}).model_dump(mode="json", by_alias=True)


def preview(text: str, *, stages: int = 4, steps: int = 40, ready: bool = False) -> PlanPreview:
    """A preview of such a plan."""
    declared = Plan.model_validate(plan(text, stages=stages, steps=steps))
    return PlanPreview(
        id="0190a3c7e1f24b0aa1b2c3d4e5",
        walk="0190a3c7e1f24b0aa1b2c3d4e6",
        migration=NAME_OF_60,
        environment=NAME_OF_60,
        plan_id=NAME_OF_60,
        plan=declared,
        playbook_digest="d" * 64,
        made_at=NOW,
        steps=tuple(
            StepPreview(
                step=one.id,
                stage=stage.id,
                title=one.title,
                effect=text * 2,
                exact=text * 4,
                budget_seconds=10,
                ready=ready,
                problem="" if ready else text * 2,
            )
            for stage in declared.stages
            for one in stage.steps
        ),
    )


def question(text: str, *, measured: int | None = 8) -> QuestionFacts:
    """A question with six answers and so many measured values, None while they are measured."""
    lines = (
        MeasuredLine(title=text, text=text * 2, good=(True, False, None)[n % 3], unknown=n % 3 == 2, at=NOW)
        for n in range(measured or 0)
    )
    walk = walked("p1").model_copy(update={"started_by": Actor("U1", text)})
    return QuestionFacts(
        walk=walk,
        title=text,
        ask=text,
        number=2,
        answers=tuple(AnswerButton(id=f"{n}{'a' * 59}", text=text) for n in range(6)),
        measured=None if measured is None else tuple(lines),
        last_answer=f"{text} answered “{text}” to “{text}”",
    )


def verdict(
    text: str, *, plan: str | None = NAME_OF_60, shown: PlanPreview | None = None, reasons: int = 9
) -> VerdictFacts:
    """A verdict for or, without a plan, against a rollback."""
    told = tuple(
        f"{text}: measured {text}, but {text} answered “{text}” {number}" for number in range(reasons)
    )
    return VerdictFacts(
        walk=walked("p1", "yes").model_copy(update={"migration": NAME_OF_60}),
        title=text,
        severity="P1",
        verdict=Verdict(title=text, plan=plan, reasons=told, advice=text),
        plan_title=text if plan else None,
        plans={plan: text} if plan else {},
        preview=shown,
    )


def a_run(text: str, *states: Node, status: RunStatus = "running", stages: int = 4, **changes: object) -> Run:
    """A run of such a plan, its first steps in these states."""
    made = run_of(*states, status=status, plan=plan(text, stages=stages), confirmed_by=Actor("U1", text))
    return made.model_copy(update={"migration": NAME_OF_60, **changes})


def stopped(text: str, status: str, **more: object) -> Node:
    """The state of a step that stopped its run."""
    proofs = [{"name": text, "text": text * 8}] * 25
    return {
        "status": status,
        "attempt": 3,
        "started_at": NOW,
        "summary": text * 4,
        "evidence": proofs,
        **more,
    }


def skipped(text: str) -> Node:
    """The state of a step that somebody skipped."""
    return {**DONE, "status": "skipped", "decided_by": {"id": "U2", "name": text}, "reason": text}


def _told(run: Run, text: str) -> Facts:
    return run_facts(run.model_copy(update={"title": text}), now=after(147))


def result(text: str, status: CheckStatus, number: int = 0) -> CheckResult:
    """A check's result."""
    return CheckResult(
        check=f"c{number}",
        title=text,
        status=status,
        legacy="812,440,120.50",
        new=text,
        difference="+0.31%",
        apart="+2,518,564.37",
        variance=Decimal("0.31"),
        tolerance="0.1%",
        critical=True,
        owner="lead",
        on_fail=text,
        problem=text * 2 if status == "error" else "",
    )


def reconciliation(
    text: str, *, error: int = 0, failed: int = 0, passed: int = 0, running: bool = False
) -> ReconciliationFacts:
    """A reconciliation with so many results of each status."""
    counts: dict[CheckStatus, int] = {"error": error, "failed": failed, "passed": passed}
    statuses = [status for status, count in counts.items() for _ in range(count)]
    found = Reconciled(results=tuple(result(text, status, number) for number, status in enumerate(statuses)))
    return ReconciliationFacts(
        id="r",
        migration=NAME_OF_60,
        title=text,
        asked_by=text,
        started_at=NOW,
        ended_at=None if running else NOW + timedelta(seconds=4.1),
        done=2,
        total=len(statuses),
        reconciled=None if running else found,
        owners={"lead": f"@{text}"},
    )


def timeline(text: str, *, entries: int = 1, mention: str = "", role: tuple[str, ...] = ()) -> TimelineFacts:
    """So many lines of a timeline, the last of them for somebody to act on."""
    line = TimelineEntry(at=NOW, actor=text, text=text * 4)
    last = TimelineEntry(at=NOW, actor=SWITCHBACK.name, text=text, mention=mention, role=role)
    return TimelineFacts(entries=(*[line] * (entries - 1), last))


def follow_up(text: str, *, late: timedelta = timedelta(), **changes: object) -> FollowUpFacts:
    """A follow-up that is due since so long."""
    planned = ScheduledFollowUp(
        id="walk",
        incident="incident",
        run="run",
        migration=NAME_OF_60,
        name="cause",
        title=text,
        owner=NAME_OF_60,
        due=NOW,
    )
    one = planned.model_copy(update=changes)
    return FollowUpFacts(follow_up=one, members=f"@{text}", at=NOW + late)


def _by(text: str, **more: object) -> dict[str, object]:
    return {"changed_by": Actor("U1", text), "changed_at": NOW, "version": 2, **more}


MESSAGES: Mapping[str, Callable[[str], Facts]] = {
    "plain": lambda text: Plain(text=text * 4),
    "timeline": timeline,
    "timeline of many": lambda text: timeline(text, entries=21),
    "timeline of times": lambda text: timeline(f"2026-03-14 07:12 UTC {text}" * 5, entries=21),
    "question measuring": lambda text: question(text, measured=None),
    "question with nothing to measure": lambda text: question(text, measured=0),
    "question": question,
    "question with many values": lambda text: question(text, measured=30),
    "verdict being previewed": verdict,
    "verdict": lambda text: verdict(text, shown=preview(text, stages=4, steps=8, ready=True)),
    "verdict not ready": lambda text: verdict(text, shown=preview(text, steps=8)),
    "verdict of 40 steps": lambda text: verdict(text, shown=preview(text)),
    "verdict of 40 stages": lambda text: verdict(text, shown=preview(text, stages=40)),
    "verdict to keep watching": lambda text: verdict(text, plan=None),
    "verdict without a reason": lambda text: verdict(text, plan=None, reasons=0),
    "verdict that was not approved in time": lambda text: verdict(text, shown=preview(text)).model_copy(
        update={"expired": start_request(text, status="expired")}
    ),
    **approval_messages(preview),
    **STATEMENT_MESSAGES,
    "walk closed": lambda text: WalkClosedFacts(
        title=text,
        migration=NAME_OF_60,
        verdict=Verdict(title=text, plan=None, reasons=(text,)),
        closed_by=text,
        closed_at=NOW,
    ),
    "run begun": lambda text: _told(a_run(text), text),
    "run begun alone": lambda text: _told(
        a_run(text, approved_by=(Actor("U2", text),) * 20, broke_glass=text), text
    ),
    "run running": lambda text: _told(a_run(text, *[DONE] * 11, stopped(text, "running")), text),
    "run by hand": lambda text: _told(a_run(text, DONE, stopped(text, "waiting"), status="waiting"), text),
    "run failed": lambda text: _told(a_run(text, DONE, stopped(text, "failed"), status="asking"), text),
    "run failed without a word": lambda text: _told(
        a_run(text, DONE, {"status": "failed", "attempt": 1}, status="asking"), text
    ),
    "run unknown": lambda text: _told(a_run(text, stopped(text, "unknown"), status="asking"), text),
    "run unknown in one stage of 40": lambda text: _told(
        a_run(text, *[skipped(text)] * 38, stopped(text, "unknown"), status="asking", stages=1), text
    ),
    "run done": lambda text: _told(
        a_run(text, *[skipped(text)] * 40, status="done", ended_at=after(90)), text
    ),
    "run of 40 stages done": lambda text: _told(
        a_run(text, *[skipped(text)] * 40, status="done", stages=40, ended_at=after(900)), text
    ),
    "run aborted": lambda text: _told(
        a_run(
            text,
            *[DONE] * 12,
            stopped(text, "waiting"),
            status="aborted",
            ended_at=after(90),
            ended_by=Actor("U2", text),
            end_reason=text,
        ),
        text,
    ),
    "follow-up due": follow_up,
    "follow-up late": lambda text: follow_up(text, late=timedelta(days=9)),
    "follow-up moved": lambda text: follow_up(text, late=-timedelta(hours=1), **_by(text, reason=text)),
    "follow-up done": lambda text: follow_up(text, **_by(text, status="done")),
    "rehearsal going on": lambda text: rehearsal(text, over=False),
    "rehearsal over": rehearsal,
    "rehearsal with everything wrong": lambda text: rehearsal(text, broken=True),
    "rehearsal running": lambda text: _told(
        a_run(text, DONE, rehearsal="rehearsal", inputs={NAME_OF_60: text[:200]}), text
    ),
    "reconciliation running": lambda text: reconciliation(text, passed=5, running=True),
    "reconciliation clean": lambda text: reconciliation(text, passed=5),
    "reconciliation failed": lambda text: reconciliation(text, error=1, failed=1, passed=1),
    "reconciliation with discrepancies": lambda text: with_registers(
        reconciliation(text, error=1, failed=2, passed=1), text
    ),
    "reconciliation of 120 checks with discrepancies": lambda text: with_registers(
        reconciliation(text, error=40, failed=40, passed=40), text
    ),
    "reconciliation of 120 checks": lambda text: reconciliation(text, error=40, failed=40, passed=40),
    **SUMMARIES,
    **CUTOVERS,
    "assessment due": lambda text: follow_up(text, kind="assessment", decision="decision"),
    "item dropped": lambda text: follow_up(text, **_by(text, status="dropped", reason=text)),
    **ROWS,
    **DECISIONS,
    "gates being evaluated": lambda text: shown(None, text=text),
    "gates that pass": lambda text: shown(one_gate(text), text=text),
    "gates": lambda text: shown(largest(text), text=text, hint=True),
    "gates reviewed": lambda text: shown(largest(text), text=text, review=reviewed(text)),
    **TRACES,
}
