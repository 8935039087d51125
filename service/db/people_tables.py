"""The tables of what HR keeps, as SQLAlchemy Core sees them. The migrations make them; a test compares them."""

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from service.db.tables import metadata

assignment = Table(
    "assignment",
    metadata,
    Column("id", Uuid, nullable=False),
    Column("room_id", Uuid, nullable=False),
    Column("organisation_id", Uuid, nullable=False),
    Column("person_number", Text, nullable=False),
    Column("assignment_number", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("forum_id", Uuid),
    Column("side", Text),
    Column("office", Text),
    Column("title", Text),
    Column("employment_seat", Uuid),
    Column("post_seat", Uuid),
    Column("dropped", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
people_import = Table(
    "people_import",
    metadata,
    Column("id", Uuid, nullable=False),
    Column("room_id", Uuid, nullable=False),
    Column("mode", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("row_count", Integer, nullable=False),
    Column("dry_run", Boolean, nullable=False),
    Column("stored", Boolean, nullable=False),
    Column("joiners", Integer, nullable=False),
    Column("movers", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("leavers", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("differences", JSONB, nullable=False),
    Column("problems", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
