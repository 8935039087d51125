"""Nobody is believed on their own word (THREATS B1-B6, B8-B11, B14); only then, that an honest token passes."""

import hmac
import json
import time
from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from service.identity.compact import VerifyingKey
from service.identity.keys import FixedKeys, TrustedIssuer
from service.identity.refusals import RefusalReason, TokenRefused
from service.identity.tokens import MAX_REMEMBERED, TokenVerifier
from tests.identity.issuing import (
    AUDIENCE,
    EC_KEY,
    ISSUER,
    KID,
    NOW,
    OTHER_RSA_KEY,
    PROFILE,
    RSA_KEY,
    at_once,
    claims,
    header,
    part,
    public,
    refused,
    seconds,
    sign,
    token,
    trusted,
    verified,
    verifier,
)  # fmt: skip


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE"])
def test_B1_B2_unsigned_token_is_refused(alg: str) -> None:
    unsigned = (part(header(alg=alg)) + b"." + part(claims()) + b".").decode()
    assert refused(unsigned) is RefusalReason.ALGORITHM_NOT_ACCEPTED


@pytest.mark.parametrize("signature", ["", "AA", "A" * 342])
def test_B3_blank_or_invented_signature_is_refused(signature: str) -> None:
    assert refused(token().rpartition(".")[0] + "." + signature) is RefusalReason.SIGNATURE_BAD


@pytest.mark.parametrize(
    ("alg", "reason"),
    [("HS256", RefusalReason.ALGORITHM_NOT_ACCEPTED), ("RS256", RefusalReason.SIGNATURE_BAD)],
)
def test_B4_hs256_signed_with_the_public_key_is_refused(alg: str, reason: RefusalReason) -> None:
    signing_input = part(header(alg=alg)) + b"." + part(claims())
    for shared in (RSA_KEY.as_pem(private=False), RSA_KEY.as_der(private=False)):
        forged = signing_input + b"." + part(hmac.digest(shared, signing_input, "sha256"))
        assert refused(forged.decode()) is reason


def test_B6_right_kid_with_wrong_key_is_refused() -> None:
    assert refused(sign(header(), claims(), OTHER_RSA_KEY)) is RefusalReason.SIGNATURE_BAD


def test_B6_key_of_another_kind_than_the_algorithm_is_refused() -> None:
    forged = sign(header(alg="ES256"), claims(), EC_KEY, by="ES256")
    assert refused(forged) is RefusalReason.SIGNATURE_BAD


def test_B6_key_published_for_another_algorithm_is_refused() -> None:
    key = RSAKey.import_key(public(RSA_KEY, alg="RS256"))
    issuer = trusted(key=key)
    honest = sign(header(), claims(), RSA_KEY)
    other = sign(header(alg="PS256"), claims(), RSA_KEY, by="PS256")
    assert verified(honest, issuer).subject == "person-7f3a"
    assert refused(other, issuer) is RefusalReason.SIGNATURE_BAD


@pytest.mark.parametrize("kid", ["../../etc/passwd", "x' or '1'='1", KID + " ", KID.upper(), "https://evil.example/k"])
def test_B7_unknown_path_like_or_sql_like_kid_is_refused(kid: str) -> None:
    assert refused(sign(header(kid=kid), claims(), RSA_KEY)) is RefusalReason.KEY_UNKNOWN


@pytest.mark.parametrize("kid", [None, "", 7, [KID], {"kid": KID}])
def test_B8_token_without_a_kid_is_refused_though_the_set_has_one_key(kid: Any) -> None:
    assert refused(sign(header(kid=kid), claims(), RSA_KEY)) is RefusalReason.KEY_ID_MISSING


