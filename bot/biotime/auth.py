"""Logging in to BioTime: the four web logins, the mobile login, the refresh (manual 1, 2, 6.1; wire notes)."""

import re
from datetime import timedelta
from enum import StrEnum

import httpx

from bot.biotime.errors import Refused, Unauthorized, Unclear, WrongCredentials
from bot.biotime.exchange import Answer, Exchange
from bot.biotime.wire.auth import LoginBody, MobileLoginBody, RefreshBody, TokenAnswer
from bot.biotime.wire.envelope import Wire

MOBILE_LOGIN = "/mobile/api/v1.0/auth_token/"
SYSTEM_TOKEN, SYSTEM_JWT = "/api-token-auth/", "/jwt-api-token-auth/"
STAFF_TOKEN, STAFF_JWT = "/staff-api-token-auth/", "/staff-jwt-api-token-auth/"
REFRESH = "/jwt-api-token-refresh/"


class Scheme(StrEnum):
    """The first word of the Authorization header (manual 3.1)."""

    JWT = "JWT"
    TOKEN = "Token"  # noqa: S105 - the word itself


def authorization(token: str, scheme: Scheme = Scheme.JWT) -> dict[str, str]:
    """The header that carries a token. Mobile and JWT logins give `JWT`, the general logins `Token`."""
    return {"Authorization": f"{scheme} {token}"}


class BioTimeLogins:
    """Every login answers with a token or raises: WrongCredentials for 400 and 401, else what `errors` says.

    Nothing here is applied by a login, so an Unclear one may simply be tried again.
    """

    def __init__(self, http: httpx.AsyncClient, company: str, total: timedelta) -> None:
        self._exchange = Exchange(http, total)
        self._company = company

    async def fetch_token(self, username: str, password: str, client_id: str) -> str:
        """An employee's token from the mobile login (6.1). `client_id` names the device: the same hex every time."""
        body = MobileLoginBody(username=username, password=password)
        return await self._log_in(MOBILE_LOGIN, body, {"Client": client_id})

    async def fetch_system_jwt(self, email: str, password: str) -> str:
        """A system user's JWT (1.1)."""
        return await self._log_in(SYSTEM_JWT, self._web_body(email, password))

    async def fetch_system_token(self, email: str, password: str) -> str:
        """A system user's general token (1.2): it does not expire."""
        return await self._log_in(SYSTEM_TOKEN, self._web_body(email, password))

    async def fetch_staff_jwt(self, email: str, password: str) -> str:
        """An employee's JWT for the web API (2.1)."""
        return await self._log_in(STAFF_JWT, self._web_body(email, password))

    async def fetch_staff_token(self, email: str, password: str) -> str:
        """An employee's general token for the web API (2.2)."""
        return await self._log_in(STAFF_TOKEN, self._web_body(email, password))

    async def refresh_token(self, token: str) -> str:
        """A new JWT for one that has not expired yet. Raises Unauthorized where it cannot be renewed."""
        try:
            return _read_token(await self._exchange.post(REFRESH, {}, RefreshBody(token=token)))
        except Refused as error:
            if error.status == 404:
                raise
            # The server's library answers 400 for an expired token here: the way on is a new login all the same.
            raise Unauthorized("the token cannot be renewed", status=error.status) from error

    def _web_body(self, email: str, password: str) -> LoginBody:
        return LoginBody(email=email, password=password, company=self._company)

    async def _log_in(self, path: str, body: Wire, headers: dict[str, str] | None = None) -> str:
        try:
            return _read_token(await self._exchange.post(path, headers or {}, body))
        except Refused as error:
            # Without a status it could not even be written as JSON: no such name or password exists.
            if error.status not in (None, 400):
                raise
            raise WrongCredentials("login refused", status=error.status, reasons=error.reasons) from error
        except Unauthorized as error:
            raise WrongCredentials("login refused", status=401) from error


def _read_token(answer: Answer) -> str:
    token = answer.read(TokenAnswer).token
    # It goes into a header: a line break in it would be a header of its own.
    if not re.fullmatch(r"[!-~]{1,4096}", token):
        raise Unclear("BioTime's token is not usable", status=answer.status)
    return token
