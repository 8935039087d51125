"""Webhooks: a seat's own endpoints, and what was sent to them."""

from datetime import datetime

import strawberry

from service.db import webhooks as db
from service.resolvers.webhooks import message_id
from service.rules.webhooks import named
from service.schema.enums import WebhookDeliveryStateKind, WebhookEndpointStateKind, WebhookEventType
from service.schema.fields import Node, computed, connection, identity, plain


@strawberry.type(description="One message to an endpoint: that a thing changed, and nothing of it.")
class WebhookDelivery:
    webhook_id: str = computed(
        lambda rows, info: [message_id(row["id"]) for row in rows],
        str,
        "The header `webhook-id`, the same over all attempts.",
        reads=("id",),
    )
    type: WebhookEventType = computed(
        lambda rows, info: [named(row["type"]) for row in rows], WebhookEventType, "What changed.", reads=("type",)
    )
    state: WebhookDeliveryStateKind = plain("What became of it.")
    attempts: int = plain("How often it was tried.")
    last_status: int | None = plain("The HTTP status of the last answer; null where there was none.")
    created_at: datetime = plain("When the change was noticed.")


@strawberry.type(description="An address that is told what changes of what the seat may see that added it.")
class WebhookEndpoint(Node):
    id: strawberry.ID = identity("WebhookEndpoint")
    url: str = plain("The address.")
    types: list[WebhookEventType] = computed(
        lambda rows, info: [[named(each) for each in row["types"]] for row in rows],
        list[WebhookEventType],
        "What it is told of.",
        reads=("types",),
    )
    state: WebhookEndpointStateKind = plain("Whether it is told.")
    previous_until: datetime | None = plain("Until when the secret before the present one signs as well.")
    created_at: datetime = plain("When it was added.")
    revision: int = plain("How often it was changed.")
    deliveries = connection(
        db.DELIVERIES,
        "WebhookDelivery",
        "What was sent to it or is to be, oldest first; what is done with goes after thirty days.",
        filters={"state": (WebhookDeliveryStateKind, "Only those in this state.")},
    )


@strawberry.input(description="Have an address told what changes of what the acting seat may see.")
class WebhookEndpointAddInput:
    url: str = strawberry.field(description="An https address on the open internet, at port 443 or 8443.")
    types: list[WebhookEventType] = strawberry.field(description="What to be told of.")
    idempotency_key: str = strawberry.field(description="Same key, same answer.")


@strawberry.input(description="Sign with a new secret; for a day the one before it signs as well.")
class WebhookEndpointRotateInput:
    endpoint_id: strawberry.ID = strawberry.field(description="The endpoint.")
    idempotency_key: str = strawberry.field(description="Same key, same answer.")
    expected_revision: int | None = strawberry.field(default=None, description="The revision that one has read.")


@strawberry.input(description="Tell an endpoint nothing more.")
class WebhookEndpointEndInput:
    endpoint_id: strawberry.ID = strawberry.field(description="The endpoint.")
    expected_revision: int | None = strawberry.field(default=None, description="The revision that one has read.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Send again what an endpoint did not take.")
class WebhookDeliveryReplayInput:
    endpoint_id: strawberry.ID = strawberry.field(description="The endpoint.")
    webhook_id: str | None = strawberry.field(
        default=None, description="One dead delivery, by its `webhookId`; all of them where it is left out."
    )
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")
