"""Release notes: a day and hours, shown to whoever has the code, and counted for a whole trust.

Nothing that stood changes. A downgrade loses every note: no code shows anything
any more, and no quarter can be counted.
"""

import re
from pathlib import Path
from typing import Final

from alembic import op
from sqlalchemy.util import await_only

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SCRIPTS: Final = Path(__file__).parent.parent / "release_notes"
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
    op.execute("set local statement_timeout = '60s'")
    op.execute("set local role partnership_owner")


def upgrade() -> None:
    _begin()
    _run((SCRIPTS / "1_tables.sql").read_text())
    _as_access(FUNCTIONS)


def downgrade() -> None:
    _begin()
    _as_access("\n".join(f"drop function access.{name};" for name in MADE.findall(FUNCTIONS)))
    op.execute("drop table graph.release_note")
