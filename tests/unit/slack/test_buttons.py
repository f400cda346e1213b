"""Buttons: each is heard, says what it does, and carries what it was shown for."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import RefusedError
from bot.domain.wanted_statement import AboutCriterion
from bot.sandbox.json_values import JsonObject, as_object, as_text
from bot.slack import action_ids as ids
from tests.unit.handlers.listeners import heard, registered
from tests.unit.slack.approval_samples import review, start_request
from tests.unit.slack.judges import blocks_of, buttons_of
from tests.unit.slack.modal_samples import MODALS
from tests.unit.slack.samples import MESSAGES, rendered
from tests.unit.slack.statement_samples import ABOUT, STATEMENT_MESSAGES

TEXT = "Stop the new ledger"
STEERING = ["Pause", "Note…", "Abort rollback…"]
DECIDING = ["Reject…", "Ask a question", "Evidence", "Withdraw"]
EVERY = {kind: buttons_of(blocks_of(rendered(facts(TEXT)))) for kind, facts in MESSAGES.items()}


def labels(kind: str) -> list[str]:
    return [as_text(as_object(button["text"])["text"]) for button in EVERY[kind]]


def styled(buttons: list[JsonObject], style: str) -> list[str]:
    return [as_text(button["action_id"]) for button in buttons if button.get("style") == style]


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_button_is_heard_by_one_listener(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    listeners = registered(monkeypatch)
    for button in EVERY[kind]:
        assert heard(listeners.buttons, as_text(button["action_id"])) == 1, button["action_id"]


@pytest.mark.parametrize("kind", [kind for kind in MODALS if not kind.startswith("evidence")])
def test_every_modal_that_can_be_submitted_is_heard_by_one_listener(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert heard(registered(monkeypatch).modals, str(MODALS[kind](TEXT)["callback_id"])) == 1


def test_evidence_is_only_looked_at() -> None:
    assert "submit" not in MODALS["evidence"](TEXT)


def test_no_listener_hears_a_name_that_only_begins_like_one_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    listeners = registered(monkeypatch)
    for name in ("walk.confirmx", "xwalk.confirm", "run.step", "run.step:other", "walk.answers", ""):
        assert heard(listeners.buttons, name) == 0, name


@pytest.mark.parametrize("kind", MESSAGES)
def test_a_message_has_one_primary_button_at_most_and_danger_only_for_what_changes_the_world(
    kind: str,
) -> None:
    assert len(styled(EVERY[kind], "primary")) <= 1
    assert set(styled(EVERY[kind], "danger")) <= {
        ids.CONFIRM,
        ids.GO_ON_ALONE,
        f"{ids.RUN}:abort",
        f"{ids.RUN}:emergency",
        f"{ids.RUN}:back",
        f"{ids.CUTOVER_DAY}:anyway",
        f"{ids.CUTOVER_DAY}:call_off",
    }


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_button_says_what_it_does(kind: str) -> None:
    assert not {label.lower().strip(" …") for label in labels(kind)} & {
        "ok",
        "yes",
        "submit",
        "done",
        "confirm",
    }


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("verdict being previewed", ["Keep watching…", "Back"]),
        ("verdict", [f"Roll back {'a' * 60}…", "Preview again", "Keep watching…", "Back"]),
        ("verdict to keep watching", ["Close: keep watching", "Roll back anyway…", "Back"]),
        ("verdict that was not approved in time", ["Preview again", "Keep watching…", "Back"]),
        ("approvals asked for", [f"Approve rollback of {'a' * 60}"[:74] + "…", "Withdraw", "Go on alone…"]),
        ("review", ["Review done…"]),
        ("review closed", []),
        ("role without others called", []),
        ("walk closed", []),
        ("run running", STEERING),
        ("run by hand", [f"Done: {TEXT}", "Skip step…", "Evidence", *STEERING]),
        ("run failed", ["Retry step", "Mark done…", "Skip step…", "Evidence", *STEERING]),
        ("run unknown", ["Mark done…", "Run step again", "Skip step…", "Evidence", *STEERING]),
        ("run done", []),
        ("run aborted", []),
        ("follow-up due", [f"Done: {TEXT}", "Move…"]),
        ("follow-up moved", [f"Done: {TEXT}", "Move…"]),
        ("follow-up done", []),
        ("assessment due", ["Assess the cutover…"]),
        ("item dropped", []),
        ("cutover planned", ["Put off to another day…", "Call off…"]),
        ("cutover stopped", ["Check again and begin", "Put off to another day…", "Call off…"]),
        (
            "cutover unsettled",
            ["Check again and begin", "Begin all the same…", "Put off to another day…", "Call off…"],
        ),
        ("cutover called off", []),
        ("cutover waiting", ["Skip step…", "Pause", "Note…", "Back to legacy…", "Abort cutover…"]),
        (
            "cutover past its point of no return",
            [
                "Skip step…",
                "Pause",
                "Note…",
                "Back to legacy, beyond the point of no return…",
                "Abort cutover…",
            ],
        ),
        ("run queued", []),
        ("reconciliation running", ["Cancel reconciliation"]),
        ("reconciliation of rows under way", ["Cancel reconciliation"]),
        ("reconciliation called off", ["Run again"]),
        ("reconciliation given up", ["Run again"]),
        ("reconciliation with rows", [f"Show rows: {TEXT}", f"Show rows: {TEXT}", "Run again"]),
        ("reconciliation with rows of one check", ["Show rows", "Run again"]),
        ("reconciliation with rows that are told", ["Run again"]),
        ("rows", ["Get all rows as CSV"]),
        ("reconciliation failed", ["Run again"]),
        ("cutover question, first", [*(f"{n} {TEXT}" for n in range(6)), "Withdraw"]),
        ("cutover question", [*(f"{n} {TEXT}" for n in range(6)), "Back", "Withdraw"]),
        ("cutover concluded", [f"Ask the approvers of {'a' * 60}"[:74] + "…", "Back", "Withdraw"]),
        ("cutover concluded, being checked", ["Check again", "Back", "Withdraw"]),
        ("cutover concluded, blocked", ["Check again", "Back", "Withdraw"]),
        ("cutover concluded, no-go", ["Record NO-GO…", "Back", "Withdraw"]),
        ("cutover to be approved", [f"Approve cutover of {'a' * 60}"[:74] + "…", *DECIDING]),
        ("cutover that cannot be approved", DECIDING),
        ("cutover decided", []),
        ("cutover no-go", []),
        (
            "reconciliation with discrepancies",
            ["Explain…", "Accept…", "Assign…", "Comment…", "List all 16 discrepancies", "Run again"],
        ),
    ],
)
def test_a_message_offers_what_can_be_done_and_nothing_else(kind: str, expected: list[str]) -> None:
    assert labels(kind) == expected


@pytest.mark.parametrize(
    "kind",
    [
        kind
        for kind in MESSAGES
        if not kind.startswith(("reconciliation", "summary", "rows", "statements", "gates"))
    ],
)
def test_every_button_carries_what_it_was_shown_for(kind: str) -> None:
    for button in EVERY[kind]:
        shown = ids.Shown.parse(as_text(button["value"]))
        name = as_text(button["action_id"])
        about_a_step = re.match(rf"{ids.STEP}|{ids.EVIDENCE}", name)
        if name in (ids.APPROVE, ids.WITHDRAW, ids.GO_ON_ALONE):
            subject = start_request(TEXT).id
        elif name == ids.REVIEW_DONE:
            subject = review(TEXT).id
        else:
            subject = "run" if about_a_step or name.startswith(ids.RUN) else "walk"
        assert (shown.subject, bool(shown.step)) == (subject, bool(about_a_step))


@pytest.mark.parametrize("kind", STATEMENT_MESSAGES)
def test_every_button_about_a_criterion_says_which(kind: str) -> None:
    for button in EVERY[kind]:
        assert AboutCriterion.parse(as_text(button["value"])) == ABOUT


@pytest.mark.parametrize("value", ["", "walk:1", "a/b", "a/b/c/d"])
def test_what_names_no_criterion_is_refused(value: str) -> None:
    with pytest.raises(RefusedError, match="another version"):
        AboutCriterion.parse(value)


names = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,59}", fullmatch=True)


@given(names, st.integers(0, 10**6), st.just("") | names)
def test_what_a_button_was_shown_for_is_read_as_written(subject: str, version: int, step: str) -> None:
    shown = ids.Shown(subject, version, step)
    assert ids.Shown.parse(str(shown)) == shown


@pytest.mark.parametrize("value", ["", "walk", "walk:", "walk:x", "walk:-1", "walk:²", ":::"])
def test_a_value_that_is_none_of_ours_is_refused(value: str) -> None:
    with pytest.raises(RefusedError, match="another version"):
        ids.Shown.parse(value)
