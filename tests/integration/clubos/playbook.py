"""The example's playbook, read for tests."""

from collections.abc import Mapping
from pathlib import Path

from ruamel.yaml import YAML

from bot.domain.playbook.document import Playbook
from bot.domain.playbook.loaded import LoadedPlaybook

FOLDER = Path(__file__).parents[3] / "examples" / "clubos"


def clubos(*, ports: Mapping[int, int] | None = None) -> Playbook:
    """The document as it stands in the file, with other ports where a test serves on others."""
    text = (FOLDER / "playbook.yml").read_text(encoding="utf-8")
    for old, new in (ports or {}).items():
        text = text.replace(f"127.0.0.1:{old}", f"127.0.0.1:{new}")
    return Playbook.model_validate(YAML(typ="safe").load(text))


def loaded(folder: Path, *, ports: Mapping[int, int] | None = None) -> LoadedPlaybook:
    """It in a folder, in which its data are."""
    return LoadedPlaybook(playbook=clubos(ports=ports), folder=folder, digest="2" * 64)
