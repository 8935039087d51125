"""A page costs what it holds: no statement of the service reads a table whole, or more doors than lead into a row's room.

Plans are asked for with the planner's dear ways forbidden. What is still in a plan then, no index could spare.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from sqlalchemy import select

from service.access.statement import Statement
from service.db import calendar, consultations, definitions, directory, nodes, releases, reports, traces
from service.db.pages import Pages
from service.db.tables import comment, forum
from tests.walls.ground import STAFF_CHAIR, Ground

DEAR: Final = "set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_sort = {}"
LOOKED_INTO: Final = frozenset({"Index Scan", "Index Only Scan", "Bitmap Index Scan"})
# Public, in the order of its own index, and no page waits for rows that are hidden.
WHOLE_BY_RIGHT: Final = frozenset({"ORGANISATIONS", "ALL"})


NAMED: Final = [
    each
    for module in (calendar, consultations, definitions, directory, releases, reports, traces)
    for each in vars(module).items()
]
STATEMENTS: Final = [(name, each) for name, each in NAMED if isinstance(each, Statement)] + [*nodes.BY_ID.items()]
PAGES: Final = [(name, each) for name, each in NAMED if isinstance(each, Pages)]


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from _nodes(each)


def _scans(plan: dict[str, Any]) -> list[str]:
    """What a plan reads without being told which rows."""
    found = []
    for node in _nodes(plan):
        condition = node.get("Index Cond", "")
        if node["Node Type"] == "Seq Scan" or (node["Node Type"] in LOOKED_INTO and not condition):
            found.append(f"all of {node.get('Relation Name') or node['Index Name']}")
        elif node.get("Relation Name") == "door" and "into_room" not in condition:
            found.append(f"all doors of the viewer: {condition}")
    return found


def _sorts(plan: dict[str, Any]) -> list[str]:
    """What a plan puts in order before it leaves out all but a page."""
    pages = (node for node in _nodes(plan) if node["Node Type"] == "Limit")
    return [
        f"sorted by {', '.join(each['Sort Key'])}"
        for page in pages
        for each in _nodes(page)
        if each["Node Type"] == "Sort"
    ]


async def _plan(ground: Ground, statement: Statement, *, sorting: bool) -> dict[str, Any]:
    """The plan that PostgreSQL keeps for a statement, whoever asks."""
    nothing = ", ".join("null" for _ in statement._names)
    async with ground.entered("staff-side-chair", STAFF_CHAIR) as entered:
        await entered.connection.execute(DEAR.format("on" if sorting else "off"))
        await entered.connection.execute("set local plan_cache_mode = force_generic_plan")
        await entered.connection.execute(f"prepare asked as {statement.sql}")
        try:
            asked = f"explain (format json) execute asked{f'({nothing})' if nothing else ''}"
            found: dict[str, Any] = json.loads(await entered.connection.fetchval(asked))[0]["Plan"]
        finally:
            await entered.connection.execute("deallocate asked")
        return found


@pytest.mark.parametrize("name, statement", STATEMENTS)
async def test_a_member_waits_for_no_rows_but_those_asked_for(ground: Ground, name: str, statement: Statement) -> None:
    assert _scans(await _plan(ground, statement, sorting=True)) == []


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("placed", [False, True])
@pytest.mark.parametrize("name, pages", PAGES)
async def test_a_member_waits_for_no_rows_after_the_page(
    ground: Ground, name: str, pages: Pages, placed: bool, backwards: bool
) -> None:
    plan = await _plan(ground, pages._statement(backwards=backwards, placed=placed), sorting=False)
    assert _sorts(plan) == []
    if name not in WHOLE_BY_RIGHT:
        assert _scans(plan) == []
        assert any("parent.parent_id" in node.get("Index Cond", "") for node in _nodes(plan)), (
            "it starts from its parent"
        )


async def test_a_member_would_wait_for_every_door_in_words_that_let_the_planner_read_them_all(ground: Ground) -> None:
    every = Statement(select(forum))
    words = "alter policy open on graph.forum using (exists (select from graph.door d where d.into_room = forum.room_id {}))"
    assert _scans(await _plan(ground, every, sorting=True)) == ["all of forum"]
    async with ground.changed(words.format(""), words.format("offset 0")):
        assert len(_scans(await _plan(ground, every, sorting=True))) == 2


async def test_a_statement_without_an_index_is_noticed(ground: Ground) -> None:
    query = select(comment).where(comment.c.side == "STAFF").order_by(comment.c.body).limit(10)
    plan = await _plan(ground, Statement(query), sorting=False)
    assert _scans(plan) == ["all of comment"]
    assert _sorts(plan) == ["sorted by comment.body"]
