"""What people sign is what they read, each clause can be quoted, and no text harms its reader."""

import re
import time
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.rules.policies import (
    BODY_MOST,
    CLAUSES_MOST,
    HunkKind,
    changes,
    clauses,
    content_hash,
    policy_problems,
    rendered,
    word_diff,
)
from service.rules.problems import Code
from service.rules.text import normalised

POLICY = """\
# Flexible working

Applies to everybody.

## 1. Purpose

Work should fit
around life.

- to keep people
- to treat them fairly
  - in every post

## 2. Requests

### 2.1 Who may ask

| Post | From |
|------|------|
| any  | day one |

```
# no heading
```

> Ask early.

---

### 2.2 How to ask

In writing.
"""

MARKDOWN = st.lists(
    st.one_of(
        st.sampled_from(
            ["# A\n", "## B\n", "#### C\n", "text\n", "\n", "- item\n", "  - sub\n", "1. one\n", "> quote\n"]
        ),
        st.sampled_from(["```\n", "| a |\n|---|\n", "---\n", "    code\n", "[x]: y\n", "<b>\n", "\t\n", "===\n"]),
        st.text(max_size=8),
    ),
    max_size=25,
).map("".join)


def joined(old: str, new: str, *kinds: HunkKind) -> str:
    return "".join(hunk.text for hunk in word_diff(old, new) if hunk.kind in kinds)


# --- clauses ----------------------------------------------------------------------------------------


def test_network_officer_can_quote_every_clause_by_the_numbers_that_are_printed() -> None:
    assert [(c.address, c.text.splitlines()[0]) for c in clauses(POLICY)] == [
        ("0", "Flexible working"),
        ("0(1)", "Applies to everybody."),
        ("1", "1. Purpose"),
        ("1(1)", "Work should fit"),
        ("1(2)", "- to keep people"),
        ("1(3)", "- to treat them fairly"),
        ("2", "2. Requests"),
        ("2.1", "2.1 Who may ask"),
        ("2.1(1)", "| Post | From |"),
        ("2.1(2)", "```"),
        ("2.1(3)", "> Ask early."),
        ("2.2", "2.2 How to ask"),
        ("2.2(1)", "In writing."),
    ]


def test_network_officer_finds_each_clause_whole_under_its_heading() -> None:
    found = {c.address: c for c in clauses(POLICY)}
    assert found["1(1)"].text == "Work should fit\naround life."
    assert found["1(3)"].text == "- to treat them fairly\n  - in every post"
    assert found["2.1(2)"].heading == "2.1 Who may ask"
    assert [c.position for c in clauses(POLICY)] == list(range(len(found)))


@pytest.mark.parametrize(
    ("body", "addresses"),
    [
        ("", []),
        ("just text", ["0(1)"]),
        ("## A\n\na\n\n## B", ["1", "1(1)", "2"]),
        ("# A\n\n# B\n\n### C\n\n## D", ["1", "2", "2.1", "2.2"]),
        ("text\n\n# A\n\na", ["0(1)", "1", "1(1)"]),
        ("### A\n\n## B\n\n# C", ["1", "2", "3"]),
        ("> # quoted\n\n- # listed", ["0(1)", "0(2)"]),
    ],
)
def test_network_officer_finds_addresses_in_texts_of_any_shape(body: str, addresses: list[str]) -> None:
    assert [c.address for c in clauses(body)] == addresses


def test_network_officer_keeps_subsection_numbers_when_a_paragraph_is_added() -> None:
    longer = POLICY.replace("## 2. Requests\n", "## 2. Requests\n\nAsk at any time.\n")
    before = {c.address: c.text for c in clauses(POLICY)}
    after = {c.address: c.text for c in clauses(longer)}
    assert before.items() <= after.items()
    assert after.keys() - before.keys() == {"2(1)"}


@given(MARKDOWN)
def test_network_officer_never_quotes_two_clauses_by_one_address(body: str) -> None:
    found = clauses(body)
    assert len({c.address for c in found}) == len(found)
    assert found == clauses(body)
    assert all(re.fullmatch(r"(0|[1-9]\d*(\.[1-9]\d*)*)(\([1-9]\d*\))?", c.address) for c in found)


@given(MARKDOWN)
def test_network_officer_finds_no_words_that_the_policy_does_not_hold(body: str) -> None:
    kept = " ".join(body.split())
    assert all(" ".join(c.text.replace("\ufffd", "\x00").split()) in kept for c in clauses(body))


def test_network_officer_sees_which_clauses_changed_even_when_numbers_moved() -> None:
    new = POLICY.replace("Work should fit", "First of all.\n\nWork should fit").replace("In writing.", "By any means.")
    found = changes(POLICY, new)
    assert found.written == {"1(1)", "2.2(1)"}
    assert found.removed == {"2.2(1)"}


