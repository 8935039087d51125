"""The floor: one hand-written handler per workload. Raw SQL by asyncpg, orjson, starlette, and nothing else.

No query language, no validation of what is asked, no limits, no errors worth the name; ids are bare. Each transaction
begins and enters in one round trip.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.peers.given import Given, given

READ = "begin isolation level repeatable read read only; select access.enter('{}', null, false, {}, '{}')"
ACT = "begin; select access.enter('{}', null, false, {}, '{}')"

NODE = """
    select id::text, title, summary, kind, drafted_by_side "draftedBySide", created_at "createdAt", closes_at "closesAt"
      from graph.consultation where id = $1"""
LIST = """
    select id::text, title, summary, kind, drafted_by_side "draftedBySide", drafted_by_office "draftedByOffice",
           created_at "createdAt", opened_at "openedAt", closes_at "closesAt", conclusion
      from graph.consultation c where forum_id = $1 order by created_at, c.id limit 100"""
FORUM = """select id::text, local_name "localName", kind from graph.forum where id = $1"""
CONSULTATIONS = """
    select id::text, title, closes_at "closesAt"
      from graph.consultation c where forum_id = $1 order by created_at, c.id limit 20"""
RESPONSES = """
    select c.id as parent, r.id, r.stance, r.summary, r.office, f.local_name
      from unnest($1::uuid[]) with ordinality c (id, place)
      cross join lateral (select * from graph.response r where r.consultation_id = c.id
                           order by r.created_at, r.id limit 5) r
      join graph.forum f on f.id = r.forum_id
     order by c.place, r.created_at, r.id"""
POINTS = """
    select response_id, body from graph.response_point where response_id = any ($1) order by position"""
ORGANISATION = "select id, name from graph.organisation where ods_code = $1"
FORUMS = """
    select id, kind, local_name from graph.forum where organisation_id = $1 order by local_name, id limit 50"""
ROOMS = "select forum_id, purpose from graph.room where forum_id = any ($1) order by purpose"
SEATS = """
    select f.id as parent, s.id, s.office, s.side, s.title, p.display_name
      from unnest($1::uuid[]) with ordinality f (id, place)
      cross join lateral (select * from graph.seat s where s.forum_id = f.id order by s.created_at, s.id limit 50) s
      join graph.person p on p.id = s.person_id
     order by f.place, s.created_at, s.id"""
COMMENT = """
    with made as (
      insert into graph.comment (id, room_id, consultation_id, consultation_room, forum_id, side, body)
      select gen_random_uuid(), r.id, c.id, c.room_id, s.forum_id, s.side, $2
        from graph.consultation c join graph.seat s on s.id = access.seat()
        join graph.room r on r.forum_id = s.forum_id and r.purpose = s.side || '_SIDE'
       where c.id = $1
      returning id, room_id, body, side),
    authored as (
      insert into graph.comment_author (comment_id, comment_room, room_id)
      select m.id, m.room_id, s.personal_room from made m join graph.seat s on s.id = access.seat())
    select id::text, body, side from made"""

Connection = Any
Work = Callable[[Connection, dict[str, Any]], Awaitable[dict[str, Any]]]


async def node(connection: Connection, said: dict[str, Any]) -> dict[str, Any]:
    """One consultation."""
    return {"node": dict(await connection.fetchrow(NODE, UUID(said["id"])))}


async def listing(connection: Connection, said: dict[str, Any]) -> dict[str, Any]:
    """A hundred consultations."""
    rows = await connection.fetch(LIST, UUID(said["id"]))
    return {"forum": {"consultations": _edges(map(dict, rows))}}


async def page(connection: Connection, said: dict[str, Any]) -> dict[str, Any]:
    """A forum, its consultations, their responses and the responses' points."""
    forum = dict(await connection.fetchrow(FORUM, UUID(said["id"])))
    consultations = [dict(row) for row in await connection.fetch(CONSULTATIONS, UUID(said["id"]))]
    responses = await connection.fetch(RESPONSES, [row["id"] for row in consultations])
    points = defaultdict(list)
    for response, body in await connection.fetch(POINTS, [row["id"] for row in responses]):
        points[response].append({"body": body})
    of = defaultdict(list)
    for parent, id_, stance, summary, office, name in responses:
        own = {"id": str(id_), "stance": stance, "summary": summary, "office": office}
        of[str(parent)].append({**own, "forum": {"localName": name}, "points": points[id_]})
    for row in consultations:
        row["responses"] = _edges(of[row["id"]])
    return {"forum": {**forum, "consultations": _edges(consultations)}}


async def directory(connection: Connection, said: dict[str, Any]) -> dict[str, Any]:
    """A trust's bodies with their seats and open rooms."""
    organisation = await connection.fetchrow(ORGANISATION, said["odsCode"])
    forums = await connection.fetch(FORUMS, organisation["id"])
    ids = [row["id"] for row in forums]
    rooms, seats = defaultdict(list), defaultdict(list)
    for forum, purpose in await connection.fetch(ROOMS, ids):
        rooms[forum].append(purpose)
    for forum, id_, office, side, title, name in await connection.fetch(SEATS, ids):
        own = {"id": str(id_), "office": office, "side": side, "title": title, "person": {"displayName": name}}
        seats[forum].append(own)
    found = (
        {"id": str(id_), "kind": kind, "localName": name, "rooms": rooms[id_], "seats": _edges(seats[id_])}
        for id_, kind, name in forums
    )
    return {"organisation": {"name": organisation["name"], "forums": _edges(found)}}


async def comment(connection: Connection, said: dict[str, Any]) -> dict[str, Any]:
    """A comment and whose it is: no powers, no state, no key, no audit, no event."""
    made = await connection.fetchrow(COMMENT, UUID(said["id"]), said["body"])
    await connection.execute("commit")
    return {"commentAdd": {"comment": dict(made)}}


def _edges(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"edges": [{"node": row} for row in rows]}


def handler(pools: list[asyncpg.Pool], told: Given, begin: str, work: Work) -> Callable[[Request], Awaitable[Response]]:
    """Authenticate, begin and enter, do the work, end."""

    async def handle(request: Request) -> Response:
        account = told.accounts.get(request.headers.get("authorization", ""))
        if account is None:
            return Response(status_code=401)
        said = orjson.loads(await request.body())
        async with pools[0].acquire() as connection:
            await connection.execute(begin.format(account, *told.proof(account, connection.get_server_pid())))
            try:
                found = await work(connection, said)
            finally:
                if connection.is_in_transaction():
                    await connection.execute("rollback")
        return Response(orjson.dumps({"data": found}), media_type="application/json")

    return handle


def app() -> Starlette:
    """The application of this peer."""
    told, pools = given(), list[asyncpg.Pool]()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        size, settings = told.pool, told.session
        async with asyncpg.create_pool(told.url, min_size=size, max_size=size, server_settings=settings) as pool:
            pools.append(pool)
            yield

    works = {"node": node, "list": listing, "page": page, "directory": directory}
    routes = [Route(f"/{name}", handler(pools, told, READ, work), methods=["POST"]) for name, work in works.items()]
    routes.append(Route("/comment", handler(pools, told, ACT, comment), methods=["POST"]))
    return Starlette(routes=routes, lifespan=lifespan)


if __name__ == "__main__":
    uvicorn.run(app(), port=given().port, access_log=False, log_level="warning", ws="none")
