"""From nothing to a rollback that only has to be confirmed, by the product's own services."""

import asyncio

from benchmarks.run_playbook import MIGRATION
from benchmarks.slack_forms import PERSON, PERSON_NAME
from bot.domain.person import Actor
from bot.services.confirmation import Confirmation
from bot.services.services import Services

ACTOR = Actor(PERSON, PERSON_NAME)
_LOOK_SECONDS = 0.02


async def prepare(services: Services, *, environment: str, plan: str, seconds: float = 60.0) -> Confirmation:
    """Open the walk and answer it, and wait for the preview, which is a durable job of the bot.

    The run will have the preview's id. Raises TimeoutError when there is no preview after the seconds.
    """
    walk = await services.walks.open(MIGRATION, environment=environment, actor=ACTOR)
    if walk.status == "asking":
        walk = await services.walks.answer(walk.id, version=walk.version, answer=plan, actor=ACTOR)
    async with asyncio.timeout(seconds):
        while walk.preview is None:
            await asyncio.sleep(_LOOK_SECONDS)
            walk = await services.walks.get(walk.id)
    preview = await services.confirmation.shown(walk.id, actor=ACTOR)
    return Confirmation(walk.id, preview.id, preview.digest(), MIGRATION)
