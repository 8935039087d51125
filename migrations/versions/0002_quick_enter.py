"""Entering as a viewer, and what every statement asks of the walls: planned once for each connection, and asked of the
rows that a page looks at, however many doors the viewer has and rows the tables hold.

Nothing opens that did not. It waits for whoever reads doors while their key is built: seconds for millions of doors. A
downgrade loses nothing but time.
"""

from pathlib import Path

from alembic import op
from sqlalchemy.util import await_only

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "quick_enter"


def _run(script: str) -> None:
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    await_only(driver.execute((SQL / f"{script}.sql").read_text()))


def _replace(functions: str, *walls: str) -> None:
    op.execute("set local lock_timeout = '5s'")
    op.execute("set local statement_timeout = '60s'")
    op.execute("set local role partnership_owner")
    op.execute("grant create on schema access to partnership_access")
    op.execute("set local role partnership_access")
    _run(functions)
    op.execute("set local role partnership_owner")
    op.execute("revoke create on schema access from partnership_access")
    for script in walls:
        _run(script)


def upgrade() -> None:
    _replace("access", "doors", "pages")


def downgrade() -> None:
    _replace("before", "pages_before", "doors_before")
