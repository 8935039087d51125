"""How a migration runs its SQL scripts: as partnership_owner, or as partnership_access for what only it may own."""

from alembic import op
from sqlalchemy.util import await_only


def begin(seconds: int = 60) -> None:
    """Wait for no lock long and for no statement longer than so many seconds, and go on as the owner."""
    op.execute("set local lock_timeout = '5s'")
    op.execute(f"set local statement_timeout = '{seconds}s'")
    op.execute("set local role partnership_owner")


def run(script: str) -> None:
    """Run a script of several statements, which the driver takes whole."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    await_only(driver.execute(script))


def as_access(script: str) -> None:
    """Run a script as partnership_access, who owns the definer functions, and be the owner again."""
    op.execute("grant create on schema access to partnership_access")
    op.execute("set local role partnership_access")
    run(script)
    op.execute("set local role partnership_owner")
    op.execute("revoke create on schema access from partnership_access")
