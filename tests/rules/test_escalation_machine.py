"""The pure rules, put together as rooms and doors, against the model of who may do and see what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from service.access.powers import may
from service.forums import BODY
from service.forums.routes import Route, raising_route, route_between, route_problems
from service.rules.acts import Act
from service.rules.bodies import Channel, ForumKind, Office, Purpose, Relation, Side
from service.rules.escalations import (
    UNDER_WAY,
    Carries,
    Holder,
    IdentityMode,
    IssueState,
    Manner,
    Raise,
    RouteKind,
    StepState,
    Withdrawal,
    barred_people,
    can_be_taken,
    casework_problems,
    consent_problems,
    content_hash,
    destinations,
    issue_act_problems,
    issue_state,
    move_problems,
    raise_problems,
    receiver_problems,
    sending_problems,
    speaks_for,
    successions,
    withdrawal,
    withdrawal_problems,
)
from service.rules.problems import Code, Problem
from tests.rules.escalation_deeds import DONE_AND_REFUSED, Escalations
from tests.rules.escalation_world import BODIES, SEATS, TWO_SIDED, Deed, Fact, Place, Seat, Service, Who

TODAY = date(2026, 11, 27)
SIDES = {Channel.STAFF_SIDE: Side.STAFF, Channel.MANAGEMENT_SIDE: Side.MANAGEMENT}
SOMEBODY = "somebody's own"


class Refused(Exception):
    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code


def refuse_if(problems: list[Problem]) -> None:
    if problems:
        raise Refused(problems[0].code)


Room = tuple[str, ...]


@dataclass
class Issue:
    key: str
    place: Place
    mode: IdentityMode
    text: str
    own: Room
    room: Room
    vault: Room
    raiser: str
    recipient: str | None
    seat: str
    stored: IssueState = IssueState.RAISED


@dataclass
class Step:
    key: str
    issue: str
    before: str | None
    route: Route
    origin: Place
    to: Place
    text: str
    room: Room
    content: Room
    state: StepState = StepState.AWAITING_CONSENT
    consented: str | None = None
    withdrawn_on: date | None = None
    notes: list[str] = field(default_factory=list)


@dataclass
class Bars:
    people: set[str] = field(default_factory=set)
    offices: set[tuple[str, Side, Office]] = field(default_factory=set)


class Pure:
    """A service of rooms, doors and bars whose every decision is a rule's."""

    def __init__(self) -> None:
        self.issues: dict[str, Issue] = {}
        self.steps: dict[str, Step] = {}
        self.held = dict(SEATS)
        self.doors: set[tuple[Room, Room]] = set()
        self.bars: dict[Room, Bars] = {}

    # -- rooms and doors

    def rooms(self, who: Who) -> set[Room]:
        own = {
            issue.own for issue in self.issues.values() if issue.raiser == who.person and who.seat in (None, issue.seat)
        }
        if who.seat is None or who.seat not in self.held:
            return own if who.seat is None else set()
        seat = self.held[who.seat]
        row = next(row for row in BODY[BODIES[seat.body]].offices if (row.side, row.office) == (seat.side, seat.office))
        return own | {(seat.body, purpose) for purpose in row.opens} | {("personal", who.seat)}

    def opened(self, who: Who, room: Room) -> bool:
        direct = self.rooms(who)
        return (room in direct or any((each, room) in self.doors for each in direct)) and not self.is_barred(who, room)

    def is_barred(self, who: Who, room: Room) -> bool:
        bars = self.bars.get(room, Bars())
        return who.person in self.barred(bars)

    def barred(self, bars: Bars) -> frozenset[object]:
        found: set[object] = set(bars.people)
        for body in {body for body, _, _ in bars.offices}:
            holders = [Holder(seat.person, seat.side, seat.office) for seat in self.held.values() if seat.body == body]
            offices = {(side, office) for each, side, office in bars.offices if each == body}
            found |= barred_people(holders, (), offices)
        return frozenset(found)

    def make_room(self, room: Room, beside: Room | None) -> None:
        before = self.bars.get(beside, Bars()) if beside else Bars()
        self.bars[room] = Bars(set(before.people), set(before.offices))

    def receiving(self, place: Place) -> list[Holder]:
        body, channel = place
        opening = {(row.side, row.office) for row in BODY[BODIES[body]].offices if Purpose(channel) in row.opens}
        return [
            Holder(seat.person, seat.side, seat.office)
            for seat in self.held.values()
            if seat.body == body and (seat.side, seat.office) in opening
        ]

    def receiver_problems(self, place: Place, route: Route, room: Room) -> list[Problem]:
        return receiver_problems(route.received_by, self.receiving(place), self.barred(self.bars[room]))

    # -- what is seen

    def view(self, who: Who) -> frozenset[Fact]:
        return frozenset(self._facts(who))

    def _facts(self, who: Who) -> Iterator[Fact]:
        for issue in self.issues.values():
            if self.opened(who, issue.room):
                steps = [s.state for s in self.steps.values() if s.issue == issue.key and self.opened(who, s.room)]
                yield "issue", issue.key, issue_state(issue.stored, steps), issue.text
                if issue.mode is not IdentityMode.OFFICE and self.opened(who, issue.vault):
                    yield "raiser", issue.key, issue.raiser
        for step in self.steps.values():
            if self.opened(who, step.room):
                yield "step", step.key, step.state, step.withdrawn_on is not None
                if self.opened(who, self.issues[step.issue].room):
                    yield "of", step.issue, step.key
                if step.before is not None and self.opened(who, self.steps[step.before].room):
                    yield "then", step.before, step.key
                if self.opened(who, step.to):
                    yield from (("note", step.key, text) for text in step.notes)
            if self.opened(who, step.content):
                yield "text", step.key, step.text

    # -- what is done

    def do(self, deed: Deed) -> Code | None:
        try:
            match deed.act:
                case Act.SEAT_END:
                    del self.held[deed.key]
                case Act.ISSUE_RAISE:
                    self.raise_issue(deed)
                case Act.ISSUE_ESCALATE | Act.STEP_REFER:
                    self.carry(deed)
                case Act.CONSENT_GIVE:
                    self.consent(deed)
                case Act.CONSENT_WITHDRAW:
                    self.withdraw(deed)
                case Act.INTEREST_DECLARE:
                    self.declare(deed)
                case Act.ISSUE_CLOSE | Act.HANDOVER_TAKE:
                    self.end(deed)
                case _:
                    self.receive(deed)
        except Refused as refusal:
            return refusal.code
        return None

    def check(self, deed: Deed, relations: set[Relation]) -> None:
        seat = self.held.get(deed.who.seat or "")
        allowed = seat is not None and may(deed.act, seat.side, seat.office, relations)
        if not (allowed or may(deed.act, Side.NONE, Office.RAISER, relations & {Relation.RAISER})):
            raise Refused(Code.NOT_PERMITTED)

    def stands(self, seat: Seat | None, place: Place) -> bool:
        return seat is not None and seat.body == place[0] and SIDES.get(place[1], seat.side) is seat.side

    def relations(self, who: Who, thing: Issue | Step) -> set[Relation]:
        issue = thing if isinstance(thing, Issue) else self.issues[thing.issue]
        seat = self.held.get(who.seat or "")
        found = {Relation.RAISER} if issue.own in self.rooms(who) and issue.mode is not IdentityMode.OFFICE else set()
        owns = self.stands(seat, issue.place) and (isinstance(thing, Issue) or issue.mode is IdentityMode.OFFICE)
        if owns:
            found.add(Relation.OWNER)
        if isinstance(thing, Step) and self.stands(seat, thing.to):
            found.add(Relation.RECEIVER)
        return found

    def raise_issue(self, deed: Deed) -> None:
        seat = self.held[deed.who.seat or ""]
        kind = BODIES[deed.on]
        channel = Channel.OFFICERS
        if deed.on in TWO_SIDED:
            channel = Channel.STAFF_SIDE if seat.side is Side.STAFF else Channel.MANAGEMENT_SIDE
        route = raising_route(kind, channel, TODAY)
        refuse_if(
            casework_problems(diverts_casework=route is None or route.diverts_casework, individual_case=deed.case)
        )
        relations = {Relation.OWNER} if seat.body == deed.on else set()
        if kind is ForumKind.FREEDOM_TO_SPEAK_UP:
            relations.add(Relation.ANYONE)
        self.check(deed, relations)
        place: Place = (deed.on, channel)
        said = Raise(
            Manner.FORMAL, deed.mode, deed.text, "", has_recipient=deed.recipient is not None,
            implicated=len(deed.people) + len(deed.offices), is_officer=place in self.rooms(deed.who),
        )  # fmt: skip
        refuse_if(raise_problems(said))
        if route is None:
            raise Refused(Code.NO_ROUTE)
        room, own, vault = ("issue", deed.key), ("own", deed.key), ("vault", deed.key)
        self.bars[room] = Bars(set(deed.people), set(deed.offices))
        refuse_if(self.receiver_problems(place, route, room))
        if deed.recipient is not None:
            chosen = self.held.get(deed.recipient)
            knows = chosen is not None and Who(chosen.person, deed.recipient)
            if (
                not knows
                or place not in self.rooms(knows)
                or knows.person == deed.who.person
                or self.is_barred(knows, room)
            ):
                raise Refused(Code.NOT_FOUND)
        self.doors |= {(place, room)}
        confidential = deed.mode is IdentityMode.CONFIDENTIAL
        if deed.mode is not IdentityMode.OFFICE:
            self.doors |= {(own, room), (own, vault)}
        if confidential:
            self.make_room(vault, room)
            self.doors.add((("personal", deed.recipient or ""), vault))
        raiser = SOMEBODY if deed.mode is IdentityMode.OFFICE else deed.who.person
        self.issues[deed.key] = Issue(
            deed.key, place, deed.mode, deed.text, own, room, vault if confidential else room, raiser, deed.recipient,
            deed.who.seat or "",
        )  # fmt: skip

    def carry(self, deed: Deed) -> None:
        thing = self.issues.get(deed.on) or self.steps[deed.on]
        hidden = not self.opened(deed.who, thing.room)
        origin = thing.place if isinstance(thing, Issue) else thing.to
        kind = RouteKind.REFER if deed.act is Act.STEP_REFER else RouteKind.ESCALATE
        from_, to = (BODIES[origin[0]], origin[1]), (BODIES[deed.to[0]], deed.to[1])
        route = None if hidden else route_between(kind, from_, to, TODAY)
        diverts = route is None or route.carries is Carries.THEME or route.diverts_casework
        refuse_if(casework_problems(diverts_casework=diverts, individual_case=deed.case))
        if hidden:
            raise Refused(Code.NOT_FOUND)
        self.check(
            deed,
            self.relations(deed.who, thing)
            - {Relation.RAISER}
            - ({Relation.OWNER} if isinstance(thing, Step) else set()),
        )
        if isinstance(thing, Step):
            refuse_if(move_problems(thing.state, deed.act))
        else:
            steps = [step.state for step in self.steps.values() if step.issue == thing.key]
            refuse_if(issue_act_problems(issue_state(thing.stored, steps), deed.act))
        refuse_if(route_problems(kind, from_, to, TODAY))
        if route is None or route.carries is Carries.THEME:
            raise Refused(Code.NO_ROUTE)
        issue = thing if isinstance(thing, Issue) else self.issues[thing.issue]
        step = Step(
            deed.key, issue.key, None if isinstance(thing, Issue) else thing.key, route, origin, deed.to, deed.text,
            ("status", deed.key), ("content", deed.key),
        )  # fmt: skip
        self.open(step, thing, issue)
        self.steps[deed.key] = step
        if isinstance(thing, Issue) and issue.mode is IdentityMode.OFFICE:
            self.send(step, content_hash(step.text))

    def open(self, step: Step, thing: Issue | Step, issue: Issue) -> None:
        for room in (step.room, step.content):
            self.make_room(room, thing.room)
            self.doors |= {(step.origin, room), (issue.own, room)}
        if isinstance(thing, Step):
            self.doors |= {(opener, step.room) for opener, into in tuple(self.doors) if into == thing.room}
        if issue.mode is IdentityMode.OFFICE:
            self.doors |= {(issue.place, step.content)}

    def consent(self, deed: Deed) -> None:
        step = self.steps[deed.key]
        if not self.opened(deed.who, step.room):
            raise Refused(Code.NOT_FOUND)
        self.speak(deed, step)
        refuse_if(issue_act_problems(self.issues[step.issue].stored, deed.act))
        refuse_if(consent_problems(step.state, content_hash(deed.text), content_hash(step.text)))
        self.send(step, content_hash(deed.text))

    def speak(self, deed: Deed, step: Step) -> None:
        issue = self.issues[step.issue]
        relations = self.relations(deed.who, step)
        if not speaks_for(
            issue.mode, is_raiser=Relation.RAISER in relations, is_officer=Relation.OWNER in relations
        ) or self.is_barred(deed.who, issue.room):
            raise Refused(Code.NOT_PERMITTED)
        self.check(deed, relations)

    def send(self, step: Step, consented: str) -> None:
        if self.receiver_problems(step.to, step.route, step.room):
            step.state = StepState.RETURNED
            return
        step.consented = consented
        refuse_if(sending_problems(step.consented, step.withdrawn_on, step.text))
        step.state = StepState.SENT
        self.doors |= {(step.to, step.room), (step.to, step.content)}
        before = self.steps.get(step.before or "")
        if (
            before
            and step.route.kind is RouteKind.REFER
            and StepState.REFERRED in destinations(before.state, Act.STEP_REFER)
        ):
            before.state = StepState.REFERRED

    def withdraw(self, deed: Deed) -> None:
        step = self.steps[deed.key]
        if not self.opened(deed.who, step.room):
            raise Refused(Code.NOT_FOUND)
        self.speak(deed, step)
        refuse_if(withdrawal_problems(step.state, step.withdrawn_on))
        if withdrawal(step.state) is Withdrawal.TOMBSTONE:
            step.state, step.text = StepState.WITHDRAWN, ""
        step.withdrawn_on = TODAY

    def declare(self, deed: Deed) -> None:
        thing = self.issues.get(deed.key) or self.steps[deed.key]
        if not self.opened(deed.who, thing.room):
            raise Refused(Code.NOT_FOUND)
        self.check(deed, self.relations(deed.who, thing) - {Relation.RAISER})
        steps = self.descendants(deed.key)
        rooms = [thing.room, *([thing.vault] if isinstance(thing, Issue) else [thing.content])]
        for room in (*rooms, *(room for step in steps for room in (step.room, step.content))):
            self.bars[room].people.add(deed.who.person)
        for step in (*steps, *([thing] if isinstance(thing, Step) else [])):
            if step.state in UNDER_WAY and self.receiver_problems(step.to, step.route, step.room):
                step.state = StepState.RETURNED

    def descendants(self, key: str) -> list[Step]:
        direct = [step for step in self.steps.values() if key in (step.issue, step.before)]
        return direct + [each for step in direct for each in self.descendants(step.key)]

    def end(self, deed: Deed) -> None:
        issue = self.issues[deed.key]
        if not self.opened(deed.who, issue.room):
            raise Refused(Code.NOT_FOUND)
        self.check(deed, self.relations(deed.who, issue))
        steps = [s.state for s in self.steps.values() if s.issue == issue.key and self.opened(deed.who, s.room)]
        refuse_if(issue_act_problems(issue_state(issue.stored, steps), deed.act))
        if deed.act is Act.HANDOVER_TAKE:
            issue.stored, issue.text = IssueState.HANDED_OVER, ""
        else:
            issue.stored = IssueState.CLOSED

    def receive(self, deed: Deed) -> None:
        step = self.steps[deed.key]
        if not self.opened(deed.who, step.room):
            raise Refused(Code.NOT_FOUND)
        self.check(deed, self.relations(deed.who, step) & {Relation.RECEIVER})
        refuse_if(move_problems(step.state, deed.act))
        if deed.act is Act.STEP_NOTE:
            step.notes.append(deed.text)
            return
        (step.state,) = destinations(step.state, deed.act)
        if step.state is StepState.RESOLVED and step.route.carries is Carries.RECEIPT:
            step.text = ""


