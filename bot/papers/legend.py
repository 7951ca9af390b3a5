"""What both pictures share: the head with the hours in all, and what the shapes mean."""

from collections.abc import Iterable
from datetime import timedelta

from bot.papers.canvas import WIDTH, Box, Canvas
from bot.papers.figures import Figures
from bot.papers.names import NAMES
from bot.services.workdays import Mark

MARGIN = 44
_KEY, _LINE = 40, 60
_COLUMNS, _HALF = 3, 400
# How thick the line is that says how much was scheduled.
CAP = 5


def draw_head(canvas: Canvas, title: str, figures: Figures) -> None:
    t = canvas.t
    worked = sum((day.worked for day in figures.days), timedelta(0))
    due = sum((day.due for day in figures.days), timedelta(0))
    canvas.write(MARGIN, 64, title, 52, most=WIDTH - 2 * MARGIN)
    said = t("Worked {worked} of {due}", worked=t.duration(worked), due=t.duration(due))
    canvas.write(MARGIN, 130, said, 34, colour=canvas.theme.quiet, most=WIDTH - 2 * MARGIN)


def draw_bar_key(canvas: Canvas, y: float) -> None:
    """What is worked and what is scheduled, for the bars of both pictures."""
    t = canvas.t
    canvas.fill(Box(MARGIN, y - 14, 28, 28), canvas.theme.bar)
    worked = canvas.write(MARGIN + 42, y, t("Hours worked"), 30, most=_HALF)
    x = MARGIN + 42 + worked + 48
    canvas.fill(Box(x, y - 14, 28, 28), canvas.theme.line)
    canvas.fill(Box(x, y - 14, 28, CAP), canvas.theme.ink)
    canvas.write(x + 42, y, t("Hours scheduled"), 30, most=_HALF)


def draw_legend(canvas: Canvas, marks: Iterable[Mark], top: float) -> None:
    """The marks that are in the picture, from `top` downwards, `legend_height` high."""
    column = (WIDTH - 2 * MARGIN) / _COLUMNS
    for n, mark in enumerate(_explained(marks)):
        line, place = divmod(n, _COLUMNS)
        fill, ink = canvas.theme.marks[mark]
        box = Box(MARGIN + place * column, top + line * _LINE, _KEY, _KEY)
        canvas.fill(box, fill, edge=canvas.theme.line, round_by=8, thick=2)
        canvas.mark(mark, box.x + _KEY / 2, box.y + _KEY / 2, 22, ink)
        canvas.write(box.x + _KEY + 12, box.y + _KEY / 2, canvas.t.gettext(NAMES[mark]), 28, most=column - _KEY - 22)


def legend_height(marks: Iterable[Mark]) -> int:
    return -(-len(_explained(marks)) // _COLUMNS) * _LINE


def _explained(marks: Iterable[Mark]) -> list[Mark]:
    wanted = set(marks) - {Mark.AHEAD}
    return [mark for mark in Mark if mark in wanted]
