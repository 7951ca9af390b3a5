"""Everything that managers and HR do in chat: the table of contents of that half of the bot."""

from dataclasses import dataclass

from bot.chat.approvals import ApprovalsChat
from bot.chat.asking import AskingChat
from bot.chat.auditing import AuditChat
from bot.chat.conversations import Conversations
from bot.chat.errands import Errands
from bot.chat.exclusions import ExclusionsChat
from bot.chat.herald import ChatHerald
from bot.chat.manager_settings import ManagerSettingsChat
from bot.chat.managers import ManagersChat
from bot.chat.muster_board import MusterBoard
from bot.chat.mustering import MusterChat
from bot.chat.rehearsing import RehearsalChat
from bot.chat.team import TeamChat
from bot.chat.team_exports import TeamExportsChat
from bot.chat.visit import Reception
from bot.papers.press import Press
from bot.services.appointing import Appointing
from bot.services.asking import Asking
from bot.services.deciding import Deciding
from bot.services.decision_news import DecisionNews
from bot.services.excluding import Excluding
from bot.services.exporting import Exporting
from bot.services.managing import Managing
from bot.services.rehearsing import Rehearsing
from bot.services.settling import Settling
from bot.services.team import Team


@dataclass(frozen=True, slots=True)
class ManagerServices:
    """The use cases of managers."""

    managing: Managing
    deciding: Deciding
    decision_news: DecisionNews
    team: Team
    appointing: Appointing
    excluding: Excluding
    asking: Asking
    settling: Settling
    board: MusterBoard
    herald: ChatHerald
    exporting: Exporting
    rehearsing: Rehearsing
    press: Press
    errands: Errands


class ManagingChat:
    """`parts` have handlers; `dialogs` those of them that take typed answers."""

    def __init__(self, reception: Reception, services: ManagerServices, conversations: Conversations) -> None:
        approvals = ApprovalsChat(reception, services.deciding, conversations)
        exports = TeamExportsChat(reception, services.exporting, services.press, conversations, services.errands)
        team = TeamChat(reception, services.team, conversations, exports)
        managers = ManagersChat(reception, services.appointing, services.team, conversations)
        audit = AuditChat(reception, services.decision_news)
        muster = MusterChat(reception, services.board, services.herald)
        asking = AskingChat(reception, services.asking)
        settings = ManagerSettingsChat(reception, services.settling, services.team, conversations)
        exclusions = ExclusionsChat(reception, services.excluding, services.appointing, services.team, conversations)
        rehearsal = RehearsalChat(reception, services.rehearsing, services.press, conversations, services.errands)
        self.parts = (approvals, exports, team, managers, audit, asking, settings, exclusions, rehearsal, muster)
        self.dialogs = (approvals, exports, team, managers, settings, exclusions, rehearsal)
