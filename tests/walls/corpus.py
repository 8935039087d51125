"""Requests that cover every field, argument, connection and act of the graph, made by walking its schema.

A new field is in the corpus the day it is declared. An argument or input of a new kind stops the walk and says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
)

from service.demo.shapes import NAMESPACE
from service.forums import BODY
from service.resolvers.ids import global_id
from service.schema import schema

GRAPH: Final = schema._schema
PAGE: Final = frozenset({"first", "after", "last", "before"})
FORUMS: Final = tuple(body.type_name for body in BODY.values())
# What an id in an input is the id of, by the input's name.
IDS: Final[Mapping[str, str]] = {
    "forumId": "Forum", "consulteeForumIds": "Forum", "consultationId": "Consultation", "planId": "ConsultationPlan",
    "policyVersionId": "PolicyVersion", "clauseId": "Clause", "changedClauseId": "Clause", "consulteeId": "Consultee",
    "commentId": "Comment", "extensionId": "Extension", "pointId": "ResponsePoint", "seatId": "Seat", "personId": "Person",
    "requestId": "MembershipRequest", "organisationId": "Organisation", "unionId": "Organisation", "since": "PolicyVersion",
    "recipientSeatId": "Seat", "toSeatId": "Seat", "implicatedPersonIds": "Person", "toForumId": "Forum", "issueId": "Issue",
    "stepId": "EscalationStep", "disclosureId": "IdentityDisclosure", "offerId": "ThemeOffer", "themeId": "Theme",
    "reportId": "Report", "versionId": "ReportVersion", "releaseId": "Release",
    "endpointId": "WebhookEndpoint", "scheduleId": "ReleaseSchedule", "noteId": "ReleaseNote",
}  # fmt: skip
OF_REFUSALS: Final = frozenset({"UserError", "Help"})
"""What comes with acts alone, which ask for all of it."""
AT_ONCE: Final = 8
"""How many ways of asking for one field fit into a request's budget."""
NOT_ROWS: Final = ("Payload", "Edge", "Connection")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    name: str
    document: str
    variables: Mapping[str, Any] = field(default_factory=dict)


def types() -> dict[str, GraphQLObjectType]:
    """The object types that stand for something; not payloads, edges and connections."""
    return {
        name: kind for name, kind in GRAPH.type_map.items()
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__") and not name.endswith(NOT_ROWS)
        and name not in ("Query", "Mutation", "Subscription")  # what is listened to: tests/delivery
    }  # fmt: skip


def node_types() -> tuple[str, ...]:
    """The types that have an id; bodies once, as Forum."""
    nodes = (name for name, kind in types().items() if "Node" in (each.name for each in kind.interfaces))
    return ("Forum", *(name for name in nodes if name not in FORUMS))


def random_id(type_name: str, word: str) -> str:
    """The id of nothing, the same in every run."""
    return global_id(FORUMS[0] if type_name == "Forum" else type_name, uuid5(NAMESPACE, f"nothing {type_name} {word}"))


class Walk:
    """Writes selections, and remembers which fields and arguments they cover."""

    def __init__(self, since: tuple[str, ...], ids: Mapping[str, list[str]]) -> None:
        self.covered: set[str] = set()
        self.since = since
        self.ids = ids

    def row(self, kind: Any, depth: int = 1) -> str:
        """The fields of a type: its leaves, and what hangs on it, `depth` deep; no connections."""
        found = ["__typename"]
        for name, each in kind.fields.items():
            if not each.args:
                self.covered.add(f"{kind.name}.{name}")
                target = get_named_type(each.type)
                if is_leaf_type(target):
                    found.append(name)
                elif depth > 0 or self._has_only_leaves(target):
                    found.append(f"{name} {{ {self.row(target, depth - 1)} }}")
                else:
                    found.append(f"{name} {{ __typename }}")
        return " ".join(found)

    @staticmethod
    def _has_only_leaves(kind: Any) -> bool:
        return isinstance(kind, GraphQLObjectType) and all(
            is_leaf_type(get_named_type(each.type)) for each in kind.fields.values()
        )

    def with_arguments(self, kind: Any) -> Iterator[tuple[str, str]]:
        """Each field that takes arguments: its name, and the selection that asks for it in every way."""
        for name, each in kind.fields.items():
            if each.args:
                self.covered.add(f"{kind.name}.{name}")
                ways = self._ways(kind, name, each)
                for turn, start in enumerate(range(0, len(ways), AT_ONCE)):
                    yield f"{name}{f' {turn}' if turn else ''}", " ".join(ways[start : start + AT_ONCE])

    def _ways(self, kind: Any, name: str, each: GraphQLField) -> list[str]:
        target = get_named_type(each.type)
        if not target.name.endswith("Connection"):
            (argument,) = [argument for argument, said in each.args.items() if is_required_argument(said)]
            assert argument in IDS, f"{kind.name}.{name}({argument}) is an argument of a new kind"
            self.covered.add(f"{kind.name}.{name}({argument})")
            named = self.since if argument == "since" else self.ids[IDS[argument]][-3:]
            return [f'w{n}: {name}({argument}: "{id}") {{ {self.row(target)} }}' for n, id in enumerate(named)]
        page = self.page(target)
        ways = [f"f: {name}(first: 3) {page}", f"l: {name}(last: 2) {page}"]
        self.covered |= {f"{kind.name}.{name}({argument})" for argument in PAGE}  # after and before in the second round
        for argument, said in each.args.items():
            if argument not in PAGE:
                values = get_named_type(said.type)
                assert isinstance(values, GraphQLEnumType), f"{kind.name}.{name}({argument}) is a filter of a new kind"
                self.covered.add(f"{kind.name}.{name}({argument})")
                ways += [f"v{n}: {name}(first: 3, {argument}: {value}) {page}" for n, value in enumerate(values.values)]
        return ways

    def page(self, connection: Any) -> str:
        """A page with its cursors."""
        edge = get_named_type(connection.fields["edges"].type)
        for kind, names in ((connection, ("edges", "pageInfo")), (edge, ("node", "cursor"))):
            assert set(kind.fields) == set(names), f"{kind.name} has a new field"
        node = get_named_type(edge.fields["node"].type)
        info = self.row(GRAPH.type_map["PageInfo"])
        return f"{{ pageInfo {{ {info} }} edges {{ cursor node {{ {self.row(node, 0)} }} }} }}"


