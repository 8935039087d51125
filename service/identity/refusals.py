"""Why a token was refused. The reason is for our log and our tests; the caller is told `invalid_token` and no more.

A precise answer helps whoever is forging (RFC 6750 section 3.1 asks for nothing finer).
"""

from enum import StrEnum


class RefusalReason(StrEnum):
    """Every reason for which a token is refused."""

    TOO_LARGE = "too_large"
    MALFORMED = "malformed"
    HEADER_FORBIDDEN = "header_forbidden"
    KEY_ID_MISSING = "key_id_missing"
    TYPE_NOT_ACCEPTED = "type_not_accepted"
    ISSUER_UNKNOWN = "issuer_unknown"
    ALGORITHM_NOT_ACCEPTED = "algorithm_not_accepted"
    KEY_UNKNOWN = "key_unknown"
    KEYS_UNAVAILABLE = "keys_unavailable"
    SIGNATURE_BAD = "signature_bad"
    CLAIM_MISSING = "claim_missing"
    CLAIM_INVALID = "claim_invalid"
    AUDIENCE_OTHER = "audience_other"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    NOT_AN_ACCESS_TOKEN = "not_an_access_token"
    NOT_GRANTED = "not_granted"


class TokenRefused(Exception):
    """The only error that verifying a token raises."""

    def __init__(self, reason: RefusalReason) -> None:
        super().__init__(reason.value)
        self.reason = reason

    @property
    def ours(self) -> bool:
        """True if the token was never judged, because its issuer's keys could not be had: say 503, not 401."""
        return self.reason is RefusalReason.KEYS_UNAVAILABLE
