"""What a playbook wants people to state about a criterion, and whether a statement is still about that."""

import hashlib
import json
from dataclasses import dataclass

from bot.domain.errors import RefusedError, UnknownNameError
from bot.domain.playbook.criteria import (
    ContactsCurrent,
    Criterion,
    EachPerson,
    PeopleCriterion,
    SignOff,
    Vote,
    criterion_id,
    kind_of,
)
from bot.domain.playbook.document import Playbook
from bot.domain.statement import Statement

_OF_A_PHASE = "phase:"
CONTACTS_TRIED = "I have tried these contacts, and each of them can be reached as it says here."


@dataclass(frozen=True)
class AboutCriterion:
    """Which criterion: of a gate, or of what leaving a phase needs (`gate` is `phase:ID` then)."""

    migration: str
    gate: str
    criterion: str

    def __str__(self) -> str:
        return f"{self.migration}/{self.gate}/{self.criterion}"

    @classmethod
    def parse(cls, text: str) -> "AboutCriterion":
        """The same again. Raises RefusedError for anything else."""
        parts = text.split("/")
        if len(parts) != 3:
            raise RefusedError("This button is of another version of Switchback", do="Use the newest message")
        return cls(*parts)


@dataclass(frozen=True)
class Wanted:
    """What a playbook says about a criterion that people settle: who states what, and how they are counted.

    `items` are the tasks, each of which is stated for itself, by id with their titles; empty where there
    are none. `contacts` are the lines of the escalation list, where that is what was tried.
    """

    about: AboutCriterion
    gate_title: str
    title: str
    criterion: PeopleCriterion
    role: str
    text: str
    items: tuple[tuple[str, str], ...] = ()
    contacts: tuple[str, ...] = ()

    @property
    def is_vote(self) -> bool:
        """Whether people vote on it."""
        return isinstance(self.criterion, Vote)

    def whole(self) -> str:
        """SHA-256 in hex over all that is asked, every item of it."""
        parts = [self.digest(item) for item, _ in self.items] or [self.digest()]
        return hashlib.sha256("".join(parts).encode()).hexdigest()

    def item_title(self, item: str) -> str:
        """A task's title; empty where there are no tasks. Raises UnknownNameError."""
        if not self.items and not item:
            return ""
        for known, title in self.items:
            if known == item:
                return title
        raise UnknownNameError("task", item, [known for known, _ in self.items])

    def digest(self, item: str = "") -> str:
        """SHA-256 in hex over what is stated of an item and by whom, and how that is counted."""
        rules = {
            "sign_off": getattr(self.criterion, "people", None),
            "quorum": getattr(self.criterion, "quorum", None),
            "majority": getattr(self.criterion, "majority", None),
        }
        content = {
            "about": str(self.about),
            "kind": kind_of(self.criterion),
            "role": self.role,
            "text": self.text,
            "item": [item, self.item_title(item)],
            "contacts": self.contacts,
            "rules": rules,
        }
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def leaving(phase_id: str) -> str:
    """What stands for the gate of a statement about leaving a phase."""
    return f"{_OF_A_PHASE}{phase_id}"


def wanted(playbook: Playbook, about: AboutCriterion) -> Wanted:
    """What the playbook wants stated. Raises UnknownNameError, also for what is not settled by people."""
    title, criteria = _criteria(playbook, about.gate)
    of_people = {criterion_id(one): one for one in criteria if isinstance(one, PeopleCriterion)}
    criterion = of_people.get(about.criterion)
    if criterion is None:
        raise UnknownNameError("criterion that people settle", about.criterion, of_people)
    of_contacts = isinstance(criterion, ContactsCurrent)
    text = CONTACTS_TRIED if isinstance(criterion, ContactsCurrent) else criterion.statement
    tasks = criterion.tasks if isinstance(criterion, EachPerson) else ()
    return Wanted(
        about=about,
        gate_title=title,
        title=criterion.title or text,
        criterion=criterion,
        role=_role(criterion),
        text=text,
        items=tuple((task.id, task.title) for task in tasks),
        contacts=_contacts(playbook) if of_contacts else (),
    )


def all_wanted(playbook: Playbook) -> tuple[Wanted, ...]:
    """Everything that people settle in a playbook: gate by gate, then phase by phase."""
    gates = [*(gate.id for gate in playbook.gates), *(leaving(phase.id) for phase in playbook.phases)]
    return tuple(
        wanted(playbook, AboutCriterion(playbook.migration, gate, criterion_id(one)))
        for gate in gates
        for one in _criteria(playbook, gate)[1]
        if isinstance(one, PeopleCriterion)
    )


def still_meant(statement: Statement, playbook: Playbook) -> bool:
    """Whether the playbook still wants exactly what was stated; what it has changed counts no more."""
    about = AboutCriterion(statement.migration, statement.gate, statement.criterion)
    try:
        return wanted(playbook, about).digest(statement.item) == statement.shown
    except UnknownNameError:
        return False


def _criteria(playbook: Playbook, gate: str) -> tuple[str, tuple[Criterion, ...]]:
    """The title and the criteria of a gate, or of leaving a phase."""
    if not gate.startswith(_OF_A_PHASE):
        found = playbook.gate(gate)
        return found.title, found.criteria
    phases = {leaving(phase.id): phase for phase in playbook.phases}
    phase = phases.get(gate)
    if phase is None:
        name, known = gate.removeprefix(_OF_A_PHASE), [one.id for one in playbook.phases]
        raise UnknownNameError("phase", name, known)
    return f"Leaving {phase.named}", tuple(one.criterion for one in phase.leave_when)


def _role(criterion: PeopleCriterion) -> str:
    match criterion:
        case SignOff():
            return criterion.sign_off
        case EachPerson():
            return criterion.each
        case ContactsCurrent():
            return criterion.contacts
        case Vote():
            return criterion.vote


def _contacts(playbook: Playbook) -> tuple[str, ...]:
    return tuple(
        f"{one.title}: {one.reach}{f' ({one.does})' if one.does else ''}" for one in playbook.escalation
    )
