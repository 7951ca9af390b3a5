"""What is held about a person, as they can read it: their own language and zone, a line for each thing.

What has no words of its own here is counted at the end by its table's name; it stands whole in the other file.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.attendance.model import PunchState
from bot.attendance.progress import Decision
from bot.attendance.reminders import ReminderKind
from bot.chat.alert_texts import ANSWERS, describe_notice
from bot.chat.chain_texts import EXCUSES
from bot.chat.reminder_texts import NAMES, say_when
from bot.chat.request_texts import describe_period
from bot.chat.standings import STANDINGS
from bot.chat.texts import KINDS
from bot.i18n import N_, Translator
from bot.services.personal import Held
from bot.services.standings import Standing
from bot.store.notices import Notice, NoticeKind

Row = Mapping[str, Any]

# BioTime's `audit_status`, and what we keep of it.
_AUDIT = {
    number: STANDINGS[standing]
    for number, standing in enumerate((Standing.PENDING, Standing.APPROVED, Standing.REFUSED, Standing.REVOKED), 1)
}
_DECIDED = {
    Decision.PENDING: STANDINGS[Standing.PENDING],
    Decision.APPROVED: STANDINGS[Standing.APPROVED],
    Decision.REFUSED: STANDINGS[Standing.REFUSED],
    Decision.REVOKED: STANDINGS[Standing.REVOKED],
}
_MISSED = {"nudge": N_("you were asked"), "absent": N_("you were counted as missing")}
_REMINDERS = {
    ReminderKind.IN: "clock_in_minutes",
    ReminderKind.OUT: "clock_out_minutes",
    ReminderKind.BREAK: "break_minutes",
}


def describe_held(t: Translator, held: Held, zone: ZoneInfo) -> str:
    """Never empty: whoever asks has a link."""
    says = _Saying(t, zone)
    blocks, counted = [], []
    for table, rows in held.items():
        title, line = says.known.get(table, (None, None))
        if rows and title is not None and line is not None:
            blocks.append("\n".join([t.gettext(title), *(t.lay_out(f"• {line(row)}") for row in rows)]))
        elif rows:
            counted.append(t.lay_out("• " + t.field(t.isolate(table), str(len(rows)))))
    if counted:
        blocks.append("\n".join([t("Beside that, in the other file only, so many rows of:"), *counted]))
    return "\n\n".join(blocks) + "\n"


class _Saying:
    """A line for a row of each table."""

    def __init__(self, t: Translator, zone: ZoneInfo) -> None:
        self.t = t
        self.zone = zone
        self.known: Mapping[str, tuple[str, Callable[[Row], str]]] = {
            "links": (N_("🔗 Your Telegram accounts"), self._account),
            "punches": (N_("🕘 What you sent through me"), self._punch),
            "leaves": (N_("🏖 Leave you asked for"), self._leave),
            "notices": (N_("📣 What you said of a day"), self._notice),
            "receipts": (N_("🧾 Your receipts"), self._receipt),
            "reminder_wishes": (N_("⏰ Your reminders"), self._reminders),
            "login_attempts": (N_("🔑 Your tries to log in"), self._attempt),
            "roster_people": (N_("👤 What BioTime says of you"), self._person),
            "roster_punches": (N_("🕘 Your punches in BioTime"), self._known_punch),
            "roster_logs": (N_("📝 Your corrections in BioTime"), self._known_log),
            "roster_leaves": (N_("🏖 Your leave in BioTime"), self._known_leave),
            "shift_instances": (N_("📅 When you were expected"), self._shift),
            "alerts": (N_("🔔 When you were missed"), self._alert),
        }

    def _join(self, *parts: str | None) -> str:
        return " · ".join(self.t.isolate(part) for part in parts if part)

    def _at(self, row: Row, column: str) -> str | None:
        at = row[column]
        return None if at is None else self.t.day_and_time(at, self.zone)

    def _kind(self, row: Row) -> str:
        return self.t.gettext(KINDS[PunchState(row["punch_state"])])

    def _word(self, words: Mapping[Any, str], value: object) -> str | None:
        """What was typed instead of chosen has no other word."""
        if value is None:
            return None
        return self.t.gettext(words[value]) if value in words else str(value)

    def _account(self, row: Row) -> str:
        since = self.t("since {at}", at=self._at(row, "linked_at") or "")
        ended = self._at(row, "unlinked_at")
        until = self.t("logged out on {at}", at=ended) if ended else None
        return self._join(row["name"], row["emp_code"], row["company"], row["department"], row["position"],
                          row["area"], since, until)  # fmt: skip

    def _punch(self, row: Row) -> str:
        place = None if row["latitude"] is None else f"{row['latitude']:.5f}, {row['longitude']:.5f}"
        asked = self.t("you had forgotten it") if row["asked_at"] else None
        return self._join(self._at(row, "punched_at"), self._kind(row), row["area"], row["address"], place,
                          asked, row["note"], self._word(_DECIDED, row["decision"]), row["reason"],
                          self.t("ref {ref}", ref=row["ref"]))  # fmt: skip

    def _leave(self, row: Row) -> str:
        period = describe_period(self.t, row["punched_at"], row["end_at"], self.zone)
        return self._join(period, row["title"], row["note"], self._word(_DECIDED, row["decision"]), row["reason"],
                          self.t("ref {ref}", ref=row["ref"]))  # fmt: skip

    def _notice(self, row: Row) -> str:
        kind = NoticeKind(row["kind"])
        notice = Notice(**{**row, "kind": kind})
        return self._join(self.t.day(row["workdate"]), describe_notice(self.t, notice))

    def _receipt(self, row: Row) -> str:
        return self._join(self._at(row, "made_at"), self.t("ref {ref}", ref=row["ref"]), row["signature"])

    def _reminders(self, row: Row) -> str:
        chosen = [(kind, row[column]) for kind, column in _REMINDERS.items() if row[column] is not None]
        said = (
            self.t("{name}: {when}", name=self.t.gettext(NAMES[kind]),
                    when=say_when(self.t, kind, timedelta(minutes=minutes)))
            for kind, minutes in chosen
        )  # fmt: skip
        return self._join(*said) or self.t("off")

    def _attempt(self, row: Row) -> str:
        return self._join(self._at(row, "at"))

    def _person(self, row: Row) -> str:
        hired = row["hire_date"]
        since = self.t("since {at}", at=self.t.date(hired)) if hired else None
        return self._join(row["name"], row["emp_code"], row["position"], row["phone"], since)

    def _known_punch(self, row: Row) -> str:
        at = self._at(row, "stamped_at") or self._at(row, "punched_at")
        return self._join(at, self._kind(row), row["terminal_alias"])

    def _known_log(self, row: Row) -> str:
        return self._join(self._at(row, "punched_at"), self._kind(row), self._word(_AUDIT, row["audit_status"]))

    def _known_leave(self, row: Row) -> str:
        period = describe_period(self.t, row["starts_at"], row["ends_at"], self.zone)
        return self._join(period, row["pay_code"], self._word(_AUDIT, row["audit_status"]))

    def _shift(self, row: Row) -> str:
        timed = row["starts_at"] is not None and row["ends_at"] is not None
        hours = describe_period(self.t, row["starts_at"], row["ends_at"], self.zone) if timed else None
        return self._join(hours or self.t.day(row["workdate"]), row["timetable"])

    def _alert(self, row: Row) -> str:
        answers = {str(kind): said for kind, said in ANSWERS.items()}
        return self._join(self._at(row, "found_at"), row["timetable"], self._word(_MISSED, row["kind"]),
                          self._word(answers, row["answer"]), self._word(EXCUSES, row["excuse"]))  # fmt: skip
