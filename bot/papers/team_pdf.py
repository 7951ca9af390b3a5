"""A team's period as a PDF: a line for each person, and the sums."""

from bot.i18n import translator_for
from bot.papers.document import Document
from bot.papers.team_ledger import COLUMNS, WORDS, TeamLedger, describe_team, sums_of, values_of

# In millimetres.
_WIDTHS = {"name": 46.0, "emp_code": 22.0, "department": 36.0, "overtime": 20.0, "missing": 22.0}


def write_team_pdf(ledger: TeamLedger) -> bytes:
    t = translator_for(ledger.language)
    paper = Document(t, t("Team"), ledger.made_on, COLUMNS, words=WORDS, widths=_WIDTHS)
    paper.add_page()
    paper.write_facts(describe_team(t, ledger))
    paper.write_head()
    for one in ledger.totals:
        paper.write_row(values_of(one))
    paper.write_sums(sums_of(ledger.totals))
    return bytes(paper.output())