def reads(ids: Mapping[str, list[str]], since: tuple[str, ...]) -> tuple[list[Asked], Walk]:
    """Every root and, of every type, all fields of the rows with these ids in one request for each field with arguments."""
    walk, found = Walk(since, ids), []
    for name in node_types():
        kind = GRAPH.type_map[name]
        parts = [("fields", walk.row(kind)), *walk.with_arguments(kind)]
        for part, selection in parts:
            document = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ __typename ... on {name} {{ {selection} }} }} }}"
            found.append(Asked(f"{name} {part}", document, {"ids": ids[name]}))
        found.append(Asked(f"node {name}", "query($id: ID!) { node(id: $id) { __typename id } }", {"id": ids[name][0]}))
    walk.covered |= {"Query.node", "Query.node(id)", "Query.nodes", "Query.nodes(ids)"}
    found += [*_roots(walk, ids)]
    for forum in FORUMS:  # every kind has the interface's fields and no others
        assert set(GRAPH.type_map[forum].fields) == set(GRAPH.type_map["Forum"].fields), (
            f"{forum} has fields of its own"
        )  # type: ignore[union-attr]
    return found, walk


def _roots(walk: Walk, ids: Mapping[str, list[str]]) -> Iterator[Asked]:
    query = GRAPH.query_type
    assert query is not None
    for name, each in query.fields.items():
        target = get_named_type(each.type)
        walk.covered.add(f"Query.{name}")
        if name in ("node", "nodes"):
            continue
        if not each.args:
            yield Asked(name, f"{{ {name} {{ {walk.row(target)} }} }}")
            for part, selection in walk.with_arguments(target):
                yield Asked(f"{name} {part}", f"{{ {name} {{ {selection} }} }}")
        elif target.name.endswith("Connection"):
            yield Asked(name, f"{{ {' '.join(walk._ways(query, name, each))} }}")
        elif name == "forum":
            walk.covered.add("Query.forum(id)")
            parts = (
                f'f{place}: forum(id: "{id}") {{ {walk.row(target, 0)} }}' for place, id in enumerate(ids["Forum"])
            )
            yield Asked("forum", f"{{ {' '.join(parts)} }}")
        elif name == "changes":  # its later pages: `test_feed`
            walk.covered |= {"Query.changes(first)", "Query.changes(since)"}
            yield Asked("changes", f"{{ changes(first: 100) {{ {walk.row(target)} }} }}")
        elif name == "timeOffTotals":
            walk.covered |= {"Query.timeOffTotals(organisationId)", "Query.timeOffTotals(quarter)"}
            for quarter in ("2020-Q1", "2026-Q1", "2099-Q4"):
                asked = (
                    f't{place}: timeOffTotals(organisationId: "{id}", quarter: "{quarter}") {{ {walk.row(target)} }}'
                    for place, id in enumerate(ids["Organisation"])
                )
                yield Asked(f"timeOffTotals {quarter}", f"{{ {' '.join(asked)} }}")
        elif name == "organisation":
            walk.covered.add("Query.organisation(odsCode)")
            for code in ("RTD", "RR7", "ZZZ", "not a code"):
                yield Asked(
                    f"organisation {code}",
                    f"query($c: String!) {{ organisation(odsCode: $c) {{ {walk.row(target)} }} }}",
                    {"c": code},
                )
        else:
            raise AssertionError(f"Query.{name} is a root of a new kind")


def everything_readable() -> set[str]:
    """Every field and argument of every type, bodies once."""
    found = set()
    for name, kind in {**types(), "Query": GRAPH.query_type, "Forum": GRAPH.type_map["Forum"]}.items():
        assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        if name in FORUMS or name in OF_REFUSALS:
            continue
        for field_name, each in kind.fields.items():
            found |= {f"{name}.{field_name}", *(f"{name}.{field_name}({argument})" for argument in each.args)}
    return found


