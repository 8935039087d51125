"""What HR tells of who works in its organisation: judged row by row, and kept all at once or not at all.

What comes back follows from what was sent, from what HR told before and from what HR sees; from no seat that it does
not see (DESIGN section 7). The same rows again change nothing, so what was cut off is simply sent again.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, Self, cast
from uuid import UUID, uuid4

from service.access.viewer import Row, Snapshot
from service.db import people as db
from service.db import traces
from service.db.writing import add
from service.forums import BODIES
from service.resolvers.acting import Acting, Done, Refused, Target
from service.resolvers.ids import parts
from service.resolvers.uploaded import PROBLEMS_MOST, content_of, kept_problem, safe, table_of, unreadable
from service.rules.bodies import ForumKind, Office, Purpose, Relation, Side
from service.rules.calendar import england_day
from service.rules.people import (
    AssignmentRow,
    Body,
    Difference,
    Held,
    Judged,
    KeptSeat,
    Mode,
    Place,
    Plan,
    Post,
    Standing,
    from_table,
    judged_row,
    judged_together,
    planned,
)
from service.rules.people.rows import COLUMNS, Read, office_problems, problem
from service.rules.problems import Code, Problem
from service.rules.reports.uploads import RowProblem
from service.rules.text import normalised

if TYPE_CHECKING:
    from service.schema.people import AssignmentInput, PeopleImportInput

FOREVER: Final = "infinity"
AT_ONCE: Final = 500
LEAVERS_FEW: Final = 10
LEAVERS_SHARE: Final = 5
"""One in so many may leave by one full file; more must be confirmed."""
Progress = Callable[[int, int], None]
# The columns of a file by their names in the graph.
FIELDS: Final = {each: re.sub("_(.)", lambda found: found[1].upper(), each) for each in COLUMNS} | {
    "body": "forumId",
    "subject": "signsInAs",
}
KEPT_BY_HR: Final[Mapping[str, frozenset[tuple[Side, Office]]]] = {
    body.kind.value: frozenset((row.side, row.office) for row in body.offices if Purpose.WORKFORCE in row.granted_by)
    for body in BODIES
}


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked for beside the rows."""

    mode: Mode
    accept_valid: bool = False
    dry_run: bool = False
    leavers_confirmed: int | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent, as judged: the file's name (None where rows were given) and a hash of the content."""

    judged: Judged
    name: str | None
    digest: str
    asked: Options

    @classmethod
    def of_file(cls, judged: Judged, name: str, content: bytes, asked: Options) -> Self:
        """A file."""
        return cls(judged, name, sha256(content).hexdigest(), asked)


async def load_organisation(acting: Acting, said: Any) -> Target:
    """The acting seat's own organisation, where it is that organisation's own."""
    own = acting.seat["forum_id"] is None
    return Target(cast("Row", acting.seat), frozenset({Relation.EMPLOYER} if own else ()))


async def import_(acting: Acting, target: Target, said: PeopleImportInput) -> Done:
    """Rows, or a file in base64: judged against what stands, and kept."""
    if (said.rows is None) == (said.file is None):
        raise Refused(Problem(Code.REQUIRED, "Send either rows or a file.", ("rows",)))
    asked = Options(Mode(said.mode), said.accept_valid, said.dry_run, said.leavers_confirmed)
    if said.file is not None:
        content = content_of(said.file)
        return await keep(acting, Sent.of_file(await judged_file(acting, content), said.file.name, content, asked))
    rows: Sequence[AssignmentInput] = said.rows or ()
    return await keep(
        acting, Sent(await _judged_rows(acting, rows), None, sha256(repr(rows).encode()).hexdigest(), asked)
    )


async def judged_file(acting: Acting, content: bytes) -> Judged:
    """A file, read and judged beside the event loop. Raises Refused where it cannot be read at all."""
    table = await table_of(content)
    bodies = await bodies_seen(acting.snapshot, acting.seat["organisation_id"])
    judged = await asyncio.to_thread(from_table, table, bodies, acting.context.signed_in.issuer)
    if judged.problems and not judged.row_count:
        raise Refused(*(unreadable(each) for each in judged.problems[:50]))
    return judged


async def bodies_seen(snapshot: Snapshot, organisation: UUID) -> list[Body]:
    """The organisation's bodies that HR sees, and the offices in them that it keeps."""
    rows = await snapshot.fetch(db.BODIES, organisation=organisation)
    return [Body(row["id"], ForumKind(row["kind"]), row["local_name"], KEPT_BY_HR[row["kind"]]) for row in rows]


