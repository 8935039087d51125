"""NHS trusts that closed and who took them over: what a file of figures names under a code that is no longer open.

A code is closed and never reused; an acquisition keeps the acquirer's code, and where two trusts shared one between
them both follow it. Read from the public register of children's services (rcpch-nhs-organisations, known
acquisitions, as of 2026, which quotes the Organisation Data Service), and DOMAIN 4.1 for South Tyneside and
Sunderland. It is no register: a trust that is not here has a code of its own, open or closed for another reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Succession:
    """The trust of that code was open until `last_day`; then it was part of `successors`."""

    ods_code: str
    last_day: date
    successors: tuple[str, ...]


SUCCESSIONS: Final[tuple[Succession, ...]] = (
    Succession("RVL", date(2014, 7, 1), ("RAL",)),
    Succession("RFW", date(2015, 8, 31), ("RQM",)),
    Succession("R1G", date(2015, 9, 30), ("RA9",)),
    Succession("RJX", date(2016, 6, 30), ("RW4",)),
    Succession("RLU", date(2017, 1, 31), ("RQ3",)),
    Succession("RQQ", date(2017, 3, 31), ("RGN",)),
    Succession("RY1", date(2018, 3, 30), ("RW4",)),
    Succession("RR1", date(2018, 4, 1), ("RRK",)),
    Succession("R1E", date(2018, 5, 31), ("RRE",)),
    Succession("RJF", date(2018, 6, 30), ("RTG",)),
    Succession("RGQ", date(2018, 6, 30), ("RDE",)),
    Succession("RE9", date(2019, 3, 31), ("R0B",)),
    Succession("RLN", date(2019, 3, 31), ("R0B",)),
    Succession("R1J", date(2019, 9, 30), ("RTQ",)),
    Succession("RQ6", date(2019, 9, 30), ("REM",)),
    Succession("RC1", date(2020, 3, 31), ("RC9",)),
    Succession("RBA", date(2020, 3, 31), ("RH5",)),
    Succession("RA3", date(2020, 3, 31), ("RA7",)),
    Succession("RT3", date(2021, 1, 31), ("RJ1",)),
    Succession("RXH", date(2021, 3, 31), ("RYR",)),
    Succession("RTV", date(2021, 5, 31), ("RW4",)),
    Succession("RW6", date(2021, 9, 30), ("RM3", "R0A")),
    Succession("RBZ", date(2022, 3, 31), ("RH8",)),
    Succession("RA4", date(2023, 3, 31), ("RH5",)),
    Succession("RVY", date(2023, 6, 30), ("RBN",)),
    Succession("R1C", date(2024, 9, 30), ("RW1",)),
    Succession("RY9", date(2024, 10, 31), ("RAX",)),
    Succession("RAP", date(2024, 12, 31), ("RAL",)),
    Succession("RYV", date(2026, 3, 31), ("RY3",)),
    Succession("RY2", date(2026, 3, 31), ("RWW",)),
    Succession("RVJ", date(2026, 6, 30), ("RA7",)),
)


def succession_of(ods_code: str) -> Succession | None:
    """How the trust of that code ended; None: nothing is known of its end."""
    return next((one for one in SUCCESSIONS if one.ods_code == ods_code), None)
