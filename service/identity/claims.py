"""What a signed token must say before we believe who it names.

Issuer, audience, expiry, moment of issue and subject are all required and typed (RFC 9068 section 2.2). A token may
name several audiences only if each is one the profile lists (THREATS B10). The subject is printable ASCII of at most
255 characters (OpenID Connect Core section 2), so that it can be stored and compared byte for byte.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from joserfc.errors import ClaimError, ExpiredTokenError, MissingClaimError
from joserfc.jwt import JWTClaimsRegistry

from service.identity.issuers import IssuerProfile
from service.identity.refusals import RefusalReason, TokenRefused

MAX_SUBJECT = 255
MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a verified token names. `name` is for display only; a person is (issuer, subject)."""

    issuer: str
    subject: str
    service: bool
    name: str | None
    expires_at: datetime
    session: str | None
    issued_at: datetime


def judge(profile: IssuerProfile, claims: dict[str, object], now: datetime) -> Identity:
    """The identity that `claims` (already signed by the profile's issuer) name at `now`; raises `TokenRefused`."""
    _check_registered(profile, claims, now)
    _check_audience(profile, claims.get("aud"))
    if profile.access_marks and not any(mark.holds(claims) for mark in profile.access_marks):
        raise TokenRefused(RefusalReason.NOT_AN_ACCESS_TOKEN)
    service = any(mark.holds(claims) for mark in profile.service_marks)
    if not all(rule.holds(claims) for rule in (profile.service_requires if service else profile.person_requires)):
        raise TokenRefused(RefusalReason.NOT_GRANTED)
    return Identity(
        issuer=profile.issuer,
        subject=_identifier(claims, profile.subject_claim),
        service=service,
        name=_display_name(claims, profile.name_claim),
        expires_at=_moment(claims["exp"]),
        session=_session(claims, profile.session_claim),
        issued_at=_moment(claims["iat"]),
    )


def _check_registered(profile: IssuerProfile, claims: dict[str, object], now: datetime) -> None:
    registry = JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=profile.leeway,
        iss={"essential": True, "value": profile.issuer},
        sub={"essential": True},
        aud={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        registry.validate(claims)
    except ExpiredTokenError as error:
        raise TokenRefused(RefusalReason.EXPIRED) from error
    except MissingClaimError as error:
        raise TokenRefused(RefusalReason.CLAIM_MISSING) from error
    except ClaimError as error:
        early = error.claim in {"nbf", "iat"} and isinstance(claims.get(error.claim), int | float)
        raise TokenRefused(RefusalReason.NOT_YET_VALID if early else RefusalReason.CLAIM_INVALID) from error


def _check_audience(profile: IssuerProfile, audience: object) -> None:
    named = frozenset([audience] if isinstance(audience, str) else audience if isinstance(audience, list) else ())
    if named.isdisjoint(profile.audiences) or not named <= profile.audiences | profile.other_audiences:
        raise TokenRefused(RefusalReason.AUDIENCE_OTHER)


def _identifier(claims: dict[str, object], claim: str) -> str:
    value = claims.get(claim)
    if value is None:
        raise TokenRefused(RefusalReason.CLAIM_MISSING)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_SUBJECT or not (value.isascii() and value.isprintable()):
        raise TokenRefused(RefusalReason.CLAIM_INVALID)
    return value


def _session(claims: dict[str, object], claim: str | None) -> str | None:
    """The sign-in session; one that cannot be read is refused, or signing out would not reach it."""
    if claim is None or claims.get(claim) is None:
        return None
    return _identifier(claims, claim)


def _display_name(claims: dict[str, object], claim: str | None) -> str | None:
    value = claims.get(claim) if claim is not None else None
    return value if isinstance(value, str) and 0 < len(value) <= MAX_NAME and value.isprintable() else None


def _moment(seconds: object) -> datetime:
    if not isinstance(seconds, int | float):
        raise TokenRefused(RefusalReason.CLAIM_INVALID)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise TokenRefused(RefusalReason.CLAIM_INVALID) from error
