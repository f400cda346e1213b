"""What the chaos left: the record held against the ledger."""

import math
import statistics
from collections.abc import Mapping, Sequence

from benchmarks.chaos_killer import Strike
from benchmarks.chaos_ledger import Ledger
from benchmarks.chaos_plan import MANUAL, WITHOUT_PROBE
from benchmarks.chaos_records import ENDED_RUNS, ChaosRecords, Noted

_DECISIONS = ("step.mark-done", "step.retry", "step.skip")


def verdict(
    *, records: ChaosRecords, ledger: Ledger, strikes: Sequence[Strike], asked: int
) -> dict[str, float]:
    """The figures of one set-up, by their names without its prefix.

    Nobody has a step run again that the ledger has, so a second entry is never a person's doing.
    """
    done = ledger.done()
    recorded = [step for step in records.steps() if step.step != MANUAL and step.status == "done"]
    noted = records.noted()
    kills = [strike for strike in strikes if not strike.frozen]
    recovered = [
        max(seconds.values())
        for strike in kills
        if (seconds := _gone_on(strike, noted, before=_next(strike, strikes)))
    ]
    return {
        "kills": len(kills),
        "kills_inside_an_act": sum(bool(strike.inside) for strike in kills),
        "freezes": len(strikes) - len(kills),
        "runs": len(records.runs()),
        "steps": len(recorded),
        "lost": sum(not done[step.run, step.step] for step in recorded),
        "twice": sum(times - 1 for times in done.values()),
        "guessed": sum(_guessed(strike, noted) for strike in kills),
        "stuck": sum(status not in ENDED_RUNS for status in records.runs().values()),
        "audit_breaks": records.audit_breaks(),
        "asked": asked,
        "recovery_seconds_median": statistics.median(recovered) if recovered else 0.0,
    }


def takeover_seconds_max(records: ChaosRecords, strikes: Sequence[Strike]) -> float:
    """The longest that a run under way stood still after a kill of one of the replicas."""
    noted = records.noted()
    kills = [strike for strike in strikes if not strike.frozen]
    stood = (_gone_on(kill, noted, before=math.inf) for kill in kills)
    return max((seconds for still in stood for seconds in still.values()), default=0.0)


def _next(strike: Strike, strikes: Sequence[Strike]) -> float:
    return min((other.at for other in strikes if other.at > strike.at), default=math.inf)


def _gone_on(strike: Strike, noted: Sequence[Noted], *, before: float) -> Mapping[str, float]:
    """After how many seconds each run that was under way went on, if it did before that moment."""
    found: dict[str, float] = {}
    for entry in noted:
        if entry.progress and entry.run in strike.running and strike.at < entry.at <= before:
            found.setdefault(entry.run, entry.at - strike.at)
    return found


def _guessed(strike: Strike, noted: Sequence[Noted]) -> int:
    """How many interrupted steps without a probe were settled without asking anybody."""
    guessed = 0
    for act in strike.inside:
        if act.step in WITHOUT_PROBE:
            mine = (entry for entry in noted if (entry.run, entry.step) == (act.run, act.step))
            after = [entry for entry in mine if entry.at > strike.at]
            asked = any(entry.kind in _DECISIONS or entry.status == "unknown" for entry in after)
            guessed += bool(after) and not asked
    return guessed
