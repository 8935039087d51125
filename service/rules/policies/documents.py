"""What a policy version may hold, what a signature on it is over, and how it is shown.

A joint signature is over a content hash (DESIGN section 2, idea 4; founding document S4: "joint
signatures on shared documents"): both sides must have signed the same words, whatever machine typed them.
A text is written by one side and read by the other, so it is shown through an allow-list: no HTML of the
author's, no image fetched from elsewhere, no link but http, https and mailto (OWASP XSS prevention).
"""

from __future__ import annotations

import hashlib
from typing import Final

import nh3
from markdown_it import MarkdownIt

from service.rules.policies.clauses import blocks, count
from service.rules.problems import Code, Problem
from service.rules.text import line_problems, normalised, text_problems

TITLE_MOST: Final = 200
BODY_MOST: Final = 100_000
CLAUSES_MOST: Final = 2_000
NESTING_MOST: Final = 12

_HASH_FORM: Final = b"partnership policy 1"
_TAGS: Final[set[str]] = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "pre", "code"),
    *("ul", "ol", "li", "em", "strong", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES: Final[dict[str, set[str]]] = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES: Final[set[str]] = {"http", "https", "mailto"}
_ADDRESSES: Final = ("http://", "https://", "mailto:")

_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False, "maxNesting": 2 * NESTING_MOST}).enable("table")
_MARKDOWN.disable(["html_block", "html_inline", "image"])


def policy_problems(title: str, body: str) -> list[Problem]:
    """Why this title and text cannot become a version of a policy; empty if they can."""
    problems = [
        *line_problems(title, field=("title",), most=TITLE_MOST),
        *text_problems(body, field=("body",), most=BODY_MOST),
    ]
    return problems if any(p.field == ("body",) for p in problems) else [*problems, *_structure_problems(body)]


def content_hash(title: str, body: str) -> str:
    """SHA-256, in hexadecimal, of the text in the form in which it is kept.

    Each part is preceded by its length in bytes, so that no words can move from title to body unnoticed.
    """
    digest = hashlib.sha256(_HASH_FORM)
    for part in (title, body):
        written = normalised(part).encode("utf-8", "surrogatepass")
        digest.update(len(written).to_bytes(8, "big"))
        digest.update(written)
    return digest.hexdigest()


def rendered(body: str) -> str:
    """The text as HTML that is safe to show to anybody; a link without a full address is shown as its words."""
    return nh3.clean(
        _MARKDOWN.render(body),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_full_address_only,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )


def _full_address_only(_tag: str, attribute: str, value: str) -> str | None:
    return value if attribute != "href" or value.startswith(_ADDRESSES) else None


def _structure_problems(body: str) -> list[Problem]:
    tokens = blocks(body)
    if max((token.level for token in tokens), default=0) > NESTING_MOST:
        return [Problem(Code.TOO_DEEP, "Lists and quotations are nested too deeply.", ("body",))]
    number = count(tokens)
    if number == 0:
        return [Problem(Code.REQUIRED, "A policy needs at least one clause.", ("body",))]
    if number > CLAUSES_MOST:
        return [Problem(Code.TOO_MANY, f"A policy can have at most {CLAUSES_MOST:,} clauses.", ("body",))]
    return []
