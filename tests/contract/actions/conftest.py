"""The world of each adapter as a fixture."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.actions.case import Case
from tests.contract.actions.cases import exec_case, file_case, http_case, sql_case
from tests.contract.actions.server import CountingServer, counting_server


@pytest.fixture
async def commands(tmp_path: Path) -> AsyncIterator[Case]:
    async with exec_case(tmp_path) as case:
        yield case


@pytest.fixture
async def requests(tmp_path: Path) -> AsyncIterator[Case]:
    async with http_case(tmp_path) as case:
        yield case


@pytest.fixture
async def server() -> AsyncIterator[CountingServer]:
    async with counting_server() as made:
        yield made


@pytest.fixture
async def statements(tmp_path: Path) -> AsyncIterator[Case]:
    async with sql_case(tmp_path) as case:
        yield case


@pytest.fixture
async def files(tmp_path: Path) -> AsyncIterator[Case]:
    async with file_case(tmp_path) as case:
        yield case
