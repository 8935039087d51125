"""How much one person or system may ask: so many requests a minute, counted by each replica for itself.

One noisy client must not make the others wait (THREATS C17). It is a first gate, in memory; a gateway in front of
several replicas counts for all of them.
"""

import time
from math import ceil

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from service.execution.errors import RateLimited


class Allowance:
    """Counts the requests of each (issuer, subject) over the last minute."""

    def __init__(self, requests_per_minute: int) -> None:
        """0 counts nothing and refuses nobody."""
        self._item = RateLimitItemPerMinute(requests_per_minute) if requests_per_minute else None
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def spend(self, issuer: str, subject: str) -> None:
        """Count one request. Raises RateLimited, which says when to come back, where there were too many."""
        if self._item is None or self._limiter.hit(self._item, issuer, subject):
            return
        again = self._limiter.get_window_stats(self._item, issuer, subject).reset_time - time.time()
        raise RateLimited(retry_after=max(1, ceil(again)))
