"""Staff networks: autonomous, with a confidential membership (founding document S0, sections 6 and 8).

Officers open both rooms, members the members' room. Who is a member is recorded in the officers' room alone: that
somebody belongs to a network can out them. The network chooses which officers are named in the trust's directory.
Allies and the staff-side lead open the members' room where the network's terms of reference say so.
"""

from service.forums.body import Body, rows
from service.rules.bodies import ForumKind, Office, Purpose, Side

STAFF_NETWORK = Body(
    kind=ForumKind.STAFF_NETWORK,
    type_name="StaffNetwork",
    rooms=(Purpose.MEMBERS, Purpose.OFFICERS),
    offices=(
        *rows(
            Side.NETWORK,
            (Office.CHAIR, Office.CO_CHAIR, Office.VICE_CHAIR, Office.SECRETARY, Office.OFFICER),
            opens=(Purpose.MEMBERS, Purpose.OFFICERS),
            home=Purpose.MEMBERS,
            granted_by=(Purpose.OFFICERS,),
            may_be_public=True,
        ),
        *rows(
            Side.NETWORK,
            (Office.MEMBER,),
            opens=(Purpose.MEMBERS,),
            home=Purpose.OFFICERS,
            granted_by=(Purpose.OFFICERS,),
        ),
        *rows(
            Side.NETWORK,
            (Office.ALLY,),
            opens=(),
            home=Purpose.OFFICERS,
            granted_by=(Purpose.OFFICERS,),
            opens_by_terms=(Purpose.MEMBERS,),
        ),
        *rows(
            Side.STAFF,
            (Office.STAFF_SIDE_LEAD,),
            opens=(),
            home=Purpose.MEMBERS,
            granted_by=(Purpose.OFFICERS,),
            opens_by_terms=(Purpose.MEMBERS,),
        ),
        *rows(
            Side.MANAGEMENT,
            (Office.SPONSOR, Office.EDI_LEAD, Office.HR_LEAD),
            opens=(),
            home=Purpose.ORGANISATION,
            granted_by=(Purpose.OFFICERS,),
        ),
    ),
    comments={Side.NETWORK: Purpose.MEMBERS, Side.STAFF: Purpose.MEMBERS},
    informed=(Purpose.MEMBERS, Purpose.OFFICERS),
    answers=Purpose.OFFICERS,
    joinable=True,
)
