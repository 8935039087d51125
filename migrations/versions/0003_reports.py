"""Reports, their versions and figures, and the region's releases, with the walls around them.

Nothing that stood changes. A downgrade loses every report, release and definition.
"""

from pathlib import Path
from typing import Final

from alembic import op
from sqlalchemy.util import await_only

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQL: Final = Path(__file__).parent.parent / "reports"


def _run(script: str) -> None:
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    await_only(driver.execute((SQL / f"{script}.sql").read_text()))


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.execute("set local statement_timeout = '60s'")
    op.execute("set local role partnership_owner")
    _run("1_reports")
    op.execute("grant create on schema access to partnership_access")
    op.execute("set local role partnership_access")
    _run("2_access")
    op.execute("set local role partnership_owner")
    op.execute("revoke create on schema access from partnership_access")
    _run("3_walls")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.execute("set local statement_timeout = '60s'")
    op.execute("set local role partnership_access")
    _run("functions_before")
    op.execute("set local role partnership_owner")
    _run("before")
