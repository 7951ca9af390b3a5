"""An office whose updates come through the webhook."""

from tests.talk import _quick, mona

__all__ = ["_quick", "mona"]
