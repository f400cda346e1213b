"""Documents in a playbook's folder, links that answer, and how much is compared."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.gates.documents import DocumentSeen
from bot.ports.coverage import Coverage, Uncompared
from bot.signals.documents import Documents
from tests.fakes.clock import FakeClock
from tests.fakes.coverage import FakeCoverage
from tests.integration.services.gate_board import bot_of, gate, gated, only
from tests.integration.trial import Trial


@asynccontextmanager
async def serving() -> AsyncIterator[str]:
    """A service on the loopback that answers with the status in its path."""

    async def answer(request: web.Request) -> web.Response:
        headers = {"Location": "http://192.0.2.1/elsewhere"}
        return web.Response(status=int(request.match_info["status"]), headers=headers)

    application = web.Application()
    application.router.add_get("/{status}", answer)
    async with TestServer(application) as server:
        yield str(server.make_url("")).rstrip("/")


async def look(folder: Path, document: str) -> DocumentSeen:
    async with aiohttp.ClientSession() as session:
        return await Documents(session=session, clock=FakeClock()).look(folder, document)


@pytest.mark.parametrize(
    ("status", "there"), [(200, True), (204, True), (302, True), (404, False), (500, False)]
)
async def test_a_link_that_answers_well_is_there(tmp_path: Path, status: int, there: bool) -> None:
    async with serving() as url:
        seen = await look(tmp_path, f"{url}/{status}")
    assert seen == DocumentSeen(there, f"the link answers with HTTP {status}")


async def test_a_link_that_does_not_answer_is_not_known(tmp_path: Path) -> None:
    async with serving() as url:
        gone = url
    seen = await look(tmp_path, f"{gone}/200")
    assert (seen.there, seen.said) == (None, "the link does not answer: connection refused")


@pytest.mark.parametrize("link", ["http://", "http://[", "https://:x/"])
async def test_a_link_that_cannot_be_asked_is_not_known(tmp_path: Path, link: str) -> None:
    assert (await look(tmp_path, link)).there is None


async def test_a_large_document_is_there_once_it_answers(tmp_path: Path) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"%PDF")
        await asyncio.Event().wait()
        return response

    application = web.Application()
    application.router.add_get("/plan.pdf", endless)
    async with TestServer(application) as server:
        assert (await look(tmp_path, str(server.make_url("/plan.pdf")))).there is True


async def test_a_file_is_there_with_its_digest_and_an_empty_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "plan.md").write_text("Support plan")
    seen = await look(tmp_path, "docs/plan.md")
    assert (seen.there, seen.said.startswith("12 bytes, changed ")) == (True, True)
    (tmp_path / "docs" / "plan.md").write_text("Support plan 2")
    assert (await look(tmp_path, "docs/plan.md")).digest != seen.digest
    (tmp_path / "empty.md").touch()
    assert (await look(tmp_path, "empty.md")).there is False
    assert (await look(tmp_path, "docs")).there is False
    assert (await look(tmp_path, "missing.md")).there is False
    assert (await look(tmp_path, "bad\0name")).there is not True


async def test_nothing_outside_of_the_playbooks_folder_is_a_document(tmp_path: Path) -> None:
    inside = tmp_path / "playbook"
    inside.mkdir()
    outside = tmp_path / "secret.md"
    outside.write_text("secret")
    (inside / "link.md").symlink_to(outside)
    for name in ("../secret.md", str(outside), "link.md", "a/../../secret.md"):
        seen = await look(inside, name)
        assert (seen.there, seen.digest) == (False, ""), name


@asynccontextmanager
async def _product(
    trial: Trial, criterion: dict[str, object], coverage: Coverage, ids: str = "bot"
) -> AsyncIterator[Trial]:
    loaded = gated(trial.folder, gate(criterion))
    async with bot_of(trial, loaded, coverage=FakeCoverage(coverage), ids=ids) as product:
        yield product


async def test_a_gate_wants_the_document_of_its_own_folder(trial: Trial) -> None:
    async with _product(trial, {"document": "support.md"}, Coverage((), 0, 0)) as product:
        evaluate = product.services.gates.evaluate
        assert only(await evaluate("ledger", cause="test")).state == "fail"
        (trial.folder / "support.md").write_text("Call us")
        before = await evaluate("ledger", cause="test")
        assert only(before).state == "pass"
        (trial.folder / "support.md").write_text("Do not call us")
        assert (await evaluate("ledger", cause="test")).digest() != before.digest()


async def test_a_side_that_cannot_be_read_leaves_its_coverage_unknown(trial: Trial) -> None:
    left = (Uncompared("new", "jobs", ("id", "state"), whole=True),)
    both = Coverage(left, 3, 15, columns_of={"legacy": 5, "new": 10})
    async with _product(trial, {"coverage": "80%"}, both) as product:
        found = only(await product.services.gates.evaluate("ledger", cause="test"))
        assert (found.state, found.evidence) == ("pass", ("legacy:5/5", "new:8/10"))
    half = Coverage(left, 2, 10, ("legacy does not answer",), {"new": 10})
    async with _product(trial, {"coverage": "80%"}, half, "other") as product:
        found = only(await product.services.gates.evaluate("ledger", cause="test"))
        assert (found.state, found.reason) == ("unknown", "legacy cannot be read: legacy does not answer")
