"""The newest times of the sides that are asked for one."""

import asyncio
from collections.abc import Mapping

from bot.domain.errors import SourceError
from bot.domain.moment import Moment
from bot.domain.playbook.places import Side
from bot.reconcile.pair import Pair


async def newest_times(
    queries: Mapping[Side, str | None], pair: Pair
) -> tuple[dict[Side, Moment], dict[Side, str]]:
    """By side: the time, or what the side had to say about not giving one; not of one without a query."""
    asked = {side: sql for side, sql in queries.items() if sql is not None}
    answers = await asyncio.gather(
        *(pair.side(side).source.newest(sql) for side, sql in asked.items()), return_exceptions=True
    )
    moments: dict[Side, Moment] = {}
    problems: dict[Side, str] = {}
    for side, answer in zip(asked, answers, strict=True):
        if isinstance(answer, SourceError):
            problems[side] = str(answer)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            moments[side] = answer
    return moments, problems
