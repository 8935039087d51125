"""The README's own examples, run on a fresh demo region: whoever copies them gets the answer that is printed."""

import html
import json
import re
import shlex
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from service.app import FIRST_QUERY, create_app
from service.execution.cost import Limits
from service.execution.errors import FAULTS
from service.forums import BODY
from service.identity.issuers import READY, profile_from
from service.resolvers.ids import parts
from service.rules.bodies import ForumKind, Office, Side
from service.rules.calendar import add_working_days
from service.rules.consultations import Kind
from service.rules.consultations.plans import minimum_closing
from service.rules.problems import DESCRIPTIONS
from service.settings import ADDRESSES, PREFIX, Settings, read_settings
from tests.docs import pages
from tests.plugins.service import SECRET, World
from tests.runtime.conftest import ROOT

README = pages.text("README.md")
ALL = "\n".join(page.read_text() for page in pages.documents())
COMMANDS = "\n".join(block.text for block in pages.blocks(README) if block.language == "sh")


async def test_a_reader_who_copies_every_request_gets_every_printed_answer(fresh_world: World) -> None:
    closing = minimum_closing(Kind.POLICY, fresh_world.today)
    assert closing == add_working_days(fresh_world.today, 20), "the README says 20 working days"
    names = {"today": str(fresh_world.today), "closing day": str(closing)}
    asked, passed = 0, False
    for example in pages.examples(README):
        if example.later and not passed:
            await fresh_world.pass_time(names["consultation"], (closing - fresh_world.today + timedelta(days=1)).days)
            passed = True
        answer = await fresh_world.as_(example.persona).ask(pages.filled(example.document, names))
        pages.learn(example.answer, answer.body, names)
        assert answer.body == pages.meant(example.answer, names), f"as {example.persona}: {example.document}"
        asked += 1
    assert passed
    assert asked > 15


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
async def test_a_newcomer_who_pastes_the_shell_function_is_answered(world: World, tmp_path: Path) -> None:
    pasted = next(block.text for block in pages.blocks(README) if block.text.startswith("ask()"))
    ours = (
        pasted.replace("http://localhost:8000", world.base)
        .replace(".venv/bin/python", sys.executable)
        .replace(".venv/bin/partnership token", f"{sys.executable} -m service.cli token --data-dir {world.settings.data_dir}")
    )  # fmt: skip
    assert ours.count(sys.executable) == 2
    run = await _shell(ours)
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)
    assert [seat["forumName"] for seat in answer["data"]["viewer"]["seats"]] == [None, "Race Equality Network"]


async def _shell(script: str) -> "subprocess.CompletedProcess[str]":
    import asyncio

    return await asyncio.to_thread(
        subprocess.run, ["/bin/sh", "-c", script], cwd=ROOT, capture_output=True, text=True, check=False, timeout=180
    )


def test_a_newcomer_meets_the_same_first_query_on_the_page_and_in_the_readme() -> None:
    first = next(pages.examples(README))
    assert first.document.split() == FIRST_QUERY.split()
    assert first.persona == "network-member"


async def test_a_newcomer_with_a_space_in_the_path_can_paste_the_pages_command(tmp_path: Path) -> None:
    place = tmp_path / "my demo"
    settings = read_settings(
        database_url="postgresql://x@localhost/x", secret=SECRET, demo=True, data_dir=place, port=8123
    )
    served = httpx2.ASGITransport(create_app(settings))
    async with httpx2.AsyncClient(transport=served, base_url="http://localhost") as client:
        sent = await client.get("/")
    command = html.unescape(re.findall(r"<code>(curl .*?)</code>", sent.text, re.DOTALL)[0])
    signed_in = re.findall(r"\$\((.*)\)", command)[0]
    assert shlex.split(signed_in)[-2:] == ["--data-dir", str(place)]
    assert "http://localhost:8123/graphql" in command
    assert json.loads(shlex.split(command)[-1]) == {"query": FIRST_QUERY}


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_a_newcomer_finds_every_make_target_that_is_named() -> None:
    named = set(re.findall(r"^make ([a-z-]+)", COMMANDS, re.MULTILINE)) | set(re.findall(r"`make ([a-z-]+)", ALL))
    assert {"demo", "test"} <= named
    for target in named:
        planned = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert planned.returncode == 0, planned.stderr


