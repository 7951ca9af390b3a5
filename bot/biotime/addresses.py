"""Which addresses we connect to: a tenant on the public internet over TLS, or our own machine, and nothing between.

A BioTime URL is typed in by people and its name is resolved by somebody else's DNS. Both must not lead the bot, with
people's passwords, to the cloud's metadata service or a neighbour in the private network (SECURITY.md, "BioTime URL").
"""

import ipaddress
import re

import httpx

_UNICAST = ipaddress.IPv6Network("2000::/3")
# Public by the tables, but another address is packed inside, or nobody may be behind it.
_PACKED = tuple(
    ipaddress.IPv6Network(net) for net in ("2001::/32", "2002::/16", "2001:20::/28", "3fff::/20", "2620:4f:8000::/48")
)
_RELAYS = tuple(ipaddress.IPv4Network(net) for net in ("192.0.0.0/24", "192.31.196.0/24", "192.88.99.0/24"))
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
# Names whose last part is a number, in any of the notations that resolvers take for an address: 127.1, 0x7f000001.
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")


class BadAddressError(ValueError):
    """The BioTime URL must not be used; the message says why, for the person who set it."""


def check_url(url: str) -> httpx.URL:
    """The URL, parsed, if the bot may talk to it. Raises BadAddressError.

    `https://` to a public name or address; `http://` too, but only to this machine: localhost, names below
    `.localhost`, 127.0.0.0/8, ::1, written out.
    """
    parsed = _parse(url)
    host = parsed.host.rstrip(".").lower()
    if is_loopback(host):
        return parsed
    if parsed.scheme != "https":
        raise BadAddressError("BioTime must be reached over https://")
    address = _address(host)
    if address is None:
        _check_name(host)
    elif not is_public(address):
        raise BadAddressError("this address is not on the public internet")
    return parsed


def is_loopback(host: str) -> bool:
    """Whether a host, as it is written, means this machine."""
    address = _address(host)
    if address is None:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback and not _is_mapped(address)


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is an ordinary one on the public internet, and not a wrapping of another."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast and not any(address in net for net in _RELAYS)
    # Mapped, compatible and NAT64 addresses (::ffff:0:0/96, ::/96, 64:ff9b::/96) all lie outside of 2000::/3.
    return address in _UNICAST and address.is_global and not any(address in net for net in _PACKED)


def _parse(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise BadAddressError("this is no URL") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise BadAddressError("BioTime's address looks like https://company.biotimecloud.com")
    if parsed.userinfo or "@" in url:
        raise BadAddressError("a URL with a username or password in it")
    if parsed.query or parsed.fragment or "?" in url or "#" in url:
        raise BadAddressError("a URL with a query or a fragment")
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise BadAddressError("a port that does not exist")
    return parsed


def _check_name(host: str) -> None:
    labels = host.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise BadAddressError("this is no host name")
    if _NUMBER.fullmatch(labels[-1]):
        raise BadAddressError("an address in an unusual notation")
    if len(labels) < 2:
        raise BadAddressError("a name without a domain")


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_mapped(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None
