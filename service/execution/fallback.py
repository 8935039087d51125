"""What the breadth-first executor leaves to graphql-core, and what ends a request instead.

Errors, their paths and the way a null spreads are the specification's own (GraphQL, section 6.4.4), so they are not
written a second time: whatever is not plain success is run again by graphql-core, in the same snapshot. Only an outage
and a timeout are not: a second try would add load to what already fails. Any other fault of a statement leaves a
transaction in which nothing more runs, and is answered as a fault of ours is, so that nobody can tell the causes apart
(THREATS A9).
"""

from service.execution.errors import RateLimited, TimedOut, Unavailable, fault_of


class NotCovered(Exception):
    """Left to graphql-core: an error, a null in a non-null place, or something rare enough to be done slowly."""


def ends_request(error: Exception) -> bool:
    """Whether this request is not tried again."""
    return isinstance(fault_of(error), TimedOut | Unavailable | RateLimited)
