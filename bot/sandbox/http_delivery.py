"""Signed HTTP: envelopes as Slack posts them to an app's request URL."""

import asyncio
import hashlib
import hmac
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.clock import Clock
from bot.sandbox.delivery import Envelope, Receipt
from bot.sandbox.json_values import JsonObject, as_object, as_text, dump, parse

#: https://docs.slack.dev/apis/events-api/#retries
_RETRY_REASONS = {"timeout": "http_timeout", "error": "http_error"}

_FORM = "application/x-www-form-urlencoded"


class HttpDelivery:
    """Posts to one request URL, signed as Slack signs.

    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """

    def __init__(self, *, request_url: str, signing_secret: str, clock: Clock) -> None:
        self._request_url = request_url
        self._signing_secret = signing_secret
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    @property
    def connected(self) -> int:
        return 1

    async def send(self, envelope: Envelope, *, timeout: float) -> Receipt:
        headers: dict[str, str] = {}
        if envelope.retry_attempt:
            headers["X-Slack-Retry-Num"] = str(envelope.retry_attempt)
            headers["X-Slack-Retry-Reason"] = _RETRY_REASONS.get(envelope.retry_reason, envelope.retry_reason)
        if envelope.kind == "slash_commands":
            body = urlencode({k: as_text(v) for k, v in envelope.payload.items()})
        elif envelope.kind == "interactive":
            body = urlencode({"payload": dump(envelope.payload)})
        else:
            body = dump(envelope.payload)
        kind = "application/json" if envelope.kind == "events_api" else _FORM
        return await self._post(body, content_type=kind, headers=headers, timeout=timeout)

    async def challenge(self, *, token: str, timeout: float) -> bool:
        """Ask the request URL whether it is the app's: url_verification."""
        body = dump({"type": "url_verification", "token": "local", "challenge": token})
        receipt = await self._post(body, content_type="application/json", headers={}, timeout=timeout)
        answer = receipt.response or {}
        return token in (answer.get("challenge"), answer.get("text"))

    async def close(self) -> None:
        """Close the connections to the app."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(
        self, body: str, *, content_type: str, headers: dict[str, str], timeout: float
    ) -> Receipt:
        stamp = str(int(self._clock.now()))
        digest = hmac.new(
            self._signing_secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256
        ).hexdigest()
        headers = {
            **headers,
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest}",
        }
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            async with asyncio.timeout(timeout):
                async with self._session.post(
                    self._request_url, data=body.encode(), headers=headers
                ) as response:
                    text = await response.text()
                    status = response.status
        except TimeoutError:
            return Receipt(delivered=True, acknowledged=False, error="operation_timeout")
        except aiohttp.ClientError:
            return Receipt(delivered=False, acknowledged=False, error="dispatch_failed")
        if status != 200:
            return Receipt(delivered=True, acknowledged=False, error="dispatch_failed")
        return Receipt(delivered=True, acknowledged=True, response=_response_of(text))


def _response_of(text: str) -> JsonObject | None:
    """The body of an acknowledgement: nothing, JSON, or words to show."""
    if not text.strip():
        return None
    try:
        return as_object(parse(text))
    except ValueError:
        return {"text": text}
