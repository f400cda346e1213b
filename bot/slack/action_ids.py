"""The names of buttons and modals, shared by the views that show them and the handlers that hear them.

A button's value is `id:version`: what it was shown for. A press of an older version is told so.
"""

from dataclasses import dataclass

from bot.domain.errors import RefusedError

ANSWER = "walk.answer"
BACK = "walk.back"
CLOSE = "walk.close"
CONFIRM = "walk.confirm"
OVERRULE = "walk.overrule"
KEEP_WATCHING = "walk.keep_watching"
PREVIEW_AGAIN = "walk.preview_again"
DRY_RUN = "walk.dry_run"
APPROVE = "start.approve"
WITHDRAW = "start.withdraw"
GO_ON_ALONE = "start.go_on_alone"
REVIEW_DONE = "review.done"
STEP = "run.step"
RUN = "run.steer"
EVIDENCE = "run.evidence"
RECONCILE_AGAIN = "reconcile.again"
RECONCILE_CANCEL = "reconcile.cancel"
ROWS_SHOW = "rows.show"
ROWS_CSV = "rows.csv"
DISCREPANCY = "discrepancy.say"
DISCREPANCIES = "discrepancies.say"
DISCREPANCY_LIST = "discrepancies.list"
FOLLOW_UP_DONE = "follow_up.done"
FOLLOW_UP_MOVE = "follow_up.move"
REHEARSAL_SIGN = "rehearsal.sign"
STATEMENT = "statement.make"
STATEMENT_WITHDRAW = "statement.withdraw"
STATEMENT_ASK = "statement.ask"
DECISION_ANSWER = "decision.answer"
DECISION_BACK = "decision.back"
DECISION_CHECK = "decision.check_again"
DECISION_ASK = "decision.ask_approvers"
DECISION_NO_GO = "decision.no_go"
DECISION_APPROVE = "decision.approve"
DECISION_REJECT = "decision.reject"
DECISION_QUESTION = "decision.question"
DECISION_EVIDENCE = "decision.evidence"
DECISION_WITHDRAW = "decision.withdraw"
GATE_DETAILS = "gates.details"
GATES_HISTORY = "gates.history"
GATES_AGAIN = "gates.again"
CUTOVER_DAY = "cutover.day"
ASSESS = "cutover.assess"
HOME_REFRESH = "home.refresh"
GATES_REHEARSE = "gates.rehearse"

CONFIRM_MODAL = "confirm"
APPROVE_MODAL = "approve"
GO_ON_ALONE_MODAL = "go_on_alone"
REVIEW_MODAL = "review"
OVERRULE_MODAL = "overrule"
KEEP_WATCHING_MODAL = "keep_watching"
STEP_MODAL = "step_reason"
RUN_MODAL = "run_steer"
PICK_MODAL = "pick_migration"
FOLLOW_UP_MOVE_MODAL = "move_follow_up"
DISCREPANCY_MODAL = "discrepancy"
REHEARSE_MODAL = "rehearse"
REHEARSAL_SIGN_MODAL = "sign_rehearsal"
STATEMENT_MODAL = "statement"
STATEMENT_WITHDRAW_MODAL = "withdraw_statement"
DECISION_NO_GO_MODAL = "decision_no_go"
DECISION_APPROVE_MODAL = "decision_approve"
DECISION_REJECT_MODAL = "decision_reject"
DECISION_QUESTION_MODAL = "decision_question"
GATES_MODAL = "gates"
CUTOVER_DAY_MODAL = "cutover_day"
ASSESS_MODAL = "assess_cutover"
PHASE_BACK_MODAL = "phase_back"


@dataclass(frozen=True)
class Shown:
    """What a button was shown for: a walk, or a request for its start, in a version of the walk; a
    follow-up or a discrepancy in a version; a step of a run in an attempt; a review, which has one version;
    a decision in a version while its tree is walked, and in a round once the approvers are asked.
    follow-up, a discrepancy or a planned cutover in a version; a step of a run in an attempt; a review,
    which has one version.
    """

    subject: str
    version: int
    step: str = ""

    def __str__(self) -> str:
        return f"{self.subject}:{self.version}:{self.step}" if self.step else f"{self.subject}:{self.version}"

    @classmethod
    def parse(cls, value: str) -> "Shown":
        """The value of one of our buttons. Raises RefusedError for anything else."""
        subject, _, rest = value.partition(":")
        version, _, step = rest.partition(":")
        if not version.isdecimal():
            raise RefusedError("This button is of another version of Switchback", do="Use the newest message")
        return cls(subject, int(version), step)
