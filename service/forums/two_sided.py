"""Bodies with two sides: joint negotiating committees, health and safety committees, social partnership forums.

Chairs, members and representatives open the joint room and their own side's room; the secretariat opens the joint
room only; observers and HR leads see what is published to them (founding document S0, JNC; S3, the process).
Each side grants its own seats. HR keeps management-side seats of a trust, and no other; so management's seats are all
listed in the directory, where HR sees them, and staff side's members are known in the joint room alone.
"""

from service.forums.body import Body, OfficeRow, rows
from service.rules.bodies import ForumKind, Office, Purpose, Side

MANAGEMENT_CHAIRS = (Office.CHAIR, Office.VICE_CHAIR, Office.SECRETARY)
STAFF_CHAIRS = (Office.CHAIR, Office.CO_CHAIR, Office.VICE_CHAIR, Office.SECRETARY)
REPRESENTATIVES = (
    Office.WORKPLACE_REPRESENTATIVE,
    Office.EQUALITY_REPRESENTATIVE,
    Office.SAFETY_REPRESENTATIVE,
    Office.FULL_TIME_OFFICIAL,
    Office.MEMBER,
    Office.DEPUTY,
)


def two_sided_offices(public: Purpose, management_granters: tuple[Purpose, ...]) -> tuple[OfficeRow, ...]:
    """The offices of a two-sided body whose chairs are listed in the room `public`."""
    management = (Purpose.JOINT, Purpose.MANAGEMENT_SIDE)
    staff = (Purpose.JOINT, Purpose.STAFF_SIDE)
    by_staff = (Purpose.STAFF_SIDE,)
    return (
        *rows(Side.MANAGEMENT, MANAGEMENT_CHAIRS, opens=management, home=public, granted_by=management_granters),
        *rows(
            Side.MANAGEMENT,
            (Office.MEMBER, Office.DEPUTY),
            opens=management,
            home=public,
            granted_by=management_granters,
        ),
        *rows(
            Side.MANAGEMENT,
            (Office.HR_LEAD, Office.EDI_LEAD, Office.OBSERVER),
            opens=(),
            home=public,
            granted_by=management_granters,
        ),
        *rows(Side.STAFF, STAFF_CHAIRS, opens=staff, home=public, granted_by=by_staff),
        *rows(Side.STAFF, REPRESENTATIVES, opens=staff, home=Purpose.JOINT, granted_by=by_staff),
        *rows(
            Side.NONE,
            (Office.SECRETARIAT,),
            opens=(Purpose.JOINT,),
            home=public,
            granted_by=management_granters,
        ),
        *rows(Side.STAFF, (Office.OBSERVER,), opens=(), home=Purpose.JOINT, granted_by=by_staff),
    )


def _two_sided(kind: ForumKind, type_name: str) -> Body:
    regional = kind is ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM
    of_no_employer = regional or kind is ForumKind.NATIONAL_SOCIAL_PARTNERSHIP_FORUM
    granters = (Purpose.MANAGEMENT_SIDE,) if of_no_employer else (Purpose.MANAGEMENT_SIDE, Purpose.WORKFORCE)
    return Body(
        kind=kind,
        type_name=type_name,
        rooms=(Purpose.JOINT, Purpose.MANAGEMENT_SIDE, Purpose.STAFF_SIDE),
        offices=two_sided_offices(Purpose.REGION if regional else Purpose.ORGANISATION, granters),
        comments={
            Side.MANAGEMENT: Purpose.MANAGEMENT_SIDE,
            Side.STAFF: Purpose.STAFF_SIDE,
        },
        informed=(Purpose.JOINT,),
        answers=Purpose.JOINT,
        two_sided=True,
    )


JOINT_NEGOTIATING_COMMITTEE = _two_sided(ForumKind.JOINT_NEGOTIATING_COMMITTEE, "JointNegotiatingCommittee")
LOCAL_NEGOTIATING_COMMITTEE = _two_sided(ForumKind.LOCAL_NEGOTIATING_COMMITTEE, "LocalNegotiatingCommittee")
HEALTH_AND_SAFETY_COMMITTEE = _two_sided(ForumKind.HEALTH_AND_SAFETY_COMMITTEE, "HealthAndSafetyCommittee")
REGIONAL_SOCIAL_PARTNERSHIP_FORUM = _two_sided(
    ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM, "RegionalSocialPartnershipForum"
)
NATIONAL_SOCIAL_PARTNERSHIP_FORUM = _two_sided(
    ForumKind.NATIONAL_SOCIAL_PARTNERSHIP_FORUM, "NationalSocialPartnershipForum"
)
