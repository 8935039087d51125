"""Every kind of report, and every version of each: data, newest last. A later version never changes an older one."""

from __future__ import annotations

from typing import Final

from service.rules.reports.definitions import Definition
from service.rules.reports.kinds.facility_time import FACILITY_TIME, FACILITY_TIME_2017, PROTECTED_TIME
from service.rules.reports.kinds.job_evaluation import JOB_EVALUATION
from service.rules.reports.kinds.network_annual import NETWORK_ANNUAL
from service.rules.reports.kinds.partnership import ACTION_PLAN, ATTENDANCE, BEHAVIOURS
from service.rules.reports.kinds.staff_survey import STAFF_SURVEY
from service.rules.reports.kinds.wdes import WDES, WDES_2019
from service.rules.reports.kinds.wres import WRES
from service.rules.reports.kinds.wres_variants import BANK, MEDICAL

DEFINITIONS: Final[tuple[Definition, ...]] = (
    WRES,
    MEDICAL,
    BANK,
    WDES_2019,
    WDES,
    STAFF_SURVEY,
    FACILITY_TIME_2017,
    FACILITY_TIME,
    PROTECTED_TIME,
    JOB_EVALUATION,
    NETWORK_ANNUAL,
    BEHAVIOURS,
    ATTENDANCE,
    ACTION_PLAN,
)


def find(code: str, version: int) -> Definition | None:
    """That version of that kind; None: there is none."""
    return next((d for d in DEFINITIONS if d.code == code and d.version == version), None)
