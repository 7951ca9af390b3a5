"""What the bot says about itself: commands per scope and language, names, descriptions, the menu button."""

import re
from dataclasses import dataclass, field

from bot.playground.errors import Json, bad_request
from bot.playground.requests import Command, Scope

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
NAME, DESCRIPTION, SHORT_DESCRIPTION = 64, 512, 120

ScopeKey = tuple[str, str, str]


@dataclass
class Profile:
    """The texts by language code, "" for every other language."""

    default_name: str
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})
    _commands: dict[tuple[ScopeKey, str], list[Json]] = field(default_factory=dict)

    def set_commands(self, scope: Scope, language: str, commands: list[Command]) -> None:
        """Raises BOT_COMMAND_INVALID and its relatives."""
        if len(commands) > 100:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not _COMMAND.fullmatch(command.command.removeprefix("/")):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(command.description) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        kept = [{**command.wire(), "command": command.command.removeprefix("/")} for command in commands]
        self._commands[_key(scope), check_language(language)] = kept

    def commands(self, scope: Scope, language: str) -> list[Json]:
        return self._commands.get((_key(scope), language), [])

    def delete_commands(self, scope: Scope, language: str) -> None:
        self._commands.pop((_key(scope), language), None)

    def commands_for(self, chat_id: int, language: str) -> list[Json]:
        """The menu of a private chat: the first list set, in Telegram's order of scopes."""
        scopes = (Scope(type="chat", chat_id=chat_id), Scope(type="all_private_chats"), Scope(type="default"))
        for scope in scopes:
            for code in (language, ""):
                if found := self.commands(scope, code):
                    return found
        return []

    def name_for(self, language: str) -> str:
        return in_language(self.names, language) or self.default_name


def in_language(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts.get("", "")


def set_text(texts: dict[str, str], language: str, text: str, longest: int) -> None:
    """Set or, with an empty text, remove what is said in a language."""
    check_language(language)
    if len(text) > longest:
        raise bad_request("text is too long")
    texts.pop(language, None)
    if text:
        texts[language] = text


def check_language(code: str) -> str:
    """A two-letter ISO 639-1 code or nothing."""
    if not re.fullmatch(r"([a-z]{2})?", code):
        raise bad_request("invalid language code specified")
    return code


def _key(scope: Scope) -> ScopeKey:
    return scope.type, str(scope.chat_id or ""), str(scope.user_id or "")
