"""What a mark is called, in pictures and in sentences alike."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.i18n import N_
from bot.services.workdays import Mark

NAMES: Mapping[Mark, str] = MappingProxyType(
    {
        Mark.ABSENT: N_("Absent"),
        Mark.MISSING: N_("Punch missing"),
        Mark.LATE: N_("Late"),
        Mark.EARLY: N_("Left early"),
        Mark.LEAVE: N_("Leave"),
        Mark.PRESENT: N_("Present"),
        Mark.OPEN: N_("Still running"),
        Mark.HOLIDAY: N_("Holiday"),
        Mark.REST: N_("Day of rest"),
        Mark.NONE: N_("No timetable"),
        Mark.AHEAD: N_("Still to come"),
    }
)
