"""Every button of the bot, pressed by somebody who is not logged in: an old message, or a forged one."""

import re
from collections.abc import Iterator

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.strategies import from_regex
from telegram.ext import CallbackQueryHandler

from bot.i18n import Translator
from bot.playground.people import Person
from bot.playground.watching import plain
from tests import words
from tests.talk import Office, Talk, presses_old

# For everybody, or about the log-in itself.
FREE = re.compile(
    r"help|languages?(:.*)?|login|logout:stay|password.*|errand-cancel|[a-z]+-cancel|forgetme:keep|idle|blank"
)
ANSWERS = (words.LOG_IN_FIRST, words.NOT_LOGGED_IN, words.LOG_IN_TO_SHARE, words.OLD_BUTTON)
QUICK = settings(database=None, phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck))


def find_data(office: Office) -> Iterator[str]:
    """One that each pattern takes."""
    for handlers in office.hadir.application.handlers.values():
        for handler in handlers:
            if isinstance(handler, CallbackQueryHandler) and isinstance(handler.pattern, re.Pattern):
                exact = from_regex(re.compile(handler.pattern.pattern, re.ASCII), fullmatch=True)
                yield find(exact, lambda data: data.isprintable(), settings=QUICK)


async def test_nothing_opens_without_a_log_in(office: Office, sara: Person, talk: Talk, t: Translator) -> None:
    await talk(sara, [("/start",)])
    card, expected = sara.history[-1].message_id, {plain(t(answer)) for answer in ANSWERS}
    asked = [data for data in find_data(office) if not FREE.fullmatch(data)]
    assert len(asked) > 60
    opened = {}
    for data in asked:
        before = len(sara.chat.events)
        await talk(sara, [(presses_old(data, card),)])
        said = [plain(event.message.text) for event in sara.chat.events[before:] if event.by_bot and event.message]
        if not said or not set(said) <= expected:
            opened[data] = said
    assert opened == {}
