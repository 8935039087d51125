"""The words of partnership working: bodies, sides, offices, rooms.

A trust links its staff networks with its partnership forums. Management side and staff side sit in the same
forum and meet in one joint room, and each has a room that the other never opens (founding documents S0 and S4).
Links are between offices, "whoever is in post" (S0, section 2).
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Side(StrEnum):
    """Which side a seat speaks for."""

    MANAGEMENT = "MANAGEMENT"
    STAFF = "STAFF"
    NETWORK = "NETWORK"
    INDEPENDENT = "INDEPENDENT"
    NONE = "NONE"


class ForumKind(StrEnum):
    """Which kind of body a forum is."""

    STAFF_NETWORK = "STAFF_NETWORK"
    JOINT_NEGOTIATING_COMMITTEE = "JOINT_NEGOTIATING_COMMITTEE"
    LOCAL_NEGOTIATING_COMMITTEE = "LOCAL_NEGOTIATING_COMMITTEE"
    EDI_STEERING_GROUP = "EDI_STEERING_GROUP"
    HEALTH_AND_SAFETY_COMMITTEE = "HEALTH_AND_SAFETY_COMMITTEE"
    BOARD = "BOARD"
    BOARD_COMMITTEE = "BOARD_COMMITTEE"
    EXECUTIVE_COMMITTEE = "EXECUTIVE_COMMITTEE"
    TRADE_UNION_GROUP = "TRADE_UNION_GROUP"
    FREEDOM_TO_SPEAK_UP = "FREEDOM_TO_SPEAK_UP"
    REGIONAL_SOCIAL_PARTNERSHIP_FORUM = "REGIONAL_SOCIAL_PARTNERSHIP_FORUM"
    NATIONAL_SOCIAL_PARTNERSHIP_FORUM = "NATIONAL_SOCIAL_PARTNERSHIP_FORUM"


class Office(StrEnum):
    """What a person holds in a body; powers follow the office, never the person."""

    CHAIR = "CHAIR"
    CO_CHAIR = "CO_CHAIR"
    VICE_CHAIR = "VICE_CHAIR"
    SECRETARY = "SECRETARY"
    OFFICER = "OFFICER"
    WORKPLACE_REPRESENTATIVE = "WORKPLACE_REPRESENTATIVE"
    EQUALITY_REPRESENTATIVE = "EQUALITY_REPRESENTATIVE"
    SAFETY_REPRESENTATIVE = "SAFETY_REPRESENTATIVE"
    FULL_TIME_OFFICIAL = "FULL_TIME_OFFICIAL"
    STAFF_SIDE_LEAD = "STAFF_SIDE_LEAD"
    SPONSOR = "SPONSOR"
    EDI_LEAD = "EDI_LEAD"
    HR_LEAD = "HR_LEAD"
    GUARDIAN = "GUARDIAN"
    AMBASSADOR = "AMBASSADOR"
    SECRETARIAT = "SECRETARIAT"
    DEPUTY = "DEPUTY"
    OBSERVER = "OBSERVER"
    MEMBER = "MEMBER"
    ALLY = "ALLY"
    EMPLOYEE = "EMPLOYEE"
    SERVICE = "SERVICE"
    RAISER = "RAISER"


class Purpose(StrEnum):
    """What a room is for."""

    ORGANISATION = "ORGANISATION"
    REGION = "REGION"
    WORKFORCE = "WORKFORCE"
    JOINT = "JOINT"
    MANAGEMENT_SIDE = "MANAGEMENT_SIDE"
    STAFF_SIDE = "STAFF_SIDE"
    MEMBERS = "MEMBERS"
    OFFICERS = "OFFICERS"
    PERSONAL = "PERSONAL"
    CASE = "CASE"


class Channel(StrEnum):
    """Which room of a body an issue or a step is in; each is a purpose of the same name."""

    JOINT = "JOINT"
    STAFF_SIDE = "STAFF_SIDE"
    MANAGEMENT_SIDE = "MANAGEMENT_SIDE"
    OFFICERS = "OFFICERS"


class Relation(StrEnum):
    """How the acting seat's body stands to what it acts on.

    RECEIVER and SENDER are the two ends of an escalation step. RAISER is a person about their own issue, in no body.
    """

    OWNER = "OWNER"
    CONSULTEE = "CONSULTEE"
    EMPLOYER = "EMPLOYER"
    ANYONE = "ANYONE"
    RAISER = "RAISER"
    RECEIVER = "RECEIVER"
    SENDER = "SENDER"


class OrganisationKind(StrEnum):
    """What an organisation is."""

    TRUST = "TRUST"
    ICB = "ICB"
    REGION = "REGION"
    NATIONAL = "NATIONAL"
    TRADE_UNION = "TRADE_UNION"
    LOCAL_AUTHORITY = "LOCAL_AUTHORITY"
    OTHER = "OTHER"


class RequestState(StrEnum):
    """Where a request to join stands."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"


SIDE_DESCRIPTIONS: Final = MappingProxyType(
    {
        Side.MANAGEMENT: "The employer's side of a forum.",
        Side.STAFF: "The recognised trade unions' side of a forum.",
        Side.NETWORK: "A staff network, which speaks for its members and for neither side.",
        Side.INDEPENDENT: "Neither side: the speak-up guardian, non-executive directors.",
        Side.NONE: "No side: the secretariat, an employee, a service account.",
    }
)

