"""Answers straight from the wire models, or from their members where there are many rows."""

from collections.abc import Mapping

from pydantic_core import to_json
from starlette.responses import Response

from bot.biotime.wire.envelope import Wire

Members = Mapping[str, object]
"""What a wire model would hold, by its names and in its order: of a row of a long list making the model first is most
of the work. That each is its model's to the letter is tested (`test_rows`)."""

Shown = Wire | Members


def answer(body: Shown, status: int = 200) -> Response:
    return answer_json(write_json(body), status)


def answer_json(text: str | bytes, status: int = 200) -> Response:
    return Response(text, status, media_type="application/json")


def write_json(body: Shown) -> bytes:
    if isinstance(body, Wire):
        return body.model_dump_json().encode()
    return to_json(body, inf_nan_mode="null")
