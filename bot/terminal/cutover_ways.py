"""What people decide of a cutover at the terminal: the tree's answers, and its day until it has begun."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.app import Switchback
from bot.domain.cutover import PlannedCutover
from bot.domain.cutover_day import read_day
from bot.domain.decision import Decision
from bot.domain.errors import RefusedError
from bot.domain.person import Actor
from bot.services.services import Services


@dataclass(frozen=True)
class Typed:
    """What was typed with a way: the answer's id, the day, and the reason; each may be empty."""

    answer: str
    day: str
    reason: str


OfDecision = Callable[[Services, Decision, Typed, Actor], Awaitable[Decision]]
OfDay = Callable[[Services, PlannedCutover, Typed, Actor], Awaitable[PlannedCutover]]


async def _answer(services: Services, one: Decision, typed: Typed, actor: Actor) -> Decision:
    walks = services.decisions.walks
    return await walks.answer(one.id, version=one.version, answer=typed.answer, actor=actor)


async def _back(services: Services, one: Decision, _typed: Typed, actor: Actor) -> Decision:
    return await services.decisions.walks.step_back(one.id, version=one.version, actor=actor)


async def _ask(services: Services, one: Decision, _typed: Typed, actor: Actor) -> Decision:
    return await services.decisions.walks.ask_approvers(one.id, version=one.version, actor=actor)


async def _no_go(services: Services, one: Decision, typed: Typed, actor: Actor) -> Decision:
    day, reason = read_day(typed.day), typed.reason
    walks = services.decisions.walks
    return await walks.record_no_go(one.id, version=one.version, reason=reason, new_day=day, actor=actor)


async def _withdraw(services: Services, one: Decision, _typed: Typed, actor: Actor) -> Decision:
    return await services.decisions.endings.withdraw(one.id, actor=actor)


async def _again(services: Services, one: PlannedCutover, _typed: Typed, actor: Actor) -> PlannedCutover:
    return await services.cutovers.try_again(one.id, version=one.version, actor=actor)


async def _begin(services: Services, one: PlannedCutover, typed: Typed, actor: Actor) -> PlannedCutover:
    cutovers, reason = services.cutovers, typed.reason
    return await cutovers.begin_anyway(one.id, version=one.version, reason=reason, actor=actor)


async def _put_off(services: Services, one: PlannedCutover, typed: Typed, actor: Actor) -> PlannedCutover:
    day, reason = read_day(typed.day), typed.reason
    cutovers = services.cutovers
    return await cutovers.put_off(one.id, version=one.version, day=day, reason=reason, actor=actor)


async def _call_off(services: Services, one: PlannedCutover, typed: Typed, actor: Actor) -> PlannedCutover:
    cutovers, reason = services.cutovers, typed.reason
    return await cutovers.call_off(one.id, version=one.version, reason=reason, actor=actor)


OF_DECISION: Mapping[str, OfDecision] = {
    "answer": _answer,
    "back": _back,
    "approvers": _ask,
    "no-go": _no_go,
    "withdraw": _withdraw,
}
OF_DAY: Mapping[str, OfDay] = {
    "again": _again,
    "begin": _begin,
    "put-off": _put_off,
    "call-off": _call_off,
}


async def decided(
    switchback: Switchback, migration: str, what: str, typed: Typed, *, actor: Actor
) -> Decision | PlannedCutover:
    """Take a way from where it stands now. Raises RefusedError where there is nothing to decide about."""
    services = switchback.services
    if what in OF_DECISION:
        found = await services.decisions.status.open(migration)
        if found is None:
            raise RefusedError(f"Nothing is to be decided for {migration}")
        return await OF_DECISION[what](services, found, typed, actor)
    async with switchback.store.reading() as tx:
        planned = await tx.cutovers.under_way(migration)
    if planned is None:
        raise RefusedError(f"No cutover of {migration} is planned")
    return await OF_DAY[what](services, planned, typed, actor)
