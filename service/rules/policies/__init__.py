"""A policy text: what it may hold, how its clauses are addressed, what changed, and what is signed.

People consult on a clause, answer about a clause and sign a text (DESIGN section 7). So a clause has an
address that anybody can quote, two versions can be compared word by word, and a signature is over a
hash of exactly the words. A version is never changed: every function here takes text and gives values.
"""

from service.rules.policies.clauses import Changes, Clause, changes, clauses
from service.rules.policies.diff import Hunk, HunkKind, word_diff
from service.rules.policies.documents import (
    BODY_MOST,
    CLAUSES_MOST,
    NESTING_MOST,
    TITLE_MOST,
    content_hash,
    policy_problems,
    rendered,
)

__all__ = [
    "BODY_MOST",
    "CLAUSES_MOST",
    "NESTING_MOST",
    "TITLE_MOST",
    "Changes",
    "Clause",
    "Hunk",
    "HunkKind",
    "changes",
    "clauses",
    "content_hash",
    "policy_problems",
    "rendered",
    "word_diff",
]
