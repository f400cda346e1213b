"""The gates of a migration, on evidence in the store."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.domain.playbook.loaded import LoadedPlaybook
from tests.integration.ledger import KIM, SAM
from tests.integration.services.gate_board import BOARD, bot_of, gate, gated, only, state
from tests.integration.trial import Trial

VOTE = {"vote": "board", "statement": "Cut over", "quorum": 2}
SIGNED = {"sign_off": "operator", "statement": "The support plan is in place"}
Judged = Callable[[Trial, LoadedPlaybook], Awaitable[None]]


async def _on(trial: Trial, loaded: LoadedPlaybook, judged: Judged) -> None:
    async with bot_of(trial, loaded, ids=f"bot-{loaded.digest[0]}") as product:
        await judged(product, loaded)


async def test_a_vote_carries_with_its_quorum_and_no_sooner(trial: Trial) -> None:
    async def judged(product: Trial, loaded: LoadedPlaybook) -> None:
        gates = product.services.gates
        assert only(await gates.evaluate("ledger", cause="test")).state == "fail"
        await state(product, loaded, "data", "vote-board", by=BOARD[0], choice="for")
        one = only(await gates.evaluate("ledger", cause="test"))
        assert (one.state, one.missing) == ("fail", tuple(sorted(BOARD[1:])))
        await state(product, loaded, "data", "vote-board", by=BOARD[1], choice="abstain")
        board = await gates.evaluate("ledger", cause="test")
        assert (board.passes, only(board).state, only(board).missing) == (True, "pass", ())

    await _on(trial, gated(trial.folder, gate(VOTE)), judged)


async def test_who_left_the_role_does_not_count_and_slack_away_is_unknown(trial: Trial) -> None:
    async def judged(product: Trial, loaded: LoadedPlaybook) -> None:
        gates = product.services.gates
        await state(product, loaded, "data", "sign-off-operator", by=SAM.id)
        assert only(await gates.evaluate("ledger", cause="test")).passes
        product.roles.groups["ledger-oncall"] = {KIM.id}
        one = only(await gates.evaluate("ledger", cause="test"))
        assert (one.state, one.missing) == ("fail", (KIM.id,))
        product.roles.away = True
        assert only(await gates.evaluate("ledger", cause="test")).state == "unknown"
        product.roles.away = False
        product.roles.copied_at = product.clock.now()
        assert only(await gates.evaluate("ledger", cause="test")).state == "unknown"

    await _on(trial, gated(trial.folder, gate(SIGNED)), judged)


async def test_a_signature_expires(trial: Trial) -> None:
    async def judged(product: Trial, loaded: LoadedPlaybook) -> None:
        await state(product, loaded, "data", "sign-off-operator", by=SAM.id)
        product.clock.advance(hours=24 * 91)
        one = only(await product.services.gates.evaluate("ledger", cause="test"))
        assert one.state == "expired"
        assert one.reason.startswith("expired, 91 days old (limit 90 days)")
        assert one.age_seconds(product.clock.now()) == 91 * 86400
        assert one.missing == (KIM.id, SAM.id)

    await _on(trial, gated(trial.folder, gate(SIGNED)), judged)


async def test_since_is_when_a_gate_came_to_be_as_it_is(trial: Trial) -> None:
    async def judged(product: Trial, loaded: LoadedPlaybook) -> None:
        gates, begin = product.services.gates, product.clock.now()
        await gates.evaluate("ledger", cause="test")
        product.clock.advance(hours=1)
        board = await gates.evaluate("ledger", cause="test")
        assert board.gates[0].since == begin
        await state(product, loaded, "data", "sign-off-operator", by=SAM.id)
        product.clock.advance(hours=1)
        made = await gates.evaluation("ledger", cause="test")
        assert made.board.gates[0].since == begin + timedelta(hours=2)
        assert [(one.passes, one.what) for one in made.changes] == [
            (True, "Data parity: The support plan is in place")
        ]

    await _on(trial, gated(trial.folder, gate(SIGNED)), judged)


async def test_a_playbook_that_asks_for_less_leaves_a_trace(trial: Trial) -> None:
    """A gate does not turn green by an edit without one."""
    both = gate(SIGNED, {**VOTE, "quorum": 3})

    async def before(product: Trial, _loaded: LoadedPlaybook) -> None:
        assert not (await product.services.gates.evaluate("ledger", cause="test")).passes

    async def after(product: Trial, loaded: LoadedPlaybook) -> None:
        await state(product, loaded, "data", "vote-board", by=BOARD[0], choice="for")
        made = await product.services.gates.evaluation("ledger", cause="test")
        assert made.board.passes
        assert made.edited is not None
        assert made.edited.told == (
            "removed: Data parity: The support plan is in place",
            "changed: Data parity: Cut over: quorum 3 → 1",
        )
        assert [kind for kind, _who in await product.audited()][-2:] == [
            "gates.evaluated",
            "gates.playbook_changed",
        ]
        # Whoever looks next sees it, too, although the playbook is the same then.
        product.clock.advance(hours=24)
        again = await product.services.gates.evaluation("ledger", cause="test")
        assert again.edited is None
        assert again.edits == made.edits
        product.clock.advance(hours=24 * 7)
        assert (await product.services.gates.evaluation("ledger", cause="test")).edits == ()

    await _on(trial, gated(trial.folder, both), before)
    await _on(trial, gated(trial.folder, gate({**VOTE, "quorum": 1}), digest="2" * 64), after)
