"""The sender in a public channel that the bot is not in: it may post there, and has to join to look."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.sandbox.server import RunningWorkspace, running_workspace
from bot.sandbox.settings import WorkspaceSettings
from bot.slack.posting import Hidden, Posting
from bot.slack.views.repeat import NOTE
from tests.fakes.clock import FakeClock
from tests.integration.slack.conftest import MANIFEST, Post, WorkspaceClock

# Without either the bot cannot read a public channel that nobody invited it to.
READING = ["channels:join", "channels:history"]


@pytest.fixture
def withheld() -> str | None:
    """A scope of the manifest that was not granted."""
    return None


@pytest.fixture
async def workspace(
    clock: FakeClock, tmp_path: Path, withheld: str | None
) -> AsyncIterator[RunningWorkspace]:
    """A workspace whose channels the bot is not in."""
    manifest = tmp_path / "manifest.yml"
    scopes = MANIFEST.read_text(encoding="utf-8")
    manifest.write_text(scopes.replace(f"      - {withheld}\n", ""), encoding="utf-8")
    settings = WorkspaceSettings(port=0, manifest_path=manifest)
    async with running_workspace(settings, clock=WorkspaceClock(clock)) as running:
        yield running


def texts(post: Post) -> list[object]:
    """What stands in the channel, replies included, as only the workspace itself can tell."""
    return [message.body["text"] for message in post.workspace.workspace.messages.posted("C0INCIDENTS")]


async def test_the_bot_stays_outside_while_it_only_posts(post: Post) -> None:
    await post.show("the incident")
    await post.tell("one")
    await post.deliver()
    await post.show("later")
    await post.deliver()
    assert texts(post) == ["later", "Sam: one"]
    assert {call["method"] for call in await post.calls()} == {"chat.postMessage", "chat.update"}


async def test_the_bot_joins_a_channel_to_put_a_file_in(post: Post) -> None:
    await post.send_file(channel="#incidents")
    await post.deliver()
    assert texts(post) == ["1 row differs"]
    assert len(await post.calls("conversations.join")) == 1


@pytest.mark.parametrize("withheld", ["channels:join"])
async def test_a_file_for_a_channel_that_the_bot_may_not_join_is_told_of_there(post: Post) -> None:
    await post.send_file(channel="#incidents")
    await post.deliver()
    (text,) = texts(post)
    assert "(missing_scope)" in str(text)


async def test_a_message_whose_answer_was_lost_is_found_after_joining(post: Post) -> None:
    await post.say("once", "after it")
    await post.fail_next("drop_after")
    await post.deliver()
    post.clock.advance(60)
    await post.deliver()
    assert texts(post) == ["once", "after it"]
    assert await post.statuses() == ["sent", "sent"]
    assert [call["ok"] for call in await post.calls("conversations.join")] == [True]


async def test_a_line_in_a_thread_whose_answer_was_lost_is_found_after_joining(post: Post) -> None:
    await post.show("the incident")
    await post.deliver()
    await post.tell("one")
    await post.fail_next("drop_after")
    await post.deliver()
    post.clock.advance(60)
    await post.deliver()
    assert texts(post) == ["the incident", "Sam: one"]
    assert len(await post.calls("conversations.replies")) == 2


async def test_a_message_that_never_arrived_is_posted_after_joining_without_a_word(post: Post) -> None:
    await post.say("once")
    await post.fail_next("500")
    await post.deliver()
    post.clock.advance(60)
    await post.deliver()
    assert texts(post) == ["once"]


async def test_while_joining_fails_for_a_moment_nothing_is_posted_again(post: Post) -> None:
    await post.say("once")
    await post.fail_next("drop_after")
    await post.deliver()
    for mode in ("500", "429"):
        await post.fail_next(mode, method="conversations.join")
        post.clock.advance(60)
        await post.deliver()
        assert await post.statuses() == ["pending"]
    post.clock.advance(60)
    await post.deliver()
    assert texts(post) == ["once"]
    assert await post.statuses() == ["sent"]


@pytest.mark.parametrize("withheld", READING)
async def test_a_message_that_cannot_be_looked_up_is_sent_again_and_says_so(post: Post) -> None:
    await post.say("once", "after it")
    await post.fail_next("drop_after")
    await post.deliver()
    post.clock.advance(60)
    with capture_logs() as logs:
        await post.deliver()
    assert texts(post) == ["once", f"once\n{NOTE}", "after it"]
    _, again, _ = post.workspace.workspace.messages.posted("C0INCIDENTS")
    assert NOTE in str(again.body["blocks"])
    assert await post.statuses() == ["sent", "sent"]
    (warned,) = [entry for entry in logs if entry["event"] == "sender.repeats"]
    assert (warned["channel"], warned["problem"]) == ("#incidents", "missing_scope")


@pytest.mark.parametrize("withheld", READING)
async def test_a_live_message_that_was_sent_again_is_kept_current_without_the_note(post: Post) -> None:
    await post.show("first")
    await post.fail_next("drop_after")
    await post.deliver()
    post.clock.advance(60)
    await post.deliver()
    await post.show("second")
    await post.deliver()
    assert texts(post) == ["first", "second"]
    _, live = post.workspace.workspace.messages.posted("C0INCIDENTS")
    assert NOTE not in str(live.body)


@pytest.mark.parametrize("withheld", READING)
async def test_repeats_whose_answers_are_lost_too_are_five_minutes_apart(post: Post) -> None:
    await post.say("once")
    await post.fail_next("drop_after", count=2)
    await post.deliver()
    post.clock.advance(60)
    await post.deliver()
    post.clock.advance(299)
    await post.deliver()
    assert len(texts(post)) == 2
    post.clock.advance(1)
    await post.deliver()
    assert texts(post) == ["once", f"once\n{NOTE}", f"once\n{NOTE}"]
    assert await post.statuses() == ["sent"]


@pytest.mark.parametrize("withheld", READING)
async def test_a_repeat_that_slack_refused_is_tried_again_as_soon_as_slack_says(post: Post) -> None:
    await post.say("once")
    await post.fail_next("drop_after")
    await post.fail_next("429")
    await post.deliver()
    post.clock.advance(60)
    await post.deliver()
    post.clock.advance(1)
    await post.deliver()
    assert texts(post) == ["once", f"once\n{NOTE}"]


async def test_a_channel_that_is_not_among_the_public_ones_cannot_be_looked_into(post: Post) -> None:
    found = await Posting(post.client).find(channel="#elsewhere", thread_ts=None, mark="x#1", oldest=0)
    assert found == Hidden("not one of the public channels")
