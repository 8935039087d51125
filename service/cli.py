"""The `partnership` command. Every failure is one line on standard error and an exit code: 1 a fault, 2 a wrong use.

What a command needs is imported when it runs, so that `--help` answers at once.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cyclopts import App, CycloptsError

from service.progress import say, step

if TYPE_CHECKING:
    from service.access.viewer import Row
    from service.db.audit import Heads
    from service.embedded import EmbeddedPostgres
    from service.resolvers.people import Options
    from service.settings import Settings

FAULT, WRONG_USE, INTERRUPTED = 1, 2, 130
DATA_DIR = Path(".data")

app = App(
    name="partnership",
    help="The partnership graph: staff networks, both sides, one record.",
    suppress_keyboard_interrupt=False,
)
audit = App(name="audit", help="The audit chain.")
app.command(audit)
imports = App(name="import", help="Files of reports and of people, and the trusts that reports name.")
app.command(imports)


class Fault(Exception):
    """A command could not do its work; the message is one line."""


class WrongUse(Exception):
    """A command was asked for what it cannot do; the message is one line."""


@app.command
def demo(*, port: int = 8000, data_dir: Path = DATA_DIR) -> None:
    """Start everything on this machine, with an invented region and personas to sign in as.

    Parameters
    ----------
    port
        The port of 127.0.0.1 to listen on; 0 takes any free one.
    data_dir
        Where the demo keeps its database, its secret and its issuer's key.
    """
    _run(_demo(port, data_dir))


@app.command
def serve() -> None:
    """Serve the graph as the environment says (deploy/environment.example)."""
    from service.settings import read_settings

    settings = read_settings()
    with _listen(settings.host, settings.port) as listening:
        _run(_serve(settings, listening))


@app.command
def migrate() -> None:
    """Bring the database to the current schema, signed in by MIGRATION_DATABASE_URL."""
    from service.settings import read_settings

    _run(_migrate(read_settings()))


@app.command
def tick() -> None:
    """Tell of every deadline that has come, once, and end: for a timer, where no replica delivers (DELIVERS=false)."""
    _run(_tick())


@app.command
def token(persona: str, /, *, data_dir: Path = DATA_DIR) -> None:
    """Print an access token of the demo for a persona, or for anybody in the demo by subject.

    Parameters
    ----------
    persona
        For example management-chair, staff-side-chair, network-member or outsider.
    data_dir
        The data directory of the demo.
    """
    from service.demo.personas import PERSONAS
    from service.identity.demo import DemoIssuer
    from service.settings import DEMO_AUDIENCE

    service_accounts = _demo_subjects()
    if persona not in service_accounts:
        raise WrongUse(f"no persona {persona!r}; choose one of {', '.join(known.subject for known in PERSONAS)}")
    if not data_dir.is_dir():
        raise Fault(f"there is no demo in {data_dir}; start it with `make demo`")
    print(DemoIssuer(data_dir, DEMO_AUDIENCE, demo=True).issue(persona, service=service_accounts[persona]))


@app.command
def schema() -> None:
    """Print the graph's schema in the schema definition language."""
    from service.schema import sdl

    print(sdl(), end="")


@audit.command
def verify(*, checkpoint: Path | None = None, data_dir: Path = DATA_DIR) -> None:
    """Check the audit chain of every room, in the database of AUDIT_DATABASE_URL, or else of the demo.

    Parameters
    ----------
    checkpoint
        A checkpoint taken before: a chain rebuilt since then shows.
    data_dir
        The data directory of the demo, running or not.
    """
    _run(_verify(data_dir, checkpoint))


@audit.command(name="checkpoint")
def take_checkpoint(*, data_dir: Path = DATA_DIR) -> None:
    """Print a signed checkpoint of the audit chain, to keep where no database administrator can write.

    Parameters
    ----------
    data_dir
        The data directory of the demo, running or not.
    """
    _run(_checkpoint(data_dir))


