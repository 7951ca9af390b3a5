"""Cards nobody looks at, terminals in trouble, quiet hours: who is told what, and how often."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

import pytest

from bot.chat.alert_texts import describe_card
from bot.gateway.records import tables as gateway
from bot.gateway.sample import NAME, ZONE
from bot.i18n import translator_for
from bot.playground.watching import plain
from bot.services.alerts import Keep
from bot.services.cards import Card, CatchUp, News, Silence
from bot.services.delivering import Delivering
from bot.services.escalating import Escalating
from bot.services.forgotten import Forgotten
from bot.services.handing import Handing
from bot.services.manager_news import Ignored, TerminalTrouble
from bot.services.scanning import Scanning
from bot.services.terminal_watch import TerminalWatch
from bot.store import dispatch, links, manager_settings, managers, outbox
from bot.store.alert_tables import outbox as outbox_rows
from bot.store.links import Link, Person
from bot.store.manager_settings import ManagerSettings
from bot.store.managers import Scope, StandIn
from bot.store.messages import New, Sent, Topic
from bot.store.roster_tables import roster_punches
from bot.store.team_tables import terminal_troubles
from tests.services.test_scanning import all_come, begin, go_to, link, told
from tests.services.town import HUDA, MONA, OMAR, Town, open_town

MINUTE = timedelta(minutes=1)


@dataclass
class Telegram:
    said: list[tuple[str, News]] = field(default_factory=list)
    rang: list[str] = field(default_factory=list)

    async def tell(
        self, to: Link, person: Person, news: News, before: Sequence[Sent], *, repeat: bool, anew: bool, keep: Keep
    ) -> Sequence[Sent]:
        self.said.append((to.emp_code, news))
        self.rang += [to.emp_code] if anew or not before else []
        return before or [Sent(to.telegram_id, len(self.said), "x")]

    def of(self, kind: type) -> list[tuple[str, Any]]:
        return [(code, news) for code, news in self.said if isinstance(news, kind)]


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with open_town(begin) as opened:
        yield opened


async def deliver(town: Town, telegram: Telegram) -> None:
    await Delivering(town.db, town.tenants, telegram, town.clock).run()


async def hear_at(town: Town, at: datetime) -> None:
    """From every terminal; without a scan."""
    town.clock.at = at
    await town.hear_from_terminals()
    await town.look()


async def test_a_card_nobody_looks_at_goes_to_the_next_manager_once(town: Town) -> None:
    """Omar's own manager is nobody: then it is HR's."""
    telegram, escalating = Telegram(), Escalating(town.db, town.tenants, town.clock)
    await all_come(town, MONA)
    await go_to(town, 9, 25)
    await deliver(town, telegram)
    assert [code for code, _ in telegram.of(Card)] == [OMAR]
    town.clock.at += 29 * MINUTE
    assert await escalating.run() == 0
    town.clock.at += MINUTE
    assert await escalating.run() == 2
    assert await escalating.run() == 0
    await deliver(town, telegram)
    ((code, ignored),) = telegram.of(Ignored)
    assert (code, ignored.manager) == (HUDA, "Omar")
    assert HUDA in [code for code, _ in telegram.of(Card)]


async def test_who_has_looked_at_it_is_not_passed_over(town: Town) -> None:
    telegram = Telegram()
    await all_come(town, MONA)
    await go_to(town, 9, 25)
    await deliver(town, telegram)
    (row,) = await town.rows(outbox_rows, outbox_rows.c.kind == "card")
    await town.db.write(lambda c: outbox.settle_seen(c, row.id, town.clock()))
    town.clock.at += 60 * MINUTE
    assert await Escalating(town.db, town.tenants, town.clock).run() == 0


async def test_a_silent_terminal_is_told_once_and_once_when_it_is_back(town: Town) -> None:
    telegram, watch = Telegram(), TerminalWatch(town.db, town.tenants, town.clock)
    await town.hear_from_terminals()
    await go_to(town, 9, 0)
    assert await watch.run() == 0
    silent = gateway.terminals.update().where(gateway.terminals.c.sn == "DXB0000001")
    await town.records.write(lambda c: c.execute(silent.values(last_activity_at=town.at(9))))
    town.clock.at = town.at(9, 40)
    others = gateway.terminals.update().where(gateway.terminals.c.sn != "DXB0000001")
    await town.records.write(lambda c: c.execute(others.values(last_activity_at=town.clock.at)))
    await town.look()
    assert [await watch.run() for _ in range(2)] == [1, 0]
    await deliver(town, telegram)
    ((code, trouble),) = telegram.of(TerminalTrouble)
    assert (code, trouble.trouble.sn, trouble.ended_at) == (HUDA, "DXB0000001", None)
    await go_to(town, 9, 50)
    assert await watch.run() == 1
    await deliver(town, telegram)
    assert [news.ended_at is None for _, news in telegram.of(TerminalTrouble)] == [True, False]
    assert await told(town, "terminal") == [HUDA]


async def test_who_logs_in_while_a_terminal_is_silent_hears_of_it_then(town: Town) -> None:
    """And that it is over is told to nobody else: Omar becomes HR in the meantime, and has heard nothing."""
    telegram, watch = Telegram(), TerminalWatch(town.db, town.tenants, town.clock)
    await town.db.write(lambda c: links.end_link(c, int(HUDA), town.clock()))
    await town.hear_from_terminals()
    await go_to(town, 9, 0)
    town.clock.at = town.at(9, 40)
    others = gateway.terminals.update().where(gateway.terminals.c.sn != "DXB0000001")
    await town.records.write(lambda c: c.execute(others.values(last_activity_at=town.clock.at)))
    await town.look()
    assert await watch.run() == 1
    await deliver(town, telegram)
    assert telegram.of(TerminalTrouble) == []
    await link(town, HUDA, 2)
    assert [await watch.run() for _ in range(2)] == [0, 0]
    await deliver(town, telegram)
    assert [(code, news.ended_at) for code, news in telegram.of(TerminalTrouble)] == [(HUDA, None)]
    await go_to(town, 9, 50)
    await link(town, "1004", 2)
    assert await watch.run() == 1
    await deliver(town, telegram)
    assert [(code, news.ended_at is None) for code, news in telegram.of(TerminalTrouble)] == [
        (HUDA, True),
        (HUDA, False),
    ]


async def test_a_wrong_clock_is_right_again_with_a_right_punch_and_not_with_a_quiet_night(town: Town) -> None:
    watch = TerminalWatch(town.db, town.tenants, town.clock)
    await town.punch(MONA, town.at(9, 12), uploaded_at=town.at(9))
    await town.hear_from_terminals()
    await go_to(town, 9, 1)
    assert await watch.run() == 1
    for hour, day in ((20, 0), (22, 0), (8, 1)):
        await hear_at(town, town.at(hour, day=day))
        assert await watch.run() == 0
    await town.punch(MONA, town.at(8, 22, day=1), uploaded_at=town.at(8, 10, day=1))
    await hear_at(town, town.at(8, 11, day=1))
    assert await watch.run() == 0
    await town.punch(OMAR, town.at(8, 20, day=1))
    await hear_at(town, town.at(8, 21, day=1))
    assert await watch.run() == 1
    keys = {row.key for row in await town.rows(outbox_rows, outbox_rows.c.kind == "terminal")}
    assert keys == {"1", "1 over"}


async def test_a_clock_that_is_set_and_still_wrong_is_followed_and_told_of_once(town: Town) -> None:
    watch = TerminalWatch(town.db, town.tenants, town.clock)
    changes = []
    for hour, behind in ((9, 180), (10, 60)):
        for minute in (0, 15, 30):
            at = town.at(hour, minute)
            await town.punch(MONA, at - behind * MINUTE, uploaded_at=at)
            await hear_at(town, at)
            changes.append(await watch.run())
    assert changes == [0, 0, 1, 0, 0, 0]
    (trouble,) = await town.rows(terminal_troubles)
    assert timedelta(seconds=trouble.off_seconds) == -60 * MINUTE
    rows = await town.rows(roster_punches, roster_punches.c.uploaded_at >= town.at(9))
    assert len(rows) == 6
    assert all(row.punched_at == row.uploaded_at != row.stamped_at for row in rows)


async def test_of_a_terminal_that_was_taken_down_nothing_more_is_told(town: Town) -> None:
    watch = TerminalWatch(town.db, town.tenants, town.clock)
    await town.punch(MONA, town.at(9, 12), uploaded_at=town.at(9))
    await town.hear_from_terminals()
    await go_to(town, 9, 1)
    assert await watch.run() == 1
    taken_down = gateway.terminals.delete().where(gateway.terminals.c.sn == "DXB0000001")
    await town.records.write(lambda c: c.execute(taken_down))
    await go_to(town, 9, 5)
    await link(town, OMAR, 2)
    assert await watch.run() == 0
    assert await told(town, "terminal") == [HUDA]


async def test_while_biotime_is_not_heard_of_no_terminal_is_called_silent(town: Town) -> None:
    await go_to(town, 9, 0)
    town.clock.at += 120 * MINUTE
    assert await TerminalWatch(town.db, town.tenants, town.clock).run() == 0


async def test_quiet_hours_hold_all_back_and_catch_up_in_one_message(town: Town) -> None:
    """His end at eleven; Mona comes at ten, when he hears nothing."""
    telegram = Telegram()
    quiet = ManagerSettings(quiet_from=time(8), quiet_until=time(19))
    await town.db.write(lambda c: manager_settings.change_manager_settings(c, NAME, OMAR, lambda _: quiet))
    await all_come(town, MONA)
    await go_to(town, 9, 25)
    await deliver(town, telegram)
    await go_to(town, 10, 25)
    await deliver(town, telegram)
    assert telegram.said == []
    await go_to(town, 19, 1)
    await deliver(town, telegram)
    assert [(code, type(news)) for code, news in telegram.said if code == OMAR] == [(OMAR, CatchUp)]
    await deliver(town, telegram)
    assert len([code for code, _ in telegram.said if code == OMAR]) == 1


async def test_quiet_hours_catch_up_in_one_message_that_stays_true(town: Town) -> None:
    """Two cards, yesterday and a silence of BioTime; nothing comes twice. A card can be called for by itself."""
    telegram = Telegram()
    quiet = ManagerSettings(quiet_from=time(8), quiet_until=time(11))
    for code in (OMAR, HUDA):
        await town.db.write(
            partial(manager_settings.change_manager_settings, company=NAME, emp_code=code, change=lambda _: quiet)
        )
    await all_come(town, MONA)
    await go_to(town, 9, 25)
    (card,) = await town.rows(outbox_rows, outbox_rows.c.kind == "card")
    for code, topic, key, payload in (
        (OMAR, Topic.FORGOTTEN, "daily", {"missing": [[MONA, "Mona", "2026-03-01"]]}),
        (OMAR, Topic.CARD, "another", json.loads(card.payload)),
        (HUDA, Topic.DOWN, "x", {"since": town.clock().isoformat()}),
    ):
        new = New(code, topic, key, town.clock(), payload)
        await town.db.write(lambda c, new=new: outbox.add_messages(c, NAME, [new], town.clock()))  # type: ignore[misc]
    await deliver(town, telegram)
    assert telegram.said == []
    await go_to(town, 11, 0)
    await deliver(town, telegram)
    caught_up = dict(telegram.of(CatchUp))
    assert len(telegram.said) == len(caught_up) == 2
    assert [type(part) for part in caught_up[OMAR].parts] == [Card, Forgotten, Card]
    assert [type(part) for part in caught_up[HUDA].parts] == [Silence]
    await town.punch(MONA, town.at(11, 1))
    await go_to(town, 11, 2)
    await deliver(town, telegram)
    assert {type(news) for _, news in telegram.said} == {CatchUp}, "edited, and nothing singly"
    assert not telegram.of(CatchUp)[-1][1].parts[0].missing
    assert await town.db.write(lambda c: dispatch.release(c, card.id, town.clock()))
    await deliver(town, telegram)
    assert not await town.db.write(lambda c: dispatch.release(c, card.id, town.clock())), "it is there"


async def test_who_comes_before_the_manager_wants_to_know_is_no_message(town: Town) -> None:
    telegram = Telegram()
    await town.db.write(lambda c: managers.settle_delay(c, NAME, OMAR, 30 * MINUTE))
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await town.punch(MONA, town.at(9, 25))
    await go_to(town, 9, 40)
    await deliver(town, telegram)
    assert telegram.of(Card) == []


async def test_whose_punch_came_since_the_scan_is_not_both_in_and_missing(town: Town) -> None:
    telegram = Telegram()
    await all_come(town, MONA)
    await go_to(town, 9, 25)
    await deliver(town, telegram)
    await town.punch(MONA, town.at(9, 26))
    town.clock.at = town.at(9, 27)
    await town.look()
    await deliver(town, telegram)
    card = telegram.of(Card)[-1][1]
    assert ([one.name for one in card.late], card.missing) == (["Mona"], ())


async def test_what_changes_while_a_card_is_being_sent_is_told_next(town: Town) -> None:
    await all_come(town, MONA)
    await go_to(town, 9, 25)
    due = await town.db.read(lambda c: dispatch.find_due(c, town.clock()))
    row = next(one for one in due if one.topic is Topic.CARD)
    claimed = await town.db.write(lambda c: dispatch.claim(c, row, town.clock()))
    assert claimed is not None
    now, sent = town.clock(), [Sent(1, 1, "x")]
    await town.db.write(lambda c: outbox.hasten(c, NAME, Topic.CARD, [row.key], now))
    due = await town.db.read(lambda c: dispatch.find_due(c, now))
    assert row.id not in {one.id for one in due}, "nobody else takes it meanwhile"
    await town.db.write(lambda c: dispatch.settle_sent(c, claimed, sent, now, None))
    assert row.id in {one.id for one in await town.db.read(lambda c: dispatch.find_due(c, now))}


async def test_above_a_manager_is_the_manager_of_their_department(town: Town) -> None:
    await town.db.write(
        lambda c: managers.add_manager(
            c, managers.Manager(NAME, "1004", Scope.ALL, 0, "", town.clock(), timedelta(hours=9))
        )
    )
    await link(town, "1004")
    telegram = Telegram()
    await all_come(town, MONA)
    await go_to(town, 9, 25)
    await deliver(town, telegram)
    town.clock.at += 30 * MINUTE
    await Escalating(town.db, town.tenants, town.clock).run()
    await deliver(town, telegram)
    assert [code for code, _ in telegram.of(Ignored)] == ["1004"]


# -- whoever has not heard of somebody ---------------------------------------------------------------------------------


async def test_names_after_late_data_ring(town: Town) -> None:
    """The notice that data is late, then Mona's name; and when the card is looked at again, no more."""
    telegram = Telegram()
    await all_come(town, MONA)
    await _scan_with_late_data(town)
    await deliver(town, telegram)
    assert telegram.rang.count(OMAR) == 1
    await go_to(town, 9, 25)
    await deliver(town, telegram)
    assert [one.name for one in telegram.of(Card)[-1][1].missing] == ["Mona"]
    assert telegram.rang.count(OMAR) == 2
    town.clock.at += 2 * MINUTE
    await deliver(town, telegram)
    assert len(telegram.of(Card)) > 2
    assert telegram.rang.count(OMAR) == 2, "an edit"


