"""What the journeys share: the cast by office, acts that must be done, acts that must be refused, and a case in any state.

`refused` is the whole rule of a refusal in one place: the codes, a field that is really the input's, no object, and
nothing written but the refusal's own trace in the acting seat's own room.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull

from service.demo.consultations.seats import RTD, Seats
from service.demo.region import region
from service.demo.shapes import demo_id, seat_key
from service.resolvers.ids import global_id, parts
from service.rules.bodies import Office, Side
from service.rules.calendar import add_working_days
from service.schema.build import build
from tests.plugins.service import Answer, Person, World

POLICY = (
    "# Flexible rostering policy\n\nWho it is for.\n\n## 1 Notice\n\nRosters are published six weeks ahead.\n\n"
    "## 2 Swaps\n\nSwaps are agreed by the manager.\n"
)
CHANGED = POLICY.replace("six weeks", "eight weeks")
TITLE = "Flexible rostering policy"
SCHEMA = build()._schema
TRACES = {"graph.audit_entry": 1, "graph.audit_detail": 1, "graph.room_head": 1, "graph.idempotency": 1}
TABLES: list[str] = []
SHOWN: set[tuple[str, str]] = set()
"""(act, code) of every refusal that this run has shown, for `test_coverage`."""
UNTRACED = {"CAPACITY_REQUIRED", "IDEMPOTENCY_KEY_REQUIRED", "IDEMPOTENCY_KEY_REUSED"}
"""Nothing was begun: no seat was chosen, or the key stands for something else."""


def key() -> str:
    """An idempotency key that nobody used."""
    return uuid4().hex


def random_like(given: str) -> str:
    """A global id of the same type as a given one, of nothing."""
    found = parts(given)
    assert found is not None
    return global_id(found[0], uuid4())


def act_name(mutation: str) -> str:
    """`planSign` as the audit names it: PLAN_SIGN."""
    return re.sub(r"(?=[A-Z])", "_", mutation).upper()


@cache
def _holders(today: date) -> dict[str, str]:
    return {seat.key: seat.holder for seat in region(today).seats}


@dataclass(frozen=True)
class Cast:
    """People of one trust in the seat that counts, by what they are called there."""

    world: World
    trust: Seats = RTD

    def holding(self, seat: str) -> Person:
        """Whoever holds the seat of this key, acting in it."""
        return self.world.as_(_holders(self.world.today)[seat]).acting_as(global_id("Seat", demo_id("seat", seat)))

    def seat(self, forum: str | None, side: Side, office: Office, role: str) -> Person:
        """Whoever holds this office in this role, acting in it."""
        return self.holding(seat_key(self.trust.trust, forum, side, office, role))

    def subject(self, seat: str) -> str:
        """Whom the demo issuer names for the holder of a seat."""
        return _holders(self.world.today)[seat]

    @property
    def management(self) -> Person:
        return self.holding(self.trust.management_chair)

    @property
    def management_secretary(self) -> Person:
        return self.holding(self.trust.management_secretary)

    @property
    def staff(self) -> Person:
        return self.holding(self.trust.staff_chair)

    @property
    def staff_secretary(self) -> Person:
        return self.seat("jnc", Side.STAFF, Office.SECRETARY, "jnc staff secretary")

    @property
    def secretariat(self) -> Person:
        return self.seat("jnc", Side.NONE, Office.SECRETARIAT, "jnc secretariat")

    @property
    def hr(self) -> Person:
        return self.world.as_("hr-service")

    def chair(self, network: str) -> Person:
        return self.holding(self.trust.network_chair(network))

    def secretary(self, network: str) -> Person:
        return self.holding(self.trust.network_secretary(network))

    def member(self, network: str, number: int = 1) -> Person:
        return self.holding(self.trust.network_member(network, number))

    @property
    def union_chair(self) -> Person:
        return self.holding(self.trust.union_chair("UNISON"))

    def union_member(self, number: int = 1) -> Person:
        return self.holding(self.trust.union_member("UNISON", number))

    @property
    def safety_staff(self) -> Person:
        return self.seat("safety", Side.STAFF, Office.CHAIR, "UNISON safety representative 1")

    @property
    def safety_management(self) -> Person:
        return self.seat("safety", Side.MANAGEMENT, Office.CHAIR, "estates director")

    def forum(self, short: str) -> str:
        """The global id of one of the trust's bodies."""
        return self.world.id(TYPES.get(short, "StaffNetwork"), "forum", f"{self.trust.trust}/{short}")


TYPES = {
    "jnc": "JointNegotiatingCommittee",
    "lnc": "LocalNegotiatingCommittee",
    "edi": "EdiSteeringGroup",
    "safety": "HealthAndSafetyCommittee",
    "unison": "TradeUnionGroup",
    "rcn": "TradeUnionGroup",
    "board": "Board",
    "people": "ExecutiveCommittee",
    "speak-up": "FreedomToSpeakUp",
}