@imports.command
def reports(
    file: Path,
    /,
    *,
    definition: str,
    account: str = "survey-system",
    issuer: str | None = None,
    accept_valid: bool = False,
    data_dir: Path = DATA_DIR,
) -> None:
    """Submit a CSV or XLSX file of reports, every row judged; the error report goes to standard output as CSV.

    Parameters
    ----------
    file
        The file. The same file again changes nothing.
    definition
        The kind of report, such as STAFF_SURVEY.
    account
        The subject of the account that sends it: the system of a trust, or of a national body.
    issuer
        Who signs that account in; of the demo, its own issuer.
    accept_valid
        Store the rows that pass where others do not; else it is all or nothing.
    data_dir
        The data directory of the demo, where DATABASE_URL is not set.
    """
    _run(_import_reports(file, definition, account, issuer, data_dir, accept_valid=accept_valid))


@imports.command
def people(
    file: Path,
    /,
    *,
    account: str = "hr-service",
    issuer: str | None = None,
    changes: bool = False,
    dry_run: bool = False,
    accept_valid: bool = False,
    leavers: int | None = None,
    data_dir: Path = DATA_DIR,
) -> None:
    """Tell who works in an organisation; what becomes of each assignment goes to standard output as CSV.

    Parameters
    ----------
    file
        A CSV or XLSX file, one row for each assignment (docs/people.md). The same file again changes nothing.
    account
        The subject of the account of the organisation's HR system.
    issuer
        Who signs that account in, and the people in the file; of the demo, its own issuer.
    changes
        The file holds what changed; else it is everybody, and who is not in it has left.
    dry_run
        Only say what would become of it.
    accept_valid
        Keep the rows that pass where others do not; else it is all or nothing.
    leavers
        How many people are meant to leave, where that is more than one in five.
    data_dir
        The data directory of the demo, where DATABASE_URL is not set.
    """
    from service.resolvers.people import Options
    from service.rules.people import Mode

    asked = Options(Mode.CHANGES if changes else Mode.FULL, accept_valid, dry_run, leavers)
    _run(_import_people(file, account, issuer, data_dir, asked))


@imports.command
def organisations(file: Path, /, *, data_dir: Path = DATA_DIR) -> None:
    """Add the trusts that a staff survey file names and the directory does not know.

    Parameters
    ----------
    file
        The public staff survey file.
    data_dir
        The data directory of the demo, where MIGRATION_DATABASE_URL is not set.
    """
    _run(_import_organisations(file, data_dir))


async def _import_reports(
    file: Path, definition: str, account: str, issuer: str | None, data_dir: Path, *, accept_valid: bool
) -> None:
    from service.identity.demo import ISSUER
    from service.importing import ImportRefused, import_reports
    from service.pictures.exports import csv_table
    from service.progress import bar

    _there(file)
    async with _database_of(data_dir) as settings:
        with bar(f"Importing {file.name}") as progress, _database("DATABASE_URL"):
            try:
                result = await import_reports(
                    settings, issuer or ISSUER, account, definition, file, accept_valid=accept_valid, progress=progress
                )
            except ImportRefused as refused:
                raise Fault(str(refused)) from None
    if result.problems:
        print(csv_table(("row", "column", "rule", "value", "message"), result.problems).decode("utf-8-sig"), end="")
    say(
        f"{result.accepted} reports new or changed, {result.unchanged} as they stood, {result.refused} refused,"
        f" {result.left_out} of bodies left out"
    )
    if not result.stored:
        raise Fault("nothing was stored: correct the rows above, or accept the valid ones with --accept-valid")


async def _import_people(file: Path, account: str, issuer: str | None, data_dir: Path, asked: "Options") -> None:
    from service.identity.demo import ISSUER
    from service.importing import ImportRefused, import_people
    from service.progress import bar

    _there(file)
    async with _database_of(data_dir) as settings:
        with bar(f"Importing {file.name}") as progress, _database("DATABASE_URL"):
            try:
                found = await import_people(settings, issuer or ISSUER, account, file, asked, progress=progress)
            except ImportRefused as refused:
                raise Fault(str(refused)) from None
    _print_people(found)
    if not found["stored"] and not found["dry_run"]:
        raise Fault("nothing was stored: correct the rows above, or accept the valid ones with --accept-valid")


