"""`Idempotency-Key` on the POSTs that take punches: our extension, after the IETF draft of that name.

The same key and the same request give the first answer again, byte for byte; the same key with another request is 422.
Keys are a caller's own and kept eight days. What was refused is not kept: the key is free for a better request.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection
from starlette.requests import Request

from bot.gateway.records.idempotency import KeyedRequest, claim_key, keep_answer
from bot.gateway.rest.errors import ApiError, Invalid

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[ -~]{1,255}", re.ASCII)


def read_key(request: Request, body: object) -> KeyedRequest | None:
    """`body` as it was parsed, so spaces and the order of members make no other request of it. Raises Invalid."""
    keys = request.headers.getlist(HEADER)
    if not keys:
        return None
    if len(keys) > 1 or not _KEY.fullmatch(keys[0]):
        raise Invalid({HEADER: ["Give one key of 1 to 255 printable ASCII characters."]})
    asked = json.dumps([request.method, request.url.path, body], sort_keys=True)
    return KeyedRequest(keys[0], hashlib.sha256(asked.encode()).hexdigest())


def answer_once(
    conn: Connection, caller: str, keyed: KeyedRequest | None, now: datetime, work: Callable[[], str]
) -> str:
    """The answer of `work` as JSON text, or the one it gave under this key before. Raises ApiError 422."""
    if keyed is None:
        return work()
    kept = claim_key(conn, caller, keyed, now)
    if kept is None:
        answer = work()
        keep_answer(conn, caller, keyed.key, answer)
        return answer
    if kept.digest != keyed.digest:
        raise ApiError(422, {"detail": "This Idempotency-Key was used for another request."})
    return kept.answer
