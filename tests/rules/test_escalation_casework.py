"""Whoever brings one person's case to the wrong place loses nothing and learns at once who can help."""

import pytest

from service.forums.routes import ROUTES, Route
from service.rules.escalations import (
    DEFAULTS,
    SIGNPOST_PURPOSE_DESCRIPTIONS,
    Signpost,
    SignpostPurpose,
    casework_problems,
    signpost_problems,
    signposts,
)
from service.rules.problems import Code

URGENT, UNION = SignpostPurpose.URGENT_HARM, SignpostPurpose.UNION_REPRESENTATIVE


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.code)
def test_one_persons_case_is_turned_away_exactly_where_its_route_says(route: Route) -> None:
    refused = casework_problems(diverts_casework=route.diverts_casework, individual_case=True)
    assert [each.code for each in refused] == ([Code.CASEWORK_DIVERTED] if route.diverts_casework else [])
    assert casework_problems(diverts_casework=route.diverts_casework, individual_case=False) == []


def test_somebody_in_danger_reads_first_what_to_do() -> None:
    (problem,) = casework_problems(diverts_casework=True, individual_case=True)
    first, *others = problem.message.splitlines()
    assert "999" in first
    assert all("999" not in line for line in others)
    places = [problem.message.index(DEFAULTS[purpose].words) for purpose in SignpostPurpose]
    assert places == sorted(places), "urgent harm, union representative, guardian, grievance"
    assert "Nothing was kept" in problem.message


def test_an_organisation_points_in_its_own_words() -> None:
    own = Signpost(UNION, "Ask the duty rep.", "Extension 1234.")
    (problem,) = casework_problems(diverts_casework=True, individual_case=True, configured={UNION: own})
    assert "Ask the duty rep. Extension 1234." in problem.message
    assert DEFAULTS[UNION].words not in problem.message
    assert signposts({UNION: own})[1] == own


def test_nobody_is_left_without_words_where_an_organisation_has_set_none() -> None:
    assert [each.purpose for each in signposts({})] == list(SignpostPurpose)
    for purpose, post in DEFAULTS.items():
        assert post.purpose is purpose
        assert signpost_problems(post.words, post.how_to_reach) == []


def test_an_organisation_cannot_point_nowhere() -> None:
    assert [(each.code, each.field) for each in signpost_problems(" ", "\n")] == [
        (Code.REQUIRED, ("words",)),
        (Code.REQUIRED, ("howToReach",)),
    ]
    assert [each.code for each in signpost_problems("x" * 1001, "y" * 1001)] == [Code.TOO_LONG] * 2


def test_a_client_finds_every_signpost_described() -> None:
    assert set(SIGNPOST_PURPOSE_DESCRIPTIONS) == set(SignpostPurpose) == set(DEFAULTS)
    assert next(iter(SignpostPurpose)) is URGENT
