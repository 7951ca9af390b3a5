"""Omar reads that Mona is missing, does something about it, and the card edits itself as she answers and comes."""

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import create_engine, select

from bot.attendance import chain
from bot.attendance.absence import Found
from bot.attendance.facts import Kind, Site
from bot.attendance.model import PunchState
from bot.chat.chain_texts import EXCUSES
from bot.gateway.records import tables as gateway
from bot.gateway.sample import NAME, ZONE
from bot.gateway.sample_readers import READERS, add_readers, columns_of
from bot.gateway.sample_today import begin_day_shift
from bot.i18n import Translator
from bot.playground.chats import SeenMessage
from bot.playground.people import Person
from bot.playground.watching import plain
from bot.services.sites import write_site
from bot.store import manager_settings, managers, roster
from bot.store.alert_tables import outbox
from bot.store.alerts import add_alerts
from bot.store.manager_settings import ManagerSettings
from bot.store.managers import Scope
from bot.store.messages import New, Topic
from bot.store.outbox import add_messages
from tests.chat.team import appoint
from tests.talk import AT_OFFICE, Office, Step, Talk, like, presses_old, types

MONA, OMAR = "1001", "1002"
ACTS_ON_HER = ("asked where they are", "entered an excuse for", "took back the excuse of")


@pytest.fixture
async def watched(office: Office, linked: Person, omar: Person, t: Translator) -> Office:
    """Twenty-five minutes into the day shift; all are in but Mona, and Omar manages Sales."""
    omar.language = t.language
    engine = create_engine(f"sqlite:///{office.folder}/gateway.db")
    with engine.begin() as connection:
        begin_day_shift(connection, office.clock())
    engine.dispose()
    await office.log_in(omar)
    watch = office.hadir.watch
    await watch.syncing.run()
    departments = await office.hadir.db.read(lambda c: roster.load_departments(c, NAME))
    sales = next(place.id for place in departments.values() if place.name == "Sales")
    await watch.managing.appoint(NAME, OMAR, Scope.DEPARTMENT, sales)
    await look(office)
    return office


async def look(office: Office, *, later: timedelta = timedelta(seconds=61)) -> None:
    """What the jobs do by and by."""
    office.clock.at += later
    await office.rest()
    await office.hadir.watch.run()
    await office.rest()


def punch_behind(office: Office, code: str, behind: timedelta) -> None:
    """Now, at the terminal in the lobby, whose clock is behind by so much."""
    engine = create_engine(f"sqlite:///{office.folder}/gateway.db")
    with engine.begin() as connection:
        person = connection.execute(select(gateway.employees).where(gateway.employees.c.emp_code == code)).one()
        if connection.execute(select(gateway.terminals).where(gateway.terminals.c.sn == READERS[0].sn)).first() is None:
            add_readers(connection, person.company_id)
        row = columns_of(READERS[0], {READERS[0].sn: 0}) | {"terminal_id": None, "company_id": person.company_id}
        row |= {"employee_id": person.id, "emp_code": code, "punch_state": PunchState.CHECK_IN.value}
        row |= {"punched_at": office.clock() - behind, "uploaded_at": office.clock()}
        connection.execute(gateway.transactions.insert(), [row])
    engine.dispose()


async def open_day(office: Office, omar: Person) -> Site:
    """The day shift has begun, and nothing was told yet: where Mona is waited for."""
    engine = create_engine(f"sqlite:///{office.folder}/gateway.db")
    with engine.begin() as connection:
        begin_day_shift(connection, office.clock())
    engine.dispose()
    await office.log_in(omar)
    await appoint(office)
    rows = office._query("hadir.db", "SELECT * FROM shift_instances WHERE emp_code = '1001'")
    row = next(one for one in rows if one["workdate"] == office.clock().date().isoformat())
    starts_at = datetime.fromisoformat(row["starts_at"]).replace(tzinfo=UTC)
    return Site(row["area_id"], row["timetable"], date.fromisoformat(row["workdate"]), starts_at)


async def tell_of_site(office: Office, found: Found) -> None:
    """A card of Omar's that names nobody."""
    new = New(OMAR, Topic.CARD, found.site.key, office.clock(), write_site(found.site))
    await office.hadir.db.write(lambda c: add_alerts(c, NAME, [found], office.clock()))
    await office.hadir.db.write(lambda c: add_messages(c, NAME, [new], office.clock()))
    await office.hadir.watch.delivering.run()
    await office.rest()


