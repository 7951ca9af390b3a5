"""The photo that BioTime has of a person: looked at when they look at their profile, and kept nowhere."""

import asyncio
from datetime import timedelta

from bot.biotime.errors import BioTimeError
from bot.services.sessions import SessionOver, Sessions
from bot.store.links import Link

# The profile is there without it: nobody waits long.
PATIENCE = timedelta(seconds=4)


class Photos:
    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def fetch(self, link: Link) -> bytes | None:
        """Their own; None where there is none, or none to be had now."""
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                return await self._sessions.call(link, lambda client, token: client.fetch_photo(token, link.emp_id))
        except (SessionOver, BioTimeError, TimeoutError):
            return None
