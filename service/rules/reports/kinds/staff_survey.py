"""The NHS Staff Survey, as the public results by organisation give it: percentages with the number who answered.

Percentages of trusts are weighted by occupation group, so that percentage times base is no whole number of people,
and a total over trusts is weighted by base: it is near to, and not, what the survey's own national tables say. The
reading of the columns (what "ever" and "sometimes" add up) is ours, and marked unverified. Fieldwork is October and
November; a report is about the calendar year. DOMAIN 2.3 and 7.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from service.rules.reports.definitions import (
    AddUpTo,
    Check,
    Definition,
    Dimension,
    Direction,
    Metric,
    NotMoreThan,
    Part,
    Unit,
)
from service.rules.reports.kinds.groups import BOARD_AND_COMMITTEES, COUNT, PARTNERSHIP, RATE, REGION, SHARE

_SOURCE: Final = "NHS Staff Survey, published results by organisation"
_LOWER: Final = Direction.LOWER_IS_BETTER
_HIGHER: Final = Direction.HIGHER_IS_BETTER
_NEUTRAL: Final = Direction.NEUTRAL


@dataclass(frozen=True, slots=True)
class Column:
    """One percentage of the file: its column, the column of its base, and what it says."""

    rate: str
    base: str
    label: str
    direction: Direction
    checks: tuple[Check, ...] = ()

    @property
    def code(self) -> str:
        """The metric's code: the column's name without `_rate`, in capitals."""
        return f"NSS_{self.rate.removesuffix('_rate').upper()}"


def _column(stem: str, label: str, direction: Direction) -> Column:
    return Column(f"{stem}_rate", f"{stem}_base", label, direction)


def _frequency(stem: str, label: str) -> tuple[Column, ...]:
    code, base = f"NSS_{stem.upper()}", f"{stem}_base"
    within = (NotMoreThan(Part.VALUE, f"{code}_SOMETIMES"),)
    ever = (NotMoreThan(Part.VALUE, f"{code}_EVER"),)
    return (
        Column(f"{stem}_rate", base, f"{label}: often or always", _LOWER, within),
        Column(f"{stem}_sometimes_rate", base, f"{label}: sometimes or more", _LOWER, ever),
        Column(f"{stem}_ever_rate", base, f"{label}: ever", _LOWER),
    )


_RELIGIONS: Final = (
    ("Any_other", "any other"),
    ("Buddhist", "Buddhist"),
    ("Christian", "Christian"),
    ("Decline_answer", "would rather not say"),
    ("Hindu", "Hindu"),
    ("Jewish", "Jewish"),
    ("Muslim", "Muslim"),
    ("None", "none"),
    ("Sikh", "Sikh"),
)
_EVERYBODY: Final = AddUpTo(
    Part.VALUE,
    tuple(f"NSS_RELIGION_{name.upper()}" for name, _ in _RELIGIONS[1:]),
    total=Decimal(100),
    tolerance=Decimal("0.01"),
)


def _religions() -> tuple[Column, ...]:
    return tuple(
        Column(
            f"Religion_{name}_rate",
            "Religion_base",
            f"Religion or belief: {label}",
            _NEUTRAL,
            (_EVERYBODY,) if (name, label) == _RELIGIONS[0] else (),
        )
        for name, label in _RELIGIONS
    )


COLUMNS: Final[tuple[Column, ...]] = (
    _column("Autonomy", "Has choice in deciding how to do the work", _HIGHER),
    *_frequency("Burned_out", "Feels burnt out because of work"),
    _column("Discrimination_internal", "Discrimination from managers or colleagues", _LOWER),
    _column("Discrimination_public", "Discrimination from patients or the public", _LOWER),
    _column("Emotional_colleagues", "Harassment, bullying or abuse from colleagues", _LOWER),
    _column("Emotional_manager", "Harassment, bullying or abuse from managers", _LOWER),
    _column("Emotional_public", "Harassment, bullying or abuse from patients or the public", _LOWER),
    *_frequency("Emotionally_exhausting", "Finds the work emotionally exhausting"),
    _column("Enough_staff", "There are enough staff to do the job properly", _HIGHER),
    _column("Ethnic_minority", "Is from an ethnic minority", _NEUTRAL),
    _column("Female", "Is a woman", _NEUTRAL),
    *_frequency("Frustration", "Finds that work frustrates"),
    Column("Mastery_meaning_rate", "Mastery_base", "Feels that the role makes a difference", _HIGHER),
    _column("Med_Dental", "Is a doctor or dentist", _NEUTRAL),
    _column("Membership", "Feels part of a team", _HIGHER),
    _column("Older", "Is in an older age group", _NEUTRAL),
    _column("Patient_facing", "Works with patients", _NEUTRAL),
    _column("Physical_colleagues", "Physical violence from colleagues", _LOWER),
    _column("Physical_manager", "Physical violence from managers", _LOWER),
    _column("Physical_public", "Physical violence from patients or the public", _LOWER),
    *_religions(),
    _column("Sexual_minority", "Is of a sexual minority", _NEUTRAL),
    _column("Stress", "Felt unwell from work-related stress", _LOWER),
    _column("Time_demands_meet", "Can meet conflicting demands on time", _HIGHER),
)
RESPONDENTS: Final = "NSS_RESPONDENTS"
# Of those who took part, how many answered the question: the file gives it as a fraction of one.
ANSWERED: Final = ("Burned_out", "Emotionally_exhausting", "Frustration")


def _rate(column: Column) -> Metric:
    return Metric(
        code=column.code,
        label=column.label,
        unit=Unit.RATE_WITH_BASE,
        source=_SOURCE,
        verified=False,
        direction=column.direction,
        counts_people=True,
        published_verbatim=True,
        checks=(*RATE, *column.checks),
        note="Weighted by occupation group; the wording of the question is from memory.",
    )


def _answered(stem: str) -> Metric:
    return Metric(
        code=f"NSS_{stem.upper()}_ANSWERED",
        label=f"Took part and answered the question on {stem.replace('_', ' ').lower()}",
        unit=Unit.PERCENTAGE,
        source=_SOURCE,
        counts_people=True,
        published_verbatim=True,
        checks=SHARE,
    )


STAFF_SURVEY: Final = Definition(
    code="STAFF_SURVEY",
    version=1,
    title="NHS Staff Survey",
    starts_on=date(2021, 1, 1),
    ends_on=None,
    source="NHS Staff Survey, published results by organisation, questionnaire from 2021 on; DOMAIN 2.3",
    period_begins=(1, 1),
    receivers=(*BOARD_AND_COMMITTEES, *PARTNERSHIP, *REGION),
    dimensions=tuple(Dimension),
    metrics=(
        Metric(
            code=RESPONDENTS,
            label="People who took part",
            unit=Unit.COUNT,
            source=_SOURCE,
            counts_people=True,
            published_verbatim=True,
            checks=COUNT,
        ),
        *(_rate(column) for column in COLUMNS),
        *(_answered(stem) for stem in ANSWERED),
    ),
)
