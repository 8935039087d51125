"""One open consultation at every other trust, each at its own stage, with a comment inside one network."""

from typing import Final

from service.demo.cases import Comment, Consultation, Did
from service.demo.consultations.paperwork import PERIOD, before_opening, bodies, union_groups
from service.demo.consultations.seats import Seats
from service.demo.days import Days
from service.demo.organisations import TRUSTS
from service.demo.policies import TITLES
from service.demo.trust_forums import NETWORKS, unions_of
from service.rules.consultations import Kind, State

POLICIES: Final = (
    "agile-working",
    "raising-concerns",
    "special-leave",
    "organisational-change",
    "menopause-at-work",
    "flexible-working",
)
REMARKS: Final = {
    "agile-working": ("Each team writes a short working agreement", "Night teams have nobody to write it with."),
    "raising-concerns": ("The concern is acknowledged within two working days", "Weekends are when we need it most."),
    "special-leave": ("Prayer breaks are agreed with the team", "Agreed with the manager would be clearer."),
    "organisational-change": ("Each affected person is offered an individual meeting", "Offer two, with time between."),
    "menopause-at-work": ("uniform of breathable fabric", "The present trousers are the hardest part of a shift."),
    "flexible-working": ("Rosters are published at least six weeks ahead", "Ours come out on the Friday before."),
}


def open_consultations(days: Days) -> tuple[Consultation, ...]:
    """One for each trust but RTD."""
    return tuple(_one(trust, position, days) for position, trust in enumerate(TRUSTS) if trust != "RTD")


def _one(trust: str, position: int, days: Days) -> Consultation:
    seats, policy, opens = Seats(trust), POLICIES[position % len(POLICIES)], 2 + position
    clause, remark = REMARKS[policy]
    consultees = bodies(seats, *NETWORKS, "safety")
    papers = before_opening(seats, days, opens, consultees, closes_on=days.after(PERIOD - position + 3))
    network = tuple(NETWORKS)[position % len(NETWORKS)]
    return Consultation(
        key=f"{trust}/{policy}",
        forum=seats.body("jnc"),
        title=TITLES[policy],
        policy=policy,
        kind=Kind.POLICY,
        state=State.OPEN,
        drafted=papers.drafted,
        versions=papers.versions,
        impact_assessments=papers.impact_assessments,
        plan=papers.plan,
        added=union_groups(seats, days, opens, *unions_of(trust)),
        opened=Did(seats.management_secretary, days.past(opens, 9)),
        comments=(
            Comment(seats.body(network), clause, remark, Did(seats.network_member(network, 1), days.past(1, 8, 15))),
        ),
    )
