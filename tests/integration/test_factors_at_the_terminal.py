"""`switchback factors`: enrolled once, vouched for twice, shown once; listed, tried and removed."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
import structlog
from click.testing import Result
from cryptography.fernet import Fernet
from typer.testing import CliRunner

from bot.terminal.main import app
from tests.e2e.ledger_playbook import Ledger

Switchback = Callable[..., Result]


@pytest.fixture
def settings(sqlite_template: Path, tmp_path: Path) -> dict[str, str]:
    """A database and a key; there is no playbook."""
    shutil.copy(sqlite_template, tmp_path / "store.db")
    return {
        "SWITCHBACK_DATABASE_URL": f"sqlite:///{tmp_path / 'store.db'}",
        "SWITCHBACK_FACTOR_KEY": Fernet.generate_key().decode(),
    }


@pytest.fixture
def switchback(settings: dict[str, str]) -> Iterator[Switchback]:
    """Run `switchback factors …`, or `doctor`, in this process; `typed` is what is typed when it asks."""

    def run(*arguments: str, typed: str = "", **changes: str) -> Result:
        env = {**settings, **changes}
        words = arguments if arguments[0] == "doctor" else ("factors", *arguments)
        return CliRunner().invoke(app, words, env=env, input=typed)

    yield run
    structlog.reset_defaults()


def test_a_person_is_enrolled_when_the_id_is_typed_twice_and_the_secret_is_shown_once(
    switchback: Switchback,
) -> None:
    done = switchback("enrol", "U0KIM", "--name", "Kim", typed="U0KIM\n")
    assert done.exit_code == 0, done.output
    uri = next(line for line in done.stdout.splitlines() if line.startswith("otpauth://totp/Switchback:"))
    secret = pyotp.parse_uri(uri).secret
    assert f"cannot be scanned: {secret}" in done.stdout
    assert "▀" in done.stdout
    assert "You vouch that Kim is U0KIM" in done.stderr
    listed = switchback("list")
    assert listed.stdout.startswith("U0KIM  Kim  ✅ enrolled ")
    assert secret not in listed.stdout


@pytest.mark.parametrize("again", ["U0KIN\n", "y\n"])
def test_who_types_another_id_enrols_nobody(switchback: Switchback, again: str) -> None:
    done = switchback("enrol", "U0KIM", "--name", "Kim", typed=again)
    assert (done.exit_code, "otpauth" in done.stdout) == (1, False)
    assert "Nobody was enrolled" in done.stderr
    assert switchback("list").stdout == "Nobody has a second factor yet.\n"


def test_a_script_enrols_replaces_tries_and_removes(switchback: Switchback) -> None:
    enrol = ("enrol", "U0KIM", "--name", "Kim", "--json")
    assert "by --vouch" in json.loads(switchback(*enrol).stdout)["do"]
    first = json.loads(switchback(*enrol, "--vouch", "U0KIM").stdout)
    assert (first["user_id"], first["name"], first["locked_until"]) == ("U0KIM", "Kim", None)
    refused = switchback(*enrol, "--vouch", "U0KIM")
    assert (refused.exit_code, json.loads(refused.stdout)["error"]) == (
        1,
        "U0KIM has a second factor already",
    )
    second = json.loads(switchback(*enrol, "--vouch", "U0KIM", "--replace").stdout)
    assert first["secret"] != second["secret"]
    code = pyotp.TOTP(second["secret"]).at(datetime.now(UTC))
    tried = switchback("test", "U0KIM", code, "--json")
    assert (tried.exit_code, json.loads(tried.stdout)) == (0, {"user_id": "U0KIM", "right": True})
    again = switchback("test", "U0KIM", code)
    assert again.exit_code == 1
    assert "used already" in again.stderr
    assert [one["user_id"] for one in json.loads(switchback("list", "--json").stdout)] == ["U0KIM"]
    assert json.loads(switchback("remove", "U0KIM", "--json").stdout)["removed"] is True
    assert switchback("remove", "U0KIM").exit_code == 2


def test_without_a_key_or_with_a_wrong_one_it_says_what_to_do(switchback: Switchback) -> None:
    enrol = ("enrol", "U0KIM", "--name", "Kim", "--vouch", "U0KIM")
    keyless = switchback(*enrol, SWITCHBACK_FACTOR_KEY="")
    assert (keyless.exit_code, "switchback factors new-key" in keyless.stderr) == (1, True)
    wrong = switchback(*enrol, SWITCHBACK_FACTOR_KEY="hunter2")
    assert (wrong.exit_code, "hunter2" in wrong.output) == (2, False)
    made = switchback("new-key").stdout.strip()
    assert switchback(*enrol, SWITCHBACK_FACTOR_KEY=made).exit_code == 0


def test_the_doctor_says_when_a_playbook_asks_for_codes_and_there_is_no_key(
    switchback: Switchback, tmp_path: Path
) -> None:
    ledger = Ledger(tmp_path / "playbooks", quorum=1)
    looked = {"SWITCHBACK_PLAYBOOKS": str(ledger.playbooks), "SLACK_BOT_TOKEN": ""}

    def told(**changes: str) -> str:
        lines = switchback("doctor", **looked, **changes).stdout.splitlines()
        return next(line for line in lines if "second factors" in line)

    assert told(SWITCHBACK_FACTOR_KEY="") == "✅ second factors: no playbook asks for one"
    ledger.edit("quorum: 1}", "quorum: 1, second_factor: true}")
    assert told() == "✅ second factors: SWITCHBACK_FACTOR_KEY is set, for ledger"
    assert "❌ second factors: ledger: a second factor is asked for" in told(SWITCHBACK_FACTOR_KEY="")
    assert "SWITCHBACK_FACTOR_KEY is not a key" in told(SWITCHBACK_FACTOR_KEY="x")
