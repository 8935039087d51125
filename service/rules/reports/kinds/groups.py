"""The groups, bands and checks that several kinds of report share.

Ethnicity as WRES groups it: White is A-C (White Irish and other White among them), BME is D-S, and what a person has
not stated stands apart. A network's own definition of who may join it is another thing (founding document S0), and
is never derived from these. Agenda for Change bands: NHS terms and conditions handbook; band 1 is closed.
"""

from decimal import Decimal
from typing import Final

from service.rules.bodies import ForumKind, Side
from service.rules.reports.definitions import AtMost, Check, Choice, NotZero, Part, Range, Whole

WHITE: Final = Choice("WHITE", "White staff")
BME: Final = Choice("BME", "Black and minority ethnic (BME) staff")
ETHNICITY_NOT_STATED: Final = Choice("NOT_STATED", "Ethnicity not stated")
WHITE_AND_BME: Final = (WHITE, BME)
ETHNICITIES: Final = (WHITE, BME, ETHNICITY_NOT_STATED)

DISABLED: Final = Choice("DISABLED", "Disabled staff")
NON_DISABLED: Final = Choice("NON_DISABLED", "Non-disabled staff")
DISABILITY_UNKNOWN: Final = Choice("UNKNOWN", "Disability unknown or not stated")
DISABLED_AND_NOT: Final = (DISABLED, NON_DISABLED)
DISABILITIES: Final = (DISABLED, NON_DISABLED, DISABILITY_UNKNOWN)

SIDES: Final = (Choice(Side.MANAGEMENT, "Management side"), Choice(Side.STAFF, "Staff side"))

ALL: Final = Choice("ALL", "All bands together")
AFC_BANDS: Final = tuple(
    Choice(code, label)
    for code, label in (
        ("BAND_1", "Band 1 (closed to new starters)"),
        *((f"BAND_{n}", f"Band {n}") for n in range(2, 8)),
        *((f"BAND_8{letter.upper()}", f"Band 8{letter}") for letter in "abcd"),
        ("BAND_9", "Band 9"),
        ("VSM", "Very senior managers, executive board members among them"),
    )
)
MEDICAL_GRADES: Final = (
    Choice("CONSULTANT", "Consultants"),
    Choice("CAREER_GRADE", "Non-consultant career grades"),
    Choice("TRAINEE", "Trainee grades"),
    Choice("MEDICAL_OTHER", "Other medical and dental staff"),
)
NON_CLINICAL_BANDS: Final = (*AFC_BANDS, ALL)
CLINICAL_BANDS: Final = (*AFC_BANDS, *MEDICAL_GRADES, ALL)

_ZERO: Final = Decimal(0)
_HUNDRED: Final = Decimal(100)
PEOPLE_MOST: Final = Decimal(10_000_000)

COUNT: Final[tuple[Check, ...]] = (Whole(Part.VALUE), Range(Part.VALUE, _ZERO, PEOPLE_MOST))
SHARE: Final[tuple[Check, ...]] = (
    Whole(Part.NUMERATOR),
    Whole(Part.DENOMINATOR),
    Range(Part.NUMERATOR, _ZERO, PEOPLE_MOST),
    Range(Part.DENOMINATOR, _ZERO, PEOPLE_MOST),
    AtMost(Part.NUMERATOR, Part.DENOMINATOR),
)
SHARE_OF_SOME: Final[tuple[Check, ...]] = (*SHARE, NotZero(Part.DENOMINATOR))
RATE: Final[tuple[Check, ...]] = (
    Range(Part.VALUE, _ZERO, _HUNDRED),
    Range(Part.BASE, _ZERO, PEOPLE_MOST),
    Whole(Part.BASE),
    NotZero(Part.BASE),
)
NOT_NEGATIVE: Final[tuple[Check, ...]] = (Range(Part.VALUE, _ZERO, Decimal(10) ** 12),)
SCORE_OF_TEN: Final[tuple[Check, ...]] = (
    Range(Part.VALUE, _ZERO, Decimal(10)),
    Range(Part.BASE, _ZERO, PEOPLE_MOST),
)

BOARD_AND_COMMITTEES: Final = (ForumKind.BOARD, ForumKind.BOARD_COMMITTEE, ForumKind.EXECUTIVE_COMMITTEE)
PARTNERSHIP: Final = (ForumKind.JOINT_NEGOTIATING_COMMITTEE, ForumKind.EDI_STEERING_GROUP)
REGION: Final = (ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM,)
