"""How statements about a criterion are counted: distinct people, in the role now, on what is asked now."""

from collections.abc import Collection, Iterable, Set
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from bot.domain.playbook.criteria import EachPerson, SignOff, Vote
from bot.domain.playbook.document import Playbook
from bot.domain.statement import Statement
from bot.domain.wanted_statement import AboutCriterion, Wanted, still_meant, wanted


class Count(BaseModel):
    """What people have stated about one criterion.

    `given` people of `needed` have; of a vote `needed` is the quorum. `met` is whether that settles the
    criterion for good; `ran_out` whether it would, were some statements not too old. `missing` are the ids
    of those who can still bring it about. `as_of` is when the oldest counted statement was made.
    """

    model_config = ConfigDict(frozen=True)
    given: int
    needed: int
    met: bool
    ran_out: bool = False
    votes_for: int = 0
    votes_against: int = 0
    abstained: int = 0
    missing: tuple[str, ...] = ()
    as_of: datetime | None = None
    evidence: tuple[str, ...] = ()
    text: str

    @property
    def settled(self) -> bool:
        """Whether nobody more is asked: it is met, or enough have voted, whichever way."""
        return self.met or (self.needed <= self.given and bool(self.votes_for + self.votes_against))


def speaking(statements: Iterable[Statement], playbook: Playbook) -> tuple[Statement, ...]:
    """Of all statements of a migration those that stand, and are still about what the playbook asks.

    Signatures and votes about one gate count in one role a person: the one that they spoke in first.
    """
    meant = sorted(
        (one for one in statements if one.stands and still_meant(one, playbook)),
        key=lambda one: (one.at, one.id),
    )
    roles: dict[tuple[str, str], str] = {}
    for one in meant:
        if _in_one_role(one, playbook):
            roles.setdefault((one.gate, one.by.id), one.role)
    return tuple(
        one for one in meant if not _in_one_role(one, playbook) or roles[(one.gate, one.by.id)] == one.role
    )


def other_role(statements: Iterable[Statement], playbook: Playbook, asked: Wanted, person: str) -> str:
    """The other role in which a person has spoken about this gate already; empty when there is none."""
    if not isinstance(asked.criterion, SignOff | Vote):
        return ""
    for one in speaking(statements, playbook):
        same = one.gate == asked.about.gate and one.by.id == person
        if same and one.role != asked.role and _in_one_role(one, playbook):
            return one.role
    return ""


def count(
    asked: Wanted, statements: Iterable[Statement], playbook: Playbook, *, members: Set[str], now: datetime
) -> Count:
    """Count what was stated about a criterion. `statements` are those of the whole migration."""
    about = asked.about
    given = [
        one
        for one in speaking(statements, playbook)
        if AboutCriterion(one.migration, one.gate, one.criterion) == about and one.by.id in members
    ]
    fresh = [one for one in given if now - one.at <= asked.criterion.max_age]
    counted = _counted(asked, fresh, members)
    ran_out = not counted.met and _counted(asked, given, members).met
    return counted.model_copy(update={"ran_out": ran_out})


def _in_one_role(statement: Statement, playbook: Playbook) -> bool:
    """Whether it approves: what people say of themselves, as having been trained, is another matter."""
    about = AboutCriterion(statement.migration, statement.gate, statement.criterion)
    return isinstance(wanted(playbook, about).criterion, SignOff | Vote)


def _counted(asked: Wanted, given: Collection[Statement], members: Set[str]) -> Count:
    done = _done(asked, given)
    as_of = min((one.at for one in given), default=None)
    evidence = tuple(one.id for one in given)
    left = tuple(sorted(members - done))
    match asked.criterion:
        case Vote() as vote:
            return _vote(vote, given, left).model_copy(update={"as_of": as_of, "evidence": evidence})
        case EachPerson():
            needed = len(members)
            met = bool(members) and len(done) == needed
        case SignOff() as sign_off:
            needed = sign_off.people
            met = len(done) >= needed
        case _:
            needed, met = 1, bool(done)
    return Count(
        given=len(done),
        needed=needed,
        met=met,
        missing=() if met else left,
        as_of=as_of,
        evidence=evidence,
        text=f"{len(done)} of {needed} signed" if needed else "nobody is in the role",
    )


def _done(asked: Wanted, given: Collection[Statement]) -> set[str]:
    """Who has stated all that is asked of one person."""
    items = [item for item, _ in asked.items] or [""]
    stated = {(one.by.id, one.item) for one in given}
    return {one.by.id for one in given if all((one.by.id, item) in stated for item in items)}


def _vote(vote: Vote, given: Collection[Statement], left: tuple[str, ...]) -> Count:
    of = [one.choice for one in given]
    yes, no, abstained = of.count("for"), of.count("against"), of.count("abstain")
    enough = len(of) >= vote.quorum
    won = {"simple": yes > no, "two-thirds": yes * 3 >= (yes + no) * 2, "unanimous": no == 0}[vote.majority]
    text = f"{len(of)} of {vote.quorum} voted: {yes} for, {no} against, {abstained} abstained"
    if enough and not (yes and won):
        text += f"; no {vote.majority} majority"
    return Count(
        given=len(of),
        needed=vote.quorum,
        met=enough and yes > 0 and won,
        votes_for=yes,
        votes_against=no,
        abstained=abstained,
        missing=() if enough else left,
        text=text,
    )
