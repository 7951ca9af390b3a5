"""The Bot API's HTTP entrance: /bot<token>/<method> and /file/bot<token>/<path>."""

import contextlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.call import Call, Context, Upload
from bot.playground.connections import break_connection
from bot.playground.errors import ApiError, Json, bad_request
from bot.playground.faults import Faults, LostConnection
from bot.playground.markup import Strict
from bot.playground.methods import METHODS, Method
from bot.playground.webhook import Webhook
from bot.playground.world import World

EMPTY = {"text": "message text is empty", "chat_id": "chat_id is empty", "photo": "there is no photo in the request"}


class BotApi:
    """Reads a request, applies faults, runs the method, and keeps a log of all calls but getUpdates."""

    def __init__(self, world: World, webhook: Webhook, faults: Faults) -> None:
        self._world = world
        self._webhook = webhook
        self._faults = faults
        self.calls: list[Call] = []
        self.busy = 0

    def routes(self) -> list[Route]:
        return [
            Route("/bot{token}/{method}", self.call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self.download),
        ]

    async def call(self, request: Request) -> Response:
        try:
            self._check_token(request)
            method = METHODS.get(request.path_params["method"].lower())
            if method is None:
                raise ApiError(404, "Not Found: method not found")
            given, uploads = await _parameters(request)
            result = await self._run(method, given, uploads)
        except ApiError as error:
            return _refusal(error)
        except LostConnection:
            return await break_connection(request)
        return _answer({"ok": True, "result": result})

    async def download(self, request: Request) -> Response:
        try:
            self._check_token(request)
        except ApiError as error:
            return _refusal(error)
        stored = self._world.files.at_path(request.path_params["path"])
        if stored is None:
            return _refusal(ApiError(404, "Not Found"))
        return Response(stored.data, media_type="application/octet-stream")

    def _check_token(self, request: Request) -> None:
        if not hmac.compare_digest(request.path_params["token"].encode(), self._world.token.encode()):
            raise ApiError(401, "Unauthorized")

    async def _run(self, method: Method, given: Json, uploads: Mapping[str, Upload]) -> Any:
        if method.name == "getUpdates":
            return await self._applied(method, given, uploads)
        self.busy += 1
        try:
            result = await self._applied(method, given, uploads)
        except ApiError as error:
            self._log(method, given, refused=error.description)
            raise
        finally:
            self.busy -= 1
            self._world.signal.ring()
        return result

    async def _applied(self, method: Method, given: Json, uploads: Mapping[str, Upload]) -> Any:
        lose_answer = await self._faults.before(method.name, _chat_id(given))
        params = _checked(method, given, uploads)
        result = await method.run(Context(self._world, self._webhook, uploads), params)
        if method.name != "getUpdates":
            self._log(method, params.model_dump(mode="json", exclude_unset=True), result=result)
        if lose_answer:
            raise LostConnection
        return result

    def _log(self, method: Method, params: Json, *, refused: str | None = None, result: Any = None) -> None:
        self.calls.append(Call(method.name, params, self._world.now(), refused, result))


def _answer(body: Json, code: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    # ASCII, as Telegram's: whatever waits for the bot, half a character among it, must not hold up the rest.
    return Response(json.dumps(body), code, headers, "application/json")


def _refusal(error: ApiError) -> Response:
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else {}
    return _answer(error.body(), error.code, headers)


async def _parameters(request: Request) -> tuple[Json, dict[str, Upload]]:
    """Parameters from the address and the body, files apart; a file sent under a parameter's own name is attached."""
    given: Json = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        return given | _json_object(await request.body()), {}
    uploads = {}
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                uploads[name] = Upload(value.filename or "file", await value.read())
            else:
                given[name] = value
    return given, uploads


def _json_object(body: bytes) -> Json:
    with contextlib.suppress(ValueError):
        if isinstance(decoded := json.loads(body or b"{}"), dict):
            return decoded
    raise bad_request("can't parse JSON object in the request body")


def _checked(method: Method, given: Json, uploads: Mapping[str, Upload]) -> Strict:
    """The method's parameters, or what Telegram (and, for an unknown one, only the playground) says."""
    members = dict(given)
    for name in uploads:
        if name in method.params.model_fields and name not in given:
            members[name] = f"attach://{name}"
        elif not any(f"attach://{name}" in str(value) for value in given.values()):
            raise bad_request(f'unknown parameter "{name}" of {method.name}')
    try:
        return method.params.model_validate(members)
    except ValidationError as errors:
        raise _explained(method, errors) from None


def _explained(method: Method, errors: ValidationError) -> ApiError:
    details = errors.errors(include_url=False, include_context=False, include_input=False)
    first = details[0]
    where = ".".join(map(str, first["loc"]))
    if first["type"] == "extra_forbidden":
        return bad_request(f'unknown parameter "{where}" of {method.name}')
    if first["type"] == "missing" and len(first["loc"]) == 1:
        return bad_request(EMPTY.get(where, f'parameter "{where}" is required'))
    return bad_request(f"can't parse {where}: {first['msg']}")


def _chat_id(given: Json) -> int | None:
    chat_id = str(given.get("chat_id", ""))
    return int(chat_id) if chat_id.lstrip("-").isdigit() else None