async def done(person: Person, act: str, select: str = "", **said: Any) -> Any:
    """Do an act that must succeed; the payload."""
    answer = await person.act(act, select, **said)
    payload = answer.only()
    assert payload["userErrors"] == [], (act, payload["userErrors"])
    return payload


@dataclass(frozen=True)
class Mark:
    """Where the database stood: the next transaction, and how many rows every table held."""

    transaction: int
    counts: dict[str, int]


async def mark(world: World) -> Mark:
    """Where the database stands now: as `World.everything`, in one statement."""
    async with world.admin() as db:
        return await _mark(db)


async def written(world: World, since: Mark) -> dict[str, int]:
    """How many rows of each table were written since, whether new or changed; tables without any are left out."""
    async with world.admin() as db:
        return await _written(db, since)


async def _mark(db: Any) -> Mark:
    rows = await db.fetch(await _over_every_table(db, 0))
    return Mark(await db.fetchval("select pg_current_xact_id()::text::bigint"), {r["name"]: r["n"] for r in rows})


async def _written(db: Any, since: Mark) -> dict[str, int]:
    rows = await db.fetch(await _over_every_table(db, since.transaction))
    assert all(row["n"] >= since.counts[row["name"]] for row in rows), "rows are gone"
    return {row["name"]: row["newer"] for row in rows if row["newer"]}


async def _over_every_table(db: Any, transaction: int) -> str:
    if not TABLES:
        found = await db.fetch(
            "select schemaname || '.' || tablename as name from pg_tables where schemaname in ('graph', 'access')"
            " and tablename <> 'change'"  # the feed's lines follow the others
        )
        TABLES.extend(sorted(row["name"] for row in found))
    newer = f"count(*) filter (where xmin::text::bigint > {transaction}) as newer"
    return " union all ".join(f"select '{name}' as name, count(*) as n, {newer} from {name}" for name in TABLES)


async def refused(
    person: Person,
    act: str,
    *codes: str,
    field: str | None = "",
    traced: bool | None = None,
    raising: bool = False,
    **said: Any,
) -> list[dict[str, Any]]:
    """Try an act that must be refused with these codes; `field` is the first error's path ("" for: not looked at).

    Nothing may be written but the refusal's trace, in the acting seat's own room (and not even that where no seat was
    chosen or nothing was begun); `raising`: in the raiser's own room instead, and by no seat. The errors are given back.
    """
    async with person.world.admin() as db:
        before = await _mark(db)
        payload = (await person.act(act, objects_of(act), **said)).only()
        errors: list[dict[str, Any]] = payload.pop("userErrors")
        assert [error["code"] for error in errors] == list(codes), (act, errors)
        assert set(payload.values()) == {None}, (act, payload)
        SHOWN.update((act, code) for code in codes)
        for error in errors:
            check_path(act, error["field"])
        if field != "":
            assert errors[0]["field"] == (None if field is None else field.split(".")), (act, errors)
        found = await _written(db, before)
        if codes[0] in UNTRACED if traced is None else not traced:
            assert found == {}, (act, found)
        else:
            assert found == TRACES, (act, found)
            await (_check_own_trace if raising else _check_trace)(db, before, act, codes[0])
    return errors


def objects_of(act: str) -> str:
    """The selection of everything in an act's payload beside its errors."""
    fields = SCHEMA.mutation_type.fields[act].type.of_type.fields  # type: ignore[union-attr]
    return " ".join(
        f"{name} {{ __typename }}" if hasattr(each.type, "fields") else name
        for name, each in fields.items()
        if name != "userErrors"
    )


def check_path(act: str, path: list[str] | None) -> None:
    """The path of a problem leads through the act's own input."""
    kind: Any = SCHEMA.mutation_type.fields[act].args["input"].type  # type: ignore[union-attr]
    for part in path or ():
        while isinstance(kind, GraphQLNonNull):
            kind = kind.of_type
        if isinstance(kind, GraphQLList):
            assert part.isdecimal(), (act, path)
            kind = kind.of_type
        else:
            assert isinstance(kind, GraphQLInputObjectType), (act, path)
            assert part in kind.fields, (act, path)
            kind = kind.fields[part].type


async def _check_trace(db: Any, before: Mark, act: str, code: str) -> None:
    (entry,) = await db.fetch(
        "select e.act, e.outcome, e.code, e.target_id, e.room_id, d.room_id as detail_room, s.personal_room"
        " from graph.audit_entry e join graph.audit_detail d on d.entry_id = e.id"
        " join graph.seat s on s.id = (d.detail::jsonb ->> 'seat')::uuid where e.xmin::text::bigint > $1",
        before.transaction,
    )
    assert (entry["act"], entry["outcome"], entry["code"], entry["target_id"]) == (act_name(act), "REFUSED", code, None)
    assert entry["room_id"] == entry["detail_room"] == entry["personal_room"], "recorded in the acting seat's own room"


