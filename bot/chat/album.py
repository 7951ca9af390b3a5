"""A person's figures: one message that is turned page by page, and that nobody can pass on (`protect_content`)."""

from collections import deque
from typing import TypeGuard

from telegram import CallbackQuery, InlineKeyboardMarkup, Message
from telegram.error import BadRequest

from bot.chat.visit import Visit

# What a caption holds, in UTF-16 units (telegram/notes.md, "Limits").
LONGEST = 1024
_OPENED = 256


class Album:
    def __init__(self) -> None:
        # Menus that were replaced by an album: whoever tapped twice wants one.
        self._opened: deque[tuple[int, int]] = deque(maxlen=_OPENED)

    async def turn(self, visit: Visit, text: str, buttons: InlineKeyboardMarkup | None) -> None:
        """Shows a page in the album whose button was pressed, else in a new one."""
        text = clip(text)
        pressed = visit.update.callback_query
        if pressed is not None and _is_album(pressed.message):
            await self._edit(visit, pressed.message, text, buttons)
            return
        if pressed is not None and (visit.chat_id, _number(pressed)) in self._opened:
            return
        await self._send(visit, text, buttons)
        if pressed is not None:
            await self._put_away(visit, _number(pressed))

    async def _edit(self, visit: Visit, album: Message, text: str, buttons: InlineKeyboardMarkup | None) -> None:
        try:
            await visit.bot.edit_message_text(text, visit.chat_id, album.message_id, reply_markup=buttons)
        except BadRequest as problem:
            if "not modified" in problem.message:
                return
            await self._send(visit, text, buttons)  # gone, or not ours to edit

    async def _send(self, visit: Visit, text: str, buttons: InlineKeyboardMarkup | None) -> None:
        await visit.bot.send_message(visit.chat_id, text, reply_markup=buttons, protect_content=True)

    async def _put_away(self, visit: Visit, message_id: int) -> None:
        """The menu that led here, as an edit would have replaced it; an edit cannot protect what it puts there."""
        try:
            await visit.bot.delete_message(visit.chat_id, message_id)
        except BadRequest:
            return  # older than two days, or gone
        self._opened.append((visit.chat_id, message_id))


def clip(text: str, longest: int = LONGEST) -> str:
    """Cut after the last line that fits."""
    if _units(text) <= longest:
        return text
    lines = text.split("\n")
    while len(lines) > 1 and _units("\n".join(lines)) > longest - 2:
        lines.pop()
    # Two bytes a unit, and half of one dropped.
    kept = "\n".join(lines).encode("utf-16-le")[: 2 * (longest - 2)].decode("utf-16-le", "ignore")
    return f"{kept}\n…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _is_album(message: object) -> TypeGuard[Message]:
    return isinstance(message, Message) and bool(message.has_protected_content)


def _number(pressed: CallbackQuery) -> int:
    assert pressed.message is not None
    return pressed.message.message_id
