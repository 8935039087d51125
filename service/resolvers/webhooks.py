"""A seat's own webhooks: where to tell what changed, with which secret, and what was not taken there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4

from service.access.viewer import Row, Viewer
from service.db import webhooks as db
from service.db.changes import Position
from service.db.writing import add
from service.resolvers.acting import Acting, Done, Refused, Target, not_found, refuse_if
from service.resolvers.context import Context
from service.resolvers.own_sign_ins import load_self
from service.resolvers.positions import sealed
from service.resolvers.targets import node
from service.resolvers.webhook_secrets import new_secret, opened_secret, sealed_secret, shown
from service.rules.bodies import Relation
from service.rules.problems import Code, Problem
from service.rules.webhooks import endpoint_problems, wire

if TYPE_CHECKING:
    from service.schema.webhooks import (
        WebhookDeliveryReplayInput,
        WebhookEndpointAddInput,
        WebhookEndpointEndInput,
        WebhookEndpointRotateInput,
    )

OVERLAP: Final = timedelta(days=1)
"""How long the secret before a new one signs as well."""
MOST: Final = 10
"""Endpoints of one seat at a time."""
MESSAGE: Final = "msg_"
load_seat = load_self


def message_id(delivery: UUID) -> str:
    """A delivery's name, the same over all attempts: the header `webhook-id`."""
    return f"{MESSAGE}{delivery.hex}"


def secret_of(context: Context, row: Row) -> str | None:
    """An endpoint's secret, for the payload of the act that made it."""
    secret = opened_secret(context.keys.webhooks, row["id"], row["secret"])
    return None if secret is None else shown(secret)


async def add_endpoint(acting: Acting, target: Target, said: WebhookEndpointAddInput) -> Done:
    """Begin to tell an address, from now on. A name's addresses are judged each time something is sent to it."""
    snapshot, context, room = acting.snapshot, acting.context, acting.seat["personal_room"]
    types = [wire(each) for each in said.types]
    refuse_if(endpoint_problems(said.url, types, context.webhook_networks))
    if len(await snapshot.fetch(db.ACTIVE, room=room)) >= MOST:
        raise Refused(Problem(Code.TOO_MANY, f"A seat has at most {MOST} endpoints at a time.", ("url",)))
    identity, account = uuid4(), context.viewer.account
    assert account is not None
    secret = sealed_secret(context.keys.webhooks, identity, new_secret())
    await add(snapshot, "webhook_endpoint", id=identity, room_id=room, url=said.url, types=types, secret=secret)
    viewer = Viewer(account, acting.seat["id"])
    told = sealed(context.keys.feed, viewer, await Position.now(snapshot))
    await db.register(snapshot, context.doorway, identity, account, told)
    return Done(identity, "webhookEndpoint.added", None, revision=1)


async def load_endpoint(acting: Acting, said: Any) -> Target:
    """An endpoint of the acting seat's own."""
    row = await node(acting, said.endpoint_id, "WebhookEndpoint", "endpointId")
    return Target(row, frozenset({Relation.ANYONE}), row["revision"])


def _active(row: Row) -> None:
    if row["state"] != "ACTIVE":
        raise Refused(Problem(Code.WRONG_STATE, "This endpoint has ended: add a new one."))


async def rotate(acting: Acting, target: Target, said: WebhookEndpointRotateInput) -> Done:
    """Sign with a new secret, and for a while with the old one too."""
    _active(target.row)
    secret = sealed_secret(acting.context.keys.webhooks, target.row["id"], new_secret())
    await acting.snapshot.fetch(db.ROTATE, id=target.row["id"], new_secret=secret, until=acting.now + OVERLAP)
    return Done(target.row["id"], "webhookEndpoint.rotated", None, revision=target.row["revision"] + 1)


async def end(acting: Acting, target: Target, said: WebhookEndpointEndInput) -> Done:
    """Tell it nothing more."""
    _active(target.row)
    await acting.snapshot.fetch(db.END, id=target.row["id"])
    return Done(target.row["id"], "webhookEndpoint.ended", None, revision=target.row["revision"] + 1)


async def replay(acting: Acting, target: Target, said: WebhookDeliveryReplayInput) -> Done:
    """Send again what was given up."""
    _active(target.row)
    one = None
    if said.webhook_id is not None:
        one = _delivery(said.webhook_id)
    again = await acting.snapshot.fetch(db.REPLAY, id=target.row["id"], delivery=one)
    if not again and said.webhook_id is not None:
        raise not_found("webhookId")
    return Done(target.row["id"], "webhookDelivery.replayed", None, revision=target.row["revision"])


def _delivery(given: str) -> UUID:
    try:
        return UUID(given.removeprefix(MESSAGE))
    except ValueError:
        raise not_found("webhookId") from None
