"""How acts load what they are about: through the viewer's own connection, locked where they will change it.

A row that does not come back is NOT_FOUND, whether it is hidden or was never there.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from service.access.statement import Statement
from service.access.viewer import Row
from service.db import consultations as db
from service.db.directory import OPEN_ROOMS
from service.db.nodes import by_ids
from service.forums import BODY
from service.forums.body import Body
from service.resolvers.acting import Acting, Target, not_found, not_permitted, refuse_if
from service.resolvers.ids import global_id, row_id
from service.rules.acts import Act
from service.rules.bodies import ForumKind, Purpose, Relation
from service.rules.consultations import State, closing_moment, move_problems, state_at


async def found(acting: Acting, statement: Statement, given: str, type_name: str, *path: str) -> Row:
    """The row of a global id. Raises Refused(NOT_FOUND) naming the field."""
    wanted = row_id(given, type_name)
    row = None if wanted is None else await acting.snapshot.one(statement, id=wanted)
    if row is None:
        raise not_found(*path)
    return row


async def node(acting: Acting, given: str, type_name: str, *path: str, ids: tuple[str, ...] = ()) -> Row:
    """The row of a global id of one type, or of one of several type names that share a table."""
    wanted = row_id(given, *(ids or (type_name,)))
    rows = [] if wanted is None else await by_ids(acting.snapshot, type_name, [wanted])
    row = rows[0] if rows else None
    if row is None or (type_name == "Forum" and not names_forum(given, row)):
        raise not_found(*path)
    return row


def names_forum(given: str, forum: Row) -> bool:
    """Whether a global id names this body as the kind that it is: under another kind's name it is the id of nothing."""
    return given == global_id(BODY[ForumKind(forum["kind"])].type_name, forum["id"])


async def own_room(acting: Acting, which: Callable[[Body], Purpose | None]) -> tuple[Body, UUID]:
    """What kind of body the acting seat's own is, and its room of the purpose that such bodies have for this."""
    rooms = await acting.snapshot.fetch(OPEN_ROOMS, forum=acting.seat["forum_id"])
    for room in rooms:
        body = BODY[ForumKind(room["kind"])]
        if room["purpose"] == which(body):
            return body, room["id"]
    raise not_permitted()


async def relations_to(acting: Acting, consultation: Row) -> frozenset[Relation]:
    """OWNER where the acting seat's body owns the consultation, CONSULTEE where it was asked."""
    own: UUID | None = acting.seat["forum_id"]
    if own is None:
        return frozenset()
    if own == consultation["forum_id"]:
        return frozenset({Relation.OWNER})
    engaged = await acting.snapshot.one(db.CONSULTEE_OF_FORUM, id=consultation["id"], forum=own)
    return frozenset() if engaged is None else frozenset({Relation.CONSULTEE})


def check_state(acting: Acting, act: Act, consultation: Row) -> State:
    """The consultation's state now. Raises Refused(WRONG_STATE) where the act is not possible in it."""
    state = state_at(State(consultation["stored_state"]), consultation["closes_at"], acting.now)
    refuse_if(move_problems(state, act))
    return state


def check_state_for(acting: Acting, act: Act, consultation: Row, consultee: Row) -> State:
    """The same, by the clock of one body whose time may have been extended."""
    closing = consultation["closes_at"] and closing_moment(consultation["closes_at"], consultee["extended_to"])
    state = state_at(State(consultation["stored_state"]), closing, acting.now)
    refuse_if(move_problems(state, act))
    return state


async def locked(acting: Acting, seen: Row) -> Row:
    """The consultation again, locked for change. Its readers may not all write it: they are not permitted."""
    row = await acting.snapshot.one(db.LOCKED, id=seen["id"])
    if row is None:
        raise not_permitted()
    return row


async def consultation_locked(acting: Acting, said: Any) -> Target:
    """The consultation itself, locked: for acts of its owners."""
    seen = await found(acting, db.SEEN, said.consultation_id, "Consultation", "consultationId")
    relations = await relations_to(acting, seen)
    row = await locked(acting, seen) if Relation.OWNER in relations else seen
    return Target(row, relations, row["revision"])


async def consultation_seen(acting: Acting, said: Any) -> Target:
    """The consultation, unlocked: for acts that leave it as it is."""
    row = await found(acting, db.SEEN, said.consultation_id, "Consultation", "consultationId")
    return Target(row, await relations_to(acting, row), row["revision"])


async def consultation_of(acting: Acting, row: Row, *, lock: bool) -> Row:
    """The consultation that a plan, an extension, a consultee or a point belongs to.

    Whoever reads a shared response without its papers has no part in it: they are not permitted.
    """
    seen = await acting.snapshot.one(db.SEEN, id=row["consultation_id"])
    if seen is None:
        raise not_permitted()
    return await locked(acting, seen) if lock else seen


async def consultee_locked(acting: Acting, said: Any) -> Target:
    """One body's engagement, locked, with its consultation beside it."""
    engaged = await node(acting, said.consultee_id, "Consultee", "consulteeId")
    row = await acting.snapshot.one(db.CONSULTEE_LOCKED, id=engaged["id"])
    # read only now: whoever ends the consultation holds this lock, and may just have done so
    consultation = await consultation_of(acting, engaged, lock=False)
    relations = await relations_to(acting, consultation)
    if Relation.CONSULTEE in relations and engaged["forum_id"] != acting.seat["forum_id"]:
        relations = frozenset()
    if row is None:
        raise not_permitted()
    return Target(row, relations, row["revision"], consultation)
