"""The demo's own sign-in service: it names invented people, and exists only where the demo is switched on.

Its key is made on first use and kept in the data directory, readable by its owner alone: whoever reads that file can be
anyone in the demo. Files are read and written in the constructor, so make it at start-up, not in a request.
"""

import json
import os
import secrets
import stat
import time
from datetime import timedelta
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from service.identity.issuers import ClaimIn, IssuerProfile
from service.identity.keys import FixedKeys, TrustedIssuer

ISSUER = "urn:partnership:demo"
KEY_FILE = "demo-issuer.jwk.json"
A_DAY = timedelta(days=1)


class DemoIsOff(RuntimeError):
    """The demo issuer was asked for where the demo is not switched on."""


class KeyFileRefused(RuntimeError):
    """The demo's key file is not a whole key in a plain file that its owner alone can read."""


class DemoIssuer:
    """Issues access tokens for the demo's personas and vouches for them, in this process, without HTTP."""

    def __init__(self, data_dir: Path, audience: str, *, demo: bool) -> None:
        if demo is not True:
            raise DemoIsOff("tokens of the demo issuer are made and accepted only with the demo switched on")
        self._audience = audience
        self._key = _kept_key(data_dir / KEY_FILE)
        self._key_id = self._key.thumbprint()

    def issue(self, subject: str, *, service: bool = False, lifetime: timedelta = A_DAY) -> str:
        """A signed access token that names `subject`, valid from now for `lifetime`."""
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": ISSUER,
            "sub": subject,
            "aud": self._audience,
            "iat": now,
            "exp": now + int(lifetime.total_seconds()),
            "jti": secrets.token_urlsafe(16),
        }
        if service:
            claims["gty"] = "client-credentials"
        header = {"alg": "ES256", "kid": self._key_id, "typ": "at+jwt"}
        return jwt.encode(header, claims, self._key, algorithms=["ES256"])

    def profile(self) -> IssuerProfile:
        """How the demo's tokens are read."""
        return IssuerProfile(
            issuer=ISSUER,
            audiences=frozenset({self._audience}),
            algorithms=frozenset({"ES256"}),
            service_marks=(ClaimIn(claim="gty", any_of=frozenset({"client-credentials"})),),
        )

    def trusted(self) -> TrustedIssuer:
        """The profile with its public key, ready for a `TokenVerifier`."""
        public = ECKey.import_key(self._key.as_dict(private=False))
        return TrustedIssuer(self.profile(), FixedKeys({self._key_id: public}))


def _kept_key(path: Path) -> ECKey:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _write_once(path, ECKey.generate_key("P-256"))
    return _read(path)


def _write_once(path: Path, key: ECKey) -> None:
    """Write the key whole or not at all; if another process was first, its key stands."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            json.dump(key.as_dict(private=True), file)
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()


def _read(path: Path) -> ECKey:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(descriptor, encoding="ascii") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode) or stat.S_IMODE(mode) & 0o077:
                raise KeyFileRefused(f"{path.name} must be a plain file that its owner alone can read (mode 600)")
            return ECKey.import_key(json.load(file))
    except (OSError, ValueError, JoseError) as error:
        raise KeyFileRefused(f"{path.name} does not hold a key; remove it and the demo makes another") from error
