"""What people read when they are given others to manage, and when that is over."""

from zoneinfo import ZoneInfo

from telegram import InlineKeyboardMarkup

from bot.chat.keyboards import build_inline
from bot.i18n import Translator
from bot.services.charge_news import Appointed, ChargeNews, HandedBack, StandingIn
from bot.store.managers import Scope


def describe(t: Translator, news: ChargeNews, zone: ZoneInfo) -> str:
    match news:
        case StandingIn(manager, until_at):
            begun = t("🤝 You stand in for {name} until {when}.", name=manager, when=t.day_and_time(until_at, zone))
            return "\n".join([begun, t("Until then you are told what is about their people.")])
        case HandedBack(other, True):
            return t("🤝 {name} does not stand in for you any more: you are told about your people again.", name=other)
        case HandedBack(other):
            return t("🤝 You do not stand in for {name} any more.", name=other)
        case Appointed():
            return _describe_appointed(t, news)


def build(t: Translator, news: ChargeNews) -> InlineKeyboardMarkup | None:
    if isinstance(news, HandedBack):
        return None
    return build_inline(t, [[(t("👥 Team"), "team"), (t("🔔 When I tell you"), "alerts")]])


def _describe_appointed(t: Translator, news: Appointed) -> str:
    whom = describe_scope(t, news.scope, news.scope_name)
    said = t.plural(
        "👔 You are a manager now: {whom}. That is {n} person.",
        "👔 You are a manager now: {whom}. That is {n} people.",
        news.people,
        whom=t.isolate(whom),
    )
    return "\n".join([said, t("From now on you are told who is missing.")])


def describe_scope(t: Translator, scope: Scope, name: str) -> str:
    match scope:
        case Scope.DEPARTMENT:
            return t("{department}, with all below it", department=name)
        case Scope.AREA:
            return t("everybody at {area}", area=name)
        case _:
            return t("everybody")
