"""A manager's people: the hub under 👥 Team, who is in now, find a person, their day, week and month.

Buttons: `team`, `team:in`, `team:site:3`, `team:find`, `person:1001`, and `team:week:2026-03-02:1001`, likewise `month`
and `day`. Whose an employee code is gives no right to anything: that is looked up for who presses.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from telegram import InlineKeyboardMarkup
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.chat import summary_texts, team_texts
from bot.chat.alert_texts import paginate
from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import begin, drop_question
from bot.chat.keyboards import Row, build_inline
from bot.chat.team_exports import EXPORT, TeamExportsChat
from bot.chat.visit import Reception, Visit
from bot.chat.wanted import ask_to_log_in
from bot.i18n import Translator
from bot.services.managing import HR, Refused
from bot.services.summaries import OLDEST, DayDetail
from bot.services.team import MOST_FOUND, Found, Team
from bot.services.timecards import Reach
from bot.services.workdays import DAY, Overview, month_of
from bot.store.conversations import Conversation

ASK_NAME = "team:find"
# Sites on one page, and letters of a long list.
SITES, PAGE = 20, 2000
_DATE = r"\d{4}-\d\d-\d\d"
_CODE = r".{1,40}"
_BACK = "team"


class TeamChat:
    def __init__(
        self, reception: Reception, team: Team, conversations: Conversations, exports: TeamExportsChat
    ) -> None:
        self._reception = reception
        self._team = team
        self._conversations = conversations
        self._exports = exports

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("team", receives(self.on_team), new),
            CallbackQueryHandler(receives(self.on_team), "^team$"),
            CallbackQueryHandler(receives(self.on_sites), r"^team:in(:\d{1,3})?$"),
            CallbackQueryHandler(receives(self.on_site), r"^team:site:\d{1,12}(:\d{1,3})?$"),
            CallbackQueryHandler(receives(self.on_find), "^team:find$"),
            CallbackQueryHandler(receives(self.on_person), rf"^person:{_CODE}$"),
            CallbackQueryHandler(receives(self.on_week), rf"^team:week:{_DATE}:{_CODE}$"),
            CallbackQueryHandler(receives(self.on_month), rf"^team:month:{_DATE}:{_CODE}$"),
            CallbackQueryHandler(receives(self.on_day), rf"^team:day:{_DATE}:{_CODE}$"),
        ]

    async def on_team(self, visit: Visit) -> None:
        """`/team Mona` goes straight to her, and `/team export` to a file; days may follow."""
        typed = visit.text.partition(" ")[2].strip() if visit.update.callback_query is None else ""
        if typed.split(maxsplit=1)[:1] == [EXPORT]:
            await self._exports.on_typed(visit)
            return
        if typed and visit.link is not None:
            await self._show_found(visit, typed)
            return
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        people = await self._team.count(visit.link)
        if isinstance(people, Refused):
            await visit.say(team_texts.describe_refusal(visit.t, people.reason))
            return
        await drop_question(visit, self._conversations, ASK_NAME)
        await visit.show(team_texts.describe_hub(visit.t, people), _build_hub(visit.t, visit.link.app_role))

    # -- who is in -----------------------------------------------------------------------------------------------------

    async def on_sites(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        sites = await self._team.who_is_in(visit.link)
        if isinstance(sites, Refused):
            await visit.say(team_texts.describe_refusal(visit.t, sites.reason))
            return
        t, last = visit.t, max(len(sites) - 1, 0) // SITES
        page = min(int(visit.argument.removeprefix("in:")), last) if visit.argument.startswith("in:") else 0
        shown = sites[page * SITES : (page + 1) * SITES]
        rows: list[Row] = [[(site.name or t("No area"), f"team:site:{site.area_id}")] for site in shown]
        again = [(t("🔄 Look again"), "team:in"), (t("‹ Back"), _BACK)]
        several = [*rows, _build_steps(t, "team:in", page, last)] if len(sites) > 1 else []
        said = team_texts.describe_sites(t, sites, visit.zone, shown)
        await visit.show(said, build_inline(t, [*several, again]))

    async def on_site(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        sites = await self._team.who_is_in(visit.link)
        _, wanted, *later = visit.argument.split(":")
        site = None if isinstance(sites, Refused) else next((one for one in sites if one.area_id == int(wanted)), None)
        if site is None:
            await self.on_sites(visit)
            return
        pages = paginate(team_texts.describe_site(visit.t, site, visit.zone), PAGE)
        page = min(int(later[0]) if later else 0, len(pages) - 1)
        steps = _build_steps(visit.t, f"team:site:{wanted}", page, len(pages) - 1)
        back = (visit.t("📍 Who is in"), "team:in")
        await visit.show(pages[page], build_inline(visit.t, [steps, [back]]))

    # -- find ----------------------------------------------------------------------------------------------------------

    async def on_find(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        people = await self._team.count(visit.link)
        if isinstance(people, Refused):
            await visit.say(team_texts.describe_refusal(visit.t, people.reason))
            return
        await drop_question(visit, self._conversations, ASK_NAME)
        await begin(visit, self._conversations, Conversation(ASK_NAME), visit.pressed_id)
        await visit.show(visit.t("Whom do you look for? Type a part of the name, or the employee code."))

    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        if conversation.dialog != ASK_NAME:
            return False
        await self._show_found(visit, visit.text)
        return True

    async def _show_found(self, visit: Visit, typed: str) -> None:
        assert visit.link is not None
        found = await self._team.find(visit.link, typed)
        if isinstance(found, Refused):
            await visit.say(team_texts.describe_refusal(visit.t, found.reason))
            return
        if not found.people:
            await visit.say(visit.t("I found nobody. Type another part of the name, or /cancel."))
            return
        await self._conversations.end(visit.chat_id)
        if len(found.people) == 1:
            await self._show_person(visit, found.people[0].emp_code)
            return
        await visit.say(_say_found(visit.t, found), build_found(visit.t, found))

    async def on_person(self, visit: Visit) -> None:
        await self._show_person(visit, visit.argument)

    async def _show_person(self, visit: Visit, emp_code: str) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        profile = await self._team.open(visit.link, emp_code)
        if isinstance(profile, Refused):
            await visit.say(team_texts.describe_refusal(visit.t, profile.reason))
            return
        buttons = _build_profile(visit.t, emp_code, self._team.today(visit.link.company))
        await visit.show(team_texts.describe_profile(visit.t, profile, visit.zone), buttons)

    # -- their days ----------------------------------------------------------------------------------------------------

    async def on_week(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        day, emp_code = self._read(visit)
        week = await self._team.load_week(visit.link, emp_code, day, visit.t.first_weekday)
        if isinstance(week, Overview):
            said = summary_texts.describe_week(visit.t, week)
            await self._show_days(visit, emp_code, said, _build_week(visit.t, week, emp_code))
        else:
            await _say_why_not(visit, week)

    async def on_month(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        day, emp_code = self._read(visit)
        month = await self._team.load_month(visit.link, emp_code, day)
        if isinstance(month, Overview):
            said = summary_texts.describe_month(visit.t, month)
            await self._show_days(visit, emp_code, said, _build_month(visit.t, month, emp_code))
        else:
            await _say_why_not(visit, month)

    async def on_day(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        day, emp_code = self._read(visit)
        detail = await self._team.load_day(visit.link, emp_code, day)
        if isinstance(detail, DayDetail):
            today = self._team.today(visit.link.company)
            said = summary_texts.describe_day(visit.t, detail, visit.zone, today)
            buttons = _build_day(visit.t, day, emp_code, today)
            await self._show_days(visit, emp_code, said, buttons)
        else:
            await _say_why_not(visit, detail)

    async def _show_days(self, visit: Visit, emp_code: str, said: str, buttons: InlineKeyboardMarkup) -> None:
        """Whose they are stands above."""
        assert visit.link is not None
        profile = await self._team.open(visit.link, emp_code)
        name = emp_code if isinstance(profile, Refused) else profile.person.name
        await visit.show(visit.t.lay_out("\n".join([f"👤 {visit.t.isolate(name)}", said])), buttons)

    def _read(self, visit: Visit) -> tuple[date, str]:
        """The day a button names, or the nearest there is to see."""
        assert visit.link is not None
        _, said, emp_code = visit.argument.split(":", 2)
        today = self._team.today(visit.link.company)
        try:
            wanted = date.fromisoformat(said)
        except ValueError:
            wanted = today
        return max(month_of(today - OLDEST)[0], min(wanted, today)), emp_code


async def _say_why_not(visit: Visit, problem: Reach | Refused) -> None:
    if isinstance(problem, Refused):
        await visit.say(team_texts.describe_refusal(visit.t, problem.reason))
        return
    await visit.say(summary_texts.describe_no_answer(visit.t, Reach.NO_ANSWER))


def _build_steps(t: Translator, data: str, page: int, last: int) -> Row:
    before = [(t("‹ Back"), f"{data}:{page - 1}")] if page else []
    return [*before, *([(t("More ›"), f"{data}:{page + 1}")] if page < last else [])]


def _say_found(t: Translator, found: Found) -> str:
    if found.more:
        return t("The first {n} of many. Type more of the name to see fewer.", n=MOST_FOUND)
    return t("Whom do you mean?")


def build_found(t: Translator, found: Found, prefix: str = "person") -> InlineKeyboardMarkup:
    rows = [[(f"{one.name} · {one.emp_code}", f"{prefix}:{one.emp_code}")] for one in found.people]
    return build_inline(t, rows)


def _build_hub(t: Translator, app_role: int) -> InlineKeyboardMarkup:
    rows: list[Row] = [
        [(t("📍 Who is in"), "team:in"), (t("🔎 Find a person"), "team:find")],
        [(t("🗳 To approve"), "approvals:0"), (t("🔔 Alerts"), "alerts")],
        [(t("🚨 Roll call"), "muster"), (t("📤 Export"), "team:export")],
    ]
    hr: Sequence[Row] = [
        [(t("👔 Managers"), "managers"), (t("🧾 Who did what"), "audit:0")],
        [(t("🏢 The company's rules"), "rules")],
    ]
    return build_inline(t, [*rows, *(hr if app_role == HR else [])])


def _build_profile(t: Translator, emp_code: str, today: date) -> InlineKeyboardMarkup:
    day, week, month = (f"team:{kind}:{today}:{emp_code}" for kind in ("day", "week", "month"))
    return build_inline(t, [[(t("Today"), day), (t("Week"), week), (t("Month"), month)], [(t("‹ Back"), _BACK)]])


def _build_week(t: Translator, week: Overview, emp_code: str) -> InlineKeyboardMarkup:
    earlier, later = week.first - 7 * DAY, week.last + DAY
    steps = [(f"‹ {t.day(earlier)}", f"team:week:{earlier}:{emp_code}")]
    if later <= week.today:
        steps.append((f"{t.day(later)} ›", f"team:week:{later}:{emp_code}"))
    days = [(t.number(d.workdate.day), f"team:day:{d.workdate}:{emp_code}") for d in week.days]
    return build_inline(t, [days, steps, [_to_person(t, emp_code)]])


def _build_month(t: Translator, month: Overview, emp_code: str) -> InlineKeyboardMarkup:
    earlier, later = (month.first - DAY).replace(day=1), month.last + DAY
    steps = [(f"‹ {t.month(earlier)}", f"team:month:{earlier}:{emp_code}")]
    if later <= month.today:
        steps.append((f"{t.month(later)} ›", f"team:month:{later}:{emp_code}"))
    return build_inline(t, [steps, [_to_person(t, emp_code)]])


def _build_day(t: Translator, day: date, emp_code: str, today: date) -> InlineKeyboardMarkup:
    steps = [(f"‹ {t.day(day - DAY)}", f"team:day:{day - DAY}:{emp_code}")]
    if day < today:
        steps.append((f"{t.day(day + DAY)} ›", f"team:day:{day + DAY}:{emp_code}"))
    return build_inline(t, [steps, [(t("Week"), f"team:week:{day}:{emp_code}"), _to_person(t, emp_code)]])


def _to_person(t: Translator, emp_code: str) -> tuple[str, str]:
    return t("‹ Back"), f"person:{emp_code}"
