"""ID tokens and strangers' service accounts do not pass, whatever the issuer's habits (THREATS B5, B11)."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from service.identity.issuers import IssuerProfile, cis2, entra_id, keycloak, origin, profile_from
from service.identity.refusals import RefusalReason
from tests.identity.issuing import (
    AUDIENCE,
    ISSUER,
    PROFILE,
    RSA_KEY,
    claims,
    header,
    refused,
    sign,
    token,
    trusted,
    verified,
)

TENANT = "11111111-2222-4333-8444-555555555555"
ENTRA = entra_id(TENANT, AUDIENCE)
KEYCLOAK = keycloak("https://id.trust.example/realms/staff", AUDIENCE, service_clients=frozenset({"hr-system"}))
CIS2 = cis2(
    "https://am.nhsidentity.spineservices.nhs.uk:443/openam/oauth2/realms/root/realms/NHSIdentity/realms/Healthcare",
    "1234.apps.national",
)


def entra_token(**changes: Any) -> str:
    usual = {
        "iss": ENTRA.issuer, "sub": "pairwise", "oid": "0a1b", "tid": TENANT, "ver": "2.0", "azp": "portal",
        "scope": None, "scp": "partnership",
    }  # fmt: skip
    return sign(header(typ="JWT", x5t="abc"), claims(**{**usual, **changes}), RSA_KEY)


def keycloak_token(**changes: Any) -> str:
    usual = {"iss": KEYCLOAK.issuer, "sub": "7c1e", "typ": "Bearer", "azp": "portal", "aud": [AUDIENCE, "account"]}
    return sign(header(typ="JWT"), claims(**{**usual, **changes}), RSA_KEY)


def cis2_token(**changes: Any) -> str:
    usual = {
        "iss": CIS2.issuer, "sub": "500000000001", "aud": "1234.apps.national", "tokenName": "access_token",
        "grant_type": "authorization_code", "scope": ["openid", "profile"], "sid": None,
    }  # fmt: skip
    return sign(header(typ="JWT"), claims(**{**usual, **changes}), RSA_KEY)


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512", "none", "", "dir", "ES256K"])
def test_B5_profile_with_an_algorithm_that_is_not_asymmetric_cannot_be_made(algorithm: str) -> None:
    for algorithms in ([algorithm], ["RS256", algorithm]):
        with pytest.raises(ValidationError):
            IssuerProfile.model_validate({"issuer": ISSUER, "audiences": [AUDIENCE], "algorithms": algorithms})


@pytest.mark.parametrize(
    "changes",
    [
        {"algorithms": []},
        {"audiences": []},
        {"audiences": [""]},
        {"token_types": []},
        {"token_types": ["id+jwt"]},
        {"token_types": ["jwt"]},
        {"leeway": 121},
        {"leeway": -1},
        {"jwks_uri": "https://evil.example/keys"},
        {"jwks_uri": "http://id.trust.example/keys"},
        {"audience": AUDIENCE},
    ],
)
def test_B5_unsafe_profile_cannot_be_made(changes: dict[str, Any]) -> None:
    safe = {"issuer": ISSUER, "audiences": [AUDIENCE], "algorithms": ["RS256"], "jwks_uri": f"{ISSUER}/keys"}
    assert IssuerProfile.model_validate(safe).issuer == ISSUER
    with pytest.raises(ValidationError):
        IssuerProfile.model_validate({**safe, **changes})


@pytest.mark.parametrize(
    "address", ["http://id.trust.example", "urn:partnership:demo", "https://", "https://u:p@host", ""]
)
def test_B13_issuer_that_is_not_reached_by_https_has_no_origin(address: str) -> None:
    with pytest.raises(ValueError, match="issuer"):
        origin(address)


def test_B11_entra_id_token_is_refused() -> None:
    id_token = entra_token(scp=None, aud=AUDIENCE, nonce="n", roles=["Partnership.Service"])
    assert refused(id_token, trusted(ENTRA)) is RefusalReason.NOT_AN_ACCESS_TOKEN


def test_B11_entra_token_for_another_scope_or_tenant_is_refused() -> None:
    assert refused(entra_token(scp="User.Read"), trusted(ENTRA)) is RefusalReason.NOT_AN_ACCESS_TOKEN
    other = f"https://login.microsoftonline.com/{TENANT.replace('1', '9')}/v2.0"
    assert refused(entra_token(iss=other), trusted(ENTRA)) is RefusalReason.ISSUER_UNKNOWN


def test_B11_entra_application_without_our_role_is_refused() -> None:
    assert refused(entra_token(scp=None, idtyp="app"), trusted(ENTRA)) is RefusalReason.NOT_GRANTED
    assert refused(entra_token(idtyp="app"), trusted(ENTRA)) is RefusalReason.NOT_GRANTED


def test_entra_person_and_service_are_named_by_object_id() -> None:
    person = verified(entra_token(), trusted(ENTRA))
    service = verified(entra_token(scp=None, idtyp="app", oid="5e", roles=["Partnership.Service"]), trusted(ENTRA))
    assert (person.subject, person.service) == ("0a1b", False)
    assert (service.subject, service.service) == ("5e", True)


def test_B11_entra_token_without_object_id_is_refused() -> None:
    assert refused(entra_token(oid=None), trusted(ENTRA)) is RefusalReason.CLAIM_MISSING
    assert refused(entra_token(sub=None), trusted(ENTRA)) is RefusalReason.CLAIM_MISSING


@pytest.mark.parametrize("tenant", ["common", "organizations", "trust.example", "../x"])
def test_B11_entra_for_every_tenant_cannot_be_configured(tenant: str) -> None:
    with pytest.raises(ValueError, match="UUID"):
        entra_id(tenant, AUDIENCE)


@pytest.mark.parametrize("kind", ["ID", "Refresh", "Offline", "Logout", None, ["Bearer"]])
def test_B11_keycloak_token_that_is_not_bearer_is_refused(kind: Any) -> None:
    assert refused(keycloak_token(typ=kind), trusted(KEYCLOAK)) is RefusalReason.NOT_AN_ACCESS_TOKEN


def test_B11_keycloak_service_account_of_another_client_is_refused() -> None:
    stranger = keycloak_token(client_id="payroll", azp="payroll")
    assert refused(stranger, trusted(KEYCLOAK)) is RefusalReason.NOT_GRANTED
    nobody = keycloak(KEYCLOAK.issuer, AUDIENCE)
    assert refused(keycloak_token(client_id="hr-system"), trusted(nobody)) is RefusalReason.NOT_GRANTED


def test_B11_keycloak_token_for_another_client_is_refused() -> None:
    assert refused(keycloak_token(aud="account"), trusted(KEYCLOAK)) is RefusalReason.AUDIENCE_OTHER
    assert refused(keycloak_token(aud=[AUDIENCE, "payroll"]), trusted(KEYCLOAK)) is RefusalReason.AUDIENCE_OTHER


def test_keycloak_person_and_service_are_told_apart() -> None:
    assert not verified(keycloak_token(azp="hr-system"), trusted(KEYCLOAK)).service
    assert verified(keycloak_token(client_id="hr-system", azp="hr-system"), trusted(KEYCLOAK)).service


@pytest.mark.parametrize("name", ["id_token", "refresh_token", None])
def test_B11_cis2_token_that_is_not_an_access_token_is_refused(name: str | None) -> None:
    assert refused(cis2_token(tokenName=name), trusted(CIS2)) is RefusalReason.NOT_AN_ACCESS_TOKEN


def test_B11_cis2_issuer_without_its_port_is_another_issuer() -> None:
    assert refused(cis2_token(iss=CIS2.issuer.replace(":443", "")), trusted(CIS2)) is RefusalReason.ISSUER_UNKNOWN


def test_B11_cis2_service_account_is_refused() -> None:
    assert refused(cis2_token(grant_type="client_credentials"), trusted(CIS2)) is RefusalReason.NOT_GRANTED


def test_cis2_person_is_named_by_care_identity() -> None:
    who = verified(cis2_token(), trusted(CIS2))
    assert (who.issuer, who.subject, who.service, who.session) == (CIS2.issuer, "500000000001", False, None)


def test_B11_rfc_9068_service_account_that_is_not_listed_is_refused() -> None:
    assert refused(token(sub="payroll", client_id="payroll")) is RefusalReason.NOT_GRANTED
    assert refused(token(sub="hr-system", client_id="hr-system", scope=None)) is RefusalReason.NOT_GRANTED


def test_rfc_9068_service_account_is_its_own_subject() -> None:
    service = token(sub="hr-system", client_id="hr-system", sid=None, name=None)
    assert verified(service).service
    assert not verified(token(sub="hr-system-2")).service
    assert not verified(token(sub="x hr-system")).service


def test_operator_configures_an_issuer_by_kind_or_field_by_field() -> None:
    by_kind = json.loads(f'{{"kind": "entra_id", "tenant": "{TENANT}", "audience": "{AUDIENCE}"}}')
    assert profile_from(by_kind) == ENTRA
    clients = {"kind": "generic", "issuer": ISSUER, "audience": AUDIENCE, "service_clients": ["hr-system"]}
    assert profile_from(clients) == PROFILE
    assert profile_from(json.loads(KEYCLOAK.model_dump_json())) == KEYCLOAK


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"kind": "saml", "issuer": ISSUER},
        {"kind": ["generic"]},
        {"kind": "generic", "issuer": ISSUER},
        {"kind": "generic", "issuer": ISSUER, "audience": AUDIENCE, "algorithms": ["HS256"]},
        {"kind": "entra_id", "tenant": "common", "audience": AUDIENCE},
    ],
)
def test_operator_who_mistypes_an_issuer_is_told_at_start(entry: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"kind|validation|UUID"):
        profile_from(entry)


def test_no_code_can_change_a_trusted_issuer() -> None:
    with pytest.raises(ValidationError):
        PROFILE.issuer = "https://evil.example"
