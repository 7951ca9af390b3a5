"""A week: for each day what it is marked as, and the hours worked against those scheduled."""

from datetime import timedelta

from bot.i18n import translator_for
from bot.papers.canvas import WIDTH, Box, Canvas
from bot.papers.colours import theme_of
from bot.papers.figures import Day, Figures
from bot.papers.legend import CAP, MARGIN, draw_bar_key, draw_head
from bot.papers.names import NAMES
from bot.services.workdays import Mark

_TOP, _ROW, _HIGH = 190, 128, 40
_SIGN = 72
_KEY_HIGH = 90
HOUR = timedelta(hours=1)


def draw_week(figures: Figures) -> bytes:
    """A PNG, 1080 pixels wide, to be read on a phone."""
    t, theme = translator_for(figures.language), theme_of(dark=figures.dark)
    canvas = Canvas(t, theme, _TOP + 7 * _ROW + _KEY_HIGH)
    first, last = t.day(figures.first, figures.today), t.day(figures.last, figures.today)
    draw_head(canvas, t("{first} to {last}", first=first, last=last), figures)
    most = max([9 * HOUR, *(max(day.worked, day.due) for day in figures.days)])
    for n, day in enumerate(figures.days):
        _draw_row(canvas, day, _TOP + n * _ROW, most, is_today=day.workdate == figures.today)
    draw_bar_key(canvas, _TOP + 7 * _ROW + 34)
    return canvas.png()


def sign_of(n: int) -> Box:
    """Where the mark of the day number `n` stands."""
    return Box(MARGIN, _TOP + n * _ROW + 20, _SIGN, _SIGN)


def _draw_row(canvas: Canvas, day: Day, top: float, most: timedelta, *, is_today: bool) -> None:
    t, theme = canvas.t, canvas.theme
    fill, ink = theme.marks[day.mark]
    box = Box(MARGIN, top + 20, _SIGN, _SIGN)
    edge = theme.ink if is_today else theme.line if fill == theme.paper else ""
    canvas.fill(box, fill, edge=edge, round_by=14, thick=5 if is_today else 2)
    canvas.mark(day.mark, box.x + _SIGN / 2, box.y + _SIGN / 2, 34, ink)
    x, room = MARGIN + _SIGN + 24, WIDTH - 2 * MARGIN - _SIGN - 24
    width = canvas.write(x, top + 34, t.day(day.workdate), 34, most=room * 0.45)
    if day.mark is not Mark.AHEAD:
        canvas.write(x + width + 18, top + 34, t.gettext(NAMES[day.mark]), 30, colour=theme.quiet, most=room * 0.3)
    if day.worked:
        canvas.write(WIDTH - MARGIN, top + 34, t.duration(day.worked), 32, anchor="end", most=room * 0.3)
    if day.worked or day.due:
        _draw_bar(canvas, Box(x, top + 66, room, _HIGH), day.worked / most, day.due / most)
    else:
        y = top + 66 + _HIGH / 2
        canvas.line((x, y), (WIDTH - MARGIN, y), theme.line, 2)


def _draw_bar(canvas: Canvas, box: Box, worked: float, due: float) -> None:
    """What was worked, on a paler bar with a line at its end: what was scheduled."""
    canvas.fill(Box(box.x, box.y, box.width * due, box.height), canvas.theme.line)
    canvas.fill(Box(box.x, box.y + 5, box.width * worked, box.height - 10), canvas.theme.bar)
    if due:
        canvas.fill(Box(box.x + box.width * due - CAP, box.y, CAP, box.height), canvas.theme.ink)
