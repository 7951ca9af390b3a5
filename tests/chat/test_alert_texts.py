"""Long cards in pages: nothing is cut, nothing is over Telegram's limit."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.attendance.facts import Site
from bot.chat.alert_messenger import build_pages
from bot.chat.alert_texts import LIMIT, paginate
from bot.i18n import LANGUAGES, translator_for
from bot.services.card_reading import Missing
from bot.services.cards import Card
from bot.store.alerts import Brief

NINE = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
SITE = Site(1, "Office", date(2026, 3, 2), NINE)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def missing(number: int) -> Missing:
    return Missing(
        Brief(number, str(number), is_open=True, excused_by=None), f"Sales {number:04} 👷", timedelta(minutes=45)
    )


def test_five_thousand_in_one_department() -> None:
    card = Card(
        message_id=1, site=SITE, place="Dubai Office", expected=5000, present=2500,
        missing=tuple(missing(number) for number in range(2500)), late=(), retracted=(), incident=False, stale=None,
        snoozed=(), over=False,
    )  # fmt: skip
    for language in LANGUAGES:
        pages = build_pages(translator_for(language), card, ZoneInfo("Asia/Dubai"))
        assert len(pages) > 10
        assert all(units(page.text) <= LIMIT for page in pages)
        said = "\n".join(page.text for page in pages)
        assert all(one.name in said for one in card.missing)
        assert all(page.buttons is None for page in pages[:-1])
        last = pages[-1].buttons
        assert last is not None
        assert sum(len(row) for row in last.inline_keyboard) <= 100
        assert all(len(str(b.callback_data).encode()) <= 64 for row in last.inline_keyboard for b in row)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400), st.integers(4, 60))
def test_pages_hold_all_of_the_text_and_no_page_is_too_long(text: str, limit: int) -> None:
    pages = paginate(text, limit)
    assert all(units(page) <= limit for page in pages)
    assert "".join("".join(pages).split()) == "".join(text.split())
