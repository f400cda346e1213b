"""The life of a discrepancy over many days, against a slow and obvious reading of its whole diary."""

import re
from dataclasses import dataclass
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.carrying_over import carried_over, passed_time
from bot.domain.discrepancy import Discrepancy
from bot.domain.sighting import Seen, Sighting
from tests.unit.domain.discrepancies import ANA, after, date_of, looked, moment

# What a day brings for one thing: S seen, A a complete check did not see it, C a list that was cut did not
# show it, ? the check could not be done; then what a person does: E explains, 0 to 3 accepts for so many
# more days, R reopens, - nothing.
days = st.lists(st.tuples(st.sampled_from("SSSAAC?"), st.sampled_from("---EE0123R")), max_size=25)


@dataclass(frozen=True)
class Life:
    """What the diary comes to."""

    status: str
    days: int
    returns: int


def obvious(diary: list[tuple[str, str]]) -> Life | None:
    """Read from the whole diary anew: the present life, then the last decision in it that still holds."""
    looks = "".join(look for look, _ in diary)
    if "S" not in looks:
        return None
    known = looks[looks.index("S") :].translate({ord("C"): None, ord("?"): None})
    returns = len(re.findall("AS", known))
    seen = looks.count("S")
    if known.endswith("A"):
        return Life("fixed", seen, returns)
    last_gone = max((day for day, (look, _) in enumerate(diary) if look == "A"), default=-1)
    born = next(day for day, (look, _) in enumerate(diary) if day > last_gone and look == "S")
    opened = "came_back" if returns else "new"
    holding = opened
    for day in range(born, len(diary)):
        did = diary[day][1]
        if did == "R":
            holding = opened
        elif did == "E":
            holding = "explained"
        elif did.isdigit():
            holding = "accepted" if len(diary) - 1 <= day + int(did) else opened
    return Life(holding, seen, returns)


def lived(diary: list[tuple[str, str]]) -> Discrepancy | None:
    """The same by what the register does, one day after the other."""
    known: dict[str, Discrepancy] = {}
    for day, (look, did) in enumerate(diary):
        if look == "?":
            changes = passed_time(known.values(), looked(day))
        else:
            seen = (Seen("a", "off"),) if look == "S" else ()
            found = Sighting("postings", "data", seen, unnamed=int(look == "C"), outside=look != "A")
            changes = carried_over(known.values(), found, looked(day))
        known = after(changes, tuple(known.values()))
        if "a" in known and known["a"].present:
            known["a"] = _decided(known["a"], did, day)
    return known.get("a")


def _decided(entry: Discrepancy, did: str, day: int) -> Discrepancy:
    version = entry.version
    if did == "E":
        return entry.explained("timing", "late", version=version, by=ANA, at=moment(day))
    if did == "R" and entry.explanation:
        return entry.reopened("no", version=version, by=ANA, at=moment(day))
    if did.isdigit():
        until = date_of(day + int(did))
        return entry.accepted(
            until, "soon", category=None, today=date_of(day), version=version, by=ANA, at=moment(day)
        )
    return entry


@given(days)
def test_a_life_of_many_days_is_what_its_diary_says(diary: list[tuple[str, str]]) -> None:
    entry = lived(diary)
    assert (entry and Life(entry.status, entry.days, entry.returns)) == obvious(diary)


@given(days)
def test_every_change_of_state_is_a_new_version_and_nothing_else_is(diary: list[tuple[str, str]]) -> None:
    lives = [lived(diary[:day]) for day in range(len(diary) + 1)]
    for before, now in pairwise(lives):
        if before is None or now is None:
            continue
        assert now.version >= before.version
        if now.version == before.version:
            unchanged = {"status", "explanation", "earlier", "owner", "changed_at"}
            assert before.model_dump(include=unchanged) == now.model_dump(include=unchanged)


names = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(st.lists(st.tuples(names, st.integers(0, 3)), max_size=8), st.integers(0, 5))
def test_nothing_that_is_there_is_lost_beyond_the_bound(
    looks: list[tuple[list[str], int]], most: int
) -> None:
    known: dict[str, Discrepancy] = {}
    for day, (seen, unnamed) in enumerate(looks):
        found = Sighting("postings", "data", tuple(Seen(n, n) for n in seen), unnamed, outside=True)
        known = after(carried_over(known.values(), found, looked(day), most=most), tuple(known.values()))
        present = {name: entry for name, entry in known.items() if entry.present}
        listed = present.keys() - {""}
        assert len(listed) <= max(most, len(listed & set(seen)))
        rest = present[""].extent.count if "" in present else 0
        assert rest == len(set(seen) - listed) + unnamed
