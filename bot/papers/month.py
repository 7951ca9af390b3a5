"""A month: a calendar coloured by day, under it the hours worked against those scheduled, and what the shapes mean."""

from datetime import timedelta

from babel.dates import get_day_names

from bot.i18n import Translator, translator_for
from bot.papers.canvas import WIDTH, Box, Canvas
from bot.papers.colours import theme_of
from bot.papers.figures import Day, Figures
from bot.papers.legend import CAP, MARGIN, draw_bar_key, draw_head, draw_legend, legend_height

_COLUMN = (WIDTH - 2 * MARGIN) / 7
_ROW, _GAP = 112, 8
_CALENDAR = 232
_BARS_HIGH = 250
HOUR = timedelta(hours=1)


def draw_month(figures: Figures) -> bytes:
    """A PNG, 1080 pixels wide, to be read on a phone."""
    t, theme = translator_for(figures.language), theme_of(dark=figures.dark)
    rows = _count_rows(t, figures)
    bars = _CALENDAR + rows * _ROW + 56
    legend = bars + _BARS_HIGH + 128
    marks = [day.mark for day in figures.days]
    canvas = Canvas(t, theme, legend + legend_height(marks) + 20)
    draw_head(canvas, t.month(figures.first), figures)
    _draw_weekdays(canvas)
    for day in figures.days:
        _draw_square(canvas, day, square_of(t, figures, day), is_today=day.workdate == figures.today)
    _draw_bars(canvas, figures, bars)
    draw_legend(canvas, marks, legend)
    return canvas.png()


def square_of(t: Translator, figures: Figures, day: Day) -> Box:
    """Where a day stands in the calendar."""
    place = (figures.first.weekday() - t.locale.first_week_day) % 7 + day.workdate.day - 1
    row, column = divmod(place, 7)
    return Box(MARGIN + column * _COLUMN + _GAP / 2, _CALENDAR + row * _ROW, _COLUMN - _GAP, _ROW - _GAP)


def _count_rows(t: Translator, figures: Figures) -> int:
    before = (figures.first.weekday() - t.locale.first_week_day) % 7
    return -(-(before + len(figures.days)) // 7)


def _draw_weekdays(canvas: Canvas) -> None:
    names, first = get_day_names("abbreviated", "stand-alone", canvas.t.locale), canvas.t.locale.first_week_day
    for column in range(7):
        middle = MARGIN + (column + 0.5) * _COLUMN
        name = names[(first + column) % 7]
        canvas.write(middle, _CALENDAR - 30, name, 30, colour=canvas.theme.quiet, anchor="middle", most=_COLUMN - 12)


def _draw_square(canvas: Canvas, day: Day, box: Box, *, is_today: bool) -> None:
    fill, ink = canvas.theme.marks[day.mark]
    edge = canvas.theme.ink if is_today else canvas.theme.line if fill == canvas.theme.paper else ""
    canvas.fill(box, fill, edge=edge, round_by=16, thick=5 if is_today else 2)
    canvas.write(box.x + 16, box.y + 36, canvas.t.number(day.workdate.day), 36, colour=ink)
    canvas.mark(day.mark, box.x + box.width - 34, box.y + box.height - 34, 30, ink)


def _draw_bars(canvas: Canvas, figures: Figures, top: float) -> None:
    """A bar for each day, on a paler one with a line at its end: what was scheduled."""
    t, theme = canvas.t, canvas.theme
    draw_bar_key(canvas, top)
    most = max([9 * HOUR, *(max(day.worked, day.due) for day in figures.days)])
    base, left = top + 50 + _BARS_HIGH, MARGIN + 56
    step = (WIDTH - MARGIN - left) / len(figures.days)
    for hours in range(4, int(most / HOUR) + 1, 4):
        y = base - _BARS_HIGH * (hours * HOUR / most)
        canvas.line((left, y), (WIDTH - MARGIN, y), theme.line, 2)
        canvas.write(left - 14, y, t.number(hours), 26, colour=theme.quiet, anchor="end")
    for n, day in enumerate(figures.days):
        worked, due = _BARS_HIGH * (day.worked / most), _BARS_HIGH * (day.due / most)
        x = left + n * step + 4
        canvas.fill(Box(x - 2, base - due, step - 4, due), theme.line)
        canvas.fill(Box(x + 2, base - worked, step - 12, worked), theme.bar)
        if day.due:
            canvas.fill(Box(x - 2, base - due, step - 4, CAP), theme.ink)
        if day.workdate.day == 1 or day.workdate.day % 5 == 0:
            canvas.write(
                x + step / 2 - 4, base + 28, t.number(day.workdate.day), 26, colour=theme.quiet, anchor="middle"
            )
    canvas.line((left, base), (WIDTH - MARGIN, base), theme.quiet, 2)
