"""What the service proves to the database when it names a viewer: a nested SHA-256 over the words, keyed by a secret
that both hold, bound to one backend and one moment. `access.sign` in the migrations computes the same."""

import time
from datetime import date
from hashlib import sha256
from uuid import UUID


def sign(key: bytes, *said: object) -> str:
    """The proof, in hexadecimal, over the words that are not None, joined by a bar."""
    words = "|".join(_word(word) for word in said if word is not None).encode()
    return sha256(key + sha256(key + words).digest()).hexdigest()


def _word(word: object) -> str:
    if isinstance(word, bool):
        return "t" if word else "f"
    return str(word)


def now_micros() -> int:
    """Microseconds since 1970, by this machine's clock."""
    return time.time_ns() // 1000


def text_digest(text: str) -> str:
    """How a text of any content stands inside a proof."""
    return sha256(text.encode()).hexdigest()


def enter_proof(key: bytes, account: UUID | None, seat: UUID | None, merge: bool, backend: int, made: int) -> str:
    """The proof that `access.enter` asks for."""
    return sign(key, "enter", account, seat, merge, backend, made)


def release_proof(key: bytes, forum: UUID, code: str, backend: int, made: int) -> str:
    """The proof that `access.release_source` and `access.release_history` ask for."""
    return sign(key, "release", forum, code, backend, made)


def freeze_proof(key: bytes, release: UUID, room: UUID, forum: UUID, content: str, backend: int, made: int) -> str:
    """The proof that `access.release_freeze` asks for."""
    return sign(key, "freeze", release, room, forum, text_digest(content), backend, made)


def feed_proof(key: bytes, backend: int, made: int) -> str:
    """The proof that `access.feed_opened`, `access.feed_changed` and `access.feed_stirred` ask for."""
    return sign(key, "feed", backend, made)


def webhook_proof(key: bytes, backend: int, made: int) -> str:
    """The proof that the `access.webhook_*` functions ask for."""
    return sign(key, "webhook", backend, made)


def deadline_proof(key: bytes, backend: int, made: int) -> str:
    """The proof that `access.moments_due`, `access.moment_passed` and `access.kept_pruned` ask for."""
    return sign(key, "deadline", backend, made)


def people_proof(key: bytes, seat: UUID, said: str, backend: int, made: int) -> str:
    """The proof that `access.people_keep` asks for, over the very words."""
    return sign(key, "people", seat, text_digest(said), backend, made)


def mail_proof(key: bytes, backend: int, made: int) -> str:
    """The proof that the `access.mail_*` functions ask for."""
    return sign(key, "mail", backend, made)


def calendar_proof(key: bytes, digest: bytes, backend: int, made: int) -> str:
    """The proof that `access.calendar_create` and `access.calendar_seat` ask for."""
    return sign(key, "calendar", digest.hex(), backend, made)


def release_note_proof(key: bytes, code: bytes, backend: int, made: int) -> str:
    """The proof that `access.release_note_shown` asks for."""
    return sign(key, "release note", code.hex(), backend, made)


def time_off_proof(key: bytes, organisation: UUID, first: date, last: date, backend: int, made: int) -> str:
    """The proof that `access.time_off_counted` asks for."""
    return sign(key, "time off", organisation, first, last, backend, made)


def identity_proof(key: bytes, verb: str, issuer: str, subject: str, backend: int, made: int) -> str:
    """The proof that `access.identify` ("identify") and `access.invitation_accept` ("accept") ask for."""
    return sign(key, verb, text_digest(issuer), text_digest(subject), backend, made)