async def test_in_quiet_hours_they_ring_when_these_are_over(town: Town) -> None:
    telegram = Telegram()
    await all_come(town, MONA)
    await _scan_with_late_data(town)
    await deliver(town, telegram)
    quiet = ManagerSettings(quiet_from=time(9, 22), quiet_until=time(9, 30))
    await town.db.write(lambda c: manager_settings.change_manager_settings(c, NAME, OMAR, lambda _: quiet))
    await go_to(town, 9, 25)
    await deliver(town, telegram)
    assert [one.name for one in telegram.of(Card)[-1][1].missing] == ["Mona"], "the card says it without a sound"
    assert telegram.rang.count(OMAR) == 1
    await go_to(town, 9, 31)
    await deliver(town, telegram)
    assert telegram.rang.count(OMAR) == 2


async def test_who_stands_in_while_data_is_late_gets_a_card(town: Town) -> None:
    telegram = Telegram()
    await link(town, "1004")
    await all_come(town, MONA)
    await _scan_with_late_data(town)
    stand_in = StandIn(NAME, OMAR, "1004", town.at(9), town.at(0, day=7))
    await town.db.write(lambda c: managers.add_stand_in(c, stand_in))
    handing = Handing(town.db, town.tenants, town.clock)
    assert (await handing.run() > 0, await handing.run()) == (True, 0)
    await deliver(town, telegram)
    assert [news.stale is not None for code, news in telegram.of(Card) if code == "1004"] == [True]


