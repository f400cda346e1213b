"""Criteria that people settle by what they state: signatures, contacts that were tried, and votes."""

from collections.abc import Iterable, Set
from dataclasses import replace
from datetime import timedelta

from bot.domain.gates.asked import Asked
from bot.domain.gates.board import CriterionResult
from bot.domain.gates.words import count as counted
from bot.domain.playbook.criteria import ContactsCurrent
from bot.domain.playbook.document import Playbook
from bot.domain.statement import Statement
from bot.domain.statement_count import Count, count
from bot.domain.wanted_statement import AboutCriterion, Wanted, still_meant, wanted

SIGNED, VOTED = "signed by button", "votes by button"


def by_people(
    asked: Asked, playbook: Playbook, statements: Iterable[Statement], members: Set[str]
) -> CriterionResult:
    """By the standing statements of a migration, of people who are in the role now.

    What would hold with statements that are too old has expired.
    """
    said = tuple(statements)
    about = AboutCriterion(playbook.migration, asked.gate, asked.id)
    meant = wanted(playbook, about)
    how = VOTED if meant.is_vote else SIGNED
    if isinstance(asked.criterion, ContactsCurrent) and not meant.contacts:
        return asked.fails("the playbook declares no escalation contacts", how="playbook")
    young = count(meant, said, playbook, members=members, now=asked.now)
    resting = _of_any_age(meant, said, playbook, members, asked) if young.ran_out else young
    return asked.settled(
        young.met or young.ran_out,
        f"{resting.text}{_of_earlier(said, playbook, about, members)}",
        how=how,
        as_of=resting.as_of,
        allowed=meant.criterion.max_age,
        evidence=resting.evidence,
        missing=young.missing,
    )


def _of_any_age(
    meant: Wanted, said: Iterable[Statement], playbook: Playbook, members: Set[str], asked: Asked
) -> Count:
    ageless = meant.criterion.model_copy(update={"max_age": timedelta.max})
    return count(replace(meant, criterion=ageless), said, playbook, members=members, now=asked.now)


def _of_earlier(
    said: Iterable[Statement], playbook: Playbook, about: AboutCriterion, members: Set[str]
) -> str:
    """How many people spoke of something that the playbook has changed since."""
    earlier = {
        one.by.id
        for one in said
        if AboutCriterion(one.migration, one.gate, one.criterion) == about
        and one.by.id in members
        and not still_meant(one, playbook)
    }
    return f"; {counted(len(earlier), 'statement')} on an earlier version" if earlier else ""
