"""The change feed: which rows changed in which room, kept by triggers.

Nothing that stood changes. A downgrade loses the feed, and every client that follows it begins again.
"""

import re
from pathlib import Path
from typing import Final

from alembic import op
from sqlalchemy.util import await_only

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCRIPTS: Final = Path(__file__).parent.parent / "feed"
FUNCTIONS: Final = (SCRIPTS / "2_access.sql").read_text()
MADE: Final = re.compile(r"^create function access\.(\w+)", re.M)


def _run(script: str) -> None:
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    await_only(driver.execute(script))


def _as_access(script: str) -> None:
    op.execute("grant create on schema access to partnership_access")
    op.execute("set local role partnership_access")
    _run(script)
    op.execute("set local role partnership_owner")
    op.execute("revoke create on schema access from partnership_access")


def _begin() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.execute("set local statement_timeout = '120s'")
    op.execute("set local role partnership_owner")


def upgrade() -> None:
    _begin()
    _run((SCRIPTS / "1_change.sql").read_text())
    _as_access(FUNCTIONS)
    _run((SCRIPTS / "3_follow.sql").read_text())


def downgrade() -> None:
    _begin()
    followers = op.get_bind().exec_driver_sql(
        "select g.tgname, c.relname from pg_trigger g join pg_class c on c.oid = g.tgrelid"
        " where g.tgname like 'follow%' and not g.tgisinternal"
    )
    for trigger, table in followers.fetchall():
        op.execute(f"drop trigger {trigger} on graph.{table}")
    _as_access("\n".join(f"drop function access.{name};" for name in MADE.findall(FUNCTIONS)))
    op.execute("drop table access.change")
    op.execute("revoke select (id, consultation_room) on graph.consultee from partnership_access")
    for table in ("step_note", "agenda_item"):
        op.execute(f"revoke select (id, room_id, step_room) on graph.{table} from partnership_access")  # noqa: S608 (our own names)
        op.execute(f"drop policy keeper_access on graph.{table}")
