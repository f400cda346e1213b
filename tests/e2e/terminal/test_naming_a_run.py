"""Which run, question or answer is meant at the terminal; what is not known is one error."""

import pytest

from bot.sandbox.json_values import as_list, as_object, objects_in
from tests.e2e.terminal.alone import DECIDED, Alone
from tests.e2e.terminal.conftest import printed


async def test_a_run_is_named_by_its_id_its_beginning_or_its_migration_and_never_by_chance(
    alone: Alone,
) -> None:
    for _ in range(2):
        assert (await alone.run(*DECIDED, "--drive")).ended() == 0
    later, earlier = (str(one["id"]) for one in objects_in(printed(await alone.run("runs", "--json"))))
    shared = next(n for n in range(len(later)) if later[n] != earlier[n])
    for name, meant in ((later, later), ("ledger", later), (earlier[: shared + 1].lower(), earlier)):
        shown = await alone.run("runs", "show", name, "--json")
        assert (shown.ended(), as_object(printed(shown))["id"]) == (0, meant)
    ambiguous = await alone.run("runs", "pause", later[:shared], "--json")
    error = as_object(printed(ambiguous))
    assert ambiguous.ended() == 2
    assert error["do"] == f"Write one of: {later}, {earlier}"
    over = await alone.run("runs", "pause", later)
    assert (over.ended(), over.stderr) == (1, "switchback: This run is over: it was done by Switchback\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["rollback", "ledgr"], "There is no migration “ledgr”. Did you mean ledger?"),
        (["rollback", "ledger", "--answer", "wrog=yes"], "There is no question “wrog”. Did you mean wrong?"),
        (["rollback", "ledger", "--answer", "wrong=maybe"], "There is no answer of “wrong” “maybe”"),
        (["rollback", "ledger", "--answer", "wrong"], "is not QUESTION=ANSWER"),
        (["runs", "pause", "01NOTHING"], "There is no run “01NOTHING”"),
        (["runs", "abort", "01NOTHING"], "Missing option '--reason'"),
    ],
)
async def test_bad_input_is_one_error_and_opens_nothing(
    alone: Alone, arguments: list[str], told: str
) -> None:
    refused = await alone.run(*arguments)
    assert (refused.ended(), refused.stdout) == (2, "")
    assert told in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not as_list(printed(await alone.run("runs", "--json")))
    assert alone.records.walks() == []
