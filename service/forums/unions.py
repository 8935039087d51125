"""A trade-union group: a branch or self-organised group inside one recognised union, never the employer's body.

Its entry lives in its own joint room, which the trust's staff side may open and the employer never can: that the
group exists, and how large it is, is the union's to tell. Members' seats are recorded in the officers' room.
Its officers enrol members by invitation, with no HR record (founding document S0, TU self-organised group).
"""

from service.forums.body import Body, rows
from service.rules.bodies import ForumKind, Office, Purpose, Side

TRADE_UNION_GROUP = Body(
    kind=ForumKind.TRADE_UNION_GROUP,
    type_name="TradeUnionGroup",
    rooms=(Purpose.JOINT, Purpose.MEMBERS, Purpose.OFFICERS),
    offices=(
        *rows(
            Side.STAFF,
            (Office.CHAIR, Office.CO_CHAIR, Office.VICE_CHAIR, Office.SECRETARY, Office.OFFICER),
            opens=(Purpose.JOINT, Purpose.MEMBERS, Purpose.OFFICERS),
            home=Purpose.JOINT,
            granted_by=(Purpose.OFFICERS,),
        ),
        *rows(
            Side.STAFF,
            (Office.FULL_TIME_OFFICIAL,),
            opens=(Purpose.JOINT, Purpose.MEMBERS, Purpose.OFFICERS),
            home=Purpose.JOINT,
            granted_by=(Purpose.OFFICERS,),
        ),
        *rows(
            Side.STAFF,
            (Office.WORKPLACE_REPRESENTATIVE, Office.EQUALITY_REPRESENTATIVE, Office.SAFETY_REPRESENTATIVE),
            opens=(Purpose.JOINT, Purpose.MEMBERS),
            home=Purpose.JOINT,
            granted_by=(Purpose.OFFICERS,),
        ),
        *rows(
            Side.STAFF,
            (Office.MEMBER,),
            opens=(Purpose.JOINT, Purpose.MEMBERS),
            home=Purpose.OFFICERS,
            granted_by=(Purpose.OFFICERS,),
        ),
    ),
    comments={Side.STAFF: Purpose.MEMBERS},
    informed=(Purpose.MEMBERS, Purpose.OFFICERS),
    answers=Purpose.OFFICERS,
)