def test_an_operator_finds_every_command_that_is_named() -> None:
    named = set(re.findall(r"`(?:\.venv/bin/)?partnership ([a-z]+(?: [a-z]+)?)", ALL))
    assert named >= {"serve", "migrate", "token", "audit verify"}
    for command in named:
        words = [sys.executable, "-m", "service.cli", *command.split(), "--help"]
        shown = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
        assert shown.returncode == 0, command
        assert f"Usage: partnership {command}" in shown.stdout


def test_a_database_administrator_runs_what_the_role_file_says() -> None:
    roles = (ROOT / "deploy" / "roles.sql").read_text()
    for line in ("psql --single-transaction --set ON_ERROR_STOP=1 --file deploy/roles.sql",
                 "createdb --owner partnership_owner --encoding UTF8 --template template0 partnership"):  # fmt: skip
        assert line in COMMANDS
        assert line in roles
    for file in re.findall(r"--file (\S+)", COMMANDS):
        assert (ROOT / file).is_file(), file


def test_an_operator_can_trust_every_issuer_of_the_example() -> None:
    (example,) = [block.text for block in pages.blocks(README) if block.language == "json" and '"kind"' in block.text]
    entries = json.loads(example)
    assert {entry["kind"] for entry in entries} == set(READY)
    for entry in entries:
        profile_from(entry)
    assert {row[0].strip("`") for row in pages.table(README, "Profile")} == set(READY)


def test_an_operator_finds_only_settings_that_there_are() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {*ADDRESSES, "AUDIT_DATABASE_URL"}
    assert set(re.findall(r"\b(?:PARTNERSHIP_[A-Z_]+|[A-Z_]*DATABASE_URL)\b", ALL)) <= known


def test_a_client_developer_reads_every_fault_with_its_status() -> None:
    printed = {row[0].strip("`"): int(row[1]) for row in pages.table(README, "Code")}
    assert printed == {fault.code.value: fault.status for fault in FAULTS}
    limits = Limits()
    (cost,) = [row[2] for row in pages.table(README, "Code") if "COST" in row[0]]
    figures = [int(figure.replace(",", "")) for figure in re.findall(r"[\d,]*\d", cost)]
    assert figures == [limits.characters, limits.depth, limits.aliases, limits.nodes]


def test_a_client_developer_reads_every_user_error_as_the_schema_has_it() -> None:
    printed = {row[0].strip("`"): row[1] for row in pages.table(README, "User error")}
    assert printed == {code.value: words for code, words in DESCRIPTIONS.items()}


def test_a_reviewer_sees_in_the_picture_the_rooms_that_seats_really_open() -> None:
    picture = next(block.text for block in pages.blocks(README) if block.language == "mermaid")
    drawn: dict[str, set[str]] = {}
    for who, room in re.findall(r"^  (\w+)(?:\(\[.*?\]\))? --> (\w+)", picture, re.MULTILINE):
        drawn.setdefault(who, set()).add(room)
    jnc, network = ForumKind.JOINT_NEGOTIATING_COMMITTEE, ForumKind.STAFF_NETWORK
    rooms = {"MANAGEMENT_SIDE": "MS", "STAFF_SIDE": "SS", "JOINT": "J", "MEMBERS": "MEM", "OFFICERS": "OFF"}
    people = {
        "MC": (jnc, Side.MANAGEMENT, Office.CHAIR),
        "SC": (jnc, Side.STAFF, Office.CHAIR),
        "SEC": (jnc, Side.NONE, Office.SECRETARIAT),
        "NC": (network, Side.NETWORK, Office.CHAIR),
        "NM": (network, Side.NETWORK, Office.MEMBER),
    }
    real = {
        who: {
            rooms[room] for row in BODY[kind].offices if (row.side, row.office) == (side, office) for room in row.opens
        }
        for who, (kind, side, office) in people.items()
    }
    assert drawn == {**real, "UM": {"UG"}}


