"""Digests as they are made from BioTime's cards and kept: who gets whose, and when."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.attendance.model import PunchState
from bot.gateway.sample import NAME
from bot.services.digesting import Digesting
from bot.services.digests import Digest, Tally
from bot.services.kept_digests import read_digest
from bot.services.managing import Managing
from bot.services.workdays import Mark
from bot.store import manager_settings, managers
from bot.store.alert_tables import outbox
from bot.store.manager_settings import ManagerSettings
from bot.store.managers import Scope, StandIn
from bot.store.roster_tables import roster_areas, shift_instances
from tests.services.test_scanning import appoint, begin, link
from tests.services.town import HUDA, MONA, OMAR, Town, open_town


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with open_town(begin) as opened:
        yield opened


async def make(town: Town) -> dict[tuple[str, str], Digest]:
    """By whom they go to and their key."""
    await Digesting(town.db, town.tenants, town.account, town.clock).run()
    rows = await town.rows(outbox, outbox.c.kind == "digest")
    return {(row.emp_code, row.key): read_digest(json.loads(row.payload)) for row in rows}


async def hand_over(town: Town, to: str) -> None:
    period = StandIn(NAME, OMAR, to, town.clock(), town.clock() + timedelta(hours=12))
    await town.db.write(lambda c: managers.add_stand_in(c, period))


async def test_who_works_a_shift_is_not_without_a_timetable(town: Town) -> None:
    """Should the row of punches outside of it still be there."""
    await town.go_to(8, 1, day=1)
    row = {"company": NAME, "emp_code": MONA, "workdate": date(2026, 3, 3), "timetable": "", "kind": "none"}
    await town.db.write(lambda c: c.execute(shift_instances.insert().values(**row, area_id=0)))
    (digest,) = (await make(town)).values()
    assert "Mona" not in digest.untimed


async def test_a_digest_that_was_handed_over_goes_to_the_stand_in_when_the_manager_chose(town: Town) -> None:
    chosen = ManagerSettings(digest_at=time(16), weekly_day=1)
    await town.db.write(lambda c: manager_settings.change_manager_settings(c, NAME, OMAR, lambda _: chosen))
    town.clock.at = town.at(15, day=1)
    await hand_over(town, HUDA)
    await town.go_to(15, 59, day=1)
    assert await make(town) == {}
    await town.go_to(16, 1, day=1)
    made = await make(town)
    assert set(made) == {(HUDA, f"daily 2026-03-02 {OMAR}"), (HUDA, f"weekly 2026-03-02 {OMAR}")}
    assert {digest.whose for digest in made.values()} == {"Omar"}
    assert await make(town) == made


async def test_what_an_outage_over_midnight_has_kept_comes_after_it_once(town: Town) -> None:
    """On a Tuesday; Wednesday evening's is then its own."""
    await appoint(town, OMAR, "Security")
    await change(town, lambda old: replace(old, digest_at=time(23, 59), weekly_day=1))
    await town.go_to(23, 50, day=1)
    town.line.break_after = 0
    town.clock.at = town.at(23, 59, day=1)
    assert await make(town) == {}
    town.line.break_after = None
    await town.go_to(0, 2, day=2)
    late = await make(town)
    assert set(late) == {(OMAR, "daily 2026-03-02"), (OMAR, "weekly 2026-03-02")}
    assert await lists(town) == {"daily 2026-03-02": list(DAY_GUARDS)}
    await town.go_to(5, 58, day=2)
    assert await make(town) == late
    await town.go_to(23, 59, day=2)
    assert set(await make(town)) - set(late) == {(OMAR, "daily 2026-03-03")}


async def test_a_stand_in_who_cannot_be_told_leaves_the_digest_to_who_handed_over(town: Town) -> None:
    await town.go_to(7, day=1)
    await hand_over(town, "1004")
    await town.go_to(8, 1, day=1)
    made = await make(town)
    assert set(made) == {(OMAR, "daily 2026-03-02")}
    assert await make(town) == made


async def test_a_digest_goes_to_who_stands_in_for_the_stand_in(town: Town) -> None:
    await town.go_to(7, day=1)
    await link(town, "1004")
    await hand_over(town, "1004")
    period = StandIn(NAME, "1004", HUDA, town.clock(), town.clock() + timedelta(hours=12))
    await town.db.write(lambda c: managers.add_stand_in(c, period))
    await town.go_to(8, 1, day=1)
    made = await make(town)
    assert {key: digest.whose for key, digest in made.items()} == {(HUDA, f"daily 2026-03-02 {OMAR}"): "Omar"}


async def test_what_a_manager_has_had_does_not_go_to_the_stand_in_as_well(town: Town) -> None:
    await town.go_to(8, 1, day=1)
    made = await make(town)
    assert [code for code, _ in made] == [OMAR]
    await hand_over(town, HUDA)
    assert await make(town) == made


