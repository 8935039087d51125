"""A demo issue on its way into the database: raised, talked about, closed, handed over, disclosed."""

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from service.demo.cases import Did
from service.demo.matters import RAISER, Disclosing, Issue, OnIssue
from service.demo.replay.case import Done
from service.demo.replay.stage import Stage
from service.demo.shapes import Seat, demo_id
from service.forums import BODY
from service.rules.acts import Act
from service.rules.bodies import Channel, Side
from service.rules.calendar import england_day
from service.rules.escalations import IdentityMode

CLOSE: Final = (
    "update graph.issue set state = 'CLOSED', reason = $2, ended_on = $3, revision = revision + 1 where id = $1"
)
SAY: Final = """
    insert into graph.issue_message (id, room_id, issue_id, position, from_raiser, body, said_on)
    select $2, r.room_id, r.issue_id, $3, $4, $5, $6 from graph.raiser r where r.issue_id = $1"""


@dataclass(slots=True)
class Carried:
    """An issue part of the way through its deeds."""

    given: Issue
    stage: Stage
    steps: list[str] = field(default_factory=list)
    said: int = 0
    messages: dict[str, int] = field(default_factory=dict)

    def id(self, kind: str, key: object = "") -> UUID:
        """The id of one of this issue's rows or rooms."""
        return demo_id(f"issue {kind}", f"{self.given.key}/{key}")

    @property
    def issue(self) -> UUID:
        """The issue's own id."""
        return self.id("issue")

    @property
    def own(self) -> UUID:
        """The raiser's own room."""
        return self.id("room", "own")

    @property
    def vault(self) -> UUID:
        """Where it stands who raised it."""
        return self.id("room", "identity" if self.given.identity is IdentityMode.CONFIDENTIAL else "issue")

    def step(self, hop: str) -> UUID:
        """The id of a hop."""
        return self.id("step", hop)

    def seat(self, did: Did) -> Seat:
        """Who did it; of a raiser's own act the seat that it was raised from."""
        return self.stage.place.seats[self.given.raised.seat if did.seat == RAISER else did.seat]

    async def stand(self, did: Did) -> None:
        """Stand where this was done."""
        raised = () if self.given.identity is IdentityMode.OFFICE else (self.own,)
        is_raisers = did.seat in (RAISER, self.given.raised.seat)
        await self.stage.stand(self.seat(did), *(raised if is_raisers else ()))

    async def leave(self, key: str, act: Act, did: Did, done: Done) -> None:
        """Date what the act left, and leave its trace."""
        own = self.own if did.seat == RAISER else None
        self.stage.leave_trace(f"issue/{self.given.key}/{key}", act, self.seat(did), did.at, done, own)
        await self.stage.date(did.at, self.issue, [self.step(hop) for hop in self.steps])

    async def revision(self) -> int:
        """How often the issue has changed."""
        return int(await self.stage.connection.fetchval("select revision from graph.issue where id = $1", self.issue))


def held_in(kind: Any, side: Side) -> Channel:
    """The room of a body that has an issue in hand, raised from a seat of this side (service/resolvers/issues.py)."""
    if not BODY[kind].two_sided:
        return Channel.OFFICERS
    return Channel.STAFF_SIDE if side is Side.STAFF else Channel.MANAGEMENT_SIDE


async def raise_(issue: Carried) -> None:
    """As ISSUE_RAISE: confidentially, what it leaves is the raiser's and nothing is the seat's."""
    given, stage = issue.given, issue.stage
    seat, forum = stage.place.seats[given.raised.seat], stage.place.forums[given.forum]
    await stage.stand(seat)
    rooms = [issue.id("room", key) for key in ("issue", "own", "identity")]
    by_office = given.identity is IdentityMode.OFFICE
    await stage.call(
        "issue_raise", issue.issue, *rooms, issue.id("raiser"), demo_id("forum", forum.key),
        held_in(forum.kind, seat.side), given.category, given.manner, given.identity, given.body, given.effect,
        by_office,
        given.recipient and demo_id("seat", given.recipient), [],
        [demo_id("forum", key) for key, _, _ in given.implicated],
        [side for _, side, _ in given.implicated], [office for _, _, office in given.implicated],
    )  # fmt: skip
    hidden = given.identity is IdentityMode.CONFIDENTIAL
    did = Did(RAISER, given.raised.at) if hidden else given.raised
    audit = issue.own if hidden else rooms[0] if by_office else None
    await issue.leave("raised", Act.ISSUE_RAISE, did, Done(issue.issue, "issue.raised", audit, 1, rooms[0]))


async def do_on_issue(issue: Carried, key: str, deed: OnIssue) -> None:
    """As the acts on the issue itself."""
    await issue.stand(deed.did)
    connection, by_raiser = issue.stage.connection, deed.did.seat == RAISER
    own, room = issue.own if by_raiser else None, issue.id("room", "issue")
    match deed.act:
        case Act.MESSAGE_SEND:
            issue.said += 1
            said = (issue.id("message", issue.said), issue.said, by_raiser, deed.words, england_day(deed.did.at))
            await connection.execute(SAY, issue.issue, *said)
            done = Done(issue.issue, "issue.message", own, await issue.revision(), issue.vault)
        case Act.ISSUE_CLOSE:
            await connection.execute(CLOSE, issue.issue, deed.words, england_day(deed.did.at))
            done = Done(issue.issue, "issue.closed", room, await issue.revision())
        case Act.HANDOVER_TAKE:
            await issue.stage.call("handover_take", issue.issue, deed.words)
            done = Done(issue.issue, "issue.handedOver", room, await issue.revision())
        case act:
            raise ValueError(f"no demo issue has {act}")
    await issue.leave(key, deed.act, deed.did, done)


async def disclose(issue: Carried, key: str, deed: Disclosing) -> None:
    """As the acts by which an identity is disclosed to one seat."""
    await issue.stand(deed.did)
    id, room, revision = issue.id("disclosure", deed.key), issue.id("room", "disclosure"), 1
    event, audit = "disclosure.notified", None
    match deed.act:
        case Act.DISCLOSURE_NOTIFY:
            to = issue.stage.place.seats[deed.to]
            words = f"{to.office} {to.side}"
            said = (demo_id("seat", deed.to), words, deed.ground, deed.reason, True, "")
            await issue.stage.call("disclosure_open", id, room, issue.issue, *said)
        case Act.IDENTITY_CONSENT:
            await issue.stage.call("identity_consent", id)
            event, audit, revision = "disclosure.consented", room, 2
        case Act.IDENTITY_DISCLOSE:
            await issue.stage.call("identity_disclose", id)
            event, audit, revision = "disclosure.made", room, 3
        case act:
            raise ValueError(f"{act} discloses nothing")
    await issue.leave(key, deed.act, deed.did, Done(id, event, audit, revision))
