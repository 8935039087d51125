"""Webhooks: what an endpoint may be, what it may choose to hear of, and when a failed delivery is tried again."""

from service.rules.webhooks.addresses import Network, address_refused, pinned
from service.rules.webhooks.endpoints import Place, endpoint_problems, place_of
from service.rules.webhooks.events import (
    EVENT_TYPES,
    DeliveryState,
    EndpointState,
    EventType,
    described,
    event_type,
    named,
    wire,
)
from service.rules.webhooks.retries import Fate, Verdict, fate_of

__all__ = [
    "EVENT_TYPES",
    "DeliveryState",
    "EndpointState",
    "EventType",
    "Fate",
    "Network",
    "Place",
    "Verdict",
    "address_refused",
    "described",
    "endpoint_problems",
    "event_type",
    "fate_of",
    "named",
    "pinned",
    "place_of",
    "wire",
]
