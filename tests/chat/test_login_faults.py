"""Log in where Telegram fails in the middle of it, and where the password is typed at the wrong moment."""

import pytest

from bot.i18n import Translator, translator_for
from bot.playground.people import Person
from bot.services.spelling import clean_password, clean_username
from bot.store.tables import links
from tests import words
from tests.talk import AT_OFFICE, Office, Talk, like, presses_old, types

CANARY = "c4n4ry-Wort-geheim"
ARABIC = translator_for("ar")


def texts(person: Person) -> list[str]:
    return [message.text for message in person.history]


def tries(office: Office) -> int:
    return len([one for one in office.biotime.asked if one.url.path.endswith("/auth_token/")])


@pytest.mark.parametrize("fault", ["too many", "error", "lost", "lost twice"])
@pytest.mark.parametrize("step", ["username", "password"])
async def test_an_answer_that_does_not_get_through_moves_nothing_twice(
    office: Office, mona: Person, talk: Talk, fault: str, step: str
) -> None:
    office.expects_trouble = True
    account, faults = office.account(mona), office.playground.faults
    await talk(mona, [("/login",)])
    if step == "password":
        await talk(mona, [(account.username, words.ASK_PASSWORD)])
    match fault:
        case "too many":
            faults.too_many_requests("sendMessage", retry_after=2)
        case "error":
            faults.fail("sendMessage", code=500)
        case _:
            faults.lose_answer("sendMessage", times=2 if fault == "lost twice" else 1)
    await talk(mona, [(account.username if step == "username" else account.password,)])
    for _ in range(3):
        await office.pass_time(seconds=10)
    if step == "username":
        assert tries(office) == 0
        await talk(mona, [(account.password, "Welcome, Mona!")])
    assert any("Welcome, Mona!" in text for text in texts(mona))
    assert account.password not in texts(mona)


async def test_killed_after_the_question_the_username_is_not_taken_for_the_password(
    office: Office, mona: Person, talk: Talk
) -> None:
    """The row of the update is open again, as after a kill between the last two commits."""
    account = office.account(mona)
    await talk(mona, [("/login",)])
    said = mona.say(account.username)
    await office.rest()
    await again(office, said.message_id, mona)
    assert tries(office) == 0
    await talk(mona, [(account.password, "Welcome, Mona!")])


async def again(office: Office, message_id: int, person: Person) -> None:
    message = {
        "message_id": message_id,
        "date": int(office.clock.at.timestamp()),
        "chat": {"id": person.chat.id, "type": "private"},
        "from": {"id": person.id, "is_bot": False, "first_name": "Mona", "language_code": "en"},
        "text": office.account(person).username,
    }
    await office.hadir.intake.accept([{"update_id": 999_999_999, "message": message}])
    await office.rest()


async def test_the_same_message_is_one_try(office: Office, mona: Person, talk: Talk) -> None:
    office.expects_trouble = True
    account = office.account(mona)
    await talk(mona, [("/login",), (account.username,), *[("wrong", words.WRONG_LOGIN)] * 4])
    office.playground.faults.too_many_requests("sendMessage", retry_after=2, times=3)
    await talk(mona, [("wrong",)])
    for _ in range(4):
        await office.pass_time(seconds=3)
    assert mona.history[-1].text == words.WRONG_LOGIN, "the fifth, four times over, is no sixth"


async def test_deleting_is_tried_again_at_once(office: Office, mona: Person, talk: Talk) -> None:
    office.expects_trouble = True
    account = office.account(mona)
    office.playground.faults.fail("deleteMessage", code=502, times=2)
    await talk(mona, [("/login",), (account.username,), (account.password, "Welcome, Mona!")])
    assert account.password not in texts(mona)
    assert words.DELETE_YOURSELF not in texts(mona)


async def test_where_deleting_fails_three_times_she_is_told_and_logged_in(
    office: Office, mona: Person, talk: Talk
) -> None:
    office.expects_trouble = True
    account = office.account(mona)
    office.playground.faults.fail("deleteMessage", code=500, times=3)
    await talk(mona, [("/login",), (account.username,), (account.password, words.DELETE_YOURSELF, "Welcome, Mona!")])


