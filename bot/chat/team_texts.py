"""What managers read of their people, and HR of its managers."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from bot.chat.alert_texts import describe_notice
from bot.chat.approval_texts import describe_person
from bot.chat.charge_texts import describe_scope
from bot.i18n import N_, Translator
from bot.services.appointing import Charge
from bot.services.managing import Refusal
from bot.services.team import Profile, SiteNow
from bot.store.roster import RosterPerson

_REFUSALS: dict[Refusal, str] = {
    Refusal.NOT_HR: N_("This is for HR only."),
    Refusal.NOT_MANAGER: N_("You manage nobody in Hadir yet. HR can change that."),
    Refusal.UNKNOWN_PERSON: N_("There is nobody of that name among your people."),
    Refusal.UNKNOWN_PLACE: N_("BioTime has no such department or area any more."),
    Refusal.THERE_ALREADY: N_("They manage exactly that already."),
    Refusal.NOT_THERE: N_("That is gone already."),
    Refusal.WRONG_PERIOD: N_("That period is over before it begins."),
    Refusal.LEFT_OUT_ALREADY: N_("That is left out already."),
}
# Names in one message: more are counted.
MOST_NAMES = 40


def describe_refusal(t: Translator, refusal: Refusal) -> str:
    return t.gettext(_REFUSALS[refusal])


# -- the team ----------------------------------------------------------------------------------------------------------


def describe_hub(t: Translator, people: int) -> str:
    return t.plural("👥 Your team: {n} person", "👥 Your team: {n} people", people)


def describe_sites(t: Translator, sites: Sequence[SiteNow], zone: ZoneInfo, shown: Sequence[SiteNow]) -> str:
    """Of those `shown` all names where the team is small; how many there are of all `sites`."""
    present, everybody = sum(len(s.present) for s in sites), sum(len(s.present) + len(s.away) for s in sites)
    head = t("📍 In now: {present} of {all}", present=present, all=everybody)
    if everybody > MOST_NAMES:
        return "\n".join([head, "", *(_count_site(t, site) for site in shown)])
    return "\n\n".join([head, *(_list_site(t, site, zone) for site in shown)])


def describe_site(t: Translator, site: SiteNow, zone: ZoneInfo) -> str:
    """Everybody, one a line."""
    present = [f"🟢 {t.isolate(one.person.name)} · {t.time(one.since, zone)}" for one in site.present]
    away = [f"⚪ {t.isolate(one.name)}" for one in site.away]
    return "\n".join([t.lay_out(_count_site(t, site)), *present, *away])


def _count_site(t: Translator, site: SiteNow) -> str:
    count = t("{present} of {all}", present=len(site.present), all=len(site.present) + len(site.away))
    name = site.name or t("No area")
    return "📍 " + t.field(t.isolate(name), t.isolate(count))


def _list_site(t: Translator, site: SiteNow, zone: ZoneInfo) -> str:
    lines = [t.lay_out(_count_site(t, site))]
    lines += [f"🟢 {t.isolate(one.person.name)} · {t.time(one.since, zone)}" for one in site.present[:MOST_NAMES]]
    lines += _say_more(t, len(site.present) - MOST_NAMES)
    if site.away:
        names = t.enumerate(one.name for one in site.away[:MOST_NAMES])
        lines.append(t("⚪ Not in: {names}", names=names))
        lines += _say_more(t, len(site.away) - MOST_NAMES)
    return "\n".join(lines)


def _say_more(t: Translator, left: int) -> list[str]:
    return [t("… and {n} more", n=left)] if left > 0 else []


def describe_profile(t: Translator, profile: Profile, zone: ZoneInfo) -> str:
    person = profile.person
    lines = [f"👤 {describe_person(t, person.name, person.emp_code)}"]
    for label, value in (
        (t("Position"), person.position),
        (t("Department"), profile.department),
        (t("Area"), t.enumerate(profile.areas)),
        (t("Phone"), person.phone or ""),
    ):
        if value:
            lines.append(t.field(label, t.isolate(value)))
    now = t("🟢 In since {time}.", time=t.time(profile.since, zone)) if profile.since else t("⚪ Not in now.")
    said = [f"💬 {describe_notice(t, profile.said)}"] if profile.said else []
    return t.lay_out("\n".join([*lines, "", now, *said]))


# -- managers ----------------------------------------------------------------------------------------------------------


def describe_charges(t: Translator, charges: Iterable[Charge], gaps: int) -> str:
    lines = [f"• {describe_charge(t, charge)}" for charge in charges]
    head = t("👔 Who manages whom")
    said = "\n".join([head, *(lines or [t("Nobody is a manager yet: nobody is told who is missing.")])])
    if not gaps:
        return said
    gap = t.plural("⚠️ Nobody manages {n} person.", "⚠️ Nobody manages {n} people.", gaps)
    return "\n\n".join([said, gap])


def describe_charge(t: Translator, charge: Charge) -> str:
    who = describe_person(t, charge.name, charge.manager.emp_code)
    return t.field(t.isolate(who), t.isolate(describe_scope(t, charge.manager.scope, charge.manager.scope_name)))


def describe_gaps(t: Translator, people: Sequence[RosterPerson], page: int, size: int) -> str:
    head = t.plural("⚠️ Nobody manages {n} person.", "⚠️ Nobody manages {n} people.", len(people))
    shown = people[page * size : (page + 1) * size]
    return "\n".join([head, "", *(f"• {describe_person(t, one.name, one.emp_code)}" for one in shown)])