def _print_people(found: "Row") -> None:
    """What became of a file of people: its problems, or else the differences that it made or would make."""
    from service.pictures.exports import csv_table

    if found["problems"]:
        columns: tuple[str, ...] = ("row", "column", "rule", "value", "message")
        rows = found["problems"]
    else:
        columns, rows = ("row", "person_number", "assignment_number", "standing", "fields"), found["differences"]
    lines = [
        [
            " ".join(cell) if isinstance(cell := row[name], list) else str("" if cell is None else cell)
            for name in columns
        ]
        for row in rows
    ]
    if lines:
        print(csv_table(columns, lines).decode("utf-8-sig"), end="")
    say(
        f"{found['joiners']} joiners, {found['leavers']} leavers, {found['movers']} moves,"
        f" {found['changed']} other changes, {found['unchanged']} as they stood, {found['refused']} rows refused"
    )


async def _import_organisations(file: Path, data_dir: Path) -> None:
    from service.importing import ImportRefused, import_organisations

    _there(file)
    async with _database_of(data_dir) as settings:
        with _database("MIGRATION_DATABASE_URL"):
            try:
                added = await import_organisations(_migration_url(settings), file)
            except ImportRefused as refused:
                raise Fault(str(refused)) from None
    say(f"{added} trusts added")


def _there(file: Path) -> None:
    if not file.is_file():
        raise WrongUse(f"there is no file {file}")


@asynccontextmanager
async def _database_of(data_dir: Path) -> AsyncIterator["Settings"]:
    """The settings of the environment's database, or of the demo's, running or not."""
    from service.embedded import DATABASE, EmbeddedPostgres, InUse, kept_secret, running_url
    from service.settings import read_settings

    if "DATABASE_URL" in os.environ:
        yield read_settings()
        return
    if not data_dir.is_dir():
        raise Fault(f"DATABASE_URL is not set and there is no demo in {data_dir}")
    secret = {} if "PARTNERSHIP_SECRET" in os.environ else {"secret": kept_secret(data_dir)}

    def settings(address: Callable[[str, str], str]) -> "Settings":
        return read_settings(
            database_url=address("partnership_app", DATABASE),
            migration_database_url=address("partnership_migrator", DATABASE),
            **secret,
        )

    server = EmbeddedPostgres(data_dir)
    try:
        await server.__aenter__()
    except InUse:
        yield settings(lambda role, name: running_url(data_dir, role, name))
        return
    try:
        yield settings(server.url)
    finally:
        await server.__aexit__(None, None, None)


async def _demo(port: int, data_dir: Path) -> None:
    from service.embedded import kept_secret
    from service.settings import read_settings

    listening = _listen("127.0.0.1", port)
    with listening:
        async with _demo_database(data_dir) as addresses:
            given: dict[str, object] = {**addresses, "demo": True, "data_dir": data_dir}
            if "PARTNERSHIP_SECRET" not in os.environ:
                given["secret"] = kept_secret(data_dir)
            settings = read_settings(**given, host="127.0.0.1", port=listening.getsockname()[1])
            await _migrate(settings)
            await _load_region(settings)
            await _serve(settings, listening)


@asynccontextmanager
async def _demo_database(data_dir: Path) -> AsyncIterator[dict[str, str]]:
    """The demo's addresses: the embedded server's, or none when the environment gives them."""
    if "DATABASE_URL" in os.environ:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield {}
        return
    from service.embedded import DATABASE, EmbeddedPostgres, bootstrap

    say(f"PostgreSQL starts in {data_dir}")
    async with EmbeddedPostgres(data_dir) as server:
        await bootstrap(server.admin_url(), server.admin_url(DATABASE))
        watching = asyncio.create_task(_stop_with(server))
        try:
            yield {
                "database_url": server.url("partnership_app", DATABASE),
                "migration_database_url": server.url("partnership_migrator", DATABASE),
            }
        finally:
            watching.cancel()
        if not server.is_running:
            raise Fault("PostgreSQL ended by itself, and the demo with it")


