"""At RTD: two policy consultations and a collective redundancy consultation that are open today."""

from datetime import timedelta

from service.demo.cases import Comment, Consultation, Did, Point, Response
from service.demo.consultations.paperwork import before_opening, bodies, union_groups
from service.demo.consultations.seats import RTD
from service.demo.days import Days
from service.demo.policies import TITLES
from service.rules.consultations import Kind, Stance, State
from service.rules.redundancy import Facts


def flexible_working(days: Days) -> Consultation:
    """Half-way through: members have commented, one network has responded, another's response is being drafted."""
    opens = 12
    consultees = bodies(RTD, "race", "lgbt", "disability", "women", "carers", "faith", "edi")
    papers = before_opening(RTD, days, opens, consultees, closes_on=days.after(13))
    return Consultation(
        key="RTD/flexible-working",
        forum=RTD.body("jnc"),
        title=TITLES["flexible-working"],
        policy="flexible-working",
        kind=Kind.POLICY,
        state=State.OPEN,
        drafted=papers.drafted,
        versions=papers.versions,
        impact_assessments=papers.impact_assessments,
        plan=papers.plan,
        added=union_groups(RTD, days, opens, "UNISON", "RCN"),
        opened=Did(RTD.management_secretary, days.past(opens, 9)),
        comments=_flexible_comments(days),
        responses=(
            Response(
                RTD.body("disability"),
                Stance.SUPPORT_WITH_CHANGES,
                "Clear and fair. Two changes would make it work for disabled people from the first day.",
                (
                    Point(
                        "flex-disability-1",
                        "The manager acknowledges the request within seven calendar days",
                        "Say that the acknowledgement names who decides, so that nobody has to ask twice.",
                    ),
                    Point(
                        "flex-disability-2",
                        "A request made as a reasonable adjustment",
                        "Put this at the start. A disabled person should not have to read to section 7 to find it.",
                    ),
                ),
                drafted=Did(RTD.network_secretary("disability"), days.past(5, 12)),
                submitted=Did(RTD.network_chair("disability"), days.past(3, 11)),
                minority_views=("Some members would rather have one form for both kinds of request.",),
            ),
            Response(
                RTD.body("race"),
                Stance.SUPPORT_WITH_CHANGES,
                "A good draft, if what it promises is measured.",
                (
                    Point(
                        "flex-race-1",
                        "Requests and outcomes are reported each year",
                        "Report twice a year until the gap in refusals between groups of staff has closed.",
                    ),
                ),
                drafted=Did(RTD.network_chair("race"), days.past(1, 9, 30)),
            ),
        ),
    )


def _flexible_comments(days: Days) -> tuple[Comment, ...]:
    race, women, unison = RTD.body("race"), RTD.body("women"), RTD.body("unison")
    return (
        Comment(
            race,
            "Rosters are published at least six weeks ahead",
            "On our ward they come out two weeks ahead. Six would change lives, if it is checked.",
            Did(RTD.network_member("race", 1), days.past(10, 7, 50)),
        ),
        Comment(
            race,
            "A manager who is minded to refuse",
            "Good. Refusals have depended too much on who asks.",
            Did(RTD.network_member("race", 3), days.past(9, 21, 5)),
            is_named=True,
        ),
        Comment(
            race,
            None,
            "Please keep the language as plain as this in the final version.",
            Did(RTD.network_member("race", 4), days.past(7, 13, 20)),
        ),
        Comment(
            race,
            "Bank workers may state their standing availability",
            "I meant to write about something else here.",
            Did(RTD.network_member("race", 5), days.past(6, 18)),
            withdrawn=Did(RTD.network_member("race", 5), days.past(6, 18, 4)),
        ),
        Comment(
            women,
            "part-time hours, term-time hours or a job share",
            "Job shares fall apart when one partner leaves. Could the trust keep a register of people who want one?",
            Did(RTD.network_member("women", 2), days.past(8, 12, 15)),
        ),
        Comment(
            RTD.body("disability"),
            "A request made as a reasonable adjustment",
            "My last request was treated as flexible working and refused for lack of cover. This would stop it.",
            Did(RTD.network_member("disability", 1), days.past(9, 8, 30)),
        ),
        Comment(
            unison,
            "The person may appeal within 14 calendar days",
            "Fourteen days is short for members on nights or on leave. We should ask for 21.",
            Did(RTD.union_member("UNISON", 1), days.past(4, 19, 45)),
        ),
    )


def menopause(days: Days) -> Consultation:
    """Opened two working days ago; nobody has commented yet."""
    opens = 2
    consultees = bodies(RTD, "race", "lgbt", "disability", "women", "safety")
    papers = before_opening(RTD, days, opens, consultees, closes_on=days.after(24))
    return Consultation(
        key="RTD/menopause-at-work",
        forum=RTD.body("jnc"),
        title=TITLES["menopause-at-work"],
        policy="menopause-at-work",
        kind=Kind.POLICY,
        state=State.OPEN,
        drafted=papers.drafted,
        versions=papers.versions,
        impact_assessments=papers.impact_assessments,
        plan=papers.plan,
        opened=Did(RTD.management_secretary, days.past(opens, 9)),
    )


def records_store(days: Days) -> Consultation:
    """Twenty-four employees at one establishment: the statute's 30 days, with representatives of recognised unions."""
    opens = 8
    began = days.before(opens + 6)
    papers = before_opening(
        RTD,
        days,
        opens,
        bodies(RTD, "disability", "women"),
        closes_on=days.after(25),
        options=(
            ("A: close the store", "Close the store when scanning is complete and redeploy the team."),
            ("B: a smaller store", "Keep a smaller store for three years and reduce posts as people leave."),
            ("C: a shared service", "Transfer the work and the team to a service shared with other trusts."),
        ),
        redundancy=Facts(
            employees=24,
            establishment="Off-site paper records store (invented)",
            within_90_days=True,
            consultation_with_representatives_began_on=began,
            first_dismissal_on=days.after(25) + timedelta(days=28),
            hr1_submitted_on=began,
        ),
    )
    return Consultation(
        key="RTD/records-store",
        forum=RTD.body("jnc"),
        title=TITLES["records-store-proposal"],
        policy="records-store-proposal",
        kind=Kind.COLLECTIVE_REDUNDANCY,
        state=State.OPEN,
        drafted=papers.drafted,
        versions=papers.versions,
        impact_assessments=papers.impact_assessments,
        plan=papers.plan,
        added=union_groups(RTD, days, opens, "UNISON"),
        opened=Did(RTD.management_secretary, days.past(opens, 9)),
        comments=(
            Comment(
                RTD.body("unison"),
                "Twenty-one suitable vacancies are held",
                "Three short of the team. Which three people does this leave out?",
                Did(RTD.union_member("UNISON", 4), days.past(5, 17, 30)),
            ),
        ),
    )
