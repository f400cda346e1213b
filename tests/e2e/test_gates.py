"""The gates of a migration, asked for in Slack and at the terminal."""

from collections.abc import Mapping
from pathlib import Path

from bot.sandbox.json_values import as_object, objects_in
from tests.e2e import rollback
from tests.e2e.conftest import Running
from tests.e2e.ledger_playbook import Ledger
from tests.e2e.program import SWITCHBACK, completed
from tests.e2e.terminal.conftest import printed
from tests.e2e.workspace import Person

GATES = """
gates:
  - id: governance
    title: Governance approval
    owner: operator
    criteria:
      - {document: support.md, title: Support plan}
      - {vote: operator, statement: Cut over, quorum: 2}
  - id: tested
    title: Way back tested
    owner: operator
    criteria: [{document: proof.md, title: Proof}]
"""


async def test_a_board_with_details_in_slack_and_its_json_at_the_terminal(
    running: Running, settings: Mapping[str, str], tmp_path: Path, sam: Person
) -> None:
    ledger = Ledger(tmp_path / "playbooks")
    folder = ledger.playbooks / "ledger"
    with (folder / "playbook.yml").open("a", encoding="utf-8") as playbook:
        playbook.write(GATES)
    (folder / "proof.md").write_text("It went back in 3:31")
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}) as bot:
        receipt = await sam.command(rollback.INCIDENTS, "/gates ledger")
        assert "Evaluating the gates of ledger" in str(receipt)
        board = await sam.wait_for_message(
            rollback.INCIDENTS, containing="❌ ledger: 1 of 2 gates pass. Cutover is not possible yet"
        )
        text = rollback.read(board)
        assert "Support plan: there is no such file in the playbook's folder" in text
        assert "missing: <@U0ONCALL>, <@U0SECOND>" in text
        await sam.press(board, action_id="gates.details:2")
        view = await sam.wait_for_view(lambda view: view.get("callback_id") == "gates")
        assert "*Proof*: passed" in str(view)

        failing = await completed([SWITCHBACK, "gates", "ledger", "--json"], env=bot.env)
        assert (failing.ended(), failing.stderr) == (1, "")
        body = as_object(printed(failing))
        assert list(body) == ["migration", "passes", "gates"]
        assert (body["migration"], body["passes"]) == ("ledger", False)
        first, second = objects_in(body["gates"])
        assert (first["id"], first["passes"], second["passes"]) == ("governance", False, True)
        assert objects_in(second["criteria"]) == [
            {
                "id": "document",
                "state": "pass",
                "reason": objects_in(second["criteria"])[0]["reason"],
                "age_seconds": 0,
                "owner": "operator",
            }
        ]
        one = await completed([SWITCHBACK, "gates", "ledger", "--gate", "tested"], env=bot.env)
        assert (one.ended(), "✅ Way back tested (tested), since " in one.stdout) == (0, True)
        unknown = await completed([SWITCHBACK, "gates", "ledger", "--gate", "testd"], env=bot.env)
        assert (unknown.ended(), "Did you mean tested?" in unknown.stderr) == (2, True)
        history = await completed([SWITCHBACK, "gates", "ledger", "--history"], env=bot.env)
        assert history.ended() == 0
        assert history.stdout.count("1 of 2 passed") == 3
        listed = objects_in(
            printed(await completed([SWITCHBACK, "gates", "ledger", "--history", "--json"], env=bot.env))
        )
        assert [(one["gates_passing"], one["playbook_changes"]) for one in listed] == [(1, None)] * 3
        assert listed[-1]["cause"] == "asked for by sam.okafor"
        assert bot.records.audit_problems() == []
