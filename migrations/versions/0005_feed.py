"""The change feed: which rows changed in which room, kept by triggers.

Nothing that stood changes. A downgrade loses the feed, and every client that follows it begins again.
"""

import re
from pathlib import Path
from typing import Final

from alembic import op

from service.db.migration_scripts import as_access, begin, run

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCRIPTS: Final = Path(__file__).parent.parent / "feed"
FUNCTIONS: Final = (SCRIPTS / "2_access.sql").read_text()
MADE: Final = re.compile(r"^create function access\.(\w+)", re.M)


def upgrade() -> None:
    begin(seconds=120)
    run((SCRIPTS / "1_change.sql").read_text())
    as_access(FUNCTIONS)
    run((SCRIPTS / "3_follow.sql").read_text())


def downgrade() -> None:
    begin(seconds=120)
    followers = op.get_bind().exec_driver_sql(
        "select g.tgname, c.relname from pg_trigger g join pg_class c on c.oid = g.tgrelid"
        " where g.tgname like 'follow%' and not g.tgisinternal"
    )
    for trigger, table in followers.fetchall():
        op.execute(f"drop trigger {trigger} on graph.{table}")
    as_access("\n".join(f"drop function access.{name};" for name in MADE.findall(FUNCTIONS)))
    op.execute("drop table access.change")
    op.execute("revoke select (id, consultation_room) on graph.consultee from partnership_access")
    for table in ("step_note", "agenda_item"):
        op.execute(f"revoke select (id, room_id, step_room) on graph.{table} from partnership_access")  # noqa: S608 (our own names)
        op.execute(f"drop policy keeper_access on graph.{table}")
