"""The demo's issues: in every state at two trusts, and by the main routes at RTD."""

from service.demo.days import Days
from service.demo.issues.durham import WORDS as DURHAM
from service.demo.issues.everyday import everyday
from service.demo.issues.newcastle import WORDS as NEWCASTLE
from service.demo.issues.particular import particular
from service.demo.issues.telling import Telling
from service.demo.matters import Issue


def issues(days: Days) -> tuple[Issue, ...]:
    """Every issue of the demo."""
    newcastle, durham = Telling("RTD", days), Telling("RXP", days)
    return (*everyday(newcastle, NEWCASTLE), *particular(newcastle), *everyday(durham, DURHAM))
