"""Loads the demo region into an empty database, signed in as the migrator, in one transaction.

The rows say what the acts would have said: the same rooms and doors, and the same audit chain. Where a database holds
any organisation already, nothing is touched. COPY is not to be had through row policies, so rows go in by batches.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import asyncpg
import orjson

from service.demo.directory_rows import directory_rows
from service.demo.region import region
from service.demo.replay import replayed
from service.demo.replay.carried import carry
from service.demo.replay.case import place_of
from service.demo.replay.stage import Stage
from service.demo.rows import Row
from service.demo.traces import chained

Progress = Callable[[str], None]
ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended('partnership demo', 0))"
FINAL_VERSION = "update graph.consultation set final_version_id = $2 where id = $1"
DATABASES_DAY = "select graph.today()"
THERE_ALREADY = "select exists (select from graph.organisation)"


async def load(migration_url: str, today: date, progress: Progress) -> bool:
    """Load the region as it stands on `today`; False, and nothing done, where there is data already.

    Raises `asyncpg.PostgresError` or `OSError`; what was not finished is rolled back.
    """
    connection = await asyncpg.connect(migration_url, timeout=10)
    try:
        await connection.set_type_codec(
            "jsonb", encoder=lambda value: orjson.dumps(value).decode(), decoder=orjson.loads, schema="pg_catalog"
        )
        async with connection.transaction():
            await connection.execute(ONE_AT_A_TIME)
            if await connection.fetchval(THERE_ALREADY):
                return False
            demo = region(today)
            progress(f"{len(demo.people)} invented people in {len(demo.forums)} bodies")
            place = place_of(demo)
            cases = [replayed(consultation, place) for consultation in demo.consultations]
            progress(f"{len(cases)} consultations")
            await _insert(connection, directory_rows(demo))
            await _insert(connection, (row for case in cases for row in case.rows))
            await connection.executemany(FINAL_VERSION, [(case.row["id"], case.final_version) for case in cases])
            stage = Stage(connection, place, await connection.fetchval(DATABASES_DAY))
            await carry(stage, demo)
            progress(f"{len(demo.issues)} issues and {len(demo.themes)} words on themes")
            traces = (*(trace for case in cases for trace in case.traces), *stage.traces)
            await _insert(connection, await chained(connection, traces, stage.told))
        return True
    finally:
        await connection.close()


async def _insert(connection: "asyncpg.Connection[asyncpg.Record]", rows: Iterable[Row]) -> None:
    """Insert rows table by table, in the order in which the tables first appear."""
    tables: dict[str, dict[tuple[str, ...], list[tuple[Any, ...]]]] = {}
    for table, values in rows:
        tables.setdefault(table, {}).setdefault(tuple(values), []).append(tuple(values.values()))
    for table, batches in tables.items():
        for columns, batch in batches.items():
            places = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
            statement = f"insert into {table} ({', '.join(columns)}) values ({places})"  # noqa: S608 (our own names)
            await connection.executemany(statement, batch)
