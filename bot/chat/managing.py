"""Everything that managers and HR do in chat: the table of contents of that half of the bot."""

from dataclasses import dataclass

from bot.chat.approvals import ApprovalsChat
from bot.chat.auditing import AuditChat
from bot.chat.conversations import Conversations
from bot.chat.managers import ManagersChat
from bot.chat.team import TeamChat
from bot.chat.visit import Reception
from bot.services.appointing import Appointing
from bot.services.deciding import Deciding
from bot.services.decision_news import DecisionNews
from bot.services.managing import Managing
from bot.services.team import Team


@dataclass(frozen=True, slots=True)
class ManagerServices:
    """The use cases of managers."""

    managing: Managing
    deciding: Deciding
    decision_news: DecisionNews
    team: Team
    appointing: Appointing


class ManagingChat:
    """`parts` have handlers; `dialogs` those of them that take typed answers."""

    def __init__(self, reception: Reception, services: ManagerServices, conversations: Conversations) -> None:
        approvals = ApprovalsChat(reception, services.deciding, conversations)
        team = TeamChat(reception, services.team, conversations)
        managers = ManagersChat(reception, services.appointing, services.team, conversations)
        audit = AuditChat(reception, services.decision_news)
        self.parts = (approvals, team, managers, audit)
        self.dialogs = (approvals, team, managers)
