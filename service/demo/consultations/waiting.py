"""At RTD: a draft that only management side sees, a signed plan that has not opened, and a withdrawn consultation."""

from service.demo.cases import Comment, Consultation, Did, Plan, Withdrawal
from service.demo.consultations.paperwork import (
    CHANNELS,
    OPTIONS,
    PERIOD,
    before_opening,
    bodies,
    first_assessment,
    first_draft,
)
from service.demo.consultations.seats import RTD
from service.demo.days import Days
from service.demo.policies import TITLES
from service.rules.consultations import Kind, State


def draft(days: Days) -> Consultation:
    """Raising concerns: one draft, two days old."""
    version = first_draft(RTD, days, 2)
    return Consultation(
        key="RTD/raising-concerns",
        forum=RTD.body("jnc"),
        title=TITLES["raising-concerns"],
        policy="raising-concerns",
        kind=Kind.POLICY,
        state=State.DRAFT,
        drafted=version.did,
        versions=(version,),
    )


def planned(days: Days) -> Consultation:
    """Agile working: the plan has both signatures and opens next week."""
    version = first_draft(RTD, days, 9)
    return Consultation(
        key="RTD/agile-working",
        forum=RTD.body("jnc"),
        title=TITLES["agile-working"],
        policy="agile-working",
        kind=Kind.POLICY,
        state=State.PLANNED,
        drafted=version.did,
        versions=(version,),
        impact_assessments=(first_assessment(RTD, days, 8),),
        plan=Plan(
            options=OPTIONS,
            channels=CHANNELS,
            opens_on=days.after(4),
            closes_on=days.after(4 + PERIOD),
            consultees=bodies(RTD, "race", "lgbt", "disability", "women", "carers", "safety"),
            did=Did(RTD.management_secretary, days.past(5, 14)),
            signed=(Did(RTD.management_chair, days.past(4, 9)), Did(RTD.staff_chair, days.past(3, 17))),
        ),
    )


def withdrawn(days: Days) -> Consultation:
    """Special leave: withdrawn when the national terms were found to be about to change."""
    opens = 30
    papers = before_opening(
        RTD, days, opens, bodies(RTD, "women", "carers", "faith"), closes_on=days.before(opens - PERIOD)
    )
    return Consultation(
        key="RTD/special-leave",
        forum=RTD.body("jnc"),
        title=TITLES["special-leave"],
        policy="special-leave",
        kind=Kind.POLICY,
        state=State.WITHDRAWN,
        drafted=papers.drafted,
        versions=papers.versions,
        impact_assessments=papers.impact_assessments,
        plan=papers.plan,
        opened=Did(RTD.management_secretary, days.past(opens, 9)),
        comments=(
            Comment(
                RTD.body("carers"),
                "Carer's leave of up to five days a year is unpaid",
                "Unpaid leave is out of reach for the lowest bands, who care the most hours.",
                Did(RTD.network_member("carers", 2), days.past(26, 20, 40)),
            ),
        ),
        withdrawal=Withdrawal(
            "Both sides heard that the national terms on leave for carers may change this year. The draft will return"
            " when they are known.",
            Did(RTD.management_chair, days.past(20, 13)),
        ),
    )