async def test_a_reviewer_sees_in_the_picture_the_doors_that_really_stand(world: World) -> None:
    picture = [block.text for block in pages.blocks(README) if block.language == "mermaid"][1]
    drawn = {
        (from_room, into_room, arrow == "==>")
        for from_room, arrow, into_room in re.findall(r"^  (\w+)(?:\[.*?\])? (==>|-->) (\w+)", picture, re.MULTILINE)
    }
    example = parts(re.findall(r'node\(id: "(\w+)"\)', README)[0])
    assert example is not None
    async with world.admin() as db:
        rows = await db.fetch(DOORS, example[1])
    assert {(row["from_room"], row["into_room"], row["writes"]) for row in rows} == drawn


async def test_a_reviewer_sees_in_the_picture_who_is_really_let_in_to_an_issue(world: World) -> None:
    picture = [block.text for block in pages.blocks(README) if block.language == "mermaid"][2]
    drawn = {
        (from_room, into_room, arrow == "==>")
        for from_room, arrow, into_room in re.findall(r"^  (\w+)(?:\[.*?\])? (==>|-->) (\w+)", picture, re.MULTILINE)
    }
    async with world.admin() as db:
        rows = await db.fetch(ISSUE_DOORS)
    assert {(row["from_room"], row["into_room"], row["writes"]) for row in rows} == drawn


# Of the confidential issue that went to staff side in private; onward steps have rooms of their own.
ISSUE_DOORS = """
    select case when d.from_room = v.own_room then 'R' when d.from_room = c.personal_room then 'REC'
                when r.purpose = 'OFFICERS' then 'OFF' when r.purpose = 'STAFF_SIDE' then 'SS' else r.purpose end as from_room,
           case d.into_room when i.room_id then 'I' when v.room_id then 'V' when s.room_id then 'S' else 'T' end as into_room,
           d.may_write as writes
      from graph.issue i join graph.raiser v on v.issue_id = i.id join graph.seat c on c.id = v.recipient_seat
      join graph.step_trail t on t.issue_id = i.id and t.number = 1 join graph.escalation_step s on s.id = t.step_id
      join graph.door d on d.into_room in (i.room_id, v.room_id, s.room_id, s.content_room) and d.from_room <> d.into_room
      join graph.room r on r.id = d.from_room
     where i.identity = 'CONFIDENTIAL' and s.to_channel = 'STAFF_SIDE'"""


# The side that drafted keeps its own door beside the joint room's, which the picture leaves out.
DOORS = """
    select case f.kind when 'STAFF_NETWORK' then 'N' when 'TRADE_UNION_GROUP' then 'UG' else
             case r.purpose when 'JOINT' then 'J' when 'STAFF_SIDE' then 'SS' else r.purpose end end as from_room,
           case when d.into_room = c.room_id then 'P' when d.into_room = c.case_room then 'C'
                when e.reach = 'STAFF_SIDE' then 'U' else 'E' end as into_room,
           bool_or(d.may_write) as writes
      from graph.consultation c
      left join graph.consultee e on e.consultation_id = c.id
      join graph.door d on d.into_room in (c.room_id, c.case_room, e.room_id) and d.from_room <> d.into_room
      join graph.room r on r.id = d.from_room join graph.forum f on f.id = r.forum_id
     where c.id = $1 and not (r.purpose = c.drafted_by_side || '_SIDE' and d.into_room in (c.room_id, c.case_room))
     group by 1, 2"""


async def test_a_reader_sees_in_the_chart_what_the_service_draws(world: World) -> None:
    """But for the day on which the demo froze it, and the mark that is made of the words with that day."""
    member = world.as_("network-member")
    releases = '{ organisation(odsCode: "RTD") { releases(last: 1) { edges { node { id } } } } }'
    (edge,) = (await member.ask(releases)).data["organisation"]["releases"]["edges"]
    metric = re.findall(r'node\(id: "(TWV0cmlj\w+)"\)', README)[0]
    path = f"/pictures/release/{edge['node']['id']}/{metric}.svg"
    sent = await world.http.get(f"{world.base}{path}", headers={"Authorization": f"Bearer {member.token}"})
    drawn, printed = [
        re.sub(r"\bc[0-9a-f]{12}\b", "MARK", re.sub(r"\d{4}-\d{2}-\d{2}", "DAY", text))
        for text in (sent.text, pages.text("docs/pictures/region.svg"))
    ]
    assert drawn == printed
