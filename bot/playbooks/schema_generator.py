"""How pydantic's models become JSON Schema, where what is written differs from what is held."""

from collections.abc import Mapping

from pydantic import JsonValue
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from bot.domain.quantities import Limit

JsonSchema = Mapping[str, JsonValue]


class PlaybookSchemaGenerator(GenerateJsonSchema):
    """A schema of what people write, which is not always what the models hold."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """A model as a mapping; a limit is one word, such as 5%."""
        if schema["cls"] is Limit:
            return {
                "description": "a number such as 3, 5% or 0.5pp",
                "type": ["string", "number"],
                "pattern": r"^\s*[-+]?[0-9.]+([eE][-+]?[0-9]+)?\s*(pp|%)?\s*$",
            }
        return super().model_schema(schema)

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Any keys whose names fit; what a name is like is said once, and not as a pattern of properties."""
        names = self.generate_inner(schema["keys_schema"]) if "keys_schema" in schema else {}
        values = self.generate_inner(schema["values_schema"]) if "values_schema" in schema else {}
        written: JsonSchemaValue = {
            "type": "object",
            "propertyNames": {**names},
            "additionalProperties": {**values},
        }
        self.update_with_validations(written, schema, self.ValidationsMapping.object)
        return written

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """What a validator takes before the type does is anything, unless it says what."""
        written = super().function_before_schema(schema)
        return written if "json_schema_input_schema" in schema else {"anyOf": [written, {}]}

    def handle_invalid_for_json_schema(
        self, schema: core_schema.CoreSchema, error_info: str
    ) -> JsonSchemaValue:
        """What JSON Schema cannot say is anything; the loader still checks it."""
        return {"$comment": f"{schema['type']}: {error_info}"}
