"""The Authorization header: exactly one, `Bearer`, one token (RFC 6750 section 2.1), and what we answer otherwise.

A request without credentials is told only to bring some; a refused token is `invalid_token` with Authlib's standard
sentence, whatever the reason was.
"""

import re
from collections.abc import Iterable

from authlib.oauth2.rfc6750.errors import InvalidTokenError  # type: ignore[import-untyped]

from service.identity.compact import MAX_TOKEN_BYTES
from service.identity.refusals import TokenRefused

REALM = "partnership"
CREDENTIALS = re.compile(rb"bearer +([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)
SCHEME_BYTES = 16


class NotAuthenticated(Exception):
    """No identity for this request: the HTTP status and, for 400 and 401, the `WWW-Authenticate` challenge."""

    def __init__(self, status: int, challenge: str | None) -> None:
        super().__init__(status)
        self.status = status
        self.challenge = challenge


def bearer_token(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The token in the raw headers of a request (ASGI `scope["headers"]`); raises `NotAuthenticated`."""
    values = [value for name, value in headers if name.lower() == b"authorization"]
    if not values:
        raise NotAuthenticated(401, f'Bearer realm="{REALM}"')
    if len(values) > 1:
        raise NotAuthenticated(400, f'Bearer realm="{REALM}", error="invalid_request"')
    if len(values[0]) > MAX_TOKEN_BYTES + SCHEME_BYTES:
        raise NotAuthenticated(401, _invalid_token())
    if values[0].split(b" ", 1)[0].lower() != b"bearer":
        raise NotAuthenticated(401, f'Bearer realm="{REALM}"')
    found = CREDENTIALS.fullmatch(values[0])
    if found is None:
        raise NotAuthenticated(400, f'Bearer realm="{REALM}", error="invalid_request"')
    return found[1].decode("ascii")


def refusal(refused: TokenRefused) -> NotAuthenticated:
    """What to answer for a refused token: 503 if we could not judge it, else 401; never the reason."""
    return NotAuthenticated(503, None) if refused.ours else NotAuthenticated(401, _invalid_token())


def _invalid_token() -> str:
    headers: list[tuple[str, str]] = InvalidTokenError(realm=REALM).get_headers()
    return next(value for name, value in headers if name == "WWW-Authenticate")
