"""The picture of Omar's week and the sheet of his month: they come with the digest, and are never why it is lost."""

from collections.abc import Hashable
from datetime import timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from bot.chat.digest_papers import DigestPapers
from bot.i18n import Translator, translator_for
from bot.papers.figures import TeamFigures
from bot.papers.press import Press
from bot.papers.worker import Died
from bot.playground.chats import SeenMessage
from bot.playground.people import Person as Human
from bot.playground.watching import plain
from bot.services.alerts import Undelivered
from bot.services.digests import Digest, Period, Span, Stripe
from bot.services.totals import Member
from bot.services.workdays import Mark
from bot.store import links
from bot.store.links import Person
from tests.chat import february
from tests.chat.team import appoint, enter
from tests.chat.test_manager_settings import look
from tests.papers.test_press import SlowWorker
from tests.press import WorkerHere
from tests.store.rows import LINK
from tests.talk import MORNING, Office, Talk, like, presses_old

WEEK = "📊 Your team from {first} to {last}"
BARE = "The file that belongs here could not be made, or sent."


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the jobs do is done by `look`, and not by them as well at some moment."""
    monkeypatch.setattr("bot.app.Runner.start", lambda _runner: None)
    monkeypatch.setattr("bot.app.Runner.close", lambda _runner: None)
    return {}


@pytest.fixture
async def manager(office: Office, omar: Human) -> Human:
    february.add_february(office)
    await appoint(office)
    return await enter(office, omar)


def digests(person: Human, sign: str = "📊") -> list[SeenMessage]:
    return [message for message in person.history if plain(message.text).startswith(sign)]


async def test_the_week_comes_with_a_picture(office: Office, manager: Human, talk: Talk, t: Translator) -> None:
    manager.language = t.language
    await talk(manager, [("/menu",)])
    await look(office, hours=7 * 24)
    await look(office)
    (week,) = digests(manager)
    assert like(t, WEEK).search(plain(week.text))
    assert f"Mona: ❌ {t.field(t('Absent'), '5')}" in plain(week.text)
    photo = week.content["photo"][-1]
    assert (photo["width"], photo["height"] < 1000) == (1080, True)
    assert t("👥 Team") in week.labels
    await talk(manager, [(presses_old("team", week.message_id), t.plural("👥 Your team: {n} person", "", 1))])
    assert digests(manager) == [week], "the picture stays: the team is a message of its own"


async def test_the_picture_is_as_dark_as_the_others(
    office: Office, manager: Human, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[object] = []
    real = Press.make

    async def note(press: Press, builder: str, paper: Hashable) -> bytes:
        drawn.append(paper)
        return await real(press, builder, paper)

    monkeypatch.setattr(Press, "make", note)
    await office.hadir.db.write(lambda c: c.exec_driver_sql("UPDATE people SET dark = 1"))
    await look(office, hours=7 * 24)
    (figures,) = drawn
    assert isinstance(figures, TeamFigures)
    assert figures.dark
    assert len(digests(manager)) == 1


async def test_a_picture_that_takes_its_time_does_not_hold_up_the_alerts(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made all the same, and is there at the next try."""
    worker = SlowWorker()
    papers, english = DigestPapers(Press(worker)), translator_for("en")
    period = Period(Span.WEEKLY, february.FIRST, february.FIRST)
    digest = Digest(period, 1, (), 0, (), stripes=(Stripe("1001", "Mona", (Mark.LATE,)),))
    with monkeypatch.context() as hurried:
        hurried.setattr("bot.chat.digest_papers.PATIENCE", timedelta(0))
        with pytest.raises(Undelivered) as raised:
            await papers.make(english, LINK, Person(101, None, "en", "device"), digest)
    assert raised.value.unsent
    worker.may.set()
    made = await papers.make(english, LINK, Person(101, None, "en", "device"), digest)
    assert made is not None
    assert made.is_picture
    assert len(worker.orders) == 1