def test_employer_cannot_claim_a_change_where_no_word_changed() -> None:
    found = changes(POLICY, POLICY.replace("\n\n", "\n\n\n"))
    assert (found.written, found.removed) == (frozenset(), frozenset())


# --- word diff --------------------------------------------------------------------------------------


def test_member_sees_exactly_the_words_that_changed() -> None:
    old = "You may ask once a year.\nKeep this.\nThe manager decides.\n"
    new = "You may ask twice a year.\nKeep this.\nThe manager decides within a month.\n"
    assert [(h.kind, h.text) for h in word_diff(old, new)] == [
        (HunkKind.EQUAL, "You may ask "),
        (HunkKind.DELETED, "once"),
        (HunkKind.INSERTED, "twice"),
        (HunkKind.EQUAL, " a year.\nKeep this.\nThe manager decides"),
        (HunkKind.INSERTED, " within a month"),
        (HunkKind.EQUAL, ".\n"),
    ]


def test_member_sees_replaced_words_together_and_not_the_spaces_between_them() -> None:
    assert [(h.kind, h.text) for h in word_diff("one two three", "four five six")] == [
        (HunkKind.DELETED, "one two three"),
        (HunkKind.INSERTED, "four five six"),
    ]


def test_member_is_not_shown_the_space_around_a_changed_word_as_changed() -> None:
    assert [(h.kind, h.text) for h in word_diff(" one ", " two ")] == [
        (HunkKind.EQUAL, " "),
        (HunkKind.DELETED, "one"),
        (HunkKind.INSERTED, "two"),
        (HunkKind.EQUAL, " "),
    ]


def test_member_sees_words_between_two_changes_as_one_run() -> None:
    assert [(h.kind, h.text) for h in word_diff("a b c d e", "x b c d y")] == [
        (HunkKind.DELETED, "a"),
        (HunkKind.INSERTED, "x"),
        (HunkKind.EQUAL, " b c d "),
        (HunkKind.DELETED, "e"),
        (HunkKind.INSERTED, "y"),
    ]


WORDY = st.lists(st.sampled_from(["a", "b", "the ", " ", "\n", ".", "\n\n", "x y", "\r", "é", "\u2028"]), max_size=40)


@given(WORDY.map("".join) | st.text(max_size=40), WORDY.map("".join) | st.text(max_size=40))
@example("", "")
@example("a b", "a  b")
def test_member_can_rebuild_both_texts_from_the_difference(old: str, new: str) -> None:
    assert joined(old, new, HunkKind.EQUAL, HunkKind.DELETED) == old
    assert joined(old, new, HunkKind.EQUAL, HunkKind.INSERTED) == new
    hunks = word_diff(old, new)
    assert all(h.text for h in hunks)
    assert all(a.kind != b.kind for a, b in pairwise(hunks))


@given(st.lists(st.sampled_from("abcd"), max_size=12), st.lists(st.sampled_from("abcd"), max_size=12))
def test_member_is_shown_no_more_change_than_there_is(old: list[str], new: list[str]) -> None:
    """As many lines stay as in a longest common subsequence, found the plain way."""
    lengths = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, a in enumerate(old):
        for j, b in enumerate(new):
            lengths[i + 1][j + 1] = lengths[i][j] + 1 if a == b else max(lengths[i][j + 1], lengths[i + 1][j])
    kept = joined("".join(f"{a}\n" for a in old), "".join(f"{b}\n" for b in new), HunkKind.EQUAL)
    assert sum(c.isalpha() for c in kept) == lengths[-1][-1]


@given(st.text(max_size=60))
def test_member_sees_no_change_between_equal_texts(text: str) -> None:
    assert all(h.kind is HunkKind.EQUAL for h in word_diff(text, text))


