"""Issues and steps as a model: why a deed must be refused, and what everybody sees after it.

Written in plain sets from the design, and never from the code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from service.rules.acts import Act
from service.rules.bodies import Office
from service.rules.escalations import Carries, IdentityMode, IssueState, RouteKind, StepState
from service.rules.problems import Code
from tests.rules.escalation_world import (
    BEFORE_ACCEPTANCE,
    BESIDE,
    CONFIDENTIAL,
    MANAGEMENT,
    NAMED,
    NETWORK,
    OF_OFFICE,
    PEOPLE,
    REACHED,
    RECORD,
    SEATS,
    STAFF,
    TAKEN_UP,
    TWO_SIDED,
    UNDER_WAY,
    Deed,
    Fact,
    OfficeOf,
    Place,
    Seat,
    Who,
    opens,
    raised_in,
    receives,
    stands,
    takes_case,
)


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
