"""How well a partnership works: the behaviours audit, the audit of attendance, and the action plan.

Behaviours audit: at the first meeting and every year after, results split into management side and staff side
(Social Partnership Forum, Partnership Behaviours Toolkit, 27 January 2019). The toolkit's questions were not found:
the statements here are the behaviours that founding document S4 names, and marked unverified. Attendance: founding
document S3 (audit of attendance). Action plan: S0, Work programmes; S4, Clear vision (measurable outcomes).
"""

from datetime import date
from decimal import Decimal
from typing import Final

from service.rules.bodies import ForumKind, Side
from service.rules.reports.definitions import (
    AtMost,
    Check,
    Choice,
    Comparison,
    Definition,
    Dimension,
    Direction,
    Frequency,
    Home,
    Method,
    Metric,
    NotMoreThan,
    NotZero,
    Obligation,
    Part,
    Range,
    TextLength,
    Unit,
    Whole,
)
from service.rules.reports.kinds.groups import COUNT, PARTNERSHIP, REGION, SHARE, SIDES

_BEHAVIOURS: Final = (
    ("TRUST", "We trust each other and are open"),
    ("CONFIDENTIALITY", "What is said in confidence stays in confidence"),
    ("RESPECT", "We treat each other with respect"),
    ("LISTENING", "We listen to each other"),
    ("NO_BLAME", "There are no surprises and no blame"),
    ("TIME", "People are given the time to take part"),
    ("LEADERSHIP", "Leaders set the example"),
)
_SIDE_GAP: Final = Comparison(Method.DIFFERENCE, Side.MANAGEMENT, Side.STAFF, above_disadvantages=Side.STAFF)

BEHAVIOURS: Final = Definition(
    code="BEHAVIOURS_AUDIT",
    version=1,
    title="Partnership behaviours audit",
    starts_on=date(2019, 1, 27),
    ends_on=None,
    source="Social Partnership Forum, Partnership Behaviours Toolkit; founding documents S3 and S4; DOMAIN 3.4",
    verified=False,
    frequency=Frequency.AS_NEEDED,
    period_begins=None,
    obligation=Obligation.LOCAL_AGREEMENT,
    home=Home.FORUM,
    receivers=(ForumKind.JOINT_NEGOTIATING_COMMITTEE, *REGION),
    dimensions=tuple(Dimension),
    metrics=tuple(
        Metric(
            code=f"BA_{code}",
            label=label,
            unit=Unit.PERCENTAGE,
            source="Founding document S4, Behaviours",
            verified=False,
            direction=Direction.HIGHER_IS_BETTER,
            counts_people=True,
            groups=SIDES,
            comparison=_SIDE_GAP,
            checks=SHARE,
            note="Of those of that side who answered, how many agree. The toolkit's own questions were not found.",
        )
        for code, label in _BEHAVIOURS
    ),
)

ATTENDANCE: Final = Definition(
    code="ATTENDANCE_AUDIT",
    version=1,
    title="Attendance audit",
    starts_on=date(2016, 1, 1),
    ends_on=None,
    source="Founding document S3, Ways of working (audit of attendance); DOMAIN 1.3",
    frequency=Frequency.AS_NEEDED,
    period_begins=None,
    obligation=Obligation.LOCAL_AGREEMENT,
    home=Home.FORUM,
    receivers=(ForumKind.JOINT_NEGOTIATING_COMMITTEE, *REGION),
    dimensions=tuple(Dimension),
    metrics=(
        Metric(
            code="AA_MEETINGS",
            label="Meetings held",
            unit=Unit.COUNT,
            source="Founding document S3",
            checks=COUNT,
        ),
        Metric(
            code="AA_QUORATE",
            label="Meetings with a quorum",
            unit=Unit.COUNT,
            source="Founding document S3",
            direction=Direction.HIGHER_IS_BETTER,
            checks=(*COUNT, NotMoreThan(Part.VALUE, "AA_MEETINGS")),
        ),
        Metric(
            code="AA_ATTENDED",
            label="Seats of that side that attended, of those invited, over all meetings",
            unit=Unit.PERCENTAGE,
            source="Founding document S3",
            direction=Direction.HIGHER_IS_BETTER,
            counts_people=True,
            groups=SIDES,
            comparison=_SIDE_GAP,
            checks=SHARE,
        ),
        Metric(
            code="AA_DEPUTIES",
            label="Of the seats that attended, those taken by a deputy",
            unit=Unit.PERCENTAGE,
            source="Founding document S3 (deputies allowed)",
            counts_people=True,
            groups=SIDES,
            checks=SHARE,
        ),
    ),
)

_MEASURES: Final = tuple(Choice(f"M{n}", f"Measure {n}") for n in range(1, 13))


def _of_measure(code: str, label: str, unit: Unit, *checks: Check) -> Metric:
    return Metric(
        code=code,
        label=label,
        unit=unit,
        source="Founding document S4 (measurable outcomes)",
        required=False,
        bands=_MEASURES,
        checks=checks,
    )


ACTION_PLAN: Final = Definition(
    code="ACTION_PLAN",
    version=1,
    title="Action plan",
    starts_on=date(2021, 1, 1),
    ends_on=None,
    source="Founding documents S0, Work programmes, and S4, Clear vision; DOMAIN 1.4",
    frequency=Frequency.AS_NEEDED,
    period_begins=None,
    obligation=Obligation.LOCAL_AGREEMENT,
    receivers=(ForumKind.BOARD_COMMITTEE, ForumKind.EXECUTIVE_COMMITTEE, *PARTNERSHIP),
    dimensions=(),
    metrics=(
        Metric(
            code="AP_AIM",
            label="What the plan is to change",
            unit=Unit.TEXT,
            source="Founding document S4",
            checks=(TextLength(2000),),
        ),
        _of_measure("AP_ACTION", "What is done, and which office sees to it", Unit.TEXT, TextLength(1000)),
        _of_measure("AP_METRIC", "The metric it is to move, as DEFINITION:METRIC", Unit.TEXT, TextLength(100)),
        _of_measure("AP_GROUP", "The group, where the metric has groups", Unit.TEXT, TextLength(100)),
        _of_measure("AP_DUE", "The day by which it is to be done, as YYYY-MM-DD", Unit.TEXT, TextLength(10)),
        _of_measure("AP_BASELINE", "Where the metric stood", Unit.SCORE),
        _of_measure("AP_TARGET", "Where the metric is to be", Unit.SCORE),
        _of_measure(
            "AP_STEPS",
            "Steps done, of the steps planned",
            Unit.PERCENTAGE,
            Whole(Part.NUMERATOR),
            Whole(Part.DENOMINATOR),
            Range(Part.NUMERATOR, Decimal(0), Decimal(1000)),
            NotZero(Part.DENOMINATOR),
            AtMost(Part.NUMERATOR, Part.DENOMINATOR),
        ),
    ),
)