async def _stop_with(server: "EmbeddedPostgres") -> None:
    """Stop serving when the database ends: a demo that only says UNAVAILABLE helps nobody."""
    while server.is_running:  # noqa: ASYNC110 (a process has no event to wait for)
        await asyncio.sleep(1)
    signal.raise_signal(signal.SIGTERM)


async def _migrate(settings: "Settings") -> None:
    from service.db.migration import upgrade

    url = _migration_url(settings)
    with step("Migrating the database"), _database("MIGRATION_DATABASE_URL"):
        await upgrade(url, proof_key=settings.proof_key)


async def _load_region(settings: "Settings") -> None:
    from datetime import date

    from service.demo.load import load
    from service.demo.reports import load_reports

    with step("Loading the demo region where there is none") as progress, _database("MIGRATION_DATABASE_URL"):
        await load(_migration_url(settings), date.today(), progress)
        await load_reports(settings, date.today(), progress)


async def _serve(settings: "Settings", listening: socket.socket) -> None:
    from service.app import create_app
    from service.serving import serve_until_stopped
    from service.starting import StartRefused, refuse_to_start

    try:
        await refuse_to_start(settings)
    except StartRefused as refused:
        raise Fault(str(refused)) from None
    host, port = listening.getsockname()[:2]
    say(f"The graph is at http://{f'[{host}]' if ':' in host else host}:{port}/ (Ctrl-C stops it)")
    app = create_app(settings)
    if not await serve_until_stopped(app, listening, app.state.stop):
        raise Fault("the service did not start; the log above says where")
    say("The graph has stopped")


async def _tick() -> None:
    from service.access.pool import open_pool
    from service.access.viewer import Doorway
    from service.db.deadlines import pruned
    from service.delivery.deadlines import Deadlines
    from service.settings import read_settings

    settings = read_settings()
    with _database("DATABASE_URL"):
        pool = await open_pool(settings.database_url, size=2, statement_seconds=60)
        try:
            doorway = Doorway(pool, settings.proof_key)
            told = await Deadlines(doorway).look()
            await pruned(doorway)
        finally:
            await pool.close()
    say(f"{told} deadlines were told of")


def _checkpoint_key(data_dir: Path) -> bytes:
    """What checkpoints are signed with: AUDIT_SECRET, or, of the demo's database, the demo's secret."""
    from service.embedded import kept_secret
    from service.settings import SHORTEST_SECRET, derived_key

    secret = os.environ.get("AUDIT_SECRET")
    if secret is None and "AUDIT_DATABASE_URL" not in os.environ and data_dir.is_dir():
        secret = kept_secret(data_dir)
    if secret is None or len(secret.encode()) < SHORTEST_SECRET:
        raise WrongUse(
            f"AUDIT_SECRET: at least {SHORTEST_SECRET} bytes are required to sign a checkpoint, or to read one"
        )
    return derived_key(secret, "audit checkpoint")


async def _checkpoint(data_dir: Path) -> None:
    from service.db.audit import heads
    from service.db.checkpoints import sealed

    async with _audited_database(data_dir) as url:
        key = _checkpoint_key(data_dir)
        with _database("AUDIT_DATABASE_URL"):
            found = await heads(url)
    print(sealed(found, key, datetime.now(UTC)))


def _kept_heads(checkpoint: Path, data_dir: Path) -> "Heads":
    from service.db.checkpoints import CheckpointRefused, opened

    try:
        return opened(checkpoint.read_text(), _checkpoint_key(data_dir))
    except (CheckpointRefused, OSError, UnicodeDecodeError) as refused:
        raise Fault(f"{checkpoint}: {getattr(refused, 'strerror', None) or refused}") from None


