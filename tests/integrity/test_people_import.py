"""HR's whole file from the command line: everybody at once or nobody, and a timer that tells of deadlines."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from service.access.viewer import Row
from service.identity.demo import ISSUER
from service.importing import ImportRefused, import_people
from service.resolvers.people import Options
from service.rules.people import Mode
from tests.journeys.stage import Cast, opened
from tests.plugins.service import SECRET, World

PEOPLE = 1_200
HEADER = "person_number,assignment_number,display_name,subject,starts_on\n"
COUNT = (
    "select (select count(*) from graph.assignment), (select count(*) from access.account where subject like 'hire-%'),"
    " (select count(*) from graph.seat s join access.account a on a.person_id = s.person_id where a.subject like 'hire-%')"
)


def written(tmp_path: Path, people: int, **instead: str) -> Path:
    lines = [f"{n},{n}-1,Invented {n},hire-{n},2020-04-01\n" for n in range(people)]
    for row, line in instead.items():
        lines[int(row[1:])] = line
    file = tmp_path / "people.csv"
    file.write_text(HEADER + "".join(lines))
    return file


async def imported(world: World, file: Path, **asked: Any) -> Row:
    said = Options(**({"mode": Mode.FULL} | asked))
    return await import_people(world.settings, ISSUER, "hr-service", file, said, progress=lambda done, total: None)


async def held(world: World) -> list[int]:
    async with world.admin() as admin:
        return list(await admin.fetchrow(COUNT))


async def test_a_whole_workforce_comes_in_at_once_and_again_changes_nothing(fresh_world: World, tmp_path: Path) -> None:
    file = written(tmp_path, PEOPLE)
    assert (await imported(fresh_world, file, dry_run=True))["joiners"] == PEOPLE
    assert await held(fresh_world) == [0, 0, 0]
    found = await imported(fresh_world, file)
    assert (found["stored"], found["joiners"], len(found["differences"])) == (True, PEOPLE, 1_000)
    assert await held(fresh_world) == [PEOPLE, PEOPLE, PEOPLE]
    before = await fresh_world.everything()
    again = await imported(fresh_world, file)
    assert (again["unchanged"], again["joiners"]) == (PEOPLE, 0)
    after = await fresh_world.everything()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {
        "graph.people_import",
        "graph.audit_entry",
        "graph.audit_detail",
        "graph.event",
        "graph.idempotency",
    }


async def test_one_bad_row_of_many_keeps_nobody(fresh_world: World, tmp_path: Path) -> None:
    file = written(tmp_path, PEOPLE, r700="700,700-1,Invented 700,,2020-04-01\n")
    found = await imported(fresh_world, file)
    assert (found["stored"], found["refused"]) == (False, 1)
    assert found["problems"][0]["row"] == 702
    assert await held(fresh_world) == [0, 0, 0]
    with pytest.raises(ImportRefused, match="missing"):
        (tmp_path / "people.csv").write_text(HEADER.replace("subject", "mail") + "1,1-1,A,b,2020-04-01\n")
        await imported(fresh_world, file)
    with pytest.raises(ImportRefused, match="power"):
        await import_people(
            fresh_world.settings,
            ISSUER,
            "management-chair",
            written(tmp_path, 1),
            Options(Mode.FULL),
            progress=lambda *_: None,
        )
    with pytest.raises(ImportRefused, match="nobody of that issuer"):
        await import_people(
            fresh_world.settings, ISSUER, "invented", written(tmp_path, 1), Options(Mode.FULL), progress=lambda *_: None
        )


@pytest.mark.parametrize("after", [0, 1, 2])
async def test_an_import_that_is_cut_off_between_batches_leaves_nobody_half_employed(
    fresh_world: World, tmp_path: Path, after: int
) -> None:
    file = written(tmp_path, PEOPLE)
    batches = 0

    def progress(done: int, total: int) -> None:
        nonlocal batches
        if batches == after:
            raise KeyboardInterrupt
        batches += 1

    with pytest.raises(KeyboardInterrupt):
        await import_people(fresh_world.settings, ISSUER, "hr-service", file, Options(Mode.FULL), progress=progress)
    assert await held(fresh_world) == [0, 0, 0]
    assert (await imported(fresh_world, file))["joiners"] == PEOPLE
    assert await held(fresh_world) == [PEOPLE, PEOPLE, PEOPLE]


async def test_a_timer_tells_of_the_deadlines_that_have_come(fresh_world: World) -> None:
    case = await opened(Cast(fresh_world), "race")
    await fresh_world.pass_time(case.id, 45)
    async with fresh_world.admin() as admin:
        await admin.execute("update access.scheduler set since = now() - interval '50 days'")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PARTNERSHIP_")},
        "DATABASE_URL": fresh_world.url("partnership_app"),
        "PARTNERSHIP_SECRET": SECRET,
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    told = []
    for _ in range(2):
        run = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "service.cli", "tick"),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await run.communicate()
        assert run.returncode == 0, said
        told.append(said.decode().strip().splitlines()[-1])
    assert int(told[0].split()[0]) >= 1
    assert told[1] == "0 deadlines were told of"
