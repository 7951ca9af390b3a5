"""A client with short deadlines in front of a scripted server."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.biotime.client import BioTimeClient
from bot.biotime.transport import open_http
from tests.biotime.server import Script, Server, running

Talk = Callable[..., AbstractAsyncContextManager[tuple[BioTimeClient, Server]]]
DUBAI = ZoneInfo("Asia/Dubai")


@pytest.fixture
def talk() -> Talk:
    """`async with talk(script, …) as (client, server)`: the client meets the scripts, one per request."""

    @asynccontextmanager
    async def opened(
        *scripts: Script, total: float = 5, zone: ZoneInfo = DUBAI
    ) -> AsyncIterator[tuple[BioTimeClient, Server]]:
        server = Server(*scripts)
        async with running(server) as url, open_http(url) as http:
            yield BioTimeClient(http, "demo", zone, timedelta(seconds=total)), server

    return opened


@pytest.fixture(scope="session")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate that it signed itself, for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + signed.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
def certificate(pem: Path) -> ssl.SSLContext:
    """The server's side of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@pytest.fixture
def trusting(pem: Path) -> ssl.SSLContext:
    """The side of a client that trusts this one certificate."""
    return ssl.create_default_context(cafile=pem)
