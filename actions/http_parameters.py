"""The parameters of the `http` adapter."""

import json
from typing import Annotated, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, StringConstraints, model_validator

from actions.http_expectation import Expectation
from actions.redaction import names
from bot.domain.playbook.part import FromEnvironment
from bot.domain.quantities import Duration

_HARMLESS = frozenset({"GET", "HEAD"})
_REPEATABLE = _HARMLESS | {"PUT", "DELETE"}


def check_url(url: str) -> str:
    """The URL, when it is http or https, has a host, and holds no user or password; else ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("a URL begins with http:// or https:// and names a host")
    if "@" in parts.netloc:
        raise ValueError(
            "a user or password does not belong in a URL; use bearer, or a header from a setting"
        )
    return url


Url = Annotated[str, AfterValidator(check_url)]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")]
HeaderText = Annotated[str, StringConstraints(pattern=r"^[^\r\n\x00]*$")]


class Call(Expectation):
    """Where a request goes, what it carries beside its body, and the answer it expects.

    `bearer` names the setting with the token of an Authorization header.
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    url: Url | FromEnvironment
    headers: dict[HeaderName, HeaderText | FromEnvironment] = Field(default_factory=dict)
    bearer: FromEnvironment | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The settings it refers to."""
        return names(self.url, *self.headers.values(), self.bearer)

    @model_validator(mode="after")
    def _one_authorization(self) -> Self:
        if self.bearer and any(name.lower() == "authorization" for name in self.headers):
            raise ValueError("bearer and an Authorization header are the same thing; give one of them")
        return self


class HttpProbe(Call):
    """A GET whose answer tells whether the step has been done: as expected is yes.

    Without headers of its own it carries those of the request when it goes to the same server.
    """


class HttpParameters(Call):
    """A request. GET, HEAD, PUT and DELETE count as idempotent unless `idempotent` says otherwise."""

    open_to_inputs: ClassVar[frozenset[str]] = frozenset({"json", "headers"})

    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
    json_: JsonValue = Field(default=None, alias="json")
    text: str | None = None
    timeout: Duration | None = None
    idempotent: bool | None = None
    probe: HttpProbe | None = None

    @property
    def is_idempotent(self) -> bool:
        """Whether sending it twice is the same as sending it once."""
        return self.method in _REPEATABLE if self.idempotent is None else self.idempotent

    @property
    def is_harmless(self) -> bool:
        """Whether it only reads, by its method."""
        return self.method in _HARMLESS

    @property
    def body(self) -> str | None:
        """What is sent, or None."""
        return json.dumps(self.json_, ensure_ascii=False) if "json_" in self.model_fields_set else self.text

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if "json_" in self.model_fields_set and self.text is not None:
            raise ValueError("a request has one body: json or text")
        if self.is_harmless and self.body is not None:
            raise ValueError(f"{self.method} carries no body")
        return self
