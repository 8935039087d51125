"""What a report holds: dated definitions of metrics, as data that a later version replaces and never changes.

Standards change: indicators are renumbered, groups redefined, laws repealed. So a report names the definition it
follows by code and version, a figure is kept in the parts it was reported in (never as a ratio only), and what no
public source confirms says so (`verified`). Sources: DOMAIN sections 2, 3.1, 3.4, 5 and 7.

One figure is one cell: a metric, for one group (White, BME; Disabled, non-disabled; a side) and one band (an Agenda
for Change band, a quartile), where the metric has them. Which parts a cell has follows from its unit: `PARTS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from service.rules.bodies import ForumKind


class Unit(StrEnum):
    """What a metric is measured in, and so the parts that its figures have."""

    COUNT = "COUNT"
    PERCENTAGE = "PERCENTAGE"
    RATE_WITH_BASE = "RATE_WITH_BASE"
    LIKELIHOOD_RATIO = "LIKELIHOOD_RATIO"
    SCORE = "SCORE"
    HOURS = "HOURS"
    POUNDS = "POUNDS"
    TEXT = "TEXT"


class Part(StrEnum):
    """One number, or the text, of a figure."""

    VALUE = "VALUE"
    NUMERATOR = "NUMERATOR"
    DENOMINATOR = "DENOMINATOR"
    BASE = "BASE"
    TEXT = "TEXT"


# A likelihood ratio has four counts: numerator and denominator for each of the two groups that it compares.
PARTS: Final[Mapping[Unit, tuple[Part, ...]]] = MappingProxyType(
    {
        Unit.COUNT: (Part.VALUE,),
        Unit.PERCENTAGE: (Part.NUMERATOR, Part.DENOMINATOR),
        Unit.RATE_WITH_BASE: (Part.VALUE, Part.BASE),
        Unit.LIKELIHOOD_RATIO: (Part.NUMERATOR, Part.DENOMINATOR),
        Unit.SCORE: (Part.VALUE, Part.BASE),
        Unit.HOURS: (Part.VALUE,),
        Unit.POUNDS: (Part.VALUE,),
        Unit.TEXT: (Part.TEXT,),
    }
)
OPTIONAL_PARTS: Final[Mapping[Unit, frozenset[Part]]] = MappingProxyType({Unit.SCORE: frozenset({Part.BASE})})


class Direction(StrEnum):
    """Which way a metric gets better for the people it is about."""

    HIGHER_IS_BETTER = "HIGHER_IS_BETTER"
    LOWER_IS_BETTER = "LOWER_IS_BETTER"
    CLOSER_TO_ONE_IS_BETTER = "CLOSER_TO_ONE_IS_BETTER"
    CLOSER_TO_ZERO_IS_BETTER = "CLOSER_TO_ZERO_IS_BETTER"
    NEUTRAL = "NEUTRAL"


class Frequency(StrEnum):
    """How often a report is made: the length of its period."""

    YEARLY = "YEARLY"
    QUARTERLY = "QUARTERLY"
    AS_NEEDED = "AS_NEEDED"


class Obligation(StrEnum):
    """What obliges a body to report."""

    STATUTE = "STATUTE"
    NHS_STANDARD = "NHS_STANDARD"
    LOCAL_AGREEMENT = "LOCAL_AGREEMENT"
    OPTIONAL = "OPTIONAL"


class Home(StrEnum):
    """Where a report lives until it is submitted."""

    ORGANISATION = "ORGANISATION"
    FORUM = "FORUM"
    NETWORK = "NETWORK"


class Dimension(StrEnum):
    """How the region's tables may be cut; there are no others (THREATS F3)."""

    TRUST = "TRUST"
    TRUST_TYPE = "TRUST_TYPE"
    ICB = "ICB"
    REGION = "REGION"
    ENGLAND = "ENGLAND"


class Method(StrEnum):
    """How two groups are compared: by the ratio of their likelihoods, or by the difference of their figures."""

    RATIO = "RATIO"
    DIFFERENCE = "DIFFERENCE"


@dataclass(frozen=True, slots=True)
class Choice:
    """One group or one band of a metric: the code in files, and the words that people read."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`first` over (or minus) `second`; above 1 (or 0) means that `above_disadvantages` fares worse.

    WRES turns the fraction round on purpose from one indicator to the next, so that above 1.0 is always to the
    disadvantage of BME staff: the direction belongs to the metric, and is never copied from a trust's own report.
    """

    method: Method
    first: str
    second: str
    above_disadvantages: str


@dataclass(frozen=True, slots=True)
class Range:
    """The part lies between `least` and `most`, both allowed; None: no such bound."""

    part: Part
    least: Decimal | None = None
    most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """The part is a whole number."""

    part: Part


