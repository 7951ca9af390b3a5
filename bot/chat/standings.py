"""Where a request stands, in the same words wherever it is listed."""

from bot.attendance.progress import Progress
from bot.i18n import N_, Translator
from bot.services.standings import Standing, standing_of

STANDINGS = {
    Standing.ON_THE_WAY: N_("⏳ on its way to BioTime"),
    Standing.LOGIN: N_("⏳ waits until you log in again"),
    Standing.PENDING: N_("📨 waiting for approval"),
    Standing.APPROVED: N_("✅ approved"),
    Standing.REFUSED: N_("❌ refused"),
    Standing.REVOKED: N_("↩️ taken back"),
    Standing.FAILED: N_("❌ not taken by BioTime"),
}


def describe_claim(t: Translator, claim: Progress) -> str:
    return t.gettext(STANDINGS[standing_of(claim)])
