"""Greeting, log in, log out: what a person sees, and where the password is not."""

from collections.abc import Callable

import httpx
import pytest

from bot.i18n import Translator, translator_for
from bot.playground.people import Person
from bot.web.entrance import build_entrance
from tests import words
from tests.talk import AT_OFFICE, Office, Talk, like, shares

CANARY = "c4n4ry-Wort-geheim"
ENGLISH = translator_for("en")
TWO_COMPANIES = {"HADIR_COMPANY": "Demo Trading, Gulf Services"}


async def test_start_greets_in_her_language_and_says_what_happens_to_place_and_password(
    mona: Person, talk: Talk, t: Translator
) -> None:
    await talk(mona, [("/start", t(words.GREETING, name="Mona"), t(words.PRIVACY))])
    assert mona.history[-1].labels[0] == t(words.LOG_IN)


async def test_log_in_shows_who_she_is_and_the_menu(office: Office, mona: Person, talk: Talk, t: Translator) -> None:
    account = office.account(mona)
    await talk(
        mona,
        [
            ("/start", t(words.GREETING, name="Mona")),
            (t(words.LOG_IN), t(words.ASK_USERNAME)),
            (account.username, t(words.ASK_PASSWORD)),
            (account.password, t(words.WELCOME, name="Mona"), f"{t('Position')}: Sales Executive",
             f"{t('Department')}: Sales", f"{t('Area')}: Dubai Office"),
        ],
    )  # fmt: skip
    assert mona.keyboard is not None
    assert mona.keyboard.labels[0] == (t("📍 Clock in"),)
    assert mona.keyboard.rows[0][0].request_location
    assert set(mona.keyboard.labels[1]) == {t("📋 Today"), t("☰ More")}


async def test_she_may_log_in_with_her_email_address(office: Office, mona: Person, talk: Talk) -> None:
    account = office.account(mona)
    await talk(mona, [("/login",), (account.email,), (account.password, "Welcome, Mona!")])


async def test_an_unknown_user_reads_the_same_as_a_wrong_password(
    office: Office, mona: Person, talk: Talk, t: Translator
) -> None:
    await talk(mona, [("/login",), (office.account(mona).username,), ("wrong", t(words.WRONG_LOGIN))])
    wrong = mona.history[-1]
    await talk(mona, [(t("Start over"), t(words.ASK_USERNAME)), ("nobody",), ("wrong", t(words.WRONG_LOGIN))])
    unknown = mona.history[-1]
    assert (wrong.text, wrong.labels) == (unknown.text, unknown.labels)
    await talk(mona, [(t("Start over"),), (office.account(mona).username,),
                      (office.account(mona).password, t(words.WELCOME, name="Mona"))])  # fmt: skip


async def test_after_five_tries_she_is_slowed_down_and_told_when_to_come_back(
    office: Office, mona: Person, talk: Talk, t: Translator
) -> None:
    account = office.account(mona)
    await talk(mona, [("/login",), (account.username,), *[("wrong", t(words.WRONG_LOGIN))] * 5])
    asked = len(office.biotime.asked)
    minutes = "15 minutes" if t.language == "en" else "15"
    await talk(
        mona,
        [
            (account.password, like(t, words.SLOW_DOWN, time="09:15"), minutes),
            ("/login",),
            (account.username,),
            (account.password, like(t, words.SLOW_DOWN)),
        ],
    )
    assert len(office.biotime.asked) == asked, "while she is slowed down nothing goes to BioTime"
    await office.pass_time(minutes=15)
    await talk(mona, [("/login",), (account.username,), (account.password, t(words.WELCOME, name="Mona"))])


async def test_a_stranger_cannot_lock_a_colleague_out(office: Office, mona: Person, sara: Person, talk: Talk) -> None:
    await talk(sara, [("/login",), (office.account(mona).username,), *[("guess",)] * 6])
    await office.log_in(mona)


async def test_a_hundred_guesses_at_once_are_no_more_than_five(office: Office, sara: Person, talk: Talk) -> None:
    await talk(sara, [("/login",), ("1001",)])
    for number in range(40):
        sara.say(f"guess {number}")
    await office.rest()
    await talk(sara, [("/login",), ("1001",), ("guess", like(ENGLISH, words.SLOW_DOWN))])
    assert len([one for one in office.biotime.asked if one.url.path.endswith("/auth_token/")]) == 5