def next_pages(asked: Asked, answered: Any) -> Iterator[Asked]:
    """One request for the pages after and before those that a connection's request brought, of every row that has such."""
    if " f: " not in asked.document and not asked.document.startswith("{ f: "):
        return
    ways = []
    for place, row in enumerate(answered.get("nodes", [answered])):
        for end, cursor, words in (("f", "endCursor", "first: 2, after"), ("l", "startCursor", "last: 2, before")):
            found = None if row is None or end not in row else row[end]["pageInfo"][cursor]
            if found is not None:
                name, page = _one_way(asked.document, asked.document.index(f"{end}: "))
                way = f'{end}{place}: {name}({words}: "{found}") {page}'
                if "nodes" in answered:
                    way = f'n{end}{place}: node(id: "{asked.variables["ids"][place]}") {{ ... on {asked.name.split()[0]} {{ {way} }} }}'
                ways.append(way)
    if ways:
        yield Asked(f"{asked.name}, further pages", f"{{ {' '.join(ways)} }}")


def _one_way(document: str, start: int) -> tuple[str, str]:
    """The field's name and its selection, from where its alias stands."""
    colon, bracket, brace = document.index(":", start), document.index("(", start), document.index("{", start)
    depth = 0
    for place in range(brace, len(document)):
        depth += {"{": 1, "}": -1}.get(document[place], 0)
        if depth == 0:
            return document[colon + 1 : bracket].strip(), document[brace : place + 1]
    raise AssertionError("an open selection")


# Acts ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attempt:
    """One act on something hidden, and the same on something that is nowhere."""

    name: str
    document: str
    hidden: dict[str, Any]
    absent: dict[str, Any]


def attempts(seen: Mapping[str, str], hidden: Mapping[str, str], today: date) -> Iterator[Attempt]:
    """Every act, for every id in its input: that one hidden or absent, the others visible where there are such."""
    mutation = GRAPH.mutation_type
    assert mutation is not None
    for name, each in mutation.fields.items():
        kind = get_named_type(each.args["input"].type)
        assert isinstance(kind, GraphQLInputObjectType)
        payload = get_named_type(each.type)
        selection = " ".join(_payload_field(payload, field_name) for field_name in payload.fields)
        document = f"mutation($input: {kind.name}!) {{ {name}(input: $input) {{ {selection} }} }}"
        for path in _id_paths(kind):
            if IDS[path[-1]] in hidden:
                yield Attempt(
                    f"{name} {'.'.join(path)}",
                    document,
                    _input(kind, today, seen, path, hidden[IDS[path[-1]]]),
                    _input(kind, today, seen, path, random_id(IDS[path[-1]], name)),
                )


def _payload_field(payload: Any, name: str) -> str:
    target = get_named_type(payload.fields[name].type)
    if is_leaf_type(target):
        return name
    return (
        "userErrors { code message field seats { id office } routes { code forumName } signposts { purpose words howToReach } }"
        if name == "userErrors"
        else f"{name} {{ __typename id }}"
    )


def _id_paths(kind: GraphQLInputObjectType, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, said in kind.fields.items():
        target = get_named_type(said.type)
        if target.name == "ID":
            assert name in IDS, f"{kind.name}.{name}: say in IDS what this is the id of"
            yield (*above, name)
        elif isinstance(target, GraphQLInputObjectType):
            yield from _id_paths(target, (*above, name))


def _input(
    kind: GraphQLInputObjectType, today: date, seen: Mapping[str, str], path: tuple[str, ...], id: str
) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, each in kind.fields.items():
        target, nullable = get_named_type(each.type), get_nullable_type(each.type)
        many = is_list_type(nullable)
        mine = path[1:] if path and path[0] == name else ()
        if target.name == "ID":
            if path == (name,):
                value: Any = id
            elif name in ("organisationId", "unionId", "clauseId", "changedClauseId"):
                continue  # left out, unless it is the one asked about
            elif name in ("issueId", "stepId") and nullable is each.type:
                continue  # either the one or the other
            else:
                value = seen.get(IDS[name]) or random_id(IDS[name], "other")
        elif isinstance(target, GraphQLInputObjectType):
            if not mine and name == "redundancy":
                continue
            value = _input(target, today, seen, mine, id)
        elif isinstance(target, GraphQLEnumType):
            value = next(iter(target.values))
        elif name == "idempotencyKey":
            continue
        else:
            value = {
                "String": "x",
                "Int": 1,
                "Boolean": False,
                "Date": str(today + timedelta(days=10)),
                "Decimal": "1",
            }[target.name]
        said[name] = [value] if many else value
    return said


def global_ids(type_name: str, ids: list[UUID], kinds: Mapping[UUID, str] | None = None) -> list[str]:
    """Global ids of rows; a body's under its own type."""
    return [global_id(kinds[id] if kinds else type_name, id) for id in ids]
