"""The addresses of calendars: one for a seat, by its hash.

Nothing that stood changes. A downgrade loses every address: each holder asks for another.
"""

import re
from pathlib import Path
from typing import Final

from alembic import op

from service.db.migration_scripts import as_access, begin, run

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SCRIPTS: Final = Path(__file__).parent.parent / "calendar"
FUNCTIONS: Final = (SCRIPTS / "2_access.sql").read_text()
MADE: Final = re.compile(r"^create function access\.(\w+)", re.M)


def upgrade() -> None:
    begin()
    run((SCRIPTS / "1_tables.sql").read_text())
    as_access(FUNCTIONS)


def downgrade() -> None:
    begin()
    as_access("\n".join(f"drop function access.{name};" for name in MADE.findall(FUNCTIONS)))
    op.execute("drop table access.calendar_address")
