"""What log in asks, and what may be an answer."""

import re

from bot.chat.commands import KNOWN
from bot.i18n import Translator

COMPANY, USERNAME, PASSWORD, DONE = "login:company", "login:username", "login:password", "login:done"
LONGEST = 100
_COMMAND = re.compile(r"/(\w+)(?:@(\w+))?(?: (.+))?", re.DOTALL)
# What may stand behind a command that takes a word with it; and those that take more, where no password is asked for.
_TAKES = {"verify": re.compile(r"[0-9A-Za-z]{4,8}")}
_TAKES_MORE = frozenset({"verify", "team"})


def build_question(t: Translator, dialog: str) -> str:
    if dialog == COMPANY:
        return t("Which company do you work for? Type its name.")
    if dialog == USERNAME:
        return t("What is your BioTime username? It is your employee code or e-mail address. Send /cancel to stop.")
    return t("Now your password, please. I delete your message at once and never store the password.")


def is_username(typed: str) -> bool:
    return 0 < len(typed) <= LONGEST and not any(character.isspace() for character in typed)


def find_command(text: str, bot_username: str, *, generous: bool = False) -> str | None:
    """Which command of ours this is, with nothing else in it: `/start`, `/Start@hadir_bot`, `/verify 7K3Q2H`; not
    `/start!`. `generous`: with what it may have behind it, too, `/team Mona`, `/verify HADIR1|…`."""
    found = _COMMAND.fullmatch(text.strip())
    if found is None or (found[2] or bot_username).lower() != bot_username.lower():
        return None
    name, behind = found[1].lower(), found[3]
    fits = behind is None or (generous and name in _TAKES_MORE) or (name in _TAKES and _TAKES[name].fullmatch(behind))
    return name if name in KNOWN and fits else None
