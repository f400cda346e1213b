"""The messages of a cutover's decision tree: the open question, and where the answers led."""

from bot.domain.cutover_day import said_day
from bot.domain.messages.decisions import DecisionConclusionFacts, DecisionQuestionFacts
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    MESSAGE_TEXT,
    Block,
    Message,
    actions,
    button,
    context,
    escape,
    headline,
    moment,
    section,
    sections,
)
from bot.slack.views.walk import measured

_WHEN = "{date_short_pretty} {time}"
# Conditions, answers and what fails share the room of one message.
_LISTED = 2500
_VERDICTS = {"go": "GO", "go-with-conditions": "GO with conditions", "no-go": "NO-GO"}


def question(facts: DecisionQuestionFacts) -> Message:
    """The open question, what was looked up beside it, and a button for each answer."""
    head = f"Cutover of {facts.migration} on {said_day(facts.day)} · question {facts.number}"
    asked = f"asked for by {escape(facts.asked_by, most=200)} {moment(facts.asked_at, _WHEN)}"
    shown = str(ids.Shown(facts.decision, facts.version))
    blocks: list[Block] = [context(f"{escape(head)} · {asked}"), headline(facts.ask)]
    if facts.shown is None:
        blocks.append(context("⏳ looking it up…"))
    elif facts.shown:
        blocks.extend(sections([measured(line) for line in facts.shown]))
    answers = [
        button(one.text, action_id=f"{ids.DECISION_ANSWER}:{one.id}", value=shown) for one in facts.answers
    ]
    back = facts.number > 1
    blocks.append(actions(answers, block_id="answers"))
    blocks.append(actions(_beside(shown, back=back), block_id="back"))
    last = f"{escape(facts.last_answer, most=1500)} · " if facts.last_answer else ""
    blocks.append(context(f"{last}You can leave this here; anyone in the role can go on."))
    return Message(text=escape(f"{head}: {facts.ask}", most=MESSAGE_TEXT), blocks=tuple(blocks))


def conclusion(facts: DecisionConclusionFacts) -> Message:
    """Where the answers led first, why, and the one next button."""
    verdict = _VERDICTS[facts.verdict]
    head = f"{facts.migration}: {verdict}: {facts.outcome}"
    shown = str(ids.Shown(facts.decision, facts.version))
    blocks: list[Block] = [headline(head), section(f"Cutover on {said_day(facts.day)}")]
    if facts.advice:
        blocks.append(section(escape(facts.advice, most=1000)))
    if facts.conditions:
        blocks.extend(
            sections(
                ["*Conditions*", *(f"• {escape(one, most=500)}" for one in facts.conditions)], most=_LISTED
            )
        )
    blocks.extend(sections([f"answered {escape(one, most=400)}" for one in facts.answers], most=_LISTED))
    blocks.append(actions(_next(facts, shown), block_id="conclusion"))
    if facts.verdict != "no-go":
        blocks.extend(_evidence(facts))
    asked = f"asked for by {escape(facts.asked_by, most=200)} {moment(facts.asked_at, _WHEN)}"
    blocks.append(context(f"{asked} · nothing is decided yet"))
    return Message(text=escape(head, most=MESSAGE_TEXT), blocks=tuple(blocks))


def _next(facts: DecisionConclusionFacts, shown: str) -> list[Block]:
    beside = _beside(shown, back=True)
    if facts.verdict == "no-go":
        record = button("Record NO-GO…", action_id=ids.DECISION_NO_GO, value=shown, style="primary")
        return [record, *beside]
    if facts.blocked or not facts.checked:
        return [button("Check again", action_id=ids.DECISION_CHECK, value=shown), *beside]
    ask = f"Ask the approvers of {facts.migration}"
    return [button(ask, action_id=ids.DECISION_ASK, value=shown, style="primary"), *beside]


def _evidence(facts: DecisionConclusionFacts) -> list[Block]:
    if facts.blocked:
        lines = [f"• {escape(one, most=600)}" for one in facts.blocked]
        return sections(["*The approvers cannot be asked while:*", *lines], most=_LISTED)
    if not facts.checked:
        return [context("⏳ the evidence is evaluated once more…")]
    return []


def _beside(shown: str, *, back: bool) -> list[Block]:
    withdraw = button("Withdraw", action_id=ids.DECISION_WITHDRAW, value=shown)
    return [button("Back", action_id=ids.DECISION_BACK, value=shown), withdraw] if back else [withdraw]
