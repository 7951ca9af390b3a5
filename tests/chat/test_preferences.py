"""Language, help, the More menu, and what nobody asked for."""

import pytest

from bot.chat.commands import FOR_HR, FOR_MANAGERS
from bot.chat.phrases import Wish, Wished, read_wish, say_wish
from bot.i18n import LANGUAGES, Translator, translator_for
from bot.playground.people import Person
from bot.playground.requests import Scope
from bot.playground.watching import plain
from tests import words
from tests.chat.team import appoint, enter
from tests.chat.test_team_exports import ASKS
from tests.talk import AT_OFFICE, Office, Talk, like, presses_old

EN, AR = translator_for("en"), translator_for("ar")
OTHER = {"en": AR, "ar": EN}


async def test_more_offers_everything(linked: Person, talk: Talk, t: Translator) -> None:
    await talk(linked, [(t("☰ More"), t(words.MORE_MENU))])
    offered = set(linked.history[-1].labels)
    work = {t(f"📍 {what}").removeprefix("📍 ") for what in ("Clock in", "Clock out")}
    breaks = {t(f"📍 {what}").removeprefix("📍 ") for what in ("Start break", "End break")}
    overtime = {t(f"📍 {what}").removeprefix("📍 ") for what in ("Start overtime", "End overtime")}
    looks = ("📋 Today", "🗓 History", "📊 My week", "📅 My month", "📤 Export", "📝 Requests")
    rest = {t(what) for what in (*looks, "⚙️ Settings", "❓ Help")}
    assert offered == work | breaks | overtime | rest


async def test_settings_are_one_message_turned_in_place(linked: Person, talk: Talk, t: Translator) -> None:
    await talk(
        linked,
        [
            (t("☰ More"), t(words.MORE_MENU)),
            (t("⚙️ Settings"), t(words.SETTINGS)),
            (t("‹ Back"), t(words.MORE_MENU)),
            ("/settings", t(words.SETTINGS)),
        ],
    )
    assert len([message for message in linked.history if t(words.MORE_MENU) in message.text]) == 1
    assert {t("🌐 Language"), t("🚪 Log out")} <= set(linked.history[-1].labels)


async def test_language_changes_the_keyboard_and_what_comes_after(linked: Person, talk: Talk, t: Translator) -> None:
    new = OTHER[t.language]
    await talk(
        linked,
        [
            (t("☰ More"), t(words.MORE_MENU)),
            (t("⚙️ Settings"), t(words.SETTINGS)),
            (t("🌐 Language"), t(words.CHOOSE_LANGUAGE)),
            (new.own_name, new(words.I_SPEAK), new(words.KEYBOARD_TOO, language=new.own_name)),
            (new("📍 Clock in"), AT_OFFICE, new(words.CLOCKED_IN, time="09:00")),
            (new("📋 Today"), new("In")),
        ],
    )


async def test_the_choice_outlives_a_restart_and_the_phone_s_language(
    office: Office, linked: Person, talk: Talk
) -> None:
    await talk(linked, [("/language",), ("العربية", AR(words.I_SPEAK))])
    await office.restart()
    linked.language = "de"
    await talk(linked, [("/help", AR(words.HELP))])


async def test_the_keyboard_follows_the_language_of_the_phone(
    office: Office, linked: Person, sara: Person, talk: Talk, t: Translator
) -> None:
    """At once, once, and only where there is one."""
    new = OTHER[t.language]
    for person in (linked, sara):
        person.language = new.language
    await talk(linked, [("/help", new(words.HELP), new(words.KEYBOARD_TOO, language=new.own_name))])
    assert linked.keyboard is not None
    assert new("📍 Clock in") in linked.keyboard.labels[0]
    renewed = linked.keyboard.message_id
    await talk(linked, [("/help", new(words.HELP))])
    assert linked.keyboard.message_id == renewed
    await talk(linked, [(new("📍 Clock in"), AT_OFFICE, new(words.CLOCKED_IN, time="09:00"))])
    await talk(sara, [("/start",)])
    assert sara.keyboard is None


async def test_a_kind_that_was_chosen_stays_chosen_in_another_language(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    new = OTHER[t.language]
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE), (t("☰ More"),), (t("📍 Start break").removeprefix("📍 "),)])
    await talk(linked, [("/language",), (new.own_name, new(words.KEYBOARD_TOO, language=new.own_name))])
    await office.pass_time(minutes=5)
    await talk(linked, [(new("📍 Start break"), AT_OFFICE, new(words.BREAK_STARTED, time="09:05"))])


async def test_a_manager_s_commands_are_in_the_new_language_at_once(
    office: Office, omar: Person, talk: Talk, t: Translator
) -> None:
    omar.language = t.language
    await appoint(office)
    await office.log_in(omar)
    new = OTHER[t.language]
    await talk(omar, [("/language",), (new.own_name, new(words.KEYBOARD_TOO, language=new.own_name))])
    listed = office.playground.world.profile.commands(Scope(type="chat", chat_id=omar.chat.id), "")
    assert new.gettext(FOR_MANAGERS["team"]) in [one["description"] for one in listed]


