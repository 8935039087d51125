"""Keyset pages: the rows after a place in a fixed order, for one parent or for many in one statement.

Filter before paging, in nested fields too. A page costs what it holds, never what the table holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Integer, Select, Uuid, bindparam, column, func, select, true, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from service.access.statement import MOST_NARROWED, Columns, Statement, narrowed
from service.access.viewer import Row, Snapshot


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows: at most `size`, after (or, backwards, before) a place given by the ordering columns' values."""

    size: int
    place: tuple[Any, ...] | None = None
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """One parent's rows in order, and whether there are more in either direction."""

    rows: list[Row]
    has_next: bool
    has_previous: bool


class Pages:
    """One connection's statements. `parent` is the column that names the parent, None where there is none."""

    def __init__(
        self, base: Select[Any], order: Sequence[Column[Any]], parent: ColumnElement[Any] | None = None
    ) -> None:
        self._base = base
        self.order = tuple(order)
        self._parent = parent
        self._keys = frozenset({"id", *(key.name for key in order)})
        self._compiled: dict[tuple[bool, bool, Columns], Statement] = {}

    @cached_property
    def types(self) -> tuple[type, ...]:
        """The Python types of the ordering columns, to read a cursor by."""
        return tuple(key.type.python_type for key in self.order)

    def place(self, row: Row) -> list[Any]:
        """The values of the ordering columns."""
        return [row[key.name] for key in self.order]

    def _statement(self, *, backwards: bool, placed: bool, columns: Columns = None) -> Statement:
        known = self._compiled.get((backwards, placed, columns))
        if known is None:
            if columns is not None and len(self._compiled) >= MOST_NARROWED:
                return self._statement(backwards=backwards, placed=placed)
            core = self._core(backwards=backwards, placed=placed, columns=columns)
            known = self._compiled[backwards, placed, columns] = Statement(core)
        return known

    def _core(self, *, backwards: bool, placed: bool, columns: Columns) -> Select[Any]:
        base = self._base if columns is None else narrowed(self._base, columns | self._keys)
        if placed:
            here = tuple_(*self.order)
            there = tuple_(*(bindparam(f"place_{key.name}", type_=key.type) for key in self.order))
            base = base.where(here < there if backwards else here > there)
        base = base.order_by(*(key.desc() if backwards else key.asc() for key in self.order))
        base = base.limit(bindparam("page_size", type_=Integer))
        if self._parent is None:
            return base
        parents = (
            func.unnest(bindparam("parents", type_=ARRAY(Uuid)))
            .table_valued(column("parent_id", Uuid), with_ordinality="parent_place")
            .render_derived("parent")
        )
        child = base.where(self._parent == parents.c.parent_id).lateral("child")
        placed_rows = select(parents.c.parent_place, child).select_from(parents.join(child, true()))
        keys = (child.c[key.name] for key in self.order)
        return placed_rows.order_by(parents.c.parent_place, *(key.desc() if backwards else key.asc() for key in keys))

    async def fetch(
        self, snapshot: Snapshot, page: Page, parents: Sequence[UUID] = (), columns: Columns = None, **filters: Any
    ) -> list[Slice]:
        """One slice for each parent, in one statement; without a parent column, one slice."""
        values: dict[str, Any] = {**filters, "page_size": page.size + 1}
        if page.place is not None:
            values |= {f"place_{key.name}": value for key, value in zip(self.order, page.place, strict=True)}
        if self._parent is not None:
            values["parents"] = list(parents)
        statement = self._statement(backwards=page.backwards, placed=page.place is not None, columns=columns)
        rows = await snapshot.fetch(statement, **values)
        if self._parent is None:
            return [_slice(rows, page)]
        found: list[list[Row]] = [[] for _ in parents]
        for row in rows:
            found[row["parent_place"] - 1].append(row)
        return [_slice(own, page) for own in found]


def _slice(rows: list[Row], page: Page) -> Slice:
    more = len(rows) > page.size
    kept = rows[: page.size]
    if page.backwards:
        return Slice(kept[::-1], has_next=page.place is not None, has_previous=more)
    return Slice(kept, has_next=more, has_previous=page.place is not None)