async def test_nobody_gets_a_digest_twice_whoever_stands_in_by_turns(town: Town) -> None:
    """Huda had it for Omar, then he came back, and handed over to others and to her again."""
    await town.go_to(7, day=1)
    await link(town, "1004")
    told = []
    for minute, to in ((1, HUDA), (11, None), (21, "1004"), (31, HUDA), (41, None)):
        await town.go_to(8, minute, day=1)
        await town.db.write(lambda c: managers.end_stand_ins(c, NAME, OMAR, town.clock()))
        if to is not None:
            await hand_over(town, to)
        told.append({code for code, _ in await make(town)})
    assert told == [{HUDA}, *[{HUDA, OMAR}] * 4]


GUARDS = ("1018", "1019", "1024", "1025")
"""Who has the night of Monday, nineteen to seven."""
DAY_GUARDS = ("1017", "1022", "1023", "1028")


async def come_at_night(town: Town, *who: str) -> None:
    await town.syncing.run()
    await appoint(town, OMAR, "Security")
    await change(town, lambda old: replace(old, digest_at=time(6), weekly_day=1))
    for code in who:
        await town.punch(code, town.at(18, 58))
    for code in DAY_GUARDS:
        await town.punch(code, town.at(19, 3), PunchState.CHECK_OUT)


async def change(town: Town, chosen: Callable[[ManagerSettings], ManagerSettings]) -> None:
    await town.db.write(lambda c: manager_settings.change_manager_settings(c, NAME, OMAR, chosen))


async def leave_in_the_morning(town: Town, *who: str) -> None:
    for code in who:
        await town.punch(code, town.at(7, 1, day=1), PunchState.CHECK_OUT)


def troubles(digest: Digest) -> dict[str, Tally]:
    return {one.emp_code: one for one in digest.tallies}


async def lists(town: Town) -> dict[str, list[str]]:
    """Who is in each list of forgotten punches, by its key."""
    rows = await town.rows(outbox, outbox.c.kind == "forgotten")
    return {row.key: [one[0] for one in json.loads(row.payload)["missing"]] for row in rows}


async def test_a_night_that_goes_on_is_told_in_the_next_digest_whole_and_once(town: Town) -> None:
    """1018 and 1019 leave at seven, 1024 forgets to, 1025 has not come."""
    await come_at_night(town, "1018", "1019", "1024")
    await town.go_to(6, day=1)
    first = await make(town)
    told = first[OMAR, "daily 2026-03-02"]
    assert not set(GUARDS) & set(troubles(told))
    assert [one.emp_code for one in told.unfinished] == list(GUARDS)
    assert not set(GUARDS) & set((await lists(town)).get("daily 2026-03-02", ()))
    assert [one.emp_code for one in first[OMAR, "weekly 2026-03-02"].unfinished] == list(GUARDS)
    (stripe,) = [one for one in first[OMAR, "weekly 2026-03-02"].stripes if one.emp_code == "1018"]
    assert stripe.marks[-1] is Mark.OPEN
    await leave_in_the_morning(town, "1018", "1019")
    await change(town, lambda old: replace(old, digest_at=time(8)))
    await town.go_to(8, day=1)
    assert await make(town) == first, "it is told once a day, whatever is chosen since"
    await town.go_to(8, day=2)
    ((day, nights),) = (await make(town))[OMAR, "daily 2026-03-03"].earlier
    assert (day, {one.emp_code: (one.absent, one.missing) for one in nights}) == (
        date(2026, 3, 2),
        {"1024": (0, ("2026-03-02",)), "1025": (1, ())},
    )
    assert (await lists(town))["daily 2026-03-03"][:1] == ["1024"]
    await town.go_to(8, day=3)
    later = (await make(town))[OMAR, "daily 2026-03-04"]
    assert date(2026, 3, 2) not in dict(later.earlier), "and not a third time"


async def test_a_night_that_was_over_for_who_came_back_that_morning_is_not_told_again(town: Town) -> None:
    """Huda stands in until nine; at six the night goes on."""
    await come_at_night(town)
    await town.go_to(20)
    await hand_over(town, HUDA)
    await town.go_to(6, day=1)
    first = await make(town)
    for span in ("daily", "weekly"):
        assert [one.emp_code for one in first[HUDA, f"{span} 2026-03-02 {OMAR}"].unfinished] == list(GUARDS)
    await town.go_to(9, day=1)
    second = await make(town)
    for span in ("daily", "weekly"):
        assert {troubles(second[OMAR, f"{span} 2026-03-02"])[code].absent for code in GUARDS} == {1}
    await town.go_to(6, day=2)
    assert (await make(town))[OMAR, "daily 2026-03-03"].earlier == ()
    await town.go_to(6, day=8)
    week = troubles((await make(town))[OMAR, "weekly 2026-03-09"])
    assert week["1018"].absent == 4, "without that of the second"


