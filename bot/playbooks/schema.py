"""The JSON Schema of a playbook, for editors and for `switchback lint --schema`."""

from collections.abc import Mapping

from pydantic import BaseModel, JsonValue
from pydantic.json_schema import models_json_schema

from bot.domain.playbook.document import Playbook
from bot.domain.playbook.plans import Step
from bot.playbooks.schema_generator import JsonSchema, PlaybookSchemaGenerator
from bot.ports.action import Parameters

_DESCRIPTION = "A Switchback playbook: one migration from a legacy system to a new one."
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def playbook_schema(step_kinds: Mapping[str, type[Parameters]]) -> JsonSchema:
    """The schema (draft 2020-12) of a playbook whose steps may be of these kinds.

    A step's `uses` chooses the schema of its `with`. What one part names in another is checked by the
    loader alone.
    """
    roots: list[type[BaseModel]] = [Playbook, Step, *step_kinds.values()]
    references, schema = models_json_schema(
        [(model, "validation") for model in dict.fromkeys(roots)], schema_generator=PlaybookSchemaGenerator
    )
    definitions: dict[str, dict[str, JsonValue]] = schema["$defs"]
    step = definitions[_name(references[(Step, "validation")])]
    step["allOf"] = [
        _with_of(kind, references[(model, "validation")], definitions)
        for kind, model in sorted(step_kinds.items())
    ]
    properties = step["properties"]
    if isinstance(properties, dict):
        properties["uses"] = {"enum": [*sorted(step_kinds)], "description": "the kind of step"}
    playbook = definitions.pop(_name(references[(Playbook, "validation")]))
    return {"$schema": _DIALECT, **playbook, "description": _DESCRIPTION, "$defs": {**definitions}}


def _with_of(
    kind: str, reference: Mapping[str, JsonValue], definitions: Mapping[str, Mapping[str, JsonValue]]
) -> JsonValue:
    """If a step uses this kind, then its parameters are these."""
    needs_some = "required" in definitions[_name(reference)]
    return {
        "if": {"properties": {"uses": {"const": kind}}, "required": ["uses"]},
        "then": {"properties": {"with": {**reference}}, "required": ["with"] if needs_some else []},
    }


def _name(reference: Mapping[str, JsonValue]) -> str:
    return str(reference["$ref"]).rpartition("/")[2]
