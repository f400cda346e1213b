"""What the http adapter promises beyond the contract."""

import asyncio
import socket

import pytest
from pydantic import JsonValue, ValidationError

from actions.http_parameters import HttpParameters
from tests.contract.actions.case import Case
from tests.contract.actions.server import CountingServer


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


async def test_a_refused_connection_is_a_failure_and_nothing_was_sent(requests: Case) -> None:
    given = {"method": "POST", "url": f"http://127.0.0.1:{closed_port()}/"}
    outcome, preview = await requests.act(given), await requests.preview(given)
    assert outcome.status == "failed"
    assert outcome.summary.startswith("Nothing was sent")
    assert not preview.ready
    assert "no connection" in preview.problem


@pytest.mark.parametrize("path", ["drop", "half"])
@pytest.mark.parametrize(("method", "status"), [("POST", "unknown"), ("PUT", "unknown"), ("GET", "failed")])
async def test_a_connection_that_is_lost_after_sending_leaves_what_was_done_unknown(
    requests: Case, server: CountingServer, path: str, method: str, status: str
) -> None:
    outcome = await requests.act({"method": method, "url": f"{server.url}/{path}"})
    assert outcome.status == status


async def test_a_time_out_after_sending_leaves_what_was_done_unknown(
    requests: Case, server: CountingServer
) -> None:
    given = {"method": "POST", "url": f"{server.url}/hang", "timeout": "200ms"}
    outcome = await requests.act(given)
    assert outcome.status == "unknown"
    assert "look there before sending it again" in outcome.summary


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_a_request_is_sent_once_also_when_the_connection_is_lost(
    requests: Case, server: CountingServer, method: str
) -> None:
    for _ in range(2):
        await requests.act({"method": method, "url": f"{server.url}/drop"})
    assert server.requests == [f"{method} /drop"] * 2


async def test_a_redirection_is_not_followed_by_a_request_that_changes_something(
    requests: Case, server: CountingServer
) -> None:
    outcome = await requests.act({"method": "POST", "url": f"{server.url}/moved"})
    assert outcome.status == "failed"
    assert server.effects == 0
    assert (await requests.act({"method": "GET", "url": f"{server.url}/moved"})).status == "succeeded"


async def test_a_secret_is_not_carried_along_a_redirection(requests: Case, server: CountingServer) -> None:
    given = {"method": "GET", "url": f"{server.url}/moved", "headers": {"X-Token": {"env": "TOKEN"}}}
    assert (await requests.act(given)).status == "failed"
    assert server.requests == ["GET /moved"]


@pytest.mark.parametrize(
    ("answered", "expect", "status"),
    [
        (200, [], "succeeded"),
        (204, [], "succeeded"),
        (404, [], "failed"),
        (500, [], "failed"),
        (404, [404], "succeeded"),
        (200, [201], "failed"),
        (502, [], "unknown"),
        (504, [], "unknown"),
    ],
)
async def test_the_status_decides(
    requests: Case, server: CountingServer, answered: int, expect: list[JsonValue], status: str
) -> None:
    given = {"method": "POST", "url": f"{server.url}/status/{answered}", "expect": expect}
    assert (await requests.act(given)).status == status


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"count": 1}, "succeeded"),
        ({"count": 2}, "failed"),
        ({"count": True}, "failed"),
        ({"count.deeper": 1}, "failed"),
        ({"you sent.Accept": "*/*"}, "succeeded"),
        ({"absent": None}, "failed"),
    ],
)
async def test_the_values_in_a_json_answer_decide(
    requests: Case, server: CountingServer, wanted: JsonValue, status: str
) -> None:
    given = {"method": "POST", "url": f"{server.url}/effects", "expect_json": wanted}
    assert (await requests.act(given)).status == status


async def test_an_answer_that_cannot_be_read_leaves_what_was_done_unknown(
    requests: Case, server: CountingServer
) -> None:
    given = {"method": "POST", "url": f"{server.url}/status/200", "expect_json": {"a": 1}}
    assert (await requests.act(given)).status == "unknown"


async def test_a_long_answer_is_bounded(requests: Case, server: CountingServer) -> None:
    outcome = await requests.act({"method": "GET", "url": f"{server.url}/big"})
    assert outcome.status == "succeeded"
    assert max(len(piece.text) for piece in outcome.evidence) < 5000


@pytest.mark.parametrize(
    ("answered", "expect", "done"),
    [
        (200, [], "yes"),
        (404, [], "no"),
        (404, [404], "yes"),
        (200, [404], "no"),
        (500, [], "unknown"),
        (503, [], "unknown"),
        (401, [], "unknown"),
        (302, [], "unknown"),
    ],
)
async def test_a_probe_concludes_only_from_an_answer_to_its_question(
    requests: Case, server: CountingServer, answered: int, expect: list[JsonValue], done: str
) -> None:
    probe: JsonValue = {"url": f"{server.url}/status/{answered}", "expect": expect}
    given = {"method": "DELETE", "url": f"{server.url}/effects", "probe": probe}
    assert (await requests.probe(given)).done == done


