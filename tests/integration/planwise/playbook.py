"""The example's playbook, read for tests."""

from collections.abc import Mapping
from pathlib import Path

from ruamel.yaml import YAML

from bot.domain.playbook.document import Playbook

FILE = Path(__file__).parents[3] / "examples" / "planwise" / "playbook.yml"


def planwise(*, ports: Mapping[int, int] | None = None) -> Playbook:
    """The document as it stands in the file, with other ports where a test serves on others."""
    text = FILE.read_text(encoding="utf-8")
    for old, new in (ports or {}).items():
        text = text.replace(f"127.0.0.1:{old}", f"127.0.0.1:{new}")
    return Playbook.model_validate(YAML(typ="safe").load(text))
