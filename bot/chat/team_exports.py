"""A manager's people as a file: which days, which kind of file, and then it comes.

Buttons: `team:export`, `team:export:20260301-20260331`, `team:export-xlsx:…` and `team:export-pdf:…` with the same.
Days may be typed, too, also behind `/team export`. Whose people they are is looked up for who asks.
"""

from datetime import date
from typing import Any

import structlog
from telegram import InlineKeyboardMarkup
from telegram.constants import ChatAction
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.biotime.errors import BioTimeError
from bot.chat import export_keyboards, summary_texts, team_texts
from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import Cards
from bot.chat.errands import Doing, Errands
from bot.chat.export_keyboards import TEAMS
from bot.chat.periods import FORM, Period, describe_too_old, is_slip, read_named, read_period
from bot.chat.phrases import read_wish
from bot.chat.visit import Reception, Visit
from bot.chat.waiting import showing
from bot.chat.wanted import ask_to_log_in
from bot.papers.press import NoPaper, Press
from bot.papers.team_ledger import TeamLedger
from bot.services.exporting import MOST_PEOPLE, Crowd, Exporting
from bot.services.managing import Refused
from bot.services.service_account import NoServiceAccount
from bot.services.timecards import Reach
from bot.services.totals import Totals
from bot.services.workdays import FIRST_DAY, count_months
from bot.store.conversations import Conversation
from bot.store.links import Link
from bot.store.roster import RosterPerson

log = structlog.get_logger(__name__)

EXPORT = "export"
_BUILDERS = {"xlsx": "bot.papers.team_sheet:write_team_sheet", "pdf": "bot.papers.team_pdf:write_team_pdf"}
# Thirty pages; more would take longer than the press waits for.
MOST_ON_PAPER = 1000


