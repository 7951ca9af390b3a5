"""Colours for a light and a dark screen. A mark has a shape, too: nobody has to tell colours apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.services.workdays import Mark


@dataclass(frozen=True, slots=True)
class Theme:
    """`marks`: what a day's square is filled with, and what is written on it."""

    paper: str
    ink: str
    quiet: str
    line: str
    bar: str
    marks: Mapping[Mark, tuple[str, str]]


LIGHT = Theme(
    paper="#ffffff",
    ink="#1b2129",
    quiet="#57616d",
    line="#d5dbe1",
    bar="#2f7fd1",
    marks=MappingProxyType(
        {
            Mark.ABSENT: ("#f6b9b7", "#7d0f12"),
            Mark.MISSING: ("#edc6ee", "#6d1a72"),
            Mark.LATE: ("#fbdf8f", "#6b4700"),
            Mark.EARLY: ("#fcc99f", "#7a3300"),
            Mark.LEAVE: ("#bcd8fa", "#123f80"),
            Mark.PRESENT: ("#bfe6cb", "#0d5528"),
            Mark.OPEN: ("#ffffff", "#1b2129"),
            Mark.HOLIDAY: ("#d6c9f7", "#42248a"),
            Mark.REST: ("#eceff2", "#57616d"),
            Mark.NONE: ("#ffffff", "#6b7580"),
            Mark.AHEAD: ("#ffffff", "#6b7580"),
        }
    ),
)
DARK = Theme(
    paper="#17212b",
    ink="#f2f5f8",
    quiet="#a9b6c3",
    line="#34424f",
    bar="#5aa9f2",
    marks=MappingProxyType(
        {
            Mark.ABSENT: ("#7a2227", "#ffd9d8"),
            Mark.MISSING: ("#66296b", "#fadcfb"),
            Mark.LATE: ("#6a5110", "#ffecb3"),
            Mark.EARLY: ("#74400f", "#ffdfc2"),
            Mark.LEAVE: ("#1f4c86", "#d9e9ff"),
            Mark.PRESENT: ("#1d5a36", "#cdf3d9"),
            Mark.OPEN: ("#17212b", "#f2f5f8"),
            Mark.HOLIDAY: ("#4a3590", "#e6defd"),
            Mark.REST: ("#263340", "#a9b6c3"),
            Mark.NONE: ("#17212b", "#93a1af"),
            Mark.AHEAD: ("#17212b", "#93a1af"),
        }
    ),
)


def theme_of(*, dark: bool) -> Theme:
    return DARK if dark else LIGHT
