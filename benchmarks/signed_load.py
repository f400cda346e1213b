"""An open-loop load of signed requests, as Slack sends them.

Each request has its moment, whether or not the ones before it were answered, and its latency counts
from that moment: a server that falls behind cannot slow its own load down.
"""

import asyncio
import hashlib
import hmac
import math
import time
from collections.abc import Sequence

import aiohttp


class WrongAnswerError(Exception):
    """A request was not answered as it has to be."""


def percentile(milliseconds: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile."""
    return sorted(milliseconds)[math.ceil(len(milliseconds) * percent / 100) - 1]


def signed(body: bytes, *, secret: str, at: int) -> dict[str, str]:
    """The headers of a form signed at a second since 1970.

    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    digest = hmac.new(secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": str(at),
        "X-Slack-Signature": f"v0={digest}",
    }


class SignedLoad:
    """Offers signed forms to one URL. `per_second` requests begin in each second."""

    def __init__(self, *, session: aiohttp.ClientSession, secret: str, per_second: float) -> None:
        self._session = session
        self._secret = secret
        self._per_second = per_second

    async def offer(self, url: str, bodies: Sequence[bytes]) -> list[float]:
        """Send each body at its moment; the milliseconds from there to its complete answer.

        Raises WrongAnswerError for any answer but an empty 200, the plain acknowledgement.
        """
        started = time.perf_counter() + 0.05
        async with asyncio.TaskGroup() as group:
            asked = []
            for number, body in enumerate(bodies):
                due = started + number / self._per_second
                await asyncio.sleep(due - time.perf_counter())
                asked.append(group.create_task(self._ask(url, body, due)))
        return [task.result() for task in asked]

    async def _ask(self, url: str, body: bytes, due: float) -> float:
        headers = signed(body, secret=self._secret, at=int(time.time()))
        async with self._session.post(url, data=body, headers=headers) as response:
            text = await response.text()
            milliseconds = (time.perf_counter() - due) * 1000
            if response.status != 200 or text:
                raise WrongAnswerError(f"{url} answered {response.status}: {text[:200]}")
        return milliseconds
