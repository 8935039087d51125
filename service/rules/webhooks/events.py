"""The types of events: `<type of the graph>.changed` and `<type>.gone`, such as `consultation.changed`.

They say what kind of thing it is and whether one may still see it, and nothing of what was done to it, by whom, where.
"""

import re
from enum import StrEnum
from typing import Any, Final

from service.rules.bodies import ForumKind

TOLD_OF: Final = (
    *("AgendaItem", "Assignment", "AuditEntry", "Clause", "Comment", "Consultation", "ConsultationPlan", "Consultee"),
    *("Disagreement", "EscalationStep", "Extension", "IdentityDisclosure", "ImpactAssessment", "Invitation", "Issue"),
    *("IssueNotice", "MembershipRequest", "Outcome", "PeopleImport", "PolicyVersion", "Release", "Report"),
    *("ReleaseNote", "ReleaseSchedule"),
    *("ReportDraft", "ReportImport", "ReportVersion", "Response", "ResponseDraft", "ResponsePoint", "Seat"),
    *("Signpost", "StepNote", "TermsOfReference", "Theme", "ThemeOffer"),
    *("".join(word.capitalize() for word in kind.value.split("_")) for kind in ForumKind),
)
"""What the change feed tells of, by the graph's types; a test holds it to the feed's own list."""


def event_type(type_name: str, kind: str) -> str:
    """The event of a change: `StaffNetwork` and `CHANGED` make `staffNetwork.changed`."""
    return f"{type_name[0].lower()}{type_name[1:]}.{kind.lower()}"


EVENT_TYPES: Final[frozenset[str]] = frozenset(
    event_type(name, kind) for name in TOLD_OF for kind in ("CHANGED", "GONE")
)
_NAMES: Final = {each: re.sub(r"(?=[A-Z])", "_", each).replace(".", "_").upper() for each in sorted(EVENT_TYPES)}
EventType: Final[Any] = StrEnum("EventType", {name: name for name in _NAMES.values()})  # type: ignore[misc]
EventType.__doc__ = "What an endpoint may be told of."
_WIRE: Final = {name: each for each, name in _NAMES.items()}


def named(event: str) -> str:
    """An event's name in the graph: `consultation.changed` is CONSULTATION_CHANGED."""
    return _NAMES[event]


def wire(name: str) -> str:
    """The event of a name of the graph."""
    return _WIRE[name]


def described(name: str) -> str:
    """A name of the graph in words."""
    thing, _, what = _WIRE[name].partition(".")
    return f"A {thing[0].upper()}{thing[1:]} " + ("changed." if what == "changed" else "is closed to you now.")


class EndpointState(StrEnum):
    """Whether an endpoint is told."""

    ACTIVE = "ACTIVE"
    ENDED = "ENDED"


class DeliveryState(StrEnum):
    """What became of a delivery."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    DROPPED = "DROPPED"
    DEAD = "DEAD"
