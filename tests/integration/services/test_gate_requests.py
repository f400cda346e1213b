"""People ask for the gates of a migration."""

import pytest

from bot.domain.errors import NotAllowedError, RefusedError, UnknownNameError
from bot.domain.messages.gates import GatesFacts
from bot.metrics import Metrics
from tests.integration.ledger import ANA, EVE, KIM, SAM, SUMMARIES
from tests.integration.services.gate_board import bot_of, gate, gated, state
from tests.integration.trial import Trial

SIGNED = {"sign_off": "operator", "statement": "The support plan is in place"}


async def _board(product: Trial) -> GatesFacts:
    return GatesFacts.model_validate((await product.messages("gates"))[-1].facts)


async def test_it_is_shown_at_once_that_they_are_evaluated_and_then_the_board(trial: Trial) -> None:
    loaded = gated(trial.folder, gate(SIGNED))
    async with bot_of(trial, loaded) as product:
        asked = await product.services.gate_requests.ask("ledger", channel="C1", actor=ANA)
        assert asked.channel == "C1"
        assert (await _board(product)).evaluation is None
        await product.work()
        rows = await product.messages("gates")
        assert len({(row.channel, row.subject) for row in rows}) == 1
        facts = await _board(product)
        assert facts.evaluation is not None
        assert (facts.evaluation.board.passes, facts.asked_by) == (False, "Ana")
        assert facts.evaluation.cause == "asked for by Ana"
        assert facts.owners["data"] == "@ledger-data"
        # The details are those of the board that is shown, whatever came after.
        await state(product, loaded, "data", "sign-off-operator", by=SAM.id)
        shown = await product.services.gate_requests.shown(facts.evaluation.id, actor=KIM)
        assert shown == facts.evaluation


async def test_a_job_that_is_done_again_shows_the_board_in_the_same_message(trial: Trial) -> None:
    loaded = gated(trial.folder, gate(SIGNED))
    async with bot_of(trial, loaded) as product:
        await product.services.gate_requests.ask("ledger", channel=None, actor=ANA)
        for _ in range(2):
            await product.services.gate_requests.perform("bot-0001", "ledger", SUMMARIES, "Ana")
        rows = await product.messages("gates")
        assert {(row.channel, row.subject, row.way) for row in rows} == {
            (SUMMARIES, "gates:bot-0001", "show")
        }


async def test_without_a_role_nobody_sees_gates(trial: Trial) -> None:
    loaded = gated(trial.folder, gate(SIGNED))
    async with bot_of(trial, loaded) as product:
        requests = product.services.gate_requests
        made = await product.services.gates.evaluation("ledger", cause="test")
        for refused in (
            requests.ask("ledger", channel=None, actor=EVE),
            requests.shown(made.id, actor=EVE),
            requests.history("ledger", actor=EVE),
        ):
            with pytest.raises(NotAllowedError):
                await refused
        assert await product.messages("gates") == []


async def test_a_migration_without_gates_says_what_to_add(trial: Trial) -> None:
    with pytest.raises(RefusedError, match=r"ledger has no gates\. Add to its playbook: gates:"):
        await trial.services.gate_requests.ask("ledger", channel=None, actor=ANA)
    with pytest.raises(UnknownNameError, match="Did you mean ledger"):
        await trial.services.gate_requests.ask("legder", channel=None, actor=ANA)


async def test_what_leaving_the_phase_needs_is_settled_as_a_gate_is(trial: Trial) -> None:
    phases = [
        {
            "id": "parallel",
            "kind": "parallel",
            "rollback": {"role": "operator"},
            "decided_by": "board",
            "leave_when": [{"target": "The support plan stands", "criterion": SIGNED}],
        },
        {"id": "gone", "kind": "decommissioned", "rollback": "never"},
    ]
    loaded = gated(trial.folder, phases=phases)
    async with bot_of(trial, loaded) as product:
        gates = product.services.gates
        before = await gates.leaving("ledger")
        assert (before.id, before.passes, before.criteria[0].owner) == ("phase:parallel", False, "board")
        assert before.criteria[0].title == "The support plan stands"
        await state(product, loaded, "phase:parallel", "sign-off-operator", by=SAM.id)
        assert (await gates.leaving("ledger")).passes


async def test_metrics_have_the_gates_as_they_were_evaluated_last(trial: Trial) -> None:
    loaded = gated(trial.folder, gate(SIGNED), gate(SIGNED, name="other", title="Other"))
    async with bot_of(trial, loaded) as product:
        metrics = Metrics(
            store=trial.store, catalog=product.services.catalog, clock=trial.clock, connected=lambda: True
        )
        assert b"switchback_gates_passing{" not in await metrics.text()
        await state(product, loaded, "data", "sign-off-operator", by=SAM.id)
        await product.services.gates.evaluate("ledger", cause="test")
        text = (await metrics.text()).decode()
        assert 'switchback_gates_passing{migration="ledger"} 1.0' in text
        assert 'switchback_gates_declared{migration="ledger"} 2.0' in text
        last = text.rpartition('switchback_gates_last_timestamp_seconds{migration="ledger"} ')[2]
        assert float(last) == trial.clock.now().timestamp()
