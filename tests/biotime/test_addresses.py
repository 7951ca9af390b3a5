"""The table of addresses: where the bot may go, and the many ways of writing where it may not."""

import socket

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.biotime.addresses import BadAddressError, check_url
from bot.biotime.transport import PublicResolver

GOOD = [
    "https://demozkdx.biotimecloud.com",
    "https://demozkdx.biotimecloud.com:8443/base/",
    "https://DEMO.biotimecloud.com.",
    "https://8.8.8.8",
    "https://[2606:4700::1111]",
    "http://127.0.0.1:8000",
    "http://127.9.9.9:8000",
    "http://[::1]:8000",
    "http://localhost:8000",
    "http://demo.localhost:8000",
    "https://localhost",
]
BAD = [
    "",
    "demozkdx.biotimecloud.com",
    "ftp://demo.biotimecloud.com",
    "file:///etc/passwd",
    "https://",
    "http://demozkdx.biotimecloud.com",
    "http://8.8.8.8",
    "https://user:pwd@demo.biotimecloud.com",
    "https://demo.biotimecloud.com@127.0.0.1",
    "https://@demo.biotimecloud.com",
    "https://demo.biotimecloud.com/?next=http://x",
    "https://demo.biotimecloud.com/#x",
    "https://demo.biotimecloud.com:0",
    "https://demo.biotimecloud.com:99999",
    "https://intranet",
    "https://demo..biotimecloud.com",
    "https://-demo.biotimecloud.com",
    "https://10.0.0.1",
    "https://172.16.0.1",
    "https://192.168.1.1",
    "https://169.254.169.254",
    "https://100.64.0.1",
    "https://100.127.255.254",
    "https://192.0.0.8",
    "https://192.0.2.1",
    "https://192.88.99.1",
    "https://198.18.0.1",
    "https://224.0.0.1",
    "https://233.252.0.1",
    "https://240.0.0.1",
    "https://255.255.255.255",
    "https://0.0.0.0",
    "https://2130706433",
    "https://0x7f000001",
    "https://0x7f.1",
    "https://127.1",
    "https://0177.0.0.1",
    "https://10.0.0.1.",
    "https://evil.0x7f",
    "https://[::]",
    "https://[::ffff:127.0.0.1]",
    "http://[::ffff:127.0.0.1]",
    "https://[::ffff:8.8.8.8]",
    "https://[::8.8.8.8]",
    "https://[64:ff9b::a00:1]",
    "https://[64:ff9b::808:808]",
    "https://[64:ff9b:1::a00:1]",
    "https://[2002:a00:1::]",
    "https://[2001::1]",
    "https://[2001:db8::1]",
    "https://[3fff::1]",
    "https://[fc00::1]",
    "https://[fd12::1]",
    "https://[fe80::1]",
    "https://[fe80::1%25eth0]",
    "https://[fec0::1]",
    "https://[ff02::1]",
    "https://[100::1]",
]


@pytest.mark.parametrize("url", GOOD)
def test_a_tenant_and_this_machine_are_allowed(url: str) -> None:
    assert check_url(url).host


@pytest.mark.parametrize("url", BAD)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(BadAddressError):
        check_url(url)


class Names(AbstractResolver):
    """DNS with a few names of ours."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self._addresses
        ]

    async def close(self) -> None:
        """Nothing is held."""


@pytest.mark.parametrize(
    ("host", "addresses"),
    [
        ("demo.biotimecloud.com", ["127.0.0.1"]),
        ("demo.biotimecloud.com", ["8.8.8.8", "169.254.169.254"]),
        ("demo.biotimecloud.com", ["::ffff:10.0.0.1"]),
        ("demo.biotimecloud.com", ["fe80::1%eth0"]),
        ("demo.biotimecloud.com", ["64:ff9b::a00:1"]),
        ("localhost", ["8.8.8.8"]),
        ("demo.localhost", ["127.0.0.1", "10.0.0.1"]),
    ],
)
async def test_a_name_that_leads_inside_is_not_followed(host: str, addresses: list[str]) -> None:
    with pytest.raises(OSError, match="not public"):
        await PublicResolver(Names(*addresses)).resolve(host, 443)


@pytest.mark.parametrize(
    ("host", "address"), [("demo.biotimecloud.com", "8.8.8.8"), ("localhost", "::1"), ("demo.localhost.", "127.0.0.1")]
)
async def test_an_honest_name_is_followed(host: str, address: str) -> None:
    found = await PublicResolver(Names(address)).resolve(host, 443)
    assert [result["host"] for result in found] == [address]


async def test_a_refused_name_never_connects() -> None:
    connector = aiohttp.TCPConnector(resolver=PublicResolver(Names("127.0.0.1")))
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(aiohttp.ClientConnectorDNSError):
            await session.get("http://demo.biotimecloud.com")
