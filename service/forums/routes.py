"""Where an issue may be raised, and where it can go from there: one tuple for each kind of body.

An issue goes from one room of a body to one room of another. What has no row here is no route. Law and bodies change,
so every route has its days: the National Guardian's Office closes in 2026, so no route leads out of a trust's guardian.
The database keeps the same rows in `access.route`; docs/routes.md prints them for people to review.

Sources: founding document S0, section 2 (mechanisms to bring issues to the JNC "formally and informally", to staff-side
leads, to the health and safety committee, to the speak-up guardian and to the board) and Reporting (the People
Committee, the board's workforce committee); S3 (each side meets apart in the region; the region and the nation link).
The working days are local practice, and none of them is verified: a trust and its unions agree their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from service.forums import ORGANISATION
from service.rules.bodies import Channel, ForumKind, Office, Purpose
from service.rules.escalations.hops import Carries, Reach, RouteKind
from service.rules.problems import Code, Problem


@dataclass(frozen=True, slots=True)
class Route:
    """One hop that an issue may take from `starts_on` up to and without `ends_on` (`date.max`: no end is known).

    `acknowledge_days` and `answer_days` are working days in England from the day it is sent. `received_by` are the
    offices that take it up, in order of succession, on each side that receives there. `diverts_casework`: an
    individual's case is refused and pointed to the right people. For RAISE, "from" is the room where the raiser sits.
    """

    code: str
    kind: RouteKind
    from_kind: str
    from_channel: str
    to_kind: ForumKind
    to_channel: Channel
    carries: Carries
    reach: Reach
    diverts_casework: bool
    acknowledge_days: int
    answer_days: int
    received_by: tuple[Office, ...]
    starts_on: date
    ends_on: date
    source: str

    def in_force(self, on: date) -> bool:
        """Whether it is a route on that day."""
        return self.starts_on <= on < self.ends_on


Place = tuple[ForumKind, Channel]

JOINT, STAFF, MANAGEMENT, OFFICERS = Channel.JOINT, Channel.STAFF_SIDE, Channel.MANAGEMENT_SIDE, Channel.OFFICERS
NETWORK: Final = (ForumKind.STAFF_NETWORK, OFFICERS)
UNION_GROUP: Final = (ForumKind.TRADE_UNION_GROUP, OFFICERS)
GUARDIAN: Final = (ForumKind.FREEDOM_TO_SPEAK_UP, OFFICERS)
JNC, LNC = ForumKind.JOINT_NEGOTIATING_COMMITTEE, ForumKind.LOCAL_NEGOTIATING_COMMITTEE
SAFETY: Final = ForumKind.HEALTH_AND_SAFETY_COMMITTEE
SPF, NATIONAL_SPF = ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM, ForumKind.NATIONAL_SOCIAL_PARTNERSHIP_FORUM
EDI: Final = (ForumKind.EDI_STEERING_GROUP, JOINT)
EXECUTIVE: Final = (ForumKind.EXECUTIVE_COMMITTEE, JOINT)
BOARD: Final = (ForumKind.BOARD, JOINT)
BOARD_COMMITTEE: Final = (ForumKind.BOARD_COMMITTEE, JOINT)
TWO_SIDED: Final = (JNC, LNC, SAFETY, SPF, NATIONAL_SPF)

NO_END: Final = date.max
S0: Final = "S0 section 2"
S0_REPORTING: Final = "S0 Reporting"
S0_GUARDIAN: Final = "S0 FTSU"
S3: Final = "S3 The process"
SINCE: Final[Mapping[str, date]] = MappingProxyType(
    {S0: date(2021, 1, 1), S0_REPORTING: date(2021, 1, 1), S0_GUARDIAN: date(2021, 1, 1), S3: date(2016, 1, 1)}
)

LEADS: Final = (Office.CHAIR, Office.CO_CHAIR, Office.VICE_CHAIR, Office.SECRETARY)
# Within the staff side it passes at last to a union's full-time official, and never to the other side.
STAFF_SUCCESSION: Final = (*LEADS, Office.FULL_TIME_OFFICIAL)
RECEIVED_BY: Final[Mapping[Place, tuple[Office, ...]]] = MappingProxyType(
    {
        NETWORK: (*LEADS, Office.OFFICER),
        UNION_GROUP: (*LEADS, Office.OFFICER, Office.FULL_TIME_OFFICIAL),
        GUARDIAN: (Office.GUARDIAN,),
        **{(kind, channel): STAFF_SUCCESSION for kind in TWO_SIDED for channel in (JOINT, STAFF)},
        **{(kind, MANAGEMENT): LEADS for kind in TWO_SIDED},
        **dict.fromkeys((EDI, EXECUTIVE, BOARD, BOARD_COMMITTEE), LEADS),
    }
)
# Working days to acknowledge and to answer: local practice, unverified.
DAYS: Final[Mapping[Place, tuple[int, int]]] = MappingProxyType(
    {
        NETWORK: (5, 20),
        UNION_GROUP: (5, 20),
        GUARDIAN: (2, 10),
        **{(kind, side): (3, 20) for kind in (JNC, LNC, SAFETY) for side in (STAFF, MANAGEMENT)},
        **dict.fromkeys(((JNC, JOINT), (LNC, JOINT), EDI), (5, 40)),
        (SAFETY, JOINT): (5, 20),
        EXECUTIVE: (5, 30),
        **dict.fromkeys((BOARD, BOARD_COMMITTEE), (10, 60)),
        **{(kind, channel): (10, 60) for kind in (SPF, NATIONAL_SPF) for channel in (JOINT, STAFF, MANAGEMENT)},
    }
)
# The short name in a route's code, and what people call the body.
NAMES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        ORGANISATION: ("ORGANISATION", "anybody in the organisation"),
        ForumKind.STAFF_NETWORK: ("NETWORK", "a staff network"),
        ForumKind.TRADE_UNION_GROUP: ("UNION_GROUP", "a union group"),
        ForumKind.FREEDOM_TO_SPEAK_UP: ("GUARDIAN", "the speak-up guardian"),
        JNC: ("JNC", "the joint negotiating committee"),
        LNC: ("LNC", "the local negotiating committee"),
        ForumKind.EDI_STEERING_GROUP: ("EDI", "the EDI steering group"),
        SAFETY: ("SAFETY", "the health and safety committee"),
        ForumKind.EXECUTIVE_COMMITTEE: ("EXECUTIVE", "the executive committee"),
        ForumKind.BOARD: ("BOARD", "the board"),
        ForumKind.BOARD_COMMITTEE: ("BOARD_COMMITTEE", "a committee of the board"),
        SPF: ("SPF", "the regional social partnership forum"),
        NATIONAL_SPF: ("NATIONAL_SPF", "the national social partnership forum"),
    }
)
_ROOM_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        STAFF: "staff side of ",
        MANAGEMENT: "management side of ",
        OFFICERS: "the officers of ",
        Purpose.MEMBERS: "the members of ",
    }
)


def words(kind: str, channel: str) -> str:
    """A room of a body in plain words, such as "staff side of the joint negotiating committee"."""
    return ("" if (kind, channel) == GUARDIAN else _ROOM_WORDS.get(channel, "")) + NAMES[kind][1]


def _short(kind: str, channel: str) -> str:
    return f"{NAMES[kind][0]}_{channel}" if channel in (STAFF, MANAGEMENT) else NAMES[kind][0]


def _route(
    kind: RouteKind,
    origin: tuple[str, str],
    target: Place,
    carries: Carries = Carries.RECORD,
    source: str = S0,
    reach: Reach = Reach.SAME_ORGANISATION,
) -> Route:
    start = {RouteKind.RAISE: "RAISE_IN", RouteKind.ESCALATE: f"{_short(*origin)}_TO"}
    verb = start.get(kind, f"{_short(*origin)}_REFERS_TO")
    acknowledge, answer = DAYS[target]
    return Route(
        code=f"{verb}_{_short(*target)}",
        kind=kind,
        from_kind=origin[0],
        from_channel=origin[1],
        to_kind=target[0],
        to_channel=target[1],
        carries=carries,
        reach=reach,
        # A possible protected disclosure must get through to the guardian, the staff side and a union's own officers.
        diverts_casework=target not in (GUARDIAN, UNION_GROUP) and target[1] is not STAFF,
        acknowledge_days=acknowledge,
        answer_days=answer,
        received_by=RECEIVED_BY[target],
        starts_on=SINCE[source],
        ends_on=NO_END,
        source=source,
    )


def _raised(target: Place, by: tuple[str, str] | None = None, source: str = S0) -> Route:
    carries = Carries.RECEIPT if target == GUARDIAN else Carries.RECORD
    return _route(RouteKind.RAISE, by or target, target, carries, source)


def _records(origin: Place, *targets: Place, source: str = S0) -> tuple[Route, ...]:
    return tuple(_route(RouteKind.ESCALATE, origin, target, source=source) for target in targets)


def _referred(origin: Place, *targets: Place) -> tuple[Route, ...]:
    return tuple(_route(RouteKind.REFER, origin, target) for target in targets)


def _handed_over(origin: Place) -> Route:
    return _route(RouteKind.ESCALATE, origin, GUARDIAN, Carries.RECEIPT, S0_GUARDIAN)


def _to_region(origin: Place, channel: Channel, carries: Carries) -> Route:
    return _route(RouteKind.ESCALATE, origin, (SPF, channel), carries, S3, Reach.REGION)


def _to_nation(channel: Channel) -> Route:
    return _route(RouteKind.ESCALATE, (SPF, channel), (NATIONAL_SPF, channel), Carries.OWN_ITEM, S3, Reach.NATION)


def _of_sides(kind: ForumKind, *beside: Place, guardian: bool = True, source: str = S0) -> tuple[Route, ...]:
    """Each side raises in its own room, and brings on its own item, with nothing about where it had it."""
    return tuple(
        route
        for side in (STAFF, MANAGEMENT)
        for route in (
            _raised((kind, side), source=source),
            *(
                _route(RouteKind.ESCALATE, (kind, side), to, Carries.OWN_ITEM, source)
                for to in ((kind, JOINT), *beside)
            ),
            *((_handed_over((kind, side)),) if guardian else ()),
        )
    )


OF_NETWORKS: Final = (
    _raised(NETWORK, by=(ForumKind.STAFF_NETWORK, Purpose.MEMBERS)),
    *_records(NETWORK, (JNC, STAFF)),  # the private channel: management can never see, count or time it
    *_records(NETWORK, (JNC, JOINT), (LNC, JOINT), EDI, (SAFETY, JOINT)),
    _handed_over(NETWORK),
)
OF_UNION_GROUPS: Final = (
    _raised(UNION_GROUP, by=(ForumKind.TRADE_UNION_GROUP, Purpose.MEMBERS)),
    *_records(UNION_GROUP, (JNC, STAFF)),
    _handed_over(UNION_GROUP),
)
OF_JNC: Final = (
    *_of_sides(JNC, EDI, (SAFETY, JOINT)),
    _to_region((JNC, STAFF), STAFF, Carries.OWN_ITEM),
    _to_region((JNC, MANAGEMENT), MANAGEMENT, Carries.OWN_ITEM),
    *_records((JNC, JOINT), EXECUTIVE, BOARD, BOARD_COMMITTEE, source=S0_REPORTING),
    *_referred((JNC, JOINT), EDI, (SAFETY, JOINT)),
    _to_region((JNC, JOINT), JOINT, Carries.THEME),
    _handed_over((JNC, JOINT)),
)
OF_LNC: Final = (
    *_of_sides(LNC, EDI, (SAFETY, JOINT)),
    *_records((LNC, JOINT), EXECUTIVE, BOARD, BOARD_COMMITTEE, source=S0_REPORTING),
    _handed_over((LNC, JOINT)),
)
OF_EDI: Final = (
    *_records(EDI, EXECUTIVE, BOARD, BOARD_COMMITTEE, source=S0_REPORTING),
    *_referred(EDI, (JNC, JOINT), (SAFETY, JOINT)),
    _handed_over(EDI),
)
OF_SAFETY: Final = (
    *_of_sides(SAFETY, EDI),
    *_records((SAFETY, JOINT), EXECUTIVE, BOARD, BOARD_COMMITTEE, source=S0_REPORTING),
    *_referred((SAFETY, JOINT), (JNC, JOINT), EDI),
    _handed_over((SAFETY, JOINT)),
)
OF_EXECUTIVE: Final = (
    *_records(EXECUTIVE, BOARD, BOARD_COMMITTEE, source=S0_REPORTING),
    _handed_over(EXECUTIVE),
)
OF_BOARD: Final = (
    _to_region(BOARD, JOINT, Carries.THEME),
    _handed_over(BOARD),
)
OF_BOARD_COMMITTEE: Final = (
    *_records(BOARD_COMMITTEE, BOARD, source=S0_REPORTING),
    _handed_over(BOARD_COMMITTEE),
)
OF_GUARDIAN: Final = (_raised(GUARDIAN, by=(ORGANISATION, Purpose.ORGANISATION), source=S0_GUARDIAN),)
OF_SPF: Final = (
    *_of_sides(SPF, guardian=False, source=S3),
    *(_to_nation(channel) for channel in (STAFF, MANAGEMENT, JOINT)),
)
OF_NATIONAL_SPF: Final = (
    *_of_sides(NATIONAL_SPF, guardian=False, source=S3),
    *(
        _route(RouteKind.ESCALATE, (NATIONAL_SPF, channel), (SPF, channel), Carries.OWN_ITEM, S3, Reach.REGION)
        for channel in (STAFF, MANAGEMENT, JOINT)
    ),
)

ROUTES: Final[tuple[Route, ...]] = (
    *OF_NETWORKS,
    *OF_UNION_GROUPS,
    *OF_JNC,
    *OF_LNC,
    *OF_EDI,
    *OF_SAFETY,
    *OF_EXECUTIVE,
    *OF_BOARD,
    *OF_BOARD_COMMITTEE,
    *OF_GUARDIAN,
    *OF_SPF,
    *OF_NATIONAL_SPF,
)


def routes_from(kind: str, channel: str, on: date) -> tuple[Route, ...]:
    """Where an issue or a step in this room of a body of that kind can go on that day, in the table's order."""
    return tuple(
        route
        for route in ROUTES
        if (route.from_kind, route.from_channel) == (kind, channel)
        and route.kind is not RouteKind.RAISE
        and route.in_force(on)
    )


