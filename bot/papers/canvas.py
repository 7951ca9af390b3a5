"""A picture as a sheet of paper in pixels: from the corner where reading begins, so that Arabic is its mirror image."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any, Literal

from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

from bot.i18n import Translator
from bot.papers.colours import Theme
from bot.papers.fonts import families_of, path_of
from bot.services.workdays import Mark

WIDTH = 1080
_DPI = 150
Anchor = Literal["start", "middle", "end"]
_ALIGN: dict[Anchor, str] = {"start": "left", "middle": "center", "end": "right"}
_MIRRORED = {"left": "right", "right": "left", "center": "center"}
# Of the size of Noto Sans.
_HALF_CAPITAL = 0.357
# Corners of a tick in a square of one, y downwards.
_TICK = ((-0.5, 0.05), (-0.15, 0.4), (0.5, -0.4))
_SHAPES = {Mark.ABSENT: "x", Mark.LATE: "^", Mark.EARLY: "<", Mark.LEAVE: "s", Mark.OPEN: "o", Mark.HOLIDAY: "*"}


@dataclass(frozen=True, slots=True)
class Box:
    """In pixels, from the corner where reading begins; y downwards."""

    x: float
    y: float
    width: float
    height: float


class Canvas:
    def __init__(self, t: Translator, theme: Theme, height: int) -> None:
        _load_fonts()
        self.t = t
        self.theme = theme
        self.height = height
        self._figure = Figure(figsize=(WIDTH / _DPI, height / _DPI), dpi=_DPI, facecolor=theme.paper)
        # What texts are measured with; matplotlib gives this function no types.
        self._renderer = FigureCanvasAgg(self._figure).get_renderer()  # type: ignore[no-untyped-call]
        self._families = list(families_of(t.language))

    def write(
        self, x: float, y: float, text: str, size: float, *, colour: str = "", anchor: Anchor = "start", most: float = 0
    ) -> float:
        """Its capitals' middle at `y`; `size` and the width returned in pixels. Shrunk to be no wider than `most`."""
        properties = FontProperties(family=self._families, size=size * 72 / _DPI)
        align = _ALIGN[anchor]
        drawn = Text(
            self._across(x),
            self.height - y - _HALF_CAPITAL * size,
            text,
            color=colour or self.theme.ink,
            fontproperties=properties,
            ha=_MIRRORED[align] if self.t.rtl else align,
            va="baseline",
            parse_math=False,
        )
        self._add(drawn)
        width = float(drawn.get_window_extent(self._renderer).width)
        if most and width > most:
            drawn.set_fontsize(size * 72 / _DPI * most / width)
            width = most
        return width

    def fill(self, box: Box, colour: str, *, edge: str = "", round_by: float = 0, thick: float = 0) -> None:
        corner = (self._across(box.x + (box.width if self.t.rtl else 0)), self.height - box.y - box.height)
        look: dict[str, Any] = {"facecolor": colour, "edgecolor": edge or "none", "linewidth": thick * 72 / _DPI}
        if round_by:
            style = f"round,pad=0,rounding_size={round_by}"
            self._add(FancyBboxPatch(corner, box.width, box.height, boxstyle=style, **look))
        else:
            self._add(Rectangle(corner, box.width, box.height, **look))

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: str, thick: float) -> None:
        self._stroke((start, end), colour, thick)

    def mark(self, mark: Mark, x: float, y: float, size: float, colour: str) -> None:
        """Its shape, which says what its colour says."""
        thick = max(3.0, size / 7)
        if mark is Mark.PRESENT:
            # A tick is a tick in Arabic, too: not mirrored.
            sign = -1 if self.t.rtl else 1
            self._stroke(tuple((x + sign * dx * size, y + dy * size) for dx, dy in _TICK), colour, thick)
        elif mark is Mark.REST:
            self.line((x - size / 2, y), (x + size / 2, y), colour, thick)
        elif mark is Mark.NONE:
            self.line((x - size / 12, y), (x + size / 12, y), colour, thick)
        elif mark is Mark.MISSING:
            self.write(x, y, "?", size * 1.35, colour=colour, anchor="middle")
        elif mark in _SHAPES:
            hollow = mark is Mark.OPEN
            shape = ">" if mark is Mark.EARLY and self.t.rtl else _SHAPES[mark]
            self._add(
                Line2D(
                    [self._across(x)], [self.height - y], marker=shape, linestyle="none",
                    markersize=size * (1.25 if mark is Mark.HOLIDAY else 0.85) * 72 / _DPI,
                    markerfacecolor="none" if hollow else colour, markeredgecolor=colour,
                    markeredgewidth=(thick if hollow or mark is Mark.ABSENT else 0) * 72 / _DPI,
                )
            )  # fmt: skip

    def png(self) -> bytes:
        out = BytesIO()
        # No date and no version: the same figures are the same bytes.
        self._figure.savefig(out, format="png", facecolor=self.theme.paper, metadata={"Software": None})
        return out.getvalue()

    def _stroke(self, points: Sequence[tuple[float, float]], colour: str, thick: float) -> None:
        across, up = [self._across(x) for x, _ in points], [self.height - y for _, y in points]
        look: dict[str, Any] = {"solid_capstyle": "round", "solid_joinstyle": "round"}
        self._add(Line2D(across, up, color=colour, linewidth=thick * 72 / _DPI, **look))

    def _across(self, x: float) -> float:
        return WIDTH - x if self.t.rtl else x

    def _add(self, artist: Artist) -> None:
        """Without axes: a figure's own pixels are the coordinates."""
        self._figure.add_artist(artist)
        artist.set_zorder(len(self._figure.get_children()))  # one over the other as they come
        artist.set_transform(IdentityTransform())


@cache
def _load_fonts() -> None:
    for family in families_of("en"):
        fontManager.addfont(path_of(family))
