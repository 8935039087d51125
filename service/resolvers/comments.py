"""Members comment inside their own body, on the draft or one clause of it, shown as "a member" unless they choose.

Who wrote a comment is kept in the author's own room, and so is the audit entry: neither the other members nor the
officers learn it from the comment's (founding document S0, section 6: nobody is obliged to declare anything).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.db import consultations as db
from service.db.directory import PERSON
from service.db.writing import add_together
from service.resolvers.acting import Acting, Done, Refused, Target, not_found, not_permitted, refuse_if
from service.resolvers.ids import row_id
from service.resolvers.targets import check_state, check_state_for, node, own_room, relations_to
from service.rules.bodies import Relation, Side
from service.rules.consultations import comment_problems
from service.rules.problems import Code, Problem
from service.rules.text import normalised

if TYPE_CHECKING:
    from service.schema.comments import CommentAddInput, CommentWithdrawInput


async def add_comment(acting: Acting, target: Target, said: CommentAddInput) -> Done:
    """A comment in the room where the acting seat's side of its body comments."""
    consultation, snapshot = target.row, acting.snapshot
    if Relation.CONSULTEE in target.relations:
        engaged = await snapshot.one(db.CONSULTEE_OF_FORUM, id=consultation["id"], forum=acting.seat["forum_id"])
        assert engaged is not None
        check_state_for(acting, acting.act, consultation, engaged)
    else:
        check_state(acting, acting.act, consultation)
    body, room = await own_room(acting, lambda body: body.comments.get(acting.side))
    clause = None
    if said.clause_id is not None:
        wanted = row_id(said.clause_id, "Clause")
        clause = None if wanted is None else await snapshot.one(db.CLAUSE, id=wanted)
        if clause is None or clause["consultation_id"] != consultation["id"]:
            message = "The policy consulted on has no such clause."
            raise Refused(Problem(Code.UNKNOWN_CLAUSE, message, ("clauseId",)))
    refuse_if(comment_problems(said.body, None, ()))
    person = await snapshot.one(PERSON, id=acting.seat["person_id"]) if said.show_name else None
    identity = acting.new_id()
    comment = {
        "id": identity,
        "room_id": room,
        "consultation_id": consultation["id"],
        "consultation_room": consultation["room_id"],
        "clause_id": None if clause is None else clause["id"],
        "forum_id": acting.seat["forum_id"],
        "side": acting.side if said.show_name or body.comments_alone(acting.side) else Side.NONE,
        "office": acting.office if said.show_name else None,
        "author_name": None if person is None else person["display_name"],
        "body": normalised(said.body),
    }
    author = {"comment_id": identity, "comment_room": room, "room_id": acting.seat["personal_room"]}
    await add_together(snapshot, {"comment": comment, "comment_author": author})
    return Done(identity, "comment.added", None, event_room=room)


async def load_comment(acting: Acting, said: CommentWithdrawInput) -> Target:
    """The comment, and whether it is the acting seat's own."""
    comment = await node(acting, said.comment_id, "Comment", "commentId")
    consultation = await acting.snapshot.one(db.SEEN, id=comment["consultation_id"])
    if consultation is None:
        raise not_found("commentId")
    return Target(comment, await relations_to(acting, consultation), None, consultation)


async def withdraw_comment(acting: Acting, target: Target, said: CommentWithdrawInput) -> Done:
    """Its author takes a comment back: the text goes, the place stays."""
    comment, consultation = target.row, target.parent
    assert consultation is not None
    if await acting.snapshot.one(db.COMMENT_OWN, id=comment["id"]) is None:
        raise not_permitted()
    check_state(acting, acting.act, consultation)
    await acting.snapshot.fetch(db.WITHDRAW_COMMENT, id=comment["id"])
    return Done(comment["id"], "comment.withdrawn", None, event_room=comment["room_id"])