def raising_route(kind: str, channel: str, on: date) -> Route | None:
    """By which an issue may be raised in this room on that day; None: it cannot be raised there."""
    return next(
        (
            route
            for route in ROUTES
            if (route.to_kind, route.to_channel) == (kind, channel)
            and route.kind is RouteKind.RAISE
            and route.in_force(on)
        ),
        None,
    )


def raising_routes(on: date) -> tuple[Route, ...]:
    """Everywhere that an issue may be raised on that day."""
    return tuple(route for route in ROUTES if route.kind is RouteKind.RAISE and route.in_force(on))


def route_between(kind: RouteKind, origin: tuple[str, str], target: tuple[str, str], on: date) -> Route | None:
    """The route of that kind from one room to another on that day; None: there is none."""
    return next(
        (
            route
            for route in routes_from(*origin, on)
            if route.kind == kind and (route.to_kind, route.to_channel) == target
        ),
        None,
    )


def route_problems(
    kind: RouteKind, origin: tuple[str, str], target: tuple[str, str], on: date, field: tuple[str, ...] = ("to",)
) -> list[Problem]:
    """Why nothing can go from one room (kind of body, channel) to another: NO_ROUTE, naming where it can."""
    if route_between(kind, origin, target, on) is not None:
        return []
    return [no_route((route for route in routes_from(*origin, on) if route.kind == kind), field)]


def raising_problems(kind: str, channel: str, on: date, field: tuple[str, ...] = ("channel",)) -> list[Problem]:
    """Why an issue cannot be raised in this room on that day: NO_ROUTE, naming where it can."""
    return [] if raising_route(kind, channel, on) else [no_route(raising_routes(on), field)]


def no_route(those: Iterable[Route], field: tuple[str, ...] = ("to",)) -> Problem:
    """The refusal of a route that does not exist, with those that do."""
    return no_route_but((words(route.to_kind, route.to_channel) for route in those), field)


def no_route_but(names: Iterable[str], field: tuple[str, ...] = ("to",)) -> Problem:
    """The same, where the bodies that can be reached are named by the caller."""
    there = tuple(dict.fromkeys(names))
    message = "It cannot go there from here. It can go to " + (", ".join(there) if there else "nobody else") + "."
    return Problem(Code.NO_ROUTE, message, field)


def route_rows() -> Iterator[tuple[object, ...]]:
    """Every route as a row of `access.route`: its fields in their order."""
    for route in ROUTES:
        yield tuple(getattr(route, name) for name in COLUMNS)


COLUMNS: Final = tuple(Route.__dataclass_fields__)
