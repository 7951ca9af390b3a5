"""What HR's page in the browser shows of the bot: who did what. The gateway knows nothing of the bot; it is given
these sentences, in the page's one language.
"""

from zoneinfo import ZoneInfo

from bot.chat.auditing import describe_audit_line
from bot.config.options import StorageSettings
from bot.database import Database
from bot.gateway.hr.diary import Diary, Leaf, Wanted
from bot.gateway.records.companies import same_name
from bot.i18n import SOURCE_LANGUAGE, translator_for
from bot.store.audit_lines import Span, count_audit_lines, load_audit_lines


def build_diary(db: Database, settings: StorageSettings) -> Diary:
    """Over the bot's own database."""

    async def read(company: str, zone: ZoneInfo, wanted: Wanted, number: int, size: int) -> Leaf:
        name = next((one for one in settings.company if same_name(one, company)), company)
        which = Span(wanted.since, wanted.until, wanted.emp_code)
        last = max(1, -(-await db.read(lambda c: count_audit_lines(c, name, which)) // size))
        number = min(number, last)
        lines = await db.read(lambda c: load_audit_lines(c, name, (number - 1) * size, size, which))
        said = [describe_audit_line(translator_for(SOURCE_LANGUAGE), line, zone) for line in lines]
        return Leaf(number, last, said)

    return read
