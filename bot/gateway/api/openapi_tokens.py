"""Tokens, described: manual chapters 1 and 2."""

from bot.biotime.wire.auth import LoginBody, RefreshBody, TokenAnswer
from bot.gateway.api.openapi_operations import Chapter, Operation

_LOGINS = {
    "/jwt-api-token-auth/": "Log in a system user, for a JWT",
    "/api-token-auth/": "Log in a system user, for a general token",
    "/staff-jwt-api-token-auth/": "Log in an employee, for a JWT",
    "/staff-api-token-auth/": "Log in an employee, for a general token",
}
_DOORS = {
    **{path: Operation(path.strip("/"), said, (TokenAnswer,), bodies=(LoginBody,)) for path, said in _LOGINS.items()},
    "/jwt-api-token-refresh/": Operation(
        "jwt-api-token-refresh",
        "Exchange a JWT that has not ended for a new one",
        (TokenAnswer,),
        bodies=(RefreshBody,),
    ),
}

TOKENS = Chapter(
    name="Tokens",
    page="/api/docs/",
    about=(
        "Send the token with every other request: Authorization: JWT <token>, or Token <token>. Basic works, too. "
        "Without company, it is the first label of the host. Wrong credentials are a 400."
    ),
    paths={prefix + path: {"POST": operation} for prefix in ("", "/api") for path, operation in _DOORS.items()},
)
