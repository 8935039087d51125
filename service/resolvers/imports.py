"""Many reports at once: every row judged, nothing half-done, and what became of each kept for whoever sent them.

All or nothing unless the sender accepts the good rows alone. A trust's system or body reports for its own trust, and
its reports are submitted as if one by one; a national body's system files what is public already, for every trust, and
that is published at once. The same rows again change nothing, so an import that was cut off is simply sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from service.access.viewer import Row
from service.db import definitions
from service.db import reports as db
from service.db.directory import SUCCESSORS
from service.db.nodes import by_ids
from service.db.writing import add
from service.resolvers.acting import Acting, Done, Refused, Target, refuse_if
from service.resolvers.figures import from_input
from service.resolvers.reports import OTHER_BODY, home_problems, kind_of
from service.resolvers.standing import Author, author_of, put, report_by_id, standing_of, submitted
from service.resolvers.uploaded import (
    NAME_MOST,
    PROBLEMS_MOST,
    content_of,
    kept_problem,
    safe,
    table_of,
    unreadable,
)
from service.rules.bodies import OrganisationKind
from service.rules.calendar import england_day
from service.rules.problems import Code, Problem
from service.rules.reports import staff_survey_file, uploads
from service.rules.reports.checks import figure_problems
from service.rules.reports.definitions import Definition
from service.rules.reports.file_rules import Table
from service.rules.reports.periods import Period, definition_for, period_problems
from service.rules.reports.states import Resubmission
from service.rules.reports.uploads import DirectoryEntry, RowLeftOut, RowProblem, Submitted, SubmittedRow
from service.rules.text import line_problems

if TYPE_CHECKING:
    from service.schema.imports import ReportImportInput, ReportRowInput

CODE_COLUMNS: Final = ("organisation", staff_survey_file.CODE)
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: the rows as judged, the file's name (empty where rows were given), a hash of the content."""

    kind: Sequence[Definition]
    judged: Submitted
    name: str
    digest: str
    accept_valid: bool


@dataclass(slots=True)
class Tally:
    """What became of the rows."""

    accepted: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: list[RowProblem] = field(default_factory=list)


async def import_(acting: Acting, target: Target, said: ReportImportInput) -> Done:
    """Rows, or a file in base64: judged, and stored under the sender's own rights."""
    kind = kind_of(said.definition_code)
    if (said.rows is None) == (said.file is None):
        raise Refused(Problem(Code.REQUIRED, "Send either rows or a file.", ("rows",)))
    if said.file is not None:
        sent = await sent_file(acting, kind, said.file.name, content_of(said.file), accept_valid=said.accept_valid)
    else:
        rows: Sequence[Any] = said.rows or ()
        codes = sorted({row.organisation for row in rows})
        judged = _judged_rows(kind, rows, await directory(acting, codes), acting)
        sent = Sent(kind, judged, "", sha256(repr(rows).encode()).hexdigest(), said.accept_valid)
    return await store(acting, target, sent)


async def sent_file(
    acting: Acting, kind: Sequence[Definition], name: str, content: bytes, *, accept_valid: bool
) -> Sent:
    """A file, read and judged beside the event loop. Raises Refused where it cannot be read at all."""
    table = await table_of(content)
    entries = await directory(acting, _codes(table))
    mapped = staff_survey_file.submitted if staff_survey_file.is_survey_file(table) else uploads.submitted
    judged = await asyncio.to_thread(mapped, kind, table, entries, england_day(acting.now))
    if judged.problems and not judged.rows:
        raise Refused(*(unreadable(each) for each in judged.problems[:50]))
    return Sent(kind, judged, name, sha256(content).hexdigest(), accept_valid)


def _codes(table: Table) -> list[str]:
    columns = [name for name in CODE_COLUMNS if name in table.columns]
    cells = {str(line.cells.get(name) or "").strip().upper() for line in table.lines for name in columns}
    return sorted(cells - {""})


async def directory(acting: Acting, codes: Sequence[str]) -> list[DirectoryEntry]:
    """What is known of the organisations with these codes, and who took over those that were closed."""
    rows = await acting.snapshot.fetch(db.DIRECTORY, codes=list(codes))
    later: dict[UUID, list[str]] = {}
    for each in await acting.snapshot.fetch(SUCCESSORS, ids=[row["id"] for row in rows]):
        later.setdefault(each["parent"], []).append(each["ods_code"])
    return [
        DirectoryEntry(
            row["ods_code"],
            row["kind"] == OrganisationKind.TRUST,
            row["opened_on"],
            row["closed_on"],
            tuple(code for code in later.get(row["id"], ()) if code),
        )
        for row in rows
    ]


def _judged_rows(
    kind: Sequence[Definition], rows: Sequence[ReportRowInput], entries: Sequence[DirectoryEntry], acting: Acting
) -> Submitted:
    """Rows of the graph, by the same rules as those of a file."""
    known = {entry.ods_code: entry for entry in entries}
    found: list[SubmittedRow] = []
    problems: list[RowProblem] = []
    left: list[RowLeftOut] = []
    for number, row in enumerate(rows):
        period = Period(row.period.starts_on, row.period.ends_on)
        definition = definition_for(kind, kind[0].code, period)
        unfit = period_problems(definition or kind[-1], period, england_day(acting.now))
        if definition is None or unfit:
            message = unfit[0].message if unfit else "No version of this kind of report governs this period."
            problems.append(RowProblem(number, "period", unfit[0].code if unfit else Code.INVALID, "", message))
            continue
        out = uploads.left_out(number, row.organisation, period, known)
        if out is not None:
            left.append(out)
            continue
        figures = tuple(from_input(row.figures))
        wrong = [uploads.of_figure(each, number) for each in figure_problems(definition, figures)]
        if row.external_key is not None:
            bad = line_problems(row.external_key, field=("externalKey",), most=NAME_MOST)
            wrong += [RowProblem(number, "externalKey", each.code, "", each.message) for each in bad]
        found.append(
            SubmittedRow(
                number, row.organisation, period, definition, figures, tuple(wrong), external_key=row.external_key or ""
            )
        )
    return Submitted(tuple(found), tuple(problems), tuple(left))


