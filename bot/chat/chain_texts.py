"""Why somebody is missing, or is not: the chain of gates in words."""

from zoneinfo import ZoneInfo

from bot.attendance.chain import Chain, Gate, Step, Stop
from bot.attendance.facts import Rules
from bot.i18n import N_, Translator

# By the gate, and by whether it saw a time.
_PASSED: dict[tuple[Gate, bool], str] = {
    (Gate.EMPLOYED, False): N_("✅ Is employed, and keeps attendance."),
    (Gate.TIMETABLE, True): N_("✅ Timetable {name}, from {at}."),
    (Gate.FIXED_HOURS, False): N_("✅ Has fixed hours."),
    (Gate.NO_HOLIDAY, False): N_("✅ No holiday."),
    (Gate.NO_LEAVE, False): N_("✅ No leave."),
    (Gate.NO_LEAVE, True): N_("✅ On leave until {at}: due after that."),
    (Gate.NO_PERMISSION, False): N_("✅ Nobody has excused them."),
    (Gate.OVERDUE, True): N_("✅ Missing since {at}: {grace} of grace and {delay} of patience are over."),
    (Gate.NO_PUNCH, False): N_("✅ No punch, anywhere."),
    (Gate.NO_PUNCH, True): N_("✅ No punch. The last one was on {at}."),
    (Gate.FRESH, True): N_("✅ BioTime was read on {at}, and every terminal here is heard of."),
}
EXCUSES: dict[str, str] = {
    "field": N_("Works elsewhere today"),
    "permission": N_("Has permission"),
    "sick": N_("Is sick"),
    "known": N_("I know of it"),
}
_STOPPED: dict[Stop, str] = {
    Stop.LEFT: N_("✋ Has left the company."),
    Stop.NOT_HIRED_YET: N_("✋ Begins on {name}."),
    Stop.ATTENDANCE_OFF: N_("✋ Keeps no attendance."),
    Stop.EXCLUDED: N_("✋ Is left out of alerts."),
    Stop.NO_TIMETABLE: N_("✋ Has no timetable today."),
    Stop.REST_DAY: N_("✋ Has a rest day."),
    Stop.FLEXIBLE: N_("✋ Has flexible hours: {name}."),
    Stop.HOLIDAY: N_("✋ Has a holiday. {name}"),
    Stop.LEAVE: N_("✋ Is on leave until {at}. {name}"),
    Stop.EXCUSED: N_("✋ Is excused: {name}"),
    Stop.NOT_YET: N_("✋ Is missing only from {at} on."),
    Stop.OVER: N_("✋ The shift is over."),
    Stop.PUNCHED: N_("✋ Punched at {at}. {name}"),
    Stop.DOUBTED: N_("✋ A punch arrived at {at} from a terminal whose clock is wrong. {name}"),
    Stop.INSIDE: N_("✋ Came at {at} for the shift before and has not gone. {name}"),
    Stop.LOG_PENDING: N_("✋ A manual log for {at} is waiting for approval."),
    Stop.SYNC_LATE: N_("✋ BioTime was last read at {at}: too old to tell."),
    Stop.TERMINAL_SILENT: N_("✋ {name} was last heard of at {at}: a punch may still come."),
    Stop.TOLD: N_("✅ You were told already."),
}


def describe_chain(t: Translator, name: str, chain: Chain, rules: Rules, zone: ZoneInfo) -> str:
    """The gates as sentences, one a line."""
    lines = [_describe_step(t, step, rules, zone) for step in chain.steps]
    return "\n".join([t("Why {name}?", name=name), "", *(line for line in lines if line)])


def _describe_step(t: Translator, step: Step, rules: Rules, zone: ZoneInfo) -> str:
    at = t.day_and_time(step.at, zone) if step.at else ""
    if step.stop is not None:
        return describe_stop(t, step, zone)
    said = _PASSED.get((step.gate, bool(at))) or _PASSED.get((step.gate, not at))
    if said is None:
        return ""
    grace, delay = t.duration(rules.grace), t.duration(rules.delay)
    return t(said, at=at, name=step.name, grace=grace, delay=delay)


def describe_stop(t: Translator, step: Step, zone: ZoneInfo) -> str:
    """Which gate did not let pass, and why."""
    assert step.stop is not None
    at = t.day_and_time(step.at, zone) if step.at else ""
    if not at and step.stop is Stop.SYNC_LATE:
        return t("✋ BioTime was never read.")
    if not at and step.stop is Stop.LEAVE:
        return t("✋ Is on leave.")
    name = t.gettext(EXCUSES[step.name]) if step.name in EXCUSES else step.name
    return t(_STOPPED[step.stop], at=at, name=name).rstrip()
