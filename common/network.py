"""Which network a request comes from, as far as it can be believed."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

# A household or a phone owns a whole /64 and may change its address within it at will (RFC 8981).
IPV6_PREFIX = 64
UNKNOWN = "unknown"


def network_of(request: HttpRequest) -> str:
    """An IPv4 address, an IPv6 /64, or "unknown": the key under which attempts of a network count.

    With settings.TRUSTED_PROXIES = 0 only the socket's address is believed. With n proxies of ours
    in front, each appending who called it, the n-th entry from the right of X-Forwarded-For was
    written by the outermost of them; everything left of it can be invented by the client. When that
    entry is missing or no address, the request did not come the usual way and the socket's address
    counts.
    """
    for text in (_forwarded(request), request.META.get("REMOTE_ADDR", "")):
        address = _parsed(text)
        if isinstance(address, IPv4Address):
            return str(address)
        if address is not None:
            return str(IPv6Network((address.packed, IPV6_PREFIX), strict=False))
    return UNKNOWN


def _forwarded(request: HttpRequest) -> str:
    proxies: int = settings.TRUSTED_PROXIES
    entries = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return entries[-proxies] if 0 < proxies <= len(entries) else ""


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(_without_port(text.strip()))
    except ValueError:
        return None
    # A socket that listens for both families shows IPv4 callers as ::ffff:192.0.2.1.
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _without_port(text: str) -> str:
    """Some proxies write 192.0.2.1:4711 or [2001:db8::1]:4711."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
