"""The example's services and router, over real sockets: what a rollback changes can be seen from outside."""

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, unused_port
from yarl import URL

from examples.example_data import write_json
from examples.planwise import router, service
from tests.integration.planwise.conftest import SIZE, Data

Client = TestClient[web.Request, web.Application]
FOLDER = Path(service.__file__).parent


@dataclass
class World:
    data: Path
    legacy: Client
    new: Client
    router: Client


def served(system: str, data: Path) -> Client:
    return TestClient(TestServer(service.application(service.Planwise(system, data)), host="127.0.0.1"))


@pytest.fixture
def data(tmp_path: Path, made: Data) -> Path:
    shutil.copytree(made("clean"), tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
async def world(data: Path) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        legacy = await stack.enter_async_context(served("legacy", data))
        new = await stack.enter_async_context(served("new", data))
        systems = {"legacy": URL(legacy.make_url("/")), "new": URL(new.make_url("/"))}
        app = router.application(router.Routes(data / "routing.json", systems))
        front = await stack.enter_async_context(TestClient(TestServer(app, host="127.0.0.1")))
        yield World(data, legacy, new, front)


async def seen(client: Client, path: str) -> tuple[int, dict[str, object]]:
    async with client.get(path) as answer:
        return answer.status, await answer.json()


async def test_both_systems_answer_with_their_own_count(world: World) -> None:
    assert await seen(world.legacy, "/employees/count") == (200, {"system": "legacy", "active": SIZE})
    assert await seen(world.new, "/employees/count") == (200, {"system": "new", "active": SIZE})
    assert await seen(world.new, "/health") == (200, {"system": "new", "status": "ok"})


async def test_access_switched_off_answers_503_except_for_health_and_the_switch(world: World) -> None:
    for _ in range(2):
        async with world.new.put("/admin/access", json={"open": False}) as answer:
            assert await answer.json() == {"system": "new", "open": False}
    assert (await seen(world.new, "/employees/count"))[0] == 503
    assert (await seen(world.new, "/anything"))[0] == 503
    assert (await seen(world.new, "/health"))[0] == 200
    assert await seen(world.new, "/admin/access") == (200, {"system": "new", "open": False})
    assert (await seen(world.legacy, "/employees/count"))[0] == 200
    async with world.new.put("/admin/access", json={"open": True}):
        assert (await seen(world.new, "/employees/count"))[0] == 200


@pytest.mark.parametrize("body", [b"", b"[]", b'{"open": 0}', b'{"open": true, "x": 1}', b"{"])
async def test_a_switch_that_is_not_understood_changes_nothing(world: World, body: bytes) -> None:
    async with world.new.put("/admin/access", data=body) as answer:
        assert answer.status == 400
    assert (await seen(world.new, "/admin/access"))[1]["open"] is True


async def test_a_database_or_switch_that_cannot_be_read_answers_503_with_the_reason(world: World) -> None:
    (world.data / "new-access.json").write_text("{")
    assert (await seen(world.new, "/employees/count"))[0] == 503
    (world.data / "new.db").unlink()
    status, answer = await seen(world.new, "/health")
    assert (status, answer["error"]) == (503, "unable to open database file")
    assert not (world.data / "new.db").exists()


async def test_the_router_follows_its_file_from_one_request_to_the_next(world: World) -> None:
    for primary in ("new", "legacy", "new"):
        write_json(world.data / "routing.json", {"primary": primary})
        async with world.router.get("/employees/count?x=1") as answer:
            assert answer.headers["X-Served-By"] == primary
            assert (await answer.json())["system"] == primary


async def test_the_router_says_what_is_wrong_with_its_file_or_its_primary(world: World) -> None:
    for text in ("{", '{"primary": "other"}', "[]"):
        (world.data / "routing.json").write_text(text)
        assert (await seen(world.router, "/employees/count"))[0] == 503
    write_json(world.data / "routing.json", {"primary": "new"})
    await world.new.close()
    async with world.router.get("/employees/count") as answer:
        assert (answer.status, answer.headers["X-Served-By"]) == (502, "new")


@pytest.mark.parametrize("path", ["/admin/access", "/%61dmin/access", "/x/../admin/access"])
async def test_the_switch_cannot_be_reached_through_the_router(world: World, path: str) -> None:
    async with world.router.put(URL(path, encoded=True), json={"open": False}) as answer:
        assert answer.status == 404
    assert (await seen(world.new, "/admin/access"))[1]["open"] is True


async def test_the_router_sends_nothing_to_an_address_of_the_clients_choice(world: World) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", world.router.port)
    writer.write(b"GET //192.0.2.1:9/employees/count HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 404")
    assert b"X-Served-By: new" in answer


async def start(script: str, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(FOLDER / script),
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


async def test_a_service_that_is_started_again_keeps_access_switched_off(data: Path) -> None:
    port = unused_port()
    for _ in range(2):
        process = await start("service.py", "new", "--port", str(port), "--data", str(data))
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), 10)
        assert f"http://127.0.0.1:{port}".encode() in line
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            if json.loads((data / "new-access.json").read_text())["open"]:
                await (await session.put("/admin/access", json={"open": False})).read()
            async with session.get("/employees/count") as answer:
                assert answer.status == 503
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_a_port_in_use_is_said_in_one_line(world: World) -> None:
    process = await start("router.py", "--port", str(world.router.port), "--data", str(world.data))
    _, error = await asyncio.wait_for(process.communicate(), 10)
    assert process.returncode == 2
    assert error.decode().startswith(f"Port {world.router.port} cannot be used")
    assert len(error.splitlines()) == 1
