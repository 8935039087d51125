"""Workforce Race Equality Standard: nine indicators.

Indicators 1-4 are workforce data at 31 March, 5-8 come from the NHS Staff Survey, 9 is about the board. For the
likelihoods (2, 3, 4) a ratio above 1.0 always means that BME staff fare worse: the fraction is turned round on
purpose. Sources: NHS England "WRES indicators"; DOMAIN 2.1 with the trusts' pages that it names.
"""

from datetime import date
from typing import Final

from service.rules.reports.definitions import (
    BandsAddUp,
    Comparison,
    Definition,
    Dimension,
    Direction,
    Method,
    Metric,
    Part,
    Unit,
)
from service.rules.reports.kinds.groups import (
    BME,
    BOARD_AND_COMMITTEES,
    CLINICAL_BANDS,
    COUNT,
    ETHNICITIES,
    NON_CLINICAL_BANDS,
    PARTNERSHIP,
    RATE,
    REGION,
    SHARE,
    SHARE_OF_SOME,
    WHITE,
    WHITE_AND_BME,
)

SOURCE: Final = "NHS England, WRES indicators"
WHITE_OVER_BME: Final = Comparison(Method.RATIO, WHITE.code, BME.code, above_disadvantages=BME.code)
BME_OVER_WHITE: Final = Comparison(Method.RATIO, BME.code, WHITE.code, above_disadvantages=BME.code)
_BME_LESS_WHITE: Final = Comparison(Method.DIFFERENCE, BME.code, WHITE.code, above_disadvantages=BME.code)
_WHITE_LESS_BME: Final = Comparison(Method.DIFFERENCE, WHITE.code, BME.code, above_disadvantages=BME.code)


def headcount(code: str, label: str, *, clinical: bool) -> Metric:
    """How many staff of each ethnicity are in each band; the bands add up to all."""
    return Metric(
        code=code,
        label=label,
        unit=Unit.COUNT,
        source=f"{SOURCE} (indicator 1): Electronic Staff Record at 31 March",
        counts_people=True,
        published_verbatim=True,
        groups=ETHNICITIES,
        bands=CLINICAL_BANDS if clinical else NON_CLINICAL_BANDS,
        checks=(*COUNT, BandsAddUp(Part.VALUE, "ALL")),
        note="A group's share of a band is compared with its share of all. The ethnic codes behind White (A-C) and "
        "BME (D-S) are from memory.",
    )


def likelihood(code: str, label: str, comparison: Comparison, *, verified: bool = True, note: str = "") -> Metric:
    """Of how many, how many, for White and for BME: the four counts of a relative likelihood."""
    return Metric(
        code=code,
        label=label,
        unit=Unit.LIKELIHOOD_RATIO,
        source=SOURCE,
        verified=verified,
        direction=Direction.CLOSER_TO_ONE_IS_BETTER,
        counts_people=True,
        published_verbatim=True,
        groups=WHITE_AND_BME,
        comparison=comparison,
        checks=SHARE,
        note=note,
    )


def experience(code: str, label: str, question: str, direction: Direction) -> Metric:
    """A percentage of those who answered a question of the staff survey, for White and for BME."""
    return Metric(
        code=code,
        label=label,
        unit=Unit.RATE_WITH_BASE,
        source=f"{SOURCE}: NHS Staff Survey {question}",
        verified=False,
        direction=direction,
        counts_people=True,
        published_verbatim=True,
        groups=WHITE_AND_BME,
        comparison=_WHITE_LESS_BME if direction is Direction.HIGHER_IS_BETTER else _BME_LESS_WHITE,
        checks=RATE,
        note="The survey's question number is from memory and changes between years.",
    )


def board(code: str, label: str) -> Metric:
    """The share of each ethnicity among a board's members, or among the workforce that it is compared with."""
    return Metric(
        code=code,
        label=label,
        unit=Unit.PERCENTAGE,
        source=f"{SOURCE} (indicator 9)",
        direction=Direction.NEUTRAL,
        counts_people=True,
        published_verbatim=True,
        groups=ETHNICITIES,
        checks=SHARE_OF_SOME,
        note="The indicator is the board's share less the workforce's.",
    )


_LOWER: Final = Direction.LOWER_IS_BETTER
_HIGHER: Final = Direction.HIGHER_IS_BETTER

WRES: Final = Definition(
    code="WRES",
    version=1,
    title="Workforce Race Equality Standard",
    starts_on=date(2015, 4, 1),
    ends_on=None,
    source="NHS Standard Contract; NHS England, WRES indicators; DOMAIN 2.1",
    receivers=(*BOARD_AND_COMMITTEES, *PARTNERSHIP, *REGION),
    dimensions=tuple(Dimension),
    metrics=(
        headcount("WRES1_NON_CLINICAL", "Non-clinical staff in each band", clinical=False),
        headcount("WRES1_CLINICAL", "Clinical staff in each band and medical grade", clinical=True),
        likelihood(
            "WRES2",
            "Likelihood of White applicants being appointed from shortlisting, compared with BME applicants",
            WHITE_OVER_BME,
        ),
        likelihood(
            "WRES3",
            "Likelihood of BME staff entering the formal disciplinary process, compared with White staff",
            BME_OVER_WHITE,
            verified=False,
            note="Whether cases are of one year or the average of two is from memory.",
        ),
        likelihood(
            "WRES4",
            "Likelihood of White staff accessing non-mandatory training and development, compared with BME staff",
            WHITE_OVER_BME,
        ),
        experience("WRES5", "Harassment, bullying or abuse from patients, relatives or the public", "Q14a", _LOWER),
        experience("WRES6", "Harassment, bullying or abuse from staff", "Q14b and Q14c", _LOWER),
        experience("WRES7", "Belief that the trust provides equal opportunities for progression", "Q15", _HIGHER),
        experience("WRES8", "Discrimination from a manager, team leader or other colleagues", "Q16b", _LOWER),
        board("WRES9_VOTING", "Voting members of the board"),
        board("WRES9_EXECUTIVE", "Executive members of the board"),
        board("WRES9_WORKFORCE", "The whole workforce, for comparison with the board"),
    ),
)
