"""Workforce Disability Equality Standard: ten metrics, which compare Disabled with non-disabled staff.

Mandated from April 2019; from 2023 bank staff are left out and very senior managers are defined as in WRES. Some
trusts' pages name metric 3 "disciplinary" (it is capability: performance, never ill health) and turn metric 2 round:
the direction is kept here. Source: NHS England, WDES technical guidance and metrics 2023; DOMAIN 2.2.
"""

from dataclasses import replace
from datetime import date
from typing import Final

from service.rules.reports.definitions import (
    BandsAddUp,
    Choice,
    Comparison,
    Definition,
    Dimension,
    Direction,
    Method,
    Metric,
    Part,
    TextLength,
    Unit,
)
from service.rules.reports.kinds.groups import (
    ALL,
    BOARD_AND_COMMITTEES,
    COUNT,
    DISABILITIES,
    DISABLED,
    DISABLED_AND_NOT,
    NON_DISABLED,
    PARTNERSHIP,
    RATE,
    REGION,
    SCORE_OF_TEN,
    SHARE,
    SHARE_OF_SOME,
)

_SOURCE: Final = "NHS England, WDES metrics 2023"
_LOWER: Final = Direction.LOWER_IS_BETTER
_HIGHER: Final = Direction.HIGHER_IS_BETTER
_DISABLED_OVER: Final = Comparison(Method.RATIO, DISABLED.code, NON_DISABLED.code, above_disadvantages=DISABLED.code)
_DISABLED_UNDER: Final = Comparison(Method.RATIO, NON_DISABLED.code, DISABLED.code, above_disadvantages=DISABLED.code)
_MORE: Final = Comparison(Method.DIFFERENCE, DISABLED.code, NON_DISABLED.code, above_disadvantages=DISABLED.code)
_FEWER: Final = Comparison(Method.DIFFERENCE, NON_DISABLED.code, DISABLED.code, above_disadvantages=DISABLED.code)

# The clusters are from memory (DOMAIN 2.2): C5-C7 are doctors and dentists, so only clinical.
_CLUSTERS: Final = tuple(
    Choice(code, label)
    for code, label in (
        ("C1", "Bands 1-4"),
        ("C2", "Bands 5-7"),
        ("C3", "Bands 8a-8b"),
        ("C4", "Bands 8c-9 and very senior managers"),
    )
)
_MEDICAL: Final = tuple(
    Choice(code, label)
    for code, label in (
        ("C5", "Consultants"),
        ("C6", "Non-consultant career grades"),
        ("C7", "Trainee grades"),
    )
)


def _metric(code: str, label: str, unit: Unit, **fields: object) -> Metric:
    base = Metric(code=code, label=label, unit=unit, source=_SOURCE, counts_people=True, published_verbatim=True)
    return replace(base, **fields)  # type: ignore[arg-type]


def _headcount(code: str, label: str, bands: tuple[Choice, ...]) -> Metric:
    return _metric(
        code,
        label,
        Unit.COUNT,
        verified=False,
        groups=DISABILITIES,
        bands=(*bands, ALL),
        checks=(*COUNT, BandsAddUp(Part.VALUE, "ALL")),
        note="The clusters are from memory. A large share of unknown is normal: about 3 % declare a disability in the "
        "staff record, about 18 % in the survey.",
    )


def _likelihood(code: str, label: str, comparison: Comparison, *, verified: bool = True, note: str = "") -> Metric:
    return _metric(
        code,
        label,
        Unit.LIKELIHOOD_RATIO,
        verified=verified,
        direction=Direction.CLOSER_TO_ONE_IS_BETTER,
        groups=DISABLED_AND_NOT,
        comparison=comparison,
        checks=SHARE,
        note=note,
    )


def _experience(code: str, label: str, direction: Direction, *, verified: bool = True) -> Metric:
    return _metric(
        code,
        label,
        Unit.RATE_WITH_BASE,
        verified=verified,
        direction=direction,
        groups=DISABLED_AND_NOT,
        comparison=_FEWER if direction is _HIGHER else _MORE,
        checks=RATE,
    )