async def _check_own_trace(db: Any, before: Mark, act: str, code: str) -> None:
    """A raiser's: by the office RAISER, on a day and at no hour, and nothing in it names a person or a seat."""
    (entry,) = await db.fetch(
        "select e.*, d.detail, d.room_id as detail_room, r.own_room, (e.happened_at at time zone 'Europe/London')::time as hour"
        " from graph.audit_entry e join graph.audit_detail d on d.entry_id = e.id"
        " join graph.raiser r on r.own_room = e.room_id where e.xmin::text::bigint > $1",
        before.transaction,
    )
    assert (entry["act"], entry["outcome"], entry["code"], entry["target_id"]) == (act_name(act), "REFUSED", code, None)
    assert (entry["office"], entry["side"], entry["forum_id"]) == ("RAISER", "NONE", None)
    assert entry["room_id"] == entry["detail_room"] == entry["own_room"]
    assert str(entry["hour"]) == "00:00:00"
    assert set(json.loads(entry["detail"])) == {"input"}


CASE = """query($id: ID!) { node(id: $id) { ... on Consultation {
    id title state revision conclusion closesAt withdrawnReason ratifiedOn effectiveOn reviewOn
    latestVersion { id number contentHash signatures { side } clauses(first: 50) { edges { node { id address body } } } }
    plans(first: 9) { edges { node { id number state contentHash signatures { side } missingSignatures { side reason } } } }
    consultees(first: 50) { edges { node { id state closesAt extendedTo lateDecision lateReason sharedWithBothSides
      revision addedBySide forum { id localName } response { id late stance points { id body outcome { decision } }
      minorityViews { body } } responseDraft { id summary revision } } } }
    extensions(first: 9) { edges { node { id state contentHash signatures { side } } } }
    disagreements { side office statement disputesProcedure statusQuoClause }
    points(first: 50) { edges { node { id body outcome { decision reason revision changedClause { body } } } } }
    comments(first: 50) { edges { node { id body author office mine withdrawn clause { address } } } } } } }"""


def nodes(connection: dict[str, Any]) -> list[Any]:
    """The nodes of a connection."""
    return [edge["node"] for edge in connection["edges"]]


async def seen(person: Person, consultation: str) -> Any:
    """A consultation as somebody sees it, or None."""
    return (await person.ask(CASE, id=consultation)).data["node"]


