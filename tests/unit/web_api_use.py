"""Which methods of Slack's Web API the bot's source calls, found by reading it."""

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from slack_sdk.web import async_client

ROOT = Path(__file__).parents[2]
_SANDBOX = ROOT / "bot" / "sandbox"


def sources() -> list[Path]:
    """Every module that may speak to Slack: the local workspace is not the bot."""
    found = [path for folder in ("bot", "handlers", "actions") for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if not path.is_relative_to(_SANDBOX))


@cache
def methods_of_the_sdk() -> dict[str, str]:
    """The client's functions and the Web API method that each calls."""
    tree = ast.parse(inspect.getsource(async_client))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef)]
    called = {function.name: set(_api_calls(function)) for function in functions}
    return {name: methods.pop() for name, methods in called.items() if len(methods) == 1}


def _api_calls(function: ast.AsyncFunctionDef) -> Iterator[str]:
    for call in ast.walk(function):
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr == "api_call"
        ):
            method = _text(call.args[0])
            if method is not None:
                yield method


def methods_called(source: str) -> set[str]:
    """The methods in a module: `client.chat_update(…)`, or the name of a method as a text."""
    known = methods_of_the_sdk()
    return {method for node in ast.walk(ast.parse(source)) for method in _methods(node, known)}


def _methods(node: ast.AST, known: dict[str, str]) -> Iterator[str]:
    if isinstance(node, ast.Attribute) and node.attr in known and _name(node.value).endswith("client"):
        yield known[node.attr]
    text = _text(node)
    if text is not None and text in known.values():
        yield text


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _text(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
