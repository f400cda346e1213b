"""The bot under a short chaos: kill after kill in every set-up, its records held against a ledger.

`.ci/run` kills it 30 times by `make chaos`; here it is as often as takes a minute.
"""

import random
from pathlib import Path

import pytest

from benchmarks.chaos import measure, wanted
from benchmarks.figures import holds

KILLS = 6


@pytest.mark.timeout(240)
async def test_whenever_the_bot_is_killed_no_step_is_lost_done_twice_guessed_or_stuck(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    seed = random.SystemRandom().randrange(1_000_000)
    request.node.add_report_section("call", "chaos", f"make chaos KILLS={KILLS} SEED={seed}")
    figures = await measure(kills=KILLS, seed=seed, folder=tmp_path, together=True)
    kept = {name: holds(figures[name], limit) for name, limit in wanted().items()}
    assert all(kept.values()), (f"SEED={seed}", figures)
    total = {
        kind: sum(figures[name] for name in figures if name.endswith(kind)) for kind in ("_kills", "_act")
    }
    assert total["_kills"] >= KILLS
    assert total["_act"] * 3 >= KILLS
