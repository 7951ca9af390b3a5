"""What is asked and said about being late or sick: the cards' sentences and buttons."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardMarkup

from bot.chat.keyboards import Row, build_inline
from bot.i18n import N_, Translator
from bot.services.notices import Standing
from bot.store.notices import Notice, NoticeKind

OFFERED = (10, 20, 30, 60)
TAKE_BACK = N_("↩️ Take it back")
Shown = tuple[str, InlineKeyboardMarkup | None]


def ask_late(t: Translator) -> tuple[str, Sequence[Row]]:
    rows: list[Row] = [[(t.duration(timedelta(minutes=n)), f"late:{n}") for n in OFFERED]]
    return t("⏰ How late will you be today? Tap it, or type the minutes."), rows


def ask_sick(t: Translator, since: datetime | None, zone: ZoneInfo) -> tuple[str, Sequence[Row]]:
    """`since`: they are here, and go home with it."""
    if since is not None:
        said = t("🤒 You are in since {time}. Are you going home sick? Tap the button, or type a few words that go "
                 "with it for your manager.", time=t.time(since, zone))  # fmt: skip
        return said, [[(t("🤒 I'm going home sick"), "sick:home")]]
    said = t("🤒 Tell your manager that you are sick today? Tap the button, or type a few words that go with it.")
    return said, [[(t("🤒 I'm sick today"), "sick:sure")]]


def object_to_late(t: Translator, standing: Standing, zone: ZoneInfo) -> Shown | None:
    """Why nobody who is here, or sick, will be late; None where nothing is in the way."""
    if standing.since is not None:
        said = t("⏰ You are in since {time}, so there is nothing to report as late. Your manager sees when you came.",
                 time=t.time(standing.since, zone))  # fmt: skip
        return said, None
    if standing.sick is None:
        return None
    said = t("🤒 At {time} you told your manager that you are sick today. If you are coming after all, take that back: "
             "then I ask how late you will be.", time=t.time(standing.sick.said_at, zone))  # fmt: skip
    return said, build_inline(t, [[(t.gettext(TAKE_BACK), "late:well")]])


def object_to_sick(t: Translator, standing: Standing, zone: ZoneInfo) -> Shown | None:
    """They have said so already, and have not come since."""
    sick = standing.sick
    if sick is None or (standing.since is not None and sick.said_at < standing.since):
        return None
    said = t("🤒 At {time} you told your manager that you are sick today. Get well soon!",
             time=t.time(sick.said_at, zone))  # fmt: skip
    return said, build_inline(t, [[(t.gettext(TAKE_BACK), "sick:well")]])


def object_to_both(t: Translator, standing: Standing, zone: ZoneInfo) -> Shown | None:
    """The day's work is over, and they are not here: neither is told of such a day afterwards."""
    if standing.ended is None or standing.since is not None:
        return None
    said = t("Your work of today ended at {time}: it is too late to say that of today. Did you forget a punch, or do "
             "you need leave?", time=t.time(standing.ended, zone))  # fmt: skip
    return said, build_inline(t, [[(t("📝 Forgotten punch"), "forgot"), (t("🌴 Leave"), "leave")]])


def describe(t: Translator, notice: Notice, *, home: bool) -> str:
    day = t.day(notice.workdate)
    if notice.kind is NoticeKind.LATE:
        how_late = t.duration(timedelta(minutes=notice.minutes or 0))
        return t("⏰ Noted for {day}: about {duration} late. Your manager can see it.", day=day, duration=how_late)
    said = t("🤒 Noted for {day}: sick. Your manager can see it. Get well soon!", day=day)
    if home:
        said = t("🤒 Noted for {day}: you are going home sick. Your manager can see it. Please clock out before you "
                 "go, and get well soon!", day=day)  # fmt: skip
    return "\n".join([said, t("Your words: {words}", words=notice.note)]) if notice.note else said


def build_take_back(t: Translator, message_id: int | None) -> InlineKeyboardMarkup:
    return build_inline(t, [[(t.gettext(TAKE_BACK), f"notice-back:{message_id}")]])
