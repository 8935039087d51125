"""A sign-in of one's own: whoever leaves the trust loses its sign-in, and keeps sight of what they raised (DESIGN 9).

The code is asked for in any seat, whether or not anything was raised, so that asking tells nothing. The account that it
makes opens what its person raised and nothing else: no seat, no name, so that whoever runs that sign-in learns of none.
"""

from __future__ import annotations

import secrets
from base64 import b32encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import asyncpg

from service.access.viewer import Viewer
from service.db.directory import PERSON
from service.resolvers.acting import Acting, Done, Outcome, Target, not_permitted, persistently
from service.resolvers.context import Context
from service.rules.bodies import Relation
from service.rules.problems import Code, Problem

if TYPE_CHECKING:
    from service.schema.own_sign_ins import OwnSignInAcceptInput, OwnSignInInviteInput

INVITE: Final = "select access.own_sign_in_invite($1, $2)"
ACCEPT: Final = "select access.own_sign_in_accept($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as account_id"
LASTS: Final = timedelta(days=30)


def code_of(context: Context) -> str:
    """The code of the account that asks: 160 bits, made by the service's key and never stored."""
    return b32encode(context.mark(context.keys.invitations, "own sign-in", context.viewer.account)[:20]).decode()


async def load_self(acting: Acting, said: Any) -> Target:
    """Oneself."""
    row = await acting.snapshot.one(PERSON, id=acting.seat["person_id"])
    if row is None:
        raise not_permitted()
    return Target(row, frozenset({Relation.ANYONE}))


async def invite(acting: Acting, target: Target, said: OwnSignInInviteInput) -> Done:
    """Make the code good for thirty days."""
    digest = sha256(code_of(acting.context).encode()).digest()
    await acting.snapshot.call(INVITE, digest, acting.now + LASTS)
    return Done(target.row["id"], "ownSignIn.invited", None)


async def accept(context: Context, said: OwnSignInAcceptInput, plain: dict[str, Any]) -> Outcome:
    """Make the sign-in of this request an account of the person who asked for the code."""
    code = sha256(said.code.strip().upper().encode("utf-8", "replace")).digest()
    outcome = await persistently(lambda: _accept_once(context, code))
    await context.renew()
    return outcome


async def _accept_once(context: Context, code: bytes) -> Outcome:
    signed_in = context.signed_in
    async with context.doorway.acting(replace(context.viewer, seat=None, merge=False)) as snapshot:
        made, proof = context.doorway.enrolment_proof(snapshot.connection, signed_in.issuer, signed_in.subject)
        ids = (uuid4(), made, proof, uuid4(), uuid4(), secrets.token_hex(16), "{}")
        try:
            (found,) = await snapshot.call(ACCEPT, code, signed_in.issuer, signed_in.subject, *ids)
        except asyncpg.InvalidAuthorizationSpecificationError:
            account = None
        else:
            account = found["account_id"]
            await snapshot.commit()
    if account is None and signed_in.account is None:  # the reply to an earlier turn's commit may have been lost
        account = await context.doorway.identify(signed_in.issuer, signed_in.subject)
    if account is None:
        return Outcome(problems=(Problem(Code.NOT_FOUND, "This code opens nothing.", ("code",)),))
    context.viewer = Viewer(account)
    return Outcome(account)
