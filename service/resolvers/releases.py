"""Freezing the region's picture of one kind of report: worked out under the disclosure rule, then never changed.

The raw figures are in the hands of this code alone, for as long as it takes to build the cells; the database gives
them to nobody who cannot prove to be the service.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import orjson

from service.access.viewer import Row
from service.db import definitions
from service.db import releases as db
from service.db.nodes import by_ids
from service.forums import FORUM_TYPES
from service.resolvers.acting import Acting, Done, Refused, Target
from service.resolvers.figures import from_row
from service.resolvers.reports import kind_of
from service.resolvers.targets import node
from service.rules.bodies import ForumKind, Relation
from service.rules.calendar import england_day
from service.rules.problems import Code, Problem
from service.rules.reports.definitions import Definition, Dimension, Home
from service.rules.reports.differencing import Place
from service.rules.reports.disclosure import DisclosureRule
from service.rules.reports.periods import Period
from service.rules.reports.releases import Cell, Key, Published, Reason, Release, Status
from service.rules.reports.releasing import build

if TYPE_CHECKING:
    from service.schema.releases import ReleaseFreezeInput

Report = tuple[UUID, Published]
FIELDS: Final = ("value", "numerator", "denominator", "base")


async def load_region(acting: Acting, said: ReleaseFreezeInput) -> Target:
    """The region's forum: the acting seat's own."""
    forum = await node(acting, said.forum_id, "Forum", "forumId", ids=FORUM_TYPES)
    return Target(forum, frozenset({Relation.OWNER} if forum["id"] == acting.seat["forum_id"] else ()))


def of_region(forum: Row, code: str) -> Definition:
    """The kind of report of this code, where this body can freeze a picture of it. Raises Refused."""
    definition = kind_of(code)[-1]
    if ForumKind(forum["kind"]) is not ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM:
        raise Refused(Problem(Code.INVALID, "Only the forum of a region freezes its picture.", ("forumId",)))
    if not definition.dimensions:
        message = "A report of this kind never leaves its trust."
        raise Refused(Problem(Code.INVALID, message, ("definitionCode",)))
    return definition


async def freeze(acting: Acting, target: Target, said: ReleaseFreezeInput) -> Done:
    """The next release of a kind of report, over what is published now."""
    forum, definition = target.row, of_region(target.row, said.definition_code)
    (region,) = await by_ids(acting.snapshot, "Organisation", [forum["organisation_id"]])
    assert region is not None
    made, proof = acting.context.doorway.release_proof(acting.snapshot.connection, forum["id"], definition.code)
    raw = await acting.snapshot.call(db.SOURCE, forum["id"], definition.code, made, proof)
    reports, members = reports_of(raw, region["name"])
    if not members:
        message = "No trust of the region has published a report of this kind."
        raise Refused(Problem(Code.NOTHING_PUBLISHED, message, ("definitionCode",)))
    taken = await acting.snapshot.call(db.HISTORY, forum["id"], definition.code, made, proof)
    before = await _before(acting, definition, forum["id"], reports, taken)
    current = latest_of(raw, reports)
    directory = await _directory(acting, region, current)
    today = england_day(acting.now)
    release = await asyncio.to_thread(
        build, definition, [each for _, each in current], today, before=before, directory=directory
    )
    id, room = acting.new_id(), acting.new_id()
    content = content_of(definition, release, current, members)
    made, proof = acting.context.doorway.freeze_proof(acting.snapshot.connection, id, room, forum["id"], content)
    await acting.snapshot.call(db.FREEZE, id, room, forum["id"], content, made, proof)
    return Done(id, "release.frozen", room, revision=release.number)


def reports_of(raw: Sequence[Any], region: str) -> tuple[dict[UUID, Published], set[str]]:
    """Every published version among the rows as the rules take it, and the codes of the region's own trusts."""
    figures: dict[UUID, list[Any]] = {}
    for row in raw:
        figures.setdefault(row["version_id"], []).append(row)
    found = {}
    members = {row["ods_code"] for row in raw if row["is_member"]}
    known = definitions.by_id()
    for version, rows in figures.items():
        first = rows[0]
        place = Place(
            first["ods_code"], first["trust_type"], first["icb"], region if first["is_member"] else first["region"]
        )
        found[version] = Published(
            place,
            known[first["definition_id"]].version,
            Period(first["starts_on"], first["ends_on"]),
            tuple(from_row(row) for row in rows),
            f"{first['reported_by']}, published {first['published_at'].date()}",
        )
    return found, members


def latest_of(raw: Sequence[Any], reports: Mapping[UUID, Published]) -> list[Report]:
    """The latest published version of each report, body by body where bodies report for themselves.

    Of one trust and period that was reported twice, by its system and by a committee, the one published last.
    """
    chosen: dict[tuple[str, UUID | None, Period], tuple[Any, UUID]] = {}
    for row in raw:
        if row["is_latest"]:
            of_body = definitions.by_id()[row["definition_id"]].home is not Home.ORGANISATION
            place = (row["ods_code"], row["forum_id"] if of_body else None, reports[row["version_id"]].period)
            candidate = (row["published_at"], row["version_id"])
            chosen[place] = max(chosen.get(place, candidate), candidate)
    return [(version, reports[version]) for _, version in sorted(chosen.values())]


