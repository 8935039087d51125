"""Issues, the steps by which they are carried to other bodies by consent, and the themes that a region hears.

A downgrade loses all of them. It leaves the wider list of kinds of body: a national forum may have been set up.
"""

import re
from pathlib import Path
from typing import Final

from alembic import op

from service.db.migration_scripts import as_access, begin, run

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SQL: Final = Path(__file__).parent.parent
SCRIPTS: Final = SQL / "escalations"
REPLACED: Final = {
    "enter": SQL / "quick_enter" / "access.sql",
    "trace": SQL / "foundation" / "4_access.sql",
    "held": SQL / "foundation" / "4_access.sql",
    "admit": SQL / "foundation" / "4_access.sql",
}
MADE: Final = re.compile(r"^create function access\.(\w+)", re.M)
TABLES: Final = re.compile(r"^create table ([\w.]+)", re.M)
FUNCTIONS: Final = (SCRIPTS / "2_access.sql").read_text()


def _before(name: str, path: Path) -> str:
    pattern = rf"^create (?:or replace )?(function access\.{name}\(.*?\$\$;)"
    found = re.search(pattern, path.read_text(), re.DOTALL | re.M)
    assert found is not None
    return f"create or replace {found[1]}"


def upgrade() -> None:
    begin()
    run((SCRIPTS / "1_tables.sql").read_text())
    # policies first: the functions are checked against tables that only their keepers' policies let them read
    run((SCRIPTS / "3_walls.sql").read_text())
    as_access(FUNCTIONS)
    run((SCRIPTS / "4_notices.sql").read_text())


def downgrade() -> None:
    begin()
    restored = [_before(name, path) for name, path in REPLACED.items()]
    op.execute("drop policy not_barred on graph.issue_notice")
    dropped = [f"drop function access.{name};" for name in MADE.findall(FUNCTIONS)]
    as_access("\n".join([*restored, *dropped]))
    for table in reversed(TABLES.findall((SCRIPTS / "1_tables.sql").read_text())):
        op.execute(f"drop table {table}")
    op.execute("alter table access.account drop column own_only, drop column vouched_by")
    op.execute("drop function graph.today()")
    for table in ("room", "door", "event", "audit_entry", "audit_detail", "idempotency"):
        # by the table again, and no longer column by column
        op.execute(f"revoke select on graph.{table} from partnership_app")  # noqa: S608 (our own names)
        op.execute(f"grant select on graph.{table} to partnership_app")
