"""`/help`, as everybody reads it, and what it adds for who manages people and for HR."""

from collections.abc import Iterator, Mapping

from bot.chat.commands import FOR_HR, FOR_MANAGERS
from bot.chat.phrases import Wish, say_wish
from bot.i18n import N_, Translator

_HR = FOR_HR | {"alerts": N_("The company's rules for alerts, and who is left out of them")}


def describe_help(t: Translator, *, manages: bool, hr: bool) -> str:
    lines = [*_describe_own(t)]
    if manages:
        lines += ["", t("👔 For managers:"), *_list(t, FOR_MANAGERS), _describe_export(t)]
    if hr:
        lines += ["", t("🏢 For HR:"), *_list(t, _HR)]
    return "\n".join(lines)


def _describe_own(t: Translator) -> Iterator[str]:
    yield t("📍 The first button clocks you in or out: it sends me your location, and I tell you when BioTime has it.")
    yield t("If BioTime does not answer, I keep your time and send it later. No need to clock again.")
    yield t("☰ More has breaks, overtime, your hours today, your history and the settings.")
    yield t(
        "📝 /forgot reports a punch you forgot, /leave asks for leave, /late and /sick tell your manager; /requests "
        "shows what became of it."
    )
    yield t("📊 /week and /month show your hours, /export sends them as a file, /reminders reminds you in time.")
    yield t(
        "🧾 Every punch has a receipt: /verify checks one. /mydata sends what I hold about you, /forgetme removes it."
    )
    late, week = say_wish(t.language, Wish.LATE), say_wish(t.language, Wish.WEEK)
    yield t("💬 Plain words do, too: “{late}”, “{week}”.", late=late, week=week)
    yield t("/cancel stops the current step; /start starts over.")


def _describe_export(t: Translator) -> str:
    """A tap on a command sends its first word alone: the file is behind a button then."""
    meaning, button = t("Your team's time cards as a file"), t("📤 Export")
    way = f"{t.isolate('/team')} › {t.isolate(button)}"
    return f"• {meaning} – {t.isolate(way)}"


def _list(t: Translator, commands: Mapping[str, str]) -> Iterator[str]:
    """The command last: what begins a line says in which direction it runs."""
    for name, meaning in commands.items():
        yield f"• {t.gettext(meaning)} – {t.isolate(f'/{name}')}"
