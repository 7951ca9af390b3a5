"""Passwords in the mobile API: manual chapter 6.9 and three of the URLs after it."""

from pydantic import AliasChoices, Field

from bot.biotime.wire.envelope import Messages, Wire


class WhoForgotBody(Wire):
    """Body of reset_password (manual 6.9): the shorter of the two."""

    email: str


class SearchForgottenBody(Wire):
    """Body of forgot_password_create_otp, and of reset_password too (the manual's last page)."""

    search_item: str
    is_cloud: str = "true"
    company_name: str | None = None
    client: str = ""
    language: str = ""


class CreatePasswordBody(Wire):
    """Body of create_password. The manual names the URL only; the members are inferred."""

    email: str = Field(validation_alias=AliasChoices("email", "search_item"))
    otp: str = Field(repr=False)
    new_password: str = Field(repr=False)
    company_name: str | None = None


class ResetPasswordBody(Wire):
    """Body of employees/{id}/reset_password. The manual names the URL only; the members are inferred."""

    old_password: str = Field(repr=False)
    new_password: str = Field(repr=False)


class Done(Wire):
    """The answer where there is nothing to say: the mobile members alone."""

    status_code: int = 200
    message: Messages = Field(default_factory=list)
