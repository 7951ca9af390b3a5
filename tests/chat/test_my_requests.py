"""What was asked for and what became of it; taking it back; being told when it is decided."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot.attendance.model import PunchState
from bot.biotime.values import AuditStatus
from bot.gateway.records.tables import manual_logs
from bot.i18n import Translator, translator_for
from bot.playground.people import Person
from bot.playground.watching import plain
from bot.store.tables import links
from tests import words
from tests.talk import AT_OFFICE, SILENCE, Office, Talk, like, presses_old, speaker, types

LIST, NOTHING = "📝 My requests", "You have not asked for anything yet."
ON_THE_WAY, PENDING = "⏳ on its way to BioTime", "📨 waiting for approval"
APPROVED, REFUSED, BACK = "✅ approved", "❌ refused", "↩️ taken back"
TAKEN_BACK = "↩️ You took your request back."
AT = datetime(2026, 2, 27, 14, 5, tzinfo=UTC)


async def ask(office: Office, person: Person, t: Translator, at: str = "18:05", day: str = "27 Feb") -> None:
    steps = ("/forgot", types(day), types(at), t("Out"), t("I forgot"), t("✅ Send"))
    await office.talk(person, [(step,) for step in steps])


def decide(office: Office, status: AuditStatus, reason: str = "") -> None:
    """As the office does, on a page of BioTime's own."""
    engine = sa.create_engine(f"sqlite:///{office.folder}/gateway.db")
    with engine.begin() as connection:
        connection.execute(sa.update(manual_logs).values(audit_status=int(status), audit_reason=reason))
    engine.dispose()


async def test_there_is_nothing_yet(linked: Person, talk: Talk, t: Translator) -> None:
    await talk(linked, [("/requests", t(LIST), t(NOTHING))])


