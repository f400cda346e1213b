"""A compact playbook that is right in every way, as text, and the kinds of its steps.

`unit` and `call` stand for adapters; `PLAYBOOK.replace(...)` makes it wrong in one way.
"""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.playbook.part import FromEnvironment
from bot.domain.quantities import Duration
from bot.ports.action import Parameters


class UnitParameters(Parameters):
    """A service that is started or stopped."""

    unit: str
    state: Literal["started", "stopped"]


class Asked(Parameters):
    """A question to a service."""

    url: str
    equals: Decimal | None = None


class CallParameters(Parameters):
    """A request: parameters with alternatives, lists, a nested model and an alias."""

    url: Annotated[str, Field(min_length=1)] | FromEnvironment
    from_: str = Field(default="", alias="from")
    expect: tuple[Annotated[int, Field(ge=100, le=599)], ...] = ()
    headers: dict[str, str | FromEnvironment] = Field(default_factory=dict)
    timeout: Duration | None = None
    probe: Asked | None = None


STEP_KINDS: dict[str, type[Parameters]] = {"unit": UnitParameters, "call": CallParameters}

PLAYBOOK = """\
migration: ledger
title: General ledger
phase: parallel
channels: {incidents: "#incidents", summaries: "#ledger", approvals: "#ledger-cutover"}
roles:
  operator: {usergroup: ledger-oncall}
  board: {users: [U0123, U0456]}
environments: {production: {}, staging: {}}
sources:
  legacy: {url: "sqlite:///legacy.db"}
  new: {url: {env: LEDGER_NEW_URL}, timeout: 10s}
reconcile:
  checks:
    - id: accounts
      title: Active accounts
      scalar:
        legacy: SELECT COUNT(*) FROM accounts WHERE status = 'A'
        new: SELECT COUNT(*) FROM accounts WHERE active
      tolerance: 0.1%
      critical: true
      owner: operator
      on_fail: Investigate immediately
signals:
  - {id: variance, title: Largest variance, reconcile: max_critical_variance}
  - {id: health, title: New ledger, http: {url: "http://127.0.0.1:9/health"}}
  - {id: latency, title: p95, http: {url: "http://127.0.0.1:9/", measure: latency}, baseline: 100}
triggers:
  - id: variance
    title: More than 5% variance
    when: {signal: variance, op: ">", value: 5%}
    suggests: immediate
  - id: slow
    title: Slower than 1.5 x baseline
    when: {signal: latency, op: ">", value: 150%, of: baseline}
    suggests: immediate
decision:
  rollback:
    start: severity
    nodes:
      severity:
        ask: How bad is it?
        answers:
          p1: {text: The ledger is stopped, goto: wrong, severity: P1}
          unknown: {text: I don't know, goto: wrong, severity: P1}
      wrong:
        ask: Is a critical check more than 5% off?
        claim: A critical check is off
        signals: [variance]
        trigger: variance
        answers:
          yes: {text: Yes, goto: back}
          no: {text: No, goto: watch}
          unknown: {text: I don't know, goto: back}
    outcomes:
      back: {title: Roll back, rollback: immediate}
      watch: {title: Keep watching}
phases:
  - {id: parallel, kind: parallel, rollback: {role: operator}}
  - {id: gone, kind: decommissioned, rollback: never}
follow_ups:
  - {id: cause, after: 4h, title: Find the cause, owner: operator}
  - {id: report, after: 2d, title: Write the report, owner: board}
plans:
  immediate:
    title: Back to legacy
    budget: 5m
    stages:
      - id: stop
        title: Stop the new ledger
        budget: 1m
        steps:
          - id: stop-new
            title: Stop the service
            uses: unit
            with: {unit: ledger-new, state: stopped}
            budget: 20s
          - id: route
            title: Route to legacy
            uses: call
            with:
              url: http://127.0.0.1:9/route
              expect: [200, 204]
              headers: {authorization: {env: LEDGER_TOKEN}}
              probe: {url: "http://127.0.0.1:9/route", equals: 0.1}
            budget: 20s
            longest: 1m
"""


def write_playbook(folder: Path, text: str = PLAYBOOK) -> Path:
    """The text as `folder`/playbook.yml; the folder is made."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "playbook.yml"
    path.write_text(text, encoding="utf-8")
    return path


def place_of(text: str, marked: str) -> tuple[int, int]:
    """Line and column, from 1, of the one place where `marked` stands in a text."""
    before, found, after = text.partition(marked)
    if not found or marked in after:
        raise ValueError(f"{marked!r} is not in the text exactly once")
    return before.count("\n") + 1, len(before) - before.rfind("\n")
