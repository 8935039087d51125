"""Trade-union facility time, and network protected time: two ledgers that are never one.

Facility time: the four tables of the Trade Union (Facility Time Publication Requirements) Regulations 2017
(SI 2017/328), for years from 1 April 2017. The power behind them was repealed on 18 February 2026, so from then the
same tables are an optional report of the partnership's own; whether a return for 2025-26 is still due is not
confirmed. While the duty held, every trust published these figures itself. No representative is ever named, and from
2026 the region shows how many officials there are but not their bands, which add up to them. DOMAIN 3.1.

Protected time is what networks' officers and members have for the network; a representative who holds a network post
has both, added (founding document S0, Support and resources).
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from service.rules.bodies import ForumKind
from service.rules.reports.definitions import (
    BandsAddUp,
    Check,
    Choice,
    Definition,
    Dimension,
    Direction,
    Metric,
    NotMoreThan,
    Obligation,
    Part,
    Range,
    Unit,
)
from service.rules.reports.kinds.groups import ALL, BOARD_AND_COMMITTEES, COUNT, NOT_NEGATIVE, PARTNERSHIP, REGION

_OFFICIALS: Final = "FT1_OFFICIALS"
_LAW: Final = "SI 2017/328, schedule 2"
_BANDS: Final = (
    Choice("0", "0 % of working hours"),
    Choice("1_50", "1-50 % of working hours"),
    Choice("51_99", "51-99 % of working hours"),
    Choice("100", "100 % of working hours"),
    ALL,
)


def _number(
    code: str, label: str, unit: Unit, table: str, *checks: Check, people: str = _OFFICIALS, verified: bool = True
) -> Metric:
    return Metric(
        code=code,
        label=label,
        unit=unit,
        source=f"{_LAW}, table {table}",
        verified=verified,
        people=people,
        checks=(*NOT_NEGATIVE, *checks),
        note="" if verified else "The rows of table 3 are from memory.",
    )


_METRICS: Final = (
    Metric(
        code=_OFFICIALS,
        label="Relevant union officials during the year",
        unit=Unit.COUNT,
        source=f"{_LAW}, table 1",
        counts_people=True,
        checks=COUNT,
    ),
    Metric(
        code="FT1_FTE",
        label="Relevant union officials, full-time equivalent",
        unit=Unit.SCORE,
        source=f"{_LAW}, table 1",
        counts_people=True,
        regional=False,
        checks=(Range(Part.VALUE, Decimal(0), Decimal(100_000)), NotMoreThan(Part.VALUE, "FT1_OFFICIALS")),
    ),
    Metric(
        code="FT2_OFFICIALS",
        label="Officials by the share of their working hours spent on facility time",
        unit=Unit.COUNT,
        source=f"{_LAW}, table 2",
        counts_people=True,
        regional=False,
        bands=_BANDS,
        checks=(*COUNT, BandsAddUp(Part.VALUE, "ALL")),
    ),
    _number(
        "FT3_COST", "Total cost of facility time", Unit.POUNDS, "3", NotMoreThan(Part.VALUE, "FT3_PAY"), verified=False
    ),
    _number("FT3_PAY", "Total pay bill", Unit.POUNDS, "3", people="", verified=False),
    _number(
        "FT4_ACTIVITIES",
        "Hours of paid trade-union activities",
        Unit.HOURS,
        "4",
        NotMoreThan(Part.VALUE, "FT4_FACILITY"),
    ),
    _number("FT4_FACILITY", "Total paid facility-time hours", Unit.HOURS, "4"),
)

FACILITY_TIME_2017: Final = Definition(
    code="FACILITY_TIME",
    version=1,
    title="Trade-union facility time",
    starts_on=date(2017, 4, 1),
    ends_on=date(2026, 2, 18),
    source="Trade Union (Facility Time Publication Requirements) Regulations 2017 (SI 2017/328); DOMAIN 3.1",
    obligation=Obligation.STATUTE,
    receivers=(*BOARD_AND_COMMITTEES, ForumKind.JOINT_NEGOTIATING_COMMITTEE, *REGION),
    dimensions=tuple(Dimension),
    metrics=tuple(replace(metric, published_verbatim=True, regional=True) for metric in _METRICS),
)
FACILITY_TIME: Final = replace(
    FACILITY_TIME_2017,
    metrics=_METRICS,
    version=2,
    title="Trade-union facility time (optional)",
    starts_on=date(2026, 2, 18),
    ends_on=None,
    obligation=Obligation.OPTIONAL,
    source="Local agreement; tables as in SI 2017/328, which fell on 18 February 2026; DOMAIN 3.1",
    change="The duty to publish ended on 18 February 2026: fewer trusts report, and totals cover those that do.",
)

PROTECTED_TIME: Final = Definition(
    code="PROTECTED_TIME",
    version=1,
    title="Network protected time",
    starts_on=date(2021, 4, 1),
    ends_on=None,
    source="Founding document S0, Support and resources; DOMAIN 0.3",
    obligation=Obligation.LOCAL_AGREEMENT,
    receivers=(ForumKind.EXECUTIVE_COMMITTEE, *PARTNERSHIP),
    dimensions=tuple(Dimension),
    metrics=tuple(
        Metric(
            code=code,
            label=label,
            unit=unit,
            source="Founding document S0, Support and resources",
            counts_people=people,
            people="" if people else "PT_OFFICERS",
            direction=direction,
            checks=(*(COUNT if unit is Unit.COUNT else NOT_NEGATIVE), *checks),
            note="Kept apart from facility time, and added to it for a representative who holds a network post.",
        )
        for code, label, unit, people, direction, checks in (
            ("PT_OFFICERS", "Network officers", Unit.COUNT, True, Direction.NEUTRAL, ()),
            (
                "PT_WITH_TIME",
                "Network officers with agreed protected time",
                Unit.COUNT,
                True,
                Direction.HIGHER_IS_BETTER,
                (NotMoreThan(Part.VALUE, "PT_OFFICERS"),),
            ),
            ("PT_AGREED", "Hours of protected time agreed", Unit.HOURS, False, Direction.NEUTRAL, ()),
            (
                "PT_TAKEN",
                "Hours of protected time taken",
                Unit.HOURS,
                False,
                Direction.HIGHER_IS_BETTER,
                (),
            ),
            ("PT_BACKFILLED", "Hours for which there was backfill", Unit.HOURS, False, Direction.HIGHER_IS_BETTER, ()),
        )
    ),
)