async def test_from_its_way_to_being_taken_back(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    """A list with one line; two taps take it back, from BioTime too, and the first message says so."""
    await ask(office, linked, t)
    request = f"↩️ {t('Out')} · "
    await talk(linked, [("/requests", t(LIST), t(PENDING))])
    (label,) = [one for one in linked.history[-1].labels if plain(one).startswith(plain(request))]
    await talk(linked, [(label, t("Take this request back?")), (t("↩️ Take it back"), t(TAKEN_BACK))])
    assert office.manual_logs() == []
    await office.look_again()
    assert [plain(message.text).split("\n")[0] for message in linked.history].count(plain(t(TAKEN_BACK))) == 2
    await talk(linked, [(t(LIST), t(BACK))])
    assert not [one for one in linked.history[-1].labels if "↩️" in one]


async def test_a_second_tap_does_not_unsay_the_first(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    """Taken back, and so it stays on the screen; from the list's old button it is said again."""
    office.expects_trouble = True  # an edit that changes nothing
    for down in (False, True):
        office.biotime.down = down
        await ask(office, linked, t, at="18:05" if down else "18:15")
        await talk(linked, [("/requests", t(LIST))])
        listed = linked.history[-1].message_id
        (label, data) = next((b.text, b.data) for row in linked.history[-1].buttons for b in row if "↩️" in b.text)
        key = str(data).partition(":")[2]
        await talk(linked, [(label,), (t("↩️ Take it back"), t(TAKEN_BACK))])
        office.biotime.down = False
        seen = next(one for one in linked.history if one.message_id == listed)
        await talk(linked, [(presses_old(f"withdraw-sure:{key}", listed), SILENCE)])
        assert next(one for one in linked.history if one.message_id == listed) == seen
        await talk(linked, [("/menu",)])
        await talk(linked, [(presses_old(f"withdraw:{key}", linked.history[-1].message_id), t(TAKEN_BACK))])


async def test_a_request_of_nobody_or_of_somebody_else_is_no_decided_one(
    office: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    await ask(office, linked, t)
    log = office.manual_logs()[0]["id"]
    await office.log_in(omar)
    his = speaker(omar)
    for data in (f"withdraw:log.{log}", f"withdraw-sure:log.{log}", "withdraw:own.1", "withdraw:kept.1"):
        old = presses_old(data, omar.history[-1].message_id)
        await talk(omar, [(old, his(words.OLD_BUTTON)), (old, his(words.OLD_BUTTON))])
    for data in ("withdraw:log.99999", "withdraw:leave.99999", "withdraw:own.99999"):
        await talk(linked, [(presses_old(data, linked.history[-1].message_id), t(words.OLD_BUTTON))])
    assert len(office.manual_logs()) == 1


async def test_one_that_was_not_sent_yet_is_taken_back_here(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    office.biotime.down = True
    await ask(office, linked, t)
    await talk(linked, [("/requests", t(ON_THE_WAY), t(words.ONLY_OURS))])
    (label,) = [one for one in linked.history[-1].labels if "↩️" in one]
    await talk(linked, [(label,), (t("↩️ Take it back"), t(TAKEN_BACK))])
    office.biotime.down = False
    await office.pass_time(hours=1)
    assert office.manual_logs() == []


async def test_without_biotime_nothing_is_taken_back(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await ask(office, linked, t)
    await talk(linked, [("/requests", t(PENDING))])
    (label,) = [one for one in linked.history[-1].labels if "↩️" in one]
    await talk(linked, [(label,)])
    office.biotime.down = True
    stands = t("BioTime is not answering right now. Your request stands; please try again later.")
    await talk(linked, [(t("↩️ Take it back"), stands)])
    office.biotime.down = False
    await talk(linked, [(t("🔁 Try again"), t(TAKEN_BACK))])


async def test_a_decision_comes_in_a_message_of_its_own(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await ask(office, linked, t)
    decide(office, AuditStatus.REJECTED, "ask at the gate.")
    heard = len(linked.history)
    await office.pass_time(minutes=6)
    refused = like(t, "❌ Your request was refused: {reason}.", reason="ask at the gate")
    assert refused.search(plain(linked.history[-1].text))
    assert len(linked.history) == heard + 1
    await office.pass_time(hours=24)
    assert len(linked.history) == heard + 1, "told once"
    await talk(linked, [("/requests", t(REFUSED), "ask at the gate")])


@pytest.mark.parametrize("day", ["27 Feb", "5 Feb"])
async def test_a_decision_that_the_look_at_biotime_sees_is_told_at_once(
    office: Office, linked: Person, talk: Talk, t: Translator, day: str
) -> None:
    """By then it is asked for every two hours or less often."""
    await ask(office, linked, t, day=day)
    await office.pass_time(hours=7)
    decide(office, AuditStatus.REJECTED, "ask at the gate.")
    await office.pass_time(minutes=1)
    heard = len(linked.history)
    await office.hadir.watch.syncing.run()
    await office.look_again()
    (told,) = linked.history[heard:]
    assert like(t, "❌ Your request was refused: {reason}.", reason="ask at the gate").search(plain(told.text))
    await office.pass_time(minutes=1)
    await office.hadir.watch.syncing.run()
    await office.look_again()
    assert len(linked.history) == heard + 1, "told once"


async def test_an_approval_and_what_is_gone(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await ask(office, linked, t)
    decide(office, AuditStatus.APPROVED)
    await office.pass_time(minutes=6)
    assert plain(t("✅ Your request was approved.")) in plain(linked.history[-1].text)
    await talk(linked, [("/requests", t(APPROVED))])
    assert not [one for one in linked.history[-1].labels if "↩️" in one]


async def test_a_list_of_others_takes_nothing_back(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    """BioTime knows her by another id since it was set up anew: what it lists is not what the link asks for."""
    await ask(office, linked, t)
    await office.hadir.db.write(lambda c: c.execute(links.update().values(emp_id="another")))
    await talk(linked, [("/requests", t(PENDING))])


async def test_what_is_decided_meanwhile_stays(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await ask(office, linked, t)
    await talk(linked, [("/requests",)])
    (label,) = [one for one in linked.history[-1].labels if "↩️" in one]
    await talk(linked, [(label,)])
    decide(office, AuditStatus.APPROVED)
    decided = t("It is decided already, or was taken back before.")
    await talk(linked, [(t("↩️ Take it back"), decided)])
    assert len(office.manual_logs()) == 1


async def test_what_was_refused_is_no_punch(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    """The keyboard goes by what really happened."""
    steps = ("/forgot", types("2 March"), types("8:00"), t("In"), t("I forgot"), t("✅ Send"))
    await talk(linked, [(step,) for step in steps])
    assert linked.keyboard is not None
    assert linked.keyboard.rows[0][0].text == t("📍 Clock out")
    decide(office, AuditStatus.REJECTED)
    await office.pass_time(minutes=6)
    assert linked.keyboard.rows[0][0].text == t("📍 Clock in")
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, like(t, words.CLOCKED_IN))])


async def test_others_requests_are_neither_seen_nor_taken_back(
    office: Office, linked: Person, omar: Person, talk: Talk
) -> None:
    await ask(office, linked, translator_for("en"))
    (filed,) = office.manual_logs()
    punch = await office.punch()
    await office.log_in(omar)
    await talk(omar, [("/requests", NOTHING)])
    decided = words.OLD_BUTTON
    for key in (f"log.{filed['id']}", f"own.{punch.id}"):
        for button in ("withdraw", "withdraw-sure"):
            await talk(omar, [("/requests", NOTHING)])
            await talk(omar, [(presses_old(f"{button}:{key}", omar.history[-1].message_id), decided)])
    assert len(office.manual_logs()) == 1


async def test_the_session_is_over(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await ask(office, linked, t)
    await office.hadir.db.write(lambda c: c.execute(links.update().values(token=None)))
    await talk(linked, [("/requests", t(PENDING), t(words.SESSION_OVER))])
    assert t(words.LOG_IN) in linked.history[-1].labels


@pytest.mark.parametrize("data", ["withdraw:log.999", "withdraw-sure:own.999", "withdraw-sure:log.1", "requests:99"])
async def test_nonsense_in_a_button(linked: Person, talk: Talk, data: str) -> None:
    await talk(linked, [("/menu",)])
    said = NOTHING if data == "requests:99" else words.OLD_BUTTON
    await talk(linked, [(presses_old(data, linked.history[-1].message_id), said)])


async def test_a_name_over_the_calendar_does_nothing(linked: Person, talk: Talk) -> None:
    await talk(linked, [("/forgot",)])
    await talk(linked, [(presses_old("idle", linked.history[-1].message_id), SILENCE)])


async def test_the_kind_is_kept(office: Office, linked: Person, t: Translator) -> None:
    await ask(office, linked, t)
    assert (await office.punch()).punch_state is PunchState.CHECK_OUT
