"""`hadir api` as it is typed, against a gateway that really listens, with the lively Demo Trading in it."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from bot.biotime.personnel import Place
from bot.cli.api import output
from tests.commands import Done, call_hadir
from tests.test_cli import started

NOT_LET_IN, REFUSED, UNCLEAR = 3, 4, 5


@dataclass(frozen=True)
class Far:
    """The gateway and how the office gets in."""

    folder: Path
    accounts: dict[str, Any]
    token: str = ""

    def ask(self, *arguments: str, typed: str | None = None, **given: str) -> Done:
        return call_hadir(self.folder, "api", *arguments, typed=typed, **{**self.environ, **given})

    def json(self, *arguments: str) -> Any:
        done = self.ask(*arguments, "--json")
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return json.loads(done.stdout)

    @property
    def environ(self) -> dict[str, str]:
        there = {"HADIR_API_URL": self.accounts["host"], "HADIR_API_TIMEZONE": "Asia/Dubai"}
        return there | ({"HADIR_API_TOKEN": self.token} if self.token else self.login("administrator"))

    def login(self, who: str) -> dict[str, str]:
        known = {one["name"]: one for one in self.accounts["employees"]} | {
            "administrator": self.accounts["administrator"]
        }
        return {
            "HADIR_API_COMPANY": self.accounts["company"],
            "HADIR_API_USER": known[who]["username"],
            "HADIR_API_PASSWORD": known[who]["password"],
            "HADIR_API_TOKEN": "",
        }


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Far]:
    folder = tmp_path_factory.mktemp("far")
    arguments = ("gateway", "--demo", "--port", "0", "--credentials", "who.json")
    with started(folder, *arguments, until="served at"):
        logged_out = Far(folder, json.loads((folder / "who.json").read_text()))
        yield Far(folder, logged_out.accounts, logged_out.ask("token").stdout.strip())


# -- lists -------------------------------------------------------------------------------------------------------------


def test_employees_of_a_department(far: Far) -> None:
    (security,) = [one for one in far.json("departments", "list") if one["name"] == "Security"]
    guards = far.json("employees", "list", "--department", str(security["id"]))
    assert [one["first_name"] for one in guards] == [f"Guard {number:02}" for number in range(1, 13)]
    shown = far.ask("employees", "list", "--department", str(security["id"]))
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "emp_code" in shown.stdout.splitlines()[1]
    assert [line for line in shown.stdout.splitlines() if guards[11]["id"] in line and "Guard 12" in line]


def test_every_page_is_fetched_and_a_limit_ends_it(far: Far) -> None:
    everything = far.json("transactions", "list")
    assert len(everything) > 3000
    assert len({one["id"] for one in everything}) == len(everything)
    assert far.json("transactions", "list", "--limit", "150") == everything[:150]
    assert far.json("transactions", "list", "--limit", "0") == []


def test_transactions_of_a_day_with_the_companys_offset(far: Far) -> None:
    newest, *_ = far.json("transactions", "list", "--emp-code", "1001", "--ordering", "-punch_time")
    day = newest["punched_at"][:10]
    assert newest["punched_at"].endswith("+04:00")
    own = far.json("transactions", "list", "--emp-code", "1001", "--from", f"{day} 00:00:00", "--to", f"{day} 23:59:59")
    assert {one["punched_at"][:10] for one in own} == {day}
    assert newest["punched_at"][:19].replace("T", " ") in far.ask("transactions", "get", str(newest["id"])).stdout


@pytest.mark.parametrize("what", ["areas", "positions", "terminals", "holidays", "paycodes", "timetables", "shifts"])
def test_everything_else_is_listed_and_got(far: Far, what: str) -> None:
    first, *_ = far.json(what, "list")
    assert far.json(what, "get", str(first["id"])) == first
    assert far.ask(what, "list").stdout.splitlines()[1].split()[1] == "id"


def test_time_cards(far: Far) -> None:
    newest, *_ = far.json("transactions", "list", "--emp-code", "1001", "--ordering", "-punch_time", "--limit", "1")
    day = newest["punched_at"][:10]
    (card,) = far.json("reports", "time-cards", "--from", day, "--to", day, "--emp-code", "1001")
    assert (card["workdate"], card["timetable"], card["check_in"]) == (day, "Office", "09:00:00")
    assert card["clock_out"] == newest["punched_at"][11:16] + ":00"
    (punched,) = far.json("reports", "days", "--from", day, "--to", day, "--emp-code", "1001")
    assert punched["last_punch"] == newest["punched_at"][11:16]
    assert far.ask("reports", "days", "--from", "soon", "--to", day).returncode == 2


def test_nothing_that_fits_is_said_and_is_empty(far: Far) -> None:
    assert far.json("employees", "list", "--emp-code", "nobody") == []
    shown = far.ask("employees", "list", "--emp-code", "nobody")
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, "", "Nothing fits.\n")


def test_how_far_it_is_shows_beside_the_answer(far: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = io.StringIO()
    monkeypatch.setattr(output, "err", Console(file=watched, force_terminal=True))
    assert len(json.loads(far.ask("transactions", "list", "--limit", "250", "--json").stdout)) == 250
    assert "250 rows" in watched.getvalue()


def test_a_servers_text_does_not_speak_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    output.show(Place(7, "7", "Sales\x1b[2J\x9b0m [red]مبيعات", None), ZoneInfo("Asia/Dubai"), as_json=False)
    assert "Sales\ufffd[2J\ufffd0m [red]مبيعات" in capsys.readouterr().out


def test_other_commands_know_the_options_and_do_not_need_them(tmp_path: Path) -> None:
    asked = call_hadir(tmp_path, "health", HADIR_LISTEN="127.0.0.1:1", HADIR_API_URL="nonsense")
    assert asked.stderr.startswith("nothing answers at 127.0.0.1:1")


# -- writes ------------------------------------------------------------------------------------------------------------


def test_somebody_is_hired_changed_and_let_go(far: Far) -> None:
    (office,) = [one for one in far.json("areas", "list") if one["name"] == "Dubai Office"]
    (sales,) = [one for one in far.json("departments", "list") if one["name"] == "Sales"]
    hired = far.json(
        "employees", "create", "--emp-code", "2001", "--first-name", "Sara",
        "--department", str(sales["id"]), "--area", str(office["id"]), "--no-enable-overtime",
    )  # fmt: skip
    assert (hired["emp_code"], hired["area_ids"], hired["enable_overtime"]) == ("2001", [office["id"]], False)
    changed = far.json("employees", "update", hired["id"], "--email", "sara@x.example")
    assert (changed["email"], changed["first_name"], changed["enable_overtime"]) == ("sara@x.example", "Sara", False)
    assert far.json("employees", "update", hired["id"], "--email", "")["email"] == ""
    done = far.ask("employees", "delete", hired["id"])
    assert (done.returncode, done.stdout) == (0, f"{hired['id']} is deleted.\n")
    assert far.ask("employees", "get", hired["id"]).returncode == REFUSED


def test_a_password_is_asked_for_and_never_an_option(far: Far) -> None:
    (huda,) = far.json("employees", "list", "--emp-code", "1003")
    set_ = far.ask("employees", "update", huda["id"], "--ask-password", "--json", typed="a new secret\na new secret\n")
    assert (set_.returncode, "a new secret" in set_.stdout + set_.stderr) == (0, False)
    login = far.login("Huda") | {"HADIR_API_PASSWORD": "a new secret"}
    assert far.ask("departments", "list", **login).returncode == 0
    for secret in ("--password", "--self-password", "--device-password"):
        assert far.ask("employees", "update", huda["id"], secret, "typed").returncode == 2
    assert far.ask("--password", "typed", "departments", "list").returncode == 2


def test_manual_logs_are_decided_once(far: Far) -> None:
    pending = far.json("manual-logs", "list", "--audit-status", "1")
    assert len(pending) == 5
    first, second = (str(log["id"]) for log in pending[:2])
    approved = far.json("manual-logs", "approve", first, "--reason", "seen on camera")
    assert (approved["status"], approved["reason"]) == (2, "seen on camera")
    assert far.json("manual-logs", "reject", second)["status"] == 3
    again = far.ask("manual-logs", "approve", first)
    assert (again.returncode, again.stdout) == (REFUSED, "")
    assert len(again.stderr.splitlines()) == 1
    assert far.json("manual-logs", "revoke", first)["status"] == 4


def test_a_leave_from_filing_to_approval(far: Far) -> None:
    (omar,) = far.json("employees", "list", "--emp-code", "1002")
    annual, *_ = far.json("paycodes", "list")
    filed = far.json(
        "leaves", "create", "--employee", omar["id"], "--pay-code", str(annual["id"]),
        "--start-time", "2031-01-06 00:00:00", "--end-time", "2031-01-07 00:00:00",
    )  # fmt: skip
    assert (filed["emp_code"], filed["status"], filed["start_at"]) == ("1002", 1, "2031-01-06T00:00:00+04:00")
    assert far.json("leaves", "approve", str(filed["id"]))["status"] == 2


def test_what_the_server_refuses_is_its_own_words(far: Far) -> None:
    refused = far.ask("departments", "create", "--dept-name", "Nameless", "--parent-dept", "99999")
    assert (refused.returncode, refused.stdout) == (REFUSED, "")
    assert "99999" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("departments", "create", "--parent-dept", "none"), "--parent-dept: "),
        (("departments", "update", "1"), "Say what is to be changed"),
        (("departments", "get", "../employees"), "is no id"),
    ],
)
def test_what_cannot_be_meant_is_not_sent(far: Far, arguments: tuple[str, ...], said: str) -> None:
    refused = far.ask(*arguments)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert said in refused.stderr


# -- getting in --------------------------------------------------------------------------------------------------------


def test_three_ways_in(far: Far) -> None:
    """A system user, an administrator by their code, and a password from a file."""
    login = far.login("administrator")
    assert far.ask("areas", "list", **login).returncode == 0
    (far.folder / "secret").write_text(login["HADIR_API_PASSWORD"])
    from_file = {"HADIR_API_PASSWORD": "", "HADIR_API_PASSWORD_FILE": str(far.folder / "secret")}
    assert far.ask("areas", "list", **login | from_file).returncode == 0
    typed = f"{login['HADIR_API_PASSWORD']}\n"
    asked = far.ask("areas", "list", typed=typed, **login | {"HADIR_API_PASSWORD": ""})
    assert asked.returncode == 0
    assert login["HADIR_API_PASSWORD"] not in asked.stdout + asked.stderr


def test_the_command_line_goes_before_the_environment(far: Far) -> None:
    there, login = far.accounts["host"], far.login("administrator")
    nowhere = {"HADIR_API_URL": "http://127.0.0.1:1", "HADIR_API_COMPANY": "Elsewhere"}
    done = far.ask("--url", there, "--company", "Demo Trading", "areas", "list", **login | nowhere)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (lambda far: {"HADIR_API_TOKEN": "0" * 40}, NOT_LET_IN, "The token is not taken (any more): log in anew."),
        (
            lambda far: far.login("administrator") | {"HADIR_API_PASSWORD": "wrong"},
            NOT_LET_IN,
            "Company, user or password is wrong.",
        ),
        (lambda far: far.login("Mona"), NOT_LET_IN, "This is for system users and administrators only."),
        (
            lambda far: {"HADIR_API_URL": "http://127.0.0.1:1"},
            UNCLEAR,
            "The server cannot be reached: see whether HADIR_API_URL is right.",
        ),
        (
            lambda far: {"HADIR_API_URL": "http://biotime.example"},
            2,
            "HADIR_API_URL: BioTime must be reached over https://",
        ),
        (
            lambda far: {"HADIR_API_TIMEZONE": ""},
            2,
            "HADIR_API_TIMEZONE is missing: the company's IANA time zone: the API's times have none",
        ),
        (
            lambda far: far.login("administrator") | {"HADIR_API_COMPANY": ""},
            2,
            "HADIR_API_COMPANY is missing: the company's name; needed to log in",
        ),
        (lambda far: {"HADIR_API_USR": "x"}, 2, "HADIR_API_USR is no option; the nearest is HADIR_API_USER"),
    ],
)
def test_each_closed_door_is_one_sentence(
    far: Far, change: Callable[[Far], dict[str, str]], code: int, said: str
) -> None:
    refused = far.ask("areas", "list", **change(far))
    assert (refused.returncode, refused.stdout, refused.stderr) == (code, "", f"{said}\n")
