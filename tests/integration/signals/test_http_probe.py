"""Signals of a service by HTTP, over real sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.measurement import Measurement
from bot.domain.playbook.signals import Signal
from bot.signals.http_probe import HttpSignalProbe
from bot.system import SystemClock
from tests.integration.reconcile.playbook import CHECKS, loaded_playbook


class Service:
    """Answers what it is told to, after so many seconds of the stopwatch; `hanging` never answers."""

    def __init__(self) -> None:
        self.status = 200
        self.delays: list[float] = []
        self.hanging = False
        self.asked = 0
        self.stopwatch = 0.0

    async def answer(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.hanging:
            await asyncio.Event().wait()
        self.stopwatch += self.delays.pop(0) if self.delays else 0.012
        return web.Response(status=self.status, headers={"Location": "/elsewhere"}, text="x" * 100_000)


class StopwatchClock(SystemClock):
    def __init__(self, service: Service) -> None:
        self._service = service

    def monotonic(self) -> float:
        return self._service.stopwatch


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
async def url(service: Service) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/health", service.answer)
    async with TestServer(app, host="127.0.0.1", shutdown_timeout=0) as server:
        yield str(server.make_url("/health"))


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def unused_url() -> Iterator[str]:
    """Nobody listens there, and nobody else can take it meanwhile."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/health"


async def measured(
    session: aiohttp.ClientSession, service: Service, url: str, *, total: float = 8.0, **http: object
) -> Measurement:
    probe = HttpSignalProbe(session=session, clock=StopwatchClock(service), total_seconds=total)
    signal = Signal.model_validate(
        {"id": "s", "title": "S", "http": {"url": url, "timeout": "200ms", **http}}
    )
    return await probe.measure(loaded_playbook(Path(), CHECKS), signal)


async def test_a_service_that_answers_as_expected_is_up(
    session: aiohttp.ClientSession, service: Service, url: str
) -> None:
    measurement = await measured(session, service, url)
    assert (measurement.value, measurement.text()) == (True, "answers 200 in 12 ms")


@pytest.mark.parametrize("status", [503, 302, 404])
async def test_a_service_that_answers_otherwise_is_not_up(
    session: aiohttp.ClientSession, service: Service, url: str, status: int
) -> None:
    service.status = status
    measurement = await measured(session, service, url)
    assert (measurement.value, measurement.detail) == (False, f"answers {status}, 200 expected")


async def test_the_expected_status_can_be_another(
    session: aiohttp.ClientSession, service: Service, url: str
) -> None:
    service.status = 503
    assert (await measured(session, service, url, expect=503)).value is True


async def test_a_refused_connection_means_that_it_is_not_up(
    session: aiohttp.ClientSession, service: Service, unused_url: str
) -> None:
    measurement = await measured(session, service, unused_url)
    assert (measurement.value, measurement.detail) == (False, "connection refused")


async def test_no_answer_in_time_means_that_it_is_not_up(
    session: aiohttp.ClientSession, service: Service, url: str
) -> None:
    service.hanging = True
    measurement = await measured(session, service, url)
    assert (measurement.value, measurement.detail) == (False, "no answer within 0.2 s")


async def test_a_connection_closed_without_an_answer_means_that_it_is_not_up(
    session: aiohttp.ClientSession, service: Service
) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        measurement = await measured(session, service, f"http://127.0.0.1:{port}/")
    assert measurement.value is False
    assert measurement.detail == "it closed the connection without an answer"


async def test_a_name_that_is_not_known_says_nothing_of_the_service(service: Service) -> None:
    class NoNames(aiohttp.abc.AbstractResolver):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[aiohttp.abc.ResolveResult]:
            raise OSError("no such name")

        async def close(self) -> None:
            return None

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=NoNames())) as session:
        measurement = await measured(session, service, "http://planwise.invalid/")
    assert (measurement.value, measurement.problem) == (None, "the name planwise.invalid is not known")


async def test_latency_is_the_nearest_rank_of_the_samples_in_milliseconds(
    session: aiohttp.ClientSession, service: Service, url: str
) -> None:
    service.delays = [0.300, *([0.010] * 18), 0.0204]
    measurement = await measured(session, service, url, measure="latency")
    assert (measurement.value, measurement.unit) == (Decimal("20.4"), "ms")
    assert (measurement.text(), measurement.detail) == ("20.4 ms", "p95 of 20 samples")
    assert service.asked == 20


async def test_latency_takes_a_bounded_time_and_says_how_many_samples_it_rests_on(
    session: aiohttp.ClientSession, service: Service, url: str
) -> None:
    service.delays = [0.15] * 20
    measurement = await measured(session, service, url, measure="latency", total=1.0)
    assert (measurement.value, measurement.detail) == (Decimal(150), "p95 of 6 samples")


async def test_a_sample_without_an_answer_counts_as_the_time_it_was_given(
    session: aiohttp.ClientSession, service: Service, url: str
) -> None:
    service.hanging = True
    measurement = await measured(session, service, url, measure="latency", samples=2)
    assert measurement.value == Decimal(200)
    assert measurement.detail == "p95 of 2 samples; 2 had no answer within 0.2 s"


async def test_latency_of_a_service_that_refuses_or_fails_is_unknown(
    session: aiohttp.ClientSession, service: Service, url: str, unused_url: str
) -> None:
    refused = await measured(session, service, unused_url, measure="latency")
    assert (refused.value, refused.problem) == (None, "connection refused")
    service.status = 503
    failing = await measured(session, service, url, measure="latency")
    assert (failing.value, failing.problem) == (None, "it answers 503, 200 expected")
