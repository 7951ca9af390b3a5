"""What the answers have in common: the base of all models, the two list envelopes, the bodies of refusals."""

from typing import Generic, TypeVar

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, JsonValue

Identifier = str | int
"""A BioTime id: a UUID as text in the `cloud` dialect, an integer in `onprem`. Dumped as it was read."""

Messages = list[str] | str
"""`message` of the mobile API: a list in the manual, tolerated as one text."""


class Wire(BaseModel):
    """Base of every wire model."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        coerce_numbers_to_str=True,
        # A validation error would otherwise print passwords, tokens and places into the log.
        hide_input_in_errors=True,
    )


Row = TypeVar("Row")


class MobileList(Wire, Generic[Row]):
    """A page of the mobile API (manual 6.3, 6.4, 6.8)."""

    count: int
    next: str | None = None
    previous: str | None = None
    results: list[Row]
    status_code: int = 200
    message: Messages = Field(default_factory=list)


class WebList(Wire, Generic[Row]):
    """A page of the web API (manual 4 and later) and of the mobile time cards (6.7). `results` is read for `data`."""

    count: int
    next: str | None = None
    previous: str | None = None
    msg: str = ""
    code: int = 0
    data: list[Row] = Field(validation_alias=AliasChoices("data", "results"))


class EmptyWebList(Wire):
    """A page of a list in which there is nothing at all (manual 3.1): it has `results`, too."""

    count: int = 0
    next: None = None
    previous: None = None
    msg: str = ""
    code: int = 0
    results: list[JsonValue] = Field(default_factory=list)
    data: list[JsonValue] = Field(default_factory=list)


class Detail(Wire):
    """The body of 401, 403, 404, 405 and 429 (wire notes, "Errors")."""

    detail: str


def read_reasons(body: JsonValue) -> tuple[str, ...]:
    """The sentences of a refusal, whatever its shape: `{"detail": …}`, `{field: […]}`, `{"message": […]}` or text.

    A field's name goes in front of its sentence, as words (`punch_time` → "Punch time"), unless it is no field's or the
    sentence begins with it.
    """
    if isinstance(body, str):
        return (body,)
    if isinstance(body, list):
        return tuple(reason for part in body for reason in read_reasons(part))
    if not isinstance(body, dict):
        return ()
    return tuple(_say_whose(name, reason) for name, part in body.items() for reason in read_reasons(part))


def _say_whose(name: str, reason: str) -> str:
    words = name.replace("_", " ").capitalize()
    is_said = name in _NOT_FIELDS or reason.casefold().startswith(words.casefold())
    return reason if is_said else f"{words}: {reason}"


_NOT_FIELDS = {"detail", "message", "msg", "non_field_errors"}