async def test_ten_tries_an_hour_over_all_usernames(office: Office, sara: Person, talk: Talk) -> None:
    for username in ("1001", "1002"):
        await talk(sara, [("/login",), (username,), *[("guess",)] * 5])
    await talk(sara, [("/login",), ("1003",), ("guess", like(ENGLISH, words.SLOW_DOWN))])
    await office.pass_time(minutes=16)
    await talk(sara, [("/login",), ("1003",), ("guess", like(ENGLISH, words.SLOW_DOWN))])


@pytest.mark.parametrize("password", ["right", "/S3cret! start", CANARY])
async def test_the_password_is_deleted_before_anything_else_happens(
    office: Office, mona: Person, talk: Talk, password: str
) -> None:
    typed = office.account(mona).password if password == "right" else password
    await talk(mona, [("/login",), (office.account(mona).username,)])
    before = len(office.playground.calls)
    seen: list[tuple[list[str], bool]] = []
    office.biotime.answer("/auth_token/", _note(office, before, seen))
    await talk(mona, [(typed,)])
    [(calls_at_login, was_on_disk)] = seen
    assert calls_at_login == ["deleteMessage"], "the message goes first, before BioTime or anybody is asked"
    assert not was_on_disk, "nor is it in clear in the inbox row while it waits"
    assert typed not in [message.text for message in mona.history]


def _note(office: Office, before: int, seen: list[tuple[list[str], bool]]) -> Callable[[], httpx.Response]:
    def answer() -> httpx.Response:
        typed = office.biotime.asked[-1].content
        password = httpx.Response(200, content=typed).json()["password"]
        methods = [call.method for call in office.playground.calls[before:]]
        seen.append((methods, password.encode() in office.bytes_on_disk()))
        return httpx.Response(400, json={"non_field_errors": ["Unable to log in with provided credentials."]})

    return answer


async def test_a_canary_password_is_nowhere(office: Office, mona: Person, talk: Talk) -> None:
    await talk(mona, [("/login",), (office.account(mona).username,), (CANARY, words.WRONG_LOGIN)])
    await office.restart()
    await talk(mona, [(CANARY, words.WRONG_LOGIN), ("/logout",), ("/login",), ("1001",), (CANARY,)])
    entrance = build_entrance(office.hadir.intake.accept, office.hadir.is_healthy, office.hadir.count, None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(entrance), base_url="http://bot") as http:
        metrics = (await http.get("/metrics")).text
    said = "".join(message.text for message in mona.history)
    for where, text in {"chat": said, "log": office.logged.getvalue(), "metrics": metrics}.items():
        assert CANARY not in text, where
    assert CANARY.encode() not in office.bytes_on_disk()


async def test_a_right_password_is_not_stored_either(office: Office, linked: Person) -> None:
    stored = office.bytes_on_disk()
    assert office.account(linked).password.encode() not in stored
    assert b"eyJ" not in (office.folder / "hadir.db").read_bytes(), "a token in clear"


async def test_where_the_message_cannot_be_deleted_she_is_told_to_do_it(
    office: Office, mona: Person, talk: Talk, t: Translator
) -> None:
    office.expects_trouble = True
    office.playground.faults.fail("deleteMessage", code=400, description="Bad Request: message can't be deleted")
    account = office.account(mona)
    await talk(mona, [("/login",), (account.username,),
                      (account.password, t(words.DELETE_YOURSELF), t(words.WELCOME, name="Mona"))])  # fmt: skip


@pytest.mark.parametrize("environ", [TWO_COMPANIES])
async def test_the_company_is_asked_only_where_there_are_several(
    office: Office, mona: Person, talk: Talk, t: Translator
) -> None:
    account = office.account(mona)
    await talk(
        mona,
        [
            ("/login", t(words.ASK_COMPANY)),
            ("demo  TRADING", t(words.ASK_USERNAME)),
            (account.username, t(words.ASK_PASSWORD)),
            (account.password, t(words.WELCOME, name="Mona")),
        ],
    )


@pytest.mark.parametrize("environ", [TWO_COMPANIES])
async def test_an_unknown_company_reads_the_same_as_another_s(
    office: Office, mona: Person, talk: Talk, t: Translator
) -> None:
    account = office.account(mona)
    said = []
    for company in ("Gulf Services", "No Such Company"):
        await talk(mona, [("/login", t(words.ASK_COMPANY)), (company, t(words.ASK_USERNAME)),
                          (account.username, t(words.ASK_PASSWORD)),
                          (account.password, t(words.WRONG_LOGIN))])  # fmt: skip
        said.append([message.text for message in mona.history[-3:] if message.by_bot])
    assert said[0] == said[1]


