"""Enrolment by a body's invitation: bank, agency and external members and union officials have no HR record.

The code is made from the invitation's id by the service's key, shown once to its issuer and never stored; the database
keeps its hash. Whoever accepts is known by (issuer, subject), never by e-mail.
"""

from __future__ import annotations

from base64 import b32encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID, uuid4

import asyncpg
from uuid_utils.compat import uuid7

from service.access.viewer import Row, Viewer
from service.db.directory import own_seats
from service.db.traces import KEPT
from service.forums import FORUM_TYPES
from service.resolvers.acting import (
    Acting,
    Deed,
    Done,
    Outcome,
    Refused,
    Target,
    from_kept,
    key_mark,
    key_problems,
    not_permitted,
    persistently,
    settle,
)
from service.resolvers.context import Context
from service.resolvers.seats import ISSUER_MOST, office_row, own_purposes
from service.resolvers.targets import node
from service.rules.acts import Act
from service.rules.bodies import Relation
from service.rules.calendar import end_of_day
from service.rules.problems import Code, Problem
from service.rules.text import line_problems

if TYPE_CHECKING:
    from service.schema.invitations import InvitationAcceptInput, InvitationIssueInput

ISSUE: Final = "select access.invitation_issue($1, $2, $3, $4, $5, $6, $7, $8)"
ACCEPT: Final = "select * from access.invitation_accept($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
LONGEST_DAYS: Final = 90


def code_of(context: Context, invitation: UUID) -> str:
    """The code of an invitation: 160 bits, so that none is ever guessed."""
    return b32encode(context.mark(context.keys.invitations, invitation)[:20]).decode()


async def load_own_forum(acting: Acting, said: InvitationIssueInput) -> Target:
    """The acting seat's own body."""
    forum = await node(acting, said.forum_id, "Forum", "forumId", ids=FORUM_TYPES)
    own = forum["id"] == acting.seat["forum_id"]
    return Target(forum, frozenset({Relation.OWNER} if own else ()))


async def issue(acting: Acting, target: Target, said: InvitationIssueInput) -> Done:
    """An invitation to one office of one's own body."""
    forum = target.row
    row = office_row(forum["kind"], said.side, said.office)
    if not set(row.granted_by) & own_purposes(acting, forum):
        raise not_permitted()
    expires_at = end_of_day(said.expires_on)
    if not timedelta() < expires_at - acting.now <= timedelta(days=LONGEST_DAYS):
        message = f"An invitation expires in the future, within {LONGEST_DAYS} days."
        raise Refused(Problem(Code.INVALID, message, ("expiresOn",)))
    if said.issuer is not None and (problems := line_problems(said.issuer, field=("issuer",), most=ISSUER_MOST)):
        raise Refused(*problems)
    identity = acting.new_id()
    digest = sha256(code_of(acting.context, identity).encode()).digest()
    await acting.snapshot.call(
        ISSUE, identity, forum["id"], said.side, said.office, None, said.issuer, digest, expires_at
    )
    return Done(identity, "invitation.issued", None)


async def accept(context: Context, said: InvitationAcceptInput, plain: dict[str, Any]) -> Outcome:
    """Take the seat that the invitation offers. It enrols somebody whom the service did not know."""
    if problems := key_problems(Act.INVITATION_ACCEPT, said.idempotency_key):
        return Outcome(problems=tuple(problems))
    code = sha256(said.code.strip().upper().encode("utf-8", "replace")).digest()
    taken: list[Viewer] = []
    outcome = await persistently(lambda: _accept_once(context, said, code, taken))
    await context.renew(taken[-1] if taken else None)
    return outcome


async def _accept_once(context: Context, said: InvitationAcceptInput, code: bytes, taken: list[Viewer]) -> Outcome:
    """It enters twice: as nobody (or as who one is) to take the seat, then in that seat, to leave the act's trace."""
    signed_in = context.signed_in
    name = (signed_in.name or "").strip()[:200] or "Unnamed"
    async with context.doorway.acting(replace(context.viewer, seat=None, merge=False)) as snapshot:
        made, proof = context.doorway.enrolment_proof(snapshot.connection, signed_in.issuer, signed_in.subject)
        # a person's id tells no age: HR, which may employ them later, learns nothing of since when they are known
        ids = (uuid4(), uuid7(), uuid7(), uuid7())
        try:
            (found,) = await snapshot.call(ACCEPT, code, signed_in.issuer, signed_in.subject, name, *ids, made, proof)
        except asyncpg.InvalidAuthorizationSpecificationError:
            found = None
        if found is not None:
            viewer = Viewer(found["account_id"], found["seat_id"])
            entered = await context.doorway.enter(snapshot.connection, viewer)
            deed = Deed(Act.INVITATION_ACCEPT, accepted, took_seat, "Seat")
            taken.append(viewer)
            return await settle(context, entered, deed, said, said.idempotency_key, code)
    return await _accepted_before(context, said.idempotency_key, code, taken)


async def _accepted_before(context: Context, key: str, code: bytes, taken: list[Viewer]) -> Outcome:
    """What this person got for this code under this key: kept with the seat that they took, whichever that was."""
    account = await context.doorway.identify(context.signed_in.issuer, context.signed_in.subject)
    async with context.doorway.reading(Viewer(account, merge=True)) as snapshot:
        person = (await snapshot.entered()).person
        for seat in await own_seats(snapshot):
            assert person is not None
            mark = key_mark(context, person, seat["id"], Act.INVITATION_ACCEPT, key)
            kept = await snapshot.one(KEPT, key=mark)
            if kept is not None and kept["kept_input"] == code:
                taken.append(Viewer(account, seat["id"]))
                return from_kept(kept["kept_outcome"])
    return Outcome(problems=(Problem(Code.NOT_FOUND, "This code opens nothing.", ("code",)),))


async def accepted(acting: Acting, said: InvitationAcceptInput) -> Target:
    """The seat that was just taken."""
    return Target(cast("Row", acting.seat), frozenset({Relation.ANYONE}))


async def took_seat(acting: Acting, target: Target, said: InvitationAcceptInput) -> Done:
    """Nothing is left to do but the trace."""
    return Done(acting.seat["id"], "invitation.accepted", None)
