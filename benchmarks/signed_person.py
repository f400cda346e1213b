"""A person whose presses and submissions reach the bot as Slack sends them: signed, over HTTP."""

import time

import aiohttp

from benchmarks import slack_forms
from benchmarks.signed_load import WrongAnswerError, signed
from bot.domain.step_decision import NEEDS_REASON, StepDecision
from bot.sandbox.settings import LOCAL_SIGNING
from bot.services.confirmation import Confirmation
from bot.slack import action_ids as ids

_SECONDS = aiohttp.ClientTimeout(total=5.0)


class SignedPerson:
    """Presses and submits. Raises aiohttp.ClientError or TimeoutError where no bot answers."""

    def __init__(self, *, session: aiohttp.ClientSession, slack: str) -> None:
        self._session = session
        self._slack = slack

    async def confirm(self, bot_url: str, confirmation: Confirmation) -> None:
        """Submit the confirmation of a rollback. Raises WrongAnswerError when it is refused."""
        metadata = {
            "walk": confirmation.walk_id,
            "preview": confirmation.preview_id,
            "digest": confirmation.digest,
        }
        body = slack_forms.submission(
            callback_id=ids.CONFIRM_MODAL, metadata=metadata, inputs={"name": confirmation.typed}
        )
        await self._post(bot_url, body)

    async def decide(self, bot_url: str, shown: ids.Shown, decision: StepDecision, reason: str = "") -> None:
        """Decide about a step as it was shown, in its modal where the decision takes a reason.

        One that came too late is acknowledged too: the person is told, and the run has moved on.
        """
        if decision in NEEDS_REASON:
            body = slack_forms.submission(
                callback_id=f"{ids.STEP_MODAL}:{decision}", metadata=str(shown), inputs={"reason": reason}
            )
        else:
            body = slack_forms.press(
                action_id=f"{ids.STEP}:{decision}", value=str(shown), api_url=self._slack
            )
        await self._post(bot_url, body)

    async def _post(self, bot_url: str, body: bytes) -> None:
        headers = signed(body, secret=LOCAL_SIGNING, at=int(time.time()))
        url = f"{bot_url}/slack/events"
        async with self._session.post(url, data=body, headers=headers, timeout=_SECONDS) as response:
            text = await response.text()
            if response.status != 200 or text:
                raise WrongAnswerError(f"{url} answered {response.status}: {text[:300]}")