def card_of(person: Person) -> SeenMessage:
    return next(message for message in reversed(person.history) if plain(message.text).startswith("🕘"))


def reads(message: SeenMessage, text: str) -> bool:
    return plain(text) in plain(message.text)


async def test_the_card_the_answer_and_the_all_clear(
    watched: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    card = card_of(omar)
    assert reads(card, t.plural("{present} of {n} is in.", "{present} of {n} are in.", 1, present=0))
    assert reads(card, f"• Mona ({t.duration(timedelta(minutes=25))})")
    asked = linked.history[-1]
    assert reads(asked, t("Where are you?"))

    await talk(linked, [(t("🚗 On my way"), like(t, "Thank you, your manager reads that. Clock in with the button "
                                                    "when you are there."))])  # fmt: skip
    await look(watched)
    assert card_of(omar).message_id == card.message_id, "one message, edited"
    assert reads(card_of(omar), t("on the way"))

    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, like(t, "✅ Clocked in at {time}"))])
    await look(watched)
    assert card_of(omar).message_id == card.message_id
    assert reads(card_of(omar), t("✅ All clear."))
    assert reads(card_of(omar), t("⏰ Late"))
    assert card_of(omar).labels == ()


async def test_when_the_shift_is_over_it_says_who_never_came(
    watched: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    await talk(linked, [(t("🤒 Sick"), like(t, "Get well soon. Your manager reads that."))])
    await look(watched, later=timedelta(hours=9))
    card = card_of(omar)
    assert reads(card, t("🏁 The shift is over."))
    assert reads(card, t("❗ Never came"))
    assert reads(card, f"• Mona · {t('sick')}")
    assert not reads(card, t("✅ All clear."))
    assert card.labels == ()


async def test_why_is_the_chain_in_sentences(watched: Office, omar: Person, talk: Talk, t: Translator) -> None:
    await talk(
        omar,
        [
            ("👤 Mona", t("❗ Missing").split()[0]),
            (t("🔎 Why?"), t("✅ Is employed, and keeps attendance."), t("✅ Has fixed hours."), t("✅ No holiday."),
             t("✅ No leave."), t("✅ Nobody has excused them."), t("✅ No punch, anywhere.")),
            (t("‹ Back"), "Mona"),
            (t("‹ Back"), t("❗ Missing")),
        ],
    )  # fmt: skip


async def test_her_punch_at_a_terminal_that_is_hours_behind_counts_when_it_arrived(
    watched: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    for _ in range(3):
        punch_behind(watched, OMAR, timedelta(hours=3))
        await look(watched, later=timedelta(minutes=11))
        await watched.hadir.watch.tell_managers()
    assert reads(card_of(omar), t("❗ Missing"))
    punch_behind(watched, MONA, timedelta(hours=3))
    at = t.time(watched.clock(), ZONE)
    await look(watched)
    assert reads(card_of(omar), t("✅ All clear."))
    assert any("Mona" in line and at in line for line in plain(card_of(omar).text).splitlines())
    await talk(omar, [("/team",), (t("📍 Who is in"), f"🟢 Mona · {at}")])


async def test_omar_asks_and_she_is_sick(
    watched: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    await talk(omar, [("👤 Mona", "Mona"), (t("❓ Ask them"), like(t, "I have asked {name}. The answer comes onto the "
                                                                      "card.", name="Mona"))])  # fmt: skip
    await look(watched)
    assert reads(linked.history[-1], t("{name} asks: where are you?", name="Omar"))
    await talk(linked, [(t("🤒 Sick"), like(t, "Get well soon. Your manager reads that."))])
    await look(watched)
    assert reads(card_of(omar), t("sick"))


async def test_whom_he_asks_is_asked_though_she_has_answered_before(
    watched: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    """She has told the bot already, and then him: half an hour later he asks once more."""
    asks = (t("❓ Ask them"), like(t, "I have asked {name}. The answer comes onto the card.", name="Mona"))
    for number in range(1, 3):
        await talk(linked, [(t("🚗 On my way"), like(t, "Thank you, your manager reads that. Clock in with the button "
                                                        "when you are there."))])  # fmt: skip
        await look(watched, later=timedelta(minutes=30))
        await talk(omar, [("👤 Mona", "Mona"), asks])
        await look(watched)
        asked = [one for one in linked.history if reads(one, t("{name} asks: where are you?", name="Omar"))]
        assert len(asked) == 1, number
        assert linked.history[-1].message_id == asked[0].message_id, "the newest"


async def test_an_excuse_takes_her_off_the_card_and_says_so(
    watched: Office, omar: Person, talk: Talk, t: Translator
) -> None:
    await talk(
        omar,
        [
            ("👤 Mona", "Mona"),
            (t("✔️ Excuse"), like(t, "Why is {name} excused?", name="Mona")),
            (t.gettext(EXCUSES["field"]), t("✅ All clear."), t("↩️ No longer missing")),
        ],
    )
    await look(watched)
    assert reads(card_of(omar), f"{t('excused by {name}', name='Omar')} ({t.gettext(EXCUSES['field'])})")


async def test_an_excuse_in_his_own_words(
    watched: Office, linked: Person, omar: Person, huda: Person, talk: Talk, t: Translator
) -> None:
    """Kept as it was typed, in one line; the fixed reasons are read in the reader's language."""
    huda.language = t.language
    asks = like(t, "Why is {name} excused? Type it, or /cancel.", name="Mona")
    chooses: Step = (t("✔️ Excuse"), like(t, "Why is {name} excused?", name="Mona"))
    too_long = like(t, "Please say it in {number} letters at most, or /cancel.", number="200")
    await talk(
        omar,
        [
            ("👤 Mona", "Mona"),
            chooses,
            (t("💬 Another reason"), asks),
            ("/cancel", t("Cancelled. Nothing was sent.")),
            (t("‹ Back"), "Mona"),
            chooses,
            (t("💬 Another reason"), asks),
            ("x" * 201, too_long),
            (types("Fetches <b>the\nvan</b>"), like(t, "✔️ {name} is excused: {reason}", name="Mona",
                                                    reason="Fetches <b>the van</b>")),
        ],
    )  # fmt: skip
    await look(watched)
    assert reads(card_of(omar), f"{t('excused by {name}', name='Omar')} (Fetches <b>the van</b>)")
    await talk(
        omar, [(types("Fetches it twice"), t("I did not understand that. Use the buttons below, or send /help."))]
    )
    await watched.log_in(huda)
    await talk(huda, [("/audit", t("entered an excuse for"), "Fetches <b>the van</b>", "Mona")])


async def test_who_is_too_late_with_an_excuse_is_told(
    watched: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    await talk(omar, [("👤 Mona", "Mona"), (t("✔️ Excuse"),), (t("💬 Another reason"),)])
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, like(t, "✅ Clocked in at {time}"))])
    await look(watched)
    await talk(omar, [(types("Is at the bank"), like(t, "They are no longer missing: look at the card."))])
    assert reads(card_of(omar), t("✅ All clear."))


async def test_hr_reads_of_everything_that_is_done_on_a_card(
    watched: Office, omar: Person, huda: Person, talk: Talk, t: Translator
) -> None:
    huda.language = t.language
    await watched.log_in(huda)
    card = watched._query("hadir.db", "SELECT id FROM outbox WHERE kind = 'card'")[0]["id"]
    back = presses_old(f"card:{card}:people:0", card_of(omar).message_id)
    await talk(omar, [("👤 Mona",), (t("❓ Ask them"),), (back,)])
    await talk(omar, [("👤 Mona",), (t("💤 Later"),)])
    await look(watched, later=timedelta(minutes=31))
    await talk(omar, [("👤 Mona",), (t("✔️ Excuse"),), (t.gettext(EXCUSES["known"]),)])
    acts = ("looked at a card", "asked where they are", "put off for later", "entered an excuse for")
    why = t("Reason: {reason}", reason=t.gettext(EXCUSES["known"]))
    await talk(huda, [("/audit", *(t.gettext(act) for act in acts), why)])
    assert plain(huda.history[-1].text).count(plain(t.gettext(acts[0]))) == 1, "once a card"


async def test_hr_reads_for_whom_a_stand_in_asked_and_excused(
    watched: Office, omar: Person, huda: Person, talk: Talk, t: Translator
) -> None:
    huda.language = t.language
    await watched.log_in(huda)
    acting = managers.StandIn(NAME, OMAR, "1003", watched.clock(), watched.clock() + timedelta(hours=9))
    await watched.hadir.db.write(lambda c: managers.add_stand_in(c, acting))
    await watched.hadir.watch.handing.run()
    await look(watched)
    await talk(huda, [("👤 Mona",), (t("❓ Ask them"),), (t("‹ Back"),), (t("✔️ Excuse"),), (t("Is sick"),)])
    await talk(huda, [(t("✖️ Not excused: {name}", name="Mona"),), ("/audit", t("entered an excuse for"))])
    whose = plain(t("standing in for {name}", name=t("{name} ({code})", name="Omar", code=OMAR)))
    lines = {act: line for line in plain(huda.history[-1].text).split("\n") for act in ACTS_ON_HER if t(act) in line}
    assert len(lines) == len(ACTS_ON_HER)
    assert all(line.endswith(whose) for line in lines.values())


async def test_hr_leaves_her_out_and_she_vanishes_from_the_open_card(
    watched: Office, linked: Person, omar: Person, huda: Person, talk: Talk, t: Translator
) -> None:
    """By her name, then her department by a button; and both are taken back in."""
    huda.language = t.language
    await watched.log_in(huda)
    left_out = t("🙈 Left out of alerts: {n}", n=1)
    out = t("🙈 Left out")
    await talk(
        huda,
        [
            ("/alerts", t("🔔 When I tell you")),
            (t("🏢 The company's rules"), t("🙈 Left out of alerts: {n}", n=0)),
            (out, t("Everybody who is missing is told of.")),
            (t("➕ Leave out"), t("Whom shall I leave out? Type a part of the name, or the employee code.")),
            ("Nobody", t("I found nobody. Type another part of the name, or /cancel.")),
            ("mon", left_out, "Mona"),
        ],
    )
    await look(watched)
    assert reads(card_of(omar), f"Mona: {t('left out of alerts')}")
    assert card_of(omar).labels == ()
    await talk(huda, [("✖️ Mona", t("Everybody who is missing is told of."))])
    await look(watched)
    assert reads(card_of(omar), "• Mona (")
    await talk(
        huda, [(t("➕ Leave out"),), (t("🏢 A department"), t("Which department?")), ("Sales", left_out, "Sales")]
    )
    await look(watched)
    assert reads(card_of(omar), f"Mona: {t('left out of alerts')}")
    await talk(huda, [("✖️ Sales", t("Everybody who is missing is told of."))])
    out, back, sales = t("left out of alerts:"), t("took back into alerts:"), t("department {name}", name="Sales")
    person = t("{name} ({code})", name="Mona", code="1001")
    by = t("{name} ({code})", name="Huda", code="1003")
    told = [f"{by} {act} {whom}" for act in (out, back) for whom in (person, sales)]
    await talk(huda, [("/audit", *told)])


async def test_who_is_left_out_is_hr_s_alone_to_say(
    watched: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    refusal = t("This is for HR only.")
    for person in (omar, linked):
        for data in (
            "out:0",
            "out:add",
            "out:who:1001",
            "out:places:0",
            "out:place:3",
            "out:in:1001",
            "out:in-place:3",
        ):
            await talk(person, [("/help",)])
            await talk(person, [(presses_old(data, person.history[-1].message_id), refusal)])
    assert watched._query("hadir.db", "SELECT * FROM alert_settings") == []


async def test_later_is_half_an_hour(watched: Office, omar: Person, talk: Talk, t: Translator) -> None:
    put_off = like(t, "💤 {name}: put off until {at}", name="Mona")
    await talk(omar, [("👤 Mona", "Mona"), (t("💤 Later"), put_off)])
    await look(watched)
    assert not reads(card_of(omar), "• Mona")
    await look(watched, later=timedelta(minutes=31))
    assert reads(card_of(omar), "• Mona")


async def test_whom_he_put_off_he_takes_back(
    watched: Office, omar: Person, huda: Person, talk: Talk, t: Translator
) -> None:
    """Where the other buttons are; the card edits itself, and HR reads who did it. A second tap changes nothing."""
    huda.language = t.language
    await watched.log_in(huda)
    card = card_of(omar).message_id
    back = t("✖️ Not put off: {name}", name="Mona")
    await talk(omar, [("👤 Mona", "Mona"), (t("💤 Later"), like(t, "💤 {name}: put off until {at}", name="Mona"))])
    assert card_of(omar).labels == (back,)
    button = next(b.data for row in card_of(omar).buttons for b in row)
    assert button is not None
    watched.clock.at += timedelta(minutes=2)
    await talk(omar, [(back, "• Mona")])
    assert card_of(omar).message_id == card, "one message, edited"
    assert card_of(omar).labels == ("👤 Mona",)
    assert "💤" not in card_of(omar).text
    await talk(huda, [("/audit", plain(t("no longer puts off")), "Mona")])
    once = plain(huda.history[-1].text).count(plain(t("no longer puts off")))
    await talk(omar, [("/help",)])
    await talk(omar, [(presses_old(button, omar.history[-1].message_id), "• Mona")])
    await talk(huda, [("/audit", "Mona")])
    assert plain(huda.history[-1].text).count(plain(t("no longer puts off"))) == once == 1
    watched.clock.at += timedelta(minutes=2)
    await talk(omar, [("👤 Mona", "Mona"), (t("💤 Later"), like(t, "💤 {name}: put off until {at}", name="Mona"))])


async def test_there_is_no_telephone_number(watched: Office, omar: Person, talk: Talk, t: Translator) -> None:
    await talk(
        omar,
        [("👤 Mona", "Mona"), (t("📞 Call"), like(t, "BioTime tells me no telephone number of {name}.", name="Mona"))],
    )


async def test_a_stranger_presses_omars_buttons(
    watched: Office, linked: Person, sara: Person, huda: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    """Mona has a link, Huda is HR and the card is not hers, Sara is nobody: the data in a button gives no right."""
    out_of_date = like(t, "That button is out of date. Send /menu to see what I can do.")
    data = [button.data for row in card_of(omar).buttons for button in row]
    assert data
    data.append(data[0].replace(":open:", ":wake:") if data[0] else None)
    await talk(sara, [("/start",)])
    for button in [*data, "here:1:sick", "card:1:why:1", "card:999:people:0"]:
        assert button is not None
        for person in (linked, sara):
            if (person, button) != (linked, "here:1:sick"):
                await talk(person, [(presses_old(button, person.history[-1].message_id), out_of_date)])
    assert reads(card_of(omar), "Mona"), "nothing happened"


async def test_after_quiet_hours_he_calls_for_a_card(
    watched: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    """All that was held back is one message; a card in it that may change yet becomes one of its own."""
    quiet = ManagerSettings(quiet_from=time(9), quiet_until=time(11))
    db, before = watched.hadir.db, len(omar.history)
    await db.write(lambda c: manager_settings.change_manager_settings(c, NAME, OMAR, lambda _: quiet))
    await db.write(lambda c: c.execute(outbox.update().values(key="old", messages="[]", sent_at=None, state="dropped")))
    await db.write(lambda c: c.execute(outbox.update().where(outbox.c.kind == "card").values(next_at=watched.clock())))
    left = New(OMAR, Topic.FORGOTTEN, "x", watched.clock(), {"missing": [[MONA, "Mona", "2026-03-01"]]})
    await db.write(lambda c: add_messages(c, NAME, [left], watched.clock()))
    await look(watched)
    assert len(omar.history) == before
    watched.clock.at = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
    await look(watched)
    caught_up = omar.history[-1]
    assert len(omar.history) == before + 1
    for text in (t("🌙 While you wanted quiet:"), t("❗ Missing"), t("🚪 Without a clock-in or clock-out:")):
        assert reads(caught_up, text)
    fetch = next(label for label in caught_up.labels if label.startswith("🕘"))
    await talk(omar, [(fetch, t("❗ Missing"))])
    assert "👤 Mona" in card_of(omar).labels
    await look(watched)
    again = next(one for one in omar.history if one.message_id == caught_up.message_id)
    assert not reads(again, t("❗ Missing"))
    assert reads(again, t("🚪 Without a clock-in or clock-out:"))
    out_of_date = like(t, "That button is out of date. Send /menu to see what I can do.")
    card = watched._query("hadir.db", "SELECT id FROM outbox WHERE kind = 'card'")[0]["id"]
    await talk(omar, [(presses_old(f"card:{card}:fetch", caught_up.message_id), out_of_date)])
    watched.clock.at += timedelta(minutes=31)
    assert await watched.hadir.watch.escalating.run() == 0, "he has looked at it"


async def test_two_managers_of_one_person(
    watched: Office, omar: Person, huda: Person, talk: Talk, t: Translator
) -> None:
    """What one puts off is on the other's card; the first excuse wins, the second is told; and it can be taken back."""
    huda.language = t.language
    await watched.log_in(huda)
    await watched.hadir.watch.managing.appoint(NAME, "1003", Scope.ALL)
    card = watched._query("hadir.db", "SELECT key, payload FROM outbox WHERE kind = 'card'")[0]
    new = New("1003", Topic.CARD, card["key"], watched.clock(), json.loads(card["payload"]))
    await watched.hadir.db.write(lambda c: add_messages(c, NAME, [new], watched.clock()))
    await look(watched)
    await talk(omar, [("👤 Mona", "Mona"), (t("💤 Later"), like(t, "💤 {name}: put off until {at}", name="Mona"))])
    await look(watched)
    assert reads(card_of(huda), "• Mona")
    await look(watched, later=timedelta(minutes=31))
    excuses = ("👤 Mona",), (t("✔️ Excuse"), like(t, "Why is {name} excused?", name="Mona"))
    await talk(huda, excuses)
    button = next(b.data for row in huda.history[-1].buttons for b in row if b.data and ":ex-sick:" in b.data)
    await talk(omar, [*excuses, (t.gettext(EXCUSES["sick"]), t("↩️ No longer missing"))])
    too_late = t("They are no longer missing: look at the card.")
    by_omar = f"{t('excused by {name}', name='Omar')} ({t.gettext(EXCUSES['sick'])})"
    await talk(huda, [(presses_old(button, card_of(huda).message_id), too_late)])
    assert reads(card_of(huda), by_omar)
    await talk(huda, [(t("✖️ Not excused: {name}", name="Mona"), "• Mona")])
    await look(watched)
    for person in (omar, huda):
        assert reads(card_of(person), "• Mona")
        assert not reads(card_of(person), by_omar)
    await talk(huda, [("/audit", t("took back the excuse of"), "Mona")])


async def test_who_is_in_already_is_not_thanked_for_being_sick(
    watched: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    asked = linked.history[-1]
    sick = next(b.data for row in asked.buttons for b in row if b.data and b.data.endswith(":sick"))
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, like(t, "✅ Clocked in at {time}"))])
    await look(watched)
    over = t("You are not called missing any more, so I have told nobody.")
    await talk(linked, [(presses_old(sick, asked.message_id), over)])
    assert watched._query("hadir.db", "SELECT * FROM notices") == []


async def test_what_he_looks_at_is_not_taken_away(watched: Office, omar: Person, talk: Talk, t: Translator) -> None:
    await talk(omar, [("👤 Mona",), (t("✔️ Excuse"), like(t, "Why is {name} excused?", name="Mona"))])
    message_id = omar.history[-1].message_id
    await look(watched, later=timedelta(minutes=4, seconds=50))
    assert reads(omar.history[-1], t.gettext(EXCUSES["sick"])) or omar.history[-1].labels[0] == t.gettext(
        next(iter(EXCUSES.values()))
    )
    await look(watched)
    assert (omar.history[-1].message_id, reads(omar.history[-1], t("❗ Missing"))) == (message_id, True)


async def test_a_name_after_late_data_is_a_message_that_rings_and_the_old_one_goes(
    office: Office, linked: Person, omar: Person, t: Translator
) -> None:
    """What comes as an edit makes no sound, and nobody looks."""
    omar.language = t.language
    site = await open_day(office, omar)
    why = chain.Step(chain.Gate.FRESH, chain.Stop.SYNC_LATE, at=office.clock())
    await tell_of_site(office, Found(Kind.STALE, "", site.key, site, chain.Chain((why,))))
    first = card_of(omar)
    assert not reads(first, "• Mona")
    await look(office)
    card = card_of(omar)
    assert reads(card, "• Mona")
    assert card.message_id > first.message_id
    assert first.message_id not in {message.message_id for message in omar.history}
    await look(office, later=timedelta(minutes=6))
    assert card_of(omar).message_id == card.message_id, "and from then on it edits itself"


async def test_a_card_without_names_can_be_acknowledged(
    office: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    """Nobody is named whom he could open: else it would go to the next manager, whatever he does."""
    omar.language = t.language
    site = await open_day(office, omar)
    why = chain.Step(chain.Gate.NO_PUNCH, None)
    await tell_of_site(office, Found(Kind.INCIDENT, "", site.key, site, chain.Chain((why,))))
    assert card_of(omar).labels == (t("👀 Seen"),)
    await talk(omar, [(t("👀 Seen"), t("👀 Seen"))])
    assert (card_of(omar).labels, reads(card_of(omar), t("👀 Seen"))) == ((), True)
    (row,) = office._query("hadir.db", "SELECT seen_at FROM outbox WHERE kind = 'card'")
    assert row["seen_at"] is not None
    await talk(
        omar,
        [
            (
                presses_old("card:999:seen", card_of(omar).message_id),
                like(t, "That button is out of date. Send /menu to see what I can do."),
            )
        ],
    )
