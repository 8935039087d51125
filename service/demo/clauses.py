"""Where a clause stands in a demo text, found by some of its words and addressed by the service's own rule."""

from service.demo.policies import text
from service.rules.policies import clauses


def address(policy: str, version: int, words: str) -> str:
    """The address of the one clause that contains those words; LookupError unless there is exactly one."""
    found = [clause.address for clause in clauses(text(policy, version)) if words in clause.text]
    if len(found) != 1:
        raise LookupError(f"{len(found)} clauses of {policy}, version {version}, contain those words")
    return found[0]
