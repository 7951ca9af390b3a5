"""Where a request came from and which host it called, through trusted proxies and past lying ones."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.requests import HTTPConnection

Networks = tuple[IPv4Network | IPv6Network, ...]

_HOST = re.compile(r"[A-Za-z0-9._-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Origin:
    scheme: str
    host: str
    address: str


def read_origin(request: HTTPConnection, trusted: Networks) -> Origin:
    """X-Forwarded-* count only from a trusted proxy, and then the hop nearest to us that is not one itself."""
    peer = request.client.host if request.client else "unknown"
    scheme, host, address = request.url.scheme, request.headers.get("host", ""), peer
    if _is_trusted(peer, trusted):
        address = _nearest_stranger(request.headers.getlist("x-forwarded-for"), trusted) or peer
        host = _last(request.headers.get("x-forwarded-host", "")) or host
        forwarded = _last(request.headers.get("x-forwarded-proto", "")).lower()
        scheme = forwarded if forwarded in ("http", "https") else scheme
    if not _HOST.fullmatch(host):
        host = "localhost"
    return Origin(scheme, host, address)


def _nearest_stranger(headers: list[str], trusted: Networks) -> str | None:
    hops = [hop.strip() for header in headers for hop in header.split(",")]
    for hop in reversed(hops):
        if not _is_address(hop):
            return None
        if not _is_trusted(hop, trusted):
            return hop
    return None


def _is_trusted(address: str, trusted: Networks) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _last(header: str) -> str:
    return header.rpartition(",")[2].strip()