@pytest.mark.parametrize("fault", ["lost", "500", "429"])
async def test_an_upload_that_fails_is_tried_again(office: Office, manager: Human, fault: str) -> None:
    office.expects_trouble = True
    faults = office.playground.faults
    match fault:
        case "lost":
            faults.lose_request("sendPhoto", times=2)
        case "500":
            faults.fail("sendPhoto", code=500, times=2)
        case _:
            faults.too_many_requests("sendPhoto", retry_after=30, times=2)
    await look(office, hours=7 * 24)
    assert digests(manager) == []
    await look(office)
    await look(office)
    (week,) = digests(manager)
    assert "photo" in week.content


async def test_a_picture_that_telegram_never_takes_does_not_keep_the_words_back(office: Office, manager: Human) -> None:
    office.expects_trouble = True
    office.playground.faults.fail("sendPhoto", code=400, description="Bad Request: IMAGE_PROCESS_FAILED", times=9)
    await look(office, hours=7 * 24)
    await look(office)
    (week,) = digests(manager)
    assert BARE in week.text
    assert "Mona: ❌ Absent: 5" in plain(week.text)


async def test_who_has_blocked_the_bot_is_unlinked_as_ever(office: Office, manager: Human) -> None:
    office.expects_trouble = True
    office.playground.faults.fail("sendPhoto", code=403, description="Forbidden: bot was blocked by the user", times=9)
    await look(office, hours=7 * 24)
    assert await office.hadir.db.read(lambda c: links.find_link(c, manager.chat.id)) is None


async def test_without_a_picture_the_words_come(
    office: Office, manager: Human, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(_worker: WorkerHere, _order: bytes) -> bytes:
        raise Died

    monkeypatch.setattr(WorkerHere, "run", die)
    await look(office, hours=7 * 24)
    (week,) = digests(manager)
    assert BARE in week.text


async def test_of_a_large_team_the_words_go_on_below_the_picture(
    office: Office, manager: Human, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty long names are more than a caption holds."""
    long = {str(n): Member(str(n), f"Store {n:03} {'of the north ' * 4}") for n in range(60)}
    monkeypatch.setattr("bot.services.staff.Staff.members_of_manager", lambda *_whose: long)
    monkeypatch.setattr("bot.services.totals.Totals.is_well", property(lambda one: False))
    await look(office, hours=7 * 24)
    (week,) = digests(manager)
    below = manager.history[-1]
    assert "photo" in week.content
    assert (week.labels, below.labels) == ((), ("👥 Team",))
    assert "Store 000" in week.text
    assert "… and 30 more" in plain(below.text)


async def test_the_month_comes_with_a_sheet(office: Office, manager: Human, t: Translator) -> None:
    """Mona's February, on the first of March."""
    office.clock.at = MORNING - timedelta(days=1)
    await office.hadir.db.write(lambda c: links.settle_language(c, manager.chat.id, t.language))
    await look(office)
    await look(office)
    (month,) = digests(manager, "📅")
    assert plain(t("📅 Your team in {month}", month=t.month(february.FIRST))) in plain(month.text)
    document = month.content["document"]
    assert document["file_name"] == "team-2026-02.xlsx"
    made = office.playground.world.files.get(document["file_id"]).data
    rows = CalamineWorkbook.from_filelike(BytesIO(made)).get_sheet_by_name(t("Team")).to_python()
    (mona,) = [row for row in rows if row[0] == "Mona"]
    assert mona[1:4] == ["1001", "Sales", 17.0]
    late, early = [1.0, timedelta(minutes=25)], [1.0, timedelta(minutes=90)]
    assert mona[6:] == [*late, *early, 1.0, 1.0, timedelta(hours=2), 1.0]
    assert "Huda" not in str(rows)
    await office.talk(manager, [(presses_old("team", month.message_id), t.plural("👥 Your team: {n} person", "", 1))])
