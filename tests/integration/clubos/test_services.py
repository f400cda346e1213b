"""The club's services, over real sockets: what a rollback and a cutover switch can be seen from outside."""

import csv
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from examples.clubos import legacy_service, new_service
from examples.clubos.switches import Access, Authority, Writes
from tests.integration.clubos.conftest import SIZE, Data

NOW = datetime(2026, 3, 14, 5, tzinfo=UTC)
Client = TestClient[web.Request, web.Application]
Answer = tuple[int, dict[str, object]]


@dataclass
class World:
    data: Path
    legacy: Client
    new: Client


@pytest.fixture
def data(tmp_path: Path, made: Data) -> Path:
    shutil.copytree(made("clean"), tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
async def world(data: Path) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(
                TestClient(TestServer(service.application(data, now=lambda: NOW), host="127.0.0.1"))
            )
            for service in (legacy_service, new_service)
        ]
        yield World(data, *clients)


async def got(client: Client, path: str, **headers: str) -> Answer:
    async with client.get(path, headers=headers) as answer:
        return answer.status, await answer.json()


async def put(client: Client, path: str, body: object) -> Answer:
    async with client.put(path, json=body) as answer:
        return answer.status, await answer.json()


async def posted(client: Client, path: str, body: object) -> Answer:
    async with client.post(path, json=body) as answer:
        return answer.status, await answer.json()


def asked(data: Path, system: str, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data / f"{system}.db")) as connection:
        return connection.execute(query).fetchall()


async def test_both_systems_answer_with_their_own_count(world: World) -> None:
    assert await got(world.legacy, "/members/count") == (200, {"system": "legacy", "active": SIZE})
    assert await got(world.new, "/members/count") == (200, {"system": "new", "active": SIZE})
    assert await got(world.legacy, "/health") == (200, {"system": "legacy", "status": "ok", "writes": "open"})
    assert await got(world.new, "/health") == (200, {"system": "new", "status": "ok"})


@pytest.mark.parametrize(
    ("audience", "member", "operator"), [("nobody", 503, 503), ("operators", 503, 200), ("members", 200, 200)]
)
async def test_the_new_system_is_open_for_those_it_was_opened_for(
    world: World, audience: str, member: int, operator: int
) -> None:
    for _ in range(2):
        assert await put(world.new, "/admin/access", {"for": audience}) == (200, {"for": audience})
    assert (await got(world.new, "/members/count"))[0] == member
    assert (await got(world.new, "/members/count", **{"X-Operator": "sam"}))[0] == operator
    assert (await put(world.new, "/members/7/contact", {"field": "phone", "value": "1"}))[0] == member
    assert (await got(world.new, "/health"))[0] == 200
    assert len(asked(world.data, "new", "SELECT what FROM audit_log")) == 2


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/admin/access", {"for": "everybody"}),
        ("/admin/access", {"for": "nobody", "x": 1}),
        ("/admin/authority", {}),
        ("/admin/sync", {"kind": True}),
        ("/members/7/contact", {"field": "name", "value": "x"}),
    ],
)
async def test_what_is_not_understood_changes_nothing(world: World, path: str, body: object) -> None:
    status, answer = await put(world.new, path, body)
    assert (status, str(answer["error"])[:6]) == (400, "send {")
    assert Access(world.data).audience == "members"


async def test_legacy_without_write_access_is_read_and_not_written(world: World) -> None:
    booking = {"event_no": 80, "member_no": 7}
    assert (await posted(world.legacy, "/registrations", booking))[0] == 201
    assert await put(world.legacy, "/admin/writes", {"writes": "closed"}) == (200, {"writes": "closed"})
    assert (await posted(world.legacy, "/registrations", booking))[0] == 503
    assert (await put(world.legacy, "/members/7/contact", {"field": "phone", "value": "1"}))[0] == 503
    assert (await got(world.legacy, "/members/count"))[0] == 200
    assert (await put(world.legacy, "/admin/writes", {"writes": "open"}))[0] == 200
    assert (await posted(world.legacy, "/registrations", booking))[0] == 201


async def test_a_retired_legacy_is_gone_for_good(world: World) -> None:
    assert (await put(world.legacy, "/admin/writes", {"writes": "retired"}))[0] == 200
    assert (await got(world.legacy, "/members/count"))[0] == 410
    assert (await put(world.legacy, "/admin/writes", {"writes": "open"}))[0] == 410
    assert Writes(world.data).is_retired


async def test_registrations_are_the_new_systems_from_the_cutover_on_with_numbers_of_their_own(
    world: World,
) -> None:
    booking = {"event_id": 80, "member_id": 7}
    assert (await posted(world.new, "/registrations", booking))[0] == 409
    assert (await got(world.new, "/authority"))[0] == 409
    assert await put(world.new, "/admin/authority", {"system": "new"}) == (200, {"system": "new"})
    assert (await got(world.new, "/authority"))[0] == 200
    assert await posted(world.new, "/registrations", booking) == (201, {"registration_id": 1_000_001})
    assert await posted(world.new, "/registrations", booking) == (201, {"registration_id": 1_000_002})


async def test_the_moment_of_the_cutover_stays_until_the_next_one(world: World) -> None:
    assert (await put(world.new, "/admin/authority", {"system": "again"}))[0] == 409
    Authority(world.data).set(new=True, since="2026-03-01 06:00:00")
    for system in ("new", "legacy", "legacy", "again", "new"):
        assert (await put(world.new, "/admin/authority", {"system": system}))[0] == 200
        assert Authority(world.data).since == "2026-03-01 06:00:00"
    assert (await put(world.new, "/admin/authority", {"system": "legacy"}))[0] == 200
    assert (await put(world.new, "/admin/authority", {"system": "new"}))[0] == 200
    assert Authority(world.data).since == "2026-03-14 05:00:00"


