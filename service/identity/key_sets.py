"""An issuer's published documents, read with suspicion: its discovery document and its set of public keys.

Every endpoint must share the issuer's origin (THREATS B13, CVE-2026-104056): a poisoned document must not send us to
another's keys. From the key set only keys that can verify are taken: asymmetric, with a `kid`, for signatures, RSA of
2048 bits or more (NIST SP 800-131A). What we do not understand is left out, not an error (RFC 7517 section 5).
"""

from collections.abc import Mapping

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.util import base64_to_int

from service.identity.compact import VerifyingKey
from service.identity.issuers import origin
from service.identity.json_objects import strict_object

MIN_RSA_BITS = 2048
DISCOVERY_PATH = "/.well-known/openid-configuration"


class DocumentRefused(ValueError):
    """An issuer's document that is not its own, or not a document of that kind."""


def discovery_uri(issuer: str) -> str:
    """Where OpenID Connect Discovery section 4 puts the document."""
    return issuer.removesuffix("/") + DISCOVERY_PATH


def jwks_uri(document: bytes, issuer: str) -> str:
    """The key set's address; raises ValueError unless the document is that issuer's and all endpoints its own."""
    found = strict_object(document)
    if found.get("issuer") != issuer:
        raise DocumentRefused("the discovery document is another issuer's")
    ours = origin(issuer)
    for name, value in found.items():
        if name != "jwks_uri" and not name.endswith("_endpoint"):
            continue
        if not isinstance(value, str) or origin(value) != ours:
            raise DocumentRefused(f"the discovery document's {name} leaves the issuer's origin")
    address = found.get("jwks_uri")
    if not isinstance(address, str):
        raise DocumentRefused("the discovery document names no key set")
    return address


def key_set(document: bytes, issuer: str) -> Mapping[str, VerifyingKey]:
    """The usable keys of a JWK set by `kid`, the first of a name; empty if the issuer publishes none we can use."""
    entries = strict_object(document).get("keys")
    if not isinstance(entries, list):
        raise DocumentRefused("not a key set")
    keys: dict[str, VerifyingKey] = {}
    for entry in entries:
        if isinstance(entry, dict):
            key = _usable(entry, issuer)
            if key is not None and key.kid:
                keys.setdefault(key.kid, key)
    return keys


def _usable(entry: dict[str, object], issuer: str) -> VerifyingKey | None:
    if not isinstance(entry.get("kid"), str) or entry.get("use", "sig") != "sig" or _of_another_tenant(entry, issuer):
        return None
    public = {name: value for name, value in entry.items() if name in _PUBLIC}
    try:
        match entry.get("kty"):
            case "RSA":
                strong = base64_to_int(str(entry.get("n"))).bit_length() >= MIN_RSA_BITS
                return RSAKey.import_key(public) if strong else None  # type: ignore[arg-type]
            case "EC":
                return ECKey.import_key(public)  # type: ignore[arg-type]
            case "OKP":
                return OKPKey.import_key(public)  # type: ignore[arg-type]
            case _:
                return None
    except (JoseError, ValueError, TypeError, KeyError):
        return None


_PUBLIC = frozenset({"kty", "kid", "use", "alg", "key_ops", "n", "e", "crv", "x", "y"})


def _of_another_tenant(entry: dict[str, object], issuer: str) -> bool:
    """Entra says in its keys which tenant may use them; `{tenantid}` stands for every one."""
    owner = entry.get("issuer")
    return isinstance(owner, str) and "{tenantid}" not in owner and owner != issuer
