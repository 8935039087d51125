"""The public staff-survey file, where it is: beside the repository, or where STAFF_SURVEY_FILE says. Never committed."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import pytest

from service.rules.reports.file_rules import Table
from service.rules.reports.files import read

ROOT = Path(__file__).parent.parent.parent
PLACE = Path(os.environ.get("STAFF_SURVEY_FILE", ROOT.parent / "shared" / "data" / "nhs-staff-survey-2021-2024.csv"))

needs_the_file = pytest.mark.skipif(
    not PLACE.is_file(), reason="the public NHS Staff Survey file is not here: set STAFF_SURVEY_FILE to its path"
)


@lru_cache(maxsize=1)
def survey_table() -> Table:
    found = read(PLACE.read_bytes())
    assert isinstance(found, Table)
    return found
