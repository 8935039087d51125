"""From a token to who it names, or a refusal: nothing in between and nothing else raised.

The issuer is looked up among those configured, never taken from the token; algorithm, key and type are the issuer's,
not the token's choice (RFC 8725, THREATS B1-B14).
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from service.identity.claims import Identity, judge
from service.identity.compact import Presented, as_ascii, check_signature, read
from service.identity.keys import TrustedIssuer
from service.identity.refusals import RefusalReason, TokenRefused

__all__ = ["Identity", "RefusalReason", "TokenRefused", "TokenVerifier"]

REMEMBERED_FOR = timedelta(seconds=60)
MAX_REMEMBERED = 4096


def _utc_now() -> datetime:
    return datetime.now(UTC)


class TokenVerifier:
    """Verifies access tokens of the configured issuers. Remembers what it verified for a minute, never a refusal."""

    def __init__(self, issuers: Iterable[TrustedIssuer], now: Callable[[], datetime] = _utc_now) -> None:
        self._issuers: dict[str, TrustedIssuer] = {}
        for trusted in issuers:
            if trusted.profile.issuer in self._issuers:
                raise ValueError(f"issuer configured twice: {trusted.profile.issuer}")
            self._issuers[trusted.profile.issuer] = trusted
        self._now = now
        self._remembered: OrderedDict[bytes, tuple[datetime, Identity]] = OrderedDict()

    async def verify(self, token: str) -> Identity:
        """Who the token names, now. Raises `TokenRefused` and nothing else."""
        raw = as_ascii(token)
        digest = hashlib.sha256(raw).digest()
        remembered = self._recall(digest)
        if remembered is not None:
            return remembered
        presented = read(raw)
        issuer = self._issuer_of(presented)
        if presented.token_type not in issuer.profile.token_types:
            raise TokenRefused(RefusalReason.TYPE_NOT_ACCEPTED)
        if presented.algorithm not in issuer.profile.algorithms:
            raise TokenRefused(RefusalReason.ALGORITHM_NOT_ACCEPTED)
        key = await issuer.keys.find(presented.key_id)
        check_signature(presented, key, issuer.profile.algorithms)
        identity = judge(issuer.profile, presented.claims, self._now())
        self._remember(digest, identity)
        return identity

    def _issuer_of(self, presented: Presented) -> TrustedIssuer:
        named = presented.claims.get("iss")
        if not isinstance(named, str) or named not in self._issuers:
            raise TokenRefused(RefusalReason.ISSUER_UNKNOWN)
        return self._issuers[named]

    def _recall(self, digest: bytes) -> Identity | None:
        verified_at, identity = self._remembered.get(digest, (None, None))
        if verified_at is None or identity is None:
            return None
        # A clock set back makes us verify again rather than remember for longer.
        if verified_at <= self._now() < min(identity.expires_at, verified_at + REMEMBERED_FOR):
            return identity
        del self._remembered[digest]
        return None

    def _remember(self, digest: bytes, identity: Identity) -> None:
        self._remembered[digest] = (self._now(), identity)
        self._remembered.move_to_end(digest)
        if len(self._remembered) > MAX_REMEMBERED:
            self._remembered.popitem(last=False)
