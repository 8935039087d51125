"""Entering as a viewer, and what every statement asks of the walls, planned once for each connection and read from one
index.

Nothing opens that did not. A downgrade loses nothing but time.
"""

from pathlib import Path

from alembic import op
from sqlalchemy.util import await_only

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "quick_enter"
# The policy on doors reads just these columns, for every statement: an index that holds them spares it the table.
DOOR = "create index door_from_room on graph.door (from_room, into_room) include (may_write, opens_at, closes_at)"
DOOR_BEFORE = "create index door_from_room_into_room_idx on graph.door (from_room, into_room)"


def _replace(functions: str) -> None:
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    op.execute("set local lock_timeout = '5s'")
    op.execute("set local statement_timeout = '60s'")
    op.execute("set local role partnership_owner")
    op.execute("grant create on schema access to partnership_access")
    op.execute("set local role partnership_access")
    await_only(driver.execute((SQL / f"{functions}.sql").read_text()))
    op.execute("set local role partnership_owner")
    op.execute("revoke create on schema access from partnership_access")


def upgrade() -> None:
    _replace("access")
    op.execute(DOOR)
    op.execute("drop index graph.door_from_room_into_room_idx")


def downgrade() -> None:
    _replace("before")
    op.execute(DOOR_BEFORE)
    op.execute("drop index graph.door_from_room")