async def test_where_telegram_wants_us_to_wait_the_password_goes_first_all_the_same(
    office: Office, mona: Person, talk: Talk
) -> None:
    office.expects_trouble = True
    account = office.account(mona)
    await talk(mona, [("/login",), (account.username,)])
    office.playground.faults.too_many_requests("deleteMessage", retry_after=2)
    await talk(mona, [(account.password,)])
    assert tries(office) == 0
    await office.pass_time(seconds=3)
    assert account.password not in texts(mona)
    assert any("Welcome, Mona!" in text for text in texts(mona))


# -- what is typed at the wrong moment ---------------------------------------------------------------------------------


async def test_nothing_typed_as_a_username_lies_in_clear(office: Office, mona: Person, talk: Talk) -> None:
    await talk(mona, [("/login",), (CANARY, words.ASK_PASSWORD)])
    assert CANARY.encode() not in office.bytes_on_disk()
    await talk(mona, [("wrong", words.WRONG_LOGIN)])
    await office.restart()
    on_disk = office.bytes_on_disk()
    assert CANARY.encode() not in on_disk
    assert CANARY.casefold().encode() not in on_disk


async def test_username_and_password_in_one_message(office: Office, mona: Person, talk: Talk) -> None:
    account = office.account(mona)
    both = f"{account.username}\n{account.password}"
    await talk(mona, [("/login",), (f"{account.username}\nwrong", words.WRONG_LOGIN), ("/login",),
                      (both, "Welcome, Mona!")])  # fmt: skip
    assert both not in texts(mona)
    assert account.password.encode() not in office.bytes_on_disk()


@pytest.mark.parametrize("both", ["{username} {password}", "{username}  {password} ", "{username}, {password}"])
async def test_username_and_password_on_one_line_do_not_stay_in_the_chat(
    office: Office, mona: Person, talk: Talk, t: Translator, both: str
) -> None:
    account = office.account(mona)
    typed = both.format(username=account.username, password=account.password)
    await talk(mona, [("/login",)])
    before = len(office.playground.calls)
    await talk(mona, [(typed, t(words.USERNAME_SHORT))])
    assert office.playground.calls[before].method == "deleteMessage", "before anything is said"
    assert [text for text in texts(mona) if account.password in text] == []
    assert tries(office) == 0
    await talk(mona, [(account.username, t(words.ASK_PASSWORD)), (account.password, t(words.WELCOME, name="Mona"))])


@pytest.mark.parametrize("password", ["/x!y", "/start!", "/start me up", "/help/", "/nonsense", "/cancel!", "/"])
async def test_a_password_may_begin_with_a_slash(
    office: Office, mona: Person, talk: Talk, t: Translator, password: str
) -> None:
    account = office.account(mona)
    await talk(mona, [("/login",), (account.username, t(words.ASK_PASSWORD))])
    before = len(office.playground.calls)
    await talk(mona, [(password, t(words.WRONG_LOGIN))])
    assert office.playground.calls[before].method == "deleteMessage", "before anything else"
    assert password not in texts(mona)
    assert tries(office) == 1
    await talk(mona, [(account.password, t(words.WELCOME, name="Mona")), (password, t(words.STRAY_PASSWORD))])
    assert password not in texts(mona)


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("/start", words.PRIVACY),
        ("/START", words.PRIVACY),
        ("/today", words.LOG_IN_FIRST),
        ("/history", words.LOG_IN_FIRST),
        ("/menu", words.LOG_IN_FIRST),
        ("/logout", words.NOT_LOGGED_IN),
    ],
)
async def test_a_command_where_the_password_is_asked_for_is_obeyed(
    office: Office, mona: Person, talk: Talk, t: Translator, command: str, answer: str
) -> None:
    await talk(mona, [("/login",), (office.account(mona).username,), (command, t(words.LOGIN_STOPPED), t(answer))])
    assert command not in texts(mona), "just in case it was the password"
    await talk(mona, [("/cancel", t(words.NOTHING_TO_CANCEL))])
    assert tries(office) == 0


