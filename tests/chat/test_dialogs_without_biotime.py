"""Dialogs while BioTime is away, or the session is over: said honestly, and gone on with afterwards.

Those of a forgotten punch, a leave, an export and "My requests" stand with their dialogs.
"""

from datetime import timedelta

import pytest

from bot.i18n import Translator
from bot.playground.people import Person
from bot.playground.watching import plain
from bot.store.tables import links
from tests import words
from tests.chat import february
from tests.talk import AT_OFFICE, Act, Office, Talk, like, types

NO_ANSWER = "BioTime is not answering right now. Please try again in a minute."
ENDED = "Your BioTime session has ended. Log in again to see your time cards."
PASSWORD_ENDED = (
    "Your BioTime session has ended. Please log in again, or ask for a code if you have forgotten your password."
)
NEW = "a brand new 1"


@pytest.fixture
def worker(office: Office, linked: Person) -> Person:
    february.add_february(office)
    return linked


async def end_session(office: Office) -> None:
    await office.hadir.db.write(lambda c: c.execute(links.update().values(token=None)))


@pytest.mark.parametrize("asked", ["/week", "/month"])
async def test_browsing_goes_on_after_an_outage(
    office: Office, worker: Person, talk: Talk, t: Translator, asked: str
) -> None:
    """The page stays on the screen, and its buttons work again."""
    await talk(worker, [(asked,)])
    before = next(label for label in worker.history[-1].labels if "‹" in label)
    office.biotime.down = True
    await talk(worker, [(before, t(NO_ANSWER))])
    office.biotime.down = False
    told = len(worker.chat.events)
    await talk(worker, [(before,)])
    assert len(worker.chat.events) > told


@pytest.mark.parametrize("asked", ["/week", "/month"])
async def test_browsing_goes_on_after_the_session_is_over(
    office: Office, worker: Person, talk: Talk, t: Translator, asked: str
) -> None:
    await talk(worker, [(asked,)])
    before = next(label for label in worker.history[-1].labels if "‹" in label)
    await end_session(office)
    await talk(worker, [(before, t(ENDED))])
    assert t(words.LOG_IN) in worker.history[-1].labels
    await office.log_in(worker)
    told = len(worker.chat.events)
    await talk(worker, [(before,)])
    assert len(worker.chat.events) > told


async def test_reminders_need_no_biotime(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    office.biotime.down = True
    await end_session(office)
    early = t("{duration} before the start", duration=t.duration(timedelta(minutes=10)))
    chosen = t("{name}: {when}", name=t("⏰ Clock in"), when=early)
    await talk(linked, [("/reminders",), (t("⏰ Clock in"),), (types("-10"), chosen)])


@pytest.mark.parametrize("kind", ["/late", "/sick"])
async def test_what_is_said_of_today_needs_no_biotime(
    office: Office, linked: Person, talk: Talk, t: Translator, kind: str
) -> None:
    office.biotime.down = True
    await end_session(office)
    answer = "20" if kind == "/late" else "a fever"
    said = like(t, "⏰ Noted for {day}: about {duration} late. Your manager can see it.")
    if kind == "/sick":
        said = like(t, "🤒 Noted for {day}: sick. Your manager can see it. Get well soon!")
    await talk(linked, [(kind,), (types(answer), said)])


async def test_the_session_is_over_when_a_password_is_changed(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    """What was typed is kept nowhere: after the log-in it is begun anew."""
    old = office.account(linked).password
    await talk(linked, [("/password",), (old, t(words.ASK_NEW_PASSWORD))])
    await end_session(office)
    await talk(linked, [(NEW, t(words.ASK_AGAIN)), (NEW, t(PASSWORD_ENDED))])
    await office.log_in(linked)
    await talk(linked, [("/password",), (old, t(words.ASK_NEW_PASSWORD)), (NEW,), (NEW, t(words.PASSWORD_DONE))])


async def test_biotime_is_away_when_a_password_is_changed(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await talk(linked, [("/password",), (office.account(linked).password, t(words.ASK_NEW_PASSWORD))])
    office.biotime.down = True
    await talk(linked, [(NEW, t(words.ASK_AGAIN)), (NEW, t(words.PASSWORD_NO_ANSWER))])
    office.biotime.down = False
    await talk(linked, [(NEW, t(words.PASSWORD_DONE))])


async def test_a_receipt_is_read_without_biotime(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, like(t, words.CLOCKED_IN))])
    ref = (await office.punch()).ref
    office.biotime.down = True
    await end_session(office)
    await talk(linked, [(f"/verify {ref}", t(words.GENUINE))])


async def test_my_requests_show_again_what_biotime_has_after_a_log_in(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    steps: list[str | Act] = ["/forgot", types("27 Feb"), types("18:05"), t("Out"), t("I forgot"), t("✅ Send")]
    await talk(linked, [(step,) for step in steps])
    await end_session(office)
    await talk(linked, [("/requests", t(words.SESSION_OVER))])
    await office.log_in(linked)
    await talk(linked, [("/requests", t("📨 waiting for approval"))])
    (label,) = [one for one in linked.history[-1].labels if "↩️" in one]
    office.biotime.down = True
    sure = t("↩️ Take it back")
    no_answer = t("BioTime is not answering right now. Your request stands; please try again later.")
    await talk(linked, [(label,)])
    if sure in linked.history[-1].labels:
        await talk(linked, [(sure, no_answer)])
    office.biotime.down = False
    await talk(linked, [("/requests",)])
    assert plain(t("📨 waiting for approval")) in plain(linked.history[-1].text)
