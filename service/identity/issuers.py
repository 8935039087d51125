"""Which sign-in services we trust, and how each writes an access token.

A trust signs its staff in with its own Entra ID, Keycloak or NHS CIS2; a union may bring its own issuer. The issuer is
compared as text, exactly (the `:443` in CIS2's is part of it: DOMAIN 4.3). Only asymmetric algorithms can be named, so
that no public key is ever mistaken for a shared secret (RFC 8725 section 3.1). An ID token is never taken for an access
token: the header must say `at+jwt` (RFC 9068), or, where an issuer writes plain `JWT`, a claim that only its access
tokens carry must be present.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator, validate_call

Algorithm = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"
]  # fmt: skip
TokenType = Literal["at+jwt", "jwt"]
Text = Annotated[str, Field(min_length=1)]
NOBODY: frozenset[str] = frozenset()


class Rule(BaseModel):
    """A frozen piece of configuration that refuses names it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ClaimPresent(Rule):
    """Holds when the token carries the claim at all."""

    present: Text

    def holds(self, claims: dict[str, object]) -> bool:
        return claims.get(self.present) is not None


class ClaimIn(Rule):
    """Holds when the claim is one of `any_of`; with `words`, when one of its words (or list entries) is."""

    claim: Text
    any_of: frozenset[Text]
    words: bool = False

    def holds(self, claims: dict[str, object]) -> bool:
        match claims.get(self.claim):
            case str(value):
                return not self.any_of.isdisjoint(value.split(" ") if self.words else (value,))
            case list(values) if self.words:
                return any(value in self.any_of for value in values if isinstance(value, str))
            case _:
                return False


class ClaimSame(Rule):
    """Holds when two claims carry the same text."""

    claim: Text
    same_as: Text

    def holds(self, claims: dict[str, object]) -> bool:
        value = claims.get(self.claim)
        return isinstance(value, str) and value == claims.get(self.same_as)


ClaimRule = ClaimPresent | ClaimIn | ClaimSame


class IssuerProfile(Rule):
    """One trusted issuer and how its access tokens are read. `jwks_uri` left out means: found by discovery."""

    issuer: Text
    audiences: Annotated[frozenset[Text], Field(min_length=1)]
    other_audiences: frozenset[Text] = frozenset()
    """Audiences that a token may name beside ours; a token that names any other is refused."""
    jwks_uri: Text | None = None
    algorithms: Annotated[frozenset[Algorithm], Field(min_length=1)]
    token_types: Annotated[frozenset[TokenType], Field(min_length=1)] = frozenset({"at+jwt"})
    access_marks: tuple[ClaimRule, ...] = ()
    """One of these must hold, if any is given: what only an access token of this issuer carries."""
    service_marks: tuple[ClaimRule, ...] = ()
    """A token for which one of these holds is a service account's; every other is a person's."""
    person_requires: tuple[ClaimRule, ...] = ()
    service_requires: tuple[ClaimRule, ...] = ()
    subject_claim: Text = "sub"
    name_claim: Text | None = "name"
    session_claim: Text | None = "sid"
    leeway: Annotated[int, Field(ge=0, le=120)] = 30
    """Seconds by which the issuer's clock may differ from ours."""

    @model_validator(mode="after")
    def _tells_access_tokens_apart(self) -> Self:
        if "jwt" in self.token_types and not self.access_marks:
            raise ValueError("an issuer whose tokens say typ JWT needs access_marks, or its ID tokens would pass")
        if self.jwks_uri is not None and origin(self.jwks_uri) != origin(self.issuer):
            raise ValueError("jwks_uri must share the issuer's origin")
        return self


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a web address; raises ValueError unless it is https (or http on this machine)."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.username is not None or parts.password is not None or not host:
        raise ValueError(f"not a web address of an issuer: {url!r}")
    match parts.scheme:
        case "https":
            return parts.scheme, host, parts.port or 443
        case "http" if host in {"localhost", "127.0.0.1", "::1"}:
            return parts.scheme, host, parts.port or 80
        case _:
            raise ValueError(f"an issuer must be reached by https: {url!r}")


