"""What HR tells of who works in an organisation, and the files that it sends.

A downgrade loses the assignments and what became of the files; the seats stay.
"""

import re
from pathlib import Path
from typing import Final

from alembic import op
from sqlalchemy.util import await_only

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SQL: Final = Path(__file__).parent.parent
SCRIPTS: Final = SQL / "people"
ACCEPT: Final = re.compile(r"^create (function access\.invitation_accept\(.*?\$\$;)", re.DOTALL | re.M)


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
    _as_access((SCRIPTS / "2_access.sql").read_text())


def downgrade() -> None:
    _begin()
    before = ACCEPT.search((SQL / "foundation" / "4_access.sql").read_text())
    assert before is not None
    _as_access(f"create or replace {before[1]} drop function access.people_keep, access.kept_by_hr;")
    op.execute("drop table graph.assignment, graph.people_import")
    op.execute("revoke update (display_name) on graph.person from partnership_access")
