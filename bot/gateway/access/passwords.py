"""argon2 off the event loop, and as slow for a user who does not exist."""

import asyncio
import secrets
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.gateway.settings import PasswordCost

NO_PASSWORD = ""
"""No hash: nobody logs in with it, until a password is set."""


class Passwords:
    def __init__(self, cost: PasswordCost, threads: int = 2) -> None:
        self._hasher = PasswordHasher(cost.rounds, cost.memory, cost.lanes)
        self._slots = asyncio.Semaphore(threads)

    def hash(self, password: str) -> str:
        """Blocks for as long as the cost says."""
        return self._hasher.hash(password)

    async def matches(self, kept: str | None, password: str) -> bool:
        """None, for nobody, takes as long and is never right."""
        async with self._slots:
            return await asyncio.to_thread(self._verify, kept, password)

    def _verify(self, kept: str | None, password: str) -> bool:
        try:
            self._hasher.verify(kept or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash(secrets.token_hex())


def random_password() -> str:
    """80 bits, in characters that can be read out."""
    return "-".join("".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(4)) for _ in range(4))
