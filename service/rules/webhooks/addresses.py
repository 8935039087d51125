"""Which network addresses a webhook may reach: those of the open internet, and what the operator allows for tests.

Source: THREATS D7; the registries of special-purpose addresses (RFC 6890, RFC 8190). The list is ours, as the standard
library's differs between Python's versions. IPv6 is taken only from what is given out (2000::/3), and never in a form
that carries an IPv4 address: a gateway would unpack what we refused.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

_GIVEN_OUT: Final = IPv6Network("2000::/3")
_REFUSED_6: Final = tuple(
    IPv6Network(each) for each in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48")
)
_REFUSED_4: Final = tuple(
    IPv4Network(each)
    for each in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        # a cloud's own host and metadata, at an address that is routed like any other
        "168.63.129.16/32",
    )
)


def is_allowed_network(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether the operator allows this address for tests."""
    return any(address.version == network.version and address in network for network in allowed)


def address_refused(said: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether a webhook must not reach this address; anything that is no plain address is refused."""
    try:
        address = ip_address(said)
    except ValueError:
        return True
    if is_allowed_network(address, allowed):
        return False
    if isinstance(address, IPv4Address):
        return any(address in network for network in _REFUSED_4)
    if address.scope_id is not None or address not in _GIVEN_OUT:
        return True
    return any(address in network for network in _REFUSED_6)


def pinned(found: Sequence[str], allowed: Sequence[Network] = ()) -> str | None:
    """The one address to connect to, of all to which a name resolved; None where there is none or any is refused.

    A name with one good and one bad address is refused whole: whoever made it so means no good.
    """
    if not found or any(address_refused(each, allowed) for each in found):
        return None
    return found[0]