async def test_an_incident_nobody_looks_at_goes_to_the_next(town: Town) -> None:
    telegram, escalating = Telegram(), Escalating(town.db, town.tenants, town.clock)
    await go_to(town, 9, 20)
    await deliver(town, telegram)
    before = incidents(telegram)
    assert before.keys() == {OMAR, HUDA}, "she hears of those whom nobody manages"
    await go_to(town, 9, 52)
    assert await escalating.run() > 0
    await deliver(town, telegram)
    after = incidents(telegram)
    assert after[HUDA].expected > before[HUDA].expected, "and now of his people, too"
    assert await escalating.run() == 0


async def test_of_an_incident_who_has_most_people_in_reads_who_is_missing(town: Town) -> None:
    """Seven of Omar's are missing, and of the four that are HR's here only himself."""
    telegram = Telegram()
    for code in (HUDA, "1014", "1015", "1016"):
        await town.punch(code, town.at(8, 59))
    await go_to(town, 9, 20)
    await deliver(town, telegram)
    told = incidents(telegram)
    assert (told[OMAR].present, told[OMAR].few) == (0, None)
    hers = told[HUDA]
    assert (hers.present, hers.expected, [one.name for one in hers.few or ()]) == (3, 4, ["Omar"])
    t = translator_for("en")
    assert "Most of this site" in describe_card(t, told[OMAR], ZONE)
    assert "Most of this site" not in describe_card(t, hers, ZONE)
    assert plain(describe_card(t, hers, ZONE)).endswith("3 of 4 are in.\n\n❗ Missing\n• Omar (20 min)")


def incidents(telegram: Telegram) -> dict[str, Card]:
    """What each was told last of the office's."""
    return {code: news for code, news in telegram.of(Card) if news.site.area_id == 1 and news.incident}


async def _scan_with_late_data(town: Town) -> None:
    """The office's lobby was last heard of before eight."""
    town.clock.at = town.at(9, 20)
    await town.look()
    await Scanning(town.db, town.tenants, town.clock).run()
