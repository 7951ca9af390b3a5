"""`/audit`: who did what, for HR, page by page."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.chat import keyboards
from bot.chat.approval_texts import describe_asked, describe_person, read_reason
from bot.chat.audit_texts import describe_changes, describe_kept, describe_whom
from bot.chat.chain_texts import EXCUSES
from bot.chat.charge_texts import describe_scope
from bot.chat.visit import Reception, Visit
from bot.chat.wanted import ask_to_log_in
from bot.i18n import N_, Translator
from bot.services.decision_news import DecisionNews
from bot.services.managing import Refused
from bot.store.audit_lines import Act, AuditLine
from bot.store.managers import Scope

PAGE = 10
_ACTS: dict[Act, str] = {
    Act.APPROVED: N_("approved"),
    Act.REFUSED: N_("refused"),
    Act.MANAGER_ADDED: N_("made a manager"),
    Act.MANAGER_REMOVED: N_("took off as a manager"),
    Act.HANDED_OVER: N_("handed over to:"),
    Act.TOOK_BACK: N_("took back their people from:"),
    Act.RULES_CHANGED: N_("changed the rules of alerts"),
    Act.MUSTERED: N_("called the roll"),
    Act.SEEN: N_("looked at a card"),
    Act.ASKED: N_("asked where they are"),
    Act.EXCUSED: N_("entered an excuse for"),
    Act.UNEXCUSED: N_("took back the excuse of"),
    Act.SNOOZED: N_("put off for later"),
    Act.UNSNOOZED: N_("no longer puts off"),
    Act.CHOSE: N_("changed when they are told"),
    Act.EXCLUDED: N_("left out of alerts:"),
    Act.INCLUDED: N_("took back into alerts:"),
}
# Whose sentence ends with whom it is about.
_NAMING = (Act.EXCLUDED, Act.INCLUDED, Act.HANDED_OVER, Act.TOOK_BACK)
# Lines written before we kept from whom.
_TOOK_BACK = N_("took back")


class AuditChat:
    def __init__(self, reception: Reception, news: DecisionNews) -> None:
        self._reception = reception
        self._news = news

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("audit", receives(self.on_audit), new),
            CallbackQueryHandler(receives(self.on_audit), r"^audit:\d{1,4}$"),
        ]

    async def on_audit(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        page = int(visit.argument or 0)
        lines = await self._news.load_audit(visit.link, page, PAGE)
        if isinstance(lines, Refused):
            await visit.say(visit.t("This is for HR only."))
            return
        newer = [(visit.t("‹ Newer"), f"audit:{page - 1}")] if page else []
        older = [(visit.t("Older ›"), f"audit:{page + 1}")] if len(lines) > PAGE else []
        buttons = keyboards.build_inline(visit.t, [[*newer, *older]]) if newer or older else None
        await visit.show(describe_audit(visit.t, lines[:PAGE], page, visit.zone), buttons)


def describe_audit(t: Translator, lines: Sequence[AuditLine], page: int, zone: ZoneInfo) -> str:
    head = t("Who did what, page {number}", number=page + 1)
    if not lines:
        return "\n".join([f"🧾 {head}", t("Nothing yet.")])
    return "\n\n".join([f"🧾 {head}", *(describe_audit_line(t, line, zone) for line in lines)])


def describe_audit_line(t: Translator, line: AuditLine, zone: ZoneInfo) -> str:
    about = [t.isolate(describe_whom(t, line, zone))] if line.emp_code else []
    if "at" in line.detail:
        about.append(describe_asked(t, line, zone))
    changes = describe_changes(t, line)
    if not changes and (said := _describe_place(t, line) or describe_kept(t, line, zone)):
        about.append(t.isolate(said))
    did = f"{_describe_who(t, line)} {t.gettext(_say_act(line))}"
    if line.act in _NAMING and about:
        did = f"{did} {about.pop(0)}"
    said = "\n".join([" · ".join([t.isolate(t.day_and_time(line.at, zone)), did, *about]), *changes])
    if not line.reason:
        return said
    # An excuse chosen by its button is kept as a word of ours.
    chosen = EXCUSES.get(line.reason) if line.act is Act.EXCUSED else None
    reason = t.gettext(chosen) if chosen else read_reason(t, line.reason)
    return "\n".join([said, t("Reason: {reason}", reason=reason)])


def _say_act(line: AuditLine) -> str:
    return _TOOK_BACK if line.act is Act.TOOK_BACK and not line.emp_code else _ACTS[line.act]


def _describe_who(t: Translator, line: AuditLine) -> str:
    """Whoever runs the installation has no code: the command says who it was."""
    return t.isolate(describe_person(t, line.by_name, line.by_code) if line.by_code else line.by_name)


def _describe_place(t: Translator, line: AuditLine) -> str:
    """The people that a line is about, where it is not one alone; "" where it is."""
    name = str(line.detail.get("text", ""))
    if line.act in (Act.EXCLUDED, Act.INCLUDED):
        return "" if line.emp_code else t("department {name}", name=name)
    scope = line.detail.get("scope")
    return describe_scope(t, Scope(scope), name) if scope in list(Scope) else ""
