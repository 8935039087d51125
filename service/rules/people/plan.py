"""What a file changes: from the rows that hold and what HR told before, to seats that begin and seats that end.

Employment is one seat for each person, from the first to the last day of their assignments; a post in a body is one
seat for each assignment that has one. A seat is never lengthened: who stays longer gets another, from where it ends.
Who signs in otherwise than before is to the graph somebody else: an account is never handed to another sign-in, or
whoever keeps the files could become anybody whom they can name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from service.rules.bodies import Office, Side
from service.rules.calendar import end_of_day, england_day, start_of_day
from service.rules.people.rows import AssignmentRow, Judged, Mode, problem
from service.rules.reports.uploads import RowProblem

Place = tuple[UUID, Side, Office]
"""A body, and a side's office in it."""
_TOLD: Final = ("display_name", "issuer", "subject", "starts_on", "ends_on", "post")


class Standing(StrEnum):
    """What a row means for the person that it is about."""

    JOINER = "JOINER"
    MOVER = "MOVER"
    CHANGED = "CHANGED"
    LEAVER = "LEAVER"
    UNCHANGED = "UNCHANGED"


@dataclass(frozen=True, slots=True)
class KeptSeat:
    """A seat that HR keeps and that has not ended: in which body (None: employment), and when it ends (None: never)."""

    id: UUID
    place: Place | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """An assignment that HR told of before, as it stands; `dropped`: a provisioning system deleted whom it is about."""

    id: UUID
    told: AssignmentRow
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class NewSeat:
    """A seat to be made for the person of an assignment."""

    place: Place | None
    title: str | None
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of one assignment: `told` is how it stands from now on, `columns` those in which that is news.

    `ends` are seats and the moments at which they end; `row` is None where the file does not name it.
    """

    row: int | None
    told: AssignmentRow
    standing: Standing
    columns: tuple[str, ...] = ()
    held: UUID | None = None
    seats: tuple[NewSeat, ...] = ()
    ends: tuple[tuple[UUID, datetime], ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Whether all stands already."""
        return not (self.columns or self.seats or self.ends)


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a file: what is wrong with it, and each difference. `persons`: how many were employed before."""

    problems: tuple[RowProblem, ...] = ()
    differences: tuple[Difference, ...] = ()
    persons: int = 0

    def count(self, standing: Standing) -> int:
        """How many persons join or leave; how many assignments changed otherwise, or stand."""
        found = [each for each in self.differences if each.standing is standing]
        if standing in (Standing.JOINER, Standing.LEAVER):
            return len({each.told.person_number for each in found})
        return len(found)


@dataclass(slots=True)
class _Person:
    """One person's assignments: as they stood, and as they are to be; and the seats that HR keeps for them."""

    before: list[Held] = field(default_factory=list)
    rows: dict[str, AssignmentRow] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    seats: Sequence[KeptSeat] = ()


def planned(
    mode: Mode, judged: Judged, held: Sequence[Held], kept: Mapping[str, Sequence[KeptSeat]], now: datetime
) -> Plan:
    """The differences that the rows which hold make to what is held, and to the seats kept for each person number.

    `now` is the moment from which they count.
    """
    today = england_day(now)
    known = {each.told.assignment_number: each for each in held}
    wrong, rows = _against_what_stands(judged, known, today)
    problems = [*judged.problems, *wrong]
    spared = judged.spared | {row.assignment_number for row in judged.rows} - {row.assignment_number for row in rows}
    persons: defaultdict[str, _Person] = defaultdict(_Person)
    for each in held:
        persons[each.told.person_number].before.append(each)
    for row in rows:
        persons[row.person_number].rows[row.assignment_number] = row
    if mode is Mode.FULL:
        named = {row.assignment_number for row in rows} | spared
        gone = [each for each in held if goes_on(each.told, today) and each.told.assignment_number not in named]
        if gone and judged.blind:
            message = "Nobody leaves by this file: a row that does not hold names no assignment."
            problems.append(problem(None, "assignment_number", "LEAVERS_SPARED", "", message))
            gone = []
        for each in gone:
            persons[each.told.person_number].gone.add(each.told.assignment_number)
    for number, seats in kept.items():
        persons[number].seats = seats
    differences = [found for number in sorted(persons) for found in _of_person(persons[number], now)]
    employed = sum(any(goes_on(each.told, today) for each in person.before) for person in persons.values())
    return Plan(tuple(problems), tuple(differences), employed)


def _against_what_stands(
    judged: Judged, known: dict[str, Held], today: date
) -> tuple[list[RowProblem], list[AssignmentRow]]:
    """Rows against assignments told of before: a number stays its person's, and so does a sign-in while they work."""
    named = {row.person_number for row in judged.rows}
    sign_ins = {
        (each.told.issuer, each.told.subject): each.told.person_number
        for each in known.values()
        if goes_on(each.told, today) and each.told.person_number not in named
    }
    problems, rows = [], []
    for row in judged.rows:
        held = known.get(row.assignment_number)
        owner = sign_ins.get((row.issuer, row.subject), row.person_number)
        if held is not None and held.told.person_number != row.person_number:
            message = "This assignment was told of as another person's."
            problems.append(problem(row.row, "assignment_number", "ANOTHER_PERSON", row.assignment_number, message))
        elif owner != row.person_number:
            message = "This sign-in was told of as another person's, who still works here."
            problems.append(problem(row.row, "subject", "SIGN_IN_TWICE", row.subject, message))
        else:
            rows.append(row)
    return problems, rows


