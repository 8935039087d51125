"""Statements built with SQLAlchemy Core, compiled once, and run by asyncpg as prepared statements."""

from typing import Any, Final

from sqlalchemy import Select
from sqlalchemy.dialects.postgresql import asyncpg as postgresql
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.elements import ClauseElement

_DIALECT: Final = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]

Columns = frozenset[str] | None
"""The columns that somebody reads of rows; None for whole rows."""
KEYS: Final = frozenset({"id", "parent"})
"""What rows are found by, and so read of each."""
MOST_NARROWED: Final = 16
"""Kept for one statement: each is a set of columns that some document reads."""


class Statement:
    """One compiled statement: `sql`, and `arguments(values)` in the order that it takes them."""

    __slots__ = ("_core", "_defaults", "_known", "_names", "_narrowed", "sql")

    def __init__(self, core: Executable) -> None:
        assert isinstance(core, ClauseElement)
        self._core = core
        self._narrowed: dict[frozenset[str], Statement] = {}
        compiled = core.compile(dialect=_DIALECT)
        self.sql = str(compiled)
        self._names: tuple[str, ...] = tuple(getattr(compiled, "positiontup", None) or ())
        self._known = frozenset(self._names)
        self._defaults = {name: value for name, value in compiled.params.items() if value is not None}

    def only(self, columns: Columns) -> "Statement":
        """The same rows with these columns and their keys; whole rows where there are too many ways to ask already."""
        if columns is None:
            return self
        found = self._narrowed.get(columns)
        if found is None:
            if len(self._narrowed) >= MOST_NARROWED:
                return self
            assert isinstance(self._core, Select)
            found = self._narrowed[columns] = Statement(narrowed(self._core, columns | KEYS))
        return found

    def arguments(self, values: dict[str, Any]) -> list[Any]:
        """The values in order; an unknown or missing name raises KeyError."""
        if not values.keys() <= self._known:
            raise KeyError(f"no such parameter: {sorted(values.keys() - self._known)}")
        return [values[name] if name in values else self._defaults[name] for name in self._names]


def narrowed(core: "Select[Any]", columns: frozenset[str]) -> "Select[Any]":
    """The same query, with only those of its columns."""
    kept = [each for each in core.selected_columns if each.key in columns]
    return core.with_only_columns(*kept, maintain_column_froms=True)
