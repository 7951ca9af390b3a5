"""The settings of managers and of HR, as they read and choose them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from telegram import InlineKeyboardMarkup

from bot.chat.keyboards import Row, build_inline
from bot.i18n import N_, Translator
from bot.services.managing import HR
from bot.services.settling import Mine
from bot.store.manager_settings import AlertSettings, ManagerSettings

_ASKS = {
    "delay": N_("How long after somebody was due do you want to know?"),
    "escalate": N_("After how long without a reaction of yours is the next manager told?"),
    "digest": N_("When do you want the daily summary? Choose, or type it like 07:30."),
    "quiet": N_("When do you want to hear nothing? Choose, or type it like 22:00-06:00."),
    "days": N_("On which days do you work?"),
    "requests": N_("When somebody asks you for something, do you want to know at once?"),
    "weekly": N_("On which day do you want the week?"),
}
RULE_NAMES = {
    "grace": N_("⏳ Grace: {value}"),
    "delay": N_("🔔 Managers are told after: {value}"),
    "nudge": N_("👋 The person is asked before: {value}"),
    "incident": N_("🚨 One incident when missing: {value}"),
}
SETTING_NAMES = {
    "delay": N_("⏱ You are told after: {value}"),
    "quiet": N_("🌙 Quiet hours: {value}"),
    "digest": N_("☀️ Daily summary: {value}"),
    "days": N_("📆 Working days: {value}"),
    "weekly": N_("📊 The week comes on: {value}"),
    "escalate": N_("⏫ The next manager is told after: {value}"),
    "requests": N_("🗳 New requests are told: {value}"),
}
_MINUTE = timedelta(minutes=1)


def describe_settings(t: Translator, mine: Mine, zone: ZoneInfo) -> str:
    settings = mine.settings
    delay = None if mine.delay is None else t.duration(mine.delay) if mine.delay else t("at once")
    acting = t("nobody")
    if mine.acting is not None:
        name, until = mine.acting
        acting = t("{name}, until {when}", name=name, when=t.day_and_time(until, zone))
    values = {
        **({"delay": delay} if delay is not None else {}),
        "quiet": _span(t, settings) or t("none"),
        "digest": f"{settings.digest_at:%H:%M}" if settings.digest_at else t("off"),
        "days": t.enumerate(day_name(t, day) for day in settings.working_days) or "–",
        "weekly": day_name(t, settings.weekly_day),
        "escalate": t.duration(settings.escalate) if settings.escalate else t("never"),
        "requests": _say_requests(t, settings),
    }
    return "\n".join(
        [
            t("🔔 When I tell you"),
            t("👤 Your own settings, for you alone:"),
            *(t(SETTING_NAMES[name], value=value) for name, value in values.items()),
            t("🤝 Stands in for you: {value}", value=acting),
            *(t("🤝 You stand in for: {value}", value=value) for value in _describe_acting_for(t, mine, zone)),
            *_describe_company(t, mine),
        ]
    )


def _describe_company(t: Translator, mine: Mine) -> list[str]:
    values = _values(t, mine.rules)
    lines = [t(RULE_NAMES[name], value=values[name]) for name in ("grace", "delay", "nudge")]
    if mine.delay is not None:
        lines.append(t("☝️ For you your own ⏱ counts, instead of 🔔. Both begin when the grace ⏳ is over."))
    return [t("🏢 Set by HR, for everybody:"), *lines]


def _say_requests(t: Translator, settings: ManagerSettings) -> str:
    if settings.requests:
        return t("at once")
    return t("only in the summary") if settings.digest_at else t("never")


def _describe_acting_for(t: Translator, mine: Mine, zone: ZoneInfo) -> list[str]:
    return [t("{name}, until {when}", name=name, when=t.day_and_time(at, zone)) for name, at in mine.acting_for]


def build_settings(t: Translator, mine: Mine, app_role: int) -> InlineKeyboardMarkup:
    # Whoever manages nobody in their own right has no delay to choose: HR, and who only stands in.
    own: Row = [(t("⏱ Told after"), "alerts:delay")] if mine.delay is not None else []
    rows: list[Row] = [
        [*own, (t("🌙 Quiet hours"), "alerts:quiet")],
        [(t("☀️ Daily summary"), "alerts:digest"), (t("📆 Working days"), "alerts:days")],
        [(t("📊 The week"), "alerts:weekly"), (t("⏫ Next manager"), "alerts:escalate")],
        [(t("🗳 New requests"), "alerts:requests"), (t("🤝 Hand over"), "alerts:acting")],
    ]
    if app_role == HR:
        rows.append([(t("🏢 The company's rules"), "rules")])
    return build_inline(t, [*rows, [(t("‹ Back"), "team")]])


def build_choices(t: Translator, what: str, settings: ManagerSettings, choices: Sequence[str]) -> tuple[str, list[Row]]:
    offered = [choice for choice in choices if what != "days" or _changes_days(choice, settings)]
    buttons = [(_label(t, what, choice), f"alerts:{what}:{choice}") for choice in offered]
    wide = 2 if what in ("quiet", "days", "weekly") else 3
    return t.gettext(_ASKS[what]), [buttons[n : n + wide] for n in range(0, len(buttons), wide)]


def build_periods(t: Translator, periods: Sequence[int]) -> list[Row]:
    buttons = [(t.plural("{n} day", "{n} days", n), f"alerts:acting:{n}") for n in periods]
    return [buttons[n : n + 3] for n in range(0, len(buttons), 3)]


def _changes_days(choice: str, settings: ManagerSettings) -> bool:
    day, wish = choice.split(":")
    return (int(day) in settings.working_days) == (wish == "off")


def _label(t: Translator, what: str, choice: str) -> str:
    match what:
        case "delay" | "escalate":
            at_once = t("at once") if what == "delay" else t("never")
            return t.duration(int(choice) * _MINUTE) if int(choice) else at_once
        case "days":
            day, wish = choice.split(":")
            return f"{'✅' if wish == 'off' else '◻️'} {day_name(t, int(day))}"
        case "weekly":
            return day_name(t, int(choice))
        case "requests":
            return t("Yes, at once") if choice == "on" else t("No, only in the summary")
        case "digest":
            return t("off") if choice == "off" else choice
        case _:
            return t("none") if choice == "off" else choice


def day_name(t: Translator, day: int) -> str:
    """0 is Monday."""
    names = get_day_names("wide", context="stand-alone", locale=t.locale)
    return str(names[date(2024, 1, 1 + day).weekday()])


def _span(t: Translator, settings: ManagerSettings) -> str:
    if settings.quiet_from is None or settings.quiet_until is None:
        return ""
    first, last = f"{settings.quiet_from:%H:%M}", f"{settings.quiet_until:%H:%M}"
    return t("{from_time} to {until_time}", from_time=first, until_time=last)


# -- the company's rules -----------------------------------------------------------------------------------------------


def describe_rules(t: Translator, rules: AlertSettings) -> str:
    values = _values(t, rules)
    lines = [t(RULE_NAMES[name], value=value) for name, value in values.items()]
    left_out = t("🙈 Left out of alerts: {n}", n=len(rules.excluded) + len(rules.excluded_departments))
    own = t(
        "👤 Managers choose for themselves with /alerts: to be told later than that, quiet hours, summaries. People "
        "choose with /reminders when they are asked."
    )
    head = [t("🏢 The company's rules"), t("🏢 Set by HR, for everybody:")]
    return "\n".join([*head, describe_alerts(t, enabled=rules.enabled), *lines, left_out, own])


def describe_alerts(t: Translator, *, enabled: bool) -> str:
    return t("🟢 Alerts are on.") if enabled else t("⚪ Alerts are off: nobody is told who is missing.")


def build_rules(t: Translator, rules: AlertSettings, choices: Mapping[str, Sequence[int]]) -> list[Row]:
    """A row for each rule, under its sign."""
    rows: list[Row] = []
    for name, numbers in choices.items():
        sign = t.gettext(RULE_NAMES[name]).split(" ", maxsplit=1)[0]
        unit = "%" if name == "incident" else ""
        chosen = _numbers(rules)[name]
        rows.append([(f"{'✓' if n == chosen else sign} {t.number(n)}{unit}", f"rules:{name}:{n}") for n in numbers])
    switch = (
        (t("⚪ Switch alerts off"), "rules:enabled:0")
        if rules.enabled
        else (t("🟢 Switch alerts on"), "rules:enabled:1")
    )
    more: Row = [(t("🙈 Left out"), "out:0"), (t("🎭 Rehearse alerts"), "rehearse")]
    return [*rows, more, [switch], [(t("‹ Back"), "alerts")]]


def _values(t: Translator, rules: AlertSettings) -> dict[str, str]:
    return {
        "grace": t.duration(rules.grace),
        "delay": t.duration(rules.delay),
        "nudge": t.duration(rules.nudge),
        "incident": f"{t.number(rules.incident_percent)}%",
    }


def _numbers(rules: AlertSettings) -> dict[str, int]:
    return {
        "grace": rules.grace // _MINUTE,
        "delay": rules.delay // _MINUTE,
        "nudge": rules.nudge // _MINUTE,
        "incident": rules.incident_percent,
    }
