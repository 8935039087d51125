"""Entering as a viewer, and what every statement asks of the walls: planned once for each connection, and asked of the
rows that a page looks at, however many doors the viewer has and rows the tables hold.

Nothing opens that did not. It waits for whoever reads doors while their key is built: seconds for millions of doors. A
downgrade loses nothing but time.
"""

import re
from pathlib import Path
from typing import Final

from alembic import op

from service.db.migration_scripts import run

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQL: Final = Path(__file__).parent.parent
REPLACED: Final = ("sealed", "rooms", "barred", "person", "issuer", "seat", "rooms_of", "enter")


def _text(script: str) -> str:
    return (SQL / "quick_enter" / f"{script}.sql").read_text()


def _founding() -> str:
    """What `access.sql` replaced, in the foundation's own words."""
    before = (SQL / "foundation" / "4_access.sql").read_text()
    found = [re.search(rf"^create (function access\.{name}\(.*?\$\$;)", before, re.DOTALL | re.M) for name in REPLACED]
    restored = [f"create or replace {each[1]}" for each in found if each]
    assert len(restored) == len(REPLACED)
    return "\n".join([*restored, "drop function access.rooms_of(graph.seat[]);"])


def _replace(functions: str, *walls: str) -> None:
    op.execute("set local lock_timeout = '5s'")
    op.execute("set local statement_timeout = '60s'")
    op.execute("set local role partnership_owner")
    op.execute("grant create on schema access to partnership_access")
    op.execute("set local role partnership_access")
    run(functions)
    op.execute("set local role partnership_owner")
    op.execute("revoke create on schema access from partnership_access")
    for script in walls:
        run(script)


def upgrade() -> None:
    _replace(_text("access"), _text("doors"), _text("pages"))


def downgrade() -> None:
    _replace(_founding(), _text("pages_before"), _text("doors_before"))
