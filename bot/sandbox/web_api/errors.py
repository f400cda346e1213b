"""Errors of the Web API, by Slack's codes."""

from bot.sandbox.json_values import Json, JsonObject


class ApiError(Exception):
    """A call that fails. `retry_after` in seconds makes it HTTP 429."""

    def __init__(
        self,
        code: str,
        *,
        messages: tuple[str, ...] = (),
        retry_after: int | None = None,
        details: JsonObject | None = None,
    ) -> None:
        super().__init__(code, *messages)
        self.code = code
        self.messages = messages
        self.retry_after = retry_after
        self.details = details or {}

    def as_object(self) -> JsonObject:
        """The response's body."""
        body: JsonObject = {"ok": False, "error": self.code, **self.details}
        if self.messages:
            messages: Json = list(self.messages)
            body["errors"] = messages
            body["response_metadata"] = {"messages": messages}
        return body
