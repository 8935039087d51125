"""One session and one transaction per request, and the loaders that gather what a level asks for.

A session serves one statement at a time, so the loaders take turns.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from strawberry.dataloader import DataLoader

from bench.peers.given import Given
from bench.peers.orm.models import Base, Consultation, Forum, Person, Response, ResponsePoint, Room, Seat

ENTER = text("select access.enter(:account, null, false, :made, :proof)")


class Reading:
    """What a request carries."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self._turn = asyncio.Lock()
        self._pages: dict[tuple[str, int], DataLoader[Any, Any]] = {}
        self.forums = DataLoader(self._by_id(Forum))
        self.people = DataLoader(self._by_id(Person))
        self.rooms = DataLoader(self._rooms)
        self.points = DataLoader(self._points)

    async def enter(self, told: Given, account: UUID) -> None:
        """Begin, and enter as the viewer."""
        connection = await (await self.session.connection()).get_raw_connection()
        backend = connection.driver_connection.get_server_pid()  # type: ignore[union-attr]
        made, proof = told.proof(account, backend)
        await self.session.execute(ENTER, {"account": account, "made": made, "proof": proof})

    async def one(self, statement: Any) -> Any:
        """One object, or None."""
        async with self._turn:
            return await self.session.scalar(statement)

    async def all(self, statement: Any) -> Sequence[Any]:
        """All objects."""
        async with self._turn:
            return (await self.session.scalars(statement)).all()

    def page(self, name: str, first: int) -> "DataLoader[Any, Any]":
        """The loader of the first children of each parent: one for each kind of child and size of page."""
        model, parent, order = PAGES[name]
        key = (name, first)
        if key not in self._pages:
            self._pages[key] = DataLoader(self._children(model, parent, order, first))
        return self._pages[key]

    def _by_id(self, model: type[Base]) -> Callable[[list[UUID]], Awaitable[list[Any]]]:
        async def load(ids: list[UUID]) -> list[Any]:
            found = {row.id: row for row in await self.all(select(model).where(model.id.in_(ids)))}  # type: ignore[attr-defined]
            return [found.get(each) for each in ids]

        return load

    def _children(
        self, model: type[Base], parent: str, order: tuple[str, ...], first: int
    ) -> Callable[[list[UUID]], Awaitable[list[list[Any]]]]:
        async def load(ids: list[UUID]) -> list[list[Any]]:
            column, by = getattr(model, parent), [getattr(model, name) for name in order]
            place = func.row_number().over(partition_by=column, order_by=by).label("place")
            ranked = select(model, place).where(column.in_(ids)).subquery()
            child = aliased(model, ranked)
            rows = await self.all(select(child).where(ranked.c.place <= first).order_by(ranked.c.place))
            return _grouped(rows, parent, ids)

        return load

    async def _rooms(self, ids: list[UUID]) -> list[list[Any]]:
        rows = await self.all(select(Room).where(Room.forum_id.in_(ids)).order_by(Room.purpose))
        return _grouped(rows, "forum_id", ids)

    async def _points(self, ids: list[UUID]) -> list[list[Any]]:
        found = select(ResponsePoint).where(ResponsePoint.response_id.in_(ids)).order_by(ResponsePoint.position)
        return _grouped(await self.all(found), "response_id", ids)


PAGES: dict[str, tuple[type[Base], str, tuple[str, ...]]] = {
    "forums": (Forum, "organisation_id", ("local_name", "id")),
    "seats": (Seat, "forum_id", ("created_at", "id")),
    "consultations": (Consultation, "forum_id", ("created_at", "id")),
    "responses": (Response, "consultation_id", ("created_at", "id")),
}


def _grouped(rows: Sequence[Any], parent: str, ids: list[UUID]) -> list[list[Any]]:
    of: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        of[getattr(row, parent)].append(row)
    return [of[each] for each in ids]
