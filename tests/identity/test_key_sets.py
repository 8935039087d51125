"""Published documents are read with suspicion (THREATS B13): weak, symmetric and foreign keys are left out."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import OctKey, OKPKey

from service.identity.key_sets import discovery_uri, jwks_uri, key_set
from tests.identity.issuing import EC_KEY, ISSUER, RSA_KEY, public

GOOD = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys", "token_endpoint": f"{ISSUER}/token"}
CIS2 = "https://am.nhsidentity.spineservices.nhs.uk:443/openam/oauth2/realms/root/realms/NHSIdentity/realms/Healthcare"


@pytest.mark.parametrize(
    "poison",
    [
        {"jwks_uri": "https://evil.example/keys"},
        {"jwks_uri": "https://id.trust.example.evil.example/keys"},
        {"jwks_uri": "https://id.trust.example@evil.example/keys"},
        {"jwks_uri": "https://id.trust.example:8443/keys"},
        {"jwks_uri": "http://id.trust.example/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": "//evil.example/keys"},
        {"jwks_uri": 7},
        {"jwks_uri": "https://id.trust.example:port/keys"},
        {"token_endpoint": "https://evil.example/token"},
        {"introspection_endpoint": "http://169.254.169.254/latest"},
        {"issuer": "https://evil.example"},
        {"issuer": ISSUER + "/"},
        {"issuer": ISSUER + ":443"},
    ],
)
def test_B13_poisoned_discovery_document_is_refused(poison: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        jwks_uri(json.dumps({**GOOD, **poison}).encode(), ISSUER)


def test_B13_document_without_a_key_set_is_refused() -> None:
    with pytest.raises(ValueError, match="no key set"):
        jwks_uri(json.dumps({"issuer": ISSUER}).encode(), ISSUER)


def test_B13_default_port_spelt_out_is_the_same_origin_but_another_issuer() -> None:
    document = {"issuer": CIS2, "jwks_uri": CIS2.replace(":443", "") + "/connect/jwk_uri"}
    assert jwks_uri(json.dumps(document).encode(), CIS2).endswith("/connect/jwk_uri")
    with pytest.raises(ValueError, match="another issuer"):
        jwks_uri(json.dumps(document).encode(), CIS2.replace(":443", ""))


def test_discovery_document_is_asked_for_below_the_issuer() -> None:
    assert discovery_uri(CIS2) == CIS2 + "/.well-known/openid-configuration"
    assert discovery_uri(ISSUER + "/") == ISSUER + "/.well-known/openid-configuration"


WEAK_RSA = {"kty": "RSA", "kid": "k", "n": "AQAB" * 40, "e": "AQAB"}
UNUSABLE: list[Any] = [
    {**OctKey.import_key("s" * 32).as_dict(), "kid": "k"},
    WEAK_RSA,
    {**WEAK_RSA, "n": "A" * 300 + "AQAB" * 40},
    public(RSA_KEY, "k", use="enc"),
    public(RSA_KEY, "k", issuer="https://login.example/other-tenant/v2.0"),
    {name: value for name, value in public(RSA_KEY).items() if name != "kid"},
    public(RSA_KEY, ""),
    {**public(RSA_KEY), "kid": 7},
    public(EC_KEY, "k", crv="P-999"),
    public(EC_KEY, "k", x="AAAA"),
    {"kty": "AKP", "kid": "k", "alg": "ML-DSA-44", "pub": "AAAA"},
    {"kty": ["RSA"], "kid": "k"},
    "RSA",
    None,
]


@pytest.mark.parametrize("entry", UNUSABLE)
def test_B12_key_that_cannot_be_trusted_is_left_out_and_the_others_kept(entry: Any) -> None:
    ed = OKPKey.generate_key("Ed25519")
    document = json.dumps({"keys": [entry, public(RSA_KEY, "a"), public(EC_KEY, "b"), public(ed, "c")]}).encode()
    assert set(key_set(document, ISSUER)) == {"a", "b", "c"}


def test_B12_private_parts_that_an_issuer_leaks_are_not_kept() -> None:
    leaked = {**RSA_KEY.as_dict(private=True), "kid": "a"}
    assert not key_set(json.dumps({"keys": [leaked]}).encode(), ISSUER)["a"].is_private


def test_B12_first_of_two_keys_with_one_name_stands() -> None:
    document = json.dumps({"keys": [public(RSA_KEY, "a"), public(EC_KEY, "a")]}).encode()
    assert key_set(document, ISSUER)["a"].key_type == "RSA"


FIELDS = ["kty", "kid", "use", "alg", "key_ops", "n", "e", "crv", "x", "y", "d", "issuer"]
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from(["RSA", "EC", "OKP", "P-256", "sig", "AQAB"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=8),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), JSON_VALUES), max_size=4))
def test_B12_no_entry_of_a_key_set_breaks_the_reading_of_it(entries: list[dict[str, Any]]) -> None:
    whole = [{**public(EC_KEY, "z"), **entry} for entry in entries]
    document = json.dumps({"keys": [*entries, *whole, public(RSA_KEY, "the last one")]}).encode()
    assert "the last one" in key_set(document, ISSUER)
