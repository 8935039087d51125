"""The Workforce Race Equality Standard for doctors and dentists, and for those who work on the bank only.

That there are eleven medical indicators (four on career progression and pay, six on how doctors are treated, one on
councils and boards) and nine bank indicators (representation by ethnicity and gender, experience including
disciplinaries, dismissals, bullying and harassment, route of entry) is published by NHS England. Their exact wording
is from memory and marked so; a trust's figures name the version under which they were given.
"""

from dataclasses import replace
from datetime import date
from typing import Final

from service.rules.bodies import ForumKind
from service.rules.reports.definitions import (
    BandsAddUp,
    Choice,
    Definition,
    Dimension,
    Direction,
    Metric,
    Part,
    Unit,
)
from service.rules.reports.kinds.groups import (
    ALL,
    BOARD_AND_COMMITTEES,
    COUNT,
    ETHNICITIES,
    MEDICAL_GRADES,
    PARTNERSHIP,
    REGION,
)
from service.rules.reports.kinds.wres import BME_OVER_WHITE, WHITE_OVER_BME, board, experience, likelihood

_LOWER: Final = Direction.LOWER_IS_BETTER
_HIGHER: Final = Direction.HIGHER_IS_BETTER
_OTHER: Final = Choice("OTHER", "Another gender, or not stated")
_NOTE: Final = "Wording from memory; to be verified."


def _unconfirmed(*metrics: Metric) -> tuple[Metric, ...]:
    return tuple(replace(metric, verified=False, note=_NOTE) for metric in metrics)


def _people(code: str, label: str, bands: tuple[Choice, ...]) -> Metric:
    return Metric(
        code=code,
        label=label,
        unit=Unit.COUNT,
        source="Electronic Staff Record at 31 March",
        counts_people=True,
        published_verbatim=True,
        groups=ETHNICITIES,
        bands=bands,
        checks=(*COUNT, BandsAddUp(Part.VALUE, "ALL")),
    )


MEDICAL: Final = Definition(
    code="WRES_MEDICAL",
    version=1,
    title="Workforce Race Equality Standard: medical workforce",
    starts_on=date(2020, 4, 1),
    ends_on=None,
    source="NHS England, WRES indicators for the NHS medical workforce; DOMAIN 2.1",
    verified=False,
    receivers=(*BOARD_AND_COMMITTEES, ForumKind.LOCAL_NEGOTIATING_COMMITTEE, *PARTNERSHIP, *REGION),
    dimensions=tuple(Dimension),
    metrics=_unconfirmed(
        _people("MWRES1", "Doctors and dentists in each grade", (*MEDICAL_GRADES, ALL)),
        likelihood("MWRES2", "Likelihood of White doctors being appointed to consultant posts", WHITE_OVER_BME),
        likelihood("MWRES3", "Likelihood of BME doctors facing a formal complaint or referral", BME_OVER_WHITE),
        likelihood("MWRES4", "Likelihood of BME doctors' revalidation being deferred", BME_OVER_WHITE),
        experience("MWRES5", "Harassment, bullying or abuse from patients or the public", "(medical)", _LOWER),
        experience("MWRES6", "Harassment, bullying or abuse from staff", "(medical)", _LOWER),
        experience("MWRES7", "Discrimination from a manager or colleague", "(medical)", _LOWER),
        experience("MWRES8", "Belief in equal opportunities for progression", "(medical)", _HIGHER),
        experience("MWRES9", "Feeling involved in changes that affect one's work", "(medical)", _HIGHER),
        experience("MWRES10", "Finding senior managers' and colleagues' support fair", "(medical)", _HIGHER),
        board("MWRES11", "Members of the medical leadership and councils"),
    ),
)

BANK: Final = Definition(
    code="WRES_BANK",
    version=1,
    title="Workforce Race Equality Standard: bank-only workers",
    starts_on=date(2022, 4, 1),
    ends_on=None,
    source="NHS England, WRES indicators for the NHS bank only workforce; technical guidance for the bank WRES",
    verified=False,
    receivers=(*BOARD_AND_COMMITTEES, *PARTNERSHIP, *REGION),
    dimensions=tuple(Dimension),
    metrics=_unconfirmed(
        _people("BWRES1", "Bank-only workers by gender", (Choice("WOMEN", "Women"), Choice("MEN", "Men"), _OTHER, ALL)),
        _people(
            "BWRES2",
            "Bank-only workers by route of entry",
            (Choice("DIRECT", "Recruited directly"), Choice("OUTSOURCED", "Through a supplier"), ALL),
        ),
        likelihood("BWRES3", "Likelihood of BME bank workers entering the disciplinary process", BME_OVER_WHITE),
        likelihood("BWRES4", "Likelihood of BME bank workers being dismissed", BME_OVER_WHITE),
        experience("BWRES5", "Harassment, bullying or abuse from patients or the public", "(bank)", _LOWER),
        experience("BWRES6", "Harassment, bullying or abuse from staff", "(bank)", _LOWER),
        experience("BWRES7", "Discrimination from a manager or colleague", "(bank)", _LOWER),
        experience("BWRES8", "Physical violence at work", "(bank)", _LOWER),
        experience("BWRES9", "Belief in equal treatment in the offer of work", "(bank)", _HIGHER),
    ),
)
