"""A walk as it is read at the terminal, and as JSON."""

from bot.domain.messages.measured import MeasuredLine
from bot.domain.messages.timeline import in_utc
from bot.domain.messages.walk import QuestionFacts, question_facts
from bot.domain.playbook.document import Playbook
from bot.domain.preview import PlanPreview
from bot.domain.start_request import StartRequest
from bot.domain.walk import Walk
from bot.terminal.plan import preview_lines


def question_lines(facts: QuestionFacts) -> list[str]:
    """The open question, each measured value with its limit and time, and the answers by number."""
    walk = facts.walk
    lines = [f"Rollback of {walk.migration} · question {facts.number} · started by {walk.started_by.name}"]
    lines += [f"     {facts.last_answer}"] if facts.last_answer else []
    lines += [facts.ask, *(_measured(line) for line in facts.measured or ())]
    return lines + [f"  {number}. {answer.text}" for number, answer in enumerate(facts.answers, 1)]


def verdict_lines(playbook: Playbook, walk: Walk, preview: PlanPreview | None) -> list[str]:
    """The verdict with its reasons and, where it is to roll back, what would be done exactly."""
    verdict = walk.verdict(playbook)
    plan = f", plan {verdict.plan}" if verdict.plan else ""
    severity = walk.severity(playbook)
    lines = [f"{walk.migration}: {verdict.title}{plan}{f' · {severity}' if severity else ''}"]
    lines += [f"     {reason}" for reason in verdict.reasons]
    lines += [f"     {verdict.advice}"] if verdict.advice else []
    return lines + (preview_lines(preview) if preview else [])


def request_lines(playbook: Playbook, request: StartRequest) -> list[str]:
    """How many have approved, until when more may, and where."""
    role = playbook.roles.get(request.role)
    who = f"{request.role} ({role.described()})" if role else request.role
    until = in_utc(request.expires_at)
    lines = [f"⏳ {request.count()}, asked for by {request.asked_by.name}, valid until {until}"]
    lines += [f"  ✅ approved by {actor.name}" for actor in request.approved_by]
    lines += [f"  ❌ does not count, no longer {request.role}: {actor.name}" for actor in request.dropped]
    return [*lines, f"     Others who are {who} approve it in Slack, in {playbook.channels.incidents}"]


def walk_body(
    playbook: Playbook, walk: Walk, preview: PlanPreview | None, request: StartRequest | None
) -> dict[str, object]:
    """Where a walk stands, as JSON."""
    facts = question_facts(playbook, walk) if walk.status == "asking" else None
    verdict = walk.verdict(playbook) if walk.status in ("concluded", "confirmed", "watching") else None
    return {
        "migration": walk.migration,
        "environment": walk.environment,
        "walk": walk.id,
        "status": walk.status,
        "given": {given.question: given.answer for given in walk.answers},
        "question": facts and {"id": walk.place, **facts.model_dump(mode="json", include=_ASKED)},
        "verdict": verdict and verdict.model_dump(mode="json"),
        "preview": preview
        and {**preview.model_dump(mode="json", include={"steps"}), "digest": preview.digest()},
        "request": request and _request_body(request),
    }


_ASKED = {"ask", "answers", "measured"}


def _request_body(request: StartRequest) -> dict[str, object]:
    return {
        **request.model_dump(mode="json", include={"id", "status", "role", "needed", "expires_at"}),
        "asked_by": request.asked_by.name,
        "approved_by": [actor.name for actor in request.approved_by],
    }


def _measured(line: MeasuredLine) -> str:
    mark = {True: "✅", False: "❌", None: "❔" if line.unknown else "  "}[line.good]
    return f"  {mark} {line.title}: {line.text} · measured {in_utc(line.at)}"
