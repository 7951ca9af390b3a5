"""`/alerts`: when a manager is told, when it is quiet, the daily summary, who stands in; and HR's rules.

Buttons: `alerts`, `alerts:delay` shows the choices and `alerts:delay:15` takes one; likewise `quiet`, `digest`,
`weekly`, `escalate`, `requests`, `acting`, and `days` with `alerts:days:5:on`; `rules` and `rules:grace:10` are HR's.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.chat import settings_texts, team_texts
from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import begin
from bot.chat.keyboards import Row, build_inline
from bot.chat.team import build_found
from bot.chat.visit import Reception, Visit
from bot.chat.wanted import ask_to_log_in
from bot.i18n import N_
from bot.services.managing import Refused
from bot.services.settling import Mine, MyChange, Settling, read_quiet, read_wall_time
from bot.services.team import Team, pick_people
from bot.store.conversations import Conversation
from bot.store.manager_settings import AlertSettings, ManagerSettings
from bot.store.managers import StandIn
from bot.store.roster import RosterPerson

ASK_QUIET, ASK_DIGEST, ASK_STAND_IN, ASK_UNTIL = "alerts:quiet", "alerts:digest", "alerts:acting", "alerts:until"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DELAYS, ESCALATES = (0, 5, 10, 15, 30, 60), (0, 15, 30, 60, 120)
DIGESTS = ("06:00", "07:00", "08:00", "09:00", "10:00", "17:00")
QUIETS = ("20:00-06:00", "21:00-07:00", "22:00-06:00", "22:00-07:00")
PERIODS = (1, 2, 3, 7, 14, 30)
RULES = {
    "grace": (0, 5, 10, 15, 30),
    "delay": (0, 5, 10, 15, 30),
    "nudge": (0, 5, 10, 15),
    "incident": (40, 50, 60, 75, 90),
}


class ManagerSettingsChat:
    def __init__(self, reception: Reception, settling: Settling, team: Team, conversations: Conversations) -> None:
        self._reception = reception
        self._settling = settling
        self._team = team
        self._conversations = conversations

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        what = "delay|quiet|digest|days|weekly|escalate|requests|acting"
        return [
            CommandHandler("alerts", receives(self.on_settings), new),
            CallbackQueryHandler(receives(self.on_settings), "^alerts$"),
            CallbackQueryHandler(receives(self.on_choices), f"^alerts:({what})$"),
            CallbackQueryHandler(receives(self.on_choice), rf"^alerts:({what}):[\w:.-]{{1,40}}$"),
            CallbackQueryHandler(receives(self.on_stand_in), r"^acting:.{1,40}$"),
            CallbackQueryHandler(receives(self.on_rules), "^rules$"),
            CallbackQueryHandler(receives(self.on_rule), rf"^rules:({'|'.join(RULES)}|enabled):\d{{1,3}}$"),
        ]

    # -- a manager's own -----------------------------------------------------------------------------------------------

    async def on_settings(self, visit: Visit) -> None:
        mine = await self._load(visit)
        if mine is None or visit.link is None:
            return
        await self._conversations.end(visit.chat_id)
        buttons = settings_texts.build_settings(visit.t, mine, visit.link.app_role)
        await visit.show(settings_texts.describe_settings(visit.t, mine, visit.zone), buttons)

    async def on_choices(self, visit: Visit) -> None:
        mine = await self._load(visit)
        if mine is None:
            return
        what = visit.argument
        if what == "acting":
            await self._ask_stand_in(visit, mine)
            return
        if what in ("quiet", "digest"):
            await begin(visit, self._conversations, Conversation(f"alerts:{what}"), visit.pressed_id)
        await self._show_choices(visit, what)

    async def _show_choices(self, visit: Visit, what: str) -> None:
        mine = await self._load(visit)
        if mine is None:
            return
        asks, rows = settings_texts.build_choices(visit.t, what, mine.settings, _CHOICES[what])
        back: Row = [(visit.t("‹ Back"), "alerts")]
        await visit.show(asks, build_inline(visit.t, [*rows, back]))

    async def on_choice(self, visit: Visit) -> None:
        mine = await self._load(visit)
        if mine is None or visit.link is None:
            return
        what, _, said = visit.argument.partition(":")
        if said not in _CHOICES[what]:
            # No button of ours says so: whatever it is, nothing is read out of it.
            await self.on_settings(visit)
            return
        if what == "acting":
            await self._settle_acting(visit, said)
        elif what == "delay":
            await self._settling.settle_delay(visit.link, int(said) * MINUTE)
        else:
            await self._settling.settle(visit.link, lambda before: _change(before, what, said))
        if what == "days":
            await self._show_choices(visit, what)
        else:
            await self.on_settings(visit)

    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        if conversation.dialog not in (ASK_QUIET, ASK_DIGEST, ASK_STAND_IN):
            return False
        mine = await self._load(visit)
        if mine is None or visit.link is None:
            return True
        if conversation.dialog == ASK_STAND_IN:
            await self._find_stand_in(visit)
            return True
        chosen = _read_typed(conversation.dialog, visit.text)
        if chosen is None:
            await visit.say(visit.t.gettext(_UNREAD[conversation.dialog]))
            return True
        await self._settling.settle(visit.link, chosen)
        await self.on_settings(visit)
        return True

    # -- standing in ---------------------------------------------------------------------------------------------------

    async def _ask_stand_in(self, visit: Visit, mine: Mine) -> None:
        await begin(visit, self._conversations, Conversation(ASK_STAND_IN), visit.pressed_id)
        t = visit.t
        rows: list[Row] = [[(t("↩ Take it back now"), "alerts:acting:back")]] if mine.acting else []
        asks = t(
            "Who stands in for you? Type a part of the name, or the employee code. It comes back to you by itself."
        )
        await visit.show(asks, build_inline(t, [*rows, [(t("‹ Back"), "alerts")]]))

    async def _find_stand_in(self, visit: Visit) -> None:
        assert visit.link is not None
        found = pick_people(await self._team.find_stand_ins(visit.link), visit.text)
        if not found.people:
            await visit.say(visit.t("I found nobody. Type another part of the name, or /cancel."))
        elif len(found.people) == 1:
            await self._ask_until(visit, found.people[0])
        else:
            await visit.say(visit.t("Whom do you mean?"), build_found(visit.t, found, "acting"))

    async def on_stand_in(self, visit: Visit) -> None:
        if await self._load(visit) is None or visit.link is None:
            return
        people = await self._team.find_stand_ins(visit.link)
        person = next((one for one in people if one.emp_code == visit.argument), None)
        if person is None:
            await self.on_settings(visit)
        else:
            await self._ask_until(visit, person)

    async def _ask_until(self, visit: Visit, person: RosterPerson) -> None:
        asks, chosen = Conversation(ASK_UNTIL, {"emp_code": person.emp_code}), (ASK_STAND_IN, person.name)
        await begin(visit, self._conversations, asks, visit.pressed_id, answers=chosen)
        rows = settings_texts.build_periods(visit.t, PERIODS)
        await visit.show(visit.t("For how long, today included?"), build_inline(visit.t, rows))

    async def _settle_acting(self, visit: Visit, said: str) -> None:
        assert visit.link is not None
        if said == "back":
            await self._settling.take_back(visit.link)
            return
        asked = await self._conversations.find(visit.chat_id)
        if asked is None or asked.dialog != ASK_UNTIL:
            return
        today = self._team.today(visit.link.company)
        until = datetime.combine(today + int(said) * DAY, time(), visit.zone)
        done = await self._settling.hand_over(visit.link, asked.data["emp_code"], until)
        if not isinstance(done, StandIn):
            await visit.say(team_texts.describe_refusal(visit.t, done.reason))

    # -- HR's rules ----------------------------------------------------------------------------------------------------

    async def on_rules(self, visit: Visit) -> None:
        rules = await self._load_rules(visit)
        if rules is not None:
            buttons = build_inline(visit.t, settings_texts.build_rules(visit.t, rules, RULES))
            await visit.show(settings_texts.describe_rules(visit.t, rules), buttons)

    async def on_rule(self, visit: Visit) -> None:
        rules = await self._load_rules(visit)
        if rules is None or visit.link is None:
            return
        what, _, said = visit.argument.partition(":")
        number = int(said)
        if number not in RULES.get(what, (0, 1)):
            await self.on_rules(visit)
            return
        changes: dict[str, Any] = {
            "grace": {"grace": number * MINUTE},
            "delay": {"delay": number * MINUTE},
            "nudge": {"nudge": number * MINUTE},
            "incident": {"incident_percent": max(1, min(number, 100))},
            "enabled": {"enabled": bool(number)},
        }
        await self._settling.change_rules(visit.link, lambda before: replace(before, **changes[what]))
        await self.on_rules(visit)

    async def _load_rules(self, visit: Visit) -> AlertSettings | None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return None
        rules = await self._settling.load_rules(visit.link)
        if isinstance(rules, Refused):
            await visit.say(team_texts.describe_refusal(visit.t, rules.reason))
            return None
        return rules

    async def _load(self, visit: Visit) -> Mine | None:
        """None where it has been said why not."""
        if visit.link is None:
            await ask_to_log_in(visit)
            return None
        mine = await self._settling.load(visit.link)
        if isinstance(mine, Refused):
            await visit.say(team_texts.describe_refusal(visit.t, mine.reason))
            return None
        return mine


_CHOICES: dict[str, tuple[str, ...]] = {
    "acting": (*map(str, PERIODS), "back"),
    "delay": tuple(map(str, DELAYS)),
    "escalate": tuple(map(str, ESCALATES)),
    "digest": (*DIGESTS, "off"),
    "quiet": (*QUIETS, "off"),
    # What the tap is to make of it: on a phone whose list is old it must not do the contrary.
    "days": tuple(f"{day}:{wish}" for day in range(7) for wish in ("on", "off")),
    "weekly": tuple(map(str, range(7))),
    "requests": ("on", "off"),
}


_UNREAD = {
    ASK_QUIET: N_("I read 22:00-06:00 or 22-6. Please type it again, or /cancel."),
    ASK_DIGEST: N_("I read 07:30 or 7. Please type it again, or /cancel."),
}


def _read_typed(dialog: str, typed: str) -> MyChange | None:
    if dialog == ASK_DIGEST:
        at = read_wall_time(typed)
        return None if at is None else lambda before: replace(before, digest_at=at)
    quiet = read_quiet(typed)
    return None if quiet is None else lambda before: replace(before, quiet_from=quiet[0], quiet_until=quiet[1])


def _change(settings: ManagerSettings, what: str, said: str) -> ManagerSettings:
    match what:
        case "quiet":
            quiet = read_quiet(said)
            return replace(settings, quiet_from=quiet and quiet[0], quiet_until=quiet and quiet[1])
        case "digest":
            return replace(settings, digest_at=None if said == "off" else time.fromisoformat(said))
        case "requests":
            return replace(settings, requests=said == "on")
        case "weekly":
            return replace(settings, weekly_day=int(said))
        case "escalate":
            return replace(settings, escalate=int(said) * MINUTE)
        case _:
            day, wish = said.split(":")
            others = set(settings.working_days) - {int(day)}
            return replace(settings, working_days=tuple(sorted(others | ({int(day)} if wish == "on" else set()))))
