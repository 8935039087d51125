"""Who can take a step up where some may not: those implicated, and those who declared an interest.

A seat emptied so passes within its own side, in the route's order of succession: a vice-chair, another lead, at last a
union's full-time official. Never to the other side; where nobody of a side is left, it goes back to the raiser (DESIGN
section 7). Somebody is barred as a person, whatever other seats they hold.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.rules.bodies import Office, Side
from service.rules.problems import Code, Problem


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a seat at the receiving body now. `person` is anything that tells people apart."""

    person: Hashable
    side: Side
    office: Office


OfficeHeld = tuple[Side, Office]


def barred_people(
    holders: Iterable[Holder], people: Collection[Hashable], offices: Collection[OfficeHeld]
) -> frozenset[Hashable]:
    """Everybody barred: those named as persons, and who holds a named office, in whatever seat they come."""
    by_office = {holder.person for holder in holders if (holder.side, holder.office) in offices}
    return frozenset(people) | by_office


def successions(
    received_by: Sequence[Office], holders: Iterable[Holder], barred: Collection[Hashable]
) -> Mapping[Side, tuple[Holder, ...]]:
    """On each side that receives, who can take it up, in order of succession; empty: nobody of that side is left."""
    order = {office: place for place, office in enumerate(received_by)}
    sides: dict[Side, list[Holder]] = {}
    for holder in holders:
        if holder.office in order:
            sides.setdefault(holder.side, []).append(holder)
    return {
        side: tuple(sorted((each for each in found if each.person not in barred), key=lambda each: order[each.office]))
        for side, found in sides.items()
    }


def can_be_taken(able: Mapping[Side, Sequence[Holder]]) -> bool:
    """Whether every side that receives still has somebody. One side never takes up for the other."""
    return bool(able) and all(able.values())


def receiver_problems(
    received_by: Sequence[Office],
    holders: Iterable[Holder],
    barred: Collection[Hashable],
    field: tuple[str, ...] = (),
) -> list[Problem]:
    """Why a step cannot be sent there: NO_RECEIVER. It goes back to the raiser."""
    if can_be_taken(successions(received_by, holders, barred)):
        return []
    message = "Nobody there can take this up: everybody who could is barred from it, or the offices are vacant."
    return [Problem(Code.NO_RECEIVER, message, field)]
