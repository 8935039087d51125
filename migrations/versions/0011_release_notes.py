"""Release notes: a day and hours, shown to whoever has the code, and counted for a whole trust.

Nothing that stood changes. A downgrade loses every note: no code shows anything
any more, and no quarter can be counted.
"""

import re
from pathlib import Path
from typing import Final

from alembic import op

from service.db.migration_scripts import as_access, begin, run

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SCRIPTS: Final = Path(__file__).parent.parent / "release_notes"
FUNCTIONS: Final = (SCRIPTS / "2_access.sql").read_text()
MADE: Final = re.compile(r"^create function access\.(\w+)", re.M)


def upgrade() -> None:
    begin()
    run((SCRIPTS / "1_tables.sql").read_text())
    as_access(FUNCTIONS)


def downgrade() -> None:
    begin()
    as_access("\n".join(f"drop function access.{name};" for name in MADE.findall(FUNCTIONS)))
    op.execute("drop table graph.release_note")