TURNS = 12
REFUSED_BY = frozenset({
    Code.NOT_FOUND, Code.NOT_PERMITTED, Code.WRONG_STATE, Code.NO_ROUTE, Code.CASEWORK_DIVERTED, Code.HASH_MISMATCH,
    Code.ALREADY_WITHDRAWN, Code.NO_RECEIVER, Code.REQUIRED, Code.INVALID,
})  # fmt: skip
"""How often to draw, at most."""


class OfRules(Escalations):
    make = Pure
    tried = Counter()
    refusals: set[tuple[Act, Code]] = set()


def run(
    machine: type[Escalations], examples: int, steps: int, phases: tuple[Phase, ...] = tuple(Phase), fresh: bool = False
) -> None:
    """`fresh`: other draws each time, where the same ones did not come by what is looked for."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=examples <= 200 and not fresh, database=None,
            suppress_health_check=list(HealthCheck), print_blob=False, phases=phases, report_multiple_bugs=False,
        ),
    )  # fmt: skip


@pytest.mark.parametrize(("examples", "steps"), [(100, 40), pytest.param(3000, 60, marks=pytest.mark.deep, id="deep")])
def test_an_issue_is_carried_by_consent_and_seen_by_those_it_was_meant_for(examples: int, steps: int) -> None:
    OfRules().a_known_way()
    for turn in range(TURNS):  # what the draws come by depends on what else was imported: Hypothesis draws constants
        run(OfRules, examples, steps, fresh=turn > 0)
        codes = {code for _, code in OfRules.refusals}
        if codes >= REFUSED_BY and all(OfRules.tried[act, done] for act in DONE_AND_REFUSED for done in (True, False)):
            break
    assert all(OfRules.tried[act, done] for act in DONE_AND_REFUSED for done in (True, False)), OfRules.tried
    assert codes >= REFUSED_BY, codes


# Each breaks one promise: the machine must notice, else it proves nothing.


class LetsTheReceiverInWithTheDraft(Pure):
    def open(self, step: Step, thing: Issue | Step, issue: Issue) -> None:
        super().open(step, thing, issue)
        self.doors |= {(step.to, step.content)}


class KeepsATextThatWasTakenBack(Pure):
    def withdraw(self, deed: Deed) -> None:
        text = self.steps[deed.key].text
        super().withdraw(deed)
        self.steps[deed.key].text = text


class SendsAnotherTextThanTheOneConsentedTo(Pure):
    def consent(self, deed: Deed) -> None:
        super().consent(replace(deed, text=self.steps[deed.key].text))


class ForgetsBarsOnTheNextHop(Pure):
    def make_room(self, room: Room, beside: Room | None) -> None:
        super().make_room(room, None if room[0] in ("status", "content") else beside)


class ForgetsAnInterestOneHopOn(Pure):
    def descendants(self, key: str) -> list[Step]:
        return [step for step in self.steps.values() if key in (step.issue, step.before)]


class PassesAcrossSides(Pure):
    def receiver_problems(self, place: Place, route: Route, room: Room) -> list[Problem]:
        able = successions(route.received_by, self.receiving(place), self.barred(self.bars[room]))
        return (
            [] if can_be_taken({side: line for side, line in able.items() if line}) else [Problem(Code.NO_RECEIVER, "")]
        )


class TellsManagementThatStaffSideWasTold(Pure):
    def send(self, step: Step, consented: str) -> None:
        super().send(step, consented)
        if step.to[1] is Channel.STAFF_SIDE:
            self.doors.add(((step.to[0], Purpose.JOINT), step.room))


class KeepsARaisersNameInTheIssue(Pure):
    def raise_issue(self, deed: Deed) -> None:
        super().raise_issue(deed)
        issue = self.issues[deed.key]
        issue.vault = issue.room


class LosesALeaver(Pure):
    def rooms(self, who: Who) -> set[Room]:
        gone = who.seat is None and all(seat.person != who.person for seat in self.held.values())
        return set() if gone else super().rooms(who)


class ShowsTheSenderTheReceiversNotes(Pure):
    def _facts(self, who: Who) -> Iterator[Fact]:
        yield from super()._facts(who)
        for step in self.steps.values():
            if self.opened(who, step.room):
                yield from (("note", step.key, text) for text in step.notes)


BROKEN = (
    LetsTheReceiverInWithTheDraft, KeepsATextThatWasTakenBack, SendsAnotherTextThanTheOneConsentedTo,
    ForgetsBarsOnTheNextHop, ForgetsAnInterestOneHopOn, PassesAcrossSides, TellsManagementThatStaffSideWasTold,
    KeepsARaisersNameInTheIssue, LosesALeaver, ShowsTheSenderTheReceiversNotes,
)  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__)
def test_the_machine_notices_a_service_that(broken: Callable[[], Service]) -> None:
    class Machine(Escalations):
        make = broken
        tried: Counter[tuple[Act, bool]] = Counter()
        refusals: set[tuple[Act, Code]] = set()

    with pytest.raises(AssertionError):
        Machine().a_known_way()
        for turn in range(TURNS):
            run(Machine, 200, 40, phases=(Phase.generate,), fresh=turn > 0)
