"""At RTD: dignity at work has closed. Some points have an outcome, some wait; one response came late, one never."""

from service.demo.cases import Consultation, Did, Outcome, Point, Response, Version
from service.demo.consultations.paperwork import PERIOD, before_opening, bodies, union_groups
from service.demo.consultations.seats import RTD
from service.demo.days import Days
from service.demo.policies import TITLES
from service.rules.consultations import Decision, Kind, Stance, State

OPENS = 27
CLOSES = OPENS - PERIOD


def dignity_at_work(days: Days) -> Consultation:
    """Closed seven working days ago, with three points still open."""
    consultees = bodies(RTD, "race", "lgbt", "disability", "women", "safety")
    papers = before_opening(RTD, days, OPENS, consultees, closes_on=days.before(CLOSES))
    second = Version(
        2, Did(RTD.management_secretary, days.past(3, 15)), "Shorter investigations and earlier training, as proposed."
    )
    return Consultation(
        key="RTD/dignity-at-work",
        forum=RTD.body("jnc"),
        title=TITLES["dignity-at-work"],
        policy="dignity-at-work",
        kind=Kind.POLICY,
        state=State.CLOSED,
        drafted=papers.drafted,
        versions=(*papers.versions, second),
        impact_assessments=papers.impact_assessments,
        plan=papers.plan,
        added=union_groups(RTD, days, OPENS, "UNISON"),
        opened=Did(RTD.management_secretary, days.past(OPENS, 9)),
        responses=_responses(days),
        outcomes=_outcomes(days),
    )


def _responses(days: Days) -> tuple[Response, ...]:
    return (
        Response(
            RTD.body("race"),
            Stance.SUPPORT_WITH_CHANGES,
            "The definitions are right. The time an investigation takes is not.",
            (
                Point(
                    "dignity-race-1",
                    "The investigation is completed within 60 working days",
                    "Sixty working days is three months of working beside the person complained about. Make it 40.",
                ),
                Point(
                    "dignity-race-2",
                    "a person without a connection to the area",
                    "Where race is part of the complaint, the panel should include somebody with training in it.",
                ),
            ),
            drafted=Did(RTD.network_secretary("race"), days.past(14, 10)),
            submitted=Did(RTD.network_chair("race"), days.past(11, 16)),
        ),
        Response(
            RTD.body("women"),
            Stance.SUPPORT_WITH_CHANGES,
            "The network supports the draft and asks for two changes.",
            (
                Point(
                    "dignity-women-1",
                    "Managers complete training in civility",
                    "Six months is too long for a new manager to wait.",
                ),
                Point(
                    "dignity-women-2",
                    "Numbers of concerns, formal and informal",
                    "Report every quarter, so that the committees can act within the year.",
                ),
            ),
            drafted=Did(RTD.network_secretary("women"), days.past(12, 13)),
            submitted=Did(RTD.network_chair("women"), days.past(9, 12)),
        ),
        Response(
            RTD.body("unison"),
            Stance.SUPPORT_WITH_CHANGES,
            "For the staff side alone, as it prepares its own view.",
            (
                Point(
                    "dignity-unison-1",
                    "Both people may be accompanied",
                    "Ask for paid time for the representative to prepare. Members have waited for it.",
                ),
            ),
            drafted=Did(RTD.union_chair("UNISON"), days.past(10, 18)),
            submitted=Did(RTD.union_chair("UNISON"), days.past(8, 17)),
        ),
        Response(
            RTD.body("lgbt"),
            Stance.SUPPORT_WITH_CHANGES,
            "The network supports the draft and asks for an example that people will recognise.",
            (
                Point(
                    "dignity-lgbt-1",
                    "unwanted conduct related to a protected characteristic",
                    "Give deliberate misnaming of a colleague as an example of harassment.",
                ),
            ),
            drafted=Did(RTD.network_secretary("lgbt"), days.past(7, 21)),
            submitted=Did(RTD.network_chair("lgbt"), days.past(6, 9)),  # late, and nobody has decided on it yet
        ),
    )


def _outcomes(days: Days) -> tuple[Outcome, ...]:
    return (
        Outcome(
            "dignity-women-2",
            Decision.REJECTED,
            Did(RTD.management_secretary, days.past(4, 11)),
            reason="Quarterly numbers would be so small that people could be recognised. Twice a year is kept.",
        ),
        Outcome(
            "dignity-women-1",
            Decision.ACCEPTED,
            Did(RTD.management_secretary, days.past(2, 10)),
            clause="Managers complete training in civility",
            version=2,
        ),
    )
