"""The tables of webhooks, as SQLAlchemy Core sees them. The migrations make them; a test compares them."""

from sqlalchemy import Column, DateTime, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from service.db.tables import metadata

webhook_endpoint = Table(
    "webhook_endpoint",
    metadata,
    Column("id", Uuid, nullable=False),
    Column("room_id", Uuid, nullable=False),
    Column("url", Text, nullable=False),
    Column("types", ARRAY(Text), nullable=False),
    Column("state", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("previous_secret", LargeBinary),
    Column("previous_until", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("revision", Integer, nullable=False),
)
webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    Column("id", Uuid, nullable=False),
    Column("room_id", Uuid, nullable=False),
    Column("endpoint_id", Uuid, nullable=False),
    Column("lane", Uuid, nullable=False),
    Column("place", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("type_name", Text, nullable=False),
    Column("node", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_status", Integer),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("first_tried_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True), nullable=False),
)
webhook_turn = Table(
    "webhook_turn",
    metadata,
    Column("endpoint_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("seat_id", Uuid, nullable=False),
    Column("told", Text, nullable=False),
    Column("lease", Uuid),
    Column("leased_until", DateTime(timezone=True), nullable=False),
    Column("look_at", DateTime(timezone=True), nullable=False),
    Column("rooms", ARRAY(Uuid)),
    Column("seen", Text),
    Column("any_case_at", DateTime(timezone=True), nullable=False),
    schema="access",
)
