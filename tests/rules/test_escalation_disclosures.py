"""A raiser's name is told by consent, or on a listed ground after the raiser was told where that is safe."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.escalations import (
    DISCLOSURE_GROUND_DESCRIPTIONS,
    Disclosure,
    DisclosureGround,
    disclosure_problems,
    identity_consent_problems,
    notification_problems,
)
from service.rules.problems import Code, Problem

TODAY = date(2026, 11, 27)
YESTERDAY = TODAY - timedelta(days=1)
CONSENT = DisclosureGround.RAISER_CONSENT
OTHERS = [ground for ground in DisclosureGround if ground is not CONSENT]
TOLD = Disclosure(
    DisclosureGround.SERIOUS_HARM, safe_to_tell=True, why_not_told="", notified_on=YESTERDAY, consented_on=None,
    disclosed_on=None,
)  # fmt: skip


def said(problems: list[Problem]) -> list[tuple[Code, tuple[str, ...]]]:
    return [(problem.code, problem.field) for problem in problems]


@pytest.mark.parametrize("ground", DisclosureGround)
def test_every_disclosure_has_a_reason(ground: DisclosureGround) -> None:
    problems = notification_problems(ground, " ", safe_to_tell=True, why_not_told="")
    assert said(problems) == [(Code.REQUIRED, ("reason",))]
    assert notification_problems(ground, "A child is in danger.", safe_to_tell=True, why_not_told="") == []


@pytest.mark.parametrize("ground", OTHERS)
def test_a_raiser_who_is_not_told_is_owed_a_reason(ground: DisclosureGround) -> None:
    assert said(notification_problems(ground, "Why.", safe_to_tell=False, why_not_told="")) == [
        (Code.REQUIRED, ("whyNotTold",))
    ]
    assert notification_problems(ground, "Why.", safe_to_tell=False, why_not_told="Telling endangers a child.") == []


def test_nobody_consents_to_what_they_are_not_told_of() -> None:
    problems = notification_problems(CONSENT, "Why.", safe_to_tell=False, why_not_told="Because.")
    assert said(problems) == [(Code.INVALID, ("safeToTell",))]


@pytest.mark.parametrize("ground", OTHERS)
def test_a_raiser_is_told_on_an_earlier_day(ground: DisclosureGround) -> None:
    told = replace(TOLD, ground=ground)
    assert disclosure_problems(told, TODAY) == []
    for day in (TODAY, TODAY + timedelta(days=1), None):
        assert said(disclosure_problems(replace(told, notified_on=day), TODAY)) == [(Code.NOT_TOLD_YET, ())]


@pytest.mark.parametrize("ground", DisclosureGround)
def test_consent_needs_no_waiting(ground: DisclosureGround) -> None:
    consented = replace(TOLD, ground=ground, notified_on=TODAY, consented_on=TODAY)
    assert disclosure_problems(consented, TODAY) == []


def test_a_name_is_not_told_on_the_ground_of_consent_without_it_however_long_one_waits() -> None:
    waiting = replace(TOLD, ground=CONSENT, notified_on=date(2020, 1, 1))
    assert said(disclosure_problems(waiting, TODAY)) == [(Code.CONSENT_REQUIRED, ())]


@pytest.mark.parametrize("ground", OTHERS)
def test_where_telling_is_not_safe_the_record_says_why(ground: DisclosureGround) -> None:
    unsafe = replace(TOLD, ground=ground, safe_to_tell=False, notified_on=None)
    assert said(disclosure_problems(unsafe, TODAY)) == [(Code.REQUIRED, ("whyNotTold",))]
    assert disclosure_problems(replace(unsafe, why_not_told="Telling endangers a child."), TODAY) == []


def test_a_name_is_told_once_and_consent_given_once() -> None:
    told = replace(TOLD, disclosed_on=YESTERDAY)
    assert said(disclosure_problems(told, TODAY)) == [(Code.WRONG_STATE, ())]
    assert said(identity_consent_problems(told)) == [(Code.WRONG_STATE, ())]
    assert said(identity_consent_problems(replace(TOLD, consented_on=YESTERDAY))) == [(Code.WRONG_STATE, ())]
    assert identity_consent_problems(TOLD) == []


DAYS = st.none() | st.dates(date(2026, 11, 25), date(2026, 11, 29))


@given(
    st.builds(
        Disclosure,
        st.sampled_from(list(DisclosureGround)),
        st.booleans(),
        st.sampled_from(["", "Why."]),
        DAYS,
        DAYS,
        st.none(),
    )
)
def test_no_name_is_told_without_consent_notice_or_a_recorded_danger(disclosure: Disclosure) -> None:
    if disclosure_problems(disclosure, TODAY):
        return
    told = disclosure.notified_on is not None and disclosure.notified_on < TODAY
    danger = not disclosure.safe_to_tell and disclosure.why_not_told
    assert disclosure.consented_on or (disclosure.ground is not CONSENT and (told or danger))


def test_a_client_finds_every_ground_described() -> None:
    assert set(DISCLOSURE_GROUND_DESCRIPTIONS) == set(DisclosureGround)
