"""A receipt as people read it, and what is said of one that comes back.

What is said of a text never goes beyond what stands in it: whoever holds a genuine receipt may read it, and learns no
more. The words around the signed line are not signed, so the line's own content is said again.
"""

from zoneinfo import ZoneInfo

from bot.attendance.model import PunchState
from bot.attendance.receipt import Receipt, write_line
from bot.i18n import N_, Translator
from bot.services.receipts import CONFIRMED, Judged, Verdict

_DONE: dict[PunchState, str] = {
    PunchState.CHECK_IN: N_("Clocked in"),
    PunchState.CHECK_OUT: N_("Clocked out"),
    PunchState.BREAK_OUT: N_("Break started"),
    PunchState.BREAK_IN: N_("Break ended"),
    PunchState.OVERTIME_IN: N_("Overtime started"),
    PunchState.OVERTIME_OUT: N_("Overtime ended"),
}


def describe_receipt(t: Translator, receipt: Receipt, name: str, zone: ZoneInfo) -> str:
    return "\n".join(
        [
            t("🧾 Receipt {ref}", ref=receipt.statement.ref),
            *([t.isolate(name)] if name else []),
            *_describe_statement(t, receipt, zone),
            "",
            t("The line below is signed. Whoever sends it to me hears whether it is genuine."),
            # Left alone, so that what is copied is the line.
            write_line(receipt),
        ]
    )


def describe_judged(t: Translator, judged: Judged, zone: ZoneInfo) -> str:
    match judged.verdict:
        case Verdict.GENUINE:
            said = [t("✅ Genuine. The signed line says:")]
        case Verdict.NOT_GENUINE:
            said = [t("❌ Not genuine: this was changed, or it is not from me.")]
        case Verdict.UNKNOWN:
            said = [t("I find no receipt of yours with that reference. To have another one checked, forward or paste "
                      "the whole receipt.")]  # fmt: skip
        case Verdict.NO_RECEIPT:
            said = [t("I see no receipt in that message. Please forward or paste the whole of it.")]
    for receipt in judged.receipts:
        said += ["", t("🧾 Receipt {ref}", ref=receipt.statement.ref), *_describe_statement(t, receipt, zone)]
    if judged.is_gone:
        said += ["", t("⚠️ I hold this receipt no longer, so I cannot say whether the employee's receipts are complete. "
                       "Whoever has their data removed has the receipts removed, too.")]  # fmt: skip
    if judged.is_removed:
        said += ["", t("🗑 This receipt was removed when the employee had their data removed, so I cannot say whether "
                       "those before it were complete.")]  # fmt: skip
    if judged.chain_is_whole is not None:
        whole = t("🔗 All receipts of this employee are complete and unchanged.")
        if judged.since_removal:
            whole = t("🔗 All receipts that this employee has had since their data were removed are complete and "
                      "unchanged.")  # fmt: skip
        broken = t("⚠️ The receipts of this employee are not complete, or one was changed.")
        said += ["", whole if judged.chain_is_whole else broken]
    return "\n".join(said)


def _describe_statement(t: Translator, receipt: Receipt, zone: ZoneInfo) -> list[str]:
    said = receipt.statement
    when = t.isolate(t("{day}, {time}", day=t.date(said.punched_at.astimezone(zone).date()),
                       time=t.time(said.punched_at, zone, seconds=True)))  # fmt: skip
    action = t.gettext(_DONE.get(said.punch_state, said.punch_state.name))
    outcome = t("Recorded in BioTime")
    if said.outcome != CONFIRMED:
        outcome = t("Recorded in BioTime as an approved correction")
    lines = [
        f"{action} · {when} · {t.isolate(str(zone))}",
        t("Employee {code}, {company}", code=said.emp_code, company=said.company),
        outcome,
    ]
    return [*lines, t.isolate(said.place)] if said.place else lines
