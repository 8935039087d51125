"""What is asked: five workloads, each in every service's own words, and one shape in which all answers must be equal.

The graph's documents are ours. The two toy graphs take them as they are (their ids are bare, and their acts have no
problems to tell); PostGraphile's names follow from the tables, so its documents give its fields our names. Answers are
compared in a shape that knows no ids' encoding and no way to write a moment: what is left must be the same.
"""

import re
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import orjson

from bench.stage import TRUST, Stage
from service.resolvers.ids import global_id

OURS: Final = "partnership"
POSTGRAPHILE: Final = "postgraphile"
MERCURIUS: Final = "mercurius"
ORM: Final = "strawberry-orm"
HANDWRITTEN: Final = "hand-written"
SAID: Final = "Ask the night staff before the rota changes."

TEN: Final = "id title summary kind draftedBySide draftedByOffice createdAt openedAt closesAt conclusion"
SEVEN: Final = "id title summary kind draftedBySide createdAt closesAt"


@dataclass(frozen=True, slots=True)
class Workload:
    """One thing that is asked. `act` says that it writes, so that its answers differ in the id of what was made."""

    name: str
    title: str
    ours: str
    toys: str
    postgraphile: str
    act: bool = False


NODE: Final = Workload(
    "node",
    "one node by id",
    ours=f"query Node($id: ID!) {{ node(id: $id) {{ ... on Consultation {{ {SEVEN} }} }} }}",
    toys=f"query Node($id: ID!) {{ node(id: $id) {{ {SEVEN} }} }}",
    postgraphile=f"query Node($id: ID!) {{ node(id: $id) {{ ... on Consultation {{ {SEVEN} }} }} }}",
)
_LIST: Final = f"forum(id: $id) {{ consultations(first: 100) {{ edges {{ node {{ {TEN} }} }} }} }}"
LIST: Final = Workload(
    "list",
    "100 consultations, ten fields",
    ours=f"query List($id: ID!) {{ {_LIST} }}",
    toys=f"query List($id: ID!) {{ {_LIST} }}",
    postgraphile=f"""query List($id: ID!) {{ forum(id: $id) {{
      consultations(first: 100, orderBy: [CREATED_AT_ASC, ROW_ID_ASC]) {{
        edges {{ node {{ {TEN} }} }} }} }} }}""",
)
_PAGE: Final = """
  query Page($id: ID!) { forum(id: $id) { id localName kind
    consultations(first: 20) { edges { node { id title closesAt
      responses(first: 5) { edges { node {
        id stance summary office forum { localName } points { body } } } } } } } } }"""
PAGE: Final = Workload(
    "page",
    "the portal page",
    ours=_PAGE,
    toys=_PAGE,
    postgraphile="""
  query Page($id: ID!) { forum(id: $id) { id localName kind
    consultations(first: 20, orderBy: [CREATED_AT_ASC, ROW_ID_ASC]) {
      edges { node { id title closesAt
        responses(first: 5, orderBy: [CREATED_AT_ASC, ROW_ID_ASC]) { edges { node {
          id stance summary office forum { localName }
          points(orderBy: [POSITION_ASC]) { nodes { body } } } } }
      } } } } }""",
)
_DIRECTORY: Final = """
  query Directory($odsCode: String!) { organisation(odsCode: $odsCode) { name
    forums(first: 50) { edges { node { id kind localName rooms
      seats(first: 50) { edges { node { id office side title person { displayName } } } } } } } } }"""
DIRECTORY: Final = Workload(
    "directory",
    "a trust's directory",
    ours=_DIRECTORY,
    toys=_DIRECTORY,
    postgraphile="""
  query Directory($odsCode: String!) { organisation: organisationByOdsCode(odsCode: $odsCode) { name
    forums: forumsByOrganisationId(first: 50, orderBy: [LOCAL_NAME_ASC, ROW_ID_ASC]) { edges { node {
      id kind localName rooms(orderBy: [PURPOSE_ASC]) { nodes { purpose } }
      seats: seatsByForumId(first: 50, orderBy: [CREATED_AT_ASC, ROW_ID_ASC]) { edges { node {
        id office side title person: personByPersonId { displayName } } } } } } } } }""",
)
_COMMENT: Final = "mutation Comment($id: {id}!, $body: String!) {{ {act}(input: {{{name}: $id, body: $body}}) {{ {made} {{ id body side }} {more} }} }}"  # noqa: E501
COMMENT: Final = Workload(
    "comment",
    "one act: a comment",
    ours=_COMMENT.format(
        act="commentAdd", id="ID", name="consultationId", made="comment", more="userErrors { code message }"
    ),
    toys=_COMMENT.format(act="commentAdd", id="ID", name="consultationId", made="comment", more=""),
    postgraphile=_COMMENT.format(
        act="peerCommentAdd", id="UUID", name="consultationId", made="comment: result", more=""
    ),
    act=True,
)
WORKLOADS: Final = (NODE, LIST, PAGE, DIRECTORY, COMMENT)


def _variables(service: str, workload: Workload, stage: Stage) -> dict[str, str]:
    if workload is DIRECTORY:
        return {"odsCode": TRUST}
    forum = workload in (LIST, PAGE)
    id_ = stage.forum if forum else stage.consultation
    said = {"body": SAID} if workload.act else {}
    if service == OURS:
        return {"id": global_id("JointNegotiatingCommittee" if forum else "Consultation", id_), **said}
    if service == POSTGRAPHILE and not workload.act:
        return {"id": postgraphile_id("Forum" if forum else "Consultation", id_)}
    return {"id": str(id_), **said}


def postgraphile_id(type_name: str, row: UUID) -> str:
    """PostGraphile's own opaque id."""
    return b64encode(orjson.dumps([type_name, str(row)])).decode()


def body(service: str, workload: Workload, stage: Stage) -> tuple[str, bytes]:
    """The path and the body of the request that asks a service for a workload."""
    variables = _variables(service, workload, stage)
    if service == HANDWRITTEN:
        return f"/{workload.name}", orjson.dumps(variables)
    document = {OURS: workload.ours, POSTGRAPHILE: workload.postgraphile}.get(service, workload.toys)
    return "/graphql", orjson.dumps({"query": " ".join(document.split()), "variables": variables})


def comparable(workload: Workload, answer: bytes) -> Any:
    """What an answer says, in the one shape."""
    data = orjson.loads(answer)["data"]
    if workload.act:
        made = next(iter(data.values()))
        if problems := made.get("userErrors"):
            raise ValueError(f"the act was refused: {problems}")
        return {"body": made["comment"]["body"], "side": made["comment"]["side"]}
    return _plain(data)


def _plain(value: Any, name: str = "") -> Any:
    match value:
        case {"nodes": [*rows]}:
            return [_plain(row["purpose"] if name == "rooms" else row) for row in rows]
        case dict():
            return {key: _plain(each, key) for key, each in value.items() if key != "__typename"}
        case list():
            return [_plain(each) for each in value]
        case str() if name == "id":
            return _bare(value)
        case str() if name.endswith("At"):
            return datetime.fromisoformat(value).astimezone(UTC).isoformat()
        case _:
            return value


def _bare(given: str) -> str:
    """The row's id within whatever an id is wrapped in."""
    found = re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", given)
    if found is None:
        found = re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", urlsafe_b64decode(given + "==").decode())
    assert found is not None
    return found[0]


def fields(value: Any) -> int:
    """How many values an answer holds."""
    match value:
        case Mapping():
            return sum(fields(each) for each in value.values())
        case list():
            return sum(fields(each) for each in value)
        case _:
            return 1
