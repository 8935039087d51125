"""Every kind of body, and the offices that an organisation itself keeps."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from service.forums.body import Body, OfficeRow, rows
from service.forums.networks import STAFF_NETWORK
from service.forums.single_sided import (
    BOARD,
    BOARD_COMMITTEE,
    EDI_STEERING_GROUP,
    EXECUTIVE_COMMITTEE,
    FREEDOM_TO_SPEAK_UP,
)
from service.forums.two_sided import (
    HEALTH_AND_SAFETY_COMMITTEE,
    JOINT_NEGOTIATING_COMMITTEE,
    LOCAL_NEGOTIATING_COMMITTEE,
    NATIONAL_SOCIAL_PARTNERSHIP_FORUM,
    REGIONAL_SOCIAL_PARTNERSHIP_FORUM,
)
from service.forums.unions import TRADE_UNION_GROUP
from service.rules.bodies import ForumKind, Office, Purpose, Side

BODIES: Final = (
    STAFF_NETWORK,
    JOINT_NEGOTIATING_COMMITTEE,
    LOCAL_NEGOTIATING_COMMITTEE,
    EDI_STEERING_GROUP,
    HEALTH_AND_SAFETY_COMMITTEE,
    BOARD,
    BOARD_COMMITTEE,
    EXECUTIVE_COMMITTEE,
    TRADE_UNION_GROUP,
    FREEDOM_TO_SPEAK_UP,
    REGIONAL_SOCIAL_PARTNERSHIP_FORUM,
    NATIONAL_SOCIAL_PARTNERSHIP_FORUM,
)

BODY: Final[Mapping[ForumKind, Body]] = MappingProxyType({body.kind: body for body in BODIES})
FORUM_TYPES: Final = tuple(body.type_name for body in BODIES)
"""The graph's types of all kinds of body."""

ORGANISATION: Final = "ORGANISATION"
ORGANISATION_OFFICES: Final = (
    *rows(Side.NONE, (Office.EMPLOYEE,), opens=(), home=Purpose.WORKFORCE, granted_by=(Purpose.WORKFORCE,)),
    *rows(Side.NONE, (Office.SERVICE,), opens=(Purpose.WORKFORCE,), home=Purpose.WORKFORCE, granted_by=()),
)


def office_rows() -> Iterator[tuple[str, OfficeRow]]:
    """Every office of every kind of body, and of the organisation itself, with the kind's name."""
    for row in ORGANISATION_OFFICES:
        yield ORGANISATION, row
    for body in BODIES:
        for row in body.offices:
            yield body.kind.value, row
