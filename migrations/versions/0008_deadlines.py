"""Moments that come by themselves are told of: a consultation closes, a clock runs out, a seat begins or ends.

And the region's picture is frozen on its day. Nothing that stood changes; what came before this migration is told of no
more. A downgrade loses what was told of, and every schedule of a release.
"""

import re
from pathlib import Path
from typing import Final

from alembic import op

from service.db.migration_scripts import as_access, begin, run

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SCRIPTS: Final = Path(__file__).parent.parent / "deadlines"
FUNCTIONS: Final = (SCRIPTS / "2_access.sql").read_text()
INDEXES: Final = re.compile(r"^create index (\w+) on", re.M)
MADE: Final = re.compile(r"^create function access\.(\w+)", re.M)


def upgrade() -> None:
    begin()
    run((SCRIPTS / "1_tables.sql").read_text())
    as_access(FUNCTIONS)


def downgrade() -> None:
    begin()
    as_access("\n".join(f"drop function access.{name};" for name in MADE.findall(FUNCTIONS)))
    op.execute("drop table access.release_turn, graph.release_schedule, access.passed, access.scheduler")
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
