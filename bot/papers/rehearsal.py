"""A rehearsal of alerts as a picture: what the alerts of each day and of each site would have been worth."""

from collections.abc import Iterator, Sequence

from bot.i18n import N_, translator_for
from bot.papers.canvas import WIDTH, Box, Canvas
from bot.papers.colours import theme_of
from bot.papers.legend import MARGIN
from bot.papers.rehearsal_figures import Figures, count_all
from bot.services.rehearsing import DayTally, SiteTally, Tally
from bot.services.workdays import Mark

KINDS: tuple[tuple[str, Mark, str], ...] = (
    ("absent", Mark.ABSENT, N_("Absent")),
    ("late", Mark.LATE, N_("Came later")),
    ("false", Mark.MISSING, N_("False alarm")),
    ("undecided", Mark.LEAVE, N_("Not decided yet")),
    ("missed", Mark.OPEN, N_("Absent, nobody told")),
)
"""As `Tally` names them, from the ground up; those that are told of first."""

_ROOM = WIDTH - 2 * MARGIN
_LEGEND, _LINE, _KEY = 236, 58, 40
_BARS, _BARS_HIGH, _SITE = _LEGEND + 3 * _LINE + 90, 300, 86
# So many days have room for their names.
_FEW = 10


def draw_rehearsal(figures: Figures) -> bytes:
    """A PNG, 1080 pixels wide, to be read on a phone."""
    t, theme = translator_for(figures.language), theme_of(dark=figures.dark)
    sites = _BARS + _BARS_HIGH + 96
    height = sites + (60 + len(figures.sites) * _SITE if figures.sites else 0)
    canvas = Canvas(t, theme, height)
    total = sum((day.tally for day in figures.days), Tally())
    _draw_head(canvas, figures, total)
    _draw_key(canvas, total)
    _draw_days(canvas, figures.days)
    if figures.sites:
        _draw_sites(canvas, figures.sites, sites)
    return canvas.png()


def parts_of(days: Sequence[DayTally]) -> Iterator[tuple[int, Mark, Box]]:
    """The number of the day, and where of its bar which part stands: from the ground up."""
    unit = (_BARS_HIGH - 40) / max([4, *(count_all(day.tally) for day in days)])
    for n, day in enumerate(days):
        x, wide = _column_of(n, len(days))
        y = float(_BARS + _BARS_HIGH)
        for mark, count in _parts(day.tally):
            y -= count * unit
            yield n, mark, Box(x, y, wide, count * unit)


def _column_of(n: int, days: int) -> tuple[float, float]:
    """Where the bar of the day number `n` begins, and how wide it is."""
    step = _ROOM / days
    wide = min(step - min(8.0, step * 0.2), 90.0)
    return MARGIN + n * step + (step - wide) / 2, wide


def _draw_head(canvas: Canvas, figures: Figures, total: Tally) -> None:
    t, quiet = canvas.t, canvas.theme.quiet
    canvas.write(MARGIN, 64, t("Rehearsal of alerts"), 52, most=_ROOM)
    period = t("{first} to {last}", first=t.date(figures.first), last=t.date(figures.last))
    canvas.write(MARGIN, 128, period, 34, colour=quiet, most=_ROOM)
    canvas.write(MARGIN, 182, t("Told as missing: {n}", n=total.told), 34, most=_ROOM)


def _draw_key(canvas: Canvas, total: Tally) -> None:
    """What the colours and shapes mean, and how many there are of each: two in a line."""
    column = _ROOM / 2
    for n, (name, mark, label) in enumerate(KINDS):
        line, place = divmod(n, 2)
        fill, ink = canvas.theme.marks[mark]
        box = Box(MARGIN + place * column, _LEGEND + line * _LINE, _KEY, _KEY)
        canvas.fill(box, fill, edge=canvas.theme.line, round_by=8, thick=2)
        canvas.mark(mark, box.x + _KEY / 2, box.y + _KEY / 2, 22, ink)
        said = canvas.t.gettext(label)
        room = (_ROOM if n == len(KINDS) - 1 else column) - _KEY - 120
        width = canvas.write(box.x + _KEY + 14, box.y + _KEY / 2, said, 30, most=room)
        number = canvas.t.number(getattr(total, name))
        canvas.write(box.x + _KEY + 14 + width + 18, box.y + _KEY / 2, number, 32)


def _draw_days(canvas: Canvas, days: Sequence[DayTally]) -> None:
    t, theme, base = canvas.t, canvas.theme, _BARS + _BARS_HIGH
    canvas.write(MARGIN, _BARS - 44, t("By day"), 34, colour=theme.quiet)
    tops = {}
    for n, mark, box in parts_of(days):
        _draw_part(canvas, box, mark)
        tops[n] = box.y
    few = len(days) <= _FEW
    for n, day in enumerate(days):
        x, wide = _column_of(n, len(days))
        if n in tops:
            canvas.write(x + wide / 2, tops[n] - 18, t.number(count_all(day.tally)), 22, anchor="middle", most=wide + 6)
        if few or n == 0 or day.workdate.day % 5 == 0:
            said = t.day(day.workdate) if few else t.number(day.workdate.day)
            room = _ROOM / len(days)
            canvas.write(x + wide / 2, base + 28, said, 24, colour=theme.quiet, anchor="middle", most=room - 8)
    canvas.line((MARGIN, base), (WIDTH - MARGIN, base), theme.quiet, 2)


def _draw_sites(canvas: Canvas, sites: Sequence[SiteTally], top: float) -> None:
    t, theme = canvas.t, canvas.theme
    canvas.write(MARGIN, top, t("By site"), 34, colour=theme.quiet)
    unit = (_ROOM - 90) / max(count_all(site.tally) for site in sites)
    for n, site in enumerate(sites):
        y, x = top + 46 + n * _SITE, float(MARGIN)
        name = " · ".join(t.isolate(part) for part in (site.timetable, site.place) if part)
        canvas.write(MARGIN, y, name, 28, most=_ROOM)
        for mark, count in _parts(site.tally):
            _draw_part(canvas, Box(x, y + 24, count * unit, 34), mark)
            x += count * unit
        canvas.write(x + 14, y + 41, t.number(count_all(site.tally)), 28)


def _draw_part(canvas: Canvas, box: Box, mark: Mark) -> None:
    """With its shape, where there is room for it."""
    fill, ink = canvas.theme.marks[mark]
    canvas.fill(box, fill, edge=ink, thick=1.5)
    if min(box.width, box.height) >= 20:
        canvas.mark(mark, box.x + box.width / 2, box.y + box.height / 2, 14, ink)


def _parts(tally: Tally) -> Iterator[tuple[Mark, int]]:
    for name, mark, _ in KINDS:
        if count := getattr(tally, name):
            yield mark, count
