"""The rounds of `make bench-reconcile`: everybody in turns, each turn held against what was planted."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.comparers.turn import Answer
from benchmarks.employee_tables import CASES, Case, EmployeeTables
from benchmarks.employees import planted
from benchmarks.row_comparers import COMPARERS, OURS, RAW, RowComparer

Turns = dict[tuple[str, str], dict[int, Answer]]
"""By comparer and case, the answers by round."""


@dataclass(frozen=True)
class Rounds:
    """What was measured. `wrong` counts the keys that were missed or made up, by comparer and case."""

    turns: Turns = field(default_factory=dict)
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, number: int, comparer: str, case: Case, answer: Answer, rows: int) -> None:
        """Keep an answer. Raises RuntimeError when the limit did not read all rows."""
        if answer.keys is None:
            plan = planted(rows, case.differing)
            read = 2 * rows - len(plan.missing_new) + len(plan.missing_legacy)
            if answer.rows != read:
                raise RuntimeError(f"{comparer} read {answer.rows} rows of {case.name}, not {read}")
        else:
            wrong = set(answer.keys) ^ set(planted(rows, case.differing).keys)
            twice = len(answer.keys) - len(set(answer.keys))
            self.wrong[comparer, case.name] += len(wrong) + twice
        self.turns.setdefault((comparer, case.name), {})[number] = answer

    def ratio(self, comparer: str, case: Case, *, less: float = 0.0) -> float:
        """The median over its rounds of its seconds, less an allowance, to those of the limit then."""
        raw = self.turns[RAW, case.name]
        mine = self.turns[comparer, case.name]
        return statistics.median((mine[number].seconds - less) / raw[number].seconds for number in mine)

    def lead(self, peer: str, case: Case) -> float:
        """How many times as long as ours a peer takes: the median of the rounds that it was in."""
        ours = self.turns[OURS, case.name]
        theirs = self.turns[peer, case.name]
        return statistics.median(theirs[number].seconds / ours[number].seconds for number in theirs)

    def seconds(self, comparer: str, case: Case) -> float:
        """The median of all its rounds."""
        return statistics.median(answer.seconds for answer in self.turns[comparer, case.name].values())

    def megabytes(self, comparer: str, case: Case) -> float:
        """The most of all its rounds: a peak is reached by chance, and memory has to be there for it."""
        return max(answer.megabytes for answer in self.turns[comparer, case.name].values())


async def all_rounds(tables: EmployeeTables, *, rounds: int, peer_rounds: int, folder: Path) -> Rounds:
    """Measure. The peers, who take long, are in the first rounds alone; a round before warms up."""
    found = Rounds()
    for number in range(-1, rounds):
        peers = 0 <= number < peer_rounds
        for case in CASES:
            who = [one for one in COMPARERS if one.does(case, tables.rows) and _in(one, peers)]
            for comparer in who if number % 2 else who[::-1]:
                answer = await comparer.turn(*tables.sides(case), folder=folder)
                if number >= 0:
                    found.add(number, comparer.name, case, answer, tables.rows)
            if number >= 0:
                print(f"round {number + 1} of {rounds}, {_told(found, number, case, who)}", flush=True)
    return found


def _in(comparer: RowComparer, peers: bool) -> bool:
    return peers or comparer.name in (RAW, OURS)


def _told(found: Rounds, number: int, case: Case, who: Sequence[RowComparer]) -> str:
    turns = {one.name: found.turns[one.name, case.name][number] for one in who}
    told = (f"{name} {turn.seconds:.2f} s {turn.megabytes:.0f} MB" for name, turn in turns.items())
    return f"{case.name}: {', '.join(told)}"
