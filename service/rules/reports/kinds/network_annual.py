"""A staff network's annual report: at its annual meeting, from the chair (founding document S0, AGM).

It carries no names, and lives in the network until the network submits it. How many members there are is given
rounded or not at all: membership can out a person, so its threshold is ten (DOMAIN 5).
"""

from datetime import date
from typing import Final

from service.rules.bodies import ForumKind
from service.rules.reports.definitions import (
    Choice,
    Definition,
    Dimension,
    Direction,
    Frequency,
    Home,
    Metric,
    NotMoreThan,
    Obligation,
    Part,
    TextLength,
    Unit,
)
from service.rules.reports.kinds.groups import COUNT, NOT_NEGATIVE

_SOURCE: Final = "Founding document S0: AGM, Reporting, Work programmes"
_AREAS: Final = (
    Choice("EXPERIENCE", "Staff experience"),
    Choice("BULLYING", "Bullying, harassment and violence"),
    Choice("PRACTICE", "Best practice"),
    Choice("ROLES", "Finding people for roles"),
    Choice("DISCIPLINARIES", "Vetting of disciplinaries before they begin"),
)


def _count(code: str, label: str, *, people: bool = False, most: str = "") -> Metric:
    return Metric(
        code=code,
        label=label,
        unit=Unit.COUNT,
        source=_SOURCE,
        counts_people=people,
        required=False,
        direction=Direction.NEUTRAL,
        checks=(*COUNT, NotMoreThan(Part.VALUE, most)) if most else COUNT,
    )


def _text(code: str, label: str, *, required: bool = False) -> Metric:
    return Metric(code=code, label=label, unit=Unit.TEXT, source=_SOURCE, required=required, checks=(TextLength(8000),))


NETWORK_ANNUAL: Final = Definition(
    code="NETWORK_ANNUAL",
    version=1,
    title="Staff network annual report",
    starts_on=date(2021, 1, 1),
    ends_on=None,
    source=_SOURCE,
    frequency=Frequency.AS_NEEDED,
    period_begins=None,
    obligation=Obligation.LOCAL_AGREEMENT,
    home=Home.NETWORK,
    receivers=(
        ForumKind.EXECUTIVE_COMMITTEE,
        ForumKind.BOARD_COMMITTEE,
        ForumKind.JOINT_NEGOTIATING_COMMITTEE,
        ForumKind.EDI_STEERING_GROUP,
    ),
    dimensions=tuple(Dimension),
    network_members=frozenset({"NW_MEMBERS", "NW_OFFICERS", "NW_ATTENDANCE"}),
    metrics=(
        _count("NW_MEMBERS", "Members who renewed this year", people=True),
        _count("NW_OFFICERS", "Officers", people=True, most="NW_MEMBERS"),
        _count("NW_MEETINGS", "Meetings held"),
        _count("NW_ATTENDANCE", "People at the best-attended meeting", people=True),
        _count("NW_CONSULTATIONS", "Consultations answered"),
        Metric(
            code="NW_PROTECTED_HOURS",
            label="Protected time used by officers",
            unit=Unit.HOURS,
            people="NW_OFFICERS",
            source=_SOURCE,
            required=False,
            checks=NOT_NEGATIVE,
        ),
        Metric(
            code="NW_SPENT",
            label="Budget spent",
            unit=Unit.POUNDS,
            source=_SOURCE,
            required=False,
            checks=NOT_NEGATIVE,
        ),
        Metric(
            code="NW_ACTIONS",
            label="Actions finished in each area of the work programme",
            unit=Unit.COUNT,
            source=_SOURCE,
            required=False,
            bands=_AREAS,
            checks=COUNT,
        ),
        _text("NW_SUMMARY", "What the network did and changed", required=True),
        _text("NW_PRIORITIES", "Priorities for the year ahead"),
        _text("NW_ASKS", "What the network asks of the organisation"),
    ),
)
