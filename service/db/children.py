"""What hangs on rows that are at hand, for all of them in one statement: the rows whose `parent` is among the ids."""

from typing import Any, Final

from sqlalchemy import Select, Table, Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from service.access.statement import Statement
from service.db.pages import Pages

IDS: Final = bindparam("ids", type_=ARRAY(Uuid))


def children(table: Table, parent: str, *order: str) -> Statement:
    """Every row of the parents, in this order."""
    query = select(table.c[parent].label("parent"), table).where(table.c[parent] == IDS.any_())
    return Statement(query.order_by(*(table.c[key] for key in order)))


def by_time(table: Table, parent: str, query: Select[Any] | None = None) -> Pages:
    """Pages of a table's rows, or of a query over it, from the first made to the last."""
    return Pages(select(table) if query is None else query, (table.c.created_at, table.c.id), parent=table.c[parent])


def last_position(table: Table, parent: str) -> Statement:
    """The last place taken among the rows of the parent `id`; 0 before the first."""
    last = func.coalesce(func.max(table.c.position), 0).label("position")
    return Statement(select(last).where(table.c[parent] == bindparam("id", type_=Uuid)))
