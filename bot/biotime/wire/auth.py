"""Logins and tokens: manual chapters 1, 2 and 6.1."""

from pydantic import AliasChoices, Field

from bot.biotime.wire.envelope import Messages, Wire


class LoginBody(Wire):
    """Body of the four web logins (manual 1.1, 1.2, 2.1, 2.2).

    `username` is read as an alias of `email`; without `company` the tenant is the host's first label (wire notes).
    """

    email: str = Field(validation_alias=AliasChoices("email", "username"))
    password: str = Field(repr=False)
    company: str | None = None


class TokenAnswer(Wire):
    """Answer of every web login and of the refresh."""

    token: str = Field(repr=False)


class RefreshBody(Wire):
    """Body of `/jwt-api-token-refresh/` (wire notes): the token that is about to expire."""

    token: str = Field(repr=False)


class MobileLoginBody(Wire):
    """Body of the mobile login (manual 6.1). `email` is read as an alias of `username`."""

    username: str = Field(validation_alias=AliasChoices("username", "email"))
    password: str = Field(repr=False)


class MobileLoginAnswer(Wire):
    """Answer of the mobile login (manual 6.1)."""

    token: str = Field(repr=False)
    status_code: int = 200
    message: Messages = Field(default_factory=list)
