"""☰ More › Requests, as one part: what a person asks for, what became of it, and what they say of a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.chat.conversations import Conversations
from bot.chat.day_notices import DayNoticesChat
from bot.chat.keyboards import Row
from bot.chat.leaves import LeavesChat
from bot.chat.manual_logs import ManualLogsChat
from bot.chat.my_requests import MyRequestsChat
from bot.chat.phrases import Wish
from bot.chat.preferences import Fulfil
from bot.chat.visit import Reception, Visit
from bot.services.leaves import Leaves
from bot.services.manual_logs import ManualLogs
from bot.services.my_requests import MyRequests
from bot.services.notices import Notices
from bot.services.tenants import Tenants


@dataclass(frozen=True, slots=True)
class RequestServices:
    manual_logs: ManualLogs
    my_requests: MyRequests
    notices: Notices
    leaves: Leaves


class RequestsChat:
    """`dialogs` take typed text, `resumable` ones go on after a log-in; `parts` have handlers."""

    def __init__(
        self,
        reception: Reception,
        services: RequestServices,
        tenants: Tenants,
        conversations: Conversations,
        now: Callable[[], datetime],
    ) -> None:
        forgotten = ManualLogsChat(reception, services.manual_logs, tenants, conversations, now)
        notices = DayNoticesChat(reception, services.notices, conversations)
        leaves = LeavesChat(
            reception, services.leaves, tenants, conversations, now, days_back=services.manual_logs.days_back
        )
        self._leaves = services.leaves
        self.resumable = (forgotten, leaves)
        self.dialogs = (forgotten, leaves, notices)
        self.parts = (forgotten, leaves, notices, MyRequestsChat(reception, services.my_requests, self._offer))
        self.wishes: dict[Wish, Fulfil] = {
            Wish.FORGOT: lambda visit, wished: forgotten.on_begin(visit),
            Wish.LATE: notices.on_wish,
            Wish.SICK: lambda visit, wished: notices.on_sick(visit),
        }

    async def _offer(self, visit: Visit) -> list[Row]:
        t = visit.t
        takes_leaves = visit.link is not None and await self._leaves.offers.offered(visit.link.company)
        return [
            [(t("📝 Forgotten punch"), "forgot"), *([(t("🌴 Leave"), "leave")] if takes_leaves else [])],
            [(t("⏰ I'll be late"), "late"), (t("🤒 I'm sick"), "sick")],
        ]
