"""Signed checkpoints of the audit chain: the heads of all rooms at one moment, to be kept where no database
administrator can write.

Whoever can write the whole database can rebuild a chain so that it verifies; it then no longer runs through the heads
of a checkpoint taken before. A checkpoint is text (JSON) with an Ed25519 signature by a key of the service's secret.
It names rooms by their ids and how many acts each has seen, so it is for whoever keeps the audit, not for publication.
"""

from datetime import UTC, datetime
from typing import Final

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.db.audit import Heads

VERSION: Final = 1


class CheckpointRefused(Exception):
    """This text is not a checkpoint that this service signed."""


def sealed(heads: Heads, key: bytes, now: datetime) -> str:
    """The checkpoint's text. `key` is 32 bytes, `now` aware."""
    content = {"version": VERSION, "taken_at": now.astimezone(UTC).isoformat(), "heads": heads}
    said = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    signature = Ed25519PrivateKey.from_private_bytes(key).sign(said)
    return orjson.dumps({"checkpoint": content, "signature": signature.hex()}, option=orjson.OPT_SORT_KEYS).decode()


def opened(text: str, key: bytes) -> Heads:
    """The heads of a checkpoint. Raises CheckpointRefused where the signature does not hold."""
    try:
        given = orjson.loads(text)
        said = orjson.dumps(given["checkpoint"], option=orjson.OPT_SORT_KEYS)
        Ed25519PrivateKey.from_private_bytes(key).public_key().verify(bytes.fromhex(given["signature"]), said)
        return {room: (int(sequence), str(hash)) for room, (sequence, hash) in given["checkpoint"]["heads"].items()}
    except (InvalidSignature, KeyError, TypeError, ValueError):
        raise CheckpointRefused("this is not a checkpoint that this service signed") from None
