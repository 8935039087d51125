"""The North East's NHS organisations by their real ODS codes, and the unions that NHS trusts recognise.

Codes are closed and never reused; a merged trust keeps its entry and names its successor. Codes from the Organisation
Data Service as read in DOMAIN 4.1. Founding document S3 counts eleven trusts: with South Tyneside and Sunderland
merged in 2019 the same area has ten today. North Cumbria is in the integrated care board and not in S3's count.
Where a code was not confirmed (NHS England itself) there is none. The social partnership region has no ODS code.
"""

from datetime import date
from typing import Final

from service.demo.shapes import Organisation
from service.rules.bodies import OrganisationKind

NHS_ENGLAND: Final = "nhs-england"
NORTH_EAST: Final = "north-east"
ICB: Final = "QHM"
MERGED_ON: Final = date(2019, 4, 1)
LAST_DAY_APART: Final = date(2019, 3, 31)

TRUST_NAMES: Final = {
    "RTD": "The Newcastle upon Tyne Hospitals NHS Foundation Trust",
    "RXP": "County Durham and Darlington NHS Foundation Trust",
    "RR7": "Gateshead Health NHS Foundation Trust",
    "RVW": "North Tees and Hartlepool NHS Foundation Trust",
    "RTR": "South Tees Hospitals NHS Foundation Trust",
    "RTF": "Northumbria Healthcare NHS Foundation Trust",
    "R0B": "South Tyneside and Sunderland NHS Foundation Trust",
    "RX4": "Cumbria, Northumberland, Tyne and Wear NHS Foundation Trust",
    "RX3": "Tees, Esk and Wear Valleys NHS Foundation Trust",
    "RX6": "North East Ambulance Service NHS Foundation Trust",
    "RNN": "North Cumbria Integrated Care NHS Foundation Trust",
}
TRUSTS: Final = tuple(TRUST_NAMES)
TRUST_TYPES: Final = {
    "RX4": "Mental health and learning disability",
    "RX3": "Mental health and learning disability",
    "RX6": "Ambulance",
}
MOST_ARE: Final = "Acute and community"
FORMER: Final = {"RE9": "South Tyneside NHS Foundation Trust", "RLN": "City Hospitals Sunderland NHS Foundation Trust"}
UNIONS: Final = {
    "UNISON": "UNISON",
    "RCN": "Royal College of Nursing",
    "UNITE": "Unite the Union",
    "GMB": "GMB",
    "BMA": "British Medical Association",
}


def organisations() -> tuple[Organisation, ...]:
    """Every organisation of the demo, parents and successors before those that name them."""
    return (
        Organisation(NHS_ENGLAND, "NHS England", OrganisationKind.NATIONAL),
        Organisation("Y63", "North East and Yorkshire", OrganisationKind.REGION, "Y63", NHS_ENGLAND),
        Organisation(NORTH_EAST, "North East", OrganisationKind.REGION, parent="Y63"),
        Organisation(ICB, "NHS North East and North Cumbria Integrated Care Board", OrganisationKind.ICB, ICB, "Y63"),
        *(_trust(code, name) for code, name in TRUST_NAMES.items()),
        *(
            Organisation(code, name, OrganisationKind.TRUST, code, ICB, closed_on=LAST_DAY_APART, successor="R0B")
            for code, name in FORMER.items()
        ),
        *(Organisation(key, name, OrganisationKind.TRADE_UNION) for key, name in UNIONS.items()),
    )


def _trust(code: str, name: str) -> Organisation:
    return Organisation(
        code,
        name,
        OrganisationKind.TRUST,
        code,
        ICB,
        opened_on=MERGED_ON if code == "R0B" else None,
        trust_type=TRUST_TYPES.get(code, MOST_ARE),
    )
