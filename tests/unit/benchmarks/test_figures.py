"""What a benchmark concludes from its figures, and how it draws them from latencies."""

import json
from pathlib import Path

import pytest

from benchmarks import figures
from benchmarks.signed_load import percentile, signed


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(figures, "BUILD", tmp_path / "build")
    return tmp_path / "build"


@pytest.mark.parametrize(("ratio", "holds", "status"), [(1.3, True, 0), (1.31, False, 1)])
def test_figures_hold_when_each_is_as_wanted_its_limit_included(
    build: Path, ratio: float, holds: bool, status: int
) -> None:
    measured = {"ratio": ratio, "other_ms": 7.12345}
    assert status == figures.conclude(
        "bench-x",
        figures=measured,
        wanted={"ratio": "<= 1.3"},
        measured_with={"rounds": 3},
        packages=["aiohttp"],
    )
    written = json.loads((build / "bench-x.json").read_text())
    assert written["figures"] == {"ratio": ratio, "other_ms": 7.123}
    assert written["wanted"] == {"ratio": "<= 1.3"}
    assert written["holds"] is holds
    assert written["measured_with"]["rounds"] == 3
    assert {"python", "sqlite", "aiohttp"} <= set(written["measured_with"]["versions"])


def test_a_wanted_figure_that_was_not_measured_is_an_error(build: Path) -> None:
    with pytest.raises(KeyError):
        figures.conclude("bench-x", figures={}, wanted={"ratio": "<= 1"}, measured_with={}, packages=[])
    assert not build.exists()


def test_a_percentile_is_one_of_the_measured_values() -> None:
    values = [float(number) for number in range(250, 0, -1)]
    assert (percentile(values, 50), percentile(values, 99), percentile(values, 100)) == (125, 248, 250)


def test_a_request_is_signed_as_slack_describes_it() -> None:
    # The example of https://docs.slack.dev/authentication/verifying-requests-from-slack
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
        b"%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    headers = signed(body, secret="8f742231b10e8888abcd99yyyzzz85a5", at=1531420618)
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert headers["X-Slack-Signature"] == expected
