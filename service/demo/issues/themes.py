"""What the trusts of the demo offered to their region, quarter by quarter, and what it answered."""

from typing import Final

from service.demo.cases import Did
from service.demo.consultations.seats import Seats
from service.demo.days import Days
from service.demo.matters import Answer, Offer
from service.demo.organisations import NORTH_EAST
from service.demo.shapes import seat_key
from service.rules.bodies import Office, Side
from service.rules.calendar import england_day
from service.rules.escalations import Category, ThemeState, period_of

VIOLENCE, TIME_OFF, HEALTH = Category.BULLYING_HARASSMENT_VIOLENCE, Category.TIME_OFF, Category.HEALTH_AND_WELLBEING
UNION_CHAIR: Final = seat_key(NORTH_EAST, "spf", Side.STAFF, Office.CO_CHAIR, "joint trade union chair 1")
REGIONAL_CHAIR: Final = seat_key(NORTH_EAST, "spf", Side.MANAGEMENT, Office.CHAIR, "regional management chair")
BY_COUNT: Final = ("RTD", "RXP", "RR7", "RTF")  # from three on, the region sees it


def themes(days: Days) -> tuple[Offer | Answer, ...]:
    """One seen by count and answered in time, one by a trust's name, one that stays below the number."""
    quarter = period_of(england_day(days.past(70)))
    now = period_of(england_day(days.past(10)))
    named = Seats("RXP")
    signed = (Did(named.management_chair, days.past(9)), Did(named.staff_chair, days.past(8)))
    return (
        *(_offer(trust, VIOLENCE, quarter, days, 70 - 2 * place) for place, trust in enumerate(BY_COUNT)),
        _answer(quarter, ThemeState.DISCUSSED, "Both sides heard it at the autumn meeting.", REGIONAL_CHAIR, days, 45),
        _answer(quarter, ThemeState.IN_PROGRESS, "Both sides collect what trusts do after it.", UNION_CHAIR, days, 30),
        _answer(quarter, ThemeState.ANSWERED, "The group's guide went to every trust.", REGIONAL_CHAIR, days, 6),
        _offer("RXP", TIME_OFF, now, days, 10, signed),
        _offer("RTD", TIME_OFF, now, days, 7),
        _offer("RTD", HEALTH, now, days, 5),
    )  # fmt: skip


def _offer(trust: str, category: Category, period: str, days: Days, ago: int, signed: tuple[Did, ...] = ()) -> Offer:
    seats = Seats(trust)
    return Offer(seats.body("jnc"), category, period, Did(seats.staff_chair, days.past(ago)), signed)


def _answer(period: str, state: ThemeState, statement: str, seat: str, days: Days, ago: int) -> Answer:
    return Answer(VIOLENCE, period, state, statement, Did(seat, days.past(ago)))
