"""The foundation: organisations, rooms, seats, doors, consultations, traces, and the walls around them.

A downgrade loses everything.
"""

from pathlib import Path

from alembic import op

from service.db.migration_scripts import run

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "foundation"


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.execute("set local statement_timeout = '60s'")
    op.execute("set local role partnership_owner")
    for name in ("1_directory", "2_consultations", "3_traces"):
        run((SQL / f"{name}.sql").read_text())
    op.execute("set local role partnership_access")
    run((SQL / "4_access.sql").read_text())
    op.execute("set local role partnership_owner")
    op.execute("revoke create on schema access from partnership_access")
    run((SQL / "5_walls.sql").read_text())


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.execute("set local statement_timeout = '60s'")
    op.execute("drop schema access cascade")
    # The version table lies in the same schema, and Alembic has yet to write in it.
    op.execute("""
        do $$ declare t text; begin
          for t in select tablename from pg_catalog.pg_tables
            where schemaname = 'graph' and tablename <> 'alembic_version' loop
            execute format('drop table graph.%I cascade', t);
          end loop;
        end $$""")