async def _judged_rows(acting: Acting, rows: Sequence[AssignmentInput]) -> Judged:
    """Rows of the graph, by the same rules as those of a file."""
    bodies = {body.id: body for body in await bodies_seen(acting.snapshot, acting.seat["organisation_id"])}
    issuer = acting.context.signed_in.issuer
    return judged_together([_judged_one(place, row, bodies, issuer) for place, row in enumerate(rows)])


def _judged_one(place: int, row: AssignmentInput, bodies: Mapping[UUID, Body], issuer: str) -> Read:
    cells = {
        "person_number": row.person_number,
        "assignment_number": row.assignment_number,
        "display_name": row.display_name,
        "subject": row.signs_in_as,
        "issuer": row.issuer or "",
        "title": row.title or "",
    }
    problems: list[RowProblem] = []
    post = _post(place, row, bodies, problems)
    lines = {name: normalised(cell) for name, cell in cells.items()}
    return judged_row(place, lines, (row.starts_on, row.ends_on), post, problems, issuer)


def _post(place: int, row: AssignmentInput, bodies: Mapping[UUID, Body], problems: list[RowProblem]) -> Post | None:
    if row.forum_id is None and row.office is None:
        return None
    named = None if row.forum_id is None else parts(row.forum_id)
    body = None if named is None else bodies.get(named[1])
    if body is None or row.office is None:
        column, rule = ("body", "NOT_FOUND") if body is None else ("office", "REQUIRED")
        message = "A seat needs a body that you may see, and an office."
        problems.append(problem(place, column, rule, row.forum_id or "", message))
        return None
    side, office = Side(row.side), Office(row.office)
    problems += office_problems(place, body, side, office)
    return Post(body.id, side, office, None if row.title is None else normalised(row.title))


async def keep(acting: Acting, sent: Sent, progress: Progress | None = None) -> Done:
    """Keep what was sent, or nothing of it, and what became of each row. Raises Refused."""
    await one_at_a_time(acting)
    kept = await kept_seats(acting)
    plan = await asyncio.to_thread(planned, sent.asked.mode, sent.judged, await held(acting), kept, acting.now)
    stored = not sent.asked.dry_run and (sent.asked.accept_valid or not plan.problems)
    if stored:
        _confirmed(sent, plan)
        await store(acting, plan, progress)
    return Done(await _remembered(acting, sent, plan, stored=stored), "people.imported", None)


def _confirmed(sent: Sent, plan: Plan) -> None:
    """Refuse what would end the employment of many at once, unless their number was confirmed."""
    leavers = plan.count(Standing.LEAVER)
    many = leavers > LEAVERS_FEW and leavers * LEAVERS_SHARE > plan.persons
    if sent.asked.mode is Mode.FULL and many and sent.asked.leavers_confirmed != leavers:
        message = f"This file would end the employment of {leavers} of {plan.persons} people: confirm their number."
        raise Refused(Problem(Code.UNCONFIRMED, message, ("leaversConfirmed",)))


async def one_at_a_time(acting: Acting) -> None:
    """Wait until nobody else tells who works in the organisation, to the end of this act."""
    room = acting.seat["room_id"]
    await acting.snapshot.call(traces.ONE_AT_A_TIME, int.from_bytes(room.bytes[:8], "big", signed=True))


async def held(acting: Acting) -> list[Held]:
    """Every assignment that HR told of, as it stands."""
    return [_held(row) for row in await acting.snapshot.fetch(db.HELD, room=acting.seat["room_id"])]


def _held(row: Row) -> Held:
    post = None
    if row["forum_id"] is not None:
        post = Post(row["forum_id"], Side(row["side"]), Office(row["office"]), row["title"])
    told = AssignmentRow(
        0,
        row["person_number"],
        row["assignment_number"],
        row["display_name"],
        row["issuer"],
        row["subject"],
        row["starts_on"],
        row["ends_on"],
        post,
    )
    return Held(row["id"], told, dropped=row["dropped"])


async def kept_seats(acting: Acting) -> dict[str, list[KeptSeat]]:
    """The seats that HR keeps and that have not ended, by person number."""
    found: defaultdict[str, list[KeptSeat]] = defaultdict(list)
    where = {"room": acting.seat["room_id"], "organisation": acting.seat["organisation_id"]}
    for row in await acting.snapshot.fetch(db.KEPT, **where, today=england_day(acting.now)):
        place: Place | None = None
        if row["forum_id"] is not None:
            place = (row["forum_id"], Side(row["side"]), Office(row["office"]))
            if row["kind"] is None or place[1:] not in KEPT_BY_HR[row["kind"]]:
                continue
        # a seat without an end comes back as a moment without a zone
        ends_at: datetime | None = row["ends_at"] if row["ends_at"].tzinfo else None
        found[row["person_number"]].append(KeptSeat(row["id"], place, ends_at))
    return found


