"""`partnership import`: a whole file from the command line, under the rights of the account that it names.

The same act as the graph's, in this process: the walls hold, the audit says who, and nothing else opens. All or
nothing is one transaction, and so is a file of people; accepting the valid rows is one for every hundred reports, so
that an import that was cut off has stored whole hundreds, and the same file again takes up where it stopped: what
stands already changes nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from service.access.pool import open_pool
from service.access.viewer import Doorway, Row, Viewer
from service.db.nodes import by_ids
from service.db.organisations import add_trusts
from service.resolvers import imports, people, reports
from service.resolvers.acting import Acting, Deed, Done, Target, perform
from service.resolvers.context import Context, Keys, SignedIn
from service.rules.acts import Act
from service.rules.reports.files import read
from service.rules.reports.staff_survey_file import bodies, is_survey_file
from service.settings import Settings

BATCH: Final = 100
STATEMENT_SECONDS: Final = 60
Progress = Callable[[int, int], None]


class ImportRefused(Exception):
    """The import was not begun, or stored nothing; the message says why, in one line."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an import: how many reports, and its error report as (row, column, rule, value, message)."""

    accepted: int
    unchanged: int
    refused: int
    left_out: int
    stored: bool
    problems: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """The part of the act's input that loading its target asks for."""

    forum_id: str | None = None


async def import_organisations(migration_url: str, file: Path) -> int:
    """Add the trusts that a survey file names and the directory does not know. Raises ImportRefused."""
    table = await asyncio.to_thread(lambda: read(file.read_bytes()))
    if isinstance(table, list) or not is_survey_file(table):
        raise ImportRefused("the file names no trusts: give the public staff survey file")
    return await add_trusts(migration_url, bodies(table))


async def import_reports(
    settings: Settings, issuer: str, subject: str, code: str, file: Path, *, accept_valid: bool, progress: Progress
) -> Result:
    """Judge and store a file of reports as the account (issuer, subject).

    Raises ImportRefused, or what the database raises.
    """
    content = await asyncio.to_thread(file.read_bytes)
    async with _signed_in(settings, issuer, subject) as context:
        return await _Import(context, code, file.name, content, accept_valid=accept_valid, progress=progress).run()


async def import_people(
    settings: Settings, issuer: str, subject: str, file: Path, said: people.Options, *, progress: Progress
) -> Row:
    """Judge and keep a file of people, in one transaction, as the account (issuer, subject) of an organisation's HR.

    The row of `PeopleImport` comes back. Raises ImportRefused, or what the database raises.
    """
    content = await asyncio.to_thread(file.read_bytes)

    async def do(acting: Acting, target: Target, _: Any) -> Done:
        judged = await people.judged_file(acting, content)
        return await people.keep(acting, people.Sent.of_file(judged, file.name, content, said), progress)

    async with _signed_in(settings, issuer, subject) as context:
        deed = Deed(Act.PEOPLE_IMPORT, people.load_organisation, do, "PeopleImport")
        outcome = await perform(context, deed, None, {"idempotency_key": uuid4().hex, "file": file.name})
        if outcome.id is None:
            raise ImportRefused("; ".join(problem.message for problem in outcome.problems))
        (row,) = await by_ids(await context.reading(), "PeopleImport", [outcome.id])
        assert row is not None
        return row


@asynccontextmanager
async def _signed_in(settings: Settings, issuer: str, subject: str) -> AsyncIterator[Context]:
    """One request's context of an account, without a token. Raises ImportRefused."""
    pool = await open_pool(settings.database_url, size=2, statement_seconds=STATEMENT_SECONDS)
    try:
        doorway = Doorway(pool, settings.proof_key)
        account = await doorway.identify(issuer, subject)
        if account is None:
            raise ImportRefused("nobody of that issuer and subject is known")
        keys = Keys.derived(settings.key)
        context = Context(doorway, keys, SignedIn(issuer, subject, None, account), Viewer(account))
        try:
            yield context
        finally:
            await context.close()
    finally:
        await pool.close()


class _Import:
    """One file on its way."""

    def __init__(
        self, context: Context, code: str, name: str, content: bytes, *, accept_valid: bool, progress: Progress
    ) -> None:
        self.context, self.code, self.name, self.content = context, code, name, content
        self.accept_valid, self.progress = accept_valid, progress
        self.total = 0
        self.sent: imports.Sent | None = None

    async def run(self) -> Result:
        """Everything at once, or batch by batch."""
        if not self.accept_valid:
            return await self._act(0, None)
        result, start = await self._act(0, BATCH), BATCH
        while start < self.total:
            more = await self._act(start, start + BATCH)
            # problems of the file as a whole, and what was left out, are told by the first batch
            result = Result(
                result.accepted + more.accepted,
                result.unchanged + more.unchanged,
                result.refused + more.refused,
                result.left_out,
                stored=True,
                problems=(*result.problems, *more.problems),
            )
            start += BATCH
        return result

    async def _act(self, start: int, stop: int | None) -> Result:
        async def do(acting: Acting, target: Target, said: Any) -> Done:
            sent = await self._judged(acting)
            self.total = len(sent.judged.rows)
            part = replace(
                sent.judged,
                rows=sent.judged.rows[start:stop],
                problems=sent.judged.problems if start == 0 else (),
                left_out=sent.judged.left_out if start == 0 else (),
            )
            shown = replace(sent, judged=part)
            return await imports.store(acting, target, shown, lambda done: self.progress(start + done, self.total))

        deed = Deed(Act.REPORT_IMPORT, reports.load_author, do, "ReportImport")
        plain = {"idempotency_key": uuid4().hex, "code": self.code, "start": start}
        outcome = await perform(self.context, deed, _Said(), plain)
        if outcome.id is None:
            raise ImportRefused("; ".join(problem.message for problem in outcome.problems))
        return await self._result(outcome.id)

    async def _judged(self, acting: Acting) -> imports.Sent:
        """The whole file, read and judged with the first batch."""
        if self.sent is None:
            kind = reports.kind_of(self.code)
            self.sent = await imports.sent_file(acting, kind, self.name, self.content, accept_valid=self.accept_valid)
        return self.sent

    async def _result(self, id: UUID) -> Result:
        (row,) = await by_ids(await self.context.reading(), "ReportImport", [id])
        assert row is not None
        await self.context.renew()
        problems = tuple(
            tuple(
                str(each[name] if each[name] is not None else "")
                for name in ("row", "column", "rule", "value", "message")
            )
            for each in row["problems"]
        )
        return Result(
            row["accepted"], row["unchanged"], row["refused"], row["left_out"], stored=row["stored"], problems=problems
        )