@pytest.mark.parametrize(
    "smuggled",
    [
        {"jwk": public(OTHER_RSA_KEY)},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/chain"},
        {"x5c": ["MIIB"]},
        {"crit": ["exp"], "exp": 1},
        {"crit": 5},
        {"b64": False, "crit": ["b64"]},
        {"b64": False},
        {"zip": "DEF"},
    ],
    ids="+".join,
)
def test_B9_header_that_brings_or_fetches_a_key_is_refused_however_well_signed(smuggled: dict[str, Any]) -> None:
    for key in (RSA_KEY, OTHER_RSA_KEY):
        assert refused(sign(header(**smuggled), claims(), key)) is RefusalReason.HEADER_FORBIDDEN


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"aud": "https://other.example"}, RefusalReason.AUDIENCE_OTHER),
        ({"aud": AUDIENCE + "/"}, RefusalReason.AUDIENCE_OTHER),
        ({"aud": [AUDIENCE, "https://other.example"]}, RefusalReason.AUDIENCE_OTHER),
        ({"aud": ["https://other.example"]}, RefusalReason.AUDIENCE_OTHER),
        ({"aud": []}, RefusalReason.CLAIM_INVALID),
        ({"aud": {AUDIENCE: True}}, RefusalReason.CLAIM_INVALID),
        ({"aud": [AUDIENCE, 7]}, RefusalReason.CLAIM_INVALID),
        ({"aud": None}, RefusalReason.CLAIM_MISSING),
        ({"iss": "https://id.other.example"}, RefusalReason.ISSUER_UNKNOWN),
        ({"iss": ISSUER + "/"}, RefusalReason.ISSUER_UNKNOWN),
        ({"iss": ISSUER + ":443"}, RefusalReason.ISSUER_UNKNOWN),
        ({"iss": [ISSUER]}, RefusalReason.ISSUER_UNKNOWN),
        ({"iss": None}, RefusalReason.ISSUER_UNKNOWN),
        ({"exp": None}, RefusalReason.CLAIM_MISSING),
        ({"iat": None}, RefusalReason.CLAIM_MISSING),
        ({"sub": None}, RefusalReason.CLAIM_MISSING),
        ({"sub": ""}, RefusalReason.CLAIM_INVALID),
        ({"sub": 42}, RefusalReason.CLAIM_INVALID),
        ({"sub": "a\x00b"}, RefusalReason.CLAIM_INVALID),
        ({"sub": "p\u0435rson"}, RefusalReason.CLAIM_INVALID),
        ({"sub": "\ud800"}, RefusalReason.CLAIM_INVALID),
        ({"sub": "s" * 256}, RefusalReason.CLAIM_INVALID),
        ({"sid": 5}, RefusalReason.CLAIM_INVALID),
        ({"exp": seconds(NOW) - 31}, RefusalReason.EXPIRED),
        ({"exp": True}, RefusalReason.CLAIM_INVALID),
        ({"exp": "4102444800"}, RefusalReason.CLAIM_INVALID),
        ({"exp": 10**400}, RefusalReason.CLAIM_INVALID),
        ({"exp": 1e300}, RefusalReason.CLAIM_INVALID),
        ({"nbf": seconds(NOW) + 31}, RefusalReason.NOT_YET_VALID),
        ({"iat": seconds(NOW) + 31}, RefusalReason.NOT_YET_VALID),
        ({"nbf": "soon"}, RefusalReason.CLAIM_INVALID),
        ({"scope": "openid"}, RefusalReason.NOT_GRANTED),
        ({"scope": "not-partnership"}, RefusalReason.NOT_GRANTED),
        ({"scope": None}, RefusalReason.NOT_GRANTED),
    ],
)  # fmt: skip
def test_B10_signed_token_with_a_wrong_claim_is_refused(changes: dict[str, Any], reason: RefusalReason) -> None:
    assert refused(token(**changes)) is reason


@pytest.mark.parametrize("exp", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"9" * 5000])
def test_B10_expiry_that_is_no_number_is_refused(exp: bytes) -> None:
    payload = json.dumps(claims(exp="EXP")).encode().replace(b'"EXP"', exp)
    assert refused(sign(header(), payload, RSA_KEY)) in {RefusalReason.MALFORMED, RefusalReason.CLAIM_INVALID}


@pytest.mark.parametrize("part_twice", ["header", "payload"])
def test_B10_name_given_twice_is_refused(part_twice: str) -> None:
    head, body = json.dumps(header()).encode(), json.dumps(claims()).encode()
    if part_twice == "header":
        head = head[:-1] + b', "kid": "' + KID.encode() + b'"}'
    else:
        body = body[:-1] + b', "sub": "somebody-else"}'
    assert refused(sign(head, body, RSA_KEY)) is RefusalReason.MALFORMED


def test_B10_several_audiences_pass_only_when_the_profile_lists_the_others() -> None:
    both = token(aud=[AUDIENCE, "account"])
    listed = PROFILE.model_copy(update={"other_audiences": frozenset({"account"})})
    assert refused(both) is RefusalReason.AUDIENCE_OTHER
    assert verified(both, trusted(listed)).subject == "person-7f3a"
    assert refused(token(aud=["account"]), trusted(listed)) is RefusalReason.AUDIENCE_OTHER


@pytest.mark.parametrize("typ", [None, "JWT", "id+jwt", "logout+jwt", "dpop+jwt", "at+jwt ", 5, ["at+jwt"]])
def test_B11_type_other_than_access_token_is_refused(typ: Any) -> None:
    assert refused(sign(header(typ=typ), claims(), RSA_KEY)) is RefusalReason.TYPE_NOT_ACCEPTED


def test_B11_token_of_another_trusts_issuer_does_not_pass_as_ours() -> None:
    theirs = PROFILE.model_copy(update={"issuer": "https://id.other.example"})
    both = (trusted(), trusted(theirs, key=OTHER_RSA_KEY))
    assert refused(sign(header(), claims(), OTHER_RSA_KEY), *both) is RefusalReason.SIGNATURE_BAD
    own = sign(header(), claims(iss="https://id.other.example"), OTHER_RSA_KEY)
    assert verified(own, *both).issuer == "https://id.other.example"


def test_B11_one_issuer_cannot_be_configured_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        TokenVerifier([trusted(), trusted(key=OTHER_RSA_KEY)])


