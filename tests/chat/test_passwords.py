"""A forgotten password, and a changed one."""

import re

import httpx
import pytest

from bot.chat.password_texts import describe_code
from bot.gateway.sample import NAME
from bot.i18n import Translator, translator_for
from bot.playground.people import Person
from bot.playground.watching import plain
from bot.services.passwords import Rules
from bot.store.tables import links
from bot.web.entrance import build_entrance
from tests import words
from tests.talk import AT_OFFICE, Office, Step, Talk, like

NEW = "b3tter-Wort-geheim"
EN = translator_for("en")
TWO_COMPANIES = {"HADIR_COMPANY": "Demo Trading,Gulf Services"}


def asked(office: Office, path: str) -> int:
    return len([one for one in office.biotime.asked if one.url.path.endswith(path)])


def rules(t: Translator) -> str:
    return t.plural(*words.PASSWORD_RULES, 8)


def twice(new: str, outcome: str | re.Pattern[str], t: Translator = EN) -> list[Step]:
    return [(new, t(words.ASK_AGAIN)), (new, outcome)]


# -- forgotten ---------------------------------------------------------------------------------------------------------


async def test_a_forgotten_password_from_the_log_in(office: Office, mona: Person, talk: Talk, t: Translator) -> None:
    """She has said who she is already: one tap, the code, the new password; then she is in."""
    account = office.account(mona)
    await talk(
        mona,
        [
            ("/login", t(words.ASK_USERNAME)),
            (account.username, t(words.ASK_PASSWORD)),
            (t(words.FORGOT), like(t, words.CODE_ON_ITS_WAY, who=account.username), like(t, words.CODE_LIMITS)),
        ],
    )
    code = await office.mailed_code()
    await talk(
        mona,
        [
            (code, t(words.ASK_NEW_PASSWORD), rules(t)),
            *twice(NEW, t(words.PASSWORD_DONE), t),
            (t("📍 Clock in"), AT_OFFICE, t(words.CLOCKED_IN, time="09:00")),
        ],
    )
    read = [message.text for message in mona.history]
    assert NEW not in read
    assert code not in read, "both are taken out of the chat"


@pytest.mark.parametrize("environ", [TWO_COMPANIES])
async def test_a_forgotten_password_by_command(office: Office, mona: Person, talk: Talk) -> None:
    account = office.account(mona)
    await talk(
        mona,
        [
            ("/password", words.ASK_COMPANY),
            ("demo trading", words.ASK_WHO),
            (account.email.upper(), like(EN, words.CODE_ON_ITS_WAY)),
            ("123456", words.ASK_NEW_PASSWORD),
            ("short", words.PASSWORD_UNFIT, rules(EN)),
            *twice(NEW, words.CODE_WRONG),
        ],
    )
    assert "123456" not in [message.text for message in mona.history]
    await talk(mona, [(await office.mailed_code(), words.PASSWORD_DONE)])


async def read_after(office: Office, talk: Talk, person: Person, company: str, who: str) -> list[str]:
    """What a stranger reads who guesses."""
    await office.pass_time(hours=1)
    before = len(person.history)
    await talk(person, [("/password",), (company,), (who,), ("123456",), (NEW,), (NEW,), ("/cancel",)])
    said = [message.text for message in person.history[before:] if message.by_bot]
    return [text.replace(who, "WHO") for text in said]


@pytest.mark.parametrize("environ", [TWO_COMPANIES])
async def test_a_stranger_reads_the_same_whoever_is_known(office: Office, sara: Person, talk: Talk) -> None:
    account = office.account(office.person("mona"))
    known = await read_after(office, talk, sara, "Demo Trading", account.email)
    for company, who in [
        ("Demo Trading", "nobody@demo-trading.example"),
        ("Demo Trading", "4711"),
        ("Gulf Services", account.email),
        ("No Such Company", account.email),
    ]:
        assert await read_after(office, talk, sara, company, who) == known, (company, who)
    assert any("If BioTime knows WHO" in text for text in known)


