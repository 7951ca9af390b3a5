"""A request of Mona's reaches Omar by itself: he decides in that message, and it says what became of it."""

from datetime import timedelta

import pytest

from bot.i18n import Translator
from bot.playground.chats import SeenMessage
from bot.playground.people import Person
from bot.playground.watching import plain
from tests.chat.team import MONA, appoint, enter, file_log
from tests.chat.test_manager_settings import look
from tests.talk import AT_OFFICE, MORNING, Office, Talk, like, presses_old, speaker

WAITING_1, WAITING_N = "🗳 {n} request waits for your decision.", "🗳 {n} requests wait for your decision."
HOUR = timedelta(hours=1)


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the jobs do is done by `look`, and not by them as well at some moment."""
    monkeypatch.setattr("bot.app.Runner.start", lambda _runner: None)
    monkeypatch.setattr("bot.app.Runner.close", lambda _runner: None)
    return {}


@pytest.fixture
async def manager(office: Office, omar: Person, t: Translator) -> Person:
    omar.language = t.language
    await appoint(office)
    await enter(office, omar)
    await office.talk(omar, [("/menu",)])
    return omar


def news(person: Person) -> list[SeenMessage]:
    return [message for message in person.history if message.by_bot and plain(message.text).startswith("🗳")]


async def test_omar_reads_the_evidence_and_decides_at_once(
    office: Office, manager: Person, linked: Person, talk: Talk, t: Translator
) -> None:
    await talk(linked, [(speaker(linked)("📍 Clock in"), AT_OFFICE)])
    filed = await file_log(office, MONA, MORNING - HOUR, "The terminal was off")
    await look(office)
    (told,) = news(manager)
    for said in (
        t.plural(WAITING_1, WAITING_N, 1),
        t("{name} ({code})", name="Mona", code=MONA),
        t("Reason: {reason}", reason="The terminal was off"),
        t("💬 I saw no such punch: this is their word."),
        t("Around it in BioTime:"),
    ):
        assert plain(said) in plain(told.text), said
    assert set(told.labels) == {t("✅ Approve"), t("❌ Refuse"), t("🗳 Requests")}
    before = len(linked.history)
    approved = like(t, "✅ Approved: {what}")
    await talk(manager, [(presses_old(f"approve:log:{filed}", told.message_id), approved)])
    assert like(speaker(linked), "✅ {name} approved what you asked for: {what}", name="Omar").search(
        plain(linked.history[before].text)
    )
    await look(office)
    shown = next(message for message in manager.history if message.message_id == told.message_id)
    assert approved.search(plain(shown.text))
    assert plain(f"· {t('{name} ({code})', name='Omar', code='1002')}") in plain(shown.text)
    assert shown.labels == (t("🗳 Requests"),)
    assert [row["audit_status"] for row in office.manual_logs()] == [2]


async def test_several_are_one_message_with_a_button_each(
    office: Office, manager: Person, linked: Person, talk: Talk, t: Translator
) -> None:
    numbers = [await file_log(office, MONA, MORNING - n * HOUR, "") for n in (1, 2, 3)]
    await look(office)
    (told,) = news(manager)
    assert plain(t.plural(WAITING_1, WAITING_N, 3)) in plain(told.text)
    assert len(told.labels) == 4
    await talk(manager, [(presses_old(f"case:log:{numbers[0]}", told.message_id), t("No reason given."))])
    await talk(manager, [(presses_old(f"refuse:log:{numbers[0]}:1", told.message_id), like(t, "❌ Refused: {what}"))])
    await look(office)
    (told,) = news(manager)
    assert plain(t.plural(WAITING_1, WAITING_N, 2)) in plain(told.text)
    assert like(t, "❌ Refused: {what}").search(plain(told.text))
    assert len(told.labels) == 3


async def test_he_can_do_without(office: Office, manager: Person, talk: Talk, t: Translator) -> None:
    told = "🗳 New requests are told: {value}"
    await talk(
        manager,
        [
            ("/alerts", plain(t(told, value=t("at once")))),
            (t("🗳 New requests"), t("When somebody asks you for something, do you want to know at once?")),
            (t("No, only in the summary"), plain(t(told, value=t("only in the summary")))),
            (t("☀️ Daily summary"),),
            (t("off"), plain(t("☀️ Daily summary: {value}", value=t("off"))), plain(t(told, value=t("never")))),
            (t("🗳 New requests"),),
            (t("Yes, at once"), plain(t(told, value=t("at once")))),
            (t("🗳 New requests"),),
            (t("No, only in the summary"),),
        ],
    )
    await file_log(office, MONA, MORNING - HOUR, "")
    await look(office)
    assert news(manager) == []
