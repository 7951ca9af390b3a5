"""What an audit line keeps in no language - settings by their names, days, how many - in the reader's words."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.chat.approval_texts import describe_person
from bot.chat.settings_texts import RULE_NAMES, SETTING_NAMES, day_name, describe_alerts
from bot.i18n import N_, Translator
from bot.store.audit_lines import Act, AuditLine

_MINUTE = timedelta(minutes=1)
_CHANGE = re.compile(r"(\w+)=(\S*)→(\S*)")
_OF_DAY = re.compile(r"(.*?) ?(\d{4}-\d{2}-\d{2})")
# HR reads it of somebody else.
_CHOSEN = {**SETTING_NAMES, "delay": N_("⏱ Told after: {value}")}
_NAMES = {Act.CHOSE: _CHOSEN, Act.RULES_CHANGED: RULE_NAMES}


def describe_whom(t: Translator, line: AuditLine, zone: ZoneInfo) -> str:
    """ "Mona (1001)", and of who stands in, until when."""
    whom = describe_person(t, line.name, line.emp_code)
    until = _read_until(line, zone)
    return whom if until is None else t("{name}, until {when}", name=whom, when=t.day_and_time(until, zone))


def describe_kept(t: Translator, line: AuditLine, zone: ZoneInfo) -> str:
    """What stands behind who did what to whom. Where it is not as we write it, or a name, it is said as it is."""
    text = str(line.detail.get("text", ""))
    match line.act:
        case Act.HANDED_OVER:
            return text if _read_until(line, zone) is None else ""
        case Act.MUSTERED if text.isdecimal():
            return t.plural("{n} person", "{n} people", int(text))
        case Act.SEEN | Act.ASKED | Act.EXCUSED | Act.UNEXCUSED | Act.SNOOZED | Act.UNSNOOZED:
            return " · ".join(said for said in (_describe_shift(t, text), _describe_whose(t, line)) if said)
        case Act.APPROVED | Act.REFUSED:
            return _describe_whose(t, line)
    return text


def describe_changes(t: Translator, line: AuditLine) -> list[str]:
    """A sentence for each setting that became another; none where the line is about no settings."""
    if line.act not in _NAMES:
        return []
    return [_describe_change(t, line.act, one) for one in str(line.detail.get("text", "")).split()]


def _describe_change(t: Translator, act: Act, change: str) -> str:
    found = _CHANGE.fullmatch(change)
    if found is None:
        return change
    name, before, now = found.groups()
    if act is Act.RULES_CHANGED and name == "enabled":
        return describe_alerts(t, enabled=now == "1")
    try:
        value = t("{value} (before: {before})", value=_say(t, name, now), before=_say(t, name, before))
        return t(_NAMES[act][name], value=value)
    except (KeyError, ValueError):  # of another version than this one
        return change


def _say(t: Translator, name: str, value: str) -> str:
    """As on the card where it is chosen. ValueError: not a value that we write; KeyError: not a name of ours."""
    match name:
        case "grace" | "delay" | "nudge" | "escalate":
            nothing = {"delay": t("at once"), "escalate": t("never")}.get(name, t.duration(timedelta(0)))
            return t.duration(int(value) * _MINUTE) if int(value) else nothing
        case "incident":
            return f"{t.number(int(value))}%"
        case "requests":
            return t("at once") if int(value) else t("not at once")
        case "weekly":
            return _name_days(t, value)
        case "days":
            return "–" if value == "-" else _name_days(t, value)
        case "digest":
            return t("off") if value == "-" else _say_times(t, value)
        case "quiet":
            return t("none") if value == "-" else _say_times(t, value)
    raise KeyError(name)


def _name_days(t: Translator, numbers: str) -> str:
    """1 is Monday."""
    if not re.fullmatch("[1-7]+", numbers):
        raise ValueError(numbers)
    return t.enumerate(day_name(t, int(number) - 1) for number in numbers)


def _say_times(t: Translator, times: str) -> str:
    first, *rest = (t.clock(time.fromisoformat(one)) for one in times.split("-"))
    return t("{from_time} to {until_time}", from_time=first, until_time=rest[0]) if rest else first


def _read_until(line: AuditLine, zone: ZoneInfo) -> datetime | None:
    """The time on the wall where somebody handed over, as it is kept; None for anything else."""
    if line.act is not Act.HANDED_OVER:
        return None
    try:
        return datetime.strptime(str(line.detail.get("text", "")), "%Y-%m-%d %H:%M").replace(tzinfo=zone)
    except ValueError:
        return None


def _describe_shift(t: Translator, text: str) -> str:
    found = _OF_DAY.fullmatch(text)
    if found is None:
        return text
    timetable, day = found[1], t.day(date.fromisoformat(found[2]))
    return " · ".join(t.isolate(one) for one in (timetable, day) if one)


def _describe_whose(t: Translator, line: AuditLine) -> str:
    """For whom they stood in; lines written before we kept it do not say."""
    whose = [describe_person(t, name, code) for code, name in line.detail.get("stood_in_for", ())]
    return t("standing in for {name}", name=t.enumerate(whose)) if whose else ""