class TeamExportsChat:
    def __init__(
        self,
        reception: Reception,
        exporting: Exporting,
        press: Press,
        conversations: Conversations,
        errands: Errands,
    ) -> None:
        self._reception = reception
        self._exporting = exporting
        self._press = press
        self._conversations = conversations
        self._cards = Cards(conversations)
        self._errands = errands

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives = self._reception.receives
        return [
            CallbackQueryHandler(receives(self.on_begin), "^team:export$"),
            CallbackQueryHandler(receives(self.on_period), f"^team:export:{FORM}$"),
            CallbackQueryHandler(receives(self.on_file), f"^team:export-(?:xlsx|pdf):{FORM}$"),
        ]

    async def on_begin(self, visit: Visit) -> None:
        people = await self._find_people(visit, None)
        if people is None or visit.link is None:
            return
        today = self._exporting.today(visit.link.company)
        await self._cards.show(visit, TEAMS, {}, _ask_days(visit, today), self._periods(visit))

    async def on_typed(self, visit: Visit) -> None:
        """`/team export`, with days behind it or not."""
        today = None if visit.link is None else self._exporting.today(visit.link.company)
        period = None if today is None else read_period(visit.text, today)
        if period is None:
            await self.on_begin(visit)
        else:
            await self._ask_kind(visit, period)

    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        """Days, or the kind of file; other figures are a slip, and any other words, a wish among them, are not meant
        for us."""
        if conversation.dialog != TEAMS or visit.link is None or read_wish(visit.text, visit.t.language) is not None:
            return False
        named = read_named(visit.text, self._exporting.today(visit.link.company))
        chosen = conversation.data.get("period", "")
        kind = export_keyboards.read_kind(visit.text) if chosen else None
        if kind is not None:
            await self._export(visit, Period.read(chosen), kind)
        elif named is not None:
            await self._ask_kind(visit, named)
        elif is_slip(visit.text):
            await self.on_typed(visit)
        else:
            return False
        return True

    async def on_period(self, visit: Visit) -> None:
        period = _read(visit)
        await (self.on_begin(visit) if period is None else self._ask_kind(visit, period))

    async def on_file(self, visit: Visit) -> None:
        query, period = visit.update.callback_query, _read(visit)
        assert query is not None
        if period is None:
            await self.on_begin(visit)
            return
        kind = "pdf" if visit.argument.startswith("export-pdf") else "xlsx"
        await self._export(visit, period, kind)

    async def _ask_kind(self, visit: Visit, period: Period) -> None:
        found = await self._check(visit, period)
        if found is None:
            return
        t, wanted = visit.t, found[1]
        said = t("Your team from {first} to {last}. As which file?", **_dates(visit, wanted))
        # The kind of file may be typed, and so may other days.
        buttons = export_keyboards.build_kinds(t, wanted, TEAMS)
        await self._cards.show(visit, TEAMS, {"period": str(wanted)}, said, buttons)

    async def _export(self, visit: Visit, period: Period, kind: str) -> None:
        found = await self._check(visit, period)
        if found is None or visit.link is None:
            return
        people, wanted = found
        if kind == "pdf" and len(people) > MOST_ON_PAPER:
            said = visit.t("Your team is {n} people, and a PDF holds {most}. The Excel sheet holds them all.",
                           n=len(people), most=MOST_ON_PAPER)  # fmt: skip
            await visit.show(said, export_keyboards.build_kinds(visit.t, wanted, TEAMS))
            return
        if await self._errands.is_busy(visit):
            return
        await self._conversations.end(visit.chat_id)
        await self._begin(visit, visit.link, people, wanted, kind)

    async def _begin(self, visit: Visit, link: Link, people: list[RosterPerson], period: Period, kind: str) -> None:
        async def send(doing: Doing) -> bool:
            return await self._send(visit, link, people, period, kind, doing=doing)

        said = visit.t("⏳ Fetching the time cards of your team…")
        await self._errands.begin(visit, f"team:export-{kind}:{period}", send, said)

    async def _check(self, visit: Visit, period: Period) -> tuple[list[RosterPerson], Period] | None:
        """Whose, and which days of it are not still to come; None where it has been said why not."""
        people = await self._find_people(visit, max(period.first, FIRST_DAY))
        if people is None or visit.link is None:
            return None
        t, wanted = visit.t, period.until(self._exporting.today(visit.link.company))
        if wanted.last < wanted.first:
            await visit.show(t("These days are still to come. Which days?"), self._periods(visit))
        elif wanted.is_too_old:
            await visit.show(describe_too_old(t), self._periods(visit))
        elif wanted.is_too_long:
            await visit.show(t("That is more than a year: please choose fewer days."), self._periods(visit))
        else:
            return people, wanted
        return None

    async def _find_people(self, visit: Visit, first: date | None) -> list[RosterPerson] | None:
        """None where it has been said why not."""
        if visit.link is None:
            await ask_to_log_in(visit)
            return None
        people = await self._exporting.find_people(visit.link, first or self._exporting.today(visit.link.company))
        match people:
            case Refused(reason):
                await visit.say(team_texts.describe_refusal(visit.t, reason))
            case Crowd(number):
                await visit.show(
                    visit.t("Your team is {n} people, and one file holds {most}. Each manager can export their own.",
                            n=number, most=MOST_PEOPLE)
                )  # fmt: skip
            case _:
                return list(people)
        return None

    async def _send(
        self, visit: Visit, link: Link, people: list[RosterPerson], period: Period, kind: str, *, doing: Doing
    ) -> bool:
        """Whether there is a file, below the message that says how far it is; else that says why not."""
        t, done = visit.t, False
        said = t("✅ Your team from {first} to {last}: the file is below.", **_dates(visit, period))
        try:
            async with showing(visit, ChatAction.UPLOAD_DOCUMENT):
                totals = await self._collect(visit, link, people, period, doing)
                made = await self._press.make(_BUILDERS[kind], self._build_ledger(visit, link, period, totals))
        except (BioTimeError, NoServiceAccount):
            said = summary_texts.describe_no_answer(t, Reach.NO_ANSWER)
        except NoPaper as problem:
            log.warning("no paper", reason=str(problem))
            said = t("I could not make the file just now. Please try again in a minute.")
        else:
            await doing.end()
            await visit.bot.send_document(visit.chat_id, made, filename=f"team-{period.first}-{period.last}.{kind}")
            done = True
        await visit.rewrite(doing.shown, said, export_keyboards.build_kinds(t, period, TEAMS, done=True))
        return done

    async def _collect(
        self, visit: Visit, link: Link, people: list[RosterPerson], period: Period, doing: Doing
    ) -> tuple[Totals, ...]:
        """Month by month. Raises as `Exporting.fetch_months`."""
        t, months = visit.t, count_months(period.first, period.last)
        sums: tuple[Totals, ...] = ()
        done = 0
        async for so_far in self._exporting.fetch_months(link, people, period.first, period.last):
            sums, done = so_far, done + 1
            if done < months:
                await doing.say(t("⏳ {done} of {months} months…", done=done, months=months))
        return sums

    def _build_ledger(self, visit: Visit, link: Link, period: Period, totals: tuple[Totals, ...]) -> TeamLedger:
        return TeamLedger(
            language=visit.t.language,
            company=link.company,
            first=period.first,
            last=period.last,
            made_on=self._exporting.today(link.company),
            people=len(totals),
            totals=totals,
        )

    def _periods(self, visit: Visit) -> InlineKeyboardMarkup | None:
        if visit.link is None:
            return None
        return export_keyboards.build_periods(visit.t, self._exporting.today(visit.link.company), TEAMS)


def _read(visit: Visit) -> Period | None:
    try:
        return Period.read(visit.argument.partition(":")[2])
    except ValueError:
        return None


def _ask_days(visit: Visit, today: date) -> str:
    return visit.t(
        "Your team as a file: days worked, late, absent, on leave, overtime. Which days? Tap a button, or type the "
        "first and the last day, for example {first} {last}.",
        first=today.replace(day=1).isoformat(),
        last=today.isoformat(),
    )


def _dates(visit: Visit, period: Period) -> dict[str, str]:
    return {"first": visit.t.date(period.first), "last": visit.t.date(period.last)}