@dataclass(frozen=True, slots=True)
class NotZero:
    """The part is not zero. Without this check a zero denominator is allowed and its ratio is undefined."""

    part: Part


@dataclass(frozen=True, slots=True)
class AtMost:
    """`part` of a figure is at most its `of`: nobody is appointed who was not shortlisted."""

    part: Part
    of: Part


@dataclass(frozen=True, slots=True)
class BandsAddUp:
    """Within a group, `part` over all other bands adds up to the band `total`, within `tolerance`."""

    part: Part
    total: str
    tolerance: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class AddUpTo:
    """`part` of this metric and of `others` adds up to `total`, within `tolerance`: answers that cover everybody."""

    part: Part
    others: tuple[str, ...]
    total: Decimal
    tolerance: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class SumsTo:
    """`part` of this metric and of `others` adds up to `part` of the metric `total`, for each group and band."""

    part: Part
    others: tuple[str, ...]
    total: str
    tolerance: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class NotMoreThan:
    """`part` of this metric is at most `part` of the metric `of`, for each group and band."""

    part: Part
    of: str


@dataclass(frozen=True, slots=True)
class TextLength:
    """A text of at most so many characters, without control characters."""

    most: int = 2000


Check = Range | Whole | NotZero | AtMost | BandsAddUp | AddUpTo | SumsTo | NotMoreThan | TextLength


@dataclass(frozen=True, slots=True)
class Metric:
    """One thing measured.

    `counts_people`: the disclosure rule applies to it, unless the trust has published it itself
    (`published_verbatim`): then the region shows what the trust has shown, with its source.
    `regional`: it may appear in the region's tables; not where it adds up with others that do.
    `people`: the metric that counts whom these hours or pounds are about. They are shown only in totals in which that
    count is shown, so that there is no mean of a few.
    `note`: what a reader of the number has to know, and what is not confirmed where `verified` is False.
    """

    code: str
    label: str
    unit: Unit
    source: str
    verified: bool = True
    direction: Direction = Direction.NEUTRAL
    counts_people: bool = False
    published_verbatim: bool = False
    regional: bool = True
    people: str = ""
    required: bool = True
    groups: tuple[Choice, ...] = ()
    bands: tuple[Choice, ...] = ()
    comparison: Comparison | None = None
    checks: tuple[Check, ...] = ()
    note: str = ""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that each of its figures has."""
        return PARTS[self.unit]

    @property
    def cells(self) -> tuple[tuple[str, str], ...]:
        """Every (group, band) that it can be reported for; an empty code where it has no groups or no bands."""
        groups = tuple(g.code for g in self.groups) or ("",)
        bands = tuple(b.code for b in self.bands) or ("",)
        return tuple((group, band) for group in groups for band in bands)


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of a kind of report, for periods that begin from `starts_on` and before `ends_on` (None: open).

    `receivers` are the kinds of forum, of the reporting organisation or of its region, to which it is routed when it
    is submitted. `dimensions` are those in which the region's tables may show it; none: it never leaves the trust.
    `network_members` names the metrics that count members of one staff network, which take the higher threshold.
    """

    code: str
    version: int
    title: str
    starts_on: date
    ends_on: date | None
    source: str
    metrics: tuple[Metric, ...]
    verified: bool = True
    frequency: Frequency = Frequency.YEARLY
    period_begins: tuple[int, int] | None = (4, 1)
    obligation: Obligation = Obligation.NHS_STANDARD
    home: Home = Home.ORGANISATION
    receivers: tuple[ForumKind, ...] = ()
    needs_sro_sign_off: bool = False
    takes_estimates: bool = False
    dimensions: tuple[Dimension, ...] = ()
    network_members: frozenset[str] = frozenset()
    change: str = ""

    def metric(self, code: str) -> Metric | None:
        """The metric of that code; None: the definition has none."""
        return next((metric for metric in self.metrics if metric.code == code), None)


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell of a report: the parts that its metric's unit asks for, the others None.

    Percentages (`RATE_WITH_BASE`) are 0-100, likelihoods are kept as counts, `POUNDS` and `HOURS` are decimal.
    `group` and `band` are empty where the metric has none. `estimated`: the reporter says that it is no count.
    """

    metric: str
    group: str = ""
    band: str = ""
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    base: Decimal | None = None
    text: str | None = None
    estimated: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it one cell of a report: metric, group, band."""
        return (self.metric, self.group, self.band)

    def number(self, part: Part) -> Decimal | None:
        """A numeric part; None where it was not given."""
        match part:
            case Part.VALUE:
                return self.value
            case Part.NUMERATOR:
                return self.numerator
            case Part.DENOMINATOR:
                return self.denominator
            case Part.BASE:
                return self.base
            case Part.TEXT:
                return None
