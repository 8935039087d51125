"""One header, one token; and an answer that tells a forger nothing."""

import time

import pytest

from service.identity.bearer import NotAuthenticated, bearer_token, refusal
from service.identity.refusals import RefusalReason, TokenRefused
from tests.identity.issuing import token


def answer(*values: bytes) -> NotAuthenticated:
    with pytest.raises(NotAuthenticated) as caught:
        bearer_token([(b"host", b"x"), *((b"authorization", value) for value in values)])
    return caught.value


def test_outsider_without_credentials_is_only_asked_for_some() -> None:
    assert (answer().status, answer().challenge) == (401, 'Bearer realm="partnership"')


@pytest.mark.parametrize("value", [b"Basic dXNlcjpwYXNz", b"Negotiate abc", b"", b"token abc", b"Bearerabc"])
def test_outsider_with_another_scheme_is_asked_for_a_bearer_token(value: bytes) -> None:
    assert (answer(value).status, answer(value).challenge) == (401, 'Bearer realm="partnership"')


def test_outsider_with_two_headers_is_refused_though_both_are_good() -> None:
    good = b"Bearer " + token().encode()
    refused = answer(good, good)
    assert (refused.status, refused.challenge) == (400, 'Bearer realm="partnership", error="invalid_request"')


@pytest.mark.parametrize(
    "value", [b"Bearer", b"Bearer ", b"Bearer a b", b"Bearer a,Bearer b", b"Bearer \xff", b"Bearer a\n", b'Bearer "a"']
)
def test_outsider_with_a_malformed_header_is_refused(value: bytes) -> None:
    assert answer(value).status == 400


def test_B14_eight_megabyte_header_is_refused_within_five_milliseconds() -> None:
    huge = b"Bearer " + b"A" * 8_000_000
    started = time.process_time()
    status = answer(huge).status
    assert time.process_time() - started < 0.005
    assert status == 401


def test_outsider_learns_the_same_from_every_refusal() -> None:
    judged = [reason for reason in RefusalReason if reason is not RefusalReason.KEYS_UNAVAILABLE]
    answers = {(found.status, found.challenge) for found in (refusal(TokenRefused(reason)) for reason in judged)}
    assert len(answers) == 1
    ((status, challenge),) = answers
    assert status == 401
    assert challenge is not None
    assert challenge.startswith('Bearer realm="partnership", error="invalid_token", error_description="')
    assert "issuer" not in challenge


def test_person_whose_issuer_cannot_be_reached_is_told_to_come_back() -> None:
    found = refusal(TokenRefused(RefusalReason.KEYS_UNAVAILABLE))
    assert (found.status, found.challenge) == (503, None)


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER  "])
def test_person_with_one_token_is_heard(scheme: str) -> None:
    presented = token()
    assert bearer_token([(b"Authorization", (scheme + presented).encode())]) == presented