def _of_person(person: _Person, now: datetime) -> list[Difference]:
    """The differences of one person's assignments, as far as the file says anything of the person."""
    if not person.rows and not person.gone:
        return []
    today = england_day(now)
    known = {each.told.assignment_number: each for each in person.before}
    live = {number: each.told for number, each in known.items() if goes_on(each.told, today)}
    told = _carried_over(live, person)
    over = {number for number, row in told.items() if not goes_on(row, today)} | person.gone
    rows = [row for number, row in sorted((live | told).items()) if number not in over]
    anew = any((row.issuer, row.subject) != (each.issuer, each.subject) for row in rows for each in live.values())
    made, ends = _seats(person.seats, list(live.values()), rows, now, anew=anew)
    found = []
    for number in sorted(told):
        row, held = told[number], known.get(number)
        if number in person.gone:
            row = replace(row, ends_on=today - timedelta(days=1))
        if held is None and number in over:
            found.append(Difference(row.row, row, Standing.UNCHANGED))  # it was over before it was told of
            continue
        columns = tuple(name for name in _TOLD if held is None or getattr(held.told, name) != getattr(row, name))
        found.append(
            Difference(
                row.row if number in person.rows else None,
                row,
                _standing(columns, held, employed=(bool(live), bool(rows)), goes_on=number not in over),
                columns,
                None if held is None else held.id,
                tuple(seat for of, seat in made if of == number),
                ends,
            )
        )
        ends = ()
    return found


def _carried_over(live: Mapping[str, AssignmentRow], person: _Person) -> dict[str, AssignmentRow]:
    """The assignments that the file is about: what it says of a person holds for each of theirs."""
    told = {number: live[number] for number in person.gone} | person.rows
    if not person.rows:
        return told
    said = next(iter(person.rows.values()))
    for number, row in live.items():
        alike = replace(row, display_name=said.display_name, issuer=said.issuer, subject=said.subject)
        if number not in told and alike != row:
            told[number] = alike
    return told


def goes_on(row: AssignmentRow, today: date) -> bool:
    """Whether it goes on today, or begins later."""
    return row.ends_on is None or row.ends_on >= today


def _before(one: datetime | None, other: datetime | None) -> bool:
    """Whether one end comes before another; None never comes."""
    return one is not None and (other is None or one < other)


def _place(row: AssignmentRow) -> Place | None:
    return None if row.post is None else row.post.place


def _wanted(rows: Sequence[AssignmentRow], now: datetime) -> dict[Place | None, tuple[str, NewSeat]]:
    """The seats that go with assignments, and the assignment of each: employment, and each post that there is."""
    wanted: dict[Place | None, tuple[str, NewSeat]] = {}
    for row in rows:
        starts_at = max(now, start_of_day(row.starts_on))
        ends_at = None if row.ends_on is None else end_of_day(row.ends_on)
        for place in {None, _place(row)}:
            title = None if place is None or row.post is None else row.post.title
            of, seat = wanted.get(place, (row.assignment_number, NewSeat(place, title, starts_at, ends_at)))
            last = ends_at if _before(seat.ends_at, ends_at) else seat.ends_at
            wanted[place] = of, replace(seat, starts_at=min(starts_at, seat.starts_at), ends_at=last)
    return wanted


def _seats(
    kept: Sequence[KeptSeat], live: Sequence[AssignmentRow], rows: Sequence[AssignmentRow], now: datetime, *, anew: bool
) -> tuple[list[tuple[str, NewSeat]], tuple[tuple[UUID, datetime], ...]]:
    """The seats that a person gets, each with its assignment, and those of theirs that end.

    Whoever leaves, or signs in otherwise, loses every seat that HR keeps, also one that management side granted. A
    seat that its body ended is not given back by a file that says the same as before.
    """
    wanted = _wanted(rows, now)
    if anew or not rows:
        return list(wanted.values()), tuple((seat.id, now) for seat in kept)
    told_before = {_place(row) for row in live}
    ends = [(seat.id, now) for seat in kept if seat.place in told_before - wanted.keys()]
    made = []
    for place, (of, seat) in wanted.items():
        lasting = [each for each in kept if each.place == place]
        if not lasting:
            if place is None or place not in told_before:
                made.append((of, seat))
            continue
        for each in lasting:
            if seat.ends_at is not None and _before(seat.ends_at, each.ends_at):
                ends.append((each.id, seat.ends_at))
        known = [each.ends_at for each in lasting if each.ends_at is not None]
        if len(known) == len(lasting) and _before(max(known), seat.ends_at):
            made.append((of, replace(seat, starts_at=max(known))))
    return made, tuple(ends)


def _standing(columns: tuple[str, ...], held: Held | None, *, employed: tuple[bool, bool], goes_on: bool) -> Standing:
    """What a row means, for somebody who was employed before, and is after."""
    if employed == (False, True) and goes_on:
        return Standing.JOINER
    if employed == (True, False):
        return Standing.LEAVER
    if held is None or "post" in columns or (columns and not goes_on):
        return Standing.MOVER
    return Standing.CHANGED if columns else Standing.UNCHANGED
