"""The planwise example, small: its data, made once for each variant."""

from collections.abc import Callable
from pathlib import Path

import pytest

from examples.planwise.generate import main as generate

SIZE = 1000
Data = Callable[[str], Path]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Data:
    """The data folder of a variant. For reading only."""
    folders: dict[str, Path] = {}

    def of(variant: str) -> Path:
        if variant not in folders:
            folders[variant] = tmp_path_factory.mktemp(variant) / "data"
            arguments = ["--variant", variant, "--employees", str(SIZE), "--out", str(folders[variant])]
            assert generate(arguments) == 0
        return folders[variant]

    return of
