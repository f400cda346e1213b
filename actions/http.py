"""The `http` adapter: sends one request. A redirection is followed only by a GET or HEAD without secrets."""

import asyncio
from typing import ClassVar
from urllib.parse import urlsplit

from actions.excerpt import Excerpt
from actions.http_exchange import Answer, NoAnswerError, NotSentError, Request, exchange
from actions.http_expectation import UnclearAnswerError
from actions.http_parameters import Call, HttpParameters, HttpProbe, check_url
from actions.limited import Cut, limited, work_seconds
from actions.measured import Stopwatch
from actions.redaction import Secrets, shown
from bot.domain.errors import SettingsError
from bot.ports.action import Action, ActionContext, Parameters
from bot.ports.outcome import Evidence, Nature, Outcome, Preview, Probe

_LOOK_SECONDS = 3.0
_FORBIDDEN = frozenset({401, 403, 407})
# A gateway that lost the server behind it: that one may have done it.
_GATEWAY_LOST_IT = frozenset({502, 504})
# Answers that tell of the service, not of what was asked about.
_NO_ANSWER_TO_A_PROBE = _FORBIDDEN | {408, 425, 429}


class HttpAction(Action[HttpParameters]):
    """Sends one request."""

    kind: ClassVar[str] = "http"
    parameters: ClassVar[type[Parameters]] = HttpParameters

    def nature(self, parameters: HttpParameters) -> Nature:
        """As declared, or by the method."""
        probe = parameters.probe.secrets if parameters.probe else ()
        secrets = tuple(dict.fromkeys((*parameters.secrets, *probe)))
        return Nature(parameters.is_idempotent, longest=parameters.timeout, secrets=secrets)

    async def preview(self, parameters: HttpParameters, context: ActionContext) -> Preview:
        """The request with secrets by name. Asks its probe, or else connects and says nothing."""
        url = shown(parameters.url)
        lines = [f"\n{name}: {shown(value)}" for name, value in parameters.headers.items()]
        if parameters.bearer:
            lines.append(f"\nAuthorization: Bearer {shown(parameters.bearer)}")
        body = f" {parameters.body}" if parameters.body is not None else ""
        exact = f"{parameters.method} {url}{body}{''.join(lines)}"
        effect = f"An answer of {parameters.wanted} is success"
        secrets = Secrets(context.secret)
        try:
            problem = await _obstacle(parameters, context, secrets)
        except (SettingsError, NotSentError, NoAnswerError) as error:
            problem = str(error)
        return Preview(effect, exact, ready=not problem, problem=secrets.redact(problem))

    async def act(self, parameters: HttpParameters, context: ActionContext) -> Outcome:
        """Send it once, and judge the answer."""
        secrets = Secrets(context.secret)
        watch = Stopwatch()
        if context.cancelled.is_set():
            return Outcome("failed", "It was cancelled before it was sent; nothing was done")
        try:
            request = _request(parameters, secrets, parameters.method, parameters.body)
            answer = await _ask(request, context, seconds=_seconds(parameters, context))
        except (SettingsError, NotSentError) as error:
            return Outcome("failed", secrets.redact(f"Nothing was sent: {error}"), (watch.evidence(),))
        except NoAnswerError as error:
            return _doubtful(parameters, secrets.redact(str(error)), (watch.evidence(),))
        if isinstance(answer, Cut):
            return _doubtful(parameters, f"no answer came before {answer.value}", (watch.evidence(),))
        return _outcome(parameters, answer, (*_evidence(answer, secrets), watch.evidence()))

    async def probe(self, parameters: HttpParameters, context: ActionContext) -> Probe:
        """A GET of the probe's URL: as expected is yes, another answer no, trouble unknown."""
        if parameters.probe is None:
            return Probe("unknown", "This step declares no probe; look at the system it acts on")
        secrets = Secrets(context.secret)
        try:
            request = _probe_request(parameters, parameters.probe, secrets)
            answer = await _ask(request, context, seconds=_seconds(parameters, context))
        except (SettingsError, NotSentError, NoAnswerError) as error:
            return Probe("unknown", secrets.redact(f"The probe got no answer: {error}"))
        if isinstance(answer, Cut):
            return Probe("unknown", f"The probe got no answer before {answer.value}")
        return _probe_answer(parameters.probe, answer, _evidence(answer, secrets))


def _seconds(parameters: HttpParameters, context: ActionContext) -> float:
    allowed = work_seconds(context.seconds)
    return min(allowed, parameters.timeout.total_seconds()) if parameters.timeout else allowed


