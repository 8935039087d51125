"""Webhooks are looked at when something changed in their rooms, a delivery is due, or half a minute went by.

Nothing that stood changes. A downgrade loses nothing: each is looked at every two seconds again.
"""

import re
from pathlib import Path
from typing import Final

from alembic import op

from service.db.migration_scripts import as_access, begin, run

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SQL: Final = Path(__file__).parent.parent
SCRIPTS: Final = SQL / "webhooks_stirred"
TURNS: Final = re.compile(r"^create (function access\.webhook_turns\(.*?\$\$;)", re.DOTALL | re.M)


def upgrade() -> None:
    begin()
    run((SCRIPTS / "1_tables.sql").read_text())
    as_access((SCRIPTS / "2_access.sql").read_text())


def downgrade() -> None:
    begin()
    before = TURNS.search((SQL / "webhooks" / "2_access.sql").read_text())
    assert before is not None
    as_access(f"create or replace {before[1]} drop function access.webhook_seen;")
    op.execute("revoke select (endpoint_id, due_at) on graph.webhook_delivery from partnership_access")
    op.execute("alter table access.webhook_turn drop column rooms, drop column seen, drop column any_case_at")
