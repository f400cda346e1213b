"""A YAML text as data and positions. Reads plain values only, and only a mapping at the top."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node
from ruamel.yaml.reader import ReaderError

from bot.domain.errors import Finding
from bot.playbooks.positions import Path, Position, Positions
from bot.playbooks.yaml_nodes import MOST_LEVELS, NodeReader, YamlValue, position_of

_BEYOND_UNICODE = re.compile(r"\\U(?!0010|000)[0-9a-fA-F]{8}")


@dataclass(frozen=True)
class YamlDocument:
    """What a file says. `data` is None when it could not be read; `findings` say what is wrong."""

    file: str
    data: dict[str, YamlValue] | None
    positions: Positions = field(default_factory=Positions)
    findings: tuple[Finding, ...] = ()


def read_yaml(content: bytes, *, file: str, is_json: Callable[[Path], bool]) -> YamlDocument:
    """The document of a file's bytes.

    Fractions are Decimals; where `is_json` says so of a path, they are floats of the same digits.
    """
    try:
        text = content.decode("utf-8-sig")
        root = _composed(text)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", errors="replace")
        return _unreadable(file, _end_of(before), "this byte is not UTF-8; save the file as UTF-8")
    except _NotYamlError as error:
        return _unreadable(file, error.position, str(error))
    if not isinstance(root, MappingNode):
        place = position_of(root.start_mark) if root else Position(1, 1)
        return _unreadable(file, place, "a playbook is a mapping of keys, such as migration: ledger")
    reader = NodeReader(file=file, is_json=is_json)
    data = reader.mapping(root)
    return YamlDocument(file=file, data=data, positions=reader.positions, findings=tuple(reader.findings))


class _NotYamlError(Exception):
    """The text is not YAML, from this position on."""

    def __init__(self, position: Position, problem: str) -> None:
        super().__init__(problem)
        self.position = position


def _composed(text: str) -> Node | None:
    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = MOST_LEVELS
    yaml.composer.warn_double_anchors = False
    try:
        root: Node | None = yaml.compose(text)
    except ReaderError as error:
        message = f"the character U+{ord(text[error.position]):04X} is not allowed in YAML"
        raise _NotYamlError(_end_of(text[: error.position]), message) from None
    except MaxDepthExceededError as error:
        message = f"more than {MOST_LEVELS} levels deep"
        raise _NotYamlError(position_of(error.problem_mark), message) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _NotYamlError(position_of(mark) if mark else Position(1, 1), _syntax(error)) from None
    except ValueError as error:
        # ruamel turns "\\U00110000", which is beyond Unicode, into a character without a check
        beyond = _BEYOND_UNICODE.search(text)
        if beyond is None:
            raise
        message = "not YAML: this escape is beyond the last character of Unicode"
        raise _NotYamlError(_end_of(text[: beyond.start()]), message) from error
    return root


def _syntax(error: MarkedYAMLError) -> str:
    problem = str(error.problem or error.context or "something is wrong here")
    if "'\\t'" in problem:
        return "not YAML: a tab cannot indent; use spaces"
    context = f" ({error.context})" if error.context and error.problem else ""
    return f"not YAML: {problem}{context}"


def _end_of(before: str) -> Position:
    return Position(before.count("\n") + 1, len(before) - before.rfind("\n"))


def _unreadable(file: str, place: Position, message: str) -> YamlDocument:
    finding = Finding(file=file, line=place.line, column=place.column, message=message)
    return YamlDocument(file=file, data=None, findings=(finding,))
