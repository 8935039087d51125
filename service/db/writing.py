"""Inserts, one for each table that acts write: every column by its name, those left out by the table's default."""

from functools import cache
from typing import Any

from sqlalchemy import bindparam, insert

from service.access.statement import Statement
from service.access.viewer import Snapshot
from service.db.tables import metadata


@cache
def _insert(table: str, columns: tuple[str, ...]) -> Statement:
    made = metadata.tables[f"graph.{table}"]
    return Statement(insert(made).values({name: bindparam(name, type_=made.c[name].type) for name in columns}))


@cache
def _inserts(tables: tuple[tuple[str, tuple[str, ...]], ...]) -> Statement:
    *before, last = [
        insert(made).values({name: bindparam(f"{table}_{name}", type_=made.c[name].type) for name in columns})
        for table, columns in tables
        for made in (metadata.tables[f"graph.{table}"],)
    ]
    return Statement(last.add_cte(*(each.cte(f"row_{place}") for place, each in enumerate(before))))


async def add(snapshot: Snapshot, table: str, /, **row: Any) -> None:
    """Insert one row."""
    await snapshot.fetch(_insert(table, tuple(row)), **row)


async def add_together(snapshot: Snapshot, rows: dict[str, dict[str, Any]]) -> None:
    """Insert one row into each of these tables, in one statement."""
    values = {f"{table}_{name}": value for table, row in rows.items() for name, value in row.items()}
    await snapshot.fetch(_inserts(tuple((table, tuple(row)) for table, row in rows.items())), **values)


async def add_all(snapshot: Snapshot, table: str, /, rows: list[dict[str, Any]]) -> None:
    """Insert rows that all name the same columns."""
    if rows:
        await snapshot.many(_insert(table, tuple(rows[0])), rows)