async def test_the_sentence_comes_before_biotime_is_asked(office: Office, mona: Person, talk: Talk) -> None:
    """So that neither its words nor its time say anything."""
    read: list[str] = []

    def answer() -> httpx.Response:
        read.append(mona.history[-1].text)
        return httpx.Response(200, json={})

    office.biotime.answer("/forgot_password_create_otp/", answer)
    await talk(mona, [("/password", words.ASK_WHO), ("1001", like(EN, words.CODE_ON_ITS_WAY))])
    assert like(EN, words.CODE_ON_ITS_WAY, who="1001").search(read[0])


async def test_another_code_after_a_while(office: Office, mona: Person, talk: Talk) -> None:
    await talk(
        mona,
        [
            ("/password",),
            ("1001", like(EN, words.CODE_ON_ITS_WAY)),
            (words.NEW_CODE, like(EN, words.CODE_SOON)),
        ],
    )
    first = await office.mailed_code()
    await office.pass_time(minutes=1)
    await talk(mona, [(words.NEW_CODE, like(EN, words.CODE_ON_ITS_WAY)), (first,), *twice(NEW, words.CODE_WRONG)])
    await talk(mona, [(await office.mailed_code(), words.PASSWORD_DONE)])
    assert asked(office, "/forgot_password_create_otp/") == 2


async def test_a_code_is_good_for_ten_minutes(office: Office, mona: Person, talk: Talk) -> None:
    await talk(mona, [("/password",), ("1001",)])
    code = await office.mailed_code()
    await talk(mona, [(code, words.ASK_NEW_PASSWORD)])
    await office.pass_time(minutes=10)
    await talk(mona, [(NEW, words.CODE_OLD), (code, words.CODE_OLD)])
    assert asked(office, "/create_password/") == 0


async def test_codes_are_guessed_five_times(office: Office, sara: Person, talk: Talk) -> None:
    """The sixth stays here, and the right one does not help either."""
    account = office.account(office.person("mona"))
    await talk(sara, [("/password",), (account.email,)])
    code = await office.mailed_code()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    await talk(sara, [(wrong,), *twice(NEW, words.CODE_WRONG)])
    for _ in range(4):
        await talk(sara, [(wrong, words.CODE_WRONG)])
    await talk(sara, [(code, like(EN, words.SLOW_DOWN))])
    assert asked(office, "/create_password/") == 5


async def test_mails_are_asked_for_three_times_an_hour(office: Office, sara: Person, talk: Talk) -> None:
    await talk(sara, [("/password",)])
    for _ in range(3):
        await talk(sara, [("1001", like(EN, words.CODE_ON_ITS_WAY)), ("/cancel",), ("/password",)])
    await talk(sara, [("1001", like(EN, words.SLOW_DOWN))])
    assert asked(office, "/forgot_password_create_otp/") == 3


async def test_biotime_down_while_a_password_is_forgotten(
    office: Office, mona: Person, talk: Talk, t: Translator
) -> None:
    office.biotime.down = True
    await talk(mona, [("/password",), ("1001", like(t, words.CODE_ON_ITS_WAY), t(words.NO_CODE_YET))])
    office.biotime.down = False
    await office.pass_time(minutes=1)
    await talk(mona, [(t(words.NEW_CODE), like(t, words.CODE_ON_ITS_WAY))])
    code = await office.mailed_code()
    office.biotime.down = True
    await talk(mona, [(code, t(words.ASK_NEW_PASSWORD)), (NEW,), *[(NEW, t(words.PASSWORD_NO_ANSWER))] * 6])
    office.biotime.down = False
    await talk(mona, [(NEW, t(words.PASSWORD_DONE))])


@pytest.mark.parametrize("applied", [True, False])
async def test_an_answer_that_is_lost_is_looked_for(office: Office, mona: Person, talk: Talk, *, applied: bool) -> None:
    """The password is the new one or the old one: logging in shows which."""
    await talk(mona, [("/password",), ("1001",)])
    code = await office.mailed_code()
    if applied:
        await office.hadir.tenants[NAME].client.create_password("1001", code, NEW)
    office.biotime.answer("/create_password/", lambda: httpx.Response(502))
    await talk(mona, [(code,), (NEW,), (NEW, words.PASSWORD_DONE if applied else words.PASSWORD_NO_ANSWER)])
    if not applied:
        await talk(mona, [(NEW, words.PASSWORD_DONE)])


