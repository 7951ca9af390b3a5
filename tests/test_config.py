"""The environment is read once, wholly, and whoever set it wrongly reads a sentence about each mistake."""

import traceback
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.config import Address, BadSettings, ServerSettings, StorageSettings, list_options, load_part, load_settings
from bot.store.cipher import new_secret_key

KEY = new_secret_key()
NEEDED = {
    "HADIR_TELEGRAM_TOKEN": "123456:canary-token",
    "HADIR_BIOTIME_URL": "embedded",
    "HADIR_TIMEZONE": "Asia/Dubai",
    "HADIR_SECRET_KEY": KEY,
}
SECRETS = [option for option in list_options() if option.secret]


def problems_with(**changed: str) -> tuple[str, ...]:
    """What is said about the needed options and these; "" takes one away."""
    with pytest.raises(BadSettings) as caught:
        load_settings(NEEDED | {f"HADIR_{name.upper()}": value for name, value in changed.items()})
    return caught.value.problems


def test_the_needed_options_are_enough() -> None:
    settings = load_settings(NEEDED | {"PATH": "/bin", "HADIR_TEST_POSTGRES": "postgresql://localhost/test"})
    assert settings.telegram_token.get_secret_value() == "123456:canary-token"
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.embedded
    assert settings.company == ()
    assert settings.timezone == ZoneInfo("Asia/Dubai")
    assert settings.language == "en"
    assert settings.database_url.get_secret_value() == "sqlite:///hadir.db"
    assert settings.gateway_database_url.get_secret_value() == "sqlite:///gateway.db"
    assert settings.webhook_url is None
    assert settings.listen == Address("127.0.0.1", 8080)
    assert settings.trusted_proxies == ()
    assert (settings.smtp_host, settings.smtp_port, settings.smtp_security) == (None, 587, "starttls")
    assert settings.coordinates_kept == timedelta(days=90)
    assert (settings.password_shortest, settings.password_rules) == (8, "")
    assert (settings.log_format, settings.log_level) == ("console", "INFO")


def test_every_option_can_be_set() -> None:
    settings = load_settings(
        NEEDED
        | {
            "HADIR_TELEGRAM_API_URL": "http://127.0.0.1:8081/",
            "HADIR_BIOTIME_URL": "https://{company}.biotimecloud.com",
            "HADIR_COMPANY": " DemoTrading ,second",
            "HADIR_LANGUAGE": "ar",
            "HADIR_PASSWORD_SHORTEST": "10",
            "HADIR_PASSWORD_RULES": "One of them a digit.",
            "HADIR_DATABASE_URL": "postgresql://hadir:canary@localhost/hadir",
            "HADIR_GATEWAY_DATABASE_URL": "sqlite:////var/lib/hadir/gateway.db",
            "HADIR_WEBHOOK_URL": "https://bot.example.com/telegram",
            "HADIR_WEBHOOK_SECRET": "canary-canary-canary",
            "HADIR_LISTEN": "[::1]:9000",
            "HADIR_TRUSTED_PROXIES": "10.0.0.0/8, fd00::/8",
            "HADIR_SMTP_HOST": "mail.example.com",
            "HADIR_SMTP_PORT": "465",
            "HADIR_SMTP_SECURITY": "TLS",
            "HADIR_SMTP_USER": "hadir",
            "HADIR_SMTP_PASSWORD": "canary",
            "HADIR_SMTP_SENDER": "Hadir <hadir@example.com>",
            "HADIR_COORDINATES_DAYS": "7",
            "HADIR_REPORT_DAYS": "10",
            "HADIR_SERVICE_USER": "hadir@demo-trading.example",
            "HADIR_SERVICE_PASSWORD": "canary-service",
            "HADIR_SERVICE_RATE": "3",
            "HADIR_LOG_FORMAT": "json",
            "HADIR_LOG_LEVEL": "debug",
        }
    )
    assert settings.telegram_api_url == "http://127.0.0.1:8081"
    assert settings.company == ("DemoTrading", "second")
    assert settings.biotime_url_of("DemoTrading") == "https://demotrading.biotimecloud.com"
    assert not settings.embedded
    assert settings.language == "ar"
    assert settings.webhook_secret
    assert settings.listen == Address("::1", 9000)
    assert str(settings.listen) == "[::1]:9000"
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    assert (settings.smtp_host, settings.smtp_port, settings.smtp_security) == ("mail.example.com", 465, "tls")
    assert (settings.smtp_user, settings.smtp_sender) == ("hadir", "Hadir <hadir@example.com>")
    assert settings.coordinates_days == 7
    assert (settings.password_shortest, settings.password_rules) == (10, "One of them a digit.")
    assert settings.reported_back == timedelta(days=10)
    assert (settings.service_user, settings.service_rate) == ("hadir@demo-trading.example", 3)
    assert settings.service_password
    assert (settings.log_format, settings.log_level) == ("json", "DEBUG")
    assert "canary" not in repr(settings)