async def _before(
    acting: Acting, definition: Definition, forum: UUID, reports: Mapping[UUID, Published], taken: Sequence[Row]
) -> list[Release]:
    earlier = await acting.snapshot.fetch(db.OF_KIND, forum=forum, code=definition.code)
    cells: dict[UUID, list[Row]] = {row["id"]: [] for row in earlier}
    for cell in await acting.snapshot.fetch(db.ALL_CELLS, ids=list(cells)):
        cells[cell["parent"]].append(cell)
    made_of: dict[int, list[Published]] = {}
    for row in taken:
        then = reports[row["version_id"]]
        made_of.setdefault(row["number"], []).append(
            Published(Place(**row["place"]), then.version, then.period, then.figures, then.source)
        )
    return [
        Release(
            definition.code,
            row["number"],
            row["frozen_on"],
            _rule(row["rule"]),
            row["method"],
            tuple(cell_of(each) for each in cells[row["id"]]),
            tuple(made_of.get(row["number"], ())),
        )
        for row in earlier
    ]


def _rule(kept: Mapping[str, Any]) -> DisclosureRule:
    return DisclosureRule(**{**kept, "from_date": date.fromisoformat(kept["from_date"])})


def cell_of(row: Row) -> Cell:
    """A stored cell as the rules know it."""
    key = Key(
        Period(row["starts_on"], row["ends_on"]),
        definitions.metrics_by_id()[row["metric_id"]][1].code,
        row["group_code"],
        row["band_code"],
        Dimension(row["dimension"]),
        row["member"],
    )
    return Cell(
        key=key,
        status=Status(row["status"]),
        value=row["value"],
        numerator=row["numerator"],
        denominator=row["denominator"],
        base=row["base"],
        reporters=row["reporters"],
        expected=row["expected"],
        source=row["source"],
        computed_in=row["computed_in"],
        reasons=tuple(Reason(each) for each in row["reasons"]),
    )


async def _directory(acting: Acting, region: Row, current: Sequence[Report]) -> list[Place]:
    """The trusts that could have reported: the region's, and those beyond that did."""
    rows = await acting.snapshot.fetch(db.MEMBERS, region=region["id"], day=england_day(acting.now))
    own = {
        row["ods_code"]: Place(row["ods_code"], row["trust_type"] or "", row["icb"] or "", region["name"])
        for row in rows
        if row["ods_code"] is not None
    }
    return list((own | {each.place.trust: each.place for _, each in current}).values())


def content_of(definition: Definition, release: Release, current: Sequence[Report], members: set[str]) -> str:
    """What is frozen, as JSON: the cells that are about the region, and what they were made of."""
    return orjson.dumps(
        {
            "code": definition.code,
            "definition": definitions.definition_id(definition.code, definition.version),
            "number": release.number,
            "frozen_on": release.frozen_on,
            "method": release.method,
            "rule": asdict(release.rule),
            "contributors": len(members),
            "taken": [{"version": version, "place": asdict(each.place)} for version, each in current],
            "cells": [_plain(definition, cell) for cell in about_region(release.cells, current, members)],
        },
        option=orjson.OPT_SORT_KEYS,
        default=_text,
    ).decode()


def about_region(cells: Sequence[Cell], current: Sequence[Report], members: set[str]) -> list[Cell]:
    """The region's own trusts, what they count in, and England where others reported too."""
    places = [each.place for _, each in current if each.place.trust in members]
    totals = {total for place in places for total in place.totals() if total[0] is not Dimension.ENGLAND}
    beyond = any(each.place.trust not in members for _, each in current)
    return [
        cell
        for cell in cells
        if (cell.key.dimension is Dimension.TRUST and cell.key.member in members)
        or (cell.key.dimension is Dimension.ENGLAND and beyond)
        or (cell.key.dimension, cell.key.member) in totals
    ]


def _plain(definition: Definition, cell: Cell) -> dict[str, Any]:
    return {
        "metric": definitions.metric_id(definition, cell.key.metric),
        "starts_on": cell.key.period.starts_on,
        "ends_on": cell.key.period.ends_on,
        "group_code": cell.key.group,
        "band_code": cell.key.band,
        "dimension": cell.key.dimension,
        "member": cell.key.member,
        **{name: getattr(cell, name) for name in FIELDS},
        "status": cell.status,
        "source": cell.source,
        "reporters": cell.reporters,
        "expected": cell.expected,
        "computed_in": cell.computed_in,
        "reasons": list(cell.reasons),
    }


def _text(value: object) -> str:
    if isinstance(value, Decimal | UUID):  # asyncpg gives ids of a kind of its own
        return str(value)
    raise TypeError(type(value).__name__)
