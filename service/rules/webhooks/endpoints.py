"""What the address of an endpoint may look like. Source: THREATS D4, D7. A message never repeats the address."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from service.rules.problems import Code, Problem
from service.rules.webhooks.addresses import Network, address_refused
from service.rules.webhooks.events import EVENT_TYPES

LONGEST_URL: Final = 500
PORTS: Final = frozenset({443, 8443})
"""Where a webhook may arrive; any port within the networks that the operator allows for tests."""
_PRINTABLE: Final = re.compile(r"[\x21-\x7e]+")
_NAME: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an endpoint is: its host, a name or an address without brackets, its port, and whether by TLS."""

    host: str
    port: int
    secure: bool

    @property
    def only_in_tests(self) -> bool:
        """Whether it may lie only within networks that the operator allows."""
        return not self.secure or self.port not in PORTS

    @property
    def is_address(self) -> bool:
        """Whether the host is an address and no name."""
        try:
            ip_address(self.host)
        except ValueError:
            return False
        return True


def place_of(url: str) -> Place | None:
    """The place of a well-formed address; None for any other."""
    if len(url) > LONGEST_URL or not _PRINTABLE.fullmatch(url) or "\\" in url or "#" in url:
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in {"https", "http"} or host is None or "@" in parts.netloc or port == 0:
        return None
    if not _is_host(host):
        return None
    secure = parts.scheme == "https"
    return Place(host, port or (443 if secure else 80), secure)


def _is_host(host: str) -> bool:
    """A name of the domain system, or an address in its plain form: 2130706433 and 0x7f.1 are neither."""
    try:
        ip_address(host)
    except ValueError:
        return (
            len(host) <= 253
            and _NAME.fullmatch(host) is not None
            and not host.rpartition(".")[2].lower().removeprefix("0x").isdecimal()
        )
    return "%" not in host


def endpoint_problems(url: str, types: Sequence[str], allowed: Sequence[Network] = ()) -> list[Problem]:
    """What is wrong with an endpoint as it was asked for, as far as that shows without the network.

    `allowed` are the networks that the operator allows for tests. What a name stands for is judged when it is used.
    """
    problems = []
    place = place_of(url)
    inside = place is not None and place.is_address and address_refused(place.host, allowed)
    if place is None or inside or (place.only_in_tests and not allowed):
        message = (
            f"An address begins with https://, names a host on the open internet, uses port 443 or 8443, holds no"
            f" sign-in or fragment, and has at most {LONGEST_URL} characters."
        )
        problems.append(Problem(Code.INVALID, message, ("url",)))
    if not types:
        problems.append(Problem(Code.REQUIRED, "Choose at least one type of event.", ("types",)))
    elif len(set(types)) != len(types) or not set(types) <= EVENT_TYPES:
        problems.append(Problem(Code.INVALID, "Choose types of events that there are, each once.", ("types",)))
    return problems
