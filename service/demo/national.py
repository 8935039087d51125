"""The national body that runs the staff survey and publishes its results, as one system's account and no person.

Its system files what is public already, for every trust, and holds no other seat.
"""

from collections.abc import Iterator
from typing import Final

from service.demo.trust_seats import Post
from service.rules.bodies import Office, Side

SURVEY_SYSTEM: Final = "survey system"


def posts() -> Iterator[Post]:
    """The one seat: the system's."""
    yield Post(None, Side.NONE, Office.SERVICE, SURVEY_SYSTEM)
