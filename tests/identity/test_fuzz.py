"""Whatever is sent, the answer is a refusal: never a fault, never somebody else's name."""

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from service.identity.bearer import NotAuthenticated, bearer_token
from service.identity.refusals import TokenRefused
from service.identity.tokens import Identity
from tests.identity.issuing import RSA_KEY, at_once, claims, header, part, sign, token, verifier

HONEST = token()
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
CLAIMS = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "nbf",
    "jti",
    "scope",
    "sid",
    "name",
    "typ",
    "azp",
    "",
    "iss\x00",
    "\ud800",
]
HEADERS = ["alg", "kid", "typ", "cty", "x5t", "x5t#S256", "crit", "b64", "zip", "jwk", "jku", "enc", "epk", ""]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["ES256", "none", "at+jwt"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def outcome(presented: str) -> Identity | None:
    try:
        return at_once(verifier().verify(presented))
    except TokenRefused:
        return None


@given(st.text() | st.text(alphabet=BASE64, max_size=400))
@example("")
@example("..")
@example("\ud800.\ud800.\ud800")
def test_outsider_with_any_text_is_refused(presented: str) -> None:
    assert outcome(presented) is None


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=6))
def test_outsider_with_any_encoded_bytes_is_refused(parts: list[bytes]) -> None:
    assert outcome(b".".join(part(piece) for piece in parts).decode()) is None


@given(st.integers(0, len(HONEST) - 1), st.characters(), st.sampled_from(["replace", "insert", "delete"]))
def test_outsider_who_changes_one_character_is_refused(at: int, character: str, how: str) -> None:
    middle = {"replace": character, "insert": character + HONEST[at], "delete": ""}[how]
    changed = HONEST[:at] + middle + HONEST[at + 1 :]
    if changed != HONEST:
        assert outcome(changed) is None


@given(st.integers(0, len(HONEST)), st.integers(0, len(HONEST)), st.integers(0, len(HONEST)))
def test_outsider_who_cuts_and_splices_is_refused(first: int, second: int, third: int) -> None:
    spliced = HONEST[:first] + HONEST[second:third]
    if spliced != HONEST:
        assert outcome(spliced) is None


@given(st.dictionaries(st.sampled_from(CLAIMS), VALUES, max_size=5))
def test_no_signed_claims_break_the_verifier_or_name_what_they_do_not_say(changes: dict[str, Any]) -> None:
    payload = {**claims(), **changes}
    who = outcome(sign(header(), json.dumps(payload).encode(), RSA_KEY))
    assert who is None or (who.subject, who.issuer) == (payload["sub"], payload["iss"])


@given(st.dictionaries(st.sampled_from(HEADERS), VALUES, max_size=4))
def test_no_signed_header_breaks_the_verifier(changes: dict[str, Any]) -> None:
    who = outcome(sign(json.dumps({**header(), **changes}).encode(), claims(), RSA_KEY))
    assert who is None or who.subject == "person-7f3a"


@given(st.lists(st.tuples(st.sampled_from([b"authorization", b"Authorization", b"cookie"]), st.binary(max_size=60))))
def test_no_header_breaks_the_reading_of_it(headers: list[tuple[bytes, bytes]]) -> None:
    try:
        assert bearer_token(headers).isascii()
    except NotAuthenticated as answer:
        assert answer.status in {400, 401}
