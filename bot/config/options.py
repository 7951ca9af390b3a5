"""Every option: type, default, meaning. An option `name` is the variable HADIR_NAME."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal, Self, get_args
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, SecretStr, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot.biotime.addresses import is_loopback
from bot.config import checks
from bot.config.checks import Address, Network, text

PREFIX = "HADIR_"
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


class StorageSettings(BaseSettings):
    """What every command understands; nothing here is required."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    database_url: Annotated[SecretStr, text(checks.check_database_url)] = Field(
        SecretStr("sqlite:///hadir.db"),
        description="the bot's own database: `sqlite:///FILE` or `postgresql://USER@HOST/NAME`",
    )
    gateway_database_url: Annotated[SecretStr, text(checks.check_database_url)] = Field(
        SecretStr("sqlite:///gateway.db"), description="the embedded gateway's database, another one than the bot's"
    )
    listen: Annotated[Address, NoDecode, BeforeValidator(checks.read_address)] = Field(
        Address("127.0.0.1", 8080),
        description="`HOST:PORT` of the HTTP entrance: webhook, health, metrics, the HR page",
    )
    log_format: Literal["console", "json"] = Field("console", description="log lines for people or for machines")
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], text(str.upper)] = Field(
        "INFO", description="the least important level that is logged"
    )
    company: Annotated[tuple[str, ...], NoDecode, BeforeValidator(checks.read_list)] = Field(
        (), description="the companies served, with commas; needed with a tenant's address (embedded: all there are)"
    )

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        if problems := tuple(self._conflicts()):
            raise ValueError("\n".join(problems))
        return self

    def _conflicts(self) -> Iterator[str]:
        """What is right alone and wrong together."""
        if self.database_url == self.gateway_database_url:
            yield "HADIR_GATEWAY_DATABASE_URL: must be another database than HADIR_DATABASE_URL"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)  # the environment is an argument of load_settings


class ServerSettings(StorageSettings):
    """What a gateway alone (`hadir gateway`) needs."""

    secret_key: Annotated[SecretStr, text(checks.check_secret_key)] = Field(
        description="encrypts what is stored; `hadir key` makes one; `NEW,OLD` changes it"
    )
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(checks.read_networks)] = Field(
        (), description="networks, with commas, whose `X-Forwarded-…` headers are believed"
    )
    smtp_host: Annotated[str, text(checks.check_host)] | None = Field(
        None, description="the mail server that takes the embedded gateway's one-time codes; without it none are mailed"
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="its port; with `tls` usually 465")
    smtp_security: Annotated[Literal["starttls", "tls", "none"], text(str.lower)] = Field(
        "starttls", description="`starttls` or `tls`; `none` sends codes and password in clear, to this machine only"
    )
    smtp_user: str | None = Field(
        None, description="the name it is logged in with; without one it is asked for no login"
    )
    smtp_password: SecretStr | None = Field(None, description="the password that goes with it")
    smtp_sender: Annotated[str, text(checks.check_sender)] | None = Field(
        None,
        description="whom the mails come from, for instance `Hadir <hadir@example.com>`; needed with a mail server",
    )

    def _conflicts(self) -> Iterator[str]:
        yield from super()._conflicts()
        if self.smtp_host and not self.smtp_sender:
            yield "HADIR_SMTP_SENDER is missing: no mail server takes a mail from nobody"
        if self.smtp_host and self.smtp_security == "none" and not is_loopback(self.smtp_host):
            yield "HADIR_SMTP_SECURITY: without encryption only to this machine, for instance HADIR_SMTP_HOST=localhost"
        if bool(self.smtp_user) != bool(self.smtp_password):
            yield "HADIR_SMTP_USER, HADIR_SMTP_PASSWORD: a login needs both"