async def test_restarted_in_the_middle(office: Office, mona: Person, talk: Talk) -> None:
    await talk(mona, [("/password",)])
    await office.restart()
    await talk(mona, [("1001", like(EN, words.CODE_ON_ITS_WAY))])
    code = await office.mailed_code()
    await office.restart()
    await talk(mona, [(code, words.ASK_NEW_PASSWORD)])
    await office.restart()
    await talk(mona, [(NEW, words.ASK_AGAIN)])
    await office.restart()
    await talk(mona, [(NEW, words.PASSWORD_DONE), (NEW, words.STRAY_PASSWORD)])


@pytest.mark.parametrize("typed", ["x" * 4096, "!", "hello", "12345", "1234567", "12345a", "/S3cret! no command"])
async def test_what_is_no_code(office: Office, mona: Person, talk: Talk, t: Translator, typed: str) -> None:
    """It is said at once what a code looks like, and costs no try; what was typed may be a password, and goes."""
    await talk(mona, [("/password",), ("two words", t(words.USERNAME_SHORT)), ("1001",)])
    code, shape = await office.mailed_code(), t.plural(*words.CODE_DIGITS, 6)
    await talk(mona, [*[(typed, shape)] * 6, (code, t(words.ASK_NEW_PASSWORD)), *twice(NEW, t(words.PASSWORD_DONE), t)])
    assert asked(office, "/create_password/") == 1
    assert typed not in [message.text for message in mona.history]


@pytest.mark.parametrize("zero", "0٠۰०０")
async def test_a_code_in_any_digits_and_with_spaces(
    office: Office, mona: Person, talk: Talk, t: Translator, zero: str
) -> None:
    await talk(mona, [("/password",), ("1001",)])
    digits = "".join(chr(ord(zero) + int(digit)) for digit in await office.mailed_code())
    await talk(
        mona, [(f" {digits[:3]} {digits[3:]}", t(words.ASK_NEW_PASSWORD)), *twice(NEW, t(words.PASSWORD_DONE), t)]
    )


@pytest.mark.parametrize("code", ["1234", "12345678"])
def test_what_a_tenant_s_code_looks_like_nobody_knows(code: str, t: Translator) -> None:
    """The manual does not say it."""
    said = t(words.CODE_RANGE, least="4", most="8")
    assert describe_code(t, Rules()) == said
    assert Rules().code[0] <= len(code) <= Rules().code[1]


async def test_a_command_in_the_middle_is_obeyed(office: Office, mona: Person, talk: Talk) -> None:
    await talk(mona, [("/password",), ("1001",), ("/today", words.PASSWORD_STOPPED, words.LOG_IN_FIRST)])
    await talk(mona, [("/password",), ("1001",), ("/help", words.HELP), ("123456", words.ASK_NEW_PASSWORD)])


async def test_old_buttons_lead_somewhere(office: Office, mona: Person, talk: Talk) -> None:
    await talk(mona, [("/password",), ("1001",), ("/cancel",), (words.NEW_CODE, words.ASK_WHO)])
    await talk(mona, [(words.OTHER_ADDRESS, words.ASK_WHO), ("1001", like(EN, words.CODE_ON_ITS_WAY))])


async def test_after_a_wrong_code_the_code_alone_is_typed(
    office: Office, mona: Person, talk: Talk, t: Translator
) -> None:
    await talk(mona, [("/password",), ("1001",)])
    code = await office.mailed_code()
    wrong, kept = f"{(int(code) + 1) % 10**6:06d}", t(words.PASSWORD_KEPT)
    await talk(mona, [(wrong, t(words.ASK_NEW_PASSWORD)), *twice(NEW, t(words.CODE_WRONG), t)])
    await talk(mona, [(wrong, kept), (code, t(words.PASSWORD_DONE))])
    assert NEW.encode() not in office.bytes_on_disk()


