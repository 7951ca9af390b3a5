"""What the gateway is told from outside."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network

MIN_SECRET = 16


@dataclass(frozen=True, slots=True)
class PasswordCost:
    """argon2id's parameters; `memory` in KiB. The defaults are OWASP's."""

    rounds: int = 2
    memory: int = 19 * 1024
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, and one more each `every`."""

    burst: int
    every: timedelta


class SmtpSecurity(StrEnum):
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The server that takes our mail. Without a user it is asked for no login."""

    host: str
    sender: str
    port: int = 587
    security: SmtpSecurity = SmtpSecurity.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: timedelta = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class AppSettingsTexts:
    """What 6.2 says about the server; the manual shows ZKTeco's own."""

    server_name: str = ""
    ts_email: str = ""
    website: str = ""
    copyright: str = ""


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    secret_key: bytes = field(repr=False)
    token_lifetime: timedelta = timedelta(days=7)
    # How long after the login a token can still be refreshed.
    refresh_lifetime: timedelta = timedelta(days=90)
    password_cost: PasswordCost = PasswordCost()
    # How many passwords are checked at the same time: each takes a thread and `password_cost.memory`.
    password_threads: int = 2
    # Only failed logins count. A user is slowed at one address, never locked: a stranger must not lock out a colleague.
    logins_per_user: Rate = Rate(10, timedelta(seconds=30))
    logins_per_address: Rate = Rate(100, timedelta(seconds=1))
    # One-time codes asked for and tried, existing addresses or not.
    codes_per_address: Rate = Rate(30, timedelta(seconds=10))
    # A refused code is answered no sooner, so that the time does not tell whether there was one.
    refusal_delay: timedelta = timedelta(milliseconds=500)
    # Who takes the mail with one-time codes; None: nobody.
    smtp: SmtpSettings | None = None
    # Per employee, and per address for whoever has no valid token.
    requests: Rate = Rate(1000, timedelta(milliseconds=10))
    max_page_size: int = 1000
    # Whose X-Forwarded-For, -Proto and -Host are believed.
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    texts: AppSettingsTexts = AppSettingsTexts()

    def __post_init__(self) -> None:
        if len(self.secret_key) < MIN_SECRET:
            raise ValueError(f"secret_key needs {MIN_SECRET} bytes or more")
