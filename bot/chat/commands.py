"""What Telegram shows around the chat: the command list and the descriptions, per language."""

from telegram import BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.i18n import LANGUAGES, N_, SOURCE_LANGUAGE, translator_for

COMMANDS = {
    "start": N_("Start over"),
    "today": N_("Today's punches and hours so far"),
    "history": N_("Your punches, page by page"),
    "week": N_("Your week: late, absent, overtime"),
    "month": N_("Your month: late, absent, overtime"),
    "export": N_("Your time cards as a file"),
    "forgot": N_("Report a forgotten punch"),
    "leave": N_("Ask for leave"),
    "late": N_("Say that you will be late"),
    "sick": N_("Say that you are sick today"),
    "requests": N_("Your requests, and what became of them"),
    "menu": N_("Breaks, overtime and more"),
    "profile": N_("What BioTime says of you"),
    "devices": N_("Where you are logged in, and out everywhere"),
    "mydata": N_("Everything I hold about you"),
    "forgetme": N_("Have everything about you removed"),
    "verify": N_("Check a receipt"),
    "settings": N_("Language, log out and more"),
    "language": N_("Choose your language"),
    "password": N_("Change your password, or get a new one"),
    "reminders": N_("When I remind you to clock in and out"),
    "help": N_("How this works"),
    "cancel": N_("Stop the current step"),
    "login": N_("Log in to BioTime"),
    "logout": N_("Log out"),
}
# Shown in their own chats alone.
FOR_MANAGERS = {
    "team": N_("Your team: who is in, find a person"),
    "alerts": N_("When you are told, quiet hours, who stands in"),
    "muster": N_("Roll call: who is on site, and safe"),
    "approvals": N_("Requests that wait for your decision"),
}
FOR_HR = {
    "managers": N_("Who manages whom"),
    "audit": N_("Who did what"),
    "rehearse": N_("Whom alerts would have told of"),
}
KNOWN = frozenset(COMMANDS | FOR_MANAGERS | FOR_HR)
DESCRIPTION = N_(
    "Clock in and out of BioTime from this chat. I see your location only when you share it. Your password goes to "
    "BioTime once and is never stored."
)
SHORT_DESCRIPTION = N_("Clock in and out of BioTime from chat")


async def publish(bot: ExtBot[None]) -> bool:
    """Sets them for every language, English for all the others; whether Telegram took them."""
    try:
        for code in (None, *LANGUAGES):
            await _publish(bot, code)
    except TelegramError:
        return False  # the bot works without; the next start tries again
    return True


async def _publish(bot: ExtBot[None], code: str | None) -> None:
    t = translator_for(code or SOURCE_LANGUAGE)
    listed = [BotCommand(name, t.gettext(meaning)) for name, meaning in COMMANDS.items()]
    await bot.set_my_commands(listed, scope=BotCommandScopeAllPrivateChats(), language_code=code)
    await bot.set_my_description(t.gettext(DESCRIPTION), language_code=code)
    await bot.set_my_short_description(t.gettext(SHORT_DESCRIPTION), language_code=code)
