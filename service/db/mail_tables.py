"""The tables of mail, as SQLAlchemy Core sees them. The migrations make them; a test compares them."""

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, LargeBinary, Table, Text, Uuid

from service.db.tables import metadata

mail_preference = Table(
    "mail_preference",
    metadata,
    Column("id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("cadence", Text, nullable=False),
    Column("address", LargeBinary),
    Column("address_mark", LargeBinary),
    Column("code_number", Integer, nullable=False),
    Column("code_until", DateTime(timezone=True), nullable=False),
    Column("codes_on", Date, nullable=False),
    Column("codes", Integer, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("noted", Boolean, nullable=False),
    Column("day_slot", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("lease", Uuid),
    Column("leased_until", DateTime(timezone=True), nullable=False),
    Column("look_at", DateTime(timezone=True), nullable=False),
    schema="access",
)
mail_told = Table(
    "mail_told",
    metadata,
    Column("preference_id", Uuid, nullable=False),
    Column("notice", LargeBinary, nullable=False),
    schema="access",
)
mail_outgoing = Table(
    "mail_outgoing",
    metadata,
    Column("id", Uuid, nullable=False),
    Column("preference_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("address_mark", LargeBinary, nullable=False),
    Column("slot", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    schema="access",
)
