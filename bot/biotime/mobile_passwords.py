"""Passwords through the mobile API (manual 6.9 and three of the URLs after it)."""

from bot.biotime.auth import BioTimeLogins, authorization
from bot.biotime.paths import BASE, employee_path
from bot.biotime.wire import passwords as wire


class MobilePasswords(BioTimeLogins):
    """A new password ends every token of the employee. What the server refuses it says in `Refused.reasons`."""

    async def reset_password(self, email: str) -> None:
        """Has the server write to the address (6.9), which it never says it knows."""
        answer = await self._exchange.post(f"{BASE}/reset_password/", {}, wire.WhoForgotBody(email=email))
        answer.read(wire.Done)

    async def request_code(self, email: str, client_id: str = "", language: str = "") -> None:
        """Has a one-time code mailed, if there is such an address: that is not said, either."""
        body = wire.SearchForgottenBody(
            search_item=email, company_name=self._company or None, client=client_id, language=language
        )
        answer = await self._exchange.post(f"{BASE}/forgot_password_create_otp/", {}, body)
        answer.read(wire.Done)

    async def create_password(self, email: str, code: str, new_password: str) -> None:
        """With the code from the mail. After Unclear the password is the new one or the old one: log in to see."""
        body = wire.CreatePasswordBody(
            email=email, otp=code, new_password=new_password, company_name=self._company or None
        )
        answer = await self._exchange.post(f"{BASE}/create_password/", {}, body)
        answer.read(wire.Done)

    async def change_password(self, token: str, emp_id: str, old_password: str, new_password: str) -> None:
        """The token ends with it. Unclear as in `create_password`."""
        body = wire.ResetPasswordBody(old_password=old_password, new_password=new_password)
        path = employee_path(emp_id, "reset_password/")
        answer = await self._exchange.post(path, authorization(token), body)
        answer.read(wire.Done)