@dataclass
class Case:
    """A consultation on its way, with what the acts about it need."""

    cast: Cast
    id: str
    engaged: dict[str, str] = field(default_factory=dict)

    async def seen(self, person: Person | None = None) -> Any:
        """As somebody sees it: management's chair, unless said."""
        return await seen(person or self.cast.management, self.id)

    async def revision(self, person: Person | None = None) -> int:
        """Its revision now."""
        found: int = (await self.seen(person))["revision"]
        return found

    async def version(self, person: Person | None = None) -> Any:
        """Its latest version."""
        return (await self.seen(person))["latestVersion"]

    async def clause(self, words: str, person: Person | None = None) -> str:
        """The latest version's clause with these words."""
        found: str = next(
            each["id"] for each in nodes((await self.version(person))["clauses"]) if words in each["body"]
        )
        return found

    async def engagement(self, forum: str, person: Person | None = None) -> Any:
        """A body's engagement as somebody sees it, or None."""
        wanted = self.cast.forum(forum)
        return next(
            (e for e in nodes((await self.seen(person))["consultees"]) if e["forum"] and e["forum"]["id"] == wanted),
            None,
        )

    async def assess(self, person: Person | None = None) -> None:
        """Record an assessment of the latest version, dated today."""
        who = person or self.cast.management
        found = await self.seen(who)
        await done(
            who, "impactAssessmentRecord", consultationId=self.id, expectedRevision=found["revision"],
            policyVersionId=found["latestVersion"]["id"], **assessment(self.cast.world.today),
        )  # fmt: skip

    async def plan(self, *bodies: str, person: Person | None = None, **more: Any) -> Any:
        """Propose a plan; its id and hash."""
        who = person or self.cast.management
        said = plan_input(self.cast, bodies or ("race", "women")) | more
        payload = await done(
            who, "consultationPlan", "plan { id number state contentHash }", consultationId=self.id,
            expectedRevision=await self.revision(who), **said,
        )  # fmt: skip
        return payload["plan"]

    async def sign_plan(self, plan: Any, *people: Person) -> None:
        """Both sides' signatures on a plan, or those of the people named."""
        for who in people or (self.cast.management, self.cast.staff):
            await done(who, "planSign", planId=plan["id"], contentHash=plan["contentHash"], idempotencyKey=key())

    async def open(self, person: Person | None = None) -> None:
        """Open it, and learn the engagements."""
        who = person or self.cast.management
        await done(
            who, "consultationOpen", consultationId=self.id, expectedRevision=await self.revision(who),
            idempotencyKey=key(),
        )  # fmt: skip
        for each in nodes((await self.seen(who))["consultees"]):
            found = parts(each["forum"]["id"])
            assert found is not None
            self.engaged[each["forum"]["id"]] = each["id"]

    def consultee(self, forum: str) -> str:
        """The engagement of a body asked in the plan."""
        return self.engaged[self.cast.forum(forum)]

    async def respond(self, person: Person, consultee: str, *points: str, **more: Any) -> Any:
        """Draft and submit a response; the response."""
        said = {"stance": "SUPPORT_WITH_CHANGES" if points else "SUPPORT", "points": [{"body": p} for p in points]}
        await done(person, "responseDraft", consulteeId=consultee, **(said | more))
        payload = await done(
            person, "responseSubmit", "response { id late points { id } }", consulteeId=consultee, draftRevision=1,
            idempotencyKey=key(),
        )  # fmt: skip
        return payload["response"]

    async def close(self) -> None:
        """Let its time pass."""
        days = closing_in(self.cast.world.today)
        await self.cast.world.pass_time(self.id, days)
        found = parts(self.id)
        assert found is not None
        async with self.cast.world.admin() as db:
            await db.execute(
                "update graph.impact_assessment set assessed_on = (assessed_on - $2::interval)::date where policy_version_id"
                " in (select id from graph.policy_version where consultation_id = $1)", found[1], timedelta(days=days))  # fmt: skip
        assert (await self.seen())["state"] == "CLOSED"

    async def change(self, person: Person | None = None, body: str = CHANGED) -> Any:
        """Add a version; the version."""
        who = person or self.cast.management
        payload = await done(
            who, "policyVersionAdd", "policyVersion { id contentHash number }", consultationId=self.id,
            expectedRevision=await self.revision(who), title=TITLE, body=body,
        )  # fmt: skip
        return payload["policyVersion"]

    async def final(self) -> dict[str, Any]:
        """What a signature on the latest version says."""
        version = await self.version()
        return {
            "consultationId": self.id,
            "policyVersionId": version["id"],
            "contentHash": version["contentHash"],
        }

    async def sign(self, *people: Person) -> None:
        """Sign the latest version for both sides, or for the people named."""
        for who in people or (self.cast.management, self.cast.staff):
            await done(who, "consultationSign", **(await self.final()), idempotencyKey=key())


def assessment(today: date) -> dict[str, Any]:
    """The words of an impact assessment."""
    return {"assessedOn": str(today), "groups": "All staff", "findings": "Carers gain.", "mitigations": "None needed."}


def plan_input(cast: Cast, bodies: Sequence[str]) -> dict[str, Any]:
    """The words of a plan that opens today."""
    today = cast.world.today
    return {
        "options": [{"title": "Six weeks", "detail": "As now."}, {"title": "Eight weeks"}],
        "channels": ["Engagement session"],
        "consulteeForumIds": [cast.forum(each) for each in bodies],
        "opensOn": str(today),
        "closesOn": str(add_working_days(today, 20)),
    }


def closing_in(today: date) -> int:
    """Days until a plan of today's has closed."""
    return (add_working_days(today, 20) - today + timedelta(days=1)).days


async def drafted(cast: Cast, by: Person | None = None, **more: Any) -> Case:
    """A draft, management's unless said."""
    who = by or cast.management
    said = {"forumId": cast.forum("jnc"), "title": TITLE, "body": POLICY} | more
    payload = await done(who, "consultationDraft", "consultation { id }", idempotencyKey=key(), **said)
    return Case(cast, payload["consultation"]["id"])


async def planned(cast: Cast, *bodies: str) -> Case:
    """A consultation whose plan both sides signed."""
    case = await drafted(cast)
    await case.assess()
    await case.sign_plan(await case.plan(*bodies))
    return case


async def opened(cast: Cast, *bodies: str) -> Case:
    """An open consultation, with race and women asked unless said."""
    case = await planned(cast, *bodies)
    await case.open()
    return case


async def closed(cast: Cast, *bodies: str) -> Case:
    """A consultation whose time is over, with no response."""
    case = await opened(cast, *bodies)
    await case.close()
    return case


async def concluded(cast: Cast) -> Case:
    """A consultation that both sides signed."""
    case = await closed(cast)
    await case.assess()
    await case.sign()
    return case


def codes(answer: Answer) -> list[str]:
    """The codes of the one act's user errors."""
    return answer.problems()


def without(said: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The input without these fields."""
    return {name: value for name, value in said.items() if name not in set(names)}
