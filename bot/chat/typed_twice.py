"""A new password is typed twice, so that a slip locks nobody out.

Between the two a digest stands in the conversation's row, slow to guess from and with a salt of its own; the password
itself stands nowhere.
"""

import asyncio
import hashlib
import hmac
import secrets

# 16 MB and some 50 ms a guess, on whoever guesses as on us: in a thread, so that nobody waits for it.
_COST, _BLOCK, _PARALLEL, _SALT = 2**14, 8, 1, 16


async def digest(secret: str) -> str:
    """Salt and digest, as hex."""
    salt = secrets.token_bytes(_SALT)
    return (salt + await asyncio.to_thread(_digest, secret, salt)).hex()


async def is_same(first: str, secret: str) -> bool:
    """Whether `digest` made `first` of this very secret."""
    kept = bytes.fromhex(first)
    salt, known = kept[:_SALT], kept[_SALT:]
    return hmac.compare_digest(known, await asyncio.to_thread(_digest, secret, salt))


def _digest(secret: str, salt: bytes) -> bytes:
    # Half a character, which Telegram's JSON can hold, has no UTF-8.
    typed = secret.encode(errors="surrogatepass")
    return hashlib.scrypt(typed, salt=salt, n=_COST, r=_BLOCK, p=_PARALLEL, dklen=32)
