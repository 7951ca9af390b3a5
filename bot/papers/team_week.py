"""A team's days side by side: a line for each person, a square for each day."""

from datetime import timedelta

from babel.dates import get_day_names

from bot.i18n import translator_for
from bot.papers.canvas import WIDTH, Box, Canvas
from bot.papers.colours import theme_of
from bot.papers.figures import TeamFigures
from bot.papers.fonts import can_write
from bot.papers.legend import MARGIN, draw_legend, legend_height
from bot.papers.team_ledger import say_people
from bot.services.digests import Stripe
from bot.services.workdays import DAY

_TOP, _GAP = 250, 6
_NAMES = 392
# Wide rows for a team that is small: with many a phone shows the whole picture smaller anyway.
_ROOMY, _ROW, _FEW = 72, 48, 12
_LONGEST = 28


def draw_team(figures: TeamFigures) -> bytes:
    """A PNG, 1080 pixels wide, to be read on a phone."""
    t, theme = translator_for(figures.language), theme_of(dark=figures.dark)
    marks = [mark for stripe in figures.stripes for mark in stripe.marks]
    legend = _TOP + len(figures.stripes) * row_of(figures) + 32
    canvas = Canvas(t, theme, legend + legend_height(marks) + 20)
    told_on = figures.last + DAY
    title = t("{first} to {last}", first=t.day(figures.first, told_on), last=t.day(figures.last, told_on))
    canvas.write(MARGIN, 64, title, 52, most=WIDTH - 2 * MARGIN)
    canvas.write(
        MARGIN,
        130,
        say_people(t, len(figures.stripes), figures.people),
        34,
        colour=theme.quiet,
        most=WIDTH - 2 * MARGIN,
    )
    _draw_dates(canvas, figures)
    for n, stripe in enumerate(figures.stripes):
        _draw_stripe(canvas, figures, n, stripe)
    draw_legend(canvas, marks, legend)
    return canvas.png()


def square_of(figures: TeamFigures, row: int, column: int) -> Box:
    """Where a person's day stands."""
    high, wide = row_of(figures), _column(figures)
    x, y = MARGIN + _NAMES + column * wide, _TOP + row * high
    return Box(x + _GAP / 2, y + _GAP / 2, wide - _GAP, high - _GAP)


def row_of(figures: TeamFigures) -> int:
    return _ROOMY if len(figures.stripes) <= _FEW else _ROW


def _column(figures: TeamFigures) -> float:
    return (WIDTH - 2 * MARGIN - _NAMES) / _count_days(figures)


def _count_days(figures: TeamFigures) -> int:
    return (figures.last - figures.first) // timedelta(days=1) + 1


def _draw_dates(canvas: Canvas, figures: TeamFigures) -> None:
    t, names = canvas.t, get_day_names("abbreviated", "stand-alone", canvas.t.locale)
    for column in range(_count_days(figures)):
        day, box = figures.first + column * DAY, square_of(figures, 0, column)
        middle, room = box.x + box.width / 2, box.width - 6
        canvas.write(middle, _TOP - 62, names[day.weekday()], 28, colour=canvas.theme.quiet, anchor="middle", most=room)
        canvas.write(middle, _TOP - 22, t.number(day.day), 32, anchor="middle", most=room)


def _draw_stripe(canvas: Canvas, figures: TeamFigures, row: int, stripe: Stripe) -> None:
    theme = canvas.theme
    for column, mark in enumerate(stripe.marks):
        fill, ink = theme.marks[mark]
        box = square_of(figures, row, column)
        canvas.fill(box, fill, edge=theme.line if fill == theme.paper else "", round_by=10, thick=2)
        canvas.mark(mark, box.x + box.width / 2, box.y + box.height / 2, 24, ink)
    middle = _TOP + (row + 0.5) * row_of(figures)
    canvas.write(MARGIN, middle, _name_of(stripe), 30, most=_NAMES - 16)


def _name_of(stripe: Stripe) -> str:
    """In a script that we have no letters of a code says more than boxes do."""
    name = stripe.name if can_write(stripe.name) else stripe.emp_code
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
