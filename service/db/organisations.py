"""Organisations that a public file names and the directory does not know yet: added by the operator, as the migrator.

Nothing that is known changes, but that a trust which closed says so and names who took it over. A new trust has its
directory's room, so that what is published about it has a place; it has no bodies and no seats.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID, uuid4

from service.access.hosts import Hosts
from service.rules.bodies import OrganisationKind, Purpose
from service.rules.reports.staff_survey_file import Body
from service.rules.successions import SUCCESSIONS, succession_of

Connection = "asyncpg.Connection[asyncpg.Record]"
ADD: Final = (
    "insert into graph.organisation (id, ods_code, kind, name, trust_type, parent_id, closed_on)"
    " values ($1, $2, $3, $4, $5, $6, $7)"
)
ROOM: Final = "insert into graph.room (id, purpose, organisation_id) values ($1, $2, $3)"
DOOR: Final = "insert into graph.door (from_room, into_room, may_write) values ($1, $1, true)"
SUCCESSION: Final = (
    "insert into graph.organisation_succession (id, predecessor_id, successor_id, happened_on)"
    " values ($1, $2, $3, $4) on conflict (predecessor_id, successor_id) do nothing"
)


async def add_trusts(url: str, bodies: Sequence[Body]) -> int:
    """Add the trusts that are not known, with their care boards and regions; how many were added.

    Raises `asyncpg.PostgresError` or `OSError`; what was not finished is rolled back.
    """
    connection = await Hosts(url).connect()
    try:
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock(hashtextextended('partnership organisations', 0))")
            known: dict[str, UUID] = {
                row["ods_code"]: row["id"]
                for row in await connection.fetch(
                    "select id, ods_code from graph.organisation where ods_code is not null"
                )
            }
            new = [body for body in bodies if body.ods_code not in known]
            for body in new:
                known[body.ods_code] = await _add(connection, body)
            await _successions(connection, known)
            return len(new)
    finally:
        await connection.close()


async def _add(connection: Any, body: Body) -> UUID:
    made, room = uuid4(), uuid4()
    ended = succession_of(body.ods_code)
    closed = None if ended is None else ended.last_day
    parent = await _parent(connection, body)
    trust = OrganisationKind.TRUST
    await connection.execute(ADD, made, body.ods_code, trust, body.name, body.trust_type or None, parent, closed)
    await connection.execute(ROOM, room, Purpose.ORGANISATION, made)
    await connection.execute(DOOR, room)
    return made


async def _parent(connection: Any, body: Body) -> UUID | None:
    """The care board, else the region: found by its name, or added."""
    region = await _named(connection, OrganisationKind.REGION, body.region, None) if body.region else None
    if not body.icb:
        return region
    return await _named(connection, OrganisationKind.ICB, body.icb, region)


async def _named(connection: Any, kind: OrganisationKind, name: str, parent: UUID | None) -> UUID:
    found: UUID | None = await connection.fetchval(
        "select id from graph.organisation where kind = $1 and name in ($2, 'NHS ' || $2 || ' Integrated Care Board')"
        " order by ods_code nulls last limit 1",
        kind,
        name,
    )
    if found is None:
        found = uuid4()
        said = f"NHS {name} Integrated Care Board" if kind is OrganisationKind.ICB else name
        await connection.execute(ADD, found, None, kind, said, None, parent, None)
    return found


async def _successions(connection: Any, known: dict[str, UUID]) -> None:
    for each in SUCCESSIONS:
        if each.ods_code not in known:
            continue
        former = known[each.ods_code]
        await connection.execute(
            "update graph.organisation set closed_on = $2 where id = $1 and closed_on is null", former, each.last_day
        )
        for successor in each.successors:
            if successor in known:
                await connection.execute(SUCCESSION, uuid4(), former, known[successor], each.last_day)