async def renumber(acting: Acting, own: Sequence[Held], number: str) -> None:
    """The same person under another number of the employer's."""
    changed = [
        Difference(None, replace(each.told, person_number=number), Standing.CHANGED, held=each.id) for each in own
    ]
    await store(acting, Plan(differences=tuple(changed)), everything=True)


async def store(
    acting: Acting, plan: Plan, progress: Progress | None = None, *, everything: bool = False, dropped: bool = False
) -> None:
    """Make what a plan says so; `everything`: also what changes nothing, or is over before it was told of.

    `dropped`: whom it is about was deleted by a provisioning system.
    """
    changed = [each for each in plan.differences if everything or not each.changes_nothing]
    done = 0
    for batch in _batches(changed):
        await db.keep(acting.snapshot, acting.context.doorway, cast("Row", acting.seat), _said(acting, batch, dropped))
        done += len(batch)
        if progress is not None:
            progress(done, len(changed))


def _batches(differences: Sequence[Difference]) -> Iterator[list[Difference]]:
    """So many at once, and never one person's in two."""
    batch: list[Difference] = []
    for _, persons in groupby(differences, key=lambda each: each.told.person_number):
        batch += persons
        if len(batch) >= AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _said(acting: Acting, batch: Sequence[Difference], dropped: bool) -> dict[str, object]:
    """Differences in the words that `access.people_keep` takes."""
    rows, seats, ends = [], [], []
    for each in batch:
        told, id = each.told, each.held or acting.new_id()
        person = {"person_number": told.person_number, "display_name": told.display_name}
        sign_in = {"issuer": told.issuer, "subject": told.subject}
        post = told.post
        rows.append(
            {
                "id": id,
                **person,
                **sign_in,
                "assignment_number": told.assignment_number,
                "starts_on": told.starts_on,
                "ends_on": told.ends_on,
                "forum_id": None if post is None else post.forum,
                "side": None if post is None else post.side,
                "office": None if post is None else post.office,
                "title": None if post is None else post.title,
                "dropped": dropped,
            }
        )
        for seat in each.seats:
            forum, side, office = seat.place or (None, Side.NONE, Office.EMPLOYEE)
            made = {
                "assignment": id,
                "seat": acting.new_id(),
                "personal": acting.new_id(),
                "forum": forum,
                "side": side,
                "office": office,
                "title": seat.title,
                "starts_at": seat.starts_at,
                "ends_at": seat.ends_at or FOREVER,
            }
            seats.append(made | ({**person, **sign_in, "person": uuid4(), "account": uuid4()} if forum is None else {}))
        ends += [{"seat": seat, "at": at.astimezone(UTC)} for seat, at in each.ends]
    return {"rows": rows, "seats": seats, "ends": ends}


async def _remembered(acting: Acting, sent: Sent, plan: Plan, *, stored: bool) -> UUID:
    id = acting.new_id()
    changed = [each for each in plan.differences if each.standing is not Standing.UNCHANGED]
    await add(
        acting.snapshot,
        "people_import",
        id=id,
        room_id=acting.seat["personal_room"],
        mode=sent.asked.mode.value,
        file_name=safe(sent.name or ""),
        content_hash=sent.digest,
        row_count=sent.judged.row_count,
        dry_run=sent.asked.dry_run,
        stored=stored,
        joiners=plan.count(Standing.JOINER),
        movers=plan.count(Standing.MOVER),
        changed=plan.count(Standing.CHANGED),
        leavers=plan.count(Standing.LEAVER),
        unchanged=plan.count(Standing.UNCHANGED),
        refused=len({each.row for each in plan.problems if each.row is not None}),
        differences=[_shown(each) for each in changed[:PROBLEMS_MOST]],
        problems=[kept_problem(_named(sent, each)) for each in plan.problems[:PROBLEMS_MOST]],
    )
    return id


def _named(sent: Sent, problem: RowProblem) -> RowProblem:
    """A problem in the words of the graph, where rows of the graph were sent."""
    return problem if sent.name is not None else replace(problem, column=FIELDS[problem.column])


def _shown(difference: Difference) -> dict[str, Any]:
    return {
        "row": difference.row,
        "person_number": difference.told.person_number,
        "assignment_number": difference.told.assignment_number,
        "standing": difference.standing.value,
        "fields": [FIELDS.get(column, column) for column in difference.columns],
    }
