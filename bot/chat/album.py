"""A person's figures: one message that is turned page by page, with a picture, and that nobody can pass on.

`protect_content` tells it from every other message of ours; an edit can neither give it nor take it away.
"""

from collections import deque
from typing import TypeGuard

from telegram import InlineKeyboardMarkup, InputMediaPhoto, Message
from telegram.error import BadRequest

from bot.chat.visit import Visit

# What a caption holds, in UTF-16 units (telegram/notes.md, "Limits").
LONGEST = 1024
_OPENED = 256
_NAME = "hadir.png"


class Album:
    def __init__(self) -> None:
        # Menus that were replaced by an album: whoever tapped twice wants one.
        self._opened: deque[tuple[int, int | None]] = deque(maxlen=_OPENED)

    async def turn(
        self, visit: Visit, text: str, buttons: InlineKeyboardMarkup | None, picture: bytes | None = None
    ) -> None:
        """Shows a page in the album whose button was pressed, else in a new one. None: there is no picture of it."""
        text = clip(text)
        pressed = visit.update.callback_query
        album = pressed.message if pressed else None
        if _is_album(album) and (picture is not None or not album.photo):
            await self._replace(visit, album, text, buttons, picture)
            return
        menu = visit.pressed_id
        if (visit.chat_id, menu) in self._opened:
            return
        await _send(visit, text, buttons, picture)
        if menu is not None:
            await self._put_away(visit, menu)

    async def write(self, visit: Visit, text: str, buttons: InlineKeyboardMarkup | None) -> None:
        """Changes the words of the album whose button was pressed; its picture stays."""
        pressed = visit.update.callback_query
        album = pressed.message if pressed else None
        if not _is_album(album) or not album.photo:
            await self.turn(visit, text, buttons)
            return
        try:
            await visit.bot.edit_message_caption(
                visit.chat_id, album.message_id, caption=clip(text), reply_markup=buttons
            )
        except BadRequest as problem:
            await _send_unless_same(problem, visit, clip(text), buttons, None)

    async def _replace(
        self, visit: Visit, album: Message, text: str, buttons: InlineKeyboardMarkup | None, picture: bytes | None
    ) -> None:
        chat_id, number = visit.chat_id, album.message_id
        try:
            if picture is None:
                await visit.bot.edit_message_text(text, chat_id, number, reply_markup=buttons)
            else:
                shown = InputMediaPhoto(picture, text, has_spoiler=True, filename=_NAME)
                await visit.bot.edit_message_media(shown, chat_id, number, reply_markup=buttons)
        except BadRequest as problem:
            await _send_unless_same(problem, visit, text, buttons, picture)

    async def _put_away(self, visit: Visit, message_id: int) -> None:
        """The menu that led here, as an edit would have replaced it."""
        try:
            await visit.bot.delete_message(visit.chat_id, message_id)
        except BadRequest:
            return  # older than two days, or gone
        self._opened.append((visit.chat_id, message_id))


async def _send(visit: Visit, text: str, buttons: InlineKeyboardMarkup | None, picture: bytes | None) -> None:
    if picture is None:
        await visit.bot.send_message(visit.chat_id, text, reply_markup=buttons, protect_content=True)
        return
    await visit.bot.send_photo(
        visit.chat_id, picture, text, reply_markup=buttons, protect_content=True, has_spoiler=True, filename=_NAME
    )


async def _send_unless_same(
    problem: BadRequest, visit: Visit, text: str, buttons: InlineKeyboardMarkup | None, picture: bytes | None
) -> None:
    if "not modified" not in problem.message:
        await _send(visit, text, buttons, picture)  # gone, or not ours to edit


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
