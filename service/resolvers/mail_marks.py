"""What is known of mail is kept so that a copy of the database does not tell it: addresses sealed, the rest as marks.

A mark is a keyed hash. Those of notices say nothing of what was told, nor that two people were told the same; a code
and a link are worked out again where they are needed, and stored nowhere.
"""

import hmac
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Final
from uuid import UUID

from service.resolvers.sealing import NONCE, seal, unseal

CODE_BYTES: Final = 10
"""80 bits: sixteen letters and digits to type."""
MARK_BYTES: Final = 32
TAG: Final = 16
TOKEN_BYTES: Final = NONCE + 16 + MARK_BYTES + TAG
_LINK: Final = b"unsubscribe"


def _key(key: bytes, use: str) -> bytes:
    """A key of its own for each use: what is sealed and what is marked share none."""
    return hmac.digest(key, use.encode(), sha256)


def _mark(key: bytes, use: str, *said: object) -> bytes:
    return hmac.digest(_key(key, use), "\x1f".join(str(each) for each in said).encode(), sha256)


def sealed_address(key: bytes, account: UUID, address: str) -> bytes:
    """As the database holds it, for this account alone."""
    return seal(_key(key, "addresses"), address.encode(), account.bytes)


def opened_address(key: bytes, account: UUID, held: bytes) -> str | None:
    """The address; None where it was sealed for another account or with another key."""
    found = unseal(_key(key, "addresses"), held, account.bytes)
    return None if found is None else found.decode()


def address_mark(key: bytes, address: str) -> bytes:
    """The same for the same address, whatever its letters' case."""
    return _mark(key, "address", address.lower())


def notice_mark(key: bytes, preference: UUID, kind: str, identity: UUID, what: str) -> bytes:
    """What was told to one preference."""
    return _mark(key, "notice", preference, kind, identity, what)


def code_of(key: bytes, preference: UUID, mark: bytes, number: int) -> str:
    """The code that shows that an address is somebody's."""
    return b32encode(_mark(key, "code", preference, mark.hex(), number)[:CODE_BYTES]).decode()


def same_code(code: str, given: str) -> bool:
    """Whether a code was given, however it was typed."""
    typed = "".join(given.split()).upper().encode("utf-8", "replace")
    return hmac.compare_digest(code.encode(), typed)


def link_token(key: bytes, preference: UUID, mark: bytes) -> str:
    """What ends mail to this address of this preference: always of one length, and never the same twice."""
    return urlsafe_b64encode(seal(_key(key, "links"), preference.bytes + mark, _LINK)).decode().rstrip("=")


def link_of(key: bytes, token: str) -> tuple[UUID, bytes] | None:
    """The preference and the address's mark of a token; None where it is none of ours."""
    try:
        held = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    found = unseal(_key(key, "links"), held, _LINK) if len(held) == TOKEN_BYTES else None
    return None if found is None else (UUID(bytes=found[:16]), found[16:])
