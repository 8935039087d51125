"""The demo's consultations hold nothing that the acts could not have written, on any day of the year."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import pytest

from service.demo.clauses import address
from service.demo.organisations import TRUSTS
from service.demo.policies import TITLES, text
from service.demo.region import region
from service.demo.shapes import Region
from service.demo.timeline import timeline
from service.rules import consultations, redundancy
from service.rules.acts import Act
from service.rules.bodies import Side
from service.rules.calendar import end_of_day, england_day, is_working_day, working_days_between
from service.rules.consultations import Conclusion, Decision, Kind, State, state_at
from service.rules.consultations.plans import Papers
from service.rules.policies import clauses, policy_problems

DAYS: Final = (
    date(2026, 11, 20),
    date(2026, 12, 25),  # a bank holiday
    date(2027, 1, 2),  # a Saturday after two of them
    date(2027, 3, 28),  # Easter Sunday, on which the clocks change
    date(2028, 2, 29),
)


@pytest.fixture(params=DAYS, ids=str)
def here(request: pytest.FixtureRequest) -> tuple[date, Region]:
    return request.param, region(request.param)


def test_every_state_stands_at_rtd(here: tuple[date, Region]) -> None:
    _, demo = here
    states = Counter(c.state for c in demo.consultations if c.forum == "RTD/jnc")
    assert states == {
        State.DRAFT: 1,
        State.PLANNED: 1,
        State.OPEN: 3,
        State.CLOSED: 1,
        State.CONCLUDED: 2,
        State.WITHDRAWN: 1,
    }
    assert {c.conclusion for c in demo.consultations} == {None, Conclusion.AGREED, Conclusion.NOT_AGREED}


@pytest.mark.parametrize("trust", TRUSTS)
def test_members_at_every_trust_still_have_days_to_answer(here: tuple[date, Region], trust: str) -> None:
    today, demo = here
    closing = [
        c.plan.closes_on
        for c in demo.consultations
        if c.forum == f"{trust}/jnc" and c.state is State.OPEN and c.plan is not None
    ]
    assert closing
    assert min(closing) >= today + timedelta(days=10)


def test_nobody_acts_in_the_future_or_before_the_seat_began(here: tuple[date, Region]) -> None:
    today, demo = here
    seats = {seat.key: seat for seat in demo.seats}
    midnight = datetime.combine(today, time(), tzinfo=UTC) - timedelta(hours=1)
    for consultation in demo.consultations:
        for did in (entry.did for entry in timeline(consultation)):
            assert seats[did.seat].ends_on is None
            assert seats[did.seat].starts_on < did.at.date()
            assert did.at < midnight


def test_every_act_was_possible_when_it_was_done(here: tuple[date, Region]) -> None:
    today, demo = here
    now = datetime.combine(today, time(12), tzinfo=UTC)
    for consultation in demo.consultations:
        state: State | None = None
        closes_at = end_of_day(consultation.plan.closes_on) if consultation.plan else None
        hands: Counter[Act] = Counter()
        for entry in timeline(consultation):
            hands[entry.act] += 1
            state = state_at(state, closes_at, entry.did.at) if state else None
            destinations = sorted(consultations.destinations(state, entry.act), key=lambda to: to is not state)
            assert destinations, (consultation.key, state, entry.act)
            state = destinations[-1] if hands[entry.act] == 2 else destinations[0]
        assert state is not None
        assert state_at(state, closes_at, now) is consultation.state


def test_only_a_seat_of_the_body_speaks_for_it(here: tuple[date, Region]) -> None:
    _, demo = here
    forum_of = {seat.key: seat.forum for seat in demo.seats}
    for consultation in demo.consultations:
        consulted = {c.forum for c in consultation.consultees}
        for comment in consultation.comments:
            assert forum_of[comment.did.seat] == comment.forum
            assert comment.forum in consulted
        for response in consultation.responses:
            assert forum_of[response.drafted.seat] == response.forum
            assert response.forum in consulted
            assert response.submitted is None or forum_of[response.submitted.seat] == response.forum


def test_management_never_names_a_union_group(here: tuple[date, Region]) -> None:
    _, demo = here
    groups = {forum.key for forum in demo.forums if forum.union is not None}
    for consultation in demo.consultations:
        assert {c.forum for c in consultation.added} <= groups
        assert groups.isdisjoint(c.forum for c in (consultation.plan.consultees if consultation.plan else ()))


def test_nothing_opened_before_its_plan_had_both_signatures(here: tuple[date, Region]) -> None:
    _, demo = here
    sides = {seat.key: seat.side for seat in demo.seats}
    for consultation in demo.consultations:
        if consultation.opened is None:
            continue
        assert consultation.plan is not None
        assert {sides[did.seat] for did in consultation.plan.signed} == {Side.MANAGEMENT, Side.STAFF}
        assert max(did.at for did in consultation.plan.signed) < consultation.opened.at
        assert consultation.opened.at.date() == consultation.plan.opens_on
        assert is_working_day(consultation.plan.opens_on)
        assert working_days_between(consultation.plan.opens_on, consultation.plan.closes_on) >= 20


def test_agreed_text_was_assessed_after_closing_and_signed_by_both_sides(here: tuple[date, Region]) -> None:
    _, demo = here
    sides = {seat.key: seat.side for seat in demo.seats}
    for consultation in demo.consultations:
        if consultation.state is not State.CONCLUDED:
            continue
        assert consultation.plan is not None
        last = consultation.impact_assessments[-1]
        points = {point.key for response in consultation.responses for point in response.points}
        ending = consultations.Ending(
            state=State.CLOSED,
            open_points=len(points - {outcome.point for outcome in consultation.outcomes}),
            late_undecided=0,
            still_awaited=0,
            final_version=consultation.versions[-1].number,
            latest_version=consultation.versions[-1].number,
            impact_assessed_version=last.version,
            impact_assessed_on=last.assessed_on,
            closed_on=max(
                [consultation.plan.closes_on, *(c.extended_to for c in consultation.consultees if c.extended_to)]
            ),
        )
        assert consultations.conclusion_problems(ending) == []
        hands = consultation.signed or tuple(d.did for d in consultation.disagreements)
        assert {sides[did.seat] for did in hands} == {Side.MANAGEMENT, Side.STAFF}
        assert min(did.at for did in hands) > last.did.at
        if consultation.ratification is not None:
            r = consultation.ratification
            concluded_on, recorded_on = england_day(hands[-1].at), england_day(r.did.at)
            assert (
                consultations.ratification_problems(
                    r.ratified_on, r.effective_on, r.review_on, concluded_on, recorded_on
                )
                == []
            )


def test_closed_consultation_still_has_points_without_an_outcome(here: tuple[date, Region]) -> None:
    _, demo = here
    (closed,) = (c for c in demo.consultations if c.state is State.CLOSED)
    points = {point.key for response in closed.responses for point in response.points}
    answered = {outcome.point for outcome in closed.outcomes}
    assert answered
    assert answered < points
    assert closed.plan is not None
    late = [r for r in closed.responses if r.submitted and r.submitted.at >= end_of_day(closed.plan.closes_on)]
    assert len(late) == 1


def test_no_outcome_answers_what_a_union_group_told_the_staff_side_alone(here: tuple[date, Region]) -> None:
    _, demo = here
    for consultation in demo.consultations:
        asked_by_staff = {consultee.forum for consultee in consultation.added}
        private = {p.key for r in consultation.responses if r.forum in asked_by_staff for p in r.points}
        assert private.isdisjoint(outcome.point for outcome in consultation.outcomes)


def test_responses_before_the_closing_day_unless_late(here: tuple[date, Region]) -> None:
    _, demo = here
    for consultation in demo.consultations:
        if consultation.plan is None or consultation.state is State.CLOSED:
            continue
        extended = {c.forum: c.extended_to for c in consultation.consultees}
        for response in consultation.responses:
            closes_on = extended[response.forum] or consultation.plan.closes_on
            assert response.submitted is None or response.submitted.at < end_of_day(closes_on)


def test_plans_and_responses_are_ones_that_the_rules_take(here: tuple[date, Region]) -> None:
    _, demo = here
    for case in demo.consultations:
        addresses = {clause.address for clause in clauses(text(case.policy, 1))}
        for response in case.responses:
            points = tuple(
                consultations.Point(point.clause and address(case.policy, 1, point.clause), point.text)
                for point in response.points
            )
            given = consultations.Response(response.stance, response.summary, points, response.minority_views)
            assert consultations.response_problems(given, addresses, already_submitted=False) == []
        if case.plan is None:
            continue
        options = tuple(consultations.Option(title, detail) for title, detail in case.plan.options)
        plan = consultations.Plan(
            case.kind,
            options,
            case.plan.channels,
            len(case.plan.consultees),
            case.plan.opens_on,
            case.plan.closes_on,
            case.plan.redundancy,
        )
        assert consultations.plan_problems(plan, case.plan.did.at) == []
        if case.opened is not None:
            papers = Papers(latest_version=1, impact_assessed_version=1)
            assert consultations.opening_problems(plan, case.opened.at, papers) == []


def test_outcome_has_a_reason_or_a_changed_clause(here: tuple[date, Region]) -> None:
    _, demo = here
    for consultation in demo.consultations:
        for outcome in consultation.outcomes:
            changed = outcome.clause is not None and outcome.version is not None
            assert changed == (outcome.decision in {Decision.ACCEPTED, Decision.PARTLY})
            if outcome.decision in {Decision.REJECTED, Decision.PARTLY}:
                assert outcome.reason
            if outcome.clause and outcome.version:
                version = next(v for v in consultation.versions if v.number == outcome.version)
                assert version.did.at < outcome.did.at
                assert address(consultation.policy, outcome.version, outcome.clause)


def test_every_clause_spoken_of_is_in_the_first_version(here: tuple[date, Region]) -> None:
    _, demo = here
    for consultation in demo.consultations:
        for comment in consultation.comments:
            assert comment.clause is None or address(consultation.policy, 1, comment.clause)
        for response in consultation.responses:
            for point in response.points:
                assert point.clause is None or address(consultation.policy, 1, point.clause)


def test_statutory_clock_is_kept_in_the_redundancy_consultation(here: tuple[date, Region]) -> None:
    _, demo = here
    (case,) = (c for c in demo.consultations if c.kind is Kind.COLLECTIVE_REDUNDANCY)
    assert case.plan is not None
    assert case.plan.redundancy is not None
    assert redundancy.minimum_days(case.plan.redundancy.employees, case.plan.opens_on) == 30
    assert redundancy.redundancy_problems(case.plan.redundancy) == []
    assert case.plan.closes_on < case.plan.redundancy.first_dismissal_on


def test_a_clause_that_is_not_there_is_refused() -> None:
    with pytest.raises(LookupError):
        address("agile-working", 1, "no such words")
    with pytest.raises(LookupError):
        address("agile-working", 1, "the")


@pytest.mark.parametrize("policy", TITLES)
def test_policy_text_is_one_that_the_service_takes(policy: str) -> None:
    body = text(policy, 1)
    assert policy_problems(TITLES[policy], body) == []
    assert body.startswith(f"# {TITLES[policy]}\n")
    assert "Demonstration text" in body
    assert 25 <= len(body.splitlines()) <= 65
