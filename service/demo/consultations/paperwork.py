"""What every demo consultation needs before it can open: first version, impact assessment, plan, two signatures."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from service.demo.cases import Consultee, Did, ImpactAssessment, Plan, Version
from service.demo.consultations.seats import Seats
from service.demo.days import Days
from service.rules.redundancy import Facts

PERIOD: Final = 20  # working days; the least that a policy consultation takes in the demo's trusts
LEAD: Final = 8  # working days from first draft to opening

OPTIONS: Final = (
    (
        "Adopt the new text",
        "Replace the present policy with the draft, with training for managers before it takes effect.",
    ),
    ("Amend the present policy", "Keep the present policy and change only the clauses that the law requires."),
)
CHANNELS: Final = (
    "Written responses from each body",
    "An engagement session on each main site, at times that suit day and night shifts",
    "A slot at each network's next meeting, attended by both sides",
)


@dataclass(frozen=True, slots=True)
class Before:
    """The facts of a consultation up to its plan."""

    drafted: Did
    versions: tuple[Version, ...]
    impact_assessments: tuple[ImpactAssessment, ...]
    plan: Plan


def before_opening(
    seats: Seats,
    days: Days,
    opens: int,
    consultees: tuple[Consultee, ...],
    *,
    closes_on: date,
    options: tuple[tuple[str, str], ...] = OPTIONS,
    redundancy: Facts | None = None,
) -> Before:
    """The papers of a consultation that opened `opens` working days ago."""
    drafted = first_draft(seats, days, opens + LEAD)
    plan = Plan(
        options=options,
        channels=CHANNELS,
        opens_on=days.before(opens),
        closes_on=closes_on,
        consultees=consultees,
        did=Did(seats.management_secretary, days.past(opens + 5, 11)),
        signed=(
            Did(seats.management_chair, days.past(opens + 4, 9, 30)),
            Did(seats.staff_chair, days.past(opens + 2, 16, 15)),
        ),
        redundancy=redundancy,
    )
    assessment = first_assessment(seats, days, opens + LEAD - 1)
    return Before(drafted.did, (drafted,), (assessment,), plan)


def first_draft(seats: Seats, days: Days, ago: int) -> Version:
    """Version 1, written by management side's secretary."""
    return Version(1, Did(seats.management_secretary, days.past(ago, 9)), "First draft.")


def first_assessment(seats: Seats, days: Days, ago: int) -> ImpactAssessment:
    """The impact assessment of version 1."""
    return ImpactAssessment(
        version=1,
        assessed_on=days.before(ago),
        groups="Disabled staff, carers, women, night workers, staff with limited access to computers.",
        findings="Disabled staff, carers and women are expected to benefit most. Night workers may benefit less.",
        mitigations="The effect on night workers is to be tested in sessions held at night.",
        did=Did(seats.management_secretary, days.past(ago, 15)),
    )


def bodies(seats: Seats, *keys: str) -> tuple[Consultee, ...]:
    """Consultees named in the plan that both sides signed."""
    return tuple(Consultee(seats.body(key)) for key in keys)


def union_groups(seats: Seats, days: Days, opens: int, *unions: str) -> tuple[Consultee, ...]:
    """Union groups, which the staff side consults itself: management side does not see that they exist."""
    added = Did(seats.staff_chair, days.past(opens, 12))
    return tuple(Consultee(seats.body(union.lower()), added=added) for union in unions)
