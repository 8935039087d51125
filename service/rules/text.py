"""What a person may write, and how it is kept.

Text is kept as written, in one canonical form, so that two parties who sign a hash sign the same words
(Unicode NFC, UAX #15). Refused are characters that PostgreSQL cannot hold or that make a text read
otherwise than it is: NUL, lone surrogates, controls, and the bidirectional controls of "Trojan Source"
(CVE-2021-42574). A name or title is one line and holds nothing invisible, so that it can be no other's.
Letters of every script are welcome; joiners stay where a script or an emoji needs them.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from service.rules.problems import Code, Problem

BIDI_CONTROLS: Final[frozenset[str]] = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
JOINERS: Final[frozenset[str]] = frozenset("\u200c\u200d")

# After these a joiner shapes what is seen: letters of scripts without case, marks, pictographs.
_JOINABLE: Final[frozenset[str]] = frozenset({"Lo", "Mn", "Mc", "So", "Sk"})
_LINE_BREAKS: Final[frozenset[str]] = frozenset({"Zl", "Zp"})


def normalised(value: str) -> str:
    """The form in which a text is kept: NFC, lines end in LF, no space around it."""
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def text_problems(value: str, *, field: tuple[str, ...], most: int, required: bool = True) -> list[Problem]:
    """Why a text of several lines cannot be taken; it is judged in the form in which it would be kept."""
    kept = normalised(value)
    return [
        *_size_problems(kept, field=field, most=most, required=required),
        *_character_problems(refused=any(_refused_in_text(c) for c in kept), field=field),
    ]


def line_problems(value: str, *, field: tuple[str, ...], most: int, required: bool = True) -> list[Problem]:
    """Why a name or title cannot be taken: as `text_problems`, and it is one line with nothing invisible."""
    kept = normalised(value)
    refused = any(_refused_in_line(before, c) for before, c in zip(" " + kept, kept, strict=False))
    return [
        *_size_problems(kept, field=field, most=most, required=required),
        *_character_problems(refused=refused, field=field),
    ]


def _size_problems(kept: str, *, field: tuple[str, ...], most: int, required: bool) -> list[Problem]:
    if len(kept) > most:
        return [Problem(Code.TOO_LONG, f"This can be at most {most:,} characters long.", field)]
    if required and not any(_visible(c) for c in kept):
        return [Problem(Code.REQUIRED, "This cannot be left blank.", field)]
    return []


def _character_problems(*, refused: bool, field: tuple[str, ...]) -> list[Problem]:
    if not refused:
        return []
    return [Problem(Code.INVALID, "This holds a control or invisible character that cannot be kept.", field)]


def _visible(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZ"


def _refused_in_text(character: str) -> bool:
    if character in "\n\t":
        return False
    return character in BIDI_CONTROLS or unicodedata.category(character) in {"Cc", "Cs"}


def _refused_in_line(before: str, character: str) -> bool:
    if character in JOINERS:
        return unicodedata.category(before) not in _JOINABLE
    category = unicodedata.category(character)
    return category in {"Cc", "Cs", "Cf"} or category in _LINE_BREAKS
