"""Encryption at rest: AES-GCM, bound to where the value belongs; and signatures. With a key id for rotation."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_ID = 4
_NONCE = 12
_SIGNATURE = 32


class BadKey(ValueError):
    """The secret key is missing, short or not base64."""


class Undecipherable(Exception):
    """Made with a key that is not here, or for another place, or changed."""


def new_secret_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


class Cipher:
    """`keys` is one base64 key of 32 bytes, or several with commas: the first encrypts, all decrypt."""

    def __init__(self, keys: str) -> None:
        decoded = [_decode(part.strip()) for part in keys.split(",") if part.strip()]
        if not decoded:
            raise BadKey("no key")
        self._masters = {_key_id(key): key for key in decoded}
        self._current = _key_id(decoded[0])
        self._signing: dict[tuple[bytes, str], bytes] = {}
        self._keys = {_key_id(key): AESGCM(_derive(key, b"hadir store")) for key in decoded}

    def encrypt(self, value: bytes, *context: str | int) -> bytes:
        """`context` says where it belongs (tenant, person, column): only there it can be read again."""
        nonce = secrets.token_bytes(_NONCE)
        return self._current + nonce + self._keys[self._current].encrypt(nonce, value, _bind(context))

    def decrypt(self, value: bytes, *context: str | int) -> bytes:
        key = self._keys.get(value[:_KEY_ID])
        if key is None:
            raise Undecipherable("no such key")
        try:
            body = value[_KEY_ID + _NONCE :]
            return key.decrypt(value[_KEY_ID : _KEY_ID + _NONCE], body, _bind(context))
        except (InvalidTag, ValueError) as problem:
            raise Undecipherable("changed, or of another place") from problem

    def subkey(self, purpose: str) -> bytes:
        """32 bytes for another use, from the first key."""
        return _derive(self._masters[self._current], purpose.encode())

    def blind(self, purpose: str, text: str) -> tuple[str, ...]:
        """A keyed hash of 64 digits by each key, the first key's first: nothing is to be read from it."""
        keys = (_derive(master, purpose.encode()) for master in self._masters.values())
        return tuple(hmac.new(key, text.encode(), hashlib.sha256).hexdigest() for key in keys)

    def sign(self, purpose: str, text: Callable[[str], str]) -> tuple[str, str]:
        """The signature (32 hex digits) by the first key, of what `text` makes of that key's id; and the id."""
        key_id = self._current.hex()
        return key_id, self._sign(self._current, purpose, text(key_id))

    def verify(self, purpose: str, key_id: str, text: str, signature: str) -> bool:
        """Whether one of the keys here, the one with that id, signed this text."""
        try:
            known = bytes.fromhex(key_id)
        except ValueError:
            return False
        if known not in self._masters:
            return False
        # As bytes: comparing texts raises where one has a character beyond ASCII.
        return hmac.compare_digest(self._sign(known, purpose, text).encode(), signature.encode())

    def _sign(self, key_id: bytes, purpose: str, text: str) -> str:
        key = self._signing.setdefault((key_id, purpose), _derive(self._masters[key_id], purpose.encode()))
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:_SIGNATURE]


def _decode(text: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as problem:
        raise BadKey("not base64") from problem
    if len(key) < 32:
        raise BadKey("shorter than 32 bytes")
    return key


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key)


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"hadir key id" + key).digest()[:_KEY_ID]


def _bind(context: tuple[str | int, ...]) -> bytes:
    """Lengths first, so that ("ab", "c") and ("a", "bc") are two places."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in (str(c).encode() for c in context))
