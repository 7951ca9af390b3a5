"""What somebody wanted who had to log in first: kept in the conversation's row, and done by itself after the log-in.

It is kept as a command, or as a button's data, whichever way it was said; and obeyed as if it were said again then.
"""

from datetime import datetime, timedelta
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.chat import keyboards
from bot.chat.dialog_cards import CARD
from bot.chat.phrases import Wish, read_wish
from bot.chat.visit import Keyboard, Visit
from bot.store.conversations import Conversation

WANTED = "wanted"
# Whoever logs in later than that has something else in mind.
WANTED_COUNTS = timedelta(hours=1)
_LONGEST = 200
_BUTTONS = {
    Wish.TODAY: "today",
    Wish.WEEK: "week",
    Wish.MONTH: "month",
    Wish.LATE: "late",
    Wish.SICK: "sick",
    Wish.FORGOT: "forgot",
}
_LABELS = {keyboards.MORE: "more", keyboards.TODAY: "today"}


async def ask_to_log_in(visit: Visit, said: str = "", keyboard: Keyboard | None = None, *, wanted: str = "") -> None:
    """`wanted`: what is done after the log-in, where it is not what was typed or pressed just now."""
    await visit.say(said or visit.t("Please log in first."), keyboard or keyboards.build_start(visit.t))
    await note_wanted(visit, wanted)


async def note_wanted(visit: Visit, wanted: str = "") -> None:
    """Not where the card of an open dialog asks for the log-in: that dialog goes on by itself."""
    found = await visit.conversations.find(visit.chat_id)
    what = wanted or _read_wanted(visit)
    if not what or (found is not None and visit.pressed_id is not None and found.data.get(CARD) == visit.pressed_id):
        return
    step = found or Conversation(WANTED)
    until = (visit.conversations.now() + WANTED_COUNTS).isoformat()
    noted = step.data | {WANTED: {"what": what, "until": until}}
    await visit.conversations.begin(visit.chat_id, Conversation(step.dialog, noted))


class Obeying:
    """Does what was wanted, with the handlers of the application."""

    def __init__(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        self._application = application

    async def fulfil(self, visit: Visit) -> None:
        """Forgotten once it is done, so that an update which comes again after a crash does it."""
        found = await visit.conversations.find(visit.chat_id)
        wanted = found.data.get(WANTED) if found else None
        if wanted is None:
            return
        if visit.conversations.now() < datetime.fromisoformat(wanted["until"]):
            await self._obey(_say_again(visit, str(wanted["what"])))
        await _forget(visit, wanted)

    async def _obey(self, update: Update) -> None:
        for handler in self._application.handlers[0]:
            fits = handler.check_update(update)
            if fits is not None and fits is not False:
                context = self._application.context_types.context.from_update(update, self._application)
                await handler.handle_update(update, self._application, fits, context)
                return


async def _forget(visit: Visit, wanted: dict[str, Any]) -> None:
    """Unless it needs another log-in."""
    found = await visit.conversations.find(visit.chat_id)
    if found is None or found.data.get(WANTED) != wanted:
        return
    if found.dialog == WANTED:
        await visit.conversations.end(visit.chat_id)
        return
    rest = {key: value for key, value in found.data.items() if key != WANTED}
    await visit.conversations.begin(visit.chat_id, Conversation(found.dialog, rest))


def _read_wanted(visit: Visit) -> str:
    """Empty for what is no wish."""
    query, typed = visit.update.callback_query, visit.text
    if query is not None:
        return query.data or ""
    if typed.startswith("/"):
        return typed[:_LONGEST]
    wished = read_wish(typed, visit.t.language)
    labelled = next((data for label, data in _LABELS.items() if keyboards.says(typed, label)), "")
    return labelled or (_BUTTONS.get(wished.wish, "") if wished else "")


def _say_again(visit: Visit, what: str) -> Update:
    """The command typed, or the button pressed, in the place of the message that ended the log-in."""
    update, user, chat = visit.update, visit.update.effective_user, visit.update.effective_chat
    assert update.message is not None
    assert user is not None
    assert chat is not None
    number, sender, where = update.message.message_id, user.to_dict(), chat.to_dict()
    said: dict[str, Any] = {"update_id": update.update_id}
    if what.startswith("/"):
        command = {"type": "bot_command", "offset": 0, "length": len(what.split(maxsplit=1)[0])}
        date = int(update.message.date.timestamp())
        message = {"message_id": number, "date": date, "chat": where, "from": sender, "text": what}
        said["message"] = message | {"entities": [command]}
    else:
        # A number that no message has: there is nothing to edit. And no press that Telegram waits for an answer to.
        gone = {"message_id": -number, "date": 0, "chat": where}
        said["callback_query"] = {"id": "", "from": sender, "chat_instance": "", "data": what, "message": gone}
    return Update.de_json(said, visit.bot)
