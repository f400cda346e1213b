"""Where what a person types may stand in the parameters of the real adapters, and nowhere else."""

import pytest

from bot.app import step_kinds
from bot.engine.registry import ActionRegistry
from bot.playbooks.steps import step_problems
from bot.playbooks.yaml_nodes import YamlValue

TYPED = "{input.ticket}"
URL = "http://127.0.0.1:9/"
DATABASE = "sqlite:///a.db"
OPEN: list[tuple[str, dict[str, YamlValue]]] = [
    ("exec", {"argv": ["systemctl", "stop", TYPED]}),
    ("exec", {"argv": ["./close.py", f"--ticket={TYPED}"]}),
    ("http", {"method": "POST", "url": URL, "json": {"deep": [TYPED]}}),
    ("http", {"method": "POST", "url": URL, "headers": {"X-Ticket": TYPED}}),
    (
        "sql",
        {"url": "sqlite:///a.db", "statement": "DELETE FROM t WHERE id = :id", "parameters": {"id": TYPED}},
    ),
    ("file", {"write": {"path": "a.json", "json": {"ticket": TYPED}}}),
    ("manual", {"instructions": f"Close {TYPED}"}),
    ("message", {"channel": "#incidents", "text": f"Closed by {TYPED}"}),
]
CLOSED: list[tuple[str, dict[str, YamlValue], str]] = [
    ("exec", {"argv": [TYPED]}, "cannot choose the program"),
    ("exec", {"argv": ["sh", "-c", f"stop {TYPED}"]}, "sh may read an argument as code"),
    ("exec", {"argv": ["/usr/bin/env", "FOO=1", "/bin/bash", "-c", TYPED]}, "may read an argument as code"),
    ("exec", {"argv": ["timeout", "5", "bash", "-c", TYPED]}, "bash may read an argument as code"),
    ("exec", {"argv": ["ssh", "etl-1", "stop", TYPED]}, "ssh may read an argument as code"),
    ("exec", {"argv": ["python3.11", "-c", TYPED]}, "python3.11 may read an argument as code"),
    ("exec", {"argv": ["true"], "cwd": TYPED}, "may only stand in: argv"),
    ("exec", {"argv": ["true"], "env": {"TICKET": TYPED}}, "may only stand in: argv"),
    ("exec", {"argv": ["true"], "probe": {"argv": ["test", TYPED]}}, "may only stand in: argv"),
    ("http", {"method": "GET", "url": f"{URL}{TYPED}"}, "may only stand in: headers, json"),
    ("http", {"method": "POST", "url": URL, "text": TYPED}, "may only stand in: headers, json"),
    ("http", {"method": "GET", "url": URL, "probe": {"url": f"{URL}{TYPED}"}}, "may only stand in: headers"),
    ("sql", {"url": "sqlite:///a.db", "statement": f"DELETE FROM {TYPED}"}, "may only stand in: parameters"),
    ("file", {"write": {"path": "a.txt", "text": TYPED}}, "may only stand in: write.json"),
    ("file", {"present": {"path": TYPED}}, "may only stand in: write.json"),
    ("message", {"channel": TYPED, "text": "x"}, "may only stand in: text"),
    ("wait", {"duration": TYPED}, "may only stand in: no parameter of this kind"),
]


def told(uses: str, given: dict[str, YamlValue], **environments: YamlValue) -> list[str]:
    """What is wrong with one step, or with its undo."""
    steps: list[YamlValue] = [{"uses": uses, "with": given}]
    data: dict[str, YamlValue] = {
        "environments": environments,
        "plans": {"p": {"stages": [{"steps": steps}]}},
    }
    return [problem.message for problem in step_problems(data, step_kinds(ActionRegistry.installed()))]


@pytest.mark.parametrize(("uses", "given"), OPEN)
def test_an_input_may_stand_where_it_is_never_read_as_code(uses: str, given: dict[str, YamlValue]) -> None:
    assert told(uses, given) == []


@pytest.mark.parametrize(("uses", "given", "why"), CLOSED)
def test_an_input_may_stand_nowhere_else(uses: str, given: dict[str, YamlValue], why: str) -> None:
    assert [
        message
        for message in told(uses, given)
        if f"{TYPED} may not stand here" in message and why in message
    ]


def test_a_shell_that_only_an_environment_names_is_found_as_well() -> None:
    given: dict[str, YamlValue] = {"argv": ["{environment.program}", TYPED]}
    assert told("exec", given, production={"program": "/opt/close"}) == []
    (message,) = told("exec", given, production={"program": "/opt/close"}, staging={"program": "/bin/sh"})
    assert message.endswith(
        "sh may read an argument as code; run the program itself (in environment staging)"
    )


def test_parameters_are_checked_with_the_values_of_each_environment() -> None:
    given: dict[str, YamlValue] = {"method": "GET", "url": "{environment.new}/health"}
    assert told("http", given, production={"new": "http://a"}, staging={"new": "http://b"}) == []
    (message,) = told("http", given, production={"new": "http://a"}, staging={"new": "b"})
    assert message == "a URL begins with http:// or https:// and names a host (in environment staging)"
