"""Signals of a service by HTTP: whether it is up, and how slow it is."""

from decimal import Decimal

import aiohttp

from bot.domain.measurement import Measurement
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook.signals import HttpProbe, Signal
from bot.ports.clock import Clock
from bot.signals.http_get import Answer, NoAnswer, NotAsked, timed_get


class HttpSignalProbe:
    """Measures signals with `http`.

    Up: True when it answers with the expected status, False when it answers otherwise, refuses or does not
    answer in time, unknown when it could not be asked. Latency: a percentile of samples taken one after
    the other for at most `total_seconds` (at least one is taken); see `_latency` for what counts.
    """

    def __init__(self, *, session: aiohttp.ClientSession, clock: Clock, total_seconds: float = 8.0) -> None:
        self._session = session
        self._clock = clock
        self._total_seconds = total_seconds

    async def measure(self, loaded: LoadedPlaybook, signal: Signal) -> Measurement:
        """The value now."""
        if signal.http is None:
            raise ValueError(f"signal {signal.id} of {loaded.playbook.migration} is not measured by HTTP")
        measure = self._up if signal.http.measure == "up" else self._latency
        return await measure(signal, signal.http)

    async def _up(self, signal: Signal, probe: HttpProbe) -> Measurement:
        answer = await self._get(probe)
        if isinstance(answer, NotAsked):
            return self._measurement(signal, None, problem=answer.reason)
        if not isinstance(answer, Answer):
            return self._measurement(signal, False, detail=answer.reason)
        if answer.status != probe.expect:
            return self._measurement(
                signal, False, detail=f"answers {answer.status}, {probe.expect} expected"
            )
        return self._measurement(
            signal, True, detail=f"answers {answer.status} in {answer.seconds * 1000:.0f} ms"
        )

    async def _latency(self, signal: Signal, probe: HttpProbe) -> Measurement:
        """Nearest-rank percentile in ms.

        A sample without an answer in time counts as the time it was given, a lower bound of the truth. A
        refused connection or another status than expected is not a latency: then it is unknown.
        """
        longest = probe.timeout.total_seconds()
        started = self._clock.monotonic()
        samples: list[float] = []
        timed_out = 0
        while len(samples) < probe.samples:
            if samples and self._clock.monotonic() - started + longest > self._total_seconds:
                break
            answer = await self._get(probe)
            if isinstance(answer, Answer):
                if answer.status != probe.expect:
                    problem = f"it answers {answer.status}, {probe.expect} expected"
                    return self._measurement(signal, None, problem=problem)
                samples.append(answer.seconds)
            elif isinstance(answer, NotAsked) or not answer.timed_out:
                return self._measurement(signal, None, problem=answer.reason)
            else:
                timed_out += 1
                samples.append(longest)
        detail = f"p{probe.percentile} of {len(samples)} samples"
        if timed_out:
            detail += f"; {timed_out} had no answer within {longest:g} s"
        milliseconds = Decimal(f"{_percentile(samples, probe.percentile) * 1000:.1f}")
        return self._measurement(signal, milliseconds, unit="ms", detail=detail)

    async def _get(self, probe: HttpProbe) -> Answer | NoAnswer | NotAsked:
        seconds = probe.timeout.total_seconds()
        return await timed_get(self._session, str(probe.url), seconds=seconds, clock=self._clock)

    def _measurement(
        self,
        signal: Signal,
        value: Decimal | bool | None,
        *,
        unit: str = "",
        detail: str = "",
        problem: str = "",
    ) -> Measurement:
        return Measurement(
            signal=signal.id,
            title=signal.title,
            at=self._clock.now(),
            value=value,
            unit=unit,
            detail=detail,
            problem=problem,
        )


def _percentile(samples: list[float], percentile: int) -> float:
    rank = -(-len(samples) * percentile // 100)
    return sorted(samples)[rank - 1]
