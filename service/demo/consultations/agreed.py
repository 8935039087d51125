"""At RTD: reasonable adjustments agreed. You said, we did; both sides signed the same text; the board ratified it."""

from datetime import timedelta

from service.demo.cases import (
    Comment,
    Consultation,
    Consultee,
    Did,
    ImpactAssessment,
    Outcome,
    Point,
    Ratification,
    Response,
    Version,
)
from service.demo.consultations.paperwork import PERIOD, before_opening, bodies
from service.demo.consultations.seats import RTD
from service.demo.days import Days
from service.demo.policies import TITLES
from service.rules.consultations import Conclusion, Decision, Kind, Stance, State

OPENS = 78
CLOSES = OPENS - PERIOD
EXTENDED = CLOSES - 5


def reasonable_adjustments(days: Days) -> Consultation:
    """Agreed; one network had five more working days, so that it could read the draft in other formats."""
    consultees = (
        Consultee(
            RTD.body("disability"),
            extended_to=days.before(EXTENDED),
            extended=Did(RTD.management_chair, days.past(CLOSES + 6, 10)),
        ),
        *bodies(RTD, "race", "women", "carers", "safety"),
    )
    papers = before_opening(RTD, days, OPENS, consultees, closes_on=days.before(CLOSES))
    return Consultation(
        key="RTD/reasonable-adjustments",
        forum=RTD.body("jnc"),
        title=TITLES["reasonable-adjustments"],
        policy="reasonable-adjustments",
        kind=Kind.POLICY,
        state=State.CONCLUDED,
        drafted=papers.drafted,
        versions=(
            *papers.versions,
            Version(
                2,
                Did(RTD.management_secretary, days.past(50, 14)),
                "A central budget, and four weeks instead of eight, as the networks proposed.",
            ),
        ),
        impact_assessments=(*papers.impact_assessments, _second_assessment(days)),
        plan=papers.plan,
        opened=Did(RTD.management_secretary, days.past(OPENS, 9)),
        comments=(
            Comment(
                RTD.body("disability"),
                "Adjustments that cost money are paid from the directorate's budget",
                "My chair took five months because two budgets argued.",
                Did(RTD.network_member("disability", 3), days.past(70, 22, 10)),
            ),
        ),
        responses=_responses(days),
        outcomes=_outcomes(days),
        signed=(Did(RTD.management_chair, days.past(44, 10)), Did(RTD.staff_chair, days.past(42, 15, 30))),
        conclusion=Conclusion.AGREED,
        ratification=Ratification(
            ratified_on=days.before(30),
            effective_on=days.before(10),
            review_on=days.before(10) + timedelta(days=3 * 365),
            did=Did(RTD.management_secretary, days.past(29, 10)),
        ),
    )


def _second_assessment(days: Days) -> ImpactAssessment:
    return ImpactAssessment(
        version=2,
        assessed_on=days.before(47),
        groups="Disabled staff, people with long-term conditions, carers.",
        findings="The final text removes the delay that teams with small budgets caused. No adverse effect remains.",
        mitigations="The time taken is to be reported by directorate every six months.",
        did=Did(RTD.management_secretary, days.past(47, 11)),
    )


def _responses(days: Days) -> tuple[Response, ...]:
    return (
        Response(
            RTD.body("disability"),
            Stance.SUPPORT_WITH_CHANGES,
            "The passport is what members asked for. Money and time are where it could still fail.",
            (
                Point(
                    "adjust-disability-1",
                    "Adjustments that cost money are paid from the directorate's budget",
                    "Pay from one central budget, so that no manager weighs a person against the team's money.",
                ),
                Point(
                    "adjust-disability-2",
                    "Simple adjustments, such as a change of start time",
                    "Eight weeks is too long. Make it two.",
                ),
            ),
            drafted=Did(RTD.network_secretary("disability"), days.past(60, 10)),
            submitted=Did(RTD.network_chair("disability"), days.past(54, 16)),
        ),
        Response(
            RTD.body("carers"),
            Stance.SUPPORT_WITH_CHANGES,
            "Carers would gain from the same passport.",
            (
                Point(
                    "adjust-carers-1",
                    "The passport moves with the person",
                    "Let carers use the same passport.",
                ),
            ),
            drafted=Did(RTD.network_secretary("carers"), days.past(65, 10)),
            submitted=Did(RTD.network_chair("carers"), days.past(61, 10)),
        ),
        Response(
            RTD.body("race"),
            Stance.SUPPORT,
            "The network supports the draft as it stands.",
            (),
            drafted=Did(RTD.network_secretary("race"), days.past(63, 9)),
            submitted=Did(RTD.network_chair("race"), days.past(60, 9)),
        ),
    )


def _outcomes(days: Days) -> tuple[Outcome, ...]:
    return (
        Outcome(
            "adjust-disability-1",
            Decision.ACCEPTED,
            Did(RTD.management_secretary, days.past(49, 10)),
            clause="Adjustments that cost money are paid from a central budget",
            version=2,
        ),
        Outcome(
            "adjust-disability-2",
            Decision.PARTLY,
            Did(RTD.management_secretary, days.past(49, 10, 20)),
            reason="Some equipment takes three weeks to deliver. Four weeks is the promise, with a reason when missed.",
            clause="Simple adjustments, such as a change of start time",
            version=2,
        ),
        Outcome(
            "adjust-carers-1",
            Decision.REJECTED,
            Did(RTD.staff_chair, days.past(49, 10, 40)),
            reason="The special leave and carers policy is to have a passport of its own.",
        ),
    )