class Settings(ServerSettings):
    """What the bot (`hadir run`, `hadir check`) needs."""

    telegram_token: Annotated[SecretStr, text(checks.check_telegram_token)] = Field(
        description="the bot's token, from @BotFather"
    )
    telegram_api_url: Annotated[str, text(checks.check_web_url)] = Field(
        "https://api.telegram.org", description="the Bot API server"
    )
    biotime_url: Annotated[str, text(checks.check_biotime_url)] = Field(
        description="`embedded`, or a tenant's `https://` address; `{company}` in it stands for each company's name"
    )
    timezone: Annotated[ZoneInfo, BeforeValidator(checks.read_zone)] = Field(
        description="the companies' IANA time zone, for instance `Asia/Dubai`"
    )
    service_user: str | None = Field(
        None,
        description="e-mail of a system user for what the bot does in nobody's name: alerts, summaries, requests; the "
        "same at every company (embedded: not needed)",
    )
    service_password: SecretStr | None = Field(None, description="the password that goes with it")
    service_rate: int = Field(
        10, ge=1, le=1000, description="the most requests a second in that name, to each company's server"
    )
    language: Annotated[str, text(checks.check_language)] = Field(
        "en", description="spoken to people who chose none and whose Telegram names none"
    )
    webhook_url: Annotated[str, text(checks.check_web_url)] | None = Field(
        None,
        description="the `https://` address that leads to `HADIR_LISTEN`; without it the bot uses long polling",
    )
    webhook_secret: Annotated[SecretStr, text(checks.check_webhook_secret)] | None = Field(
        None, description="shared with Telegram; needed with a webhook"
    )
    coordinates_days: int = Field(
        90, ge=0, le=3650, description="coordinates are dropped so many days after a punch is final; the area stays"
    )

    password_shortest: int = Field(8, ge=1, le=128, description="how many characters BioTime's passwords have at least")
    password_rules: str = Field(
        "", description="what else BioTime asks of a password, in your words: people read it before they choose one"
    )

    report_days: int = Field(
        31, ge=0, le=366, description="how many days back people can report a forgotten punch, or ask for a leave"
    )

    @property
    def reported_back(self) -> timedelta:
        return timedelta(days=self.report_days)

    @property
    def embedded(self) -> bool:
        return self.biotime_url == checks.EMBEDDED

    @property
    def coordinates_kept(self) -> timedelta:
        return timedelta(days=self.coordinates_days)

    def biotime_url_of(self, company: str) -> str:
        return self.biotime_url.replace(checks.COMPANY, company.lower())

    def _conflicts(self) -> Iterator[str]:
        yield from super()._conflicts()
        if self.webhook_url and not self.webhook_secret:
            yield "HADIR_WEBHOOK_SECRET is missing: without it anybody could pose as Telegram at HADIR_WEBHOOK_URL"
        if self.service_user and not self.service_password:
            yield "HADIR_SERVICE_PASSWORD is missing: it goes with HADIR_SERVICE_USER"
        if self.service_password and not self.service_user:
            yield "HADIR_SERVICE_USER is missing: HADIR_SERVICE_PASSWORD goes with it"
        if not self.company and not self.embedded:
            yield "HADIR_COMPANY is missing: the name of the company at HADIR_BIOTIME_URL"
        if len({name.casefold() for name in self.company}) < len(self.company):
            yield "HADIR_COMPANY: a company is named twice"
        if checks.COMPANY in self.biotime_url and (
            bad := [name for name in self.company if not _LABEL.fullmatch(name)]
        ):
            yield f"HADIR_COMPANY: {bad[0]!r} cannot stand in an address for {checks.COMPANY}"


@dataclass(frozen=True, slots=True)
class Option:
    """One option as people read about it. `default` is None where it is required, "" where nothing is the default."""

    variable: str
    default: str | None
    meaning: str
    secret: bool

    @property
    def variables(self) -> tuple[str, ...]:
        """All the names it can be set by."""
        return (self.variable, f"{self.variable}_FILE") if self.secret else (self.variable,)


def list_options(kind: type[StorageSettings] = Settings) -> tuple[Option, ...]:
    return tuple(_describe(name, field) for name, field in kind.model_fields.items())


def _describe(name: str, field: FieldInfo) -> Option:
    secret = SecretStr in (field.annotation, *get_args(field.annotation))
    return Option(PREFIX + name.upper(), _show_default(field), field.description or "", secret)


def _show_default(field: FieldInfo) -> str | None:
    if field.is_required():
        return None
    default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    return "" if default in (None, ()) else str(default)
