"""A place shared in the middle of a dialog is a punch, and the dialog goes on: its question is asked or shown again."""

from datetime import timedelta

from bot.chat.dialog_cards import CARD
from bot.chat.questions import DONE
from bot.chat.secrecy import Secrecy
from bot.chat.visit import Visit
from bot.chat.wanted import WANTED
from bot.services.clocking import KIND

# What was begun and left longer ago is no longer what somebody is in the middle of.
RECENT = timedelta(minutes=15)
# These wait for no answer.
_ASK_NOTHING = frozenset({KIND, DONE, WANTED})


class InBetween:
    def __init__(self, secrecy: Secrecy) -> None:
        self._secrecy = secrecy

    async def go_on(self, visit: Visit) -> None:
        found = await visit.conversations.find(visit.chat_id)
        if found is None or found.changed_at is None or visit.conversations.now() - found.changed_at >= RECENT:
            return
        if self._secrecy.asks(found):
            await self._secrecy.ask_again(visit)
        elif found.dialog not in _ASK_NOTHING:
            said = visit.t("✍️ Your question from before still waits for an answer: go on there, or send /cancel.")
            await visit.say(said, reply_to=found.data.get(CARD))
