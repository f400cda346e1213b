"""The evidence pack's sections on what happened: phases, runs, timelines, rehearsals, playbooks, the log."""

import json

from bot.domain.evidence_pack import EvidencePack, RunRecord, StepRecord
from bot.domain.moment import written
from bot.domain.rehearsal import Rehearsed
from bot.domain.rehearsal_evidence import data_differences, seconds_back
from bot.terminal.html_text import Html, element, lines, table, together


def phases(pack: EvidencePack) -> Html:
    """Every move into a phase."""
    rows = [
        (
            written(move.since),
            move.phase,
            move.by.name,
            move.reason,
            move.cause,
            written(move.extended_to) if move.extended_to else "",
        )
        for move in pack.phases
    ]
    head = ("Since", "Phase", "By", "Reason", "Rests on", "Extended to")
    return table(head, rows, empty="No phase was recorded.")


def runs(pack: EvidencePack) -> Html:
    """Every run that was meant, with its steps."""
    if not pack.runs:
        return element("p", "Nothing has been run.", class_="none")
    return together(_run(one) for one in pack.runs)


def _run(one: RunRecord) -> Html:
    what = {"cutover": "Cutover", "phase": "Move to another phase", None: "Rollback"}[one.kind]
    facts = [
        f"Confirmed by {one.confirmed_by.name} {written(one.confirmed_at)}",
        f"Approved by {', '.join(actor.name for actor in one.approved_by)}" if one.approved_by else "",
        f"Went on alone: {one.broke_glass}" if one.broke_glass else "",
        f"Ended {written(one.ended_at)}" if one.ended_at else "Not ended",
        f"Ended by {one.ended_by.name}: {one.end_reason}" if one.ended_by else "",
    ]
    head = ("Step", "Status", "Began", "Ended", "Outcome", "Evidence")
    return together(
        (
            element("h3", f"{what} by plan “{one.plan}” in {one.environment}: {one.status}"),
            lines(facts),
            element("p", f"Run {one.id}, playbook ", _digest(one.playbook_digest), class_="small"),
            table(head, [_step(step) for step in one.steps], empty="It has no step."),
        )
    )


def _step(step: StepRecord) -> tuple[str, ...]:
    by = f"by {step.decided_by.name}{f': {step.reason}' if step.reason else ''}" if step.decided_by else ""
    attempt = f"attempt {step.attempt}" if step.attempt > 1 else ""
    return (
        lines((step.title, f"{step.stage}: {step.step} ({step.uses})")),
        lines((step.status, attempt)),
        written(step.started_at) if step.started_at else "",
        written(step.ended_at) if step.ended_at else "",
        lines((step.summary, by)),
        together(
            together((element("div", proof.name), element("pre", proof.text))) for proof in step.evidence
        ),
    )


def incidents(pack: EvidencePack) -> Html:
    """Each incident with its timeline, line by line as it was told."""
    if not pack.incidents:
        return element("p", "There was no incident.", class_="none")
    return together(
        together(
            (
                element(
                    "h3", f"{one.kind or 'incident'} in {one.environment}, opened {written(one.opened_at)}"
                ),
                element("p", f"Severity {one.severity or 'unknown'}, opened by {one.opened_by.name}"),
                table(
                    ("When", "Who", "What"),
                    [(written(entry.at), entry.actor, entry.text) for entry in one.timeline],
                    empty="Nothing was told.",
                ),
            )
        )
        for one in pack.incidents
    )


def rehearsals(pack: EvidencePack) -> Html:
    """Each rehearsal on a line: how long it took, whether data was preserved, who signed."""
    head = ("Started", "Plan", "Result", "Time", "Data", "Signed")
    return table(head, [_rehearsal(one) for one in pack.rehearsals], empty="Nothing was rehearsed.")


def _rehearsal(one: Rehearsed) -> tuple[str, ...]:
    took, differs = seconds_back(one), data_differences(one)
    kept = lines(differs) if differs else f"{len(one.before)} tables as before"
    return (
        written(one.started_at),
        f"{one.plan_id} in {one.environment}",
        one.problem or one.status,
        f"{took:g} s of {one.within_seconds:g} s" if took is not None else "",
        kept if one.compared else "not compared",
        lines(f"{sign.by.name} as {sign.role}, {written(sign.at)}: {sign.comment}" for sign in one.signed),
    )


def playbooks(pack: EvidencePack) -> Html:
    """Every text of the playbook, with what was different in it."""
    rows = [
        (
            written(one.loaded_at),
            lines((f"version {one.number}", _digest(one.digest))),
            lines(one.changes) if one.changes else "first" if one.number == 1 else "none of its rules",
            one.replica,
        )
        for one in pack.playbooks
    ]
    return table(("Loaded", "Version", "Changes", "First by"), rows, empty="None was recorded.")


def audit(pack: EvidencePack) -> Html:
    """Whether the log is whole, its end, the daily anchors, and this migration's entries."""
    log = pack.audit
    found = [element("p", f"❌ {problem}") for problem in log.problems]
    whole = [element("p", f"✅ The log is whole: {log.entries_in_all} entries of all migrations.")]
    kept = [(str(one.day), str(one.number), _digest(one.digest)) for one in log.anchors]
    entries = [
        (
            _iso(entry.at),
            str(entry.number),
            entry.actor,
            lines((entry.kind, entry.subject)),
            json.dumps(entry.facts, ensure_ascii=False, sort_keys=True),
            _digest(entry.digest),
        )
        for entry in log.entries
    ]
    return together(
        (
            *(found or whole),
            element("p", "Its last entry: ", _digest(log.head)),
            element("h3", "Daily anchors, as they were posted"),
            table(("Day", "Entry", "Digest"), kept, empty="None has been posted yet."),
            element("h3", f"Entries of {pack.migration}"),
            table(("At", "Entry", "Who", "What", "Facts", "Digest"), entries, empty="None."),
        )
    )


def _iso(at: str) -> str:
    """A time of the log, which is ISO 8601 in UTC, as the others are written; as it is where it is not."""
    return f"{at[:10]} {at[11:19]} UTC" if at.endswith("+00:00") else at


def _digest(text: str) -> Html:
    return element("span", text, class_="digest")
