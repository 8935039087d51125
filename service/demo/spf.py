"""The North East social partnership forum (founding document S3), and the national one that it links to.

Management chair and management vice-chair, joint trade union chairs, union officials, the trusts' directors of
people, a local authority's link officer who sees what is published, and NHS Employers' neutral secretariat. Of the
national forum only the offices that the region writes to are here.
"""

from collections.abc import Iterator
from typing import Final

from service.demo.organisations import NHS_ENGLAND, NORTH_EAST, TRUSTS
from service.demo.shapes import Forum
from service.demo.terms import PURPOSES, SPF_TERMS
from service.demo.trust_seats import Post
from service.rules.bodies import ForumKind, Office, Side

OUTSIDE_ITS_AREA: Final = frozenset({"RNN"})
MEMBER_TRUSTS: Final = tuple(trust for trust in TRUSTS if trust not in OUTSIDE_ITS_AREA)
SPF: Final = Forum(
    f"{NORTH_EAST}/spf",
    ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM,
    "North East Social Partnership Forum",
    (NORTH_EAST,),
    PURPOSES[ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM],
    SPF_TERMS,
    hears=MEMBER_TRUSTS,
)
NATIONAL_SPF: Final = Forum(
    f"{NHS_ENGLAND}/spf",
    ForumKind.NATIONAL_SOCIAL_PARTNERSHIP_FORUM,
    "National Social Partnership Forum",
    (NHS_ENGLAND,),
    PURPOSES[ForumKind.NATIONAL_SOCIAL_PARTNERSHIP_FORUM],
    SPF_TERMS,
    hears=(NORTH_EAST,),
)
PEOPLE_DIRECTOR: Final = "people director"


def posts() -> Iterator[Post]:
    """The offices held by people who belong to no trust of the demo."""
    management, staff = Side.MANAGEMENT, Side.STAFF
    yield Post("spf", management, Office.CHAIR, "regional management chair")
    yield Post("spf", management, Office.VICE_CHAIR, "regional management vice-chair")
    yield Post("spf", staff, Office.CO_CHAIR, "joint trade union chair 1", "UNISON")
    yield Post("spf", staff, Office.CO_CHAIR, "joint trade union chair 2", "RCN")
    for union in ("UNISON", "RCN", "UNITE", "GMB", "BMA"):
        yield Post("spf", staff, Office.FULL_TIME_OFFICIAL, f"{union} regional official", union)
    yield Post("spf", management, Office.OBSERVER, "local authority link officer")
    yield Post("spf", Side.NONE, Office.SECRETARIAT, "regional secretariat")


def national_posts() -> Iterator[Post]:
    """The offices of the national forum, held by people who belong to no trust or region of the demo."""
    management, staff = Side.MANAGEMENT, Side.STAFF
    yield Post("spf", management, Office.CHAIR, "national employers' chair")
    yield Post("spf", management, Office.VICE_CHAIR, "national employers' vice-chair")
    yield Post("spf", staff, Office.CHAIR, "national trade union chair", "UNISON")
    yield Post("spf", staff, Office.FULL_TIME_OFFICIAL, "RCN national official", "RCN")
    yield Post("spf", Side.NONE, Office.SECRETARIAT, "national secretariat")
