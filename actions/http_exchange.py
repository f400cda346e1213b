"""One request and its answer, with the difference between not sent and not answered."""

from dataclasses import dataclass, field

import aiohttp

from bot.domain.errors import SwitchbackError

_MOST_BODY = 1_000_000
_MOST_CONNECT_SECONDS = 10.0


class NotSentError(SwitchbackError):
    """The request did not leave: no connection, or it cannot be written. Nothing was done."""


class NoAnswerError(SwitchbackError):
    """The request may have arrived; no complete answer to it came back."""


@dataclass(frozen=True)
class Request:
    """What is sent. `follow` is whether a redirection is followed."""

    method: str
    url: str = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    body: bytes | None = None
    follow: bool = False


@dataclass(frozen=True)
class Answer:
    """What came back: at most 1 MB of the body; `complete` is whether that is all of it."""

    status: int
    body: bytes
    complete: bool


async def exchange(session: aiohttp.ClientSession, request: Request, *, seconds: float) -> Answer:
    """Send once, and read the answer. Half of the seconds, at most 10, are for the connection.

    Raises NotSentError and NoAnswerError. The seconds do not limit the answer: the caller does.
    """
    try:
        async with session.request(
            request.method,
            request.url,
            data=request.body,
            headers=request.headers,
            allow_redirects=request.follow,
            raise_for_status=False,
            timeout=aiohttp.ClientTimeout(total=None, connect=min(_MOST_CONNECT_SECONDS, seconds / 2)),
            middlewares=() if request.follow else (_send_once(),),
        ) as response:
            body = bytearray()
            async for piece in response.content.iter_chunked(65536):
                body += piece
                if len(body) > _MOST_BODY:
                    return Answer(response.status, bytes(body[:_MOST_BODY]), complete=False)
            return Answer(response.status, bytes(body), complete=True)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise NotSentError(
            f"no connection: {error}", do="Check that the server is up and its name"
        ) from error
    except (aiohttp.InvalidURL, ValueError) as error:
        raise NotSentError("the URL or a header cannot be sent", do="Check the settings it uses") from error
    except (aiohttp.ClientError, OSError) as error:
        raise NoAnswerError(f"the connection was lost ({type(error).__name__})") from error


def _send_once() -> aiohttp.ClientMiddlewareType:
    """Stops aiohttp from sending a PUT or DELETE again by itself when the connection is lost."""
    sent = False

    async def once(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        nonlocal sent
        if sent:
            raise aiohttp.ServerDisconnectedError
        sent = True
        return await handler(request)

    return once
