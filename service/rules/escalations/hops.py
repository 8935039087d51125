"""The words of a hop: what kind it is, what it carries, and how far it reaches.

The table of hops is `service.forums.routes`; the rules of what may happen on one are in this package.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class RouteKind(StrEnum):
    """What a route is for."""

    RAISE = "RAISE"
    ESCALATE = "ESCALATE"
    REFER = "REFER"


class Carries(StrEnum):
    """What goes along a route."""

    RECORD = "RECORD"
    OWN_ITEM = "OWN_ITEM"
    THEME = "THEME"
    RECEIPT = "RECEIPT"


class Reach(StrEnum):
    """Which bodies of the kind a route leads to."""

    SAME_ORGANISATION = "SAME_ORGANISATION"
    REGION = "REGION"
    NATION = "NATION"


ROUTE_KIND_DESCRIPTIONS: Final = MappingProxyType(
    {
        RouteKind.RAISE: "Where an issue may be raised.",
        RouteKind.ESCALATE: "To another body, by the raiser's consent.",
        RouteKind.REFER: "Sideways, to the body whose matter it is; it ends the step that it came from.",
    }
)

CARRIES_DESCRIPTIONS: Final = MappingProxyType(
    {
        Carries.RECORD: "A summary, from a body that is named.",
        Carries.OWN_ITEM: "A summary as the sender's own item; nothing says where the sender had it from.",
        Carries.THEME: "A category and a quarter, and no record.",
        Carries.RECEIPT: "Handed over: once it is taken, the text goes and only a receipt is kept.",
    }
)

REACH_DESCRIPTIONS: Final = MappingProxyType(
    {
        Reach.SAME_ORGANISATION: "Bodies of the same organisation.",
        Reach.REGION: "The forum of the region; from the nation, the forums of its regions.",
        Reach.NATION: "The national forum.",
    }
)
