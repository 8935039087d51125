"""One small trust and its region, for the model of issues: who sits where, what leads where, and what can be done.

Written from DESIGN section 7, apart from the tables of the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from service.rules.acts import Act
from service.rules.bodies import Channel, ForumKind, Office, Side
from service.rules.escalations import Carries, IdentityMode, StepState
from service.rules.problems import Code

STAFF, MANAGEMENT, NETWORK, INDEPENDENT, NONE = Side.STAFF, Side.MANAGEMENT, Side.NETWORK, Side.INDEPENDENT, Side.NONE
JOINT, STAFF_SIDE, MANAGEMENT_SIDE, OFFICERS = (
    Channel.JOINT,
    Channel.STAFF_SIDE,
    Channel.MANAGEMENT_SIDE,
    Channel.OFFICERS,
)
NAMED, CONFIDENTIAL, OF_OFFICE = IdentityMode.NAMED, IdentityMode.CONFIDENTIAL, IdentityMode.OFFICE

Place = tuple[str, Channel]  # a body's key, and which of its rooms
Fact = tuple[object, ...]
OfficeOf = tuple[str, Side, Office]

# One small trust and its region: enough that every kind of route, both sides and people with several seats are there.
BODIES = {
    "net": ForumKind.STAFF_NETWORK,
    "union": ForumKind.TRADE_UNION_GROUP,
    "jnc": ForumKind.JOINT_NEGOTIATING_COMMITTEE,
    "edi": ForumKind.EDI_STEERING_GROUP,
    "safety": ForumKind.HEALTH_AND_SAFETY_COMMITTEE,
    "board": ForumKind.BOARD,
    "guardian": ForumKind.FREEDOM_TO_SPEAK_UP,
    "spf": ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM,
}
TWO_SIDED = ("jnc", "safety", "spf")


@dataclass(frozen=True)
class Seat:
    """Who holds which office where."""

    person: str
    body: str
    side: Side
    office: Office


SEATS = {
    "net chair": Seat("nia", "net", NETWORK, Office.CHAIR),
    "net secretary": Seat("ned", "net", NETWORK, Office.SECRETARY),
    "net member": Seat("mei", "net", NETWORK, Office.MEMBER),
    "union officer": Seat("una", "union", STAFF, Office.OFFICER),
    "jnc staff chair": Seat("sam", "jnc", STAFF, Office.CHAIR),
    "jnc staff vice-chair": Seat("sue", "jnc", STAFF, Office.VICE_CHAIR),
    "jnc official": Seat("ola", "jnc", STAFF, Office.FULL_TIME_OFFICIAL),
    "jnc representative": Seat("nia", "jnc", STAFF, Office.WORKPLACE_REPRESENTATIVE),
    "jnc management chair": Seat("max", "jnc", MANAGEMENT, Office.CHAIR),
    "jnc management secretary": Seat("mia", "jnc", MANAGEMENT, Office.SECRETARY),
    "jnc secretariat": Seat("sid", "jnc", NONE, Office.SECRETARIAT),
    "edi chair": Seat("eve", "edi", MANAGEMENT, Office.CHAIR),
    "edi member": Seat("nia", "edi", NETWORK, Office.MEMBER),
    "safety staff chair": Seat("sue", "safety", STAFF, Office.CHAIR),
    "safety management chair": Seat("mia", "safety", MANAGEMENT, Office.CHAIR),
    "board chair": Seat("bob", "board", INDEPENDENT, Office.CHAIR),
    "board member": Seat("max", "board", MANAGEMENT, Office.MEMBER),
    "guardian": Seat("gus", "guardian", INDEPENDENT, Office.GUARDIAN),
    "spf staff chair": Seat("rob", "spf", STAFF, Office.CO_CHAIR),
    "spf management chair": Seat("ria", "spf", MANAGEMENT, Office.CHAIR),
}
PEOPLE = tuple(dict.fromkeys(seat.person for seat in SEATS.values()))

# From where to where, as a record, as one's own item or against a receipt; and sideways. As DESIGN section 7 has it.
TO_GUARDIAN = {("guardian", OFFICERS): Carries.RECEIPT}
RECORD, OWN_ITEM = Carries.RECORD, Carries.OWN_ITEM
REACHED: dict[Place, dict[Place, Carries]] = {
    ("net", OFFICERS): {("jnc", STAFF_SIDE): RECORD, ("jnc", JOINT): RECORD, ("edi", JOINT): RECORD, ("safety", JOINT): RECORD} | TO_GUARDIAN,
    ("union", OFFICERS): {("jnc", STAFF_SIDE): RECORD} | TO_GUARDIAN,
    ("jnc", STAFF_SIDE): {("jnc", JOINT): OWN_ITEM, ("edi", JOINT): OWN_ITEM, ("safety", JOINT): OWN_ITEM, ("spf", STAFF_SIDE): OWN_ITEM} | TO_GUARDIAN,
    ("jnc", MANAGEMENT_SIDE): {("jnc", JOINT): OWN_ITEM, ("edi", JOINT): OWN_ITEM, ("safety", JOINT): OWN_ITEM, ("spf", MANAGEMENT_SIDE): OWN_ITEM} | TO_GUARDIAN,
    ("safety", STAFF_SIDE): {("safety", JOINT): OWN_ITEM, ("edi", JOINT): OWN_ITEM} | TO_GUARDIAN,
    ("safety", MANAGEMENT_SIDE): {("safety", JOINT): OWN_ITEM, ("edi", JOINT): OWN_ITEM} | TO_GUARDIAN,
    ("jnc", JOINT): {("board", JOINT): RECORD} | TO_GUARDIAN,
    ("edi", JOINT): {("board", JOINT): RECORD} | TO_GUARDIAN,
    ("safety", JOINT): {("board", JOINT): RECORD} | TO_GUARDIAN,
    ("board", JOINT): TO_GUARDIAN,
    ("guardian", OFFICERS): {},
    ("spf", STAFF_SIDE): {("spf", JOINT): OWN_ITEM},
    ("spf", MANAGEMENT_SIDE): {("spf", JOINT): OWN_ITEM},
    ("spf", JOINT): {},
}  # fmt: skip
BESIDE: dict[Place, set[Place]] = {
    ("jnc", JOINT): {("edi", JOINT), ("safety", JOINT)},
    ("edi", JOINT): {("jnc", JOINT), ("safety", JOINT)},
    ("safety", JOINT): {("jnc", JOINT), ("edi", JOINT)},
}
PLACES = tuple(REACHED)
LEADS = frozenset({Office.CHAIR, Office.CO_CHAIR, Office.VICE_CHAIR, Office.SECRETARY})
STAFF_LEADS = LEADS | {Office.FULL_TIME_OFFICIAL}
UNDER_WAY = (StepState.SENT, StepState.ACKNOWLEDGED, StepState.ACCEPTED, StepState.ON_AGENDA)
TAKEN_UP = (StepState.ACCEPTED, StepState.ON_AGENDA)
BEFORE_ACCEPTANCE = (StepState.AWAITING_CONSENT, StepState.SENT, StepState.ACKNOWLEDGED)
ONWARD = (Act.ISSUE_ESCALATE, Act.STEP_REFER)


def takes_case(place: Place) -> bool:
    """Whether one person's case may be written to this room: the guardian's, a union's and a staff side's."""
    return place[0] in ("guardian", "union") or place[1] is STAFF_SIDE


def raised_in(body: str, side: Side) -> Place:
    """The room of a body in which a seat of this side raises."""
    if body in TWO_SIDED:
        return body, STAFF_SIDE if side is STAFF else MANAGEMENT_SIDE
    return body, OFFICERS


def opens(seat: Seat, place: Place) -> bool:
    """Whether a seat opens this room by itself."""
    body, channel = place
    if seat.body != body or place not in REACHED:
        return False
    if body in ("net", "union"):
        return channel is OFFICERS and seat.office is not Office.MEMBER
    return channel in (JOINT, OFFICERS) or channel == {STAFF: STAFF_SIDE, MANAGEMENT: MANAGEMENT_SIDE}.get(seat.side)


def stands(seat: Seat, place: Place) -> bool:
    """Whether a seat speaks for this room of its body."""
    body, channel = place
    return seat.body == body and seat.side is {STAFF_SIDE: STAFF, MANAGEMENT_SIDE: MANAGEMENT}.get(channel, seat.side)


def receives(seat: Seat, place: Place) -> bool:
    """Whether a seat takes up what comes to this room."""
    if not opens(seat, place) or seat.side is NONE:
        return False
    match place[0]:
        case "guardian":
            return seat.office is Office.GUARDIAN
        case "net":
            return seat.office in LEADS | {Office.OFFICER}
        case "union":
            return seat.office in STAFF_LEADS | {Office.OFFICER}
        case "jnc" | "safety" | "spf" if seat.side is STAFF:
            return seat.office in STAFF_LEADS
        case _:
            return seat.office in LEADS


@dataclass(frozen=True)
class Who:
    """Somebody in one seat; or, with no seat, as the raiser of their own issues."""

    person: str
    seat: str | None


@dataclass(frozen=True)
class Deed:
    """One act. `key` is what is acted on or made, `on` what is carried on, `to` where; SEAT_END ends the seat `key`."""

    act: Act
    who: Who
    key: str
    on: str = ""
    to: Place = ("", JOINT)
    text: str = ""
    case: bool = False
    mode: IdentityMode = NAMED
    recipient: str | None = None
    people: frozenset[str] = frozenset()
    offices: frozenset[OfficeOf] = frozenset()


class Service(Protocol):
    """What is driven: does a deed, or says why not, and shows what somebody sees."""

    def do(self, deed: Deed) -> Code | None:
        """Do it; the reason where it is refused."""

    def view(self, who: Who) -> frozenset[Fact]:
        """All that they see of issues and steps."""