def test_everything_missing_is_said_at_once() -> None:
    with pytest.raises(BadSettings) as caught:
        load_settings({"HADIR_LANGUAGE": ""})
    missing = {problem.split(" is missing: ")[0] for problem in caught.value.problems}
    assert missing == set(NEEDED) == {option.variable for option in list_options() if option.default is None}


def test_smaller_commands_need_less() -> None:
    assert load_part(StorageSettings, {}).listen.port == 8080
    assert load_part(ServerSettings, {"HADIR_SECRET_KEY": KEY, "HADIR_TELEGRAM_TOKEN": "1:a"}).secret_key
    with pytest.raises(BadSettings, match="HADIR_SECRET_KEY is missing"):
        load_part(ServerSettings, {})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("telegram_token", "canary", "@BotFather"),
        ("telegram_api_url", "api.telegram.org", "no plain https"),
        ("telegram_api_url", "http://api.telegram.org", "only https:// may leave this machine"),
        ("telegram_api_url", "https://user:canary@api.telegram.org", "no plain https"),
        ("telegram_api_url", "https://[", "no URL"),
        ("biotime_url", "http://company.biotimecloud.com", "must be reached over https://"),
        ("biotime_url", "https://169.254.169.254", "not on the public internet"),
        ("timezone", "Asia/Dubay", "did you mean Asia/Dubai?"),
        ("timezone", "+++", "looks like Asia/Dubai"),
        ("timezone", "../etc/passwd", "is no time zone"),
        ("language", "xx", "one of en, ar"),
        ("database_url", "canary", "sqlite:///FILE"),
        ("database_url", "mysql://root:canary@localhost/x", "sqlite:///FILE"),
        ("database_url", "sqlite://", "would forget every punch"),
        ("gateway_database_url", "sqlite:///:memory:", "would forget every punch"),
        ("gateway_database_url", "sqlite:///hadir.db", "another database than HADIR_DATABASE_URL"),
        ("secret_key", "canary", "`hadir key` makes one"),
        ("webhook_url", "http://bot.example.com", "only https:// may leave this machine"),
        ("webhook_secret", "canary", "16 to 256"),
        ("webhook_secret", "canary-canary-canary\u00e4", "16 to 256"),
        ("listen", "8080", "HOST:PORT"),
        ("listen", "localhost:canary", "HOST:PORT"),
        ("listen", "localhost:70000", "HOST:PORT"),
        ("trusted_proxies", "10.0.0.0/8, canary", "IPv4 or IPv6 network"),
        ("smtp_host", "mail.example.com:587", "its port has an option of its own"),
        ("smtp_host", "smtp://mail.example.com", "a host's name or address"),
        ("smtp_port", "0", "1 or more"),
        ("smtp_security", "ssl", "'starttls', 'tls' or 'none'"),
        ("smtp_sender", "Hadir", "looks like hadir@example.com"),
        ("smtp_sender", "hadir@example.com, huda@example.com", "looks like hadir@example.com"),
        ("smtp_sender", "hadir@example.com\r\nBcc: sara@example.com", "looks like hadir@example.com"),
        ("coordinates_days", "-1", "0 or more"),
        ("report_days", "400", "366 or less"),
        ("service_rate", "0", "1 or more"),
        ("coordinates_days", "99999", "3650 or less"),
        ("coordinates_days", "soon", "not a whole number"),
        ("log_format", "xml", "'console' or 'json'"),
        ("log_level", "loud", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
    ],
)
def test_a_wrong_value_is_one_sentence(name: str, value: str, words: str) -> None:
    problem, *more = problems_with(**{name: value})
    assert problem.startswith(f"HADIR_{name.upper()}")
    assert words in problem
    assert more == []


@pytest.mark.parametrize("name", [option.variable for option in SECRETS])
def test_no_message_quotes_a_secret(name: str) -> None:
    with pytest.raises(BadSettings) as caught:
        load_settings(NEEDED | {name: "c\u00e4nary:canary@canary"})
    assert "nary" not in "".join(traceback.format_exception(caught.value.with_traceback(None), chain=False))
    assert caught.value.__cause__ is None


