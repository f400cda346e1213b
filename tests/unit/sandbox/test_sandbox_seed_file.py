"""The content of a workspace, from a file."""

from pathlib import Path

import pytest

from bot.sandbox.seed_file import SeedError, read_seed
from tests.integration.clubos.playbook import FOLDER, clubos

PEOPLE = "people: [{id: U0SAM, name: Sam Okafor, title: engineer}]\n"
CHANNELS = "channels: [{id: C0INC, name: incidents}]\n"


def read(tmp_path: Path, text: str) -> str:
    """What is said of a file that is none."""
    path = tmp_path / "workspace.yml"
    path.write_text(text)
    with pytest.raises(SeedError) as raised:
        read_seed(path)
    return str(raised.value).removeprefix(f"{path}: not the content of a workspace: ")


def test_the_club_has_everybody_and_every_channel_that_its_playbook_names() -> None:
    seed, playbook = read_seed(FOLDER / "workspace.yml"), clubos()
    members = {group.handle: group.members for group in seed.usergroups}
    assert {role.usergroup for role in playbook.roles.values()} == set(members)
    assert {name: len(members[role.usergroup or ""]) for name, role in playbook.roles.items()} == {
        "operator": 3,
        "data-lead": 1,
        "manager": 2,
        "board": 5,
    }
    assert {f"#{channel.name}" for channel in seed.channels} == set(playbook.channels.model_dump().values())
    assert seed.people[0].username == "sam.okafor"


def test_what_is_no_workspace_is_said_in_one_line(tmp_path: Path) -> None:
    group = "usergroups: [{id: S0OPS, handle: ops, name: Ops, members: [U0KIM]}]\n"
    assert "ops has the member U0KIM, who is not among the people" in read(
        tmp_path, PEOPLE + CHANNELS + group
    )
    assert "the id C0INC is there twice" in read(
        tmp_path, PEOPLE + "channels: [{id: C0INC, name: a}, {id: C0INC, name: b}]"
    )
    assert read(tmp_path, PEOPLE + "channels: [{id: C0INC, name: In}]").startswith("channels.0.name: ")
    assert read(tmp_path, CHANNELS) == "people: Field required"
    assert "\n" not in read(tmp_path, "[]")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match=r"no\.yml: not the content of a workspace: .*No such file"):
        read_seed(tmp_path / "no.yml")
