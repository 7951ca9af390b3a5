"""What people have punched of late: as BioTime told us, and what we keep ourselves that it does not have yet."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from bot.attendance.model import PunchState
from bot.attendance.progress import State
from bot.store.roster_tables import roster_punches
from bot.store.tables import punches

Times = list[tuple[datetime, PunchState]]
_OWN_WAY = (State.RECORDED, State.SENDING, State.AMBIGUOUS, State.MANUAL_DUE, State.CONFIRMED)


def load_times(
    connection: Connection, company: str, since: datetime, emp_codes: Collection[str] | None = None
) -> Mapping[str, Times]:
    """By emp_code, the earliest first. A punch of ours that BioTime has, too, is there twice, a second apart at most:
    whoever reads states does not mind."""
    found: dict[str, Times] = defaultdict(list)
    r, p = roster_punches.c, punches.c
    theirs = select(r.emp_code, r.punched_at, r.punch_state).where(r.company == company, r.punched_at >= since)
    ours = select(p.emp_code, p.punched_at, p.punch_state).where(
        p.company == company, p.punched_at >= since, p.state.in_(_OWN_WAY)
    )
    for query in (theirs, ours):
        for code, at, state in connection.execute(query):
            if emp_codes is None or code in emp_codes:
                found[code].append((at, PunchState(state)))
    return {code: sorted(times) for code, times in found.items()}
