"""The evidence pack as one page that is read, printed and kept."""

from bot.domain.decision import Decision
from bot.domain.evidence_pack import EvidencePack
from bot.domain.moment import written
from bot.terminal.evidence_records import audit, incidents, phases, playbooks, rehearsals, runs
from bot.terminal.evidence_rests import boards, decisions, evaluations, statements
from bot.terminal.evidence_style import STYLE
from bot.terminal.html_text import Html, element, page, together

_OUTCOMES = {
    "asking": "is being asked for",
    "approving": "waits for approvals",
    "go": "GO",
    "go-with-conditions": "GO with conditions",
    "no-go": "NO-GO",
    "withdrawn": "withdrawn",
    "expired": "not decided in time",
    "outdated": "closed, since it was outdated",
}


def evidence_html(pack: EvidencePack, *, json_name: str, json_digest: str) -> Html:
    """The whole page. `json_name` and `json_digest` (SHA-256) are of the same pack as JSON."""
    sections = (
        ("decisions", "Decisions and approvals", decisions(pack, _OUTCOMES)),
        ("gates", "Gates and their evidence", together((boards(pack), evaluations(pack)))),
        ("statements", "Signatures and votes", statements(pack)),
        ("phases", "Phases", phases(pack)),
        ("runs", "Runs", runs(pack)),
        ("timeline", "Timeline", incidents(pack)),
        ("rehearsals", "Rehearsals", rehearsals(pack)),
        ("playbooks", "Playbooks", playbooks(pack)),
        ("audit", "Audit log", audit(pack)),
    )
    contents = element("nav", *(element("a", title, href=f"#{name}") for name, title, _ in sections))
    body = [element("section", element("h2", title), told, id=name) for name, title, told in sections]
    made = f"Made {written(pack.made_at)} by {pack.made_by}. All times are UTC."
    same = f"The same as JSON: {json_name}, SHA-256 "
    return page(
        f"Evidence of {pack.migration}",
        STYLE,
        element("h1", f"{pack.title}: evidence of the cutover"),
        element("p", _verdict(pack), class_="verdict"),
        element("p", _log(pack), class_="verdict"),
        element("p", made, class_="small"),
        element("p", same, element("span", json_digest, class_="digest"), class_="small"),
        contents,
        *body,
    )


def _verdict(pack: EvidencePack) -> str:
    """What was decided about the cutover last, when and by whom."""
    asked = [one for one in pack.decisions if one.kind == "cutover"]
    if not asked:
        return f"❔ {pack.migration}: no cutover has been asked for"
    last = asked[-1]
    mark = "✅" if last.went else "⏳" if last.is_open else "❌"
    when = f", {written(last.ended_at)}" if last.ended_at else ""
    return f"{mark} {pack.migration}: cutover {_OUTCOMES[last.status]}{when}{_approved(last)}"


def _approved(decision: Decision) -> str:
    names = [one.by.name for one in decision.approvals if one.counts and one.choice == "approve"]
    return f" · approved by {', '.join(names)} ({len(names)} of {decision.needed})" if names else ""


def _log(pack: EvidencePack) -> str:
    log = pack.audit
    if log.whole:
        anchors = f", and goes through all {len(log.anchors)} of its daily anchors" if log.anchors else ""
        return f"✅ the audit log is whole: {log.entries_in_all} entries{anchors}"
    more = f", and {len(log.problems) - 1} more" if len(log.problems) > 1 else ""
    return f"❌ the audit log is not whole, do not rely on what is below: {log.problems[0]}{more}"
