"""Files the bot or a person has sent: identifiers, pictures' sizes, and what getFile and the page serve."""

import mimetypes
import secrets
import struct
from dataclasses import dataclass

from bot.playground.errors import ApiError, Json, bad_request

PHOTO_BYTES = 10 * 1024**2
DOCUMENT_BYTES = 50 * 1024**2
DOWNLOAD_BYTES = 20 * 1024**2


@dataclass(frozen=True)
class StoredFile:
    """One file; `path` is what follows /file/bot<token>/."""

    file_id: str
    unique_id: str
    name: str
    mime_type: str
    data: bytes
    path: str

    def wire(self) -> Json:
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.data)}


class Files:
    """All files, by identifier and by path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}

    def add(self, name: str, data: bytes, folder: str) -> StoredFile:
        """Keep a file. 413 where it is too big, as the Bot API server answers."""
        if len(data) > (PHOTO_BYTES if folder == "photos" else DOCUMENT_BYTES):
            raise ApiError(413, "Request Entity Too Large")
        if not data:
            raise bad_request("file must be non-empty")
        suffix = name.rpartition(".")[2] if "." in name else "bin"
        stored = StoredFile(
            file_id="BQAC" + secrets.token_urlsafe(36),
            unique_id=secrets.token_urlsafe(9),
            name=name,
            mime_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
            data=data,
            path=f"{folder}/file_{len(self._by_id)}.{suffix}",
        )
        self._by_id[stored.file_id] = stored
        return stored

    def get(self, file_id: str) -> StoredFile:
        if file_id not in self._by_id:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return self._by_id[file_id]

    def at_path(self, path: str) -> StoredFile | None:
        return next((stored for stored in self._by_id.values() if stored.path == path), None)


def photo_content(stored: StoredFile) -> Json:
    """The message members of a picture: one size, its own."""
    width, height = picture_size(stored.data)
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return {"photo": [{**stored.wire(), "width": width, "height": height}]}


def document_content(stored: StoredFile) -> Json:
    return {"document": {**stored.wire(), "file_name": stored.name, "mime_type": stored.mime_type}}


def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG or JPEG; what Telegram says to anything else."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and data[12:16] == b"IHDR":
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data[:2] == b"\xff\xd8":
        return _jpeg_size(data)
    raise bad_request("IMAGE_PROCESS_FAILED")


def _jpeg_size(data: bytes) -> tuple[int, int]:
    position = 2
    while position + 9 <= len(data) and data[position] == 0xFF:
        marker, length = data[position + 1], int.from_bytes(data[position + 2 : position + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return width, height
        position += 2 + length
    raise bad_request("IMAGE_PROCESS_FAILED")
