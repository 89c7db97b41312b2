"""Which addresses may be fetched from: public ones, and private ones the user allows.

The guard makes the sockets, so it sees the final address: after DNS (a name may point
anywhere, and elsewhere the next time), after redirects, and for numbers in a URL.
"""

import re
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

_NAT64 = IPv6Network("64:ff9b::/96")
_REFUSAL = re.compile(r"\S+ is a private address; add .+? to permit it")


class AddressGuard:
    """Makes sockets for addresses that may be contacted, and refuses the others."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self._allowed = tuple(ip_network(network, strict=False) for network in allowed)

    def refusal(self, address: str) -> str | None:
        """Why an IP address may not be contacted, with what to do; None if it may."""
        ip = _real_address(address)
        public = ip.is_global and not (ip.is_multicast or ip.is_reserved or _is_site_local(ip))
        if public or any(ip in network for network in self._allowed):
            return None
        network = f"{ip}/{ip.max_prefixlen}"
        return (
            f'{ip} is a private address; add "{network}" to allow_private in [fetch] to permit it'
        )

    def make_socket(self, info: tuple[Any, Any, int, str, tuple[Any, ...]]) -> socket.socket:
        """A socket for an address as ``getaddrinfo`` gives it; OSError if it is refused."""
        family, kind, protocol, _, address = info
        if refusal := self.refusal(address[0]):
            raise OSError(refusal)
        return socket.socket(family, kind, protocol)


def refusal_of_literal(guard: AddressGuard, host: str) -> str | None:
    """Why a host may not be contacted that is an address or this machine; else None."""
    try:
        return guard.refusal("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        return None


def refusal_in(error: OSError) -> str | None:
    """The guard's reason inside a connection error, which may join those of several addresses."""
    found = _REFUSAL.search(str(error))
    return found[0] if found else None


def _real_address(address: str) -> IPv4Address | IPv6Address:
    """The IPv4 address inside an IPv6 one, if there is one: that is where packets would go."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


def _is_site_local(ip: IPv4Address | IPv6Address) -> bool:
    return isinstance(ip, IPv6Address) and ip.is_site_local