FORUM_KIND_DESCRIPTIONS: Final = MappingProxyType(
    {
        ForumKind.STAFF_NETWORK: "Colleagues with a shared heritage, experience or characteristic, and their allies.",
        ForumKind.JOINT_NEGOTIATING_COMMITTEE: "Where recognised unions and management consult, negotiate and agree.",
        ForumKind.LOCAL_NEGOTIATING_COMMITTEE: "The joint negotiating committee for doctors and dentists.",
        ForumKind.EDI_STEERING_GROUP: "Advises on and co-ordinates the equality, diversity and inclusion strategy.",
        ForumKind.HEALTH_AND_SAFETY_COMMITTEE: "Managers and union safety representatives (1977 Regulations).",
        ForumKind.BOARD: "The trust's board of executive and non-executive directors.",
        ForumKind.BOARD_COMMITTEE: "A committee of the board, such as the workforce committee.",
        ForumKind.EXECUTIVE_COMMITTEE: "A committee of executives, such as the People Committee.",
        ForumKind.TRADE_UNION_GROUP: "A branch or self-organised group inside one recognised union.",
        ForumKind.FREEDOM_TO_SPEAK_UP: "The freedom-to-speak-up guardian and ambassadors.",
        ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM: "Employers and trade unions of a region in social partnership.",
        ForumKind.NATIONAL_SOCIAL_PARTNERSHIP_FORUM: "National employers, government and unions in social partnership.",
    }
)

OFFICE_DESCRIPTIONS: Final = MappingProxyType(
    {
        Office.CHAIR: "Chairs the body, or one side of it.",
        Office.CO_CHAIR: "Shares the chair.",
        Office.VICE_CHAIR: "Stands in for the chair.",
        Office.SECRETARY: "Secretary of the body, or of one side of it.",
        Office.OFFICER: "An officer by title, such as communications or membership officer.",
        Office.WORKPLACE_REPRESENTATIVE: "A trade union's accredited workplace representative.",
        Office.EQUALITY_REPRESENTATIVE: "A trade union's equality representative.",
        Office.SAFETY_REPRESENTATIVE: "A trade union's safety representative.",
        Office.FULL_TIME_OFFICIAL: "A trade union's employed official.",
        Office.STAFF_SIDE_LEAD: "The staff side's lead in a network.",
        Office.SPONSOR: "A director who sponsors a network.",
        Office.EDI_LEAD: "The trust's lead for equality, diversity and inclusion.",
        Office.HR_LEAD: "The human resources lead for a body.",
        Office.GUARDIAN: "The freedom-to-speak-up guardian.",
        Office.AMBASSADOR: "A freedom-to-speak-up ambassador.",
        Office.SECRETARIAT: "Neutral support to the whole body; signs nothing.",
        Office.DEPUTY: "Attends in a member's place.",
        Office.OBSERVER: "Sees what is published to the body.",
        Office.MEMBER: "A member of the body.",
        Office.ALLY: "Supports a network without being of its membership.",
        Office.EMPLOYEE: "Employed by, or working in, the organisation.",
        Office.SERVICE: "A system's account, such as the trust's HR system.",
        Office.RAISER: "Whoever raised an issue, about that issue alone: held in no body, and kept after leaving.",
    }
)

PURPOSE_DESCRIPTIONS: Final = MappingProxyType(
    {
        Purpose.ORGANISATION: "The organisation's open directory of forums and public offices.",
        Purpose.REGION: "The region's open directory.",
        Purpose.WORKFORCE: "What the employer's HR system keeps: who works there.",
        Purpose.JOINT: "What a body, or both its sides, share.",
        Purpose.MANAGEMENT_SIDE: "Management side's own room.",
        Purpose.STAFF_SIDE: "Staff side's own room.",
        Purpose.MEMBERS: "A network's or union group's members.",
        Purpose.OFFICERS: "A network's or union group's officers.",
        Purpose.PERSONAL: "One seat's own room.",
        Purpose.CASE: "One consultation, one body's engagement in it, or another single matter.",
    }
)

CHANNEL_DESCRIPTIONS: Final = MappingProxyType(
    {
        Channel.JOINT: "What the body, or both its sides, share.",
        Channel.STAFF_SIDE: "Staff side alone; management side can never see, count or time it.",
        Channel.MANAGEMENT_SIDE: "Management side alone.",
        Channel.OFFICERS: "The officers of a network or union group, or the guardian.",
    }
)

ORGANISATION_KIND_DESCRIPTIONS: Final = MappingProxyType(
    {
        OrganisationKind.TRUST: "An NHS trust or foundation trust.",
        OrganisationKind.ICB: "An integrated care board.",
        OrganisationKind.REGION: "A region.",
        OrganisationKind.NATIONAL: "A national body.",
        OrganisationKind.TRADE_UNION: "A recognised trade union.",
        OrganisationKind.LOCAL_AUTHORITY: "A local authority.",
        OrganisationKind.OTHER: "Another organisation.",
    }
)
