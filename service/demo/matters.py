"""The demo's issues, themes and signposts as the acts that made them: who did what, from which seat, and on which day.

Of a raiser's own acts the seat is `RAISER`, and only the day tells. Nothing here is a state that no act could have
reached: `service.demo.replay` lets the database's own functions do what crosses walls, and tests play the rest with
the real acts.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from service.demo.cases import Did
from service.rules.acts import Act
from service.rules.bodies import Channel, Office, Side
from service.rules.escalations import (
    Category,
    DisclosureGround,
    IdentityMode,
    IssueState,
    Manner,
    SignpostPurpose,
    StepState,
    ThemeState,
)

RAISER: Final = "raiser"


@dataclass(frozen=True, slots=True)
class Hop:
    """A step drafted: from the issue, or from the step `after`; sideways where it `refers`."""

    key: str
    to: str
    channel: Channel
    summary: str
    did: Did
    after: str | None = None
    refers: bool = False

    @property
    def act(self) -> Act:
        """The act that drafts it."""
        return Act.STEP_REFER if self.refers else Act.ISSUE_ESCALATE


@dataclass(frozen=True, slots=True)
class OnStep:
    """What somebody did with a hop, with the words of it."""

    act: Act
    hop: str
    did: Did
    words: str = ""
    meets_on: date | None = None


@dataclass(frozen=True, slots=True)
class OnIssue:
    """What somebody did with the issue itself, with the words of it."""

    act: Act
    did: Did
    words: str = ""


@dataclass(frozen=True, slots=True)
class Disclosing:
    """A disclosure put on record, agreed to, or made; the seat and the ground stand with the first."""

    act: Act
    key: str
    did: Did
    to: str = ""
    ground: DisclosureGround = DisclosureGround.RAISER_CONSENT
    reason: str = ""


Deed: TypeAlias = Hop | OnStep | OnIssue | Disclosing


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue, and its deeds in the order in which they were done. `state` and `steps` are as seen today."""

    key: str
    forum: str
    category: Category
    body: str
    effect: str
    raised: Did
    state: IssueState
    identity: IdentityMode = IdentityMode.NAMED
    manner: Manner = Manner.FORMAL
    recipient: str | None = None
    implicated: tuple[tuple[str, Side, Office], ...] = ()
    deeds: tuple[Deed, ...] = ()
    steps: tuple[StepState, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A joint body's offer of a theme of that quarter, and the sides that signed for the trust to be named."""

    forum: str
    category: Category
    period: str
    did: Did
    signed: tuple[Did, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the region said of a theme."""

    category: Category
    period: str
    state: ThemeState
    statement: str
    did: Did


@dataclass(frozen=True, slots=True)
class Sign:
    """Whom a trust's people can turn to, in the trust's own words."""

    trust: str
    purpose: SignpostPurpose
    words: str
    how_to_reach: str
    did: Did
