"""What is read of a roll call by whoever began it."""

from zoneinfo import ZoneInfo

from telegram import InlineKeyboardMarkup

from bot.chat.alert_texts import paginate
from bot.chat.keyboards import build_inline
from bot.i18n import Translator
from bot.store.musters import Answer, Called, Muster


def describe_muster(t: Translator, muster: Muster, zone: ZoneInfo, *, asking: bool = False) -> list[str]:
    """Who needs help first, then who has not answered: the safe are a number. In as many pages as that takes."""
    safe = [one for one in muster.people if one.answer is Answer.SAFE]
    calls = [one for one in muster.people if one.answer is Answer.HELP]
    silent = [one for one in muster.people if one.answer is None and not one.gone]
    gone = [one for one in muster.people if one.gone]
    lines = [_count(t, muster, len(safe))]
    for title, some in (
        (t("❗ Need help:"), calls),
        (t("❔ No answer yet:"), silent),
        (t("🚪 Clocked out since:"), gone),
    ):
        if some:
            lines += ["", title, *(_describe(t, one, zone, asking=asking) for one in some)]
    return paginate("\n".join(lines))


def offer_running(t: Translator, muster: Muster, zone: ZoneInfo) -> tuple[str, InlineKeyboardMarkup | None]:
    """Instead of another: whoever has answered the one that runs would be asked again."""
    look, end = (t("🔄 Look again"), f"muster:{muster.id}:look"), (t("🏁 End it"), f"muster:{muster.id}:end")
    anew = (t("🚨 Begin a new one"), "muster:anew")
    said = t("🚨 Your roll call has been running since {time}.", time=t.time(muster.started_at, zone))
    return said, build_inline(t, [[look, end], [anew]])


def _count(t: Translator, muster: Muster, safe: int) -> str:
    everybody = len(muster.people)
    if muster.ended_at is not None:
        return t.plural(
            "🏁 Roll call, ended: {n} of {all} is safe.",
            "🏁 Roll call, ended: {n} of {all} are safe.",
            safe,
            all=everybody,
        )
    return t.plural("🚨 Roll call: {n} of {all} is safe.", "🚨 Roll call: {n} of {all} are safe.", safe, all=everybody)


def _describe(t: Translator, one: Called, zone: ZoneInfo, *, asking: bool) -> str:
    parts = [one.name, one.site, one.phone or "", "" if one.reached or asking else t("not in Telegram")]
    if one.break_since is not None:
        parts.append(t("on a break since {time}", time=t.time(one.break_since, zone)))
    return "• " + " · ".join(t.isolate(part) for part in parts if part)


def build_list(t: Translator, muster: Muster, page: int, pages: int) -> InlineKeyboardMarkup | None:
    what = "look" if muster.ended_at is None else "end"
    before = [(t("‹ Back"), f"muster:{muster.id}:{what}:{page - 1}")] if page else []
    after = [(t("More ›"), f"muster:{muster.id}:{what}:{page + 1}")] if page < pages - 1 else []
    rows = [before + after]
    if muster.ended_at is None:
        rows.append([(t("🔄 Look again"), f"muster:{muster.id}:look"), (t("🏁 End it"), f"muster:{muster.id}:end")])
    return build_inline(t, rows) if any(rows) else None
