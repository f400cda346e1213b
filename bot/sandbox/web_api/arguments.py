"""The arguments of a call, from a query, a form or a JSON body."""

from aiohttp import web

from bot.sandbox.json_values import Json, JsonObject, as_object, parse
from bot.sandbox.web_api.errors import ApiError


class Arguments:
    """Reads arguments. A form's values are strings, so structures may be JSON in a string."""

    def __init__(self, values: JsonObject) -> None:
        self.values = values

    def text(self, name: str) -> str | None:
        """A string, or None where there is none."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, (str, int, float)):
            return str(value)
        raise ApiError("invalid_arguments", messages=(f"[ERROR] must be a string: {name}",))

    def required(self, name: str) -> str:
        """A string that has to be there."""
        value = self.text(name)
        if value is None:
            raise ApiError("invalid_arguments", messages=(f"[ERROR] missing required field: {name}",))
        return value

    def flag(self, name: str) -> bool:
        """A boolean, false where there is none."""
        return self.values.get(name) in (True, 1, "true", "True", "1")

    def number(self, name: str, *, default: int, most: int) -> int:
        """A whole number from 1 to `most`."""
        text = self.text(name) or str(default)
        if not text.isdigit() or not 1 <= int(text) <= most:
            raise ApiError("invalid_limit" if name == "limit" else "invalid_arguments")
        return int(text)

    def structure(self, name: str, *, error: str = "invalid_arguments") -> Json:
        """A JSON value, given as such or as a string of JSON."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return parse(value)
        except ValueError as problem:
            raise ApiError(error, messages=(f"[ERROR] {name} is not JSON: {problem}",)) from None


async def read_arguments(request: web.Request) -> Arguments:
    """The arguments of a request. Raises ApiError for a body that is not what it says."""
    values: JsonObject = dict(request.query)
    if request.method == "POST":
        if request.content_type == "application/json":
            try:
                values |= as_object(parse(await request.text() or "{}"))
            except ValueError:
                raise ApiError("invalid_json") from None
        else:
            form = await request.post()
            values |= {name: value for name, value in form.items() if isinstance(value, str)}
    return Arguments(values)