@pytest.mark.parametrize(
    "huge",
    [
        "A" * 8_000_000,
        "." * 8_000_000,
        (part(b"[" * 5_000_000) + b".e30.AA").decode(),
    ],
    ids=["letters", "dots", "deep header"],
)
def test_B14_eight_megabyte_token_is_refused_within_five_milliseconds(huge: str) -> None:
    subject = verifier()
    started = time.process_time()
    with pytest.raises(TokenRefused) as caught:
        at_once(subject.verify(huge))
    assert time.process_time() - started < 0.005
    assert caught.value.reason is RefusalReason.TOO_LARGE


def test_B14_deep_json_in_header_is_refused() -> None:
    deep = b'{"alg":' + b"[" * 11_000
    assert refused(sign(deep, b"{}", RSA_KEY)) is RefusalReason.MALFORMED


@pytest.mark.parametrize("deep", [b"[" * 11_000 + b"]" * 10, b'{"":' * 2_200 + b"1" + b"}" * 2_200])
def test_B14_deep_json_in_signed_payload_is_refused(deep: bytes) -> None:
    assert refused(sign(header(), deep, RSA_KEY)) is RefusalReason.MALFORMED


def test_B14_encrypted_token_is_refused() -> None:
    compressed = ".".join(part(text).decode() for text in (b'{"alg":"dir","enc":"A256GCM","zip":"DEF"}', *[b"x"] * 4))
    assert refused(compressed) is RefusalReason.MALFORMED


@pytest.mark.parametrize("payload", [b"", b"[]", b"7", b"null", b'"text"', b"\xff\xfe", b"{}x"])
def test_B14_payload_that_is_no_object_is_refused(payload: bytes) -> None:
    assert refused(sign(header(), payload, RSA_KEY)) is RefusalReason.MALFORMED


@pytest.mark.parametrize("head", [b"[]", b'["alg","b64"]', b"7", b"null", b'{"typ":"at+jwt"}', b'{"alg":7}'])
def test_B14_header_that_is_no_header_is_refused(head: bytes) -> None:
    assert refused(sign(head, claims(), RSA_KEY)) in {RefusalReason.MALFORMED, RefusalReason.KEY_ID_MISSING}


def test_outsider_with_an_expired_token_is_refused_though_it_was_remembered() -> None:
    clock = [NOW]
    subject = TokenVerifier([trusted()], now=lambda: clock[0])
    short = token(exp=seconds(NOW) + 20)
    at_once(subject.verify(short))
    clock[0] = NOW + timedelta(seconds=20 + PROFILE.leeway)
    with pytest.raises(TokenRefused) as caught:
        at_once(subject.verify(short))
    assert caught.value.reason is RefusalReason.EXPIRED


def test_person_whose_key_was_withdrawn_is_remembered_for_a_minute_and_no_longer() -> None:
    clock = [NOW]
    keys: dict[str, VerifyingKey] = {KID: RSAKey.import_key(public(RSA_KEY))}
    subject = TokenVerifier([TrustedIssuer(PROFILE, FixedKeys(keys))], now=lambda: clock[0])
    presented = token()
    at_once(subject.verify(presented))
    keys.clear()
    clock[0] = NOW + timedelta(seconds=59)
    assert at_once(subject.verify(presented)).subject == "person-7f3a"
    clock[0] = NOW + timedelta(seconds=60)
    with pytest.raises(TokenRefused):
        at_once(subject.verify(presented))


def test_forger_gains_nothing_from_the_memory_of_verified_tokens() -> None:
    subject = verifier()
    honest = token()
    at_once(subject.verify(honest))
    forged = honest[:-6] + ("AAAAAA" if not honest.endswith("AAAAAA") else "BBBBBB")
    with pytest.raises(TokenRefused):
        at_once(subject.verify(forged))


def test_flood_of_honest_tokens_does_not_fill_the_memory() -> None:
    subject = verifier()
    who = at_once(subject.verify(token()))
    for number in range(MAX_REMEMBERED + 50):
        subject._remember(number.to_bytes(4), who)
    assert len(subject._remembered) == MAX_REMEMBERED


def test_person_with_an_honest_token_is_named_by_issuer_and_subject() -> None:
    who = verified(token())
    assert (who.issuer, who.subject, who.service, who.name) == (ISSUER, "person-7f3a", False, "Sample Person")
    assert (who.issued_at, who.expires_at) == (NOW, NOW + timedelta(hours=1))
    assert who.session == "session-1"


def test_person_whose_issuers_clock_is_half_a_minute_off_is_let_in() -> None:
    assert verified(token(iat=seconds(NOW) + 30, nbf=seconds(NOW) + 30)).subject == "person-7f3a"
    assert verified(token(exp=seconds(NOW) - 29)).subject == "person-7f3a"


def test_person_whose_name_cannot_be_shown_goes_unnamed() -> None:
    assert verified(token(name="a\x00b")).name is None
    assert verified(token(name=["A"])).name is None