def test_a_webhook_needs_its_secret() -> None:
    (problem,) = problems_with(webhook_url="https://bot.example.com")
    assert problem.startswith("HADIR_WEBHOOK_SECRET is missing")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"smtp_host": "mail.example.com"}, "HADIR_SMTP_SENDER is missing"),
        (
            {"smtp_host": "mail.example.com", "smtp_sender": "a@b.example", "smtp_security": "none"},
            "only to this machine",
        ),
        ({"smtp_user": "hadir"}, "a login needs both"),
        ({"smtp_password": "canary"}, "a login needs both"),
    ],
)
def test_what_a_mail_server_needs(given: dict[str, str], words: str) -> None:
    (problem,) = problems_with(**given)
    assert problem.startswith("HADIR_SMTP_")
    assert words in problem
    assert "canary" not in problem


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_mail_goes_in_clear_to_this_machine_only(host: str) -> None:
    mail = {"HADIR_SMTP_HOST": host, "HADIR_SMTP_SENDER": "a@b.example", "HADIR_SMTP_SECURITY": "none"}
    assert load_settings(NEEDED | mail).smtp_host == host.strip("[]")


def test_a_tenant_needs_its_company() -> None:
    (problem,) = problems_with(biotime_url="https://company.biotimecloud.com")
    assert problem.startswith("HADIR_COMPANY is missing")


def test_a_company_is_named_once() -> None:
    assert problems_with(company="Demo Trading, demo  trading") == ("HADIR_COMPANY: a company is named twice",)


def test_a_company_in_the_address_is_a_host_label() -> None:
    (problem,) = problems_with(biotime_url="https://{company}.biotimecloud.com", company="Demo Trading")
    assert problem == "HADIR_COMPANY: 'Demo Trading' cannot stand in an address for {company}"


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("HADIR_TELEGRAM_TOKN", "HADIR_TELEGRAM_TOKEN"),
        ("HADIR_TIMEZONE_FILE", "HADIR_TIMEZONE"),
        ("hadir_language", "HADIR_LANGUAGE"),
        ("HADIR_SECRETKEY_FILE", "HADIR_SECRET_KEY_FILE"),
    ],
)
def test_an_unknown_variable_names_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(BadSettings) as caught:
        load_settings(NEEDED | {name: "canary"})
    assert caught.value.problems == (f"{name} is no option; the nearest is {nearest}",)


@pytest.mark.parametrize("variable", [option.variable for option in SECRETS])
def test_a_secret_may_lie_in_a_file(variable: str, tmp_path: Path) -> None:
    good = {
        "HADIR_DATABASE_URL": "postgresql://hadir:canary@localhost/hadir",
        "HADIR_GATEWAY_DATABASE_URL": "postgresql://hadir:canary@localhost/gateway",
        "HADIR_WEBHOOK_SECRET": "canary-canary-canary",
        "HADIR_SMTP_PASSWORD": "canary",
        "HADIR_SERVICE_PASSWORD": "canary",
    }
    value = (NEEDED | good)[variable]
    file = tmp_path / "secret"
    file.write_text(f"{value}\n", encoding="utf-8")
    others = {name: text for name, text in NEEDED.items() if name != variable}
    if variable in ("HADIR_SMTP_PASSWORD", "HADIR_SERVICE_PASSWORD"):
        others[variable.replace("PASSWORD", "USER")] = "hadir"
    settings = load_settings(others | {f"{variable}_FILE": str(file)})
    assert getattr(settings, variable.removeprefix("HADIR_").lower()).get_secret_value() == value


def test_a_secret_is_given_in_one_way(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("1:a", encoding="utf-8")
    (problem,) = problems_with(telegram_token_file=str(tmp_path / "token"))
    assert problem == "HADIR_TELEGRAM_TOKEN: HADIR_TELEGRAM_TOKEN_FILE is set, too; keep one of them"


@pytest.mark.parametrize(
    ("content", "words"), [(None, "No such file"), (b"", "is empty"), (b"\xff\xfe\x80", "it is no text")]
)
def test_a_bad_file_is_one_sentence(content: bytes | None, words: str, tmp_path: Path) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    (problem,) = problems_with(telegram_token="", telegram_token_file=str(file))
    assert problem.startswith("HADIR_TELEGRAM_TOKEN: ")
    assert str(file) in problem
    assert words in problem


def test_every_option_has_a_meaning() -> None:
    for option in list_options():
        assert option.meaning
        assert not option.meaning.endswith(".")


def test_the_service_account_s_name_and_password_go_together() -> None:
    assert problems_with(service_user="hadir@demo-trading.example") == (
        "HADIR_SERVICE_PASSWORD is missing: it goes with HADIR_SERVICE_USER",
    )
    assert problems_with(service_password="canary-alone") == (
        "HADIR_SERVICE_USER is missing: HADIR_SERVICE_PASSWORD goes with it",
    )
