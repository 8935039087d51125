"""The table of routes, and the national social partnership forum.

A downgrade loses the routes, which `partnership migrate` stores again. A national forum that was set up stays.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KINDS = (
    "STAFF_NETWORK", "JOINT_NEGOTIATING_COMMITTEE", "LOCAL_NEGOTIATING_COMMITTEE", "EDI_STEERING_GROUP",
    "HEALTH_AND_SAFETY_COMMITTEE", "BOARD", "BOARD_COMMITTEE", "EXECUTIVE_COMMITTEE", "TRADE_UNION_GROUP",
    "FREEDOM_TO_SPEAK_UP", "REGIONAL_SOCIAL_PARTNERSHIP_FORUM", "NATIONAL_SOCIAL_PARTNERSHIP_FORUM",
)  # fmt: skip


def _begin() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.execute("set local statement_timeout = '60s'")
    op.execute("set local role partnership_owner")


def _kinds(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute(
        "alter table graph.forum drop constraint forum_kind_check,"
        f" add constraint forum_kind_check check (kind in ({listed}))"
    )


def upgrade() -> None:
    _begin()
    _kinds(KINDS)
    op.execute("""
        create table access.route (
          code text primary key,
          kind text not null check (kind in ('RAISE', 'ESCALATE', 'REFER')),
          from_kind text not null,
          from_channel text not null,
          to_kind text not null,
          to_channel text not null,
          carries text not null check (carries in ('RECORD', 'OWN_ITEM', 'THEME', 'RECEIPT')),
          reach text not null check (reach in ('SAME_ORGANISATION', 'REGION', 'NATION')),
          diverts_casework boolean not null,
          acknowledge_days integer not null,
          answer_days integer not null,
          received_by text[] not null,
          starts_on date not null,
          ends_on date not null,
          source text not null)""")
    op.execute("alter table access.route enable row level security")
    op.execute("alter table access.route force row level security")
    op.execute("create policy keeper_migrator on access.route to partnership_migrator using (true) with check (true)")
    op.execute("create policy keeper_access on access.route to partnership_access using (true) with check (true)")
    op.execute("create policy public_reference on access.route for select to partnership_app using (true)")
    op.execute("grant select, insert, update, delete on access.route to partnership_migrator")
    op.execute("grant select on access.route to partnership_access, partnership_app")


def downgrade() -> None:
    _begin()
    op.execute("drop table access.route")
    listed = ", ".join(f"'{kind}'" for kind in KINDS[:-1])
    # `not valid`: what is there already stays, and is checked where there is nothing to object to
    op.execute(
        "alter table graph.forum drop constraint forum_kind_check,"
        f" add constraint forum_kind_check check (kind in ({listed})) not valid"
    )
    op.execute("""
        do $$ begin
          alter table graph.forum validate constraint forum_kind_check;
        exception when check_violation then null;
        end $$""")