async def test_a_probe_without_connection_is_unknown(requests: Case) -> None:
    url = f"http://127.0.0.1:{closed_port()}/"
    assert (await requests.probe({"method": "PUT", "url": url, "probe": {"url": url}})).done == "unknown"


async def test_a_probe_of_the_same_server_carries_the_same_headers_and_of_another_none(
    requests: Case, server: CountingServer
) -> None:
    headers: JsonValue = {"X-Route": "legacy"}
    wanted: JsonValue = {"you sent.X-Route": "legacy"}
    for url, done in ((server.url, "yes"), ("http://127.0.0.1:1", "no")):
        probe: JsonValue = {"url": f"{server.url}/effects", "expect_json": wanted}
        given = {"method": "PUT", "url": f"{url}/state", "headers": headers, "probe": probe}
        assert (await requests.probe(given)).done == done


async def test_a_preview_shows_the_request_as_it_will_be_sent_with_secrets_by_name(requests: Case) -> None:
    preview = await requests.preview(requests.once)
    assert preview.exact.startswith("POST http://127.0.0.1:")
    assert preview.exact.splitlines()[0].endswith('/effects {"route": "legacy"}')
    assert preview.exact.splitlines()[1:] == ["X-Token: $TOKEN", "Authorization: Bearer $TOKEN"]


@pytest.mark.parametrize(
    ("expected", "effect"),
    [
        ({}, "An answer of 2xx is success"),
        ({"expect": [200, 204]}, "An answer of 200 or 204 is success"),
        (
            {"expect": 200, "expect_json": {"open": False, "items.0.state": "zurück"}},
            'An answer of 200 in which open is false and items.0.state is "zurück" is success',
        ),
    ],
)
async def test_a_preview_shows_which_answer_is_success(
    requests: Case, expected: dict[str, JsonValue], effect: str
) -> None:
    assert (await requests.preview({**requests.once, **expected})).effect == effect


async def test_a_preview_tells_that_the_probe_is_refused(requests: Case, server: CountingServer) -> None:
    probe: JsonValue = {"url": f"{server.url}/status/403"}
    preview = await requests.preview({"method": "PUT", "url": f"{server.url}/state", "probe": probe})
    assert not preview.ready
    assert "403" in preview.problem


async def test_a_connection_that_is_never_answered_ends_in_time(requests: Case) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        given = {"method": "POST", "url": f"https://127.0.0.1:{silent.getsockname()[1]}/"}
        outcome = await asyncio.wait_for(requests.act(given, requests.context(seconds=0.5)), timeout=2)
    assert outcome.status == "failed"
    assert outcome.summary.startswith("Nothing was sent")


@pytest.mark.parametrize(
    "given",
    [
        {"method": "PUT", "url": "ftp://host/"},
        {"method": "PUT", "url": "http://user:password@host/"},
        {"method": "GET", "url": "http://host/", "text": "a body"},
        {"method": "PUT", "url": "http://host/", "text": "a", "json": None},
        {"method": "PUT", "url": "http://host/", "headers": {"A": "b\r\nC: d"}},
        {"method": "PUT", "url": "http://host/", "bearer": {"env": "T"}, "headers": {"authorization": "x"}},
    ],
)
def test_a_request_that_makes_no_sense_is_an_error(given: dict[str, JsonValue]) -> None:
    with pytest.raises(ValidationError) as caught:
        HttpParameters.model_validate(given)
    assert "password@" not in str(caught.value)


async def test_a_secret_that_cannot_be_sent_is_a_failure(requests: Case) -> None:
    requests.secrets["TOKEN"] = "two\nlines-of-a-secret"
    outcome = await requests.act(requests.once)
    assert outcome.status == "failed"
    assert "lines-of" not in repr(outcome)
    assert requests.effects() == 0


def test_the_method_tells_whether_it_is_idempotent_unless_the_playbook_does() -> None:
    given: dict[str, JsonValue] = {"url": "http://host/"}
    found = {
        method: HttpParameters.model_validate({**given, "method": method}).is_idempotent
        for method in ("GET", "HEAD", "PUT", "DELETE", "POST", "PATCH")
    }
    assert found == {"GET": True, "HEAD": True, "PUT": True, "DELETE": True, "POST": False, "PATCH": False}
    assert HttpParameters.model_validate({**given, "method": "POST", "idempotent": True}).is_idempotent
