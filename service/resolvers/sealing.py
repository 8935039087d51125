"""What the service encrypts before it leaves it or is stored: readable with its key, only where it was sealed for."""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE: Final = 12


def seal(key: bytes, plain: bytes, bound: bytes) -> bytes:
    """Sealed for one place: whose it is, or what it belongs to. Never the same twice."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def unseal(key: bytes, held: bytes, bound: bytes) -> bytes | None:
    """What was sealed; None where it was sealed for another place, with another key, or not at all."""
    try:
        return AESGCM(key).decrypt(held[:NONCE], held[NONCE:], bound)
    except (InvalidTag, ValueError):
        return None