_METRICS: Final = (
    _headcount("WDES1_NON_CLINICAL", "Non-clinical staff in each cluster of bands", _CLUSTERS),
    _headcount("WDES1_CLINICAL", "Clinical staff in each cluster of bands and grades", (*_CLUSTERS, *_MEDICAL)),
    _likelihood(
        "WDES2",
        "Likelihood of non-disabled applicants being appointed from shortlisting, compared with Disabled applicants",
        _DISABLED_UNDER,
    ),
    _likelihood(
        "WDES3",
        "Likelihood of Disabled staff entering the formal capability process, compared with non-disabled staff",
        _DISABLED_OVER,
        verified=False,
        note="Performance, not ill health. The average of two years is from memory.",
    ),
    _experience("WDES4A_PUBLIC", "Harassment, bullying or abuse from patients or the public", _LOWER),
    _experience("WDES4A_MANAGERS", "Harassment, bullying or abuse from managers", _LOWER),
    _experience("WDES4A_COLLEAGUES", "Harassment, bullying or abuse from other colleagues", _LOWER),
    _experience("WDES4B", "Reported harassment, bullying or abuse the last time it happened", _HIGHER),
    _experience("WDES5", "Belief in equal opportunities for progression", _HIGHER),
    _experience("WDES6", "Pressure from a manager to come to work when not well enough", _LOWER),
    _experience("WDES7", "Satisfaction with how the organisation values one's work", _HIGHER, verified=False),
    _metric(
        "WDES8",
        "Disabled staff whose employer made reasonable adjustments",
        Unit.RATE_WITH_BASE,
        direction=_HIGHER,
        groups=(DISABLED,),
        checks=RATE,
        note="There is no comparison group.",
    ),
    _metric(
        "WDES9A",
        "Staff engagement score",
        Unit.SCORE,
        verified=False,
        direction=_HIGHER,
        groups=DISABLED_AND_NOT,
        comparison=_FEWER,
        checks=SCORE_OF_TEN,
        note="From memory: 0-10 from the staff survey.",
    ),
    Metric(
        code="WDES9B",
        label="What the trust has done to let Disabled staff be heard",
        unit=Unit.TEXT,
        source=_SOURCE,
        required=False,
        published_verbatim=True,
        checks=(TextLength(4000),),
    ),
    _metric(
        "WDES10_VOTING",
        "Voting members of the board",
        Unit.PERCENTAGE,
        verified=False,
        groups=DISABILITIES,
        checks=SHARE_OF_SOME,
        note="The split into voting and executive members is from memory.",
    ),
    _metric(
        "WDES10_EXECUTIVE",
        "Executive members of the board",
        Unit.PERCENTAGE,
        verified=False,
        groups=DISABILITIES,
        checks=SHARE_OF_SOME,
        note="The split into voting and executive members is from memory.",
    ),
    _metric(
        "WDES10_WORKFORCE",
        "The whole workforce, for comparison with the board",
        Unit.PERCENTAGE,
        groups=DISABILITIES,
        checks=SHARE_OF_SOME,
    ),
)

WDES_2019: Final = Definition(
    code="WDES",
    version=1,
    title="Workforce Disability Equality Standard",
    starts_on=date(2018, 4, 1),
    ends_on=date(2022, 4, 1),
    source="NHS England, WDES technical guidance; DOMAIN 2.2",
    verified=False,
    receivers=(*BOARD_AND_COMMITTEES, *PARTNERSHIP, *REGION),
    dimensions=tuple(Dimension),
    metrics=_METRICS,
)
WDES: Final = replace(
    WDES_2019,
    version=2,
    starts_on=date(2022, 4, 1),
    ends_on=None,
    source="NHS England, WDES 2023 technical guidance and metrics; DOMAIN 2.2",
    verified=True,
    change="From 2023 bank staff are left out and very senior managers are defined as in WRES: "
    "headcounts and likelihoods do not compare with earlier years.",
)
