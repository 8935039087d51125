"""The job-evaluation collection: quarterly, October 2025 to March 2028, with a board sponsor's sign-off.

Phase 1 counts nursing and midwifery job descriptions by band and, apart, the staff whose job descriptions were
reviewed: the first are jobs and appear as published, the second are people and come under the disclosure rule. A
value may be an estimate. Shown to employer and staff side alike and to regional social partnership forums. Sources:
NHS England, job evaluation audit and KPI data collection, technical guidance and annex 1; DOMAIN 3.4.
"""

from datetime import date
from typing import Final

from service.rules.reports.definitions import (
    Check,
    Choice,
    Definition,
    Dimension,
    Direction,
    Frequency,
    Metric,
    NotMoreThan,
    Part,
    SumsTo,
    TextLength,
    Unit,
)
from service.rules.reports.kinds.groups import BOARD_AND_COMMITTEES, COUNT, PARTNERSHIP, REGION

_SOURCE: Final = "NHS England, job evaluation KPI collection, annex 1"
_BANDS: Final = (
    Choice("BAND_5", "Band 5"),
    Choice("BAND_6", "Band 6"),
    Choice("BAND_7", "Band 7"),
    Choice("BAND_8A_AND_ABOVE", "Band 8a and above"),
)


def _jobs(code: str, label: str, *checks: Check, direction: Direction = Direction.NEUTRAL) -> Metric:
    return Metric(
        code=code,
        label=label,
        unit=Unit.COUNT,
        source=_SOURCE,
        published_verbatim=True,
        bands=_BANDS,
        direction=direction,
        checks=(*COUNT, *checks),
        note="Counts job descriptions, not people.",
    )


def _staff(code: str, label: str, *checks: Check, regional: bool = True) -> Metric:
    return Metric(
        code=code,
        label=label,
        unit=Unit.COUNT,
        source=_SOURCE,
        counts_people=True,
        regional=regional,
        bands=_BANDS,
        checks=(*COUNT, *checks),
        note="Counts people: the disclosure rule applies.",
    )


def _statement(code: str, label: str) -> Metric:
    return Metric(
        code=code,
        label=label,
        unit=Unit.TEXT,
        source=_SOURCE,
        published_verbatim=True,
        required=False,
        groups=(),
        checks=(TextLength(500),),
        note="Yes or no, with a word of explanation.",
    )


JOB_EVALUATION: Final = Definition(
    code="JOB_EVALUATION",
    version=1,
    title="Job-evaluation key performance indicators",
    starts_on=date(2025, 10, 1),
    ends_on=date(2028, 4, 1),
    source="NHS England, job evaluation audit and KPI data collection technical guidance; DOMAIN 3.4",
    frequency=Frequency.QUARTERLY,
    needs_sro_sign_off=True,
    takes_estimates=True,
    receivers=(*BOARD_AND_COMMITTEES, *PARTNERSHIP, *REGION),
    dimensions=tuple(Dimension),
    metrics=(
        _statement("JE_STATEMENT_READ", "The board has read the written ministerial statement of 23 April 2025"),
        _statement("JE_LETTER_READ", "The board has received NHS England's letter of 30 May 2025"),
        _statement("JE_SPONSOR", "The board has appointed a sponsor for job evaluation"),
        _jobs("JE_IN_USE", "Nursing and midwifery job descriptions in use"),
        _jobs(
            "JE_REVIEWED_3_YEARS",
            "Job descriptions reviewed in the last 3 years",
            NotMoreThan(Part.VALUE, "JE_IN_USE"),
            direction=Direction.HIGHER_IS_BETTER,
        ),
        _jobs(
            "JE_REVIEWED_12_MONTHS",
            "Job descriptions reviewed in the last 12 months",
            NotMoreThan(Part.VALUE, "JE_REVIEWED_3_YEARS"),
            direction=Direction.HIGHER_IS_BETTER,
        ),
        # The region shows the three outcomes, and not the sum that they add up to.
        _staff(
            "JE_STAFF_REVIEWED",
            "Nursing and midwifery staff whose job description was reviewed in 12 months",
            regional=False,
        ),
        _staff(
            "JE_BAND_UP",
            "Of these, staff whose band went up",
            SumsTo(Part.VALUE, ("JE_BAND_DOWN", "JE_BAND_SAME"), "JE_STAFF_REVIEWED"),
        ),
        _staff("JE_BAND_DOWN", "Of these, staff whose band went down"),
        _staff("JE_BAND_SAME", "Of these, staff whose band did not change"),
    ),
)
