"""Buttons under a card and under a question. Data: `card:<message>:<what>:<alert>`; nothing in it says who presses."""

from zoneinfo import ZoneInfo

from telegram import InlineKeyboardMarkup

from bot.attendance.chain import Stop
from bot.chat import charge_texts, digest_texts
from bot.chat.alert_texts import ANSWERS
from bot.chat.chain_texts import EXCUSES
from bot.chat.keyboards import Row, build_inline
from bot.chat.request_news_texts import build_requests
from bot.i18n import Translator
from bot.services.card_reading import Missing
from bot.services.cards import Card, CatchUp, News, Question
from bot.services.charge_news import Appointed, HandedBack, StandingIn
from bot.services.digests import Digest
from bot.services.forgotten import Forgotten
from bot.services.manager_news import AskClockOut
from bot.services.pushing import RequestNews
from bot.services.reminders import Reminded

# Buttons of people on one keyboard; Telegram takes a hundred in all.
PEOPLE = 16
MOST_ROWS = 40


def build(t: Translator, news: News, zone: ZoneInfo) -> InlineKeyboardMarkup | None:
    match news:
        case Card():
            return build_people(t, news, 0)
        case Question():
            rows = [[(t.gettext(label), f"here:{news.alert.id}:{kind}")] for kind, label in ANSWERS.items()]
            return build_inline(t, rows)
        case Reminded():
            return build_inline(
                t, [[(t("💤 In 10 min"), f"later:{news.message_id}"), (t("⏰ Reminders"), "reminders")]]
            )
        case CatchUp():
            return _build_catch_up(t, news, zone)
        case RequestNews():
            return build_requests(t, news, zone)
        case Digest() | Forgotten() | AskClockOut():
            return digest_texts.build(t, news)
        case StandingIn() | HandedBack() | Appointed():
            return charge_texts.build(t, news)
        case _:
            return None


def build_people(t: Translator, card: Card, page: int) -> InlineKeyboardMarkup | None:
    """One button a person who is missing, or was put off, or excused, so many at a time."""
    everybody = [] if card.is_nameless else [*_find_missing(card), *_find_put_off(t, card), *_find_excused(t, card)]
    seen = [[(t("👀 Seen"), f"card:{card.message_id}:seen")]] if card.is_unnamed and not card.seen else []
    if not everybody:
        return build_inline(t, seen) if seen else None
    last = (len(everybody) - 1) // PEOPLE
    page = min(page, last)
    buttons = everybody[page * PEOPLE : (page + 1) * PEOPLE]
    rows = [buttons[n : n + 2] for n in range(0, len(buttons), 2)]
    if last:
        before = [(t("‹ Back"), f"card:{card.message_id}:people:{page - 1}")] if page else []
        after = [(t("More ›"), f"card:{card.message_id}:people:{page + 1}")] if page < last else []
        rows.append(before + after)
    return build_inline(t, rows + seen)


def _find_missing(card: Card) -> Row:
    return [(f"👤 {one.name}"[:60], f"card:{card.message_id}:open:{one.alert.id}") for one in card.missing]


def _find_put_off(t: Translator, card: Card) -> Row:
    return [
        (t("✖️ Not put off: {name}", name=one.name)[:60], f"card:{card.message_id}:wake:{one.alert.id}")
        for one, _ in card.snoozed
    ]


def _find_excused(t: Translator, card: Card) -> Row:
    """Nothing is taken back of a shift that is history."""
    excused = [one for one in card.retracted if one.step and one.step.stop is Stop.EXCUSED and not card.over]
    return [
        (t("✖️ Not excused: {name}", name=one.name)[:60], f"card:{card.message_id}:unexcuse:{one.alert_id}")
        for one in excused
    ]


def _build_catch_up(t: Translator, news: CatchUp, zone: ZoneInfo) -> InlineKeyboardMarkup | None:
    """A card that may change yet is called for with its button; of everything else, its own buttons."""
    keyboards = []
    for part in news.parts:
        if isinstance(part, Card):
            where = " · ".join(name for name in (part.site.timetable, part.place) if name)
            live = not part.over and not part.all_clear
            keyboards.append(build_inline(t, [[(f"🕘 {where}"[:60], f"card:{part.message_id}:fetch")]] if live else []))
        else:
            keyboards.append(build(t, part, zone) or build_inline(t, []))
    rows = [row for keyboard in keyboards for row in keyboard.inline_keyboard]
    return InlineKeyboardMarkup(rows[:MOST_ROWS]) if rows else None


def build_person(t: Translator, card: Card, one: Missing) -> InlineKeyboardMarkup:
    def data(what: str) -> str:
        return f"card:{card.message_id}:{what}:{one.alert.id}"

    return build_inline(
        t,
        [
            [(t("❓ Ask them"), data("ask")), (t("📞 Call"), data("call"))],
            [(t("✔️ Excuse"), data("excuse")), (t("💤 Later"), data("snooze"))],
            [(t("🔎 Why?"), data("why")), (t("‹ Back"), f"card:{card.message_id}:people:0")],
        ],
    )


def build_excuses(t: Translator, message_id: int, alert_id: int) -> InlineKeyboardMarkup:
    rows = [[(t.gettext(label), f"card:{message_id}:ex-{name}:{alert_id}")] for name, label in EXCUSES.items()]
    typed = (t("💬 Another reason"), f"card:{message_id}:other:{alert_id}")
    return build_inline(t, [*rows, [typed], [(t("‹ Back"), f"card:{message_id}:open:{alert_id}")]])


def build_back(t: Translator, message_id: int, alert_id: int) -> InlineKeyboardMarkup:
    return build_inline(t, [[(t("‹ Back"), f"card:{message_id}:open:{alert_id}")]])
