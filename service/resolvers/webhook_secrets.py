"""The signing secrets of endpoints: the worker must read them, a copy of the database must not hold them.

Each is sealed with a key derived from the service's secret and bound to its endpoint, so that none can be put in
another's place (THREATS C13).
"""

import os
from base64 import b64encode
from typing import Final
from uuid import UUID

from service.resolvers.sealing import seal, unseal

SECRET_BYTES: Final = 32
PREFIX: Final = "whsec_"


def new_secret() -> bytes:
    """A secret of 256 bits."""
    return os.urandom(SECRET_BYTES)


def shown(secret: bytes) -> str:
    """As its owner keeps it."""
    return PREFIX + b64encode(secret).decode()


def sealed_secret(key: bytes, endpoint: UUID, secret: bytes) -> bytes:
    """As the database holds it."""
    return seal(key, secret, endpoint.bytes)


def opened_secret(key: bytes, endpoint: UUID, held: bytes) -> bytes | None:
    """The secret; None where it was sealed for another endpoint or with another key."""
    return unseal(key, held, endpoint.bytes)
