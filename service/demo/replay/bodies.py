"""What bodies and their members say: comments in the body's own room, one formal response in a room of its own."""

from typing import Any

from service.demo.cases import Comment, Did, Point, Response
from service.demo.clauses import address
from service.demo.replay.case import Case, Done
from service.demo.replay.papers import clause_id
from service.demo.rows import room_id
from service.demo.shapes import demo_id
from service.forums import BODY
from service.rules.bodies import Purpose, Side
from service.rules.consultations import closing_moment, late

CONSULTED_ON = 1


def comment(case: Case, did: Did, given: Comment) -> Done:
    """A comment; who wrote it is kept in the author's own room, and so is the audit entry."""
    seat, id = case.seat(did), _comment_id(case, given)
    body = BODY[case.place.forums[given.forum].kind]
    into = room_id(given.forum, body.comments[seat.side])
    is_named = given.is_named and given.withdrawn is None
    case.add(
        "comment",
        id=id,
        room_id=into,
        consultation_id=case.row["id"],
        consultation_room=case.papers,
        clause_id=_clause(case, given.clause),
        forum_id=demo_id("forum", given.forum),
        side=seat.side if is_named or body.comments_alone(seat.side) else Side.NONE,
        office=seat.office if is_named else None,
        author_name=case.place.names[seat.holder] if is_named else None,
        body="" if given.withdrawn else given.text,
        withdrawn=given.withdrawn is not None,
        created_at=did.at,
    )
    case.add("comment_author", comment_id=id, comment_room=into, room_id=room_id(seat.key, Purpose.PERSONAL))
    return Done(id, "comment.added", None, event_room=into)


def withdraw_comment(case: Case, did: Did, given: Comment) -> Done:
    """Its author takes it back: the text goes, the place stays."""
    into = room_id(given.forum, BODY[case.place.forums[given.forum].kind].comments[case.seat(did).side])
    return Done(_comment_id(case, given), "comment.withdrawn", None, event_room=into)


def _comment_id(case: Case, given: Comment) -> Any:
    return case.id("comment", case.given.comments.index(given))


def _clause(case: Case, words: str | None) -> Any:
    return words and clause_id(case, CONSULTED_ON, address(case.given.policy, CONSULTED_ON, words))


def save_draft(case: Case, did: Did, given: Response) -> Done:
    """The officers' draft, in their own room."""
    engaged, id = case.consultees[given.forum], case.id("draft", given.forum)
    purpose = BODY[case.place.forums[given.forum].kind].answers
    if purpose is None:
        raise ValueError(f"{given.forum} has no room to answer from")
    own = room_id(given.forum, purpose)
    points = [
        {"clause": point.clause and str(_clause(case, point.clause)), "body": point.text} for point in given.points
    ]
    case.add(
        "response_draft",
        id=id,
        room_id=own,
        consultee_id=engaged["id"],
        consultee_room=engaged["room_id"],
        stance=given.stance,
        summary=given.summary,
        points=points,
        minority_views=list(given.minority_views),
        created_at=did.at,
        updated_at=did.at,
    )
    return Done(id, "responseDraft.saved", own, 1)


def submit(case: Case, did: Did, given: Response) -> Done:
    """The response, as a copy into the engagement's own room; late after its time."""
    seat, engaged, id = case.seat(did), case.consultees[given.forum], case.id("response", given.forum)
    closing = closing_moment(case.row["closes_at"], engaged["extended_to"])
    case.add(
        "response",
        id=id,
        room_id=engaged["room_id"],
        consultee_id=engaged["id"],
        consultation_id=case.row["id"],
        forum_id=engaged["forum_id"],
        stance=given.stance,
        summary=given.summary,
        late=late(closing, did.at),
        side=seat.side,
        office=seat.office,
        submitted_at=did.at,
        created_at=did.at,
    )
    for position, point in enumerate(given.points, 1):
        _point(case, did, engaged, id, position, point)
    for position, view in enumerate(given.minority_views, 1):
        case.add(
            "minority_view",
            id=case.id("minority", f"{given.forum}/{position}"),
            room_id=engaged["room_id"],
            response_id=id,
            position=position,
            body=view,
            created_at=did.at,
        )
    engaged["responded_at"] = did.at
    engaged["revision"] += 1
    return Done(id, "response.submitted", engaged["room_id"], engaged["revision"])


def _point(case: Case, did: Did, engaged: dict[str, Any], response: Any, position: int, point: Point) -> None:
    case.add(
        "response_point",
        id=case.id("point", point.key),
        room_id=engaged["room_id"],
        response_id=response,
        consultation_id=case.row["id"],
        position=position,
        clause_id=_clause(case, point.clause),
        clause_room=point.clause and case.papers,
        body=point.text,
        created_at=did.at,
    )
