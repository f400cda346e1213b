"""The clubos example, small: its data, made once for each variant."""

from collections.abc import Callable
from pathlib import Path

import pytest

from examples.clubos.generate import main as generate

SIZE = 240
DAY = "2026-03-14"
"""The day of the tests' clock; the data are those of its morning."""
Data = Callable[[str], Path]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Data:
    """The data folder of a variant. For reading only."""
    folders: dict[str, Path] = {}

    def of(variant: str) -> Path:
        if variant not in folders:
            folders[variant] = tmp_path_factory.mktemp(variant) / "data"
            recipe = ["--variant", variant, "--members", str(SIZE), "--day", DAY]
            assert generate([*recipe, "--out", str(folders[variant])]) == 0
        return folders[variant]

    return of