@pytest.mark.parametrize("lost", ["restart", "late"])
async def test_a_password_held_no_more_is_typed_once(office: Office, mona: Person, talk: Talk, lost: str) -> None:
    await talk(mona, [("/password",), ("1001",)])
    code = await office.mailed_code()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    await talk(mona, [(wrong, words.ASK_NEW_PASSWORD), *twice(NEW, words.CODE_WRONG)])
    if lost == "restart":
        await office.restart()
    else:
        await office.pass_time(minutes=6)
    await talk(mona, [(code, words.ASK_AGAIN), (NEW, words.PASSWORD_DONE)])


async def test_a_password_held_for_another_account_is_not_taken(office: Office, mona: Person, talk: Talk) -> None:
    await talk(mona, [("/password",), ("1002",), ("000001",), *twice("an0ther-Wort", words.CODE_WRONG)])
    await talk(mona, [(words.OTHER_ADDRESS, words.ASK_WHO), ("1001",)])
    await office.mailed_code()
    await talk(mona, [(await office.mailed_code(), words.ASK_NEW_PASSWORD), *twice(NEW, words.PASSWORD_DONE)])


async def test_two_that_differ_begin_with_the_first_again(
    office: Office, mona: Person, talk: Talk, t: Translator
) -> None:
    """No try is used, and the code stays as it is."""
    await talk(mona, [("/password",), ("1001",)])
    code = await office.mailed_code()
    slip = t(words.NOT_THE_SAME)
    await talk(
        mona,
        [
            (code, t(words.ASK_NEW_PASSWORD)),
            (NEW, t(words.ASK_AGAIN)),
            (f"{NEW}!", slip, rules(t)),
            ("short", t(words.PASSWORD_UNFIT)),
            (f"{NEW}!", t(words.ASK_AGAIN)),
            ("short", slip),
            *twice(NEW, t(words.PASSWORD_DONE), t),
        ],
    )
    assert asked(office, "/create_password/") == 1
    assert not any(one.text.startswith((NEW, "short")) for one in mona.history)


# -- changed -----------------------------------------------------------------------------------------------------------


