"""One call of the Bot API on its way through: the world, the files sent along, and what is noted of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.playground.errors import Json, bad_request
from bot.playground.files import StoredFile
from bot.playground.webhook import Webhook
from bot.playground.world import World


@dataclass(frozen=True)
class Upload:
    """A part of a multipart body that carries a file."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Call:
    """What a test finds in `playground.calls`; `refused` is the description of the error answered."""

    method: str
    params: Json
    called_at: datetime
    refused: str | None = None
    result: Any = None


@dataclass(frozen=True)
class Context:
    """What a method's function works on."""

    world: World
    webhook: Webhook
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def file(self, value: str, folder: str) -> StoredFile:
        """The file a parameter means: attach://name, or the identifier of a file already there."""
        if value.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        if not value.startswith("attach://"):
            return self.world.files.get(value)
        upload = self.uploads.get(value.removeprefix("attach://"))
        if upload is None:
            raise bad_request("file attached with attach:// is missing")
        return self.world.files.add(upload.name, upload.data, folder)
