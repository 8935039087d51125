"""The addresses of calendars: one for a seat, by its hash.

Nothing that stood changes. A downgrade loses every address: each holder asks for another.
"""

import re
from pathlib import Path
from typing import Final

from alembic import op
from sqlalchemy.util import await_only

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SCRIPTS: Final = Path(__file__).parent.parent / "calendar"
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
    op.execute("drop table access.calendar_address")
