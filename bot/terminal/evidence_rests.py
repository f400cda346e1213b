"""The evidence pack's sections on what was decided, on which evidence, and who said what."""

from collections.abc import Mapping

from bot.domain.decision import Decision, DecisionApproval
from bot.domain.evidence_pack import EvidencePack
from bot.domain.gates.board import MARKED, Board
from bot.domain.moment import written
from bot.domain.statement import Statement
from bot.terminal.html_text import Html, element, lines, table, together


def decisions(pack: EvidencePack, outcomes: Mapping[str, str]) -> Html:
    """Each decision: what came of it, its tree, what each person said and saw, and what it rests on."""
    if not pack.decisions:
        return element("p", "Nothing has been decided.", class_="none")
    return together(_decision(one, outcomes[one.status]) for one in reversed(pack.decisions))


def _decision(one: Decision, outcome: str) -> Html:
    about = "Cutover" if one.kind == "cutover" else "Move"
    facts = [
        f"Asked by {one.asked_by.name} {written(one.asked_at)}; needs {one.needed} of role {one.role}",
        f"Ended {written(one.ended_at)} by {one.ended_by.name}" if one.ended_at and one.ended_by else "",
        f"Reason: {one.reason}" if one.reason else "",
        f"Day of the cutover: {one.day}" if one.day else "",
        f"New day: {one.new_day}" if one.new_day else "",
        f"Outcome of the decision tree: {one.conclusion}" if one.conclusion else "",
        *(f"Condition: {condition}" for condition in one.conditions),
    ]
    tree = [(written(each.at), each.by.name, each.question, each.answer) for each in one.answers]
    return together(
        (
            element("h3", f"{about} from {one.from_phase} to {one.to_phase}: {outcome}"),
            lines(facts),
            _digests(one.evidence.digest(), one.playbook_digest),
            table(("When", "Who", "Question", "Answer"), tree, empty="No question was asked."),
            table(
                ("When", "Who", "Said", "Saw the evidence", "Counts"),
                [_approval(each, one) for each in one.approvals],
                empty="Nobody has said anything.",
            ),
            element("p", "It rests on this evidence:"),
            board(one.evidence),
        )
    )


def _approval(each: DecisionApproval, decision: Decision) -> tuple[str, ...]:
    said = "approves" if each.choice == "approve" else "rejects"
    same = each.evidence == decision.evidence.digest()
    which = "that of the decision" if same else "another than that of the decision"
    counts = "yes" if each.void_at is None else f"no, void since {written(each.void_at)}: {each.void_why}"
    return (
        written(each.at),
        f"{each.by.name} ({each.by.id})",
        f"{said}{f': {each.comment}' if each.comment else ''}",
        lines((which, element("span", each.evidence, class_="digest"))),
        counts,
    )


def boards(pack: EvidencePack) -> Html:
    """The evaluations that people saw, and the last one, in full."""
    if not pack.boards:
        return element("p", "The gates have not been evaluated.", class_="none")
    return together(
        together(
            (
                element("h3", f"Evaluated {written(one.board.at)} ({one.cause})"),
                _digests(one.board.digest(), one.board.playbook_digest),
                board(one.board),
            )
        )
        for one in pack.boards
    )


def board(one: Board) -> Html:
    """Every criterion of every gate, with where its evidence came from."""
    rows = [
        (
            f"{'✅' if gate.passes else '❌'} {gate.title}",
            criterion.title,
            MARKED[criterion.state],
            lines((criterion.reason, criterion.how)),
            written(criterion.as_of) if criterion.as_of else "none",
            criterion.owner,
        )
        for gate in one.gates
        for criterion in gate.criteria
    ]
    head = ("Gate", "Criterion", "State", "Why, and how it was obtained", "As of", "Owner")
    return table(head, rows, empty="No gate was declared.")


def evaluations(pack: EvidencePack) -> Html:
    """Every evaluation that was kept, on a line."""
    rows = [
        (
            written(one.at),
            "✅ all pass" if one.passes else f"❌ failing: {', '.join(one.failing) or 'no gate declared'}",
            one.cause,
            element("span", one.digest, class_="digest"),
        )
        for one in pack.evaluations
    ]
    title = element("h3", "Every evaluation that was kept")
    return together((title, table(("At", "Result", "Made for", "Evidence"), rows, empty="None.")))


def statements(pack: EvidencePack) -> Html:
    """Each signature and vote, with what its giver saw; those that ended too."""
    head = ("When", "Who", "Gate and criterion", "Said", "What was shown", "Stands")
    return table(head, [_statement(one) for one in pack.statements], empty="Nobody has signed or voted.")


def _statement(one: Statement) -> tuple[str, ...]:
    about = f"{one.gate}: {one.criterion}{f', {one.item}' if one.item else ''}"
    stands = "yes"
    if one.ended_at is not None:
        by = f" by {one.ended_by.name}" if one.ended_by else ""
        stands = f"no, ended {written(one.ended_at)}{by}{f': {one.ended_why}' if one.ended_why else ''}"
    return (
        written(one.at),
        f"{one.by.name} ({one.by.id}) as {one.role}",
        about,
        f"{one.said}{f': {one.comment}' if one.comment else ''}",
        lines((one.text, element("span", one.shown, class_="digest"))),
        stands,
    )


def _digests(evidence: str, playbook: str) -> Html:
    return element(
        "p",
        "Evidence ",
        element("span", evidence, class_="digest"),
        ", playbook ",
        element("span", playbook, class_="digest"),
        class_="small",
    )
