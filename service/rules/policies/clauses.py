"""The addresses of a policy's clauses, such as `2.1(3)`: the third clause of section 2.1.

Agreements are quoted by clause, as statutes are by subsection ("2.1(3)"). The scheme:

* Headings number the sections: `1`, `2`, `2.1`. A heading deeper than the one before is a subsection of
  it, whatever its level: a policy may begin at `##`. A section's own heading is a clause too, addressed
  by the section alone, for a point on the section as a whole.
* A level-one heading that opens the text and is the only one is its title: section `0`, as is all text
  before the first heading. Section numbers then agree with those that authors print.
* Each block beneath a heading counts `(1)`, `(2)`, ...: paragraph, table, code, quotation, and each item
  of a list (with all that the item holds). Rules between blocks do not count.

Sections and clauses count apart, so a new paragraph renumbers no subsection. Equal texts have equal
addresses, and no address occurs twice. An address belongs to a version: a later one may number anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

# Above what may be stored (documents.NESTING_MOST): deeper blocks are seen here, and refused there.
_NESTING_SEEN: Final = 20

# Blocks only: what stands inside a line never makes or ends a clause, and this is the cheaper half.
_BLOCKS: Final = MarkdownIt("commonmark", {"html": False, "maxNesting": _NESTING_SEEN}).enable("table")
_BLOCKS.disable("html_block")
_BLOCKS.core.ruler.enableOnly(["normalize", "block"])

_COUNTED: Final[frozenset[str]] = frozenset({"paragraph_open", "table_open", "fence", "code_block", "blockquote_open"})


@dataclass(frozen=True, slots=True)
class Clause:
    """One addressable piece: the heading of its section ("" above all headings), its Markdown, its place from 0."""

    address: str
    heading: str
    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Changes:
    """Addresses of clauses written anew or reworded (in the new version), and of those gone (in the old one)."""

    written: frozenset[str]
    removed: frozenset[str]


def blocks(body: str) -> list[Token]:
    """The block structure of a text, without what stands inside its lines."""
    return _BLOCKS.parse(body)


def count(tokens: Sequence[Token]) -> int:
    """How many clauses those blocks make."""
    return sum(_is_heading(token) or _counts(token) for token in tokens)


def clauses(body: str) -> tuple[Clause, ...]:
    """The clauses of a policy text, in reading order."""
    tokens = blocks(body)
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return tuple(_numbered(tokens, lines))


def changes(old: str, new: str) -> Changes:
    """What became of clauses between two versions, judged by their words and not by their numbers."""
    before, after = clauses(old), clauses(new)
    kept_before, kept_after = {c.text for c in before}, {c.text for c in after}
    return Changes(
        written=frozenset(c.address for c in after if c.text not in kept_before),
        removed=frozenset(c.address for c in before if c.text not in kept_after),
    )


def _numbered(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[Clause]:
    sections = _Sections(titled=_has_title(tokens))
    heading, in_section, position = "", 0, 0
    for index, token in enumerate(tokens):
        if _is_heading(token):
            heading, in_section = _one_line(tokens[index + 1].content), 0
            yield Clause(sections.enter(int(token.tag[1:])), heading, heading, position)
        elif _counts(token):
            in_section += 1
            yield Clause(f"{sections.address}({in_section})", heading, _source(token, lines), position)
        else:
            continue
        position += 1


class _Sections:
    """Where in the tree of headings the reading stands."""

    def __init__(self, *, titled: bool) -> None:
        self._title_next = titled
        self._levels: list[int] = []
        self._numbers: list[int] = []

    @property
    def address(self) -> str:
        return ".".join(map(str, self._numbers)) or "0"

    def enter(self, level: int) -> str:
        """Pass a heading of that level; the address of its section."""
        if self._title_next:
            self._title_next = False
            return self.address
        last = 0
        while self._levels and self._levels[-1] >= level:
            self._levels.pop()
            last = self._numbers.pop()
        self._levels.append(level)
        self._numbers.append(last + 1)
        return self.address


def _has_title(tokens: Sequence[Token]) -> bool:
    return [place for place, token in enumerate(tokens) if _is_heading(token) and token.tag == "h1"] == [0]


def _is_heading(token: Token) -> bool:
    return token.level == 0 and token.type == "heading_open"


def _counts(token: Token) -> bool:
    return (token.level == 0 and token.type in _COUNTED) or (token.level == 1 and token.type == "list_item_open")


def _source(token: Token, lines: Sequence[str]) -> str:
    first, end = token.map or (0, 0)
    return "\n".join(lines[first:end]).strip("\n")


def _one_line(heading: str) -> str:
    return " ".join(heading.split())
