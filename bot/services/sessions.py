"""A person's session with BioTime: the token, decrypted for the length of a call, renewed while it still can be."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from bot.biotime.client import BioTimeClient
from bot.biotime.errors import BioTimeError, Unauthorized
from bot.database import Database
from bot.services.tenants import Tenants
from bot.store import links, tokens
from bot.store.cipher import Cipher, Undecipherable
from bot.store.links import Link

T = TypeVar("T")

# A cloud token lives seven days: renewed every day, somebody back from a short leave is still logged in.
RENEW_AFTER = timedelta(days=1)


class SessionOver(Exception):
    """Only the person can begin a new session: nothing was sent."""


def seal_token(cipher: Cipher, company: str, telegram_id: int, token: str) -> bytes:
    """Encrypted, and of use in this column of this person's link alone."""
    return cipher.encrypt(token.encode(), "links.token", company, telegram_id)


class Sessions:
    """The only place where tokens are read."""

    def __init__(self, db: Database, tenants: Tenants, cipher: Cipher, now: Callable[[], datetime]) -> None:
        self._db = db
        self._tenants = tenants
        self._cipher = cipher
        self._now = now

    def seal(self, company: str, telegram_id: int, token: str) -> bytes:
        return seal_token(self._cipher, company, telegram_id, token)

    def blind(self, purpose: str, *parts: str | int) -> str:
        """A keyed hash of 64 digits: alike for the same, and nothing to be read from it."""
        text = "\n".join(str(part) for part in parts)
        return hmac.new(self._cipher.subkey(purpose), text.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()

    async def call(self, link: Link, request: Callable[[BioTimeClient, str], Awaitable[T]]) -> T:
        """Makes the request in the person's name; after a 401, which proves that nothing was applied, once more.

        SessionOver when only the person can help; else what the client raises.
        """
        token = self._open(link)
        client = self._tenants[link.company].client
        try:
            return await request(client, token)
        except Unauthorized:
            return await request(client, await self._renew(link, client, token))

    async def renew_old(self) -> int:
        """Renews the tokens that are a day old; returns how many were due. Those that nothing needs any more go."""
        await self._db.write(tokens.drop_ended_tokens)
        before = self._now() - RENEW_AFTER
        due = await self._db.read(lambda c: links.find_old_tokens(c, before))
        for link in due:
            await self._renew_quietly(link)
        return len(due)

    async def _renew_quietly(self, link: Link) -> None:
        try:
            await self._renew(link, self._tenants[link.company].client, self._open(link))
        except (SessionOver, BioTimeError, KeyError):
            return  # the next call in this person's name will find out and say so

    async def _renew(self, link: Link, client: BioTimeClient, token: str) -> str:
        try:
            fresh = await client.refresh_token(token)
        except BioTimeError as problem:
            if problem.status in (400, 401):
                await self._db.write(lambda c: links.settle_token(c, link, None, self._now()))
                raise SessionOver from problem
            raise Unauthorized("the session could not be renewed", status=401) from problem
        sealed = self.seal(link.company, link.telegram_id, fresh)
        await self._db.write(lambda c: links.settle_token(c, link, sealed, self._now()))
        return fresh

    def _open(self, link: Link) -> str:
        if link.token is None:
            raise SessionOver
        try:
            return self._cipher.decrypt(link.token, "links.token", link.company, link.telegram_id).decode()
        except Undecipherable as problem:
            raise SessionOver from problem
