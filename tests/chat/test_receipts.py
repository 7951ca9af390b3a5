"""Receipts in the chat: one tap under the punch, and forwarded to whoever doubts."""

import sqlite3
from contextlib import closing

from bot.attendance.receipt import find_line
from bot.i18n import Translator
from bot.playground.people import Person
from bot.store.tables import receipts
from tests import words
from tests.talk import AT_OFFICE, SILENCE, Office, Talk, like, presses_old


async def get_receipt(talk: Talk, person: Person, t: Translator) -> str:
    """The text of the receipt of a punch just made."""
    await talk(person, [(t("📍 Clock in"), AT_OFFICE, t(words.CLOCKED_IN, time="09:00")),
                        (t(words.RECEIPT_BUTTON), like(t, words.RECEIPT))])  # fmt: skip
    return person.history[-1].text


async def test_a_confirmed_punch_has_its_receipt(linked: Person, talk: Talk, t: Translator) -> None:
    text = await get_receipt(talk, linked, t)
    for part in ("Mona", "1001", "Demo Trading", "09:00:00", "Dubai Office", t("Recorded in BioTime")):
        assert part in text
    assert find_line(text)


async def test_forwarded_it_is_genuine_and_changed_it_is_not(
    office: Office, linked: Person, sara: Person, huda: Person, talk: Talk, t: Translator
) -> None:
    text = await get_receipt(talk, linked, t)
    await talk(sara, [(text, t(words.GENUINE), "1001"), (text.replace("|CHECK_IN|", "|CHECK_OUT|"), t(words.FORGED))])
    assert not any(t(words.CHAIN_WHOLE) in message.text for message in sara.history)
    retold = text.replace("09:00:00", "08:00:00")
    await talk(sara, [(retold, "09:00:00")])  # the words around the line are nobody's: the line speaks
    huda.language = t.language
    await office.log_in(huda)
    await talk(huda, [(text, t(words.GENUINE), t(words.CHAIN_WHOLE))])


async def test_after_she_was_forgotten_the_chain_is_not_called_complete(
    office: Office, linked: Person, huda: Person, talk: Talk, t: Translator
) -> None:
    huda.language = t.language
    line = find_line(await get_receipt(talk, linked, t))
    await office.log_in(huda)
    await office.hadir.db.write(lambda c: c.execute(receipts.delete()))
    gone = t("⚠️ I hold this receipt no longer, so I cannot say whether the employee's receipts are complete. "
             "Whoever has their data removed has the receipts removed, too.")  # fmt: skip
    await talk(huda, [(f"Look: {line} ok?", t("✅ Genuine. The signed line says:"), gone)])


async def test_by_its_reference(
    office: Office, linked: Person, omar: Person, sara: Person, huda: Person, talk: Talk
) -> None:
    await talk(linked, [("📍 Clock in", AT_OFFICE, "Clocked in at 09:00")])
    ref = (await office.punch()).ref
    await talk(linked, [(f"/verify {ref.lower()}", words.GENUINE, words.CHAIN_WHOLE), ("/verify", "Forward or paste")])
    await office.log_in(omar)
    await office.log_in(huda)
    await talk(huda, [(f"/verify {ref}", words.GENUINE, words.CHAIN_WHOLE)])
    for person in (omar, sara):
        await talk(person, [(f"/verify {ref}", words.NO_SUCH_RECEIPT), ("/verify ZZZZZZ", words.NO_SUCH_RECEIPT)])
        await talk(person, [("/menu",), (presses_old(f"receipt:{ref}", person.history[-1].message_id),)])
        assert "1001" not in "".join(message.text for message in person.history[-2:])


async def test_a_receipt_sent_with_verify(linked: Person, talk: Talk, t: Translator) -> None:
    text = await get_receipt(talk, linked, t)
    await talk(linked, [(f"/verify {text}", t(words.GENUINE)), (f"/verify\n{find_line(text)}", t(words.GENUINE))])


async def test_no_receipt_before_biotime_has_the_punch(office: Office, linked: Person, talk: Talk) -> None:
    office.biotime.down = True
    await talk(linked, [("📍 Clock in", AT_OFFICE, words.SAVED.partition("{")[0])])
    assert words.RECEIPT_BUTTON not in {label for message in linked.history for label in message.labels}
    ref = (await office.punch()).ref
    await talk(linked, [(f"/verify {ref}", words.NO_SUCH_RECEIPT)])
    office.biotime.down = False
    await office.pass_time(seconds=10)
    assert words.RECEIPT_BUTTON in {label for message in linked.history for label in message.labels}
    await talk(linked, [(f"/verify {ref}", words.GENUINE)])


async def test_an_approved_correction_has_one_too(office: Office, linked: Person, talk: Talk) -> None:
    office.biotime.down = True
    await talk(linked, [("📍 Clock in", AT_OFFICE)])
    await office.pass_time(minutes=2)
    office.biotime.down = False
    for _ in range(3):
        await office.pass_time(minutes=10)
    ref = (await office.punch()).ref
    assert office.manual_logs()
    await talk(linked, [(f"/verify {ref}", words.NO_SUCH_RECEIPT)])
    with closing(sqlite3.connect(office.folder / "gateway.db")) as gateway, gateway:
        gateway.execute("UPDATE manual_logs SET audit_status = 2")
    for _ in range(3):
        await office.pass_time(hours=3)
    await talk(linked, [(words.RECEIPT_BUTTON, "approved correction", "09:00:00"), (f"/verify {ref}", words.GENUINE)])


async def test_two_taps_and_an_old_button(office: Office, linked: Person, talk: Talk) -> None:
    await talk(linked, [("📍 Clock in", AT_OFFICE, "Clocked in at 09:00")])
    await office.restart()
    await talk(linked, [(words.RECEIPT_BUTTON, "🧾"), (words.RECEIPT_BUTTON, SILENCE)])
    await office.pass_time(seconds=10)
    await talk(linked, [(words.RECEIPT_BUTTON, "🧾")])
    linked.press_data("logout:sure", linked.history[0].message_id)
    await office.rest()
    await talk(linked, [(words.RECEIPT_BUTTON, words.LOG_IN_FIRST)])


async def test_however_it_is_typed(office: Office, linked: Person, sara: Person, talk: Talk, t: Translator) -> None:
    line = find_line(await get_receipt(talk, linked, t))
    assert line is not None
    ref = (await office.punch()).ref
    arabic = ref.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    for typed in (arabic, " ".join(ref), " ".join(ref.lower()), f"{ref[:3]}-{ref[3:]}", f"{ref[:2]} {ref[2:]}"):
        await talk(linked, [(f"/verify {typed}", t(words.GENUINE))])
    await talk(sara, [(line.replace("|", " | "), t(words.GENUINE))])