async def _ask(request: Request, context: ActionContext, *, seconds: float) -> Answer | Cut:
    work = exchange(context.session, request, seconds=seconds)
    return await limited(work, seconds=seconds, cancelled=context.cancelled)


def _request(call: Call, secrets: Secrets, method: str, body: str | None = None) -> Request:
    headers = {name: secrets.value(value) for name, value in call.headers.items()}
    if call.bearer:
        headers["Authorization"] = f"Bearer {secrets.value(call.bearer)}"
    if body is not None and not any(name.lower() == "content-type" for name in headers):
        is_json = isinstance(call, HttpParameters) and call.text is None
        headers["Content-Type"] = "application/json" if is_json else "text/plain; charset=utf-8"
    try:
        url = check_url(secrets.value(call.url))
    except ValueError as error:
        raise NotSentError(str(error), where=shown(call.url)) from error
    follow = method in {"GET", "HEAD"} and not call.secrets
    return Request(method, url, headers, None if body is None else body.encode(), follow=follow)


def _probe_request(parameters: HttpParameters, probe: HttpProbe, secrets: Secrets) -> Request:
    own = _request(probe, secrets, "GET")
    of_request = _request(parameters, secrets, "GET")
    same_server = urlsplit(own.url)[:2] == urlsplit(of_request.url)[:2]
    if own.headers or not same_server:
        return own
    return Request("GET", own.url, of_request.headers, follow=own.follow and of_request.follow)


async def _obstacle(parameters: HttpParameters, context: ActionContext, secrets: Secrets) -> str:
    """Why it could not be sent now, or nothing. The request itself is not sent."""
    seconds = min(_LOOK_SECONDS, work_seconds(context.seconds))
    request = _request(parameters, secrets, parameters.method, parameters.body)
    if parameters.probe:
        asked = _probe_request(parameters, parameters.probe, secrets)
        answer = await _ask(asked, context, seconds=seconds)
        if isinstance(answer, Cut):
            return "The server did not answer the probe in time; check that it is up"
        refused = answer.status in _FORBIDDEN
        return f"The server refuses the probe with {answer.status}; check the settings" if refused else ""
    parts = urlsplit(request.url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        async with asyncio.timeout(seconds):
            _reader, writer = await asyncio.open_connection(parts.hostname, port)
            writer.close()
            await writer.wait_closed()
    except (OSError, TimeoutError) as error:
        raise NotSentError(
            f"no connection to {parts.hostname}:{port}: {error}",
            do="Check that the server is up and its name",
        ) from error
    return ""


def _evidence(answer: Answer, secrets: Secrets) -> tuple[Evidence, ...]:
    excerpt = Excerpt()
    excerpt.add(answer.body)
    return Evidence("status", str(answer.status)), Evidence("response", excerpt.text(secrets))


def _doubtful(parameters: HttpParameters, why: str, evidence: tuple[Evidence, ...]) -> Outcome:
    if parameters.is_harmless:
        return Outcome("failed", f"No answer: {why}", evidence)
    again = (
        "sending it again does no harm" if parameters.is_idempotent else "look there before sending it again"
    )
    return Outcome("unknown", f"It is not known whether the server did it: {why}; {again}", evidence)


def _outcome(parameters: HttpParameters, answer: Answer, evidence: tuple[Evidence, ...]) -> Outcome:
    try:
        difference = parameters.difference(answer)
    except UnclearAnswerError as error:
        return _doubtful(parameters, str(error), evidence)
    if not difference:
        return Outcome("succeeded", f"The server answered {answer.status}", evidence)
    if answer.status in _GATEWAY_LOST_IT:
        return _doubtful(parameters, f"a gateway answered {answer.status}", evidence)
    return Outcome("failed", f"The answer is not as expected: {difference}", evidence)


def _probe_answer(probe: HttpProbe, answer: Answer, evidence: tuple[Evidence, ...]) -> Probe:
    try:
        difference = probe.difference(answer)
    except UnclearAnswerError as error:
        return Probe("unknown", f"The probe is unclear: {error}", evidence)
    if not difference:
        return Probe("yes", "The probe answered as expected: it has been done", evidence)
    of_the_service = (
        answer.status >= 500 or 300 <= answer.status < 400 or answer.status in _NO_ANSWER_TO_A_PROBE
    )
    if of_the_service and not probe.expects_status(answer.status):
        return Probe("unknown", f"The probe answered with {difference}: it cannot be concluded", evidence)
    return Probe("no", f"The probe says that it has not been done: {difference}", evidence)
