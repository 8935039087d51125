"""How the graph's types are declared: a field says what it is, and names the batch that reads it. No logic here.

Rows come from the database as they are; a plain field is the column of its name. A field of another type is read by a
batch resolver for all parents at once.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, Final

import asyncpg
import strawberry

from service.access.statement import Columns, Statement
from service.db.nodes import by_ids
from service.db.pages import Pages
from service.resolvers.batch import batched
from service.resolvers.ids import global_ids
from service.resolvers.paging import cursors_of, ends_of, field_of, pages_of

MODULES: Final[Mapping[str, str]] = {
    "Organisation": "organisations",
    "Forum": "forums",
    "Seat": "seats",
    "Person": "seats",
    "TermsOfReference": "forums",
    "MembershipRequest": "memberships",
    "Invitation": "invitations",
    "Consultation": "consultations",
    "PolicyVersion": "drafting",
    "Clause": "drafting",
    "ImpactAssessment": "drafting",
    "ConsultationPlan": "plans",
    "Consultee": "responses",
    "Extension": "agreements",
    "Comment": "comments",
    "ResponseDraft": "responses",
    "Response": "responses",
    "ResponsePoint": "responses",
    "Outcome": "responses",
    "Disagreement": "agreements",
    "ReportDefinition": "reports",
    "Metric": "reports",
    "Report": "reports",
    "ReportDraft": "reports",
    "ReportVersion": "reports",
    "ReportImport": "imports",
    "Assignment": "people",
    "PeopleImport": "people",
    "Release": "releases",
    "MetricSeries": "analysis",
    "MetricPicture": "analysis",
    "ReleaseCell": "releases",
    "AuditEntry": "audit",
    "Issue": "issues",
    "IssueNotice": "issues",
    "EscalationStep": "escalations",
    "StepNote": "escalations",
    "AgendaItem": "escalations",
    "IdentityDisclosure": "disclosures",
    "ThemeOffer": "themes",
    "Theme": "themes",
    "Signpost": "signposts",
    "WebhookEndpoint": "webhooks",
    "WebhookDelivery": "webhooks",
    "ReleaseNote": "release_notes",
}

ROWS: Final = (asyncpg.Record, dict)
ROW_KINDS: Final = frozenset(ROWS)


def lazy(type_name: str) -> Any:
    """A type of the graph by its name, wherever it is declared."""
    return Annotated[type_name, strawberry.lazy(f"service.schema.{MODULES[type_name]}")]


def read(source: Any, name: str) -> Any:
    """A plain field: a row's column, or an object's attribute."""
    return source[name] if isinstance(source, ROWS) else getattr(source, name)


def read_all(sources: list[Any], name: str) -> list[Any]:
    """The same of all parents of a level."""
    if set(map(type, sources)) <= ROW_KINDS:
        return [source[name] for source in sources]
    return [read(source, name) for source in sources]


read.__batch__ = read_all  # type: ignore[attr-defined]


def together(batch: Callable[..., Any]) -> Callable[[Any], Any]:
    """Beside a function of one row, the same of all the rows of a level, for the breadth-first executor."""

    def beside(function: Any) -> Any:
        function.__batch__ = batch
        return function

    return beside


def plain(description: str, **more: Any) -> Any:
    """A field that is a column of the row."""
    return strawberry.field(description=description, **more)


def computed(function: Any, returns: Any, description: str, *, reads: Sequence[str] | None = None) -> Any:
    """A field worked out from its row, by `function(rows, info) -> list`, which `reads` these columns, or any."""
    return strawberry.field(resolver=batched(function, returns=returns, reads=reads), description=description)


def identity(type_name: str) -> Any:
    """The global id."""

    def ids(rows: list[Any], info: strawberry.Info) -> list[str]:
        return global_ids(type_name, [row["id"] for row in rows])

    return computed(ids, strawberry.ID, "Opaque, and the same for ever.", reads=("id",))


def reference(type_name: str, key: str, description: str, *, required: bool = False) -> Any:
    """The row of another type that a column names; null where the viewer may not see it."""

    async def load(rows: list[Any], info: strawberry.Info, columns: Columns = None) -> list[Any]:
        return await by_ids(await info.context.reading(), type_name, [row[key] for row in rows], columns)

    returns = lazy(type_name) if required else lazy(type_name) | None
    return strawberry.field(resolver=batched(load, returns=returns, **_rows_by(key)), description=description)


def _rows_by(key: str, *under: str) -> dict[str, Any]:
    """What `batched` is told of a field whose rows of another type are found by a column of the parent."""
    return {"arguments": (), "reads": (key,), "rows_at": under}


async def _children(
    statement: Statement, info: strawberry.Info, rows: list[Any], columns: Columns, key: str = "id"
) -> list[list[Any]]:
    snapshot = await info.context.reading()
    parents = {row[key].bytes: row[key] for row in rows}  # bytes are looked up in a fifth of the time of a UUID
    found: dict[bytes, list[Any]] = {parent: [] for parent in parents}
    for child in await snapshot.fetch(statement.only(columns), ids=list(parents.values())):
        found[child["parent"].bytes].append(child)
    return [found[row[key].bytes] for row in rows]


def children(statement: Statement, of: Any, description: str, *, key: str = "id") -> Any:
    """A short list that belongs to its parent, read for all parents at once."""

    async def load(rows: list[Any], info: strawberry.Info, columns: Columns = None) -> list[list[Any]]:
        return await _children(statement, info, rows, columns, key)

    return strawberry.field(resolver=batched(load, returns=list[of], **_rows_by(key)), description=description)


def child(statement: Statement, of: Any, description: str) -> Any:
    """The one row that belongs to its parent, or null."""

    async def load(rows: list[Any], info: strawberry.Info, columns: Columns = None) -> list[Any]:
        return [found[0] if found else None for found in await _children(statement, info, rows, columns)]

    return strawberry.field(resolver=batched(load, returns=of | None, **_rows_by("id")), description=description)


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = plain("Whether there are more after this page.")
    has_previous_page: bool = plain("Whether there are more before this page.")
    start_cursor = computed(ends_of("start"), str | None, "The cursor of the first edge.")
    end_cursor = computed(ends_of("end"), str | None, "The cursor of the last edge.")


@cache
def connection_type(type_name: str) -> Any:
    """`XConnection` of a type, with its `XEdge`."""
    edge = type(f"{type_name}Edge", (), {
        "__annotations__": {"node": lazy(type_name)},
        "node": plain("The thing itself."),
        "cursor": computed(cursors_of, str, "Where it stands in this list, for this viewer."),
    })  # fmt: skip
    edge_type = strawberry.type(edge, description=f"One {type_name} in a list.")
    connection = type(f"{type_name}Connection", (), {
        "__annotations__": {"edges": list[edge_type], "page_info": PageInfo},  # type: ignore[valid-type]
        "edges": plain("The page, in order."),
        "page_info": plain("Where the page stands."),
    })  # fmt: skip
    return strawberry.type(connection, description=f"A page of {type_name}.")


def _argument(name: str, kind: Any, description: str) -> inspect.Parameter:
    annotation = Annotated[kind | None, strawberry.argument(description=description)]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=None)


PAGE_ARGUMENTS: Final = (
    _argument("first", int, "How many from the start, 1 to 100. Either this or last is required."),
    _argument("after", str, "Only what comes after this cursor; with first."),
    _argument("last", int, "How many from the end, 1 to 100. Either this or first is required."),
    _argument("before", str, "Only what comes before this cursor; with last."),
)


def connection(
    pages: Pages,
    type_name: str,
    description: str,
    *,
    key: str = "id",
    filters: Mapping[str, tuple[Any, str]] | None = None,
) -> Any:
    """A keyset connection: one statement for all parents. `filters` maps each argument to its type and description."""
    names = tuple(filters or {})

    async def load(rows: list[Any], info: strawberry.Info, columns: Columns = None, **said: Any) -> list[Any]:
        context = info.context
        chosen = {name: said.pop(name, None) for name in names}
        place = {"first": None, "after": None, "last": None, "before": None, **said}
        return await pages_of(context, field_of(info), pages, rows, place, chosen, key=key, columns=columns)

    extra = tuple(_argument(name, kind, words) for name, (kind, words) in (filters or {}).items())
    told = {**_rows_by(key, "edges", "node"), "arguments": (*PAGE_ARGUMENTS, *extra)}
    return strawberry.field(
        resolver=batched(load, returns=connection_type(type_name), **told),
        description=description,
    )


@strawberry.interface(description="Anything with an id of its own.")
class Node:
    id: strawberry.ID = plain("Opaque, and the same for ever.")

    @classmethod
    @together(lambda rows: True)
    def is_type_of(cls, row: Any, info: Any) -> bool:
        """Rows are not instances; which type they are is known from where they were read."""
        return True

    @classmethod
    @together(lambda rows: [row["__typename__"] for row in rows])
    def resolve_type(cls, row: Any, info: Any, abstract: Any) -> str:
        """The type's name, which `node` puts beside the row."""
        name: str = row["__typename__"]
        return name