async def test_a_password_is_changed(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    account = office.account(linked)
    await talk(
        linked,
        [
            ("/settings", t(words.SETTINGS)),
            (t(words.PASSWORD_BUTTON), t(words.ASK_OLD_PASSWORD)),
            (account.password, t(words.ASK_NEW_PASSWORD), rules(t)),
            ("short", t(words.PASSWORD_UNFIT), rules(t)),
            *twice(NEW, t(words.PASSWORD_DONE), t),
            (t("📍 Clock in"), AT_OFFICE, t(words.CLOCKED_IN, time="09:00")),
            ("/logout",),
            ("/login",),
            (account.username,),
            (account.password, t(words.WRONG_LOGIN)),
            (NEW, t(words.WELCOME, name="Mona")),
        ],
    )
    assert not {NEW, "short", account.password} & {message.text for message in linked.history}


async def test_a_wrong_password_changes_nothing_and_counts_as_a_guess(
    office: Office, linked: Person, talk: Talk
) -> None:
    await talk(linked, [("/password",)])
    for _ in range(5):
        await talk(linked, [("wrong", words.ASK_NEW_PASSWORD), *twice(NEW, words.OLD_PASSWORD_WRONG)])
    await talk(linked, [(office.account(linked).password,), *twice(NEW, like(EN, words.SLOW_DOWN))])
    assert asked(office, "/reset_password/") == 5


async def test_two_that_differ_change_nothing(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    """The same words, and the current password need not be typed again."""
    slip = t(words.NOT_THE_SAME)
    await talk(linked, [("/password",), (office.account(linked).password,), (NEW, t(words.ASK_AGAIN))])
    await talk(linked, [(NEW.upper(), slip, rules(t)), *twice(NEW, t(words.PASSWORD_DONE), t)])
    assert asked(office, "/reset_password/") == 1
    assert not {NEW, NEW.upper()} & {message.text for message in linked.history}


async def test_restarted_between_the_two_she_types_both(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    """The first was kept in memory alone."""
    account = office.account(linked)
    await talk(linked, [("/password",), (account.password, t(words.ASK_NEW_PASSWORD))])
    await office.restart()
    both = f"{account.password}\n{NEW}"
    await talk(linked, [(NEW, t(words.PASSWORD_BOTH)), (both, t(words.ASK_AGAIN))])
    await office.restart()
    await talk(linked, [(NEW, t(words.PASSWORD_BOTH)), (both, t(words.ASK_AGAIN)), (NEW, t(words.PASSWORD_DONE))])
    assert both not in [message.text for message in linked.history]


async def test_what_is_held_is_held_for_five_minutes(office: Office, linked: Person, talk: Talk) -> None:
    await talk(linked, [("/password",), (office.account(linked).password, words.ASK_NEW_PASSWORD)])
    await office.pass_time(minutes=5)
    await talk(linked, [(NEW, words.PASSWORD_BOTH)])


async def test_biotime_down_while_a_password_is_changed(office: Office, linked: Person, talk: Talk) -> None:
    await talk(linked, [("/password",), (office.account(linked).password,)])
    office.biotime.down = True
    await talk(linked, [(NEW,), *[(NEW, words.PASSWORD_NO_ANSWER)] * 6])
    office.biotime.down = False
    await talk(linked, [(NEW, words.PASSWORD_DONE)])


async def test_biotime_s_own_rules_are_told(office: Office, linked: Person, talk: Talk) -> None:
    refusal = {"new_password": ["This password is too common."]}
    office.biotime.answer("/reset_password/", lambda: httpx.Response(400, json=refusal))
    told = EN(words.PASSWORD_NOT_TAKEN, reason="This password is too common.")
    await talk(linked, [("/password",), (office.account(linked).password,), *twice(NEW, told)])
    await talk(linked, twice(NEW, words.PASSWORD_DONE))


@pytest.mark.parametrize("environ", [{"HADIR_PASSWORD_SHORTEST": "10", "HADIR_PASSWORD_RULES": "One of them a digit."}])
async def test_the_company_s_rules_are_told_before(office: Office, linked: Person, talk: Talk) -> None:
    old = office.account(linked).password
    await talk(linked, [("/password",), (old, "It needs 10 characters or more"), ("9 letters", words.PASSWORD_UNFIT)])
    assert "One of them a digit." in linked.history[-1].text


async def test_the_other_accounts_are_told_of_a_new_password(
    office: Office, linked: Person, omar: Person, sara: Person, talk: Talk, t: Translator
) -> None:
    """Changed on one of hers, then forgotten and made anew on it: the other one hears of each, and nobody else."""
    account = office.account(linked)
    await talk(omar, [("/login",), (account.username,), (account.password, "Welcome, Mona!")])
    told = like(t, words.PASSWORD_ELSEWHERE, name="Mona")
    before = len(sara.history)
    await talk(omar, [("/password",), (account.password,), *twice(NEW, words.PASSWORD_DONE)])
    assert told.search(plain(linked.history[-1].text))
    await talk(omar, [("/password",), (words.FORGOT,)])
    code = await office.mailed_code()
    heard = len(linked.history)
    await talk(omar, [(code,), *twice(f"{NEW}-2", words.PASSWORD_DONE)])
    assert told.search(plain(linked.history[-1].text))
    assert (len(linked.history), len(sara.history)) == (heard + 1, before)
    assert not told.search(plain(omar.history[-1].text))
    await talk(linked, [(t(words.NOT_ME), t(words.OTHERS_OUT))])
    await talk(omar, [("/today", words.LOG_IN_FIRST)])


async def test_two_devices_change_it_at_once(office: Office, linked: Person, omar: Person, talk: Talk) -> None:
    """One phone and one tablet with two accounts of Mona: the second hears that the password is another one by now."""
    account = office.account(linked)
    await talk(omar, [("/login",), (account.username,), (account.password, "Welcome, Mona!")])
    for person in (linked, omar):
        await talk(person, [("/password",), (account.password, words.ASK_NEW_PASSWORD)])
    await talk(linked, twice(NEW, words.PASSWORD_DONE))
    await talk(omar, twice("another-Wort-geheim", "session has ended"))


async def test_a_changed_message_and_a_file_are_deleted(office: Office, linked: Person, talk: Talk) -> None:
    await talk(linked, [("/today",), ("hello",)])
    typed = next(message for message in linked.history if message.text == "hello")
    await talk(
        linked,
        [
            ("/password", words.ASK_OLD_PASSWORD),
            (lambda person: person.edit(typed.message_id, NEW), words.EDITED_DELETED, words.ASK_OLD_PASSWORD),
            (lambda person: person.send_document("a.txt", b"a", NEW), words.PASSWORD_AS_TEXT),
        ],
    )
    assert not any(NEW in message.text for message in linked.history)


async def test_a_canary_password_is_nowhere(office: Office, linked: Person, talk: Talk) -> None:
    old = office.account(linked).password
    await talk(linked, [("/password",), (f"{old}",), ("/cancel",), ("/password",), (f"wrong\n{NEW}",)])
    await talk(linked, [("/password",), (words.FORGOT,)])
    code = await office.mailed_code()
    await talk(linked, [(code,)])
    assert code.encode() not in office.bytes_on_disk(), "the code waits, encrypted"
    await talk(linked, [(NEW, words.ASK_AGAIN)])
    assert NEW.encode() not in office.bytes_on_disk()
    await talk(linked, [(NEW, words.PASSWORD_DONE)])
    await office.restart()
    entrance = build_entrance(office.hadir.intake.accept, office.hadir.is_healthy, office.hadir.count, None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(entrance), base_url="http://bot") as http:
        metrics = (await http.get("/metrics")).text
    said = "".join(message.text for message in linked.history)
    for where, text in {"chat": said, "log": office.logged.getvalue(), "metrics": metrics}.items():
        assert NEW not in text, where
    assert NEW.encode() not in office.bytes_on_disk()
    assert old.encode() not in office.bytes_on_disk()


async def test_who_is_logged_out_in_the_middle_starts_over(office: Office, linked: Person, talk: Talk) -> None:
    await talk(linked, [("/password",), (office.account(linked).password,)])
    linked.press_data("logout:sure", linked.history[-1].message_id)
    await office.rest()
    await talk(linked, [(NEW, words.NOT_UNDERSTOOD_STRANGER)])


# -- where nobody asked for it -----------------------------------------------------------------------------------------

BEHIND = "I deleted that message: a password does not belong behind a command. Type it only where I ask for it."
TAP_FIRST = "I deleted that message, as it may have been your password: tap “{login}” first, then I ask for it."


@pytest.mark.parametrize("command", ["/password", "/login", "/Login", "/password@hadir_bot"])
async def test_a_password_behind_a_command_goes_from_the_chat(
    office: Office, linked: Person, talk: Talk, t: Translator, command: str
) -> None:
    """And the dialog begins with its question, as if the command stood alone."""
    asks = t(words.ASK_USERNAME if "ogin" in command else words.ASK_OLD_PASSWORD)
    name = office.hadir.application.bot.username
    typed = f"{command.replace('hadir_bot', name)} {NEW}"
    await talk(linked, [(typed, t(BEHIND), asks)])
    assert NEW not in " ".join(message.text for message in linked.history)


async def test_a_word_after_the_session_has_ended_may_be_the_password(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    """What is a wish, a label or a whole sentence is not."""
    await talk(linked, [(NEW, t(words.NOT_UNDERSTOOD))])
    await office.hadir.db.write(lambda c: c.execute(links.update().values(token=None)))
    await talk(linked, [("/today", t(words.SESSION_OVER)), (f"{NEW}1", t(TAP_FIRST, login=t(words.LOG_IN)))])
    assert f"{NEW}1" not in [message.text for message in linked.history]
    sentence = "why do I have to do that?"
    await talk(linked, [(t("☰ More"), t(words.MORE_MENU)), (sentence, t(words.NOT_UNDERSTOOD))])
    assert sentence in [message.text for message in linked.history]
