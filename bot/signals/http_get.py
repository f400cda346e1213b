"""One GET, timed: answered, not up, or not askable."""

from dataclasses import dataclass

import aiohttp

from bot.ports.clock import Clock


@dataclass(frozen=True)
class Answer:
    """The service answered, whatever it said. `seconds` counts to the last byte that is read."""

    status: int
    seconds: float


@dataclass(frozen=True)
class NoAnswer:
    """The service was asked and did not answer: it is not up. `timed_out` tells slow from refused."""

    reason: str
    timed_out: bool = False


@dataclass(frozen=True)
class NotAsked:
    """It could not be asked, for a reason on our side of the wire; that says nothing of the service."""

    reason: str


async def timed_get(
    session: aiohttp.ClientSession, url: str, *, seconds: float, clock: Clock, whole: bool = True
) -> Answer | NoAnswer | NotAsked:
    """A GET without following redirects; the body is read and thrown away, or not read unless `whole`."""
    started = clock.monotonic()
    limit = aiohttp.ClientTimeout(total=seconds)
    try:
        async with session.get(url, allow_redirects=False, timeout=limit) as response:
            if whole:
                async for _ in response.content.iter_chunked(65536):
                    pass
            return Answer(status=response.status, seconds=clock.monotonic() - started)
    except TimeoutError:
        return NoAnswer(f"no answer within {seconds:g} s", timed_out=True)
    except aiohttp.ClientError as error:
        return _read(error)


def _read(error: aiohttp.ClientError) -> NoAnswer | NotAsked:
    match error:
        case aiohttp.ClientConnectorDNSError():
            return NotAsked(f"the name {error.host} is not known")
        case aiohttp.ClientSSLError():
            return NotAsked("its certificate is not trusted here")
        case aiohttp.InvalidURL():
            return NotAsked("the URL cannot be used")
        case aiohttp.ClientConnectorError(os_error=ConnectionRefusedError()):
            return NoAnswer("connection refused")
        case aiohttp.ClientConnectorError():
            return NoAnswer("no connection")
        case _:
            return NoAnswer("it closed the connection without an answer")
