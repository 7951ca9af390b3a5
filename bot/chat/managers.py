"""`/managers`, for HR: who manages whom, whom nobody manages; one more manager, one less.

Buttons: `managers`, `managers:gaps:0`, `managers:add`, `managers:who:1001`, `managers:scope:department`,
`managers:places:1` and `managers:place:3`, `managers:drop:7` and `managers:dropped:7`.
"""

from typing import Any

from telegram import InlineKeyboardMarkup
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.chat import team_texts
from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import begin, drop_question
from bot.chat.keyboards import Row, build_inline
from bot.chat.team import build_found
from bot.chat.visit import Reception, Visit
from bot.chat.wanted import ask_to_log_in
from bot.i18n import Translator
from bot.services.appointing import Appointing, Charge
from bot.services.managing import Refused
from bot.services.team import Team
from bot.store.conversations import Conversation
from bot.store.managers import Manager, Scope
from bot.store.roster import Place

ASK_WHO, ASK_SCOPE = "managers:who", "managers:scope"
PAGE, GAPS, CHARGES = 8, 40, 20


class ManagersChat:
    def __init__(self, reception: Reception, appointing: Appointing, team: Team, conversations: Conversations) -> None:
        self._reception = reception
        self._appointing = appointing
        self._team = team
        self._conversations = conversations

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("managers", receives(self.on_list), new),
            CallbackQueryHandler(receives(self.on_list), r"^managers(:list:\d{1,3})?$"),
            CallbackQueryHandler(receives(self.on_gaps), r"^managers:gaps:\d{1,4}$"),
            CallbackQueryHandler(receives(self.on_add), "^managers:add$"),
            CallbackQueryHandler(receives(self.on_who), r"^managers:who:.{1,40}$"),
            CallbackQueryHandler(receives(self.on_scope), "^managers:scope:(department|area|all)$"),
            CallbackQueryHandler(receives(self.on_places), r"^managers:places:\d{1,4}$"),
            CallbackQueryHandler(receives(self.on_place), r"^managers:place:\d{1,12}$"),
            CallbackQueryHandler(receives(self.on_drop), r"^managers:drop:\d{1,12}$"),
            CallbackQueryHandler(receives(self.on_dropped), r"^managers:dropped:\d{1,12}$"),
        ]

    # -- who manages whom ----------------------------------------------------------------------------------------------

    async def on_list(self, visit: Visit) -> None:
        charges = await self._list(visit)
        if charges is None or visit.link is None:
            return
        await self._conversations.end(visit.chat_id)
        gaps = len(await self._appointing.find_gaps(visit.link.company))
        last = max(len(charges) - 1, 0) // CHARGES
        page = min(int(visit.argument.partition(":")[2] or 0), last) if visit.argument.startswith("list:") else 0
        shown = charges[page * CHARGES : (page + 1) * CHARGES]
        steps = _build_steps(visit.t, page, last)
        await visit.show(team_texts.describe_charges(visit.t, shown, gaps), _build_list(visit.t, shown, gaps, steps))

    async def on_gaps(self, visit: Visit) -> None:
        if await self._list(visit) is None or visit.link is None:
            return
        people = await self._appointing.find_gaps(visit.link.company)
        page = min(int(visit.argument.rpartition(":")[2]), max(len(people) - 1, 0) // GAPS)
        t = visit.t
        steps = [(t("‹ Back"), f"managers:gaps:{page - 1}")] if page else [(t("‹ Back"), "managers")]
        if len(people) > (page + 1) * GAPS:
            steps.append((t("More ›"), f"managers:gaps:{page + 1}"))
        await visit.show(team_texts.describe_gaps(t, people, page, GAPS), build_inline(t, [steps]))

    # -- one more ------------------------------------------------------------------------------------------------------

    async def on_add(self, visit: Visit) -> None:
        if await self._list(visit) is None:
            return
        await drop_question(visit, self._conversations, ASK_WHO)
        await begin(visit, self._conversations, Conversation(ASK_WHO), visit.pressed_id)
        await visit.show(visit.t("Who is to manage? Type a part of the name, or the employee code."))

    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        if conversation.dialog != ASK_WHO:
            return False
        if await self._list(visit) is None or visit.link is None:
            return True
        found = await self._team.find(visit.link, visit.text)
        if isinstance(found, Refused) or not found.people:
            await visit.say(visit.t("I found nobody. Type another part of the name, or /cancel."))
        elif len(found.people) == 1:
            await self._ask_scope(visit, found.people[0].emp_code)
        else:
            await visit.say(visit.t("Whom do you mean?"), build_found(visit.t, found, "managers:who"))
        return True

    async def on_who(self, visit: Visit) -> None:
        if await self._list(visit) is not None:
            await self._ask_scope(visit, visit.argument.partition(":")[2])

    async def _ask_scope(self, visit: Visit, emp_code: str) -> None:
        assert visit.link is not None
        profile = await self._team.open(visit.link, emp_code)
        if isinstance(profile, Refused):
            await visit.say(team_texts.describe_refusal(visit.t, profile.reason))
            return
        t = visit.t
        asks, chosen = Conversation(ASK_SCOPE, {"emp_code": emp_code}), (ASK_WHO, profile.person.name)
        await begin(visit, self._conversations, asks, visit.pressed_id, answers=chosen)
        buttons = build_inline(
            t,
            [
                [(t("🏢 A department"), "managers:scope:department"), (t("📍 An area"), "managers:scope:area")],
                [(t("🌐 Everybody"), "managers:scope:all")],
                [(t("‹ Back"), "managers")],
            ],
        )
        await visit.show(t("Whom does {name} manage?", name=profile.person.name), buttons)

    async def on_scope(self, visit: Visit) -> None:
        asked = await self._find_asked(visit)
        if asked is None:
            return
        scope = Scope(visit.argument.rpartition(":")[2])
        if scope is Scope.ALL:
            await self._add(visit, asked["emp_code"], scope, 0)
            return
        await begin(visit, self._conversations, Conversation(ASK_SCOPE, {**asked, "scope": scope}), visit.pressed_id)
        await self._show_places(visit, scope, 0)

    async def on_places(self, visit: Visit) -> None:
        asked = await self._find_asked(visit)
        if asked is not None and "scope" in asked:
            await self._show_places(visit, Scope(asked["scope"]), int(visit.argument.rpartition(":")[2]))

    async def on_place(self, visit: Visit) -> None:
        asked = await self._find_asked(visit)
        if asked is not None and "scope" in asked:
            await self._add(visit, asked["emp_code"], Scope(asked["scope"]), int(visit.argument.rpartition(":")[2]))

    async def _show_places(self, visit: Visit, scope: Scope, page: int) -> None:
        assert visit.link is not None
        places = await self._appointing.load_places(visit.link, scope)
        if isinstance(places, Refused):
            await visit.say(team_texts.describe_refusal(visit.t, places.reason))
            return
        asks = visit.t("Which department?") if scope is Scope.DEPARTMENT else visit.t("Which area?")
        await visit.show(asks, build_places(visit.t, places, page, "managers", "managers"))

    async def _add(self, visit: Visit, emp_code: str, scope: Scope, scope_id: int) -> None:
        assert visit.link is not None
        added = await self._appointing.add(visit.link, emp_code, scope, scope_id)
        await self._conversations.end(visit.chat_id)
        back = build_inline(visit.t, [[(visit.t("👔 Managers"), "managers")]])
        if isinstance(added, Manager):
            await visit.show(visit.t("✅ Done. From now on they are told who is missing."), back)
        else:
            await visit.show(team_texts.describe_refusal(visit.t, added.reason), back)

    # -- one less ------------------------------------------------------------------------------------------------------

    async def on_drop(self, visit: Visit) -> None:
        charges = await self._list(visit)
        number = int(visit.argument.rpartition(":")[2])
        charge = next((one for one in charges or () if one.manager.id == number), None)
        if charges is None:
            return
        if charge is None:
            await self.on_list(visit)
            return
        yes = (visit.t("Yes, take it away"), f"managers:dropped:{number}")
        asks = visit.t("Take this away? {charge}", charge=team_texts.describe_charge(visit.t, charge))
        await visit.show(asks, build_inline(visit.t, [[yes], [(visit.t("‹ Back"), "managers")]]))

    async def on_dropped(self, visit: Visit) -> None:
        if await self._list(visit) is None or visit.link is None:
            return
        await self._appointing.drop(visit.link, int(visit.argument.rpartition(":")[2]))
        await self.on_list(visit)

    async def _list(self, visit: Visit) -> list[Charge] | None:
        """None where it has been said why not."""
        if visit.link is None:
            await ask_to_log_in(visit)
            return None
        charges = await self._appointing.list_charges(visit.link)
        if isinstance(charges, Refused):
            await visit.say(team_texts.describe_refusal(visit.t, charges.reason))
            return None
        return charges

    async def _find_asked(self, visit: Visit) -> dict[str, str] | None:
        """What was answered so far; None where that is gone, and the list is shown instead."""
        if await self._list(visit) is None:
            return None
        conversation = await self._conversations.find(visit.chat_id)
        if conversation is None or conversation.dialog != ASK_SCOPE:
            await self.on_list(visit)
            return None
        return conversation.data


def _build_steps(t: Translator, page: int, last: int) -> Row:
    before = [(t("‹ Back"), f"managers:list:{page - 1}")] if page else []
    return [*before, *([(t("More ›"), f"managers:list:{page + 1}")] if page < last else [])]


def _build_list(t: Translator, charges: list[Charge], gaps: int, steps: Row) -> InlineKeyboardMarkup:
    rows: list[Row] = [[(t("➕ Add a manager"), "managers:add")]]
    if gaps:
        rows.append([(t("⚠️ Without a manager"), "managers:gaps:0")])
    for charge in charges:
        label = " · ".join([charge.name, charge.manager.scope_name or t("everybody")])
        rows.append([(f"✖️ {label}", f"managers:drop:{charge.manager.id}")])
    return build_inline(t, [*rows, steps, [(t("👥 Team"), "team")]])


def build_places(t: Translator, places: list[Place], page: int, prefix: str, home: str) -> InlineKeyboardMarkup:
    """Buttons `<prefix>:place:3` and `<prefix>:places:1`; back from the first page to `home`."""
    page = min(page, max(len(places) - 1, 0) // PAGE)
    rows: list[Row] = [
        [(place.name, f"{prefix}:place:{place.id}")] for place in places[page * PAGE : (page + 1) * PAGE]
    ]
    steps = [(t("‹ Back"), f"{prefix}:places:{page - 1}" if page else home)]
    if len(places) > (page + 1) * PAGE:
        steps.append((t("More ›"), f"{prefix}:places:{page + 1}"))
    return build_inline(t, [*rows, steps])
