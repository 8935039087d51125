"""Positions in the change feed as clients keep them: sealed, so that nobody reads in them how much happens elsewhere,
and bound to who was told. They come in a few lengths, so that theirs tells little of how many rooms are open.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

from service.access.viewer import Viewer
from service.db.changes import Position
from service.resolvers.sealing import seal, unseal

STEP: Final = 768
LONGEST: Final = 200_000
"""Characters: what a position with a few thousand rooms takes, and what a request may hold."""


def sealed(key: bytes, viewer: Viewer, position: Position) -> str:
    """What the viewer keeps of a position."""
    packed = position.packed()
    framed = len(packed).to_bytes(4, "big") + packed
    padded = framed + bytes(-len(framed) % STEP)
    return urlsafe_b64encode(seal(key, padded, _bound(viewer))).rstrip(b"=").decode()


def unsealed(key: bytes, viewer: Viewer, given: str) -> Position | None:
    """The position; None for anything that `sealed` did not make for this viewer in this capacity."""
    if len(given) > LONGEST:
        return None
    try:
        raw = urlsafe_b64decode(given.encode("ascii") + b"=" * (-len(given) % 4))
    except ValueError:
        return None
    padded = unseal(key, raw, _bound(viewer))
    if padded is None:
        return None
    return Position.unpacked(padded[4 : 4 + int.from_bytes(padded[:4], "big")])


def _bound(viewer: Viewer) -> bytes:
    return f"{viewer.account}|{viewer.seat}|{viewer.merge}".encode()
