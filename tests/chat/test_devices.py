"""The profile, and the Telegram accounts that are logged in as one employee."""

import json

import httpx

from bot.chat.commands import COMMANDS
from bot.i18n import LANGUAGES, Translator, translator_for
from bot.playground.people import Person
from bot.playground.watching import plain
from tests import words
from tests.golden import golden_text
from tests.playground.pictures import png
from tests.talk import AT_OFFICE, Office, Talk, like, presses_old


async def log_in_as_mona(office: Office, talk: Talk, person: Person) -> None:
    account = office.account(office.person("mona"))
    await talk(person, [("/login",), (account.username,), (account.password, words.WELCOME.partition("{")[0])])


async def test_the_profile(linked: Person, talk: Talk, t: Translator) -> None:
    await talk(
        linked,
        [
            ("/settings", t(words.SETTINGS)),
            (t(words.PROFILE), "Mona", "1001", "Dubai Office", "Asia/Dubai", t.own_name),
            (t("‹ Back"), t(words.SETTINGS)),
            ("/profile", "Mona"),
        ],
    )


async def test_her_photo_is_in_the_profile_where_biotime_has_one(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    """Else, and where BioTime does not answer, the profile is what it was."""
    biotime, (link,) = office.biotime, office._query("hadir.db", "SELECT emp_id FROM links")
    told = json.loads(golden_text("6.3-employee")) | {"photo": "/files/photo/1/1001.png"}
    biotime.answer(f"/employees/{link['emp_id']}/", lambda: httpx.Response(200, json=told))
    headers = {"Content-Type": "image/png"}
    biotime.answer("/files/photo/1/1001.png", lambda: httpx.Response(200, content=png(90, 120), headers=headers))
    await talk(linked, [("/settings",), (t(words.PROFILE), "Mona", "1001", "Dubai Office")])
    (size,) = linked.history[-1].content["photo"]
    assert (size["width"], size["height"]) == (90, 120)
    await talk(linked, [(t("‹ Back"), t(words.SETTINGS)), (t(words.PROFILE), "Mona")])
    assert "photo" not in linked.history[-1].content
    biotime.down = True
    await talk(linked, [("/profile", "Mona", "1001")])


async def test_a_second_account_is_told_to_the_first(
    office: Office, linked: Person, omar: Person, talk: Talk, t: Translator
) -> None:
    await log_in_as_mona(office, talk, omar)
    assert like(t, words.SOMEBODY_NEW, name="Mona").search(plain(linked.history[-1].text))
    await talk(
        linked,
        [
            ("/settings",),
            (t(words.DEVICES), t(words.LOGGED_IN_AS_YOU), like(t, words.THIS_ACCOUNT), like(t, words.OTHER_ACCOUNT)),
            (t(words.NOT_ME), t(words.OTHERS_OUT)),
            (t(words.PASSWORD_BUTTON), t(words.ASK_OLD_PASSWORD)),
            ("/cancel",),
            (t("📍 Clock in"), AT_OFFICE, t(words.CLOCKED_IN, time="09:00")),
        ],
    )
    assert omar.history[-1].text == words.LOGGED_OUT_ELSEWHERE
    await talk(omar, [("/today", words.LOG_IN_FIRST)])


async def test_log_out_everywhere(office: Office, linked: Person, omar: Person, talk: Talk, t: Translator) -> None:
    await log_in_as_mona(office, talk, omar)
    await talk(
        linked,
        [
            ("/settings",),
            (t(words.DEVICES), t(words.LOGGED_IN_AS_YOU)),
            (t(words.LOG_OUT_EVERYWHERE), t(words.EVERYWHERE_MEANS)),
            (t(words.LOG_OUT_EVERYWHERE), t(words.OUT_EVERYWHERE)),
            ("/today", t(words.LOG_IN_FIRST)),
        ],
    )
    await talk(omar, [("/today", words.LOG_IN_FIRST)])
    tokens = office._query("hadir.db", "SELECT token FROM links WHERE token IS NOT NULL")
    assert tokens == [], "the sessions are gone, not only out of sight"


async def test_nobody_ends_the_sessions_of_others(office: Office, linked: Person, omar: Person, talk: Talk) -> None:
    """Callback data says nothing of whose they are."""
    await office.log_in(omar)
    await talk(omar, [("/menu",)])
    menu = omar.history[-1].message_id
    await talk(omar, [(presses_old("devices:stranger", menu), words.OTHERS_OUT)])
    await talk(omar, [(presses_old("devices:sure", menu), words.OUT_EVERYWHERE)])
    await talk(omar, [(presses_old("devices:sure", menu), words.NOT_LOGGED_IN)])
    await talk(linked, [("📍 Clock in", AT_OFFICE, "Clocked in at 09:00")])


async def test_logging_in_again_is_no_news(office: Office, linked: Person, omar: Person, talk: Talk) -> None:
    await log_in_as_mona(office, talk, omar)
    before = len(linked.history)
    await log_in_as_mona(office, talk, omar)
    assert len(linked.history) == before


async def test_a_phone_that_has_blocked_the_bot_keeps_nobody_out(
    office: Office, linked: Person, omar: Person, talk: Talk
) -> None:
    office.expects_trouble = True
    linked.block()
    await log_in_as_mona(office, talk, omar)


async def test_devices_is_a_command(linked: Person, talk: Talk, t: Translator) -> None:
    await talk(linked, [("/devices", t(words.LOGGED_IN_AS_YOU), like(t, words.THIS_ACCOUNT))])
    assert t(words.LOG_OUT_EVERYWHERE) in linked.history[-1].labels
    meant = {translator_for(code).gettext(COMMANDS["devices"]) for code in LANGUAGES}
    assert len(meant) == len(LANGUAGES), "each in its own words"
