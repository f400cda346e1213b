"""The nodes of a YAML text as plain values, with the position of each key and value."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Protocol

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.domain.errors import Finding
from bot.playbooks.positions import Path, Position, Positions
from bot.playbooks.scalars import Scalar, json_number, resolve

YamlValue = Scalar | list["YamlValue"] | dict[str, "YamlValue"]

MOST_LEVELS = 50
"""Of nesting. A playbook has about ten; the limit keeps recursion bounded."""
MOST_VALUES = 100_000
"""In a document with its anchors written out: a few lines of anchors could stand for billions."""

_CORE = "tag:yaml.org,2002:"
_TEXT = f"{_CORE}str"
_UNQUOTED = frozenset(
    f"{_CORE}{name}" for name in ("bool", "int", "float", "null", "timestamp", "merge", "value")
)
_MERGE = "<<"


class Mark(Protocol):
    """A place in a text, counting from 0."""

    line: int
    column: int


def position_of(mark: Mark) -> Position:
    """The position, counting from 1."""
    return Position(mark.line + 1, mark.column + 1)


class NodeReader:
    """Reads one document. What cannot be taken is left out, and is a finding."""

    def __init__(self, *, file: str, is_json: Callable[[Path], bool]) -> None:
        self.findings: list[Finding] = []
        self.positions = Positions()
        self._file = file
        self._is_json = is_json
        self._open: set[int] = set()
        self._values = 0

    def mapping(self, node: MappingNode, path: Path = ()) -> dict[str, YamlValue]:
        """The mapping of a node; its keys are text, each once."""
        self.positions.values.setdefault(path, position_of(node.start_mark))
        data: dict[str, YamlValue] = {}
        for key, key_node, value_node in self._pairs(node):
            inside = (*path, key)
            self.positions.keys[inside] = position_of(key_node.start_mark)
            data[key] = self._value(value_node, inside)
        return data

    def _value(self, node: Node, path: Path) -> YamlValue:
        self.positions.values[path] = position_of(node.start_mark)
        self._values += 1
        if self._values > MOST_VALUES:
            if self._values == MOST_VALUES + 1:
                self._find(node, f"more than {MOST_VALUES:,} values, with anchors written out")
            return None
        if len(path) > MOST_LEVELS:
            self._find(node, f"more than {MOST_LEVELS} levels deep")
            return None
        if id(node) in self._open:
            self._find(node, "this anchor contains itself")
            return None
        self._open.add(id(node))
        try:
            return self._read(node, path)
        finally:
            self._open.discard(id(node))

    def _read(self, node: Node, path: Path) -> YamlValue:
        match node:
            case MappingNode() if node.tag == f"{_CORE}map":
                return self.mapping(node, path)
            case SequenceNode() if node.tag == f"{_CORE}seq":
                return [self._value(item, (*path, index)) for index, item in enumerate(node.value)]
            case ScalarNode():
                return self._scalar(node, is_json=self._is_json(path))
        self._refuse_tag(node)
        return None

    def _scalar(self, node: ScalarNode, *, is_json: bool) -> Scalar:
        text = str(node.value)
        if any("\ud800" <= character <= "\udfff" for character in text):
            self._find(node, "half of a surrogate pair is not a character")
            return None
        if node.tag == _TEXT:
            return text
        if node.tag not in _UNQUOTED or node.style is not None:
            self._refuse_tag(node)
            return None
        try:
            value = resolve(text)
            return json_number(value) if is_json and isinstance(value, Decimal) else value
        except ValueError as error:
            self._find(node, str(error))
            return None

    def _pairs(self, node: MappingNode) -> Iterator[tuple[str, ScalarNode, Node]]:
        """Keys and values of a mapping: its own first, then those that `<<` merges into it."""
        seen: dict[str, Position] = {}
        merges: list[tuple[Node, Node]] = []
        for key_node, value_node in node.value:
            if isinstance(key_node, ScalarNode) and key_node.value == _MERGE and key_node.style is None:
                merges.append((key_node, value_node))
                continue
            key = self._key(key_node)
            if key is None:
                continue
            if key in seen:
                first = seen[key]
                self._find(key_node, f"the key “{key}” is here twice; first in line {first.line}")
                continue
            seen[key] = position_of(key_node.start_mark)
            yield key, key_node, value_node
        for key_node, value_node in merges:
            for key, merged_key, merged_value in self._merged(key_node, value_node):
                if key not in seen:
                    seen[key] = position_of(merged_key.start_mark)
                    yield key, merged_key, merged_value

    def _merged(self, key_node: Node, value_node: Node) -> Iterator[tuple[str, ScalarNode, Node]]:
        sources = value_node.value if isinstance(value_node, SequenceNode) else [value_node]
        for source in sources:
            if not isinstance(source, MappingNode) or id(source) in self._open:
                self._find(key_node, "“<<” merges a mapping, or a list of mappings, into this one")
                continue
            self._open.add(id(source))
            try:
                yield from self._pairs(source)
            finally:
                self._open.discard(id(source))

    def _key(self, node: Node) -> str | None:
        if not isinstance(node, ScalarNode):
            self._find(node, "a key is text")
            return None
        before = len(self.findings)
        key = self._scalar(node, is_json=False)
        if isinstance(key, str):
            return key
        if len(self.findings) == before:
            self._find(node, f'a key is text; write it in quotes: "{node.value}"')
        return None

    def _refuse_tag(self, node: Node) -> None:
        tag = str(node.tag).replace(_CORE, "!!")
        self._find(node, f"the tag “{tag}” is not taken here: a playbook has plain values only")

    def _find(self, node: Node, message: str) -> None:
        place = position_of(node.start_mark)
        self.findings.append(Finding(file=self._file, line=place.line, column=place.column, message=message))
