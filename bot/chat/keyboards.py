"""Buttons: the reply keyboard with what to do next, and what stands under messages.

A button's data is a word and its arguments, `history:2`; nothing in it says who presses it.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.attendance.model import PunchState
from bot.chat.phrases import simplify
from bot.i18n import LANGUAGES, N_, Translator, translator_for

LABELS: dict[PunchState, str] = {
    PunchState.CHECK_IN: N_("📍 Clock in"),
    PunchState.CHECK_OUT: N_("📍 Clock out"),
    PunchState.BREAK_OUT: N_("📍 Start break"),
    PunchState.BREAK_IN: N_("📍 End break"),
    PunchState.OVERTIME_IN: N_("📍 Start overtime"),
    PunchState.OVERTIME_OUT: N_("📍 End overtime"),
}
MORE, TODAY, CANCEL = N_("☰ More"), N_("📋 Today"), N_("✖️ Cancel")

Row = Sequence[tuple[str, str]]
# What stands under ☰ More below the kinds of punches, and under ⚙️ Settings: a line per row, (label, button's data).
# A new dialog adds its own.
MORE_ROWS: Sequence[Row] = (
    ((N_("📋 Today"), "today"), (N_("🗓 History"), "history:0")),
    ((N_("📊 My week"), "week"), (N_("📅 My month"), "month")),
    ((N_("📤 Export"), "export"), (N_("📝 Requests"), "requests-menu")),
    ((N_("⚙️ Settings"), "settings"), (N_("❓ Help"), "help")),
)
# Above them for those who manage somebody.
TEAM_ROW: Row = ((N_("👥 Team"), "team"), (N_("🗳 To approve"), "approvals:0"))
SETTINGS_ROWS: Sequence[Row] = (
    ((N_("👤 Profile"), "profile"), (N_("📱 Devices"), "devices")),
    ((N_("🌐 Language"), "languages"), (N_("🔑 Password"), "password")),
    ((N_("⏰ Reminders"), "reminders"), (N_("🗂 My data"), "mydata")),
    ((N_("🚪 Log out"), "logout"),),
    ((N_("‹ Back"), "more"),),
)
LANGUAGES_A_ROW = 3
Button = TypeVar("Button")
Reply = TypeVar("Reply", bound=ReplyKeyboardMarkup)


class Menu(ReplyKeyboardMarkup):
    """The keyboard with what is next: whoever sends it says so to `services/offering`."""

    __slots__ = ()


def build_menu(t: Translator, following: PunchState) -> Menu:
    """What there is to do next comes first, and sends the place with it."""
    share = KeyboardButton(t.gettext(LABELS[following]), request_location=True)
    rest = _in_order(t, [KeyboardButton(t.gettext(TODAY)), KeyboardButton(t.gettext(MORE))])
    return _persistent(Menu, [[share], rest], t("Share your location with the button"))


def read_menu(menu: Menu) -> PunchState:
    """What its first button says."""
    said = find_label(menu.keyboard[0][0].text)
    assert said is not None
    return said


def build_share(t: Translator, chosen: PunchState) -> ReplyKeyboardMarkup:
    """One kind of punch, chosen under More."""
    share = KeyboardButton(t.gettext(LABELS[chosen]), request_location=True)
    return _persistent(
        ReplyKeyboardMarkup, [[share], [KeyboardButton(t.gettext(CANCEL))]], t("Share your location with the button")
    )


def remove_menu() -> ReplyKeyboardRemove:
    return ReplyKeyboardRemove()


def build_start(t: Translator) -> InlineKeyboardMarkup:
    others = _choices(code for code in LANGUAGES if code != t.language)
    return build_inline(t, [[(t("🔑 Log in"), "login")], *others])


def build_forgot(t: Translator) -> InlineKeyboardMarkup:
    return build_inline(t, [[(t("Forgot password?"), "password:forgot")]])


def build_more(t: Translator, *, manages: bool = False) -> InlineKeyboardMarkup:
    kinds = [(t.gettext(label).removeprefix("📍 "), f"kind:{kind.value}") for kind, label in LABELS.items()]
    team = [TEAM_ROW] if manages else []
    return build_inline(t, [kinds[:2], kinds[2:4], kinds[4:], *_translate(t, [*team, *MORE_ROWS])])


def build_settings(t: Translator) -> InlineKeyboardMarkup:
    return build_inline(t, _translate(t, SETTINGS_ROWS))


def _translate(t: Translator, rows: Sequence[Row]) -> list[Row]:
    return [[(t.gettext(label), data) for label, data in row] for row in rows]


def build_languages(t: Translator) -> InlineKeyboardMarkup:
    return build_inline(t, _choices(LANGUAGES))


def _choices(codes: Iterable[str]) -> list[Row]:
    """Languages by their own names: a few beside each other, so that a phone shows them whole."""
    buttons = [(translator_for(code).own_name, f"language:{code}") for code in codes]
    return [buttons[n : n + LANGUAGES_A_ROW] for n in range(0, len(buttons), LANGUAGES_A_ROW)]


def build_pages(t: Translator, number: int, has_more: bool) -> InlineKeyboardMarkup | None:
    newer = [(t("‹ Newer"), f"history:{number - 1}")] if number else []
    older = [(t("Older ›"), f"history:{number + 1}")] if has_more else []
    return build_inline(t, [newer + older]) if newer or older else None


def build_inline(t: Translator, rows: Sequence[Row]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [_in_order(t, [InlineKeyboardButton(text, callback_data=data) for text, data in row]) for row in rows if row]
    )


def find_label(text: str) -> PunchState | None:
    """The kind of punch whose button says this, in any language: web clients send the label instead of a place."""
    return next((kind for kind, label in LABELS.items() if says(text, label)), None)


def says(text: str, label: str) -> bool:
    """Whether a text is this label, in any language: the keyboard on the screen may be older than the choice."""
    return text.strip() in {translator_for(code).gettext(label) for code in LANGUAGES}


def means(text: str, label: str) -> bool:
    """Whether somebody typed this label's words: in any language and case, with or without its sign."""
    return simplify(text) in {simplify(translator_for(code).gettext(label)) for code in LANGUAGES}


def _in_order(t: Translator, buttons: list[Button]) -> list[Button]:
    """Keyboards are laid out left to right whatever the language: for the others each row is turned round."""
    return buttons[::-1] if t.rtl else buttons


def _persistent(kind: type[Reply], rows: list[list[KeyboardButton]], placeholder: str) -> Reply:
    return kind(rows, resize_keyboard=True, is_persistent=True, input_field_placeholder=placeholder)
