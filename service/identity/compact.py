"""A token is three base64url parts whose header names one key and nothing that would fetch or smuggle another.

RFC 7515 (JWS compact form), RFC 8725 section 3 (best practice), THREATS B1-B9 and B14. Encrypted tokens are not read:
five parts are refused, so compression bombs never open.
"""

from dataclasses import dataclass

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.util import urlsafe_b64decode

from service.identity.json_objects import strict_object
from service.identity.refusals import RefusalReason, TokenRefused

MAX_TOKEN_BYTES = 16 * 1024
FORBIDDEN_HEADERS = frozenset({"jwk", "jku", "x5u", "x5c", "crit", "b64", "zip"})

VerifyingKey = RSAKey | ECKey | OKPKey


@dataclass(frozen=True, slots=True)
class Presented:
    """What a token says of itself before its signature is checked: good for choosing a key, not to be believed."""

    parts: jws.CompactSignature
    algorithm: str
    key_id: str
    token_type: str
    claims: dict[str, object]


def as_ascii(token: str) -> bytes:
    """The token's bytes; refuses what is longer than any honest token before looking at it."""
    if len(token) > MAX_TOKEN_BYTES:
        raise TokenRefused(RefusalReason.TOO_LARGE)
    try:
        return token.encode("ascii")
    except UnicodeEncodeError as error:
        raise TokenRefused(RefusalReason.MALFORMED) from error


def read(token: bytes) -> Presented:
    """The parts of a compact token. Raises `TokenRefused` for any other shape and for a forbidden header."""
    segments = token.split(b".")
    if len(segments) != 3:
        raise TokenRefused(RefusalReason.MALFORMED)
    try:
        header = strict_object(urlsafe_b64decode(segments[0]))
        if not FORBIDDEN_HEADERS.isdisjoint(header):
            raise TokenRefused(RefusalReason.HEADER_FORBIDDEN)
        parts = jws.extract_compact(token)
        claims = strict_object(parts.payload)
    except (JoseError, ValueError, RecursionError) as error:
        raise TokenRefused(RefusalReason.MALFORMED) from error
    key_id = header.get("kid")
    if not isinstance(key_id, str) or not key_id:
        raise TokenRefused(RefusalReason.KEY_ID_MISSING)
    return Presented(parts, _text(header.get("alg")), key_id, _media_type(header.get("typ")), claims)


def check_signature(presented: Presented, key: VerifyingKey, algorithms: frozenset[str]) -> None:
    """Raise `TokenRefused` unless `key` made the signature by one of `algorithms`, for which the key was published."""
    if presented.algorithm not in algorithms:
        raise TokenRefused(RefusalReason.ALGORITHM_NOT_ACCEPTED)
    try:  # joserfc also refuses a key of another kind, use or published algorithm
        signed = jws.validate_compact(presented.parts, key, algorithms=algorithms)
    except (JoseError, ValueError, TypeError) as error:
        raise TokenRefused(RefusalReason.SIGNATURE_BAD) from error
    if not signed:
        raise TokenRefused(RefusalReason.SIGNATURE_BAD)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TokenRefused(RefusalReason.MALFORMED)
    return value


def _media_type(value: object) -> str:
    """`typ` as RFC 9068 reads it: case ignored, the prefix `application/` optional; absent is nothing we accept."""
    if not isinstance(value, str):
        raise TokenRefused(RefusalReason.TYPE_NOT_ACCEPTED)
    return value.lower().removeprefix("application/")
