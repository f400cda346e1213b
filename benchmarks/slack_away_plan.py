"""The plan of a run that outlasts Slack's absence: short steps that wait, and between them posts."""

from pathlib import Path

from pydantic import JsonValue

from benchmarks.run_playbook import write_playbook

PLAN = "long"
STEP_SECONDS = 1.2
STEPS_A_POST = 10
_SLEEP = "/bin/sleep"


def write_plan(playbooks: Path, *, steps: int) -> list[str]:
    """Write the playbook, whose run takes 1.2 s a step; the texts that its run posts in the channel."""
    posts: list[str] = []
    written: list[JsonValue] = []
    for number in range(1, steps + 1):
        written.append(
            {
                "id": f"wait-{number:03}",
                "title": f"Wait {number:03}",
                "uses": "exec",
                "with": {"argv": [_SLEEP, str(STEP_SECONDS)]},
                "budget": "10s",
            }
        )
        if number % STEPS_A_POST == 0:
            posts.append(f"So far {number:03} steps are done")
            parameters: JsonValue = {"channel": "#incidents", "text": posts[-1]}
            told: JsonValue = {
                "id": f"tell-{number:03}",
                "title": f"Tell of {number:03}",
                "uses": "message",
                "with": parameters,
                "budget": "10s",
            }
            written.append(told)
    stage: JsonValue = {"id": "all", "title": "All", "budget": "1h", "steps": written}
    write_playbook(playbooks, environments=(), plans={PLAN: [stage]})
    return posts
