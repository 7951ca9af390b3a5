"""Time cards as a PDF."""

from bot.i18n import translator_for
from bot.papers.document import Document
from bot.papers.ledger import COLUMNS, Ledger, describe_person, totals_of, values_of

# In millimetres.
_WIDTHS = {"workdate": 32.0, "mark": 28.0, "timetable": 31.0}


def write_pdf(ledger: Ledger) -> bytes:
    t = translator_for(ledger.language)
    paper = Document(t, t("Time cards"), ledger.made_on, COLUMNS, words=_WIDTHS, widths=_WIDTHS)
    paper.add_page()
    paper.write_facts(describe_person(t, ledger))
    paper.write_head()
    for entry in ledger.entries:
        paper.write_row(values_of(t, entry), entry.mark)
    paper.write_sums(totals_of(ledger.entries))
    return bytes(paper.output())