async def _verify(data_dir: Path, checkpoint: Path | None) -> None:
    async with _audited_database(data_dir) as url:
        from service.db.audit import verify as broken_links

        kept = None if checkpoint is None else _kept_heads(checkpoint, data_dir)
        with step("Verifying the audit chain") as progress, _database("AUDIT_DATABASE_URL"):
            broken = await broken_links(url, progress, kept)
    for line in broken:
        say(line)
    if broken:
        raise Fault(f"the audit chain is broken in {len(broken)} places")


@asynccontextmanager
async def _audited_database(data_dir: Path) -> AsyncIterator[str]:
    from service.embedded import DATABASE, EmbeddedPostgres, InUse, running_url
    from service.settings import address_problem

    if given := os.environ.get("AUDIT_DATABASE_URL"):
        if problem := address_problem(given):
            raise WrongUse(f"AUDIT_DATABASE_URL: {problem}")
        yield given
        return
    if not data_dir.is_dir():
        raise Fault(f"AUDIT_DATABASE_URL is not set and there is no demo in {data_dir}")
    try:
        server = await EmbeddedPostgres(data_dir).__aenter__()
    except InUse:
        yield running_url(data_dir, "partnership_auditor", DATABASE)
        return
    try:
        yield server.url("partnership_auditor", DATABASE)
    finally:
        await server.__aexit__(None, None, None)


@contextmanager
def _database(named: str) -> Iterator[None]:
    """Say what a database refused, and by which address, in one line."""
    from sqlalchemy.exc import DBAPIError

    from service.access.hosts import UNREACHABLE, trouble

    try:
        yield
    except DBAPIError as failure:
        # SQLAlchemy's own words repeat the statement; what the driver said is two causes down.
        cause = failure.orig.__cause__ if failure.orig is not None else None
        raise Fault(f"{named}: {trouble(cause or failure)}") from None
    except UNREACHABLE as failure:
        raise Fault(f"{named}: {trouble(failure)}") from None


def _migration_url(settings: "Settings") -> str:
    if settings.migration_database_url is None:
        raise WrongUse("MIGRATION_DATABASE_URL: is required to migrate")
    return settings.migration_database_url


def _demo_subjects() -> dict[str, bool]:
    """Everybody who can sign in to the demo, and whether it is a service account."""
    from datetime import date

    from service.demo.region import region

    return {person.subject: person.is_service for person in region(date.today()).people}


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OverflowError:
        raise WrongUse(f"port {port}: a port is at most 65535") from None
    except OSError as failure:
        raise Fault(f"cannot listen on {host} port {port}: {failure.strerror}") from failure


def _run(work: Coroutine[Any, Any, None]) -> None:
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, 1 for a fault, 2 for a wrong use, 130 when interrupted."""
    # A service manager's stop is the same wish as Ctrl-C, which a shell tells its background jobs to ignore.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        app(arguments, exit_on_error=False, print_error=False, result_action="return_none")
    except KeyboardInterrupt:
        say("partnership: interrupted")
        return INTERRUPTED
    except Exception as failure:  # the one place where a failure becomes a line
        code, line = _told(failure)
        say(f"partnership: {line}")
        return code
    return 0


def _told(failure: Exception) -> tuple[int, str]:
    """The exit code and the line for a failure."""
    from service.embedded import EmbeddedFailure
    from service.settings import SettingsRefused

    lines = str(failure).strip().splitlines() or [""]
    match failure:
        case CycloptsError():
            return WRONG_USE, f"{' '.join(line.strip() for line in lines)} (see `partnership --help`)"
        case WrongUse() | SettingsRefused():
            return WRONG_USE, lines[0]
        case Fault() | EmbeddedFailure():
            return FAULT, lines[0]
        case _:
            return FAULT, f"{type(failure).__name__}: {lines[0]}"


if __name__ == "__main__":
    sys.exit(main())
