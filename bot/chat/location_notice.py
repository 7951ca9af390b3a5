"""What becomes of a location, told once, before the keyboard asks for the first one."""

from telegram.error import BadRequest, NetworkError

from bot.chat.transport import NotSent
from bot.chat.visit import Visit
from bot.services.linking import Linking


class LocationNotice:
    """`days`: so long coordinates are kept."""

    def __init__(self, linking: Linking, days: int) -> None:
        self._linking = linking
        self._days = days

    async def tell_once(self, visit: Visit) -> None:
        """Told first and noted then: after a crash in between it is told again."""
        if visit.person.location_told_at is not None:
            return
        t = visit.t
        said = t("📍 Your location: I look at it only when you share it, to see at which place of your company you "
                 "clock in or out. Your managers and HR see it with the punch, and BioTime gets it.")  # fmt: skip
        kept = t.plural("I drop the coordinates of a punch {n} day after it; the area stays.",
                        "I drop the coordinates of a punch {n} days after it; the area stays.", self._days)  # fmt: skip
        try:
            await visit.say("\n".join([said, kept, t("/mydata shows all that I hold about you.")]))
        except NetworkError as problem:
            if isinstance(problem, BadRequest | NotSent):
                raise
            # It may have arrived; what comes next is worth more than a second one.
        await self._linking.note_told_of_location(visit.person)
