"""What a model knows and expects at a place: its keys, and its values in words."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from pydantic import BaseModel, JsonValue

from bot.playbooks.positions import Path
from bot.playbooks.schema_generator import JsonSchema, PlaybookSchemaGenerator

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}
_MOST_KEYS = 6


class Shape:
    """A model's JSON Schema, asked by path."""

    def __init__(self, schema: JsonSchema) -> None:
        self._root = schema
        definitions = schema.get("$defs")
        self._definitions = definitions if isinstance(definitions, dict) else {}

    @staticmethod
    @lru_cache(maxsize=256)
    def of(model: type[BaseModel]) -> "Shape":
        """The shape of a model."""
        return Shape(model.model_json_schema(schema_generator=PlaybookSchemaGenerator))

    def keys(self, path: Path) -> list[str]:
        """The keys that a mapping at that path may have; none when any name will do."""
        return list(dict.fromkeys(key for part in self._at(path) for key in _mapping(part, "properties")))

    def choices(self, path: Path) -> list[str]:
        """The words of which a value at that path is one; none when it is not of a list."""
        return [word for part in self._at(path) for word in _words(part)]

    def expected(self, path: Path) -> str:
        """The values that are taken at that path, in words; empty when anything is."""
        known = [part for part in self._at(path) if part.get("type") != "null"]
        phrases = sorted({phrase: None for part in known for phrase in _phrases(part)}, key=_is_mapping)
        return one_of(phrases) if phrases else ""

    def expected_name(self, path: Path) -> str:
        """The names that the key at the end of that path may have, in words; empty when any will do."""
        names = [_mapping(part, "propertyNames") for part in self._at(path[:-1])]
        return one_of(phrases) if (phrases := [phrase for part in names for phrase in _phrases(part)]) else ""

    def takes_text(self, path: Path) -> bool:
        """Whether a text may stand at that path."""
        return any("string" in _types(part) for part in self._at(path))

    def _at(self, path: Path) -> list[JsonSchema]:
        parts = list(self._expanded(self._root))
        for item in path:
            inner = [child for part in parts for child in _children(part, item)]
            parts = [expanded for child in inner for expanded in self._expanded(child)]
        return parts

    def _expanded(self, schema: JsonSchema) -> Iterator[JsonSchema]:
        """The schema without references and choices."""
        reference, choices = schema.get("$ref"), schema.get("anyOf", schema.get("oneOf"))
        if isinstance(reference, str):
            target = self._definitions.get(reference.rpartition("/")[2])
            if isinstance(target, dict):
                yield from self._expanded(target)
        elif isinstance(choices, list):
            for choice in choices:
                if isinstance(choice, dict):
                    yield from self._expanded(choice)
        else:
            yield schema


def one_of(phrases: Iterable[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    *most, last = phrases
    return f"{', '.join(most)} or {last}" if most else last


def _is_mapping(phrase: str) -> bool:
    """Phrases of mappings list their keys, and come last to be read without doubt."""
    return phrase.startswith(_TYPES["object"])


def _children(schema: JsonSchema, item: str | int) -> Iterator[JsonSchema]:
    if isinstance(item, int):
        candidate = schema.get("items")
    else:
        candidate = _mapping(schema, "properties").get(item, schema.get("additionalProperties"))
    if isinstance(candidate, dict):
        yield candidate


def _phrases(schema: JsonSchema) -> list[str]:
    words, keys, described = _words(schema), list(_mapping(schema, "properties")), schema.get("description")
    if words:
        return words
    if keys:
        return [f"a mapping with {', '.join(keys)}" if len(keys) <= _MOST_KEYS else "a mapping"]
    if isinstance(described, str) and "string" in _types(schema):
        return [described]
    return [_TYPES[name] for name in _types(schema)]


def _words(schema: JsonSchema) -> list[str]:
    listed = schema.get("enum")
    choices = listed if isinstance(listed, list) else [schema["const"]] if "const" in schema else []
    return [str(choice) for choice in choices]


def _types(schema: JsonSchema) -> list[str]:
    types = schema.get("type")
    return [str(one) for one in types] if isinstance(types, list) else [str(types)] if types else []


def _mapping(schema: JsonSchema, key: str) -> Mapping[str, JsonValue]:
    value = schema.get(key)
    return value if isinstance(value, dict) else {}
