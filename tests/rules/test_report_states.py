"""A report moves as its receivers expect, its versions stay, and the same figures are one submission."""

from dataclasses import replace
from decimal import Decimal

import pytest

from service.rules.problems import Code
from service.rules.reports.definitions import Figure
from service.rules.reports.kinds import find
from service.rules.reports.states import (
    FIXED,
    MOVES,
    Resubmission,
    State,
    Verb,
    Version,
    digest_of,
    move,
    move_problems,
    resubmission,
    sign_off_problems,
)

JOBS = find("JOB_EVALUATION", 1)
assert JOBS is not None
FIGURES = [Figure("JE_IN_USE", band=b, value=Decimal(n)) for b, n in (("BAND_5", 40), ("BAND_6", 30))]


@pytest.mark.parametrize("state", [None, *State])
@pytest.mark.parametrize("verb", list(Verb))
def test_a_verb_is_possible_where_the_table_says_and_refused_elsewhere(state: State | None, verb: Verb) -> None:
    possible = any(row.from_state == state and row.verb == verb for row in MOVES)
    assert (move_problems(state, verb) == []) is possible
    if not possible:
        assert [p.code for p in move_problems(state, verb)] == [Code.WRONG_STATE]


def test_what_others_have_seen_is_never_changed_but_followed_by_a_next_version() -> None:
    for state in FIXED:
        one = move(state, Verb.REVISE)
        assert one is None or one.next_version


def test_nothing_is_published_that_its_receiver_has_not_acknowledged() -> None:
    assert {row.from_state for row in MOVES if row.to_state is State.PUBLISHED} == {State.ACKNOWLEDGED}


def test_the_boards_officer_signs_exactly_the_figures_that_are_submitted() -> None:
    digest = digest_of(JOBS, FIGURES)
    other = digest_of(JOBS, [replace(FIGURES[0], value=Decimal(41)), FIGURES[1]])
    assert [p.code for p in sign_off_problems(JOBS, digest, None)] == [Code.SIGNATURE_MISSING]
    assert [p.code for p in sign_off_problems(JOBS, other, digest)] == [Code.SIGNATURE_MISSING]
    assert sign_off_problems(JOBS, digest, digest) == []
    wres = find("WRES", 1)
    assert wres is not None
    assert sign_off_problems(wres, digest, None) == []


def test_the_same_figures_are_the_same_however_they_are_written() -> None:
    as_decimals = [replace(f, value=f.value and Decimal(f"{f.value}.00")) for f in reversed(FIGURES)]
    assert digest_of(JOBS, as_decimals) == digest_of(JOBS, FIGURES)
    assert digest_of(JOBS, [replace(FIGURES[0], estimated=True), FIGURES[1]]) != digest_of(JOBS, FIGURES)
    assert digest_of(JOBS, [Figure("JE_IN_USE", band="BAND_5", value=Decimal("1E+1"))]) == digest_of(
        JOBS, [Figure("JE_IN_USE", band="BAND_5", value=Decimal(10))]
    )


@pytest.mark.parametrize(
    ("state", "same", "expected"),
    [
        (State.DRAFT, True, Resubmission.UNCHANGED),
        (State.DRAFT, False, Resubmission.REPLACES_DRAFT),
        (State.SUBMITTED, True, Resubmission.UNCHANGED),
        (State.SUBMITTED, False, Resubmission.NOT_NOW),
        (State.ACKNOWLEDGED, False, Resubmission.NOT_NOW),
        (State.RETURNED, True, Resubmission.NEXT_VERSION),
        (State.RETURNED, False, Resubmission.NEXT_VERSION),
        (State.PUBLISHED, True, Resubmission.UNCHANGED),
        (State.PUBLISHED, False, Resubmission.NEXT_VERSION),
    ],
)
def test_the_same_external_key_updates_its_report(state: State, same: bool, expected: Resubmission) -> None:
    assert resubmission(Version(1, state, "a"), "a" if same else "b") is expected
    assert resubmission(None, "a") is Resubmission.NEW
