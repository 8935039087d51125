"""Deeds done to a service of issues and to the model of it, and what must hold after each.

Subclass `Escalations` with another `make` to drive another service: the pure rules (`test_escalation_machine`), or the
real one. A service may give any one of the reasons that the model has. Beside the comparison the machine keeps its own
books of consents, withdrawals and who is barred, and holds every view against them (`_hold`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from service.rules.acts import Act
from service.rules.escalations import IdentityMode, StepState
from service.rules.problems import Code
from tests.rules.escalation_model import Model
from tests.rules.escalation_world import (
    BEFORE_ACCEPTANCE,
    BESIDE,
    CONFIDENTIAL,
    JOINT,
    MANAGEMENT,
    MANAGEMENT_SIDE,
    NONE,
    OF_OFFICE,
    OFFICERS,
    ONWARD,
    PEOPLE,
    PLACES,
    REACHED,
    SEATS,
    STAFF,
    STAFF_SIDE,
    TAKEN_UP,
    UNDER_WAY,
    Deed,
    Fact,
    Place,
    Service,
    Who,
    opens,
    raised_in,
)

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
