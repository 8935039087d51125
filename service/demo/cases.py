"""A demo consultation as the acts that made it: who did what, from which seat, and when (DESIGN section 7).

Nothing here is a state that no act could have reached: the loader writes what the acts would have written.
A clause is named by words that it contains, and found in the text by the service's own rule.
"""

from dataclasses import dataclass
from datetime import date, datetime

from service.rules.consultations import Conclusion, Decision, Kind, Stance, State
from service.rules.redundancy import Facts


@dataclass(frozen=True, slots=True)
class Did:
    """An act's seat and moment."""

    seat: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a text: the file `policies/<policy>.<number>.md`, and what changed since the last."""

    number: int
    did: Did
    note: str


@dataclass(frozen=True, slots=True)
class ImpactAssessment:
    """An equality impact assessment of one version."""

    version: int
    assessed_on: date
    groups: str
    findings: str
    mitigations: str
    did: Did


@dataclass(frozen=True, slots=True)
class Consultee:
    """A body asked for its view. `added`: not in the plan, but added by the staff side alone once that was signed.

    `extended_to` is the body's own later closing day (a reasonable adjustment).
    """

    forum: str
    added: Did | None = None
    extended_to: date | None = None
    extended: Did | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What both sides agree before a consultation opens."""

    options: tuple[tuple[str, str], ...]
    channels: tuple[str, ...]
    opens_on: date
    closes_on: date
    consultees: tuple[Consultee, ...]
    did: Did
    signed: tuple[Did, ...]
    redundancy: Facts | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """A member's comment inside its own body; shown as "a member" unless `is_named`."""

    forum: str
    clause: str | None
    text: str
    did: Did
    is_named: bool = False
    withdrawn: Did | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a response; `key` is unique in the consultation."""

    key: str
    clause: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Response:
    """A body's one formal response; a draft while `submitted` is None."""

    forum: str
    stance: Stance
    summary: str
    points: tuple[Point, ...]
    drafted: Did
    submitted: Did | None = None
    minority_views: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """You said, we did: what became of a point, with a reason or the clause changed in a later version."""

    point: str
    decision: Decision
    did: Did
    reason: str | None = None
    clause: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One side's statement when agreement was not reached."""

    statement: str
    disputes_procedure: str
    status_quo: str | None
    did: Did


@dataclass(frozen=True, slots=True)
class Ratification:
    """The days that follow an agreement."""

    ratified_on: date
    effective_on: date
    review_on: date
    did: Did


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Why a consultation was withdrawn."""

    reason: str
    did: Did


@dataclass(frozen=True, slots=True)
class Consultation:
    """A consultation, its facts in the order in which they happened. `state` is as seen today."""

    key: str
    forum: str
    title: str
    policy: str
    kind: Kind
    state: State
    drafted: Did
    versions: tuple[Version, ...]
    impact_assessments: tuple[ImpactAssessment, ...] = ()
    plan: Plan | None = None
    added: tuple[Consultee, ...] = ()
    opened: Did | None = None
    comments: tuple[Comment, ...] = ()
    responses: tuple[Response, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    signed: tuple[Did, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    conclusion: Conclusion | None = None
    ratification: Ratification | None = None
    withdrawal: Withdrawal | None = None

    @property
    def consultees(self) -> tuple[Consultee, ...]:
        """Every body asked, whoever named it."""
        return (*(self.plan.consultees if self.plan else ()), *self.added)
