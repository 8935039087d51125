"""Moments that come by themselves are told of: a consultation closes, a clock runs out, a seat begins or ends.

Nothing that stood changes; what came before this migration is told of no more. A downgrade loses what was told of.
"""

import re
from pathlib import Path
from typing import Final

from alembic import op
from sqlalchemy.util import await_only

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SCRIPTS: Final = Path(__file__).parent.parent / "deadlines"
FUNCTIONS: Final = (SCRIPTS / "2_access.sql").read_text()
INDEXES: Final = re.compile(r"^create index (\w+) on", re.M)
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
    op.execute("set local statement_timeout = '60s'")
    op.execute("set local role partnership_owner")


def upgrade() -> None:
    _begin()
    _run((SCRIPTS / "1_tables.sql").read_text())
    _as_access(FUNCTIONS)


def downgrade() -> None:
    _begin()
    _as_access("\n".join(f"drop function access.{name};" for name in MADE.findall(FUNCTIONS)))
    op.execute("drop table access.passed, access.scheduler")
    for table in ("consultation", "consultee"):
        op.execute(f"drop policy keeper_access_clock on graph.{table}")
    for granted in (
        "select (stored_state, closes_at, revision), update (closes_at) on graph.consultation",
        "select (extended_to, revision), update (extended_to) on graph.consultee",
        "select (key, created_at), delete on graph.idempotency",
    ):
        op.execute(f"revoke {granted} from partnership_access")
    op.execute("drop policy keeper_access_old on graph.idempotency")
    op.execute("drop policy keeper_access_old_read on graph.idempotency")
    for index in INDEXES.findall((SCRIPTS / "1_tables.sql").read_text()):
        op.execute(f"drop index graph.{index}")
