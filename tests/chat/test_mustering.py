"""A roll call: Omar asks who is on site whether they are safe, and one message counts."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.chat.muster_texts import describe_muster
from bot.i18n import Translator
from bot.playground.people import Person
from bot.playground.watching import plain
from bot.store.musters import Called, Muster
from tests.chat.team import appoint, enter
from tests.talk import AT_OFFICE, Office, Talk, presses_old, speaker

OVER = "This roll call is over, or it was not for you."
DUBAI = ZoneInfo("Asia/Dubai")
NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def counts(t: Translator, safe: int) -> str:
    return plain(t.plural("🚨 Roll call: {n} of {all} is safe.", "🚨 Roll call: {n} of {all} are safe.", safe, all=1))


def test_nobody_of_hundreds_is_cut_off_the_list(t: Translator) -> None:
    """Nor called out of reach before they were asked."""
    people = tuple(Called(str(n), f"Sales {n:03}", "Dubai Office", "+971 4 000 0000") for n in range(359))
    muster = Muster(1, "Demo Trading", "1002", 1, 1, NOW, None, people)
    pages = describe_muster(t, muster, DUBAI)
    assert len(pages) > 1
    assert [f"Sales {n:03}" in plain("".join(pages)) for n in range(359)] == [True] * 359
    assert t("not in Telegram") in pages[0]
    assert t("not in Telegram") not in "".join(describe_muster(t, muster, DUBAI, asking=True))


async def call_roll(office: Office, linked: Person, omar: Person, talk: Talk, t: Translator) -> None:
    """Mona is in, and Omar has begun."""
    omar.language = t.language
    await appoint(office)
    await enter(office, omar)
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE)])
    await talk(omar, [("/muster",), (t("🚨 Yes, call the roll"), t("❔ No answer yet:"))])


async def test_who_clocks_out_meanwhile_is_not_waited_for(
    office: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    await call_roll(office, linked, omar, talk, t)
    await office.pass_time(minutes=5)
    await talk(linked, [(t("📍 Clock out"), AT_OFFICE)])
    await talk(omar, [(t("🔄 Look again"), t("🚪 Clocked out since:"), "• Mona")])
    assert t("❔ No answer yet:") not in omar.history[-1].text


async def test_who_is_on_a_break_is_asked_and_waited_for(
    office: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    """They may be in the canteen of the house that burns."""
    await call_roll(office, linked, omar, talk, t)
    await office.pass_time(minutes=5)
    await talk(linked, [(t("☰ More"),), (t("Start break"),), (t("📍 Start break"), AT_OFFICE)])
    resting = plain(t("on a break since {time}", time=t.time(office.clock(), DUBAI)))
    await talk(omar, [(t("🔄 Look again"), counts(t, 0), t("❔ No answer yet:"), f"• Mona · Dubai Office · {resting}")])
    assert t("🚪 Clocked out since:") not in omar.history[-1].text
    await talk(omar, [(t("🏁 End it"),), ("/muster",), (t("🚨 Yes, call the roll"), counts(t, 0), resting)])
    asked = plain(t("🚨 Roll call by {name}: are you safe?", name="Omar"))
    assert [asked in plain(one.text) for one in linked.history].count(True) == 2
    await talk(linked, [(t("✅ I am safe"), t("✅ Good: you are counted as safe."))])
    assert resting not in plain(omar.history[-1].text)


async def test_who_leaves_is_off_the_list_without_a_tap(
    office: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    await call_roll(office, linked, omar, talk, t)
    renew = office.hadir.board.renew
    assert await renew() == 0
    await office.pass_time(minutes=5)
    await talk(linked, [(t("📍 Clock out"), AT_OFFICE)])
    assert [await renew() for _ in range(2)] == [1, 0]
    assert t("🚪 Clocked out since:") in omar.history[-1].text
    await talk(omar, [(t("🏁 End it"), t("🚪 Clocked out since:"))])
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE)])
    assert await renew() == 0


async def test_while_a_roll_call_runs_it_is_offered_instead_of_another(
    office: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    omar.language = t.language
    await appoint(office)
    await enter(office, omar)
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE)])
    await talk(omar, [("/muster",)])
    early = omar.history[-1].message_id
    await talk(omar, [("/muster",), (t("🚨 Yes, call the roll"), counts(t, 0))])
    running = plain(t("🚨 Your roll call has been running since {time}.", time=t.time(office.clock(), DUBAI)))
    await talk(omar, [(presses_old("muster:go", early), running)])
    asked, question = len(linked.history), linked.history[-1]
    await office.pass_time(minutes=1)
    await talk(omar, [("/muster", running), (t("🔄 Look again"), counts(t, 0), "• Mona")])
    assert len(linked.history) == asked
    await talk(linked, [(t("✅ I am safe"), t("✅ Good: you are counted as safe."))])
    assert counts(t, 1) in plain(omar.history[-1].text), "the list that was opened last counts"
    await talk(omar, [("/muster", running), (t("🚨 Begin a new one"), counts(t, 0), t("❔ No answer yet:"))])
    assert plain(t("🚨 Roll call by {name}: are you safe?", name="Omar")) in plain(linked.history[-1].text)
    await talk(linked, [(presses_old("muster:1:help", question.message_id), speaker(linked)(OVER))])


async def test_who_taps_twice_for_help_cries_once(office: Office, linked: Person, omar: Person, talk: Talk) -> None:
    await appoint(office)
    await enter(office, omar)
    t = speaker(linked)
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE)])
    await talk(omar, [("/muster",), ("🚨 Yes, call the roll",)])
    question = linked.history[-1].message_id
    office.expects_trouble = True  # the second tap finds everything said already
    for data, cries in (("help", 1), ("help", 1), ("safe", 1), ("help", 2)):
        await talk(linked, [(presses_old(f"muster:1:{data}", question),)])
        assert ["❗ Mona needs help." in plain(one.text) for one in omar.history].count(True) == cries


async def test_who_is_on_site_is_asked_and_the_list_counts_live(
    office: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    omar.language = t.language
    await appoint(office)
    known = "UPDATE roster_people SET phone = '+971501234567' WHERE emp_code = '1001'"
    await office.hadir.db.write(lambda c: c.exec_driver_sql(known))
    await enter(office, omar)
    await talk(linked, [(speaker(linked)("📍 Clock in"), AT_OFFICE)])
    asks = t.plural(
        "🚨 Roll call: {n} person is on site now. Ask whether they are safe?",
        "🚨 Roll call: {n} people are on site now. Ask all of them whether they are safe?",
        1,
    )
    begun = counts(t, 0)
    await talk(
        omar, [("/muster", asks), (t("🚨 Yes, call the roll"), begun, t("❔ No answer yet:"), "• Mona · Dubai Office")]
    )
    shown = omar.history[-1]
    assert t("not in Telegram") not in shown.text
    s = speaker(linked)
    question = linked.history[-1]
    assert plain(s("🚨 Roll call by {name}: are you safe?", name="Omar")) in plain(question.text)
    await talk(
        linked, [(s("❗ I need help"), s("❗ Your manager sees that you need help. If you can, call them, too."))]
    )
    assert t("❗ Need help:") in omar.chat.posts[shown.message_id].seen().text
    cry = omar.history[-1]
    assert cry.message_id != shown.message_id, "with a sound, in a message of its own"
    assert plain(t("❗ {name} needs help.", name="Mona")) in plain(cry.text)
    assert "Dubai Office" in cry.text
    assert "+971501234567" in cry.text.replace(" ", "")
    await talk(linked, [(s("✅ I am safe"), s("✅ Good: you are counted as safe."))])
    counted = plain(omar.chat.posts[shown.message_id].seen().text)
    assert counts(t, 1) == counted
    await talk(
        omar,
        [
            (
                presses_old("muster:1:end", shown.message_id),
                plain(
                    t.plural(
                        "🏁 Roll call, ended: {n} of {all} is safe.",
                        "🏁 Roll call, ended: {n} of {all} are safe.",
                        1,
                        all=1,
                    )
                ),
            )
        ],
    )
    await talk(linked, [(presses_old("muster:1:help", question.message_id), s(OVER))])


async def test_others_neither_call_nor_answer_nor_look(
    office: Office, linked: Person, omar: Person, huda: Person, sara: Person, talk: Talk
) -> None:
    await appoint(office)
    await enter(office, omar)
    await enter(office, huda)
    await talk(linked, [(speaker(linked)("📍 Clock in"), AT_OFFICE)])
    await talk(omar, [("/muster",), ("🚨 Yes, call the roll", "0 of 1 are safe")])
    for data, said in (
        ("muster:1:safe", OVER),
        ("muster:1:look", "That is gone already."),
        ("muster:1:end", "That is gone"),
    ):
        await talk(huda, [("/help",)])
        await talk(huda, [(presses_old(data, huda.history[-1].message_id), said)])
    nobody = speaker(linked)("You manage nobody in Hadir yet. HR can change that.")
    for data in ("muster", "muster:go"):
        await talk(linked, [("/help",)])
        await talk(linked, [(presses_old(data, linked.history[-1].message_id), nobody)])
    asked = len(linked.history)
    await talk(sara, [("/muster", "Please log in first.")])
    assert len(linked.history) == asked


async def test_who_is_not_in_telegram_is_named_so(office: Office, omar: Person, linked: Person, talk: Talk) -> None:
    await appoint(office)
    await enter(office, omar)
    t = speaker(linked)
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE), ("/logout",)])
    await talk(omar, [("/muster",), ("🚨 Yes, call the roll", "• Mona · Dubai Office · not in Telegram")])
