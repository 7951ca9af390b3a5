"""What Telegram shows of the bot before anything is said: its commands and what it is, in every language."""

from collections.abc import AsyncIterator

import pytest

from bot.chat.commands import COMMANDS, DESCRIPTION, SHORT_DESCRIPTION, publish
from bot.i18n import LANGUAGES, translator_for
from bot.playground.requests import Scope
from tests.talk import Office, open_office

ALL_PRIVATE = Scope(type="all_private_chats")


@pytest.fixture
async def office(_quick: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    """One that publishes, which those of other tests leave out."""
    monkeypatch.setattr("bot.app.publish", publish)
    async with open_office({}) as opened:
        yield opened


async def test_commands_and_descriptions_are_published_in_every_language(office: Office) -> None:
    profile = office.playground.world.profile
    for code in ("", *LANGUAGES):
        t = translator_for(code or "en")
        listed = {one["command"]: one["description"] for one in profile.commands(ALL_PRIVATE, code)}
        assert listed == {name: t.gettext(meaning) for name, meaning in COMMANDS.items()}
        assert profile.descriptions[code] == t.gettext(DESCRIPTION)
        assert profile.short_descriptions[code] == t.gettext(SHORT_DESCRIPTION)
