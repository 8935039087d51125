"""Bodies that meet as one: the EDI steering group, the board and its committees, the People Committee, speak-up.

The EDI steering group seats management, unions, networks and independents in one room (founding document S0, EDI
steering group). Non-executive directors are not management side. Ambassadors help people to speak up and open no
guardian's record (S0, FTSU).
"""

from service.forums.body import Body, rows
from service.rules.bodies import ForumKind, Office, Purpose, Side

CHAIRS = (Office.CHAIR, Office.CO_CHAIR, Office.VICE_CHAIR, Office.SECRETARY)
SEATED = (Office.MEMBER, Office.DEPUTY)

EDI_STEERING_GROUP = Body(
    kind=ForumKind.EDI_STEERING_GROUP,
    type_name="EdiSteeringGroup",
    rooms=(Purpose.JOINT,),
    offices=(
        *(
            row
            for side in (Side.MANAGEMENT, Side.STAFF, Side.NETWORK, Side.INDEPENDENT)
            for offices, home in ((CHAIRS, Purpose.ORGANISATION), (SEATED, Purpose.JOINT))
            for row in rows(side, offices, opens=(Purpose.JOINT,), home=home, granted_by=(Purpose.JOINT,))
        ),
        *rows(
            Side.MANAGEMENT,
            (Office.EDI_LEAD, Office.HR_LEAD, Office.SPONSOR),
            opens=(),
            home=Purpose.ORGANISATION,
            granted_by=(Purpose.JOINT, Purpose.WORKFORCE),
        ),
        *rows(
            Side.NONE,
            (Office.SECRETARIAT,),
            opens=(Purpose.JOINT,),
            home=Purpose.ORGANISATION,
            granted_by=(Purpose.JOINT,),
        ),
        *rows(Side.NONE, (Office.OBSERVER,), opens=(), home=Purpose.JOINT, granted_by=(Purpose.JOINT,)),
    ),
    comments={
        Side.MANAGEMENT: Purpose.JOINT,
        Side.STAFF: Purpose.JOINT,
        Side.NETWORK: Purpose.JOINT,
        Side.INDEPENDENT: Purpose.JOINT,
    },
    informed=(Purpose.JOINT,),
    answers=Purpose.JOINT,
)


def _of_directors(kind: ForumKind, type_name: str) -> Body:
    granters = (Purpose.JOINT, Purpose.WORKFORCE)
    return Body(
        kind=kind,
        type_name=type_name,
        rooms=(Purpose.JOINT,),
        offices=(
            *(
                row
                for side in (Side.MANAGEMENT, Side.INDEPENDENT)
                for row in rows(
                    side, (*CHAIRS, *SEATED), opens=(Purpose.JOINT,), home=Purpose.ORGANISATION, granted_by=granters
                )
            ),
            *rows(
                Side.NONE,
                (Office.SECRETARIAT,),
                opens=(Purpose.JOINT,),
                home=Purpose.ORGANISATION,
                granted_by=granters,
            ),
            *rows(Side.NONE, (Office.OBSERVER,), opens=(), home=Purpose.JOINT, granted_by=(Purpose.JOINT,)),
        ),
        comments={Side.MANAGEMENT: Purpose.JOINT, Side.INDEPENDENT: Purpose.JOINT},
        informed=(Purpose.JOINT,),
        answers=Purpose.JOINT,
    )


BOARD = _of_directors(ForumKind.BOARD, "Board")
BOARD_COMMITTEE = _of_directors(ForumKind.BOARD_COMMITTEE, "BoardCommittee")
EXECUTIVE_COMMITTEE = _of_directors(ForumKind.EXECUTIVE_COMMITTEE, "ExecutiveCommittee")

FREEDOM_TO_SPEAK_UP = Body(
    kind=ForumKind.FREEDOM_TO_SPEAK_UP,
    type_name="FreedomToSpeakUp",
    rooms=(Purpose.MEMBERS, Purpose.OFFICERS),
    offices=(
        *rows(
            Side.INDEPENDENT,
            (Office.GUARDIAN,),
            opens=(Purpose.MEMBERS, Purpose.OFFICERS),
            home=Purpose.ORGANISATION,
            granted_by=(Purpose.OFFICERS,),
        ),
        *rows(
            Side.INDEPENDENT,
            (Office.AMBASSADOR,),
            opens=(Purpose.MEMBERS,),
            home=Purpose.ORGANISATION,
            granted_by=(Purpose.OFFICERS,),
        ),
    ),
    comments={Side.INDEPENDENT: Purpose.MEMBERS},
    informed=(Purpose.MEMBERS, Purpose.OFFICERS),
    answers=Purpose.OFFICERS,
)