async def test_a_contact_change_in_one_system_is_in_the_other_after_a_sync(world: World) -> None:
    changes = {"legacy": (world.legacy, "email", "a@b.example"), "new": (world.new, "phone", "+49 1")}
    for client, field, value in changes.values():
        assert (await put(client, "/members/7/contact", {"field": field, "value": value}))[0] == 200
    status, answer = await put(world.new, "/admin/sync", {"kind": "incremental"})
    assert (status, answer["status"]) == (200, "succeeded")
    for system, key in (("legacy", "member_no"), ("new", "member_id")):
        query = f"SELECT email, phone FROM members WHERE {key} = 7"
        assert asked(world.data, system, query) == [("a@b.example", "+49 1")]
        query = (
            f"SELECT field, origin FROM contact_changes WHERE {key} = 7 AND value IN ('a@b.example', '+49 1')"
        )
        assert sorted(asked(world.data, system, query)) == [("email", "legacy"), ("phone", "new")]


async def test_a_sync_that_fails_says_so_and_after_the_cutover_there_is_none(world: World) -> None:
    (world.data / "legacy.db").rename(world.data / "away.db")
    assert (await put(world.new, "/admin/sync", {"kind": "full"}))[0] == 503
    (world.data / "away.db").rename(world.data / "legacy.db")
    Authority(world.data).set(new=True, since="2026-03-01 06:00:00")
    assert (await put(world.new, "/admin/sync", {"kind": "full"}))[0] == 409


async def test_what_was_exported_is_taken_into_legacy_once(world: World) -> None:
    folder = world.data / "since-cutover"
    folder.mkdir()
    at = "2026-03-14 04:00:00"
    files = {
        "registrations": (
            ["reg_no", "event_no", "member_no", "state", "modified_at"],
            [1_000_001, 80, 7, "booked", at],
        ),
        "payments": (
            ["pay_no", "member_no", "amount_cents", "paid_on", "modified_at"],
            [1_000_001, 7, 1200, at[:10], at],
        ),
        "contact-changes": (
            ["change_id", "member_no", "field", "value", "origin", "modified_at"],
            ["n-1000", 7, "phone", "+49 2", "new", at],
        ),
    }
    for name, (columns, row) in files.items():
        with (folder / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([columns, row])
    for _ in range(2):
        status, answer = await put(world.legacy, "/admin/import", None)
        assert (status, answer) == (
            200,
            {"imported": {"registrations": 1, "payments": 1, "contact-changes": 1}},
        )
    found = asked(
        world.data, "legacy", "SELECT event_no, member_no, state FROM registrations WHERE reg_no > 1000000"
    )
    assert found == [(80, 7, "booked")]
    assert asked(world.data, "legacy", "SELECT phone FROM members WHERE member_no = 7") == [("+49 2",)]


async def test_a_file_with_other_columns_is_not_taken_in(world: World) -> None:
    (world.data / "since-cutover").mkdir()
    (world.data / "since-cutover" / "registrations.csv").write_text("registration_id,event_id\n1,2\n")
    status, answer = await put(world.legacy, "/admin/import", None)
    assert (status, answer["error"]) == (
        503,
        "registrations.csv has other columns than legacy's registrations",
    )


async def test_an_e_mail_goes_to_every_active_member(world: World) -> None:
    text = json.dumps({"subject": "Back", "text": "Please register there"})
    (world.data / "mail" / "back-01RUN.json").write_text(text)
    sent = [{"id": "back-01RUN", "subject": "Back", "to": SIZE}]
    assert await got(world.legacy, "/mail") == (200, {"sent": sent})


async def test_a_backup_is_restored_and_compared(world: World) -> None:
    assert (await put(world.new, "/admin/restore-test", None))[0] == 404
    shutil.copy(world.data / "new.db", world.data / "backups" / "new-1.db")
    assert await put(world.new, "/admin/restore-test", None) == (200, {"restored": "new-1.db", "same": True})
    await put(world.new, "/members/7/contact", {"field": "phone", "value": "1"})
    assert await put(world.new, "/admin/restore-test", None) == (200, {"restored": "new-1.db", "same": False})


async def test_the_chatbot_says_what_the_documentation_says_and_sends_to_operators_otherwise(
    world: World,
) -> None:
    assert await got(world.new, "/chatbot/health") == (200, {"status": "ok", "topics": 4})
    status, answer = await got(world.new, "/chatbot/answer?topic=Registration")
    assert (status, str(answer["answer"])[:14]) == (200, "Open the event")
    status, answer = await got(world.new, "/chatbot/answer?topic=cake")
    assert (status, answer["error"]) == (404, "ask an operator")
    interactions = "SELECT topic, answered FROM chatbot_interactions"
    assert asked(world.data, "new", interactions) == [("registration", 1), ("cake", 0)]


async def test_a_database_or_switch_that_cannot_be_read_answers_503_with_the_reason(world: World) -> None:
    (world.data / "new-access.json").write_text("{")
    assert (await got(world.new, "/members/count"))[0] == 503
    (world.data / "new.db").unlink()
    assert await got(world.new, "/health") == (503, {"error": "unable to open database file"})
    assert not (world.data / "new.db").exists()
