"""The codes of the demo's people."""

import base64
import stat
from pathlib import Path

import pytest

from bot.sandbox.seed_file import read_seed
from examples.clubos.demo import CLUBOS
from examples.demo_codes import code, factor_key
from tests.integration.clubos.playbook import FOLDER


@pytest.mark.parametrize(
    ("seconds", "digits"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_a_code_is_that_of_the_standard(seconds: float, digits: str) -> None:
    """The vectors of RFC 6238, appendix B, at six digits."""
    secret = base64.b32encode(b"12345678901234567890").decode().rstrip("=")
    assert code(secret, seconds) == digits


def test_the_key_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    first = factor_key(tmp_path)
    assert factor_key(tmp_path) == first
    assert len(base64.urlsafe_b64decode(first)) == 32
    assert stat.S_IMODE((tmp_path / "factor.key").stat().st_mode) == 0o600


def test_all_managers_and_the_whole_board_of_the_club_get_codes() -> None:
    seed = read_seed(FOLDER / "workspace.yml")
    groups = {group.handle: group.members for group in seed.usergroups}
    names = {person.id: person.name for person in seed.people}
    wanted = {*groups["clubos-managers"], *groups["clubos-board"]}
    assert CLUBOS.people == {user_id: names[user_id] for user_id in names if user_id in wanted}
