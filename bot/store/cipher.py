"""Encryption at rest: AES-GCM, bound to where the value belongs, with a key id for rotation."""

import base64
import binascii
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_ID = 4
_NONCE = 12


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
        self._master = decoded[0]
        self._current = _key_id(decoded[0])
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
        return _derive(self._master, purpose.encode())


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