async def test_a_stranger_may_choose_before_logging_in(sara: Person, talk: Talk) -> None:
    await talk(sara, [("/start",), ("العربية", AR(words.I_SPEAK)),
                      (AR(words.LOG_IN), AR(words.ASK_USERNAME))])  # fmt: skip


@pytest.mark.parametrize(
    ("code", "spoken"), [("ar-EG", AR), ("en-GB", EN), ("de", EN), ("fr-CA", translator_for("fr"))]
)
async def test_the_language_of_the_phone(mona: Person, talk: Talk, code: str, spoken: Translator) -> None:
    mona.language = code
    await talk(mona, [("/start", spoken(words.GREETING, name="Mona"))])


async def test_help(linked: Person, talk: Talk, t: Translator) -> None:
    await talk(linked, [("/help", t(words.HELP)), ("/menu",), (t("❓ Help"), t(words.HELP))])


async def test_help_names_the_commands_of_who_manages_and_of_hr(
    office: Office, linked: Person, omar: Person, huda: Person, sara: Person, talk: Talk, t: Translator
) -> None:
    """Each under its head, and nobody reads of what is not theirs."""
    await appoint(office)
    for person in (omar, huda):
        person.language = t.language
        await enter(office, person)
    managers, hr = plain(t("👔 For managers:")), plain(t("🏢 For HR:"))
    seen = {}
    for person in (linked, omar, huda, sara):
        await talk(person, [("/help",)])
        seen[person.user.first_name] = plain(person.history[-1].text)
    for told in (seen["Omar"], seen["Huda"]):
        listed = told.split(managers)[1].split(hr)[0]
        assert all(f"{plain(t.gettext(FOR_MANAGERS[name]))} – /{name}" in listed for name in FOR_MANAGERS)
        assert f"/team › {t('📤 Export')}" in listed
        assert "/team export" not in listed, "a tap would send its first word alone"
    await talk(omar, [("/team",), (t("📤 Export"), like(t, ASKS))])
    for_hr = seen["Huda"].split(hr)[1]
    assert all(f"{plain(t.gettext(FOR_HR[name]))} – /{name}" in for_hr for name in FOR_HR)
    assert plain(t("The company's rules for alerts, and who is left out of them")) in for_hr
    assert hr not in seen["Omar"]
    assert "/audit" not in seen["Omar"]
    for told in (seen["Mona"], seen["Sara"]):
        assert not [name for name in FOR_MANAGERS | FOR_HR if f"/{name}" in told]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_examples_of_help_are_understood(linked: Person, talk: Talk, language: str) -> None:
    linked.language = language
    await talk(linked, [("/help", "/forgot", "/export", "/verify", "/forgetme", say_wish(language, Wish.LATE))])
    assert read_wish(say_wish(language, Wish.LATE), language) == Wished(Wish.LATE, 20)
    assert read_wish(say_wish(language, Wish.WEEK), language) == Wished(Wish.WEEK)


async def test_a_label_of_the_other_language_still_works(linked: Person, talk: Talk, t: Translator) -> None:
    """The keyboard on the screen may be older than the choice."""
    await talk(linked, [(OTHER[t.language]("☰ More"), t(words.MORE_MENU))])


@pytest.mark.parametrize("said", ["hello", "/nonsense", "x" * 4096, "🙂", "/", "  "])
async def test_what_is_not_understood(linked: Person, talk: Talk, t: Translator, said: str) -> None:
    await talk(linked, [(said, t(words.NOT_UNDERSTOOD))])


async def test_pictures_and_files_are_not_understood(linked: Person, talk: Talk) -> None:
    await talk(
        linked,
        [
            (lambda person: person.send_document("a.pdf", b"%PDF", "my sick note"), words.NOT_UNDERSTOOD),
            (lambda person: person.share_contact("+971500000000"), words.NOT_UNDERSTOOD),
        ],
    )


@pytest.mark.parametrize("data", ["nonsense", "kind:6", "kind:255", "language:xx", "history:-1", "history:" + "9" * 50])
async def test_unknown_buttons_are_answered(linked: Person, talk: Talk, data: str) -> None:
    await talk(linked, [("/menu",)])
    said = words.CHOOSE_LANGUAGE if data == "language:xx" else words.OLD_BUTTON
    await talk(linked, [(presses_old(data, linked.history[-1].message_id), said)])


async def test_a_button_of_a_message_that_is_gone(office: Office, linked: Person, talk: Talk) -> None:
    office.expects_trouble = True
    await talk(linked, [("/menu",)])
    menu = linked.history[-1].message_id
    office.playground.world.delete_post(linked.chat.posts[menu])
    await talk(linked, [(presses_old("today", menu), words.NO_PUNCHES)])


SPOKEN = {
    "en": "I speak English with you",
    "ar": "بالعربية",
    "hi": "हिन्दी में",
    "ur": "اردو میں",
    "fr": "en français",
    "es": "en español",
    "ru": "по-русски",
    "id": "bahasa Indonesia",
}


@pytest.mark.parametrize("language", SPOKEN)
async def test_each_language_is_named_in_its_own_grammar(linked: Person, talk: Talk, language: str) -> None:
    name = translator_for(language).own_name
    await talk(linked, [("/language",), (name, SPOKEN[language])])