async def store(acting: Acting, target: Target, sent: Sent, progress: Progress | None = None) -> Done:
    """Store the rows, or none of them, and keep what became of each. Raises Refused where nothing may be sent so."""
    author = await author_of(acting, target)
    (own,) = await by_ids(acting.snapshot, "Organisation", [author.organisation])
    assert own is not None
    national = author.forum is None and own["kind"] == OrganisationKind.NATIONAL
    if national:
        refuse_if([] if definitions.opens_to_region(sent.kind[-1]) else [OTHER_BODY])
    else:
        refuse_if(home_problems(sent.kind[-1], author))
    connection = acting.snapshot.connection
    await connection.execute("savepoint rows")
    tally = await _stored(acting, author, own, sent, national=national, progress=progress)
    stored = sent.accept_valid or not tally.problems
    if not stored:
        await connection.execute("rollback to savepoint rows")
        tally.accepted = tally.unchanged = 0
    id = await _kept(acting, sent, tally, stored=stored)
    return Done(id, "report.imported", None)


async def _stored(
    acting: Acting, author: Author, own: Row, sent: Sent, *, national: bool, progress: Progress | None
) -> Tally:
    tally = Tally(problems=list(sent.judged.problems), refused=len({each.row for each in sent.judged.problems}))
    abouts = await _abouts(acting, sent) if national else {own["ods_code"]: author.organisation}
    for done, row in enumerate(sent.judged.rows, start=1):
        problems = list(row.problems)
        if not problems and row.ods_code not in abouts:
            message = "One reports for one's own organisation alone."
            problems = [RowProblem(row.row, "organisation", "OTHER_ORGANISATION", row.ods_code, message)]
        # with one row refused nothing will be stored: the others are still judged, and not written
        if not problems and (sent.accept_valid or not tally.problems):
            try:
                changed = await _one(acting, author, row, abouts[row.ods_code], national=national)
            except Refused as refusal:
                problems = [RowProblem(row.row, "", each.code, "", each.message) for each in refusal.problems]
            else:
                tally.accepted += changed
                tally.unchanged += not changed
        if problems:
            tally.refused += 1
            tally.problems += problems
        if progress is not None:
            progress(done)
    return tally


async def _abouts(acting: Acting, sent: Sent) -> dict[str, UUID]:
    codes = sorted({row.ods_code for row in sent.judged.rows})
    return {row["ods_code"]: row["id"] for row in await acting.snapshot.fetch(db.DIRECTORY, codes=codes)}


async def _one(acting: Acting, author: Author, row: SubmittedRow, about: UUID, *, national: bool) -> bool:
    """One row as a report: whether that changed anything. Raises Refused."""
    report, what = await put(
        acting, author, row.definition, row.period, row.external_key or None, row.figures, about if national else None
    )
    if what is Resubmission.UNCHANGED:
        return False
    if row.definition.needs_sro_sign_off and not national:
        return True  # it waits for the board as a draft
    standing = await standing_of(acting, await report_by_id(acting, report))
    version, _ = await submitted(acting, standing)
    if national:
        await acting.snapshot.call(db.PUBLISH, version)
    return True


async def _kept(acting: Acting, sent: Sent, tally: Tally, *, stored: bool) -> UUID:
    id = acting.new_id()
    left = [
        {
            "row": each.row,
            "column": "organisation",
            "rule": each.reason.value,
            "value": safe(each.ods_code),
            "message": _left_words(each),
        }
        for each in sent.judged.left_out
    ]
    await add(
        acting.snapshot,
        "report_import",
        id=id,
        room_id=acting.seat["personal_room"],
        definition_id=definitions.definition_id(sent.kind[-1].code, sent.kind[-1].version),
        file_name=safe(sent.name, NAME_MOST),
        content_hash=sent.digest,
        row_count=len(sent.judged.rows) + len(sent.judged.left_out) + len({p.row for p in sent.judged.problems}),
        accepted=tally.accepted,
        unchanged=tally.unchanged,
        refused=tally.refused,
        left_out=len(left),
        stored=stored,
        problems=[*(kept_problem(each) for each in tally.problems), *left][:PROBLEMS_MOST],
    )
    return id


def _left_words(out: RowLeftOut) -> str:
    words = {
        uploads.LeftOut.OTHER_BODY: "This body is no trust.",
        uploads.LeftOut.SECTOR_OF_TRUST: "This is a part of a trust, under a code of its own.",
        uploads.LeftOut.UNKNOWN_CODE: "No organisation of this code is known here.",
        uploads.LeftOut.NOT_YET_OPEN: "This trust did not exist in this period.",
        uploads.LeftOut.CLOSED: "This trust was closed before this period.",
    }[out.reason]
    return f"{words} It became {', '.join(out.successors)}." if out.successors else words
