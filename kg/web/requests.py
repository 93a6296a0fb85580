"""A request as the server hands it on: read whole, within bounds, before anything is done about it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.errors import AscribeError

    Network = IPv4Network | IPv6Network

REQUEST = "ascribe.request"  # in the framework's environment: the request as it came in


@dataclass(slots=True)
class Request:
    """Holds one request: what it says, what it asks (`query`, once that is known), and what is `wrong` with it."""

    client: str  # an address, or nothing where it is not known
    method: str
    path: str  # decoded, a character a byte
    parameters: str  # as they came
    headers: dict[str, str]  # by names in small letters
    body: bytes = b""
    scheme: str = "http"
    server: tuple[str, int] = ("localhost", 80)
    query: str | None = None
    wrong: AscribeError | None = None
    began: float = field(default_factory=time.perf_counter)


class Proxies:
    """Knows which addresses are proxies of one's own: what they say of whom they speak for is believed."""

    def __init__(self, networks: Sequence[Network] = ()) -> None:
        self._networks = tuple(networks)
        self.trusts = lru_cache(maxsize=1024)(self._trusts)

    def _trusts(self, address: str) -> bool:
        """Return whether an address is one of theirs."""
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._networks)

    def client(self, peer: str, headers: dict[str, str]) -> str:
        """Return for whom a connection's other end asks: the last address on the way that is no proxy of ours."""
        if not self._networks or not self.trusts(peer):
            return peer
        found = peer
        for each in reversed(headers.get("x-forwarded-for", "").split(",")):
            try:
                found = str(ip_address(each.strip()))
            except ValueError:
                break  # whatever stands further on was told by nobody that is trusted
            if not self.trusts(found):
                break
        return found

    def scheme(self, peer: str, headers: dict[str, str]) -> str:
        """Return by what scheme the client asked."""
        told = headers.get("x-forwarded-proto") if self._networks and self.trusts(peer) else None
        return "https" if told == "https" else "http"
