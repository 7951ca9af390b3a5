"""The options of `hadir api` alone: where the API is, and who asks. No other command needs or reads them."""

from collections.abc import Iterator
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, SecretStr

from bot.biotime.addresses import check_url
from bot.config import checks
from bot.config.checks import text
from bot.config.options import Option, StorageSettings, list_options


def _check_address(value: str) -> str:
    check_url(value)
    return value.rstrip("/")


class ApiSettings(StorageSettings):
    """What `hadir api` needs."""

    api_url: Annotated[str, text(_check_address)] = Field(
        description="the API's address: a tenant's `https://` one, or `http://127.0.0.1:8000` of `hadir gateway`"
    )
    api_timezone: Annotated[ZoneInfo, BeforeValidator(checks.read_zone)] = Field(
        description="the company's IANA time zone: the API's times have none"
    )
    api_company: str | None = Field(None, description="the company's name; needed to log in")
    api_user: str | None = Field(
        None, description="a system user's e-mail address, or an administrator's employee code; needed to log in"
    )
    api_password: SecretStr | None = Field(None, description="the password that goes with it; else it is asked for")
    api_token: SecretStr | None = Field(None, description="a token as `hadir api token` prints one, instead of a login")

    def _conflicts(self) -> Iterator[str]:
        yield from super()._conflicts()
        if not self.api_token:
            for name, value in (("USER", self.api_user), ("COMPANY", self.api_company)):
                if not value:
                    yield f"HADIR_API_{name} is missing: {type(self).model_fields[f'api_{name.lower()}'].description}"


def list_api_options() -> tuple[Option, ...]:
    common = list_options(StorageSettings)
    return tuple(option for option in list_options(ApiSettings) if option not in common)