@pytest.mark.parametrize(
    ("command", "answer"),
    [("/help", words.HELP), ("/language", words.CHOOSE_LANGUAGE), ("/login", words.ASK_USERNAME)],
)
async def test_some_commands_do_not_end_the_log_in(
    office: Office, mona: Person, talk: Talk, t: Translator, command: str, answer: str
) -> None:
    account = office.account(mona)
    await talk(mona, [("/login",), (account.username,), (command, t(answer))])
    assert t(words.LOGIN_STOPPED) not in texts(mona)
    if command == "/login":
        await talk(mona, [(account.username, t(words.ASK_PASSWORD))])
    await talk(mona, [(account.password, t(words.WELCOME, name="Mona"))])


async def test_cancel_where_the_password_is_asked_for_stays_a_command(
    office: Office, mona: Person, talk: Talk, t: Translator
) -> None:
    name = office.hadir.application.bot.username
    for command in ("/cancel", f"/cancel@{name}"):
        await talk(mona, [("/login",), (office.account(mona).username,), (command, t(words.CANCELLED))])
    await talk(mona, [("/login",), (office.account(mona).username,), ("/cancel@somebody_else", t(words.WRONG_LOGIN))])
    assert "/cancel@somebody_else" not in texts(mona)


async def test_slowed_down_a_password_is_deleted_all_the_same(
    office: Office, mona: Person, talk: Talk, t: Translator
) -> None:
    account = office.account(mona)
    await talk(mona, [("/login",), (account.username,), *[("wrong",)] * 5])
    await talk(mona, [(account.password, like(t, words.SLOW_DOWN))] * 2)
    assert account.password not in texts(mona)
    await office.pass_time(minutes=15)
    await talk(mona, [(account.password, t(words.WELCOME, name="Mona"))])


async def test_a_password_sent_twice_is_deleted_twice(office: Office, mona: Person, talk: Talk, t: Translator) -> None:
    account = office.account(mona)
    await talk(mona, [("/login",), (account.username,), (account.password, t(words.WELCOME, name="Mona")),
                      (account.password, t(words.STRAY_PASSWORD))])  # fmt: skip
    assert account.password not in texts(mona)
    await talk(mona, [("/cancel", t(words.NOTHING_TO_CANCEL)), (t("📋 Today"), t(words.NO_PUNCHES))])
    await office.pass_time(minutes=2)
    await talk(mona, [("hello", t(words.NOT_UNDERSTOOD))])
    assert "hello" in texts(mona)


@pytest.mark.parametrize("wish", ["my week", "late 20 min", "/verify HADIR1|a|b", "HADIR1|a|b"])
async def test_what_is_no_password_is_obeyed_right_after_the_log_in(
    office: Office, mona: Person, talk: Talk, t: Translator, wish: str
) -> None:
    await office.log_in(mona)
    await talk(mona, [(types(wish),)])
    assert t(words.STRAY_PASSWORD) not in texts(mona)
    assert wish in texts(mona), "it is not deleted"


@pytest.mark.parametrize("act", ["/today", "/help", "📋 Today", "📍 Clock in"])
async def test_whoever_goes_on_after_the_log_in_is_listened_to(
    office: Office, mona: Person, talk: Talk, t: Translator, act: str
) -> None:
    await office.log_in(mona)
    await talk(mona, [(t(act), AT_OFFICE) if "📍" in act else (t(act),), ("Thanks!", t(words.NOT_UNDERSTOOD))])


async def test_a_button_pressed_after_the_log_in_ends_the_watch(
    office: Office, mona: Person, talk: Talk, t: Translator
) -> None:
    await office.log_in(mona)
    card = mona.history[-1].message_id
    await talk(mona, [("Thanks!", t(words.STRAY_PASSWORD)), (presses_old("help", card),),
                      ("Thanks!", t(words.NOT_UNDERSTOOD))])  # fmt: skip