async def test_who_stands_in_is_told_of_their_own_night_by_nobody_and_the_manager_next_time(town: Town) -> None:
    await come_at_night(town)
    await town.go_to(20)
    await hand_over(town, HUDA)
    await town.go_to(6, day=1)
    await make(town)
    await town.go_to(9, day=1)
    await town.db.write(lambda c: managers.end_stand_ins(c, NAME, OMAR, town.clock()))
    await link(town, GUARDS[0])
    await hand_over(town, GUARDS[0])
    told = troubles((await make(town))[GUARDS[0], f"daily 2026-03-02 {OMAR}"])
    assert [code for code in GUARDS if code in told] == list(GUARDS[1:])
    await town.go_to(6, day=2)
    ((_, nights),) = (await make(town))[OMAR, "daily 2026-03-03"].earlier
    assert [one.emp_code for one in nights] == [GUARDS[0]]


async def test_who_may_still_clock_out_has_not_forgotten_it(town: Town) -> None:
    """At eight the night has been over for an hour; BioTime waits for two."""
    await come_at_night(town, *GUARDS[:2])
    await change(town, lambda old: replace(old, digest_at=time(8)))
    await leave_in_the_morning(town, "1018")
    await town.go_to(8, day=1)
    told = (await make(town))[OMAR, "daily 2026-03-02"]
    assert [one.emp_code for one in told.unfinished] == ["1019"]
    assert troubles(told)["1024"].absent == troubles(told)["1025"].absent == 1


async def test_what_a_digest_left_out_is_told_in_the_next_though_a_list_came_alone_in_between(town: Town) -> None:
    """1018 and 1019 leave at seven, 1024 forgets to, 1025 has not come; on the day after there is no digest."""
    await come_at_night(town, "1018", "1019", "1024")
    await town.go_to(6, day=1)
    await make(town)
    await leave_in_the_morning(town, "1018", "1019")
    await change(town, lambda old: replace(old, digest_at=None))
    await town.go_to(8, day=2)
    await make(town)
    assert "1024" in (await lists(town))["daily 2026-03-03"]
    await change(town, lambda old: replace(old, digest_at=time(6)))
    for day, nights in ((3, ["1024", "1025"]), (4, None)):
        await town.go_to(6, day=day)
        told = dict((await make(town))[OMAR, f"daily 2026-03-0{day + 1}"].earlier).get(date(2026, 3, 2))
        assert (told and sorted(one.emp_code for one in told)) == nights
        assert "1024" not in (await lists(town)).get(f"daily 2026-03-0{day + 1}", ()), "it is in a list already"


async def test_who_wants_no_digest_still_hears_of_forgotten_punches(town: Town) -> None:
    """At eight, on working days; a night that goes on is told the day after, too."""
    await come_at_night(town, "1018", "1019", "1024")
    await change(town, lambda old: replace(old, digest_at=None))
    await town.punch(MONA, town.at(9))
    await leave_in_the_morning(town, "1018")
    await town.go_to(7, 59, day=1)
    assert (await make(town), await lists(town)) == ({}, {})
    await town.go_to(8, day=1)
    assert await make(town) == {}
    assert await lists(town) == {"daily 2026-03-02": [MONA]}
    town.line.asked.clear()
    assert await make(town) == {}
    assert town.line.asked == [], "BioTime is not asked again and again"
    await town.go_to(8, day=2)
    await make(town)
    assert (await lists(town))["daily 2026-03-03"] == ["1019", "1024"]
    await town.go_to(8, day=3)
    await make(town)
    assert (await lists(town))["daily 2026-03-04"] == []


async def test_who_has_left_stands_in_the_sheet_of_the_month_they_worked_in(town: Town) -> None:
    """Until they left, and in the next one no more; who manages their area has them as well."""
    await come_at_night(town)
    for code in ("1004", "1005"):
        await town.punch(code, town.at(9))
        await town.punch(code, town.at(18), PunchState.CHECK_OUT)
    await town.change("1005", active=False)
    await town.go_to(19)
    await town.change("1004", active=False)
    dubai = await town.rows(roster_areas, roster_areas.c.name == "Dubai Office")
    await Managing(town.db, town.clock).appoint(NAME, HUDA, Scope.AREA, dubai[0].id)
    await change(town, lambda old: replace(old, digest_at=time(8)))
    await town.go_to(8, day=1)
    assert troubles((await make(town))[OMAR, "daily 2026-03-02"]).get("1004") is None
    await town.go_to(8, day=30)
    made = await make(town)
    for manager in (OMAR, HUDA):
        sheet = {one.member.emp_code: one for one in made[manager, "monthly 2026-03-31"].totals}
        assert {code: (sheet[code].days, sheet[code].absent) for code in ("1004", "1005")} == {
            "1004": (1, 0),
            "1005": (1, 0),
        }
        assert sheet["1004"].member.department == "Sales"
    await town.go_to(8, day=60)
    later = (await make(town))[OMAR, "monthly 2026-04-30"]
    assert not {"1004", "1005"} & {one.member.emp_code for one in later.totals}
