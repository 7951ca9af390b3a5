"""A manager asks somebody of theirs when they left, the day they did not clock out."""

from collections.abc import Callable
from datetime import date, datetime
from enum import Enum

from sqlalchemy import Connection

from bot.database import Database
from bot.services.forgotten import Standing, find_changed, find_standing, hasten_changed, is_listed
from bot.services.managing import Managing
from bot.services.noting import build_line
from bot.services.staff import find_stood_in_for
from bot.store import links, outbox, roster
from bot.store.audit_lines import Act, add_audit_line
from bot.store.links import Link
from bot.store.messages import New, Topic


class Asked(Enum):
    DONE = "done"
    NOT_THEIRS = "not theirs"
    NOT_LINKED = "not linked"
    NOT_LISTED = "not listed"


class Asking:
    def __init__(self, db: Database, managing: Managing, now: Callable[[], datetime]) -> None:
        self._db = db
        self._managing = managing
        self._now = now

    async def ask_clock_out(self, asking: Link, emp_code: str, day: date) -> Asked:
        """Once for each day, whoever asks."""
        theirs = await self._managing.is_manager(asking) and await self._managing.may_see(asking, emp_code)
        if not theirs or emp_code == asking.emp_code:
            return Asked.NOT_THEIRS
        now = self._now()

        def ask(connection: Connection) -> Asked:
            if not is_listed(connection, asking.company, asking.emp_code, emp_code, day):
                return Asked.NOT_LISTED
            if not links.find_links_of_employee(connection, asking.company, emp_code):
                return Asked.NOT_LINKED
            standing = find_standing(connection, asking.company, emp_code, day, now)
            new = New(emp_code, Topic.CLOCK_OUT, day.isoformat(), now, {"asked_by": asking.name or asking.emp_code})
            # Who has reported it already is asked nothing.
            open_still = standing in (Standing.MISSING, Standing.ASKED)
            if open_still and outbox.add_once(connection, asking.company, [new], now):
                person = roster.find_person(connection, asking.company, emp_code)
                about = {"emp_code": emp_code, "name": person.name if person else "", "text": day.isoformat()}
                whose = find_stood_in_for(connection, asking, emp_code, now)
                line = build_line(asking, Act.ASKED, now, once=f"{emp_code}:{day}", **about, stood_in_for=whose)
                add_audit_line(connection, line)
            hasten_changed(connection, asking.company, find_changed(connection, asking.company, now), now)
            return Asked.DONE

        return await self._db.write(ask)