HOSTILE = {
    "empty lines": ("\n" * 60_000, "x\n" * 30_000),
    "one word": ("a " * 30_000, "b" + " a" * 30_000),
    "punctuation": (",." * 30_000, ".;," * 20_000),
    "reversed words": (" ".join(map(str, range(10_000))), " ".join(map(str, reversed(range(10_000))))),
    "many blocks": (
        "".join(",.;" * 2_000 + f"\n{n}\n" for n in range(10)),
        "".join(".,;:" * 1_500 + f"\n{n}\n" for n in range(10)),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_author_cannot_make_a_comparison_slow(name: str) -> None:
    old, new = HOSTILE[name]
    began = time.process_time()
    hunks = word_diff(old, new)
    assert time.process_time() - began < 1.0
    assert "".join(h.text for h in hunks if h.kind != HunkKind.INSERTED) == old
    assert "".join(h.text for h in hunks if h.kind != HunkKind.DELETED) == new


# --- content hash -----------------------------------------------------------------------------------


def test_signatory_can_recompute_the_hash_for_years() -> None:
    """A fixed value: changing the form would orphan every signature given on it."""
    assert content_hash("Flexible working", "Ask early.") == (
        "96ed5c6a74c9ebb0acd060d9a413588c9b8a9d99e6804b3c99fc925ef33e49a0"
    )


def test_signatory_signs_the_same_words_from_any_machine() -> None:
    assert content_hash(" Caf\u0065\u0301", "a\r\nb\n") == content_hash("Caf\u00e9", "a\nb")


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
@example("ab", "c", "a", "bc")
def test_signatory_of_one_text_has_never_signed_another(title: str, body: str, title_2: str, body_2: str) -> None:
    same = (normalised(title), normalised(body)) == (normalised(title_2), normalised(body_2))
    assert (content_hash(title, body) == content_hash(title_2, body_2)) is same


# --- limits -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", Code.REQUIRED),
        ("---\n\n---", Code.REQUIRED),
        ("a" * (BODY_MOST + 1), Code.TOO_LONG),
        ("a\x00b", Code.INVALID),
        ("a \u202e b", Code.INVALID),
        ("# a\n" * (CLAUSES_MOST + 1), Code.TOO_MANY),
        (">" * 50 + " deep", Code.TOO_DEEP),
        ("".join("  " * n + "- a\n" for n in range(12)), Code.TOO_DEEP),
    ],
    ids=lambda value: str(value)[:10].encode("ascii", "backslashreplace").decode(),
)
def test_author_cannot_store_a_text_beyond_the_limits(body: str, code: Code) -> None:
    assert [(p.code, p.field) for p in policy_problems("Title", body)] == [(code, ("body",))]


def test_author_may_store_a_policy_up_to_the_limits() -> None:
    assert policy_problems("Flexible working", POLICY) == []
    assert policy_problems("T", "a" * BODY_MOST) == []
    assert policy_problems("T", "# a\n" * CLAUSES_MOST) == []


def test_author_cannot_store_a_title_of_two_lines() -> None:
    assert [(p.code, p.field) for p in policy_problems("Two\nlines", POLICY)] == [(Code.INVALID, ("title",))]


# --- rendering --------------------------------------------------------------------------------------

HARMLESS_TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "pre", "code", "ul", "ol", "li"),
    *("em", "strong", "a", "table", "thead", "tbody", "tr", "th", "td"),
}


class Reader(HTMLParser):
    """What a browser would see: every tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def assert_harmless(html: str) -> None:
    reader = Reader()
    reader.feed(html)
    for tag, attributes in reader.tags:
        assert tag in HARMLESS_TAGS
        assert set(attributes) <= {"href", "title", "rel", "start"}
        href = attributes.get("href")
        assert href is None or href.lower().startswith(("http://", "https://", "mailto:"))


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:msgbox)",
        "[x](//elsewhere.example)",
        "[x](/graphql)",
        "![x](https://elsewhere.example/pixel.png)",
        "<javascript:alert(1)>",
        '[x](https://a.example "\\" onmouseover=\\"alert(1)")',
        "[x]: javascript:alert(1)\n\n[x]",
        "```<script>\nalert(1)\n```",
        "| <svg onload=alert(1)> |\n|---|\n| a |",
        "<a href='javascript:alert(1)'>x</a>",
        "`<iframe>`",
    ],
)
def test_reader_is_not_harmed_by_what_an_author_wrote(body: str) -> None:
    assert_harmless(rendered(body))


@settings(max_examples=60)
@given(MARKDOWN | st.text(alphabet="<>[]()!`\"'&#;:/\\ javscriptdhef=\n", max_size=60))
def test_reader_is_not_harmed_by_anything_at_all(body: str) -> None:
    assert_harmless(rendered(body))


def test_reader_sees_lists_tables_links_and_numbers() -> None:
    html = rendered("3. three\n\n| a |\n|---|\n| **b** |\n\n[help](https://a.example/x) <mailto:hr@a.example>")
    for part in ('<ol start="3">', "<th>a</th>", "<strong>b</strong>", 'href="https://a.example/x"', "mailto:hr@"):
        assert part in html


def test_reader_of_a_policy_loses_no_clause() -> None:
    """Nothing that passes the limits is nested so deeply that the renderer drops it."""
    body = ">" * 10 + " bottom"
    assert policy_problems("T", body) == []
    assert "bottom" in rendered(body)
