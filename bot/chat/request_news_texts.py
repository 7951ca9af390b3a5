"""What a manager reads and can press where a request is new, and what became of it."""

from zoneinfo import ZoneInfo

from telegram import InlineKeyboardMarkup

from bot.chat import approval_texts
from bot.chat.keyboards import Row, build_inline
from bot.i18n import Translator
from bot.services.filings import Kind
from bot.services.pushing import Asked, RequestNews, Standing

# Lines, and buttons of one request each: more are counted, and in the list.
MOST, BUTTONS = 30, 8


def describe_requests(t: Translator, news: RequestNews, zone: ZoneInfo) -> str:
    if news.case is not None:
        asks = t.plural("🗳 {n} request waits for your decision.", "🗳 {n} requests wait for your decision.", 1)
        return "\n".join([asks, "", approval_texts.describe_case(t, news.case, zone)])
    waiting = len(news.waiting)
    head = [approval_texts.describe_waiting(t, news.waiting), ""] if waiting else []
    lines = [_describe(t, one, zone) for one in news.asked[:MOST]]
    left = len(news.asked) - MOST
    return "\n".join([*head, *lines, *([t("… and {n} more", n=left)] if left > 0 else [])])


def build_requests(t: Translator, news: RequestNews, zone: ZoneInfo) -> InlineKeyboardMarkup:
    back: Row = [(t("🗳 Requests"), "approvals:0")]
    if news.case is not None:
        once = news.case.request.once
        decide: Row = [(t("✅ Approve"), f"approve:{once}"), (t("❌ Refuse"), f"refuse:{once}")]
        return build_inline(t, [decide, *_build_closer(t, news), back])
    rows: list[Row] = [
        [(approval_texts.describe_short(t, request, zone), f"case:{request.once}")]
        for request in news.waiting[:BUTTONS]
    ]
    together: Row = [(t("✅ All harmless ones …"), "harmless")] if any(one.ref for one in news.waiting) else []
    return build_inline(t, [*rows, together, back])


def _build_closer(t: Translator, news: RequestNews) -> list[Row]:
    """What BioTime has around it, where our copy does not reach so far back."""
    case = news.case
    if case is None or case.near is not None or case.request.kind is not Kind.LOG:
        return []
    return [[(t("🔎 What else is near"), f"case:{case.request.once}")]]


def _describe(t: Translator, one: Asked, zone: ZoneInfo) -> str:
    what = approval_texts.describe_short(t, one.request, zone)
    match one.standing:
        case Standing.WAITING:
            return f"• {what}"
        case Standing.GONE:
            return t("↩️ Waits no more, withdrawn or decided elsewhere: {what}", what=what)
        case Standing.APPROVED:
            said = t("✅ Approved: {what}", what=what)
        case Standing.REFUSED:
            said = t("❌ Refused: {what}", what=what)
    by = approval_texts.describe_person(t, one.by_name, one.by_code) if one.by_code else "BioTime"
    said = f"{said} · {t.isolate(by)}"
    if not one.unreached:
        return said
    tell = t("{name} cannot be reached in Telegram: please tell them yourself.", name=one.request.name)
    return "\n".join([said, tell])
