"""A forgotten punch while it is being told: what is known of it so far, short enough to travel in a button."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.attendance.model import PunchState
from bot.i18n import N_
from bot.services.spelling import clean_sentence

# What travels in a button; a typed reason stays in the conversation.
TYPED = "t"
REASONS = {
    "1": N_("I forgot"),
    "2": N_("The terminal did not work"),
    "3": N_("My phone had no battery or no network"),
    "4": N_("I was working elsewhere"),
}
FORM = rf"(?:\d{{8}})?\.(?:\d\d|\d{{4}})?\.[0-5]?\.[1-4{TYPED}]?"
LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """`hour` alone where the minutes are still to come."""

    day: date | None = None
    hour: int | None = None
    minute: int | None = None
    kind: PunchState | None = None
    reason: str = ""

    @classmethod
    def read(cls, text: str) -> "Draft":
        """What `str` gave. ValueError for a day or a time that is none."""
        day, at, kind, reason = text.split(".")
        clock = time(int(at[:2]), int(at[2:] or 0)) if at else None
        return cls(
            datetime.strptime(day, "%Y%m%d").date() if day else None,  # noqa: DTZ007 - a day is in no zone
            clock.hour if clock else None,
            clock.minute if clock and len(at) > 2 else None,
            PunchState(int(kind)) if kind else None,
            reason,
        )

    def __str__(self) -> str:
        day = f"{self.day:%Y%m%d}" if self.day else ""
        hour = f"{self.hour:02}" if self.hour is not None else ""
        minute = f"{self.minute:02}" if self.minute is not None else ""
        return f"{day}.{hour}{minute}.{'' if self.kind is None else int(self.kind)}.{self.reason}"

    @property
    def time(self) -> time | None:
        return None if self.hour is None or self.minute is None else time(self.hour, self.minute)

    def at(self, zone: ZoneInfo) -> datetime | None:
        """The instant, once day and time are known; None, too, for a time that the clocks left out that day."""
        if self.day is None or self.time is None:
            return None
        at = datetime.combine(self.day, self.time, zone)
        return at if exists(at, zone) else None


def exists(at: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks showed it: an hour is left out when they go forward."""
    there_and_back = datetime.fromtimestamp(at.timestamp(), zone)
    return there_and_back.replace(tzinfo=None) == at.replace(tzinfo=None)


def clean_note(typed: str) -> str:
    """On one line, without what could pass for a mark of ours in BioTime."""
    return clean_sentence(typed).replace("[", "(").replace("]", ")")
