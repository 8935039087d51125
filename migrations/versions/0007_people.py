"""What HR tells of who works in an organisation, and the files that it sends.

A downgrade loses the assignments and what became of the files; the seats stay.
"""

import re
from pathlib import Path
from typing import Final

from alembic import op

from service.db.migration_scripts import as_access, begin, run

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SQL: Final = Path(__file__).parent.parent
SCRIPTS: Final = SQL / "people"
ACCEPT: Final = re.compile(r"^create (function access\.invitation_accept\(.*?\$\$;)", re.DOTALL | re.M)


def upgrade() -> None:
    begin()
    run((SCRIPTS / "1_tables.sql").read_text())
    as_access((SCRIPTS / "2_access.sql").read_text())


def downgrade() -> None:
    begin()
    before = ACCEPT.search((SQL / "foundation" / "4_access.sql").read_text())
    assert before is not None
    as_access(
        f"create or replace {before[1]} drop function access.people_keep, access.kept_by_hr, access.person_told,"
        " access.employed_elsewhere;"
    )
    op.execute("drop table graph.assignment, graph.people_import")
    op.execute("revoke update (display_name) on graph.person from partnership_access")
