"""Mail: through an SMTP server, or into a box that the demo and the tests look into."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Protocol

import aiosmtplib

from bot.gateway.settings import SmtpSecurity, SmtpSettings

KEPT = 100


@dataclass(frozen=True, slots=True)
class Mail:
    to: str
    subject: str = field(repr=False)
    text: str = field(repr=False)


class MailNotSentError(Exception):
    """The message names what happened and quotes neither the mail nor the server."""


class Mailbox(Protocol):
    async def send(self, mail: Mail) -> None:
        """Raises MailNotSentError."""


class NoMailbox:
    """Where no SMTP server is set up."""

    async def send(self, mail: Mail) -> None:
        raise MailNotSentError("no SMTP server is set up")


class MemoryMailbox:
    """Keeps the latest mails, and shows each to whoever wants to see them."""

    def __init__(self, show: Callable[[Mail], None] | None = None) -> None:
        self.mails: deque[Mail] = deque(maxlen=KEPT)
        self._show = show

    async def send(self, mail: Mail) -> None:
        self.mails.append(mail)
        if self._show:
            self._show(mail)


class SmtpMailbox:
    """One connection a mail: codes are rare, and an idle connection would be closed anyway."""

    def __init__(self, smtp: SmtpSettings) -> None:
        self._smtp = smtp

    async def send(self, mail: Mail) -> None:
        smtp = self._smtp
        try:
            await aiosmtplib.send(
                _write(mail, smtp.sender),
                hostname=smtp.host,
                port=smtp.port,
                username=smtp.user or None,
                password=smtp.password or None,
                use_tls=smtp.security is SmtpSecurity.TLS,
                start_tls=smtp.security is SmtpSecurity.STARTTLS,
                timeout=smtp.timeout.total_seconds(),
            )
        except (aiosmtplib.SMTPException, OSError, ValueError) as problem:
            # A server's refusal may quote the mail, and with it the code.
            raise MailNotSentError(f"the SMTP server took no mail: {type(problem).__name__}") from None


def _write(mail: Mail, sender: str) -> EmailMessage:
    """Raises ValueError for an address with a line break in it."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip(">") or None)
    # No robot shall answer a code with an absence note.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message