@pytest.mark.parametrize("environ", [TWO_COMPANIES])
async def test_a_company_s_name_that_is_too_long(mona: Person, talk: Talk, t: Translator) -> None:
    await talk(mona, [("/login",), ("x" * 4096, t(words.COMPANY_LONG)), ("Demo Trading", t(words.ASK_USERNAME))])


async def test_cancel_leaves_the_log_in_at_every_question(
    office: Office, mona: Person, talk: Talk, t: Translator
) -> None:
    await talk(
        mona,
        [
            ("/cancel", t(words.NOTHING_TO_CANCEL)),
            ("/login",),
            ("/cancel", t(words.CANCELLED)),
            ("/login",),
            ("1001", t(words.ASK_PASSWORD)),
            ("/cancel", t(words.CANCELLED)),
            ("1001", t(words.NOT_UNDERSTOOD_STRANGER)),
        ],
    )
    assert office.biotime.asked == []


async def test_a_restart_in_the_middle_of_a_log_in_loses_nothing(
    office: Office, mona: Person, talk: Talk, t: Translator
) -> None:
    account = office.account(mona)
    await talk(mona, [("/login", t(words.ASK_USERNAME))])
    await office.restart()
    await talk(mona, [(account.username, t(words.ASK_PASSWORD))])
    await office.restart()
    await talk(mona, [(account.password, t(words.WELCOME, name="Mona"))])


async def test_log_out_ends_it(office: Office, linked: Person, talk: Talk, t: Translator) -> None:
    await talk(
        linked,
        [
            (t("☰ More"), t(words.MORE_MENU)),
            (t("⚙️ Settings"), t(words.SETTINGS)),
            (t("🚪 Log out"), t(words.LOGGED_OUT)),
            ("/logout", t(words.NOT_LOGGED_IN)),
            ("/today", t(words.LOG_IN_FIRST)),
            (shares(AT_OFFICE), t(words.LOG_IN_TO_SHARE)),
        ],
    )
    assert linked.keyboard is None
    assert office.stamps() == []


async def test_biotime_down_at_log_in_is_no_try(office: Office, mona: Person, talk: Talk, t: Translator) -> None:
    account = office.account(mona)
    office.biotime.down = True
    await talk(mona, [("/login",), (account.username,), *[(account.password, t(words.NO_ANSWER_AT_LOGIN))] * 6])
    office.biotime.down = False
    await talk(mona, [(account.password, t(words.WELCOME, name="Mona"))])


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, html="<html>Just a moment...</html>"),
        httpx.Response(500, text="Server Error (500)"),
        httpx.Response(200, text='{"token": "ey'),
        httpx.Response(200, json={}),
        httpx.Response(302, headers={"location": "https://example.com/"}),
        httpx.ReadTimeout("no answer"),
    ],
    ids=["HTML", "500", "half a body", "no token", "elsewhere", "nothing"],
)
async def test_biotime_talks_nonsense_at_log_in(
    office: Office, mona: Person, talk: Talk, answer: httpx.Response | httpx.ReadTimeout
) -> None:
    def build() -> httpx.Response:
        if isinstance(answer, httpx.ReadTimeout):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    office.biotime.answer("/auth_token/", build)
    account = office.account(mona)
    await talk(mona, [("/login",), (account.username,), (account.password, words.NO_ANSWER_AT_LOGIN),
                      (account.password, "Welcome, Mona!")])  # fmt: skip


async def test_long_and_odd_answers(office: Office, mona: Person, talk: Talk, t: Translator) -> None:
    await talk(
        mona,
        [
            ("/login",),
            ("x" * 4096, t(words.USERNAME_SHORT)),
            ("two words", t(words.USERNAME_SHORT)),
            ("one\nmore\nline", t(words.USERNAME_SHORT)),
            ("1001", t(words.ASK_PASSWORD)),
            ("x" * 4096, t(words.WRONG_LOGIN)),
            ("\u202emalformed \U0001f600 {name} %s <b>", t(words.WRONG_LOGIN)),
        ],
    )


async def test_logging_in_again_as_somebody_else(office: Office, linked: Person, talk: Talk) -> None:
    """Two people with one phone: what is clocked from now on is Omar's."""
    omar = office.account(office.person("omar"))
    await talk(linked, [("/login",), (omar.username,), (omar.password, "Welcome, Omar!")])
    await talk(linked, [(shares(AT_OFFICE), "Clocked in at 09:00")])
    assert [row["emp_code"] for row in office.stamps()] == [omar.emp_code]
