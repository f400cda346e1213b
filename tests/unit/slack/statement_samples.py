"""Criteria that people settle, and the modals that do, filled with any text at their largest size."""

from collections.abc import Callable, Mapping

from bot.domain.gates.board import Board, CriterionResult, GateResult
from bot.domain.messages.facts import Facts
from bot.domain.messages.statements import GivenStatement, StatementsFacts
from bot.domain.person import Actor
from bot.domain.playbook.criteria import SignOff, Vote
from bot.domain.statement import Choice, Statement
from bot.domain.statement_count import Count
from bot.domain.statement_request import StatementRequest
from bot.domain.wanted_statement import AboutCriterion, Wanted
from bot.slack.blocks import Block, escape
from bot.slack.views import statements as views
from tests.unit.domain.ledger import NOW, after

NAME = "a" * 60
ABOUT = AboutCriterion(NAME, NAME, NAME)
BOUND = {"about": str(ABOUT), "statement": "b" * 26, "asked": "c" * 64, "evidence": "d" * 64}


def statement(text: str, *, choice: Choice = "sign", withdrawn: bool = False) -> Statement:
    """One statement."""
    return Statement(
        id="0190a3c7e1f24b0aa1b2c3d4e5",
        migration=NAME,
        gate=NAME,
        criterion=NAME,
        role=NAME,
        by=Actor("U2", text),
        at=NOW,
        choice=choice,
        comment=text,
        text=text,
        shown="s" * 64,
        ended_at=after(60) if withdrawn else None,
        ended_why=text if withdrawn else "",
    )


def facts(
    text: str, *, given: int = 1, missing: int = 0, over: str = "", **counted: object
) -> StatementsFacts:
    """A message; nobody is missing unless so many are."""
    people = tuple(f"U{number:09}" for number in range(missing))
    choices: tuple[Choice, ...] = ("for", "against", "abstain", "sign")
    found = Count(given=given, needed=given + missing, met=False, missing=people, text="1 of 2 signed")
    return StatementsFacts(
        request=StatementRequest(
            id="0190a3c7e1f24b0aa1b2c3d4e6",
            migration=NAME,
            gate=NAME,
            criterion=NAME,
            asked_by=Actor("U1", text),
            asked_at=NOW,
            shown="s" * 64,
        ),
        title=text,
        gate_title=text,
        text=text,
        role=NAME,
        members=text,
        is_vote=bool(counted),
        count=found.model_copy(update=counted),
        given=tuple(
            GivenStatement(statement=statement(text, choice=choices[number % 4]), item_title=text)
            for number in range(given)
        ),
        withdrawn=(statement(text, withdrawn=True),) * 5,
        over=over,
        at=after(60),
    )


def asked(text: str, *, vote: bool = False, items: int = 0, contacts: int = 0) -> Wanted:
    """What is stated."""
    criterion = Vote(vote=NAME, statement=text, quorum=2) if vote else SignOff(sign_off=NAME, statement=text)
    return Wanted(
        about=ABOUT,
        gate_title=text,
        title=text,
        criterion=criterion,
        role=NAME,
        text=text,
        items=tuple((f"item-{number}", text) for number in range(items)),
        contacts=(text,) * contacts,
    )


def board(text: str, *, gates: int = 20) -> Board:
    """Other gates, none of which passes."""
    result = CriterionResult(
        id=NAME, kind="check", title=text, owner=NAME, state="expired", reason=text, how=text
    )
    gate = GateResult(id=NAME, title=text, owner=NAME, criteria=(result,) * 20)
    return Board(migration=NAME, title=text, at=NOW, playbook_digest="p" * 64, gates=(gate,) * gates)


STATEMENT_MESSAGES: Mapping[str, Callable[[str], Facts]] = {
    "statements, none": lambda text: facts(text, given=0),
    "statements": facts,
    "statements of many": lambda text: facts(text, given=40),
    "statements, met": lambda text: facts(text, met=True),
    "statements, lost vote": lambda text: facts(text, votes_against=1),
    "statements, asked anew": lambda text: facts(text, over="was asked for anew"),
}
MODALS: Mapping[str, Callable[[str], Block]] = {
    "sign": lambda text: views.state(asked(text), BOUND, items=(), board=None),
    "sign a task": lambda text: views.state(
        asked(text, items=20), BOUND, items=asked(text, items=20).items, board=None
    ),
    "sign contacts": lambda text: views.state(asked(text, contacts=30), BOUND, items=(), board=None),
    "vote": lambda text: views.state(asked(text, vote=True), BOUND, items=(), board=board(text)),
    "vote before any evaluation": lambda text: views.state(
        asked(text, vote=True), BOUND, items=(), board=None
    ),
    "evidence, told in a modal": lambda text: views.told(escape(text)),
    "withdraw a statement": lambda text: views.withdraw((statement(text),) * 20, {"": text}),
}