async def test_a_password_beneath_a_file(office: Office, mona: Person, talk: Talk, t: Translator) -> None:
    await talk(
        mona,
        [
            ("/login",),
            (office.account(mona).username,),
            (lambda person: person.send_document("a.txt", b"a", CANARY), t(words.PASSWORD_AS_TEXT)),
            (office.account(mona).password, t(words.WELCOME, name="Mona")),
        ],
    )
    assert [message for message in mona.history if not message.by_bot and message.text == ""] == []


async def test_the_language_changes_in_the_middle(mona: Person, talk: Talk) -> None:
    await talk(
        mona,
        [
            ("/login", words.ASK_USERNAME),
            ("/language", words.CHOOSE_LANGUAGE),
            ("العربية", ARABIC(words.ASK_USERNAME)),
            ("1001", ARABIC(words.ASK_PASSWORD)),
            ("/language",),
            ("English", words.ASK_PASSWORD),
        ],
    )


async def test_where_a_punch_waits_for_a_log_in_she_hears_first_what_logging_out_means(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    await office.hadir.db.write(lambda c: c.execute(links.update().values(token=None)))
    await talk(linked, [(t("📍 Clock in"), AT_OFFICE, like(t, words.SESSION_ENDED)),
                        ("/logout", t(words.PUNCH_WAITS_FOR_LOGIN))])  # fmt: skip
    assert t(words.LOG_IN) in linked.history[-1].labels
    await talk(linked, [("/menu", t(words.MORE_MENU)), (t(words.LOG_OUT_ANYWAY), t(words.LOGGED_OUT_WAITING)),
                        ("/logout", t(words.NOT_LOGGED_IN))])  # fmt: skip


async def test_where_a_punch_is_on_its_way_she_hears_that_it_goes_in_all_the_same(
    office: Office, linked: Person, talk: Talk, t: Translator
) -> None:
    office.biotime.down = True
    await talk(
        linked,
        [
            (t("📍 Clock in"), AT_OFFICE, like(t, words.SAVED)),
            (t("☰ More"), t(words.MORE_MENU)),
            (t("⚙️ Settings"), t(words.SETTINGS)),
            (t("🚪 Log out"), t(words.PUNCH_ON_ITS_WAY)),
            (t(words.STAY), t(words.YOU_STAY)),
            ("/menu", t(words.MORE_MENU)),
            ("/logout", t(words.PUNCH_ON_ITS_WAY)),
        ],
    )
    linked.press("logout:sure")
    await office.rest()
    assert t(words.LOGGED_OUT) in texts(linked)
    office.biotime.down = False
    await office.pass_time(seconds=30)
    assert len(office.stamps()) == 1
    assert any(like(t, words.CLOCKED_IN).search(text) for text in texts(linked)), "and she is told"


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("١٠٠١", "1001"),
        ("۱۰۰۱", "1001"),
        ("\u200f1001\u200e", "1001"),
        ("\u206810\u200b01\u2069 ", "1001"),
        ("\ufeff１００１", "1001"),
        (" mona@demo.example\n", "mona@demo.example"),
    ],
)
def test_a_username_is_read_as_it_looks(typed: str, clean: str) -> None:
    assert clean_username(typed) == clean


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("\u200fa b\u200e\n", "a b"),
        (" a b ", " a b "),
        ("\u2066a\u200fb\u2069\r\n", "a\u200fb"),
        ("١٢٣", "١٢٣"),
    ],
)
def test_a_password_loses_only_marks_at_its_ends(typed: str, clean: str) -> None:
    assert clean_password(typed) == clean


async def test_arabic_digits_log_in(office: Office, mona: Person, talk: Talk, t: Translator) -> None:
    account = office.account(mona)
    eastern = account.username.translate({ord("0") + n: 0x660 + n for n in range(10)})
    await talk(mona, [("/login",), (f"\u200f{eastern}", t(words.ASK_PASSWORD)),
                      (f"\u200e{account.password}\u200f", t(words.WELCOME, name="Mona"))])  # fmt: skip
