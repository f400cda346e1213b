"""What our modals carry with them, and bring back: what each was opened for."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class _Bound(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class BoundApproval(_Bound):
    """What an approval modal carries: the request and the preview it was opened for."""

    request: str
    preview: str
    digest: str


class BoundStatement(_Bound):
    """What the modal of a signature or a vote carries: what it was opened for."""

    about: str
    statement: str
    asked: str
    evidence: str = ""


class BoundConfirmation(_Bound):
    """What a confirmation modal carries: the preview it was opened for."""

    walk: str
    preview: str
    digest: str


class BoundWayOn(_Bound):
    """What the modal of another way on carries: the run, what was shown, and whether it was said that the
    point of no return is past."""

    run: str
    digest: str
    beyond: bool = False


class BoundPhaseBack(_Bound):
    """What the modal of the way back carries: the phase that was shown, and the preview."""

    migration: str
    from_phase: str
    preview: str = ""
    digest: str = ""


class BoundRehearsal(_Bound):
    """What the modal of a rehearsal carries: the previews it was opened for."""

    migration: str
    back: str
    back_digest: str
    forward: str = ""
    forward_digest: str = ""


class BoundDiscrepancy(_Bound):
    """What the modal of a discrepancy carries: its migration, the one it was opened for, where that is one,
    and when one of those that it lists was changed last.
    """

    migration: str
    one: str = ""
    shown_at: datetime


class BoundDecision(_Bound):
    """What the modal of an approval carries: the decision, and the evidence that was shown."""

    decision: str
    round: int
    digest: str
