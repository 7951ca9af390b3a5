"""Mail as it reaches a server, and what a server that refuses may make us say."""

import asyncio
import email
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import Message

import pytest

from bot.gateway.mail import Mail, MailNotSentError, MemoryMailbox, NoMailbox, SmtpMailbox
from bot.gateway.settings import SmtpSecurity, SmtpSettings

MAIL = Mail("mona@x.example", "123456 is your code", "Your code: 123456\n")


@dataclass
class SmtpServer:
    """Takes mail and remembers what was said to it; `refuse` is the line for the recipient."""

    refuse: str = ""
    said: list[str] = field(default_factory=list)
    mails: list[Message] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(b"220 here\r\n")
            while line := (await reader.readline()).decode().strip():
                self.said.append(line)
                writer.write(self._answer(line.upper()))
                if line.upper() == "DATA":
                    writer.write(await self._read_mail(reader))
        finally:
            writer.close()
            self.gone.set()

    def _answer(self, line: str) -> bytes:
        if line.startswith("EHLO"):
            return b"250-here\r\n250 AUTH PLAIN\r\n"
        if line.startswith("AUTH"):
            return b"235 ok\r\n"
        if line.startswith("RCPT") and self.refuse:
            return self.refuse.encode() + b"\r\n"
        if line == "DATA":
            return b"354 go on\r\n"
        return b"221 bye\r\n" if line == "QUIT" else b"250 ok\r\n"

    async def _read_mail(self, reader: asyncio.StreamReader) -> bytes:
        text = await reader.readuntil(b"\r\n.\r\n")
        self.mails.append(email.message_from_bytes(text.removesuffix(b".\r\n")))
        return b"250 taken\r\n"


@asynccontextmanager
async def serving(server: SmtpServer, **changed: object) -> AsyncIterator[SmtpMailbox]:
    listener = await asyncio.start_server(server.talk, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    settings = {"security": SmtpSecurity.NONE, **changed}
    async with listener:
        yield SmtpMailbox(SmtpSettings("127.0.0.1", "Hadir <no-reply@x.example>", port, **settings))  # type: ignore[arg-type]
        if server.said:
            await server.gone.wait()


async def test_a_mail_arrives_whole() -> None:
    server = SmtpServer()
    async with serving(server) as mailbox:
        await mailbox.send(MAIL)
    (mail,) = server.mails
    assert (mail["To"], mail["From"]) == ("mona@x.example", "Hadir <no-reply@x.example>")
    assert (mail["Subject"], mail["Auto-Submitted"]) == ("123456 is your code", "auto-generated")
    assert str(mail["Message-ID"]).endswith("@x.example>")
    assert mail.get_payload().strip() == "Your code: 123456"  # type: ignore[union-attr]
    assert not any(line.upper().startswith("AUTH") for line in server.said)


async def test_logs_in_where_there_is_a_user() -> None:
    server = SmtpServer()
    async with serving(server, user="hadir", password="secret") as mailbox:
        await mailbox.send(MAIL)
    assert any(line.upper().startswith("AUTH PLAIN") for line in server.said)


async def test_a_refusal_quotes_neither_code_nor_address() -> None:
    async with serving(SmtpServer("550 no 123456 for mona@x.example")) as mailbox:
        with pytest.raises(MailNotSentError) as caught:
            await mailbox.send(MAIL)
    assert "123456" not in str(caught.value)
    assert "mona" not in str(caught.value)
    assert caught.value.__suppress_context__


async def test_nobody_there() -> None:
    async with serving(SmtpServer()) as mailbox:
        pass
    with pytest.raises(MailNotSentError):
        await mailbox.send(MAIL)


async def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for() -> None:
    server = SmtpServer()
    async with serving(server, security=SmtpSecurity.STARTTLS, user="hadir", password="secret") as mailbox:
        with pytest.raises(MailNotSentError):
            await mailbox.send(MAIL)
    assert server.mails == []
    assert not any(line.upper().startswith(("AUTH", "MAIL")) for line in server.said)


async def test_an_address_adds_no_header() -> None:
    server = SmtpServer()
    async with serving(server) as mailbox:
        with pytest.raises(MailNotSentError):
            await mailbox.send(Mail("mona@x.example\r\nBcc: sara@x.example", "a", "b"))
    assert server.mails == []


async def test_without_a_server_nothing_is_sent() -> None:
    with pytest.raises(MailNotSentError):
        await NoMailbox().send(MAIL)


async def test_a_mailbox_in_memory_keeps_and_shows() -> None:
    shown: list[Mail] = []
    mailbox = MemoryMailbox(shown.append)
    await mailbox.send(MAIL)
    assert list(mailbox.mails) == shown == [MAIL]


def test_secrets_are_in_no_repr() -> None:
    assert "123456" not in repr(Mail("mona@x.example", "123456", "123456"))
    assert "secret" not in repr(SmtpSettings("h", "s", password="secret"))
