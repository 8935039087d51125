"""At RTD: sickness absence was not agreed. Each side states why, and the present policy stands meanwhile."""

from service.demo.cases import Consultation, Did, Disagreement, ImpactAssessment, Outcome, Point, Response, Version
from service.demo.consultations.paperwork import PERIOD, before_opening, bodies
from service.demo.consultations.seats import RTD
from service.demo.days import Days
from service.demo.policies import TITLES
from service.rules.consultations import Conclusion, Decision, Kind, Stance, State

OPENS = 60
CLOSES = OPENS - PERIOD
DISPUTES = "Section 9 of the recognition agreement: a joint panel, then conciliation by Acas."
STATUS_QUO = "The policy of 2021 stays in force until the procedure is exhausted."


def sickness_absence(days: Days) -> Consultation:
    """Every point was answered, and still the sides could not sign the same text."""
    papers = before_opening(RTD, days, OPENS, bodies(RTD, "disability", "women", "race"), closes_on=days.before(CLOSES))
    return Consultation(
        key="RTD/sickness-absence",
        forum=RTD.body("jnc"),
        title=TITLES["sickness-absence"],
        policy="sickness-absence",
        kind=Kind.POLICY,
        state=State.CONCLUDED,
        drafted=papers.drafted,
        versions=(
            *papers.versions,
            Version(2, Did(RTD.management_secretary, days.past(34, 9)), "Six weeks' phased return; adjusted triggers."),
        ),
        impact_assessments=(*papers.impact_assessments, _second_assessment(days)),
        plan=papers.plan,
        opened=Did(RTD.management_secretary, days.past(OPENS, 9)),
        responses=(_disability(days),),
        outcomes=_outcomes(days),
        disagreements=_disagreements(days),
        conclusion=Conclusion.NOT_AGREED,
    )


def _second_assessment(days: Days) -> ImpactAssessment:
    return ImpactAssessment(
        version=2,
        assessed_on=days.before(32),
        groups="Disabled staff, people with long-term conditions, pregnant staff.",
        findings="Triggers that are not adjusted bear harder on disabled staff. The amended text lowers the effect.",
        mitigations="Formal stages are to be reported by protected characteristic, with small numbers removed.",
        did=Did(RTD.management_secretary, days.past(32, 11)),
    )


def _disability(days: Days) -> Response:
    return Response(
        RTD.body("disability"),
        Stance.OPPOSE,
        "The network cannot support triggers that count absence linked to a disability.",
        (
            Point(
                "sickness-disability-1",
                "three episodes of absence in six months",
                "Count no absence that is linked to a disability.",
            ),
            Point(
                "sickness-disability-2",
                "The manager considers adjustments to the triggers",
                "To consider is too weak. Say that the triggers are adjusted.",
            ),
            Point(
                "sickness-disability-3",
                "A phased return of up to four weeks",
                "Four weeks is too short after a long illness.",
            ),
        ),
        drafted=Did(RTD.network_secretary("disability"), days.past(46, 10)),
        submitted=Did(RTD.network_chair("disability"), days.past(43, 14)),
    )


def _outcomes(days: Days) -> tuple[Outcome, ...]:
    secretary = RTD.management_secretary
    return (
        Outcome(
            "sickness-disability-1",
            Decision.REJECTED,
            Did(secretary, days.past(33, 10)),
            reason="Not every absence can be told apart without asking for a diagnosis. Adjusted triggers are used.",
        ),
        Outcome(
            "sickness-disability-2",
            Decision.PARTLY,
            Did(secretary, days.past(33, 10, 15)),
            reason="Adjusted wherever that is reasonable, which is the wording of the Equality Act 2010.",
            clause="The manager adjusts the triggers for a disabled person",
            version=2,
        ),
        Outcome(
            "sickness-disability-3",
            Decision.ACCEPTED,
            Did(secretary, days.past(33, 10, 30)),
            clause="A phased return of up to six weeks",
            version=2,
        ),
    )


def _disagreements(days: Days) -> tuple[Disagreement, ...]:
    return (
        Disagreement(
            "Management side holds that triggers are prompts for support, that they are adjusted where reasonable, and"
            " that without them long absences are noticed too late.",
            DISPUTES,
            STATUS_QUO,
            Did(RTD.management_chair, days.past(27, 12)),
        ),
        Disagreement(
            "Staff side cannot sign a text under which absence linked to a disability may still lead to a formal"
            " stage. The networks' first point was right and was not met.",
            DISPUTES,
            STATUS_QUO,
            Did(RTD.staff_chair, days.past(25, 16)),
        ),
    )
