"""Issues and steps against a model: who may do what and who sees what, written from the design and never from the code.

`Model` says, in plain sets, why a deed must be refused and what everybody sees after it. `Escalations` is the state
machine that does the same deeds to a `Service` and compares: drive the pure rules with it (`test_escalation_machine`),
or the real service, by giving it another `Service`. A service may give any one of the reasons that the model has.
Besides the comparison the machine keeps its own books, and holds every view against them (`_hold`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar, Protocol

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from service.rules.acts import Act
from service.rules.bodies import Channel, ForumKind, Office, Side
from service.rules.escalations import Carries, IdentityMode, IssueState, RouteKind, StepState
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


@dataclass
class Issue:
    key: str
    place: Place
    mode: IdentityMode
    text: str
    raiser: str | None
    seat: str
    recipient: str | None
    people: set[str]
    offices: frozenset[OfficeOf]
    ended: IssueState | None = None


@dataclass
class Step:
    key: str
    issue: str
    before: str | None
    kind: RouteKind
    carries: Carries
    origin: Place
    to: Place
    text: str
    people: set[str]
    state: StepState = StepState.AWAITING_CONSENT
    sent: bool = False
    told: bool = False
    notes: list[str] = field(default_factory=list)


class Model:
    """What must be so."""

    def __init__(self) -> None:
        self.issues: dict[str, Issue] = {}
        self.steps: dict[str, Step] = {}
        self.held = dict(SEATS)

    # -- who is who

    def seat(self, who: Who) -> Seat | None:
        return self.held.get(who.seat) if who.seat else None

    def everybody(self) -> Iterator[Who]:
        for key, seat in self.held.items():
            yield Who(seat.person, key)
        for person in PEOPLE:
            yield Who(person, None)

    def is_raiser(self, who: Who, issue: Issue) -> bool:
        """As the raiser, or in the very seat from which it was raised."""
        return issue.raiser == who.person and who.seat in (None, issue.seat)

    def barred(self, person: str, thing: Issue | Step) -> bool:
        offices = self.issue_of(thing).offices
        held = {(seat.body, seat.side, seat.office) for seat in self.held.values() if seat.person == person}
        return person in thing.people or bool(held & offices)

    def issue_of(self, thing: Issue | Step) -> Issue:
        return thing if isinstance(thing, Issue) else self.issues[thing.issue]

    def can_be_taken(self, place: Place, thing: Issue | Step) -> bool:
        taking = [seat for seat in self.held.values() if receives(seat, place)]
        left = {seat.side for seat in taking if not self.barred(seat.person, thing)}
        return bool(taking) and left == {seat.side for seat in taking}

    # -- who sees what

    def sees_issue(self, who: Who, issue: Issue) -> bool:
        seat = self.seat(who)
        inside = self.is_raiser(who, issue) or (seat is not None and opens(seat, issue.place))
        return inside and not self.barred(who.person, issue)

    def upstream(self, step: Step) -> Iterator[Place]:
        """The rooms that a step came through."""
        yield step.origin
        if step.before is None:
            return
        yield from self.upstream(self.steps[step.before])

    def sees_status(self, who: Who, step: Step) -> bool:
        seat, places = self.seat(who), [*self.upstream(step), *([step.to] if step.sent else [])]
        inside = self.is_raiser(who, self.issues[step.issue]) or (seat and any(opens(seat, each) for each in places))
        return bool(inside) and not self.barred(who.person, step)

    def sees_text(self, who: Who, step: Step) -> bool:
        issue, seat = self.issues[step.issue], self.seat(who)
        places = [step.origin, *([step.to] if step.sent else []), *([issue.place] if issue.mode is OF_OFFICE else [])]
        inside = self.is_raiser(who, issue) or (seat and any(opens(seat, each) for each in places))
        return bool(inside) and not self.barred(who.person, step)

    def state_for(self, who: Who, issue: Issue) -> IssueState:
        if issue.ended is not None:
            return issue.ended
        steps = [step for step in self.steps.values() if step.issue == issue.key and self.sees_status(who, step)]
        if any(step.state in UNDER_WAY for step in steps):
            return IssueState.CARRIED
        over = [step.state for step in steps if step.state is not StepState.AWAITING_CONSENT]
        return {
            StepState.RESOLVED: IssueState.ANSWERED,
            StepState.RETURNED: IssueState.RETURNED,
            StepState.WITHDRAWN: IssueState.WITHDRAWN,
            StepState.REFERRED: IssueState.CARRIED,
        }[over[-1]] if over else IssueState.RAISED  # fmt: skip

    def view(self, who: Who) -> frozenset[Fact]:
        return frozenset(self._facts(who))

    def _facts(self, who: Who) -> Iterator[Fact]:
        for issue in self.issues.values():
            if self.sees_issue(who, issue):
                yield "issue", issue.key, self.state_for(who, issue), issue.text
                if self._knows_raiser(who, issue):
                    yield "raiser", issue.key, issue.raiser
        for step in self.steps.values():
            if self.sees_status(who, step):
                yield "step", step.key, step.state, step.told
                if self.sees_issue(who, self.issues[step.issue]):
                    yield "of", step.issue, step.key
                if step.before is not None and self.sees_status(who, self.steps[step.before]):
                    yield "then", step.before, step.key
                seat = self.seat(who)
                if seat is not None and step.sent and opens(seat, step.to):
                    yield from (("note", step.key, text) for text in step.notes)
            if self.sees_text(who, step):
                yield "text", step.key, step.text

    def _knows_raiser(self, who: Who, issue: Issue) -> bool:
        if issue.mode is CONFIDENTIAL:
            return self.is_raiser(who, issue) or (who.seat == issue.recipient and who.seat in self.held)
        return issue.mode is NAMED

    # -- what may be done

    def reasons(self, deed: Deed) -> set[Code]:
        """Why it must be refused; empty: it must be done."""
        match deed.act:
            case Act.SEAT_END:
                return set()
            case Act.ISSUE_RAISE:
                return self._not_raised(deed)
            case Act.ISSUE_ESCALATE | Act.STEP_REFER:
                return self._not_carried(deed)
            case Act.CONSENT_GIVE | Act.CONSENT_WITHDRAW:
                return self._not_spoken(deed)
            case Act.INTEREST_DECLARE:
                return self._not_declared(deed)
            case Act.ISSUE_CLOSE | Act.HANDOVER_TAKE:
                return self._not_ended(deed)
            case _:
                return self._not_received(deed)

    def _not_raised(self, deed: Deed) -> set[Code]:
        seat = self.seat(deed.who)
        assert seat is not None
        place, own = raised_in(deed.on, seat.side), seat.body == deed.on
        there = place[0] in ("net", "union", "guardian", *TWO_SIDED)
        if deed.case and not (there and takes_case(place)):
            return {Code.CASEWORK_DIVERTED}
        # in one's own body whoever opens its rooms or comments there; with the guardian anybody
        seated = seat.side in (NETWORK, STAFF, MANAGEMENT) or seat.office is Office.GUARDIAN
        if not (deed.on == "guardian" or (own and seated)):
            return {Code.NOT_PERMITTED}
        reasons = set() if there else {Code.NO_ROUTE}
        if deed.mode is OF_OFFICE and not opens(seat, place):
            reasons.add(Code.NOT_PERMITTED)
        if deed.mode is CONFIDENTIAL and deed.recipient is None:
            reasons.add(Code.REQUIRED)
        if deed.mode is not CONFIDENTIAL and deed.recipient is not None:
            reasons.add(Code.INVALID)
        draft = self._issue(deed, place)
        if there and not self.can_be_taken(place, draft):
            reasons.add(Code.NO_RECEIVER)
        chosen = self.held.get(deed.recipient or "")
        if deed.recipient is not None and (
            chosen is None
            or not opens(chosen, place)
            or chosen.person == deed.who.person
            or self.barred(chosen.person, draft)
        ):
            reasons.add(Code.NOT_FOUND)
        return reasons

    def _not_carried(self, deed: Deed) -> set[Code]:
        thing = self._thing(deed.on)
        seat, hidden = self.seat(deed.who), not self._sees(deed.who, thing)
        origin = thing.place if isinstance(thing, Issue) else thing.to
        there = deed.to in (REACHED[origin] if deed.act is Act.ISSUE_ESCALATE else BESIDE.get(origin, set()))
        if deed.case and (hidden or not there or not takes_case(deed.to)):
            return {Code.CASEWORK_DIVERTED}
        if hidden:
            return {Code.NOT_FOUND}
        if isinstance(thing, Issue):
            officer = seat is not None and stands(seat, origin) and receives(seat, origin)
            allowed = officer and deed.act is Act.ISSUE_ESCALATE and origin[0] != "guardian"
            state = thing.ended is None
        else:
            allowed = seat is not None and stands(seat, origin) and receives(seat, origin)
            state = thing.state in TAKEN_UP
        if not allowed:
            return {Code.NOT_PERMITTED}
        return ({Code.NO_ROUTE} if not there else set()) | ({Code.WRONG_STATE} if not state else set())

    def _speaks(self, who: Who, issue: Issue) -> bool:
        seat = self.seat(who)
        if issue.mode is not OF_OFFICE:
            return self.is_raiser(who, issue)
        officer = seat is not None and stands(seat, issue.place) and receives(seat, issue.place)
        return officer and issue.place[0] != "guardian" and not self.barred(who.person, issue)

    def _not_spoken(self, deed: Deed) -> set[Code]:
        step = self.steps[deed.key]
        if not self.sees_status(deed.who, step):
            return {Code.NOT_FOUND}
        if not self._speaks(deed.who, self.issues[step.issue]):
            return {Code.NOT_PERMITTED}
        if deed.act is Act.CONSENT_WITHDRAW:
            if step.told or step.state is StepState.WITHDRAWN:
                return {Code.ALREADY_WITHDRAWN}
            return set() if step.state in (*BEFORE_ACCEPTANCE, *TAKEN_UP) else {Code.WRONG_STATE}
        if self.issues[step.issue].ended is not None:
            return {Code.WRONG_STATE}
        reasons = {Code.HASH_MISMATCH} if deed.text != step.text else set()
        if step.state is StepState.WITHDRAWN:
            reasons.add(Code.ALREADY_WITHDRAWN)
        elif step.state is not StepState.AWAITING_CONSENT:
            reasons.add(Code.WRONG_STATE)
        return reasons

    def _not_declared(self, deed: Deed) -> set[Code]:
        thing, seat = self._thing(deed.key), self.seat(deed.who)
        if not self._sees(deed.who, thing):
            return {Code.NOT_FOUND}
        place = thing.place if isinstance(thing, Issue) else thing.to
        return set() if seat is not None and self._at(seat, place, thing) else {Code.NOT_PERMITTED}

    def _at(self, seat: Seat, place: Place, thing: Issue | Step) -> bool:
        issue = self.issue_of(thing)
        return stands(seat, place) or (issue.mode is OF_OFFICE and stands(seat, issue.place))

    def _not_ended(self, deed: Deed) -> set[Code]:
        issue, seat = self.issues[deed.key], self.seat(deed.who)
        if not self.sees_issue(deed.who, issue):
            return {Code.NOT_FOUND}
        officer = seat is not None and stands(seat, issue.place) and receives(seat, issue.place)
        if deed.act is Act.HANDOVER_TAKE:
            allowed = officer and issue.place[0] == "guardian"
        else:
            allowed = self.is_raiser(deed.who, issue) or (officer and issue.place[0] != "guardian")
        if not allowed:
            return {Code.NOT_PERMITTED}
        state = self.state_for(deed.who, issue)
        if deed.act is Act.HANDOVER_TAKE:
            return set() if state in (IssueState.RAISED, IssueState.CARRIED) else {Code.WRONG_STATE}
        return {Code.WRONG_STATE} if issue.ended or state is IssueState.CARRIED else set()

    def _not_received(self, deed: Deed) -> set[Code]:
        step, seat = self.steps[deed.key], self.seat(deed.who)
        if not self.sees_status(deed.who, step):
            return {Code.NOT_FOUND}
        secretariat = seat is not None and seat.office is Office.SECRETARIAT and opens(seat, step.to)
        neutral = deed.act in (Act.STEP_ACKNOWLEDGE, Act.STEP_PLACE, Act.STEP_NOTE) and secretariat
        if seat is None or not (receives(seat, step.to) or neutral):
            return {Code.NOT_PERMITTED}
        possible = {
            Act.STEP_ACKNOWLEDGE: (StepState.SENT,),
            Act.STEP_ACCEPT: (StepState.SENT, StepState.ACKNOWLEDGED),
            Act.STEP_PLACE: (StepState.ACCEPTED,),
            Act.STEP_NOTE: UNDER_WAY,
            Act.STEP_RETURN: UNDER_WAY,
            Act.STEP_RESOLVE: TAKEN_UP,
        }[deed.act]
        return set() if step.state in possible else {Code.WRONG_STATE}

    # -- what follows

    def apply(self, deed: Deed) -> None:
        """What is so once it is done."""
        match deed.act:
            case Act.SEAT_END:
                del self.held[deed.key]
            case Act.ISSUE_RAISE:
                seat = self.seat(deed.who)
                assert seat is not None
                self.issues[deed.key] = self._issue(deed, raised_in(deed.on, seat.side))
            case Act.ISSUE_ESCALATE | Act.STEP_REFER:
                self._carry(deed)
            case Act.CONSENT_GIVE:
                self._send(self.steps[deed.key])
            case Act.CONSENT_WITHDRAW:
                self._take_back(self.steps[deed.key])
            case Act.INTEREST_DECLARE:
                self._step_back(deed.who.person, self._thing(deed.key))
            case Act.ISSUE_CLOSE:
                self.issues[deed.key].ended = IssueState.CLOSED
            case Act.HANDOVER_TAKE:
                issue = self.issues[deed.key]
                issue.ended, issue.text = IssueState.HANDED_OVER, ""
            case Act.STEP_NOTE:
                self.steps[deed.key].notes.append(deed.text)
            case _:
                self._move(self.steps[deed.key], deed.act)

    def _issue(self, deed: Deed, place: Place) -> Issue:
        raiser = None if deed.mode is OF_OFFICE else deed.who.person
        assert deed.who.seat is not None
        return Issue(
            deed.key, place, deed.mode, deed.text, raiser, deed.who.seat, deed.recipient, set(deed.people), deed.offices
        )

    def _carry(self, deed: Deed) -> None:
        thing = self._thing(deed.on)
        issue = self.issue_of(thing)
        origin = thing.place if isinstance(thing, Issue) else thing.to
        kind = RouteKind.REFER if deed.act is Act.STEP_REFER else RouteKind.ESCALATE
        carries = RECORD if kind is RouteKind.REFER else REACHED[origin][deed.to]
        before = None if isinstance(thing, Issue) else thing.key
        step = Step(deed.key, issue.key, before, kind, carries, origin, deed.to, deed.text, set(thing.people))
        self.steps[deed.key] = step
        if before is None and issue.mode is OF_OFFICE:
            self._send(step)

    def _send(self, step: Step) -> None:
        if not self.can_be_taken(step.to, step):
            step.state = StepState.RETURNED
            return
        step.state, step.sent = StepState.SENT, True
        before = self.steps.get(step.before or "")
        if step.kind is RouteKind.REFER and before is not None and before.state in TAKEN_UP:
            before.state = StepState.REFERRED

    def _take_back(self, step: Step) -> None:
        step.told = True
        if step.state in BEFORE_ACCEPTANCE:
            step.state, step.text = StepState.WITHDRAWN, ""

    def _step_back(self, person: str, thing: Issue | Step) -> None:
        closed: list[Issue | Step] = [thing, *(step for step in self.steps.values() if self._became(step, thing))]
        for each in closed:
            each.people.add(person)
        for each in closed:
            if isinstance(each, Step) and each.state in UNDER_WAY and not self.can_be_taken(each.to, each):
                each.state = StepState.RETURNED

    def _became(self, step: Step, thing: Issue | Step) -> bool:
        if isinstance(thing, Issue):
            return step.issue == thing.key
        return step.before is not None and (step.before == thing.key or self._became(self.steps[step.before], thing))

    def _move(self, step: Step, act: Act) -> None:
        step.state = {
            Act.STEP_ACKNOWLEDGE: StepState.ACKNOWLEDGED,
            Act.STEP_ACCEPT: StepState.ACCEPTED,
            Act.STEP_PLACE: StepState.ON_AGENDA,
            Act.STEP_RETURN: StepState.RETURNED,
            Act.STEP_RESOLVE: StepState.RESOLVED,
        }[act]
        if act is Act.STEP_RESOLVE and step.carries is Carries.RECEIPT:
            step.text = ""

    def _thing(self, key: str) -> Issue | Step:
        return self.issues[key] if key in self.issues else self.steps[key]

    def _sees(self, who: Who, thing: Issue | Step) -> bool:
        return self.sees_issue(who, thing) if isinstance(thing, Issue) else self.sees_status(who, thing)


ON_STEPS = (
    Act.CONSENT_GIVE, Act.CONSENT_WITHDRAW, Act.STEP_ACKNOWLEDGE, Act.STEP_ACCEPT, Act.STEP_NOTE, Act.STEP_PLACE,
    Act.STEP_RETURN, Act.STEP_RESOLVE,
)  # fmt: skip
DONE_AND_REFUSED = (
    Act.ISSUE_RAISE, Act.ISSUE_ESCALATE, Act.STEP_REFER, Act.INTEREST_DECLARE, Act.ISSUE_CLOSE, Act.HANDOVER_TAKE, *ON_STEPS,
)  # fmt: skip
ENDING = (Act.CONSENT_WITHDRAW, Act.STEP_RETURN, Act.STEP_RESOLVE)  # less often, or nothing gets far
# Multiplied, so that the numbers which Hypothesis is fond of (0, 1, powers of two) do not always mean the same choice.
PICK = st.integers(0, 2**20).map(lambda number: number * 2_654_435_761 % 2**32 >> 8)
MOST_ISSUES, MOST_STEPS = 2, 8


class Escalations(RuleBasedStateMachine):
    """Deeds, likely and unlikely, done to the service and to the model. Subclass with another `make` to drive another."""

    make: ClassVar[Callable[[], Service]]
    tried: ClassVar[Counter[tuple[Act, bool]]] = Counter()
    refusals: ClassVar[set[tuple[Act, Code]]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.service = type(self).make()
        self.model = Model()
        # the machine's own books
        self.texts: dict[str, str] = {}
        self.consented: dict[str, str] = {}
        self.taken_back: set[str] = set()
        self.closed: dict[str, set[str]] = {}
        self.seen: dict[Who, frozenset[Fact]] = {}

    def watched(self) -> Collection[Who]:
        """Whose view is compared after every deed; a slower service may watch fewer at a time."""
        return list(self.model.everybody())

    # -- deeds

    def a_known_way(self) -> None:
        """A long way that chance seldom goes: three hops, an interest declared at the first, a raiser who leaves."""
        text = "Rosters come late."
        raiser, chair = Who("mei", None), Who("max", "jnc management chair")
        edi, board = Who("eve", "edi chair"), Who("bob", "board chair")

        def sent(act: Act, who: Who, key: str, on: str, to: Place) -> Iterator[Deed]:
            yield Deed(act, who, key, on=on, to=to, text=text)
            yield Deed(Act.CONSENT_GIVE, raiser, key, text=text)

        for deed in (
            Deed(Act.ISSUE_RAISE, Who("mei", "net member"), "i", on="net", text=text),
            *sent(Act.ISSUE_ESCALATE, Who("nia", "net chair"), "s1", "i", ("jnc", JOINT)),
            Deed(Act.STEP_ACCEPT, chair, "s1"),
            *sent(Act.STEP_REFER, chair, "s2", "s1", ("edi", JOINT)),
            Deed(Act.STEP_ACCEPT, edi, "s2"),
            *sent(Act.ISSUE_ESCALATE, edi, "s3", "s2", ("board", JOINT)),
            Deed(Act.INTEREST_DECLARE, Who("mia", "jnc management secretary"), "s1"),
            Deed(Act.SEAT_END, Who("mei", "net member"), "net member"),
            Deed(Act.STEP_ACCEPT, board, "s3"),
            Deed(Act.CONSENT_WITHDRAW, raiser, "s3"),
            Deed(Act.CONSENT_WITHDRAW, raiser, "s3"),
            Deed(Act.STEP_RESOLVE, board, "s3"),
            Deed(Act.STEP_RESOLVE, board, "s3"),
            Deed(Act.ISSUE_RAISE, Who("ned", "net secretary"), "j", on="guardian", text=text),
            Deed(Act.HANDOVER_TAKE, Who("gus", "guardian"), "j"),
            Deed(Act.HANDOVER_TAKE, Who("gus", "guardian"), "j"),
        ):
            self._do(deed)

    @initialize(picks=st.lists(st.tuples(PICK, PICK), min_size=8, max_size=30))
    def things_take_their_course(self, picks: list[tuple[int, int]]) -> None:
        """Issues are raised, carried and consented to, so that there is something to act on."""
        for number, (a, b) in enumerate(picks):
            if number % 8 == 0:
                self.somebody_raises_an_issue(a, b, a // 7, b // 7, False)
            elif number % 3 == 1:
                self.somebody_carries_it_on(a - a % 4, b, False)
            else:
                self.somebody_acts_on_a_step(a - a % 4, b)

    @rule(a=PICK, b=PICK, c=PICK, d=PICK, case=st.booleans())
    def somebody_raises_an_issue(self, a: int, b: int, c: int, d: int, case: bool) -> None:
        if len(self.model.issues) >= MOST_ISSUES:
            return
        seats = list(self.model.held)
        seat = seats[a % len(seats)]
        held = self.model.held[seat]
        body = "guardian" if b % 3 == 0 else held.body
        place = raised_in(body, held.side)
        mode = list(IdentityMode)[c % 3]
        holders = [key for key, each in self.model.held.items() if opens(each, place)] or seats
        entrusted = (mode is CONFIDENTIAL) != (d % 9 == 0)
        implicated = [person for person in PEOPLE if person != held.person]
        offices = [(each.body, each.side, each.office) for each in self.model.held.values() if each != held]
        self._do(
            Deed(
                Act.ISSUE_RAISE, Who(held.person, seat), f"i{len(self.texts)}", on=body, mode=mode,
                text=f"issue text {len(self.texts)}", case=case and d % 3 == 0,
                recipient=holders[d % len(holders)] if entrusted else None,
                people=frozenset(implicated[(d + n) % len(implicated)] for n in range((b // 5) % 3)),
                offices=frozenset(offices[(c + n) % len(offices)] for n in range((d // 3) % 2)),
            )
        )  # fmt: skip

    @rule(a=PICK, b=PICK, case=st.booleans())
    def somebody_carries_it_on(self, a: int, b: int, case: bool) -> None:
        if len(self.model.steps) >= MOST_STEPS:
            return
        key, text = f"s{len(self.texts)}", f"step text {len(self.texts)}"

        def deeds(*, anywhere: bool) -> Iterator[Deed]:
            for on in self._things(a):
                origin = self.model.issues[on].place if on in self.model.issues else self.model.steps[on].to
                for act, there in ((Act.ISSUE_ESCALATE, REACHED[origin]), (Act.STEP_REFER, BESIDE.get(origin, ()))):
                    if act is Act.ISSUE_ESCALATE or on in self.model.steps:
                        for who in self.model.everybody():
                            for to in PLACES if anywhere else there if who.seat else ():
                                if who.seat is not None:
                                    yield Deed(act, who, key, on=on, to=to, text=text, case=case and b % 4 == 3)

        self._some(a, b, lambda: deeds(anywhere=False), lambda: deeds(anywhere=True))

    def _things(self, number: int) -> list[str]:
        """Issues and steps; mostly the last step that is taken up, so that something gets far."""
        taken = [key for key, step in self.model.steps.items() if step.state in TAKEN_UP]
        return taken[-1:] if taken and number % 8 < 5 else [*self.model.issues, *self.model.steps]

    @rule(a=PICK, b=PICK)
    def somebody_acts_on_a_step(self, a: int, b: int) -> None:
        def deeds(key: str) -> Iterator[Deed]:
            for act in ON_STEPS:
                text = self.texts[key] if act is Act.CONSENT_GIVE else f"note {b % 3}"
                yield from (Deed(act, who, key, text=text) for who in self.model.everybody())

        keys = list(self.model.steps)
        turned = keys[b % max(len(keys), 1) :] + keys[: b % max(len(keys), 1)]
        going = [key for key in turned if self.model.steps[key].state in (StepState.AWAITING_CONSENT, *UNDER_WAY)]
        if chosen := (going if a % 4 != 3 else turned)[:1]:
            self._some(a, b // 8, lambda: deeds(chosen[0]))

    @rule(picks=st.lists(st.tuples(PICK, PICK), min_size=3, max_size=8))
    def several_act_on_steps(self, picks: list[tuple[int, int]]) -> None:
        for a, b in picks:
            self.somebody_acts_on_a_step(a, b)

    @rule(a=PICK)
    def a_raiser_consents_to_a_text_that_was_not_the_one_written(self, a: int) -> None:
        awaiting = [
            deed
            for key, text in self.texts.items()
            if key in self.model.steps
            for who in self.model.everybody()
            if not self.model.reasons(deed := Deed(Act.CONSENT_GIVE, who, key, text=text))
        ]
        if awaiting:
            self._do(replace(awaiting[a % len(awaiting)], text="another text"))

    @rule(a=PICK, act=st.sampled_from((Act.ISSUE_CLOSE, Act.HANDOVER_TAKE)))
    def somebody_ends_an_issue(self, a: int, act: Act) -> None:
        if a % 3 == 2:
            self._some(
                a // 3, 0, lambda: (Deed(act, who, key) for key in self.model.issues for who in self.model.everybody())
            )

    @rule(a=PICK)
    def somebody_declares_an_interest(self, a: int) -> None:
        things = (*self.model.issues, *self.model.steps) if a % 4 == 3 else ()
        self._some(
            a // 4,
            0,
            lambda: (Deed(Act.INTEREST_DECLARE, who, key) for key in things for who in self.model.everybody()),
        )

    @rule(a=PICK)
    def somebody_leaves(self, a: int) -> None:
        raisers = {issue.raiser for issue in self.model.issues.values()}
        theirs = [key for key, seat in self.model.held.items() if seat.person in raisers]
        if a % 5 == 4 and len(self.model.held) > len(SEATS) - 4:
            leaving = theirs if theirs and a % 2 else list(self.model.held)
            key = leaving[(a // 10) % len(leaving)]
            self._do(Deed(Act.SEAT_END, Who(self.model.held[key].person, key), key))

    def _some(
        self,
        number: int,
        act: int,
        deeds: Callable[[], Iterator[Deed]],
        every: Callable[[], Iterator[Deed]] | None = None,
    ) -> None:
        """One of them: mostly one that must be done, of an act by turns; sometimes any."""
        likely = [deed for deed in deeds() if not self.model.reasons(deed)] if number % 4 != 3 else []
        found = likely or list((every or deeds)())
        if found:
            acts = [
                each for each in dict.fromkeys(deed.act for deed in found) for _ in range(1 if each in ENDING else 4)
            ]
            choice = [deed for deed in found if deed.act is acts[act % len(acts)]]
            self._do(choice[(number // 4) % len(choice)])

    def _do(self, deed: Deed) -> None:
        reasons = self.model.reasons(deed)
        hidden = self._private(deed)
        before = self.seen
        code = self.service.do(deed)
        assert (code is None) == (not reasons), (deed, code, reasons)
        assert code is None or code in reasons, (deed, code, reasons)
        self.tried[deed.act, code is None] += 1
        if code is not None:
            self.refusals.add((deed.act, code))
        else:
            self._book(deed)
            self.model.apply(deed)
        self.seen = {who: self.service.view(who) for who in self.watched()}
        if hidden:
            for who in self.seen:
                if self._other_side(who):
                    assert self.seen[who] == before.get(who, self.seen[who]), (
                        "they can see that staff side was told",
                        deed,
                        who,
                    )
        self._hold()

    def _book(self, deed: Deed) -> None:
        if deed.act in (Act.ISSUE_RAISE, *ONWARD):
            self.texts[deed.key] = deed.text
            self.closed[deed.key] = set(deed.people if deed.act is Act.ISSUE_RAISE else self.closed[deed.on])
        at_once = deed.act is Act.ISSUE_ESCALATE and self._of_office(deed.on)
        if deed.act is Act.CONSENT_GIVE or at_once:
            self.consented[deed.key] = deed.text
        if deed.act is Act.CONSENT_WITHDRAW and self.model.steps[deed.key].state in BEFORE_ACCEPTANCE:
            self.taken_back.add(deed.key)
        if deed.act is Act.INTEREST_DECLARE:
            for key in self._and_all_that_it_became(deed.key):
                self.closed[key].add(deed.who.person)

    def _of_office(self, key: str) -> bool:
        return key in self.model.issues and self.model.issues[key].mode is OF_OFFICE

    def _and_all_that_it_became(self, key: str) -> set[str]:
        found = {key}
        for step in self.model.steps.values():
            if step.before in found or step.issue in found:
                found.add(step.key)
        return found

    # -- what must always be so

    def _hold(self) -> None:
        for who, seen in self.seen.items():
            self.everybody_sees_what_the_model_says(who, seen)
            self.no_receiver_reads_a_text_without_consent_to_exactly_it(who, seen)
            self.nobody_implicated_or_with_an_interest_sees_or_holds_anything_of_it(who, seen)
            self.nothing_passes_across_sides(who, seen)
            self.what_was_taken_back_before_it_was_accepted_leaves_a_tombstone(who, seen)

    def _other_side(self, who: Who) -> bool:
        seat = self.model.seat(who)
        return seat is not None and seat.side in (MANAGEMENT, NONE)

    def _private(self, deed: Deed) -> bool:
        """Whether it is among a network, a union, the guardian or staff side alone."""
        private = (STAFF_SIDE, OFFICERS)
        if deed.act is Act.ISSUE_RAISE:
            seat = self.model.seat(deed.who)
            # a manager may raise with the guardian, and sees that
            return seat is not None and raised_in(deed.on, seat.side)[1] in private and not self._other_side(deed.who)
        key = deed.on if deed.act in ONWARD else deed.key
        if key in self.model.issues:
            issue = self.model.issues[key]
            others = issue.raiser in {seat.person for seat in SEATS.values() if seat.side in (MANAGEMENT, NONE)}
            at_once = deed.act is Act.ISSUE_ESCALATE and self._of_office(key) and deed.to[1] not in private
            drafts = deed.act in (Act.ISSUE_ESCALATE, Act.ISSUE_CLOSE, Act.HANDOVER_TAKE)
            return issue.place[1] in private and drafts and not others and not at_once
        if key in self.model.steps:
            step = self.model.steps[key]
            drafts = deed.act in ONWARD and step.to[1] is STAFF_SIDE
            return drafts or (
                deed.act not in ONWARD and step.to[1] is STAFF_SIDE and deed.act is not Act.INTEREST_DECLARE
            )
        return False

    def everybody_sees_what_the_model_says(self, who: Who, seen: frozenset[Fact]) -> None:
        expected = self.model.view(who)
        assert seen == expected, (who, "sees", seen - expected, "and should see", expected - seen)

    def no_receiver_reads_a_text_without_consent_to_exactly_it(self, who: Who, seen: frozenset[Fact]) -> None:
        for _, key, text in (fact for fact in seen if fact[0] == "text"):
            step, seat = self.model.steps[str(key)], self.model.seat(who)
            issue = self.model.issues[step.issue]
            wrote = seat is not None and (opens(seat, step.origin) or opens(seat, issue.place))
            if text and not wrote and not self.model.is_raiser(who, issue):
                assert self.consented.get(step.key) == text, (who, step)
                assert step.key not in self.taken_back, (who, step)

    def nobody_implicated_or_with_an_interest_sees_or_holds_anything_of_it(
        self, who: Who, seen: frozenset[Fact]
    ) -> None:
        parts = {part for fact in seen for part in fact}
        assert not [key for key, people in self.closed.items() if who.person in people and key in parts], who

    def nothing_passes_across_sides(self, who: Who, seen: frozenset[Fact]) -> None:
        seat, parts = self.model.seat(who), {part for fact in seen for part in fact}
        if seat is None or seat.side not in (STAFF, MANAGEMENT, NONE):
            return
        own = {STAFF: STAFF_SIDE, MANAGEMENT: MANAGEMENT_SIDE}.get(seat.side)
        for step in self.model.steps.values():
            if step.to[1] in (STAFF_SIDE, MANAGEMENT_SIDE) and step.to[1] is not own:
                assert step.key not in parts, (who, step)

    def what_was_taken_back_before_it_was_accepted_leaves_a_tombstone(self, who: Who, seen: frozenset[Fact]) -> None:
        for key in self.taken_back:
            facts = {(fact[0], fact[2]) for fact in seen if fact[1] == key and fact[0] in ("text", "step")}
            assert facts <= {("text", ""), ("step", StepState.WITHDRAWN)}, (who, key)
            issue = self.model.issues[self.model.steps[key].issue]
            if who == Who(issue.raiser or "", None) and not self.model.barred(who.person, self.model.steps[key]):
                assert ("text", "") in facts, "its raiser still reads that there was one"
