"""A consultation brought to where a test needs it, through the service's own acts, and what must hold after any test."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from service.db.audit import verify
from service.resolvers.ids import parts
from service.rules.calendar import add_working_days
from tests.plugins.service import Person, World

POLICY = "# Lone working policy\n\nWho it is for.\n\n## 1 Check-ins\n\nA colleague rings every two hours.\n"
CHANGED = POLICY.replace("two hours", "hour")


@dataclass(frozen=True)
class Case:
    """One consultation of the JNC at RTD, with the Race Equality Network consulted once it is open."""

    world: World
    consultation: str
    version: str
    content_hash: str
    plan: str = ""
    plan_hash: str = ""
    consultee: str = ""
    point: str = ""

    @property
    def chair(self) -> Person:
        return self.world.as_("management-chair")

    @property
    def staff(self) -> Person:
        return self.world.as_("staff-side-chair")

    @property
    def network(self) -> Person:
        return self.world.as_("network-chair")

    async def state(self) -> dict[str, Any]:
        """State and revision as the management chair sees them."""
        asked = "query($id: ID!) { node(id: $id) { ... on Consultation { state revision conclusion } } }"
        found: dict[str, Any] = (await self.chair.ask(asked, id=self.consultation)).data["node"]
        return found

    async def revision(self) -> int:
        """The revision now."""
        found: int = (await self.state())["revision"]
        return found

    def signature(self) -> dict[str, str]:
        """What a side's signature on the final text names."""
        return {
            "consultationId": self.consultation,
            "policyVersionId": self.version,
            "contentHash": self.content_hash,
        }


async def done(person: Person, act: str, select: str = "", /, **said: Any) -> Any:
    """Do an act that must succeed; the object of its payload."""
    answered = (await person.act(act, f"done: {select}" if select else "", **said)).only()
    assert answered["userErrors"] == [], (act, answered["userErrors"])
    return answered.get("done")


def key() -> str:
    """A key nobody used."""
    return uuid4().hex


def row(given: str) -> UUID:
    """The row's id of a global id."""
    found = parts(given)
    assert found is not None
    return found[1]


async def drafted(world: World) -> Case:
    """A draft, assessed, at revision 2."""
    chair = world.as_("management-chair")
    made = await done(
        chair, "consultationDraft", "consultation { id latestVersion { id contentHash } }", idempotencyKey=key(),
        forumId=world.id("JointNegotiatingCommittee", "forum", "RTD/jnc"), title="Lone working policy", body=POLICY,
    )  # fmt: skip
    case = Case(world, made["id"], made["latestVersion"]["id"], made["latestVersion"]["contentHash"])
    await assessed(case, 1)
    return case


async def assessed(case: Case, revision: int) -> None:
    """An equality impact assessment of the case's version, dated today."""
    await done(
        case.chair, "impactAssessmentRecord", consultationId=case.consultation, expectedRevision=revision,
        policyVersionId=case.version, assessedOn=str(case.world.today), groups="All staff", findings="None.", mitigations="None.",
    )  # fmt: skip


async def proposed(case: Case) -> Case:
    """A plan that waits for both signatures."""
    world = case.world
    made = await done(
        case.chair, "consultationPlan", "plan { id contentHash }", consultationId=case.consultation,
        expectedRevision=await case.revision(), options=[{"title": "Hourly"}, {"title": "Two-hourly"}], channels=["Meeting"],
        consulteeForumIds=[world.id("StaffNetwork", "forum", "RTD/race")],
        opensOn=str(world.today), closesOn=str(add_working_days(world.today, 20)),
    )  # fmt: skip
    return replace(case, plan=made["id"], plan_hash=made["contentHash"])


async def opened(world: World) -> Case:
    """An open consultation, with the network's response drafted at revision 1."""
    case = await proposed(await drafted(world))
    for person in (case.chair, case.staff):
        await done(person, "planSign", planId=case.plan, contentHash=case.plan_hash, idempotencyKey=key())
    await done(
        case.chair,
        "consultationOpen",
        consultationId=case.consultation,
        expectedRevision=await case.revision(),
        idempotencyKey=key(),
    )
    asked = (
        "query($id: ID!) { node(id: $id) { ... on Consultation { consultees(first: 9) { edges { node { id } } } } } }"
    )
    edges = (await case.network.ask(asked, id=case.consultation)).data["node"]["consultees"]["edges"]
    case = replace(case, consultee=edges[0]["node"]["id"])
    await done(
        case.network, "responseDraft", consulteeId=case.consultee, stance="SUPPORT_WITH_CHANGES",
        points=[{"body": "Make it every hour."}],
    )  # fmt: skip
    return case


async def submitted(case: Case) -> Case:
    """The network's response submitted, with its one point."""
    made = await done(
        case.network, "responseSubmit", "response { points { id } }", consulteeId=case.consultee, draftRevision=1, idempotencyKey=key(),
    )  # fmt: skip
    return replace(case, point=made["points"][0]["id"])


async def close(case: Case) -> None:
    """Let the consultation's time pass."""
    world = case.world
    await world.pass_time(case.consultation, (add_working_days(world.today, 20) - world.today + timedelta(days=1)).days)


async def settled(world: World, *, outcome: bool = True, respond: bool = True) -> Case:
    """Closed, with a final version assessed after closing: ready for both signatures unless the outcome is left out."""
    case = await opened(world)
    if respond:
        case = await submitted(case)
    await close(case)
    made = await done(
        case.chair, "policyVersionAdd", "policyVersion { id contentHash }", consultationId=case.consultation,
        expectedRevision=await case.revision(), title="Lone working policy", body=CHANGED,
    )  # fmt: skip
    case = replace(case, version=made["id"], content_hash=made["contentHash"])
    await assessed(case, await case.revision())
    if respond and outcome:
        await done(
            case.chair, "outcomeRecord", pointId=case.point, decision="REJECTED", reason="Two hours is the rule."
        )
    return case


async def assert_whole(world: World) -> None:
    """What no test may break: every room's chain verifies, and every done act has its entry, event and kept outcome."""
    assert await verify(world.url("partnership_auditor"), lambda said: None) == []
    async with world.admin() as db:
        assert await db.fetch(
            "select h.room_id from graph.room_head h where h.event_sequence is distinct from"
            " (select coalesce(max(e.sequence), 0) from graph.event e where e.room_id = h.room_id)"
            " or h.event_sequence <> (select count(*) from graph.event e where e.room_id = h.room_id)"
        ) == []  # fmt: skip


async def entries(world: World) -> int:
    """How many audit entries there are."""
    async with world.admin() as db:
        found: int = await db.fetchval("select count(*) from graph.audit_entry")
        return found


async def counted(world: World, query: str, *arguments: Any) -> int:
    """A count, by the superuser."""
    async with world.admin() as db:
        found: int = await db.fetchval(query, *arguments)
        return found


async def issued_code(world: World) -> str:
    """The code of an invitation to be a member of the Race Equality Network."""
    issued = await world.as_("network-chair").act(
        "invitationIssue", "code", forumId=world.id("StaffNetwork", "forum", "RTD/race"), office="MEMBER", side="NETWORK",
        expiresOn=str(world.today + timedelta(days=7)), idempotencyKey=key(),
    )  # fmt: skip
    assert issued.problems() == []
    found: str = issued.only()["code"]
    return found
