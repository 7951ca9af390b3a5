"""Answers straight from the wire models, without another pass over them."""

from starlette.responses import Response

from bot.biotime.wire.envelope import Wire


def answer(body: Wire, status: int = 200) -> Response:
    return answer_json(body.model_dump_json(), status)


def answer_json(text: str, status: int = 200) -> Response:
    return Response(text, status, media_type="application/json")
