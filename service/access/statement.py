"""Statements built with SQLAlchemy Core, compiled once, and run by asyncpg as prepared statements."""

from typing import Any, Final

from sqlalchemy.dialects.postgresql import asyncpg as postgresql
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.elements import ClauseElement

_DIALECT: Final = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


class Statement:
    """One compiled statement: `sql`, and `arguments(values)` in the order that it takes them."""

    __slots__ = ("_defaults", "_known", "_names", "sql")

    def __init__(self, core: Executable) -> None:
        assert isinstance(core, ClauseElement)
        compiled = core.compile(dialect=_DIALECT)
        self.sql = str(compiled)
        self._names: tuple[str, ...] = tuple(getattr(compiled, "positiontup", None) or ())
        self._known = frozenset(self._names)
        self._defaults = {name: value for name, value in compiled.params.items() if value is not None}

    def arguments(self, values: dict[str, Any]) -> list[Any]:
        """The values in order; an unknown or missing name raises KeyError."""
        if not values.keys() <= self._known:
            raise KeyError(f"no such parameter: {sorted(values.keys() - self._known)}")
        return [values[name] if name in values else self._defaults[name] for name in self._names]