def entra_id(
    tenant: str,
    audience: str,
    *,
    person_scope: str = "partnership",
    service_role: str = "Partnership.Service",
) -> IssuerProfile:
    """Microsoft Entra ID, one tenant, v2.0 tokens, optional claim `idtyp` switched on for the API.

    `oid` names a person or service in the tenant across applications (`sub` differs for each). Only access tokens carry
    `scp` or `idtyp`. Keys are named, not discovered: Entra's discovery document lists endpoints of other origins.
    """
    host = f"https://login.microsoftonline.com/{UUID(tenant)}"
    scope = ClaimIn(claim="scp", any_of=frozenset({person_scope}), words=True)
    application = ClaimIn(claim="idtyp", any_of=frozenset({"app"}))
    return IssuerProfile(
        issuer=f"{host}/v2.0",
        audiences=frozenset({audience}),
        jwks_uri=f"{host}/discovery/v2.0/keys",
        algorithms=frozenset({"RS256"}),
        token_types=frozenset({"jwt", "at+jwt"}),
        access_marks=(scope, application),
        service_marks=(application,),
        person_requires=(scope,),
        service_requires=(ClaimIn(claim="roles", any_of=frozenset({service_role}), words=True),),
        subject_claim="oid",
    )


def keycloak(
    issuer: str,
    audience: str,
    *,
    person_scope: str = "partnership",
    service_clients: frozenset[str] = NOBODY,
    other_audiences: frozenset[str] = frozenset({"account"}),
) -> IssuerProfile:
    """Keycloak realm. The claim `typ` says Bearer in access tokens, ID or Refresh in others.

    Only a service account's token carries `client_id` (a person's has `azp`); it must be one of `service_clients`.
    """
    return IssuerProfile(
        issuer=issuer,
        audiences=frozenset({audience}),
        other_audiences=other_audiences,
        jwks_uri=f"{issuer}/protocol/openid-connect/certs",
        algorithms=frozenset({"RS256", "PS256", "ES256"}),
        token_types=frozenset({"jwt", "at+jwt"}),
        access_marks=(ClaimIn(claim="typ", any_of=frozenset({"Bearer"})),),
        service_marks=(ClaimPresent(present="client_id"),),
        person_requires=(ClaimIn(claim="scope", any_of=frozenset({person_scope}), words=True),),
        service_requires=(ClaimIn(claim="client_id", any_of=service_clients),),
    )


def cis2(issuer: str, client: str) -> IssuerProfile:
    """NHS CIS2: persons only. `tokenName` tells its access tokens from its ID tokens; `sub` is the care identity.

    Its roles are clinical and never say who speaks for whom: they are not read.
    """
    return IssuerProfile(
        issuer=issuer,
        audiences=frozenset({client}),
        algorithms=frozenset({"RS256", "PS256", "ES256"}),
        token_types=frozenset({"jwt", "at+jwt"}),
        access_marks=(ClaimIn(claim="tokenName", any_of=frozenset({"access_token"})),),
        service_marks=(ClaimIn(claim="grant_type", any_of=frozenset({"client_credentials"})),),
        person_requires=(ClaimIn(claim="scope", any_of=frozenset({"openid"}), words=True),),
        service_requires=(ClaimIn(claim="sub", any_of=NOBODY),),
        session_claim=None,
    )


def generic(
    issuer: str,
    audience: str,
    *,
    scope: str = "partnership",
    service_clients: frozenset[str] = NOBODY,
    jwks_uri: str | None = None,
) -> IssuerProfile:
    """Any issuer that keeps to RFC 9068: header `at+jwt`; a service account is its own subject (section 2.2)
    and must be one of `service_clients`.

    Where people choose their names, somebody may be called as a service account is (RFC 9068 section 5): such a token
    names the application they signed in with as `client_id`, and is refused.
    """
    granted = ClaimIn(claim="scope", any_of=frozenset({scope}), words=True)
    listed = ClaimIn(claim="sub", any_of=service_clients)
    by_itself = ClaimSame(claim="sub", same_as="client_id")
    return IssuerProfile(
        issuer=issuer,
        audiences=frozenset({audience}),
        jwks_uri=jwks_uri,
        algorithms=frozenset({"RS256", "PS256", "ES256", "Ed25519"}),
        service_marks=(by_itself, listed),
        person_requires=(granted,),
        service_requires=(granted, listed, by_itself),
    )


READY: Mapping[str, Callable[..., IssuerProfile]] = {
    "entra_id": entra_id,
    "keycloak": keycloak,
    "cis2": cis2,
    "generic": generic,
}


def profile_from(entry: Mapping[str, object]) -> IssuerProfile:
    """One entry of the settings: a ready profile by its `kind` with that profile's arguments, or every field spelt out.

    Raises ValueError (pydantic's, which names the field).
    """
    arguments = dict(entry)
    kind = arguments.pop("kind", None)
    if kind is None:
        return IssuerProfile.model_validate(arguments)
    if not isinstance(kind, str) or kind not in READY:
        raise ValueError(f"kind of issuer must be one of {', '.join(READY)}")
    return validate_call(READY[kind])(**arguments)
