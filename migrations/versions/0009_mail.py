"""Mail to people: who wants it where and when, what was told, and what is to be sent.

Nothing that stood changes. A downgrade loses every preference: nobody is mailed until they ask again.
"""

import re
from pathlib import Path
from typing import Final

from alembic import op

from service.db.migration_scripts import as_access, begin, run

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SCRIPTS: Final = Path(__file__).parent.parent / "mail"
FUNCTIONS: Final = (SCRIPTS / "2_access.sql").read_text()
MADE: Final = re.compile(r"^create function access\.(\w+)", re.M)


def upgrade() -> None:
    begin()
    run((SCRIPTS / "1_tables.sql").read_text())
    as_access(FUNCTIONS)


def downgrade() -> None:
    begin()
    as_access("\n".join(f"drop function access.{name};" for name in MADE.findall(FUNCTIONS)))
    op.execute("drop table access.mail_outgoing, access.mail_told, access.mail_preference")
