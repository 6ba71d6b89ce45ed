"""Where a URL leads, and whether we may go there: never to loopback, link-local or private addresses unless an operator named the host.

What counts is the address that the name stands for at this moment, and it is that address which is connected to: a name that is public
when it is looked at and private a moment later (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from stockhub.pluginapi import HttpError

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_PORTS: Final = {"http": 80, "https": 443}
#: IPv6 prefixes behind which an IPv4 address lies: NAT64, and its local form.
_NAT64: Final = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
LONGEST_URL: Final = 4096


@dataclass(frozen=True, slots=True)
class Destination:
    """A URL taken apart, with the addresses that its host stood for. `target` is path and query."""

    scheme: str
    host: str
    port: int
    target: str
    addresses: tuple[str, ...]

    @property
    def host_header(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _PORTS[self.scheme] else f"{name}:{self.port}"


def destination(url: str, allowed_hosts: Collection[str] = ()) -> Destination:
    """Where `url` leads. HttpError `invalid_url`, `unreachable` (no such name), `address_refused`."""
    scheme, host, port, target = parts_of(url)
    addresses = _resolved(host, port)
    if host not in {name.lower() for name in allowed_hosts} and not all(is_public(address) for address in addresses):
        raise refused(host)
    return Destination(scheme, host, port, target, addresses)


def refused(host: str) -> HttpError:
    """The refusal of a host that is not public."""
    return HttpError(
        "address_refused",
        f"{host} stands for an address that is not public. If it is meant, an administrator adds it to STOCKHUB_ALLOW_PRIVATE_URLS.",
    )


def is_public(address: str) -> bool:
    """Whether an IP address, in text, is one of the public network, and neither is any that it carries inside."""
    try:
        return all(_is_global(ip) for ip in _with_embedded(ipaddress.ip_address(address.partition("%")[0])))
    except ValueError:
        return False


def _is_global(ip: IpAddress) -> bool:
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or getattr(ip, "is_site_local", False))


def _with_embedded(ip: IpAddress) -> list[IpAddress]:
    """The address, or the IPv4 address that an IPv6 one stands for."""
    if isinstance(ip, ipaddress.IPv4Address):
        return [ip]
    if any(ip in network for network in _NAT64):
        return [ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)]
    if ip.teredo is not None:
        return list(ip.teredo)
    embedded = ip.ipv4_mapped or ip.sixtofour
    return [embedded] if embedded is not None else [ip]


def parts_of(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and target of a URL, without looking the host up. HttpError `invalid_url`."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        raise HttpError("invalid_url", "The address is no valid URL.") from None
    if len(url) > LONGEST_URL or any(ord(char) <= 32 or ord(char) == 127 for char in url):
        raise HttpError("invalid_url", f"The address holds spaces or control characters, or is longer than {LONGEST_URL}.")
    if parts.scheme not in _PORTS or not host:
        raise HttpError("invalid_url", "The address must begin with https:// or http:// and name a host.")
    if parts.username is not None or parts.password is not None:
        raise HttpError("invalid_url", "The address must not hold a user name or a password.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, host, _PORTS[parts.scheme] if port is None else port, target


def _resolved(host: str, port: int) -> tuple[str, ...]:
    """What the host stands for, each address once. A number in any notation is an address like any other."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise HttpError("unreachable", f"There is no host {host}.") from None
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
