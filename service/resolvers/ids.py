"""Opaque global ids: a type's name and a row's id. Under another type's name it is the id of nothing (THREATS A2)."""

from base64 import urlsafe_b64decode
from binascii import b2a_base64
from collections.abc import Iterable
from uuid import UUID


def global_id(type_name: str, row_id: UUID) -> str:
    """The id that clients keep."""
    return global_ids(type_name, (row_id,))[0]


def global_ids(type_name: str, row_ids: Iterable[UUID]) -> list[str]:
    """The ids of rows of one type. Base64 of their letters never holds a `+` or a `/`, so it is URL-safe as it is."""
    start = f"{type_name}:"
    return [b2a_base64((start + str(each)).encode(), newline=False).rstrip(b"=").decode() for each in row_ids]


def parts(given: str) -> tuple[str, UUID] | None:
    """The type's name and the row's id; None for anything that `global_id` would not have written."""
    try:
        type_name, _, row_id = (
            urlsafe_b64decode(given.encode("ascii") + b"=" * (-len(given) % 4)).decode("ascii").partition(":")
        )
        found = UUID(row_id)
    except ValueError:
        return None
    return (type_name, found) if global_id(type_name, found) == given else None


def row_id(given: str, *type_names: str) -> UUID | None:
    """The row's id where the global id is of one of these types, else None."""
    found = parts(given)
    return found[1] if found is not None and found[0] in type_names else None
