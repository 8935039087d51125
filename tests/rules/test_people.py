"""Joiners, movers and leavers as pure rules: whatever files come in whatever order, seats are what the last file says."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.bodies import ForumKind, Office, Side
from service.rules.calendar import end_of_day, england_day
from service.rules.people import (
    AssignmentRow,
    Body,
    Held,
    Judged,
    KeptSeat,
    Mode,
    Plan,
    Post,
    Standing,
    from_table,
    judged_together,
    planned,
)
from service.rules.people.rows import COLUMNS
from service.rules.reports.file_rules import Line, Table

NOW = datetime(2026, 5, 5, 10, tzinfo=UTC)
TODAY = england_day(NOW)
ISSUER = "https://issuer.example"
JNC = Body(
    uuid4(), ForumKind.JOINT_NEGOTIATING_COMMITTEE, "Joint Committee", frozenset({(Side.MANAGEMENT, Office.MEMBER)})
)
BOARD = Body(
    uuid4(), ForumKind.BOARD, "Board", frozenset({(Side.INDEPENDENT, Office.CHAIR), (Side.MANAGEMENT, Office.MEMBER)})
)
POSTS = (None, Post(JNC.id, Side.MANAGEMENT, Office.MEMBER), Post(BOARD.id, Side.INDEPENDENT, Office.CHAIR, "Chair"))


class Ledger:
    """What the database would hold: assignments, and the seats that HR keeps for each person number."""

    def __init__(self) -> None:
        self.held: dict[str, Held] = {}
        self.seats: dict[str, list[KeptSeat]] = {}

    def kept(self, now: datetime) -> dict[str, list[KeptSeat]]:
        return {
            number: [seat for seat in seats if seat.ends_at is None or seat.ends_at > now]
            for number, seats in self.seats.items()
        }

    def plan(self, mode: Mode, rows: Sequence[AssignmentRow], now: datetime = NOW) -> Plan:
        return planned(mode, judged_together(rows), list(self.held.values()), self.kept(now), now)

    def take(self, plan: Plan, now: datetime = NOW) -> None:
        """As `access.people_keep` does."""
        for each in plan.differences:
            ends = dict(each.ends)
            for seats in self.seats.values():
                seats[:] = [self._ended(seat, ends.get(seat.id), now) for seat in seats]
        for each in plan.differences:
            if each.changes_nothing:
                continue
            told = each.told
            self.held[told.assignment_number] = Held(each.held or uuid4(), told)
            made = [KeptSeat(uuid4(), seat.place, seat.ends_at) for seat in each.seats]
            self.seats.setdefault(told.person_number, []).extend(made)

    @staticmethod
    def _ended(seat: KeptSeat, at: datetime | None, now: datetime) -> KeptSeat:
        if at is None or (seat.ends_at is not None and seat.ends_at <= at):
            return seat
        return replace(seat, ends_at=max(at, now))


def row(person: str = "1", assignment: str | None = None, **more: Any) -> AssignmentRow:
    said = {
        "row": 0,
        "person_number": person,
        "assignment_number": assignment or f"{person}-1",
        "display_name": f"Person {person}",
        "issuer": ISSUER,
        "subject": f"s{person}",
        "starts_on": TODAY - timedelta(days=100),
    }
    return AssignmentRow(**(said | more))


@st.composite
def files(draw: st.DrawFn) -> tuple[Mode, list[AssignmentRow]]:
    """A file of some people with some assignments each, without a clash."""
    rows = []
    for person in draw(st.sets(st.sampled_from("1234"), max_size=4)):
        subject = draw(st.sampled_from(("", "b")))
        for turn in draw(st.sets(st.integers(1, 3), min_size=1, max_size=3)):
            ends = draw(st.sampled_from((None, -3, 0, 4, 30)))
            starts_on = TODAY + timedelta(days=draw(st.sampled_from((-100, 0, 3))))
            ends_on = None if ends is None else max(starts_on, TODAY + timedelta(days=ends))
            rows.append(
                row(
                    person,
                    f"{person}-{turn}",
                    subject=f"s{person}{subject}",
                    starts_on=starts_on,
                    ends_on=ends_on,
                    post=draw(st.sampled_from(POSTS)),
                )
            )
    return draw(st.sampled_from(Mode)), [replace(each, row=place) for place, each in enumerate(rows)]


@given(st.lists(files(), min_size=1, max_size=5))
def test_after_any_files_seats_are_what_stands_and_the_last_file_again_changes_nothing(
    sent: list[tuple[Mode, list[AssignmentRow]]],
) -> None:
    ledger = Ledger()
    for mode, rows in sent:
        plan = ledger.plan(mode, rows)
        assert not plan.problems
        ledger.take(plan)
        again = ledger.plan(mode, rows)
        assert all(each.changes_nothing for each in again.differences), again
        assert {each.standing for each in again.differences} <= {Standing.UNCHANGED}
    kept = ledger.kept(NOW)
    live = [each.told for each in ledger.held.values() if each.told.ends_on is None or each.told.ends_on >= TODAY]
    for number in {each.told.person_number for each in ledger.held.values()}:
        own = [told for told in live if told.person_number == number]
        ends = [None if told.ends_on is None else end_of_day(told.ends_on) for told in own]
        last = None if None in ends else max((each for each in ends if each), default=NOW)
        seats = kept.get(number, [])
        assert {seat.place for seat in seats} <= {None} | {told.post.place for told in own if told.post}
        employments = [seat.ends_at for seat in seats if seat.place is None]
        assert bool(employments) == bool(own), "who works here is employed, and who does not is not"
        if own:
            assert max(employments, key=lambda end: end or datetime.max.replace(tzinfo=UTC)) == last
        assert len({(told.issuer, told.subject) for told in own}) <= 1


@given(files(), files())
def test_the_same_rows_in_any_order_make_the_same_differences(
    before: tuple[Mode, list[AssignmentRow]], file: tuple[Mode, list[AssignmentRow]]
) -> None:
    ledger = Ledger()
    ledger.take(ledger.plan(*before))
    mode, rows = file

    def told(rows: Sequence[AssignmentRow]) -> list[tuple[str, Standing]]:
        found = ledger.plan(mode, rows).differences
        return sorted((each.told.assignment_number, each.standing) for each in found)

    assert told(rows) == told(rows[::-1])


def test_whoever_leaves_loses_what_management_side_granted_too() -> None:
    ledger = Ledger()
    ledger.take(ledger.plan(Mode.FULL, [row()]))
    granted = KeptSeat(uuid4(), (JNC.id, Side.MANAGEMENT, Office.MEMBER), None)
    ledger.seats["1"].append(granted)
    plan = ledger.plan(Mode.FULL, [])
    assert {seat for each in plan.differences for seat, _ in each.ends} >= {granted.id}
    assert plan.count(Standing.LEAVER) == 1
    assert ledger.plan(Mode.CHANGES, []).differences == ()


def test_a_seat_that_its_body_ended_is_not_given_back() -> None:
    ledger = Ledger()
    said = [row(post=POSTS[1])]
    ledger.take(ledger.plan(Mode.FULL, said))
    ledger.seats["1"] = [seat for seat in ledger.seats["1"] if seat.place is None]
    assert all(each.changes_nothing for each in ledger.plan(Mode.FULL, said).differences)
    moved = ledger.plan(Mode.FULL, [replace(said[0], post=POSTS[2])])
    assert [seat.place for each in moved.differences for seat in each.seats] == [POSTS[2].place]  # type: ignore[union-attr]


def table(*rows: dict[str, Any]) -> Table:
    return Table(COLUMNS, tuple(Line(number, each) for number, each in enumerate(rows, start=2)))


CELLS: dict[str, Any] = {
    "person_number": "1",
    "assignment_number": "1-1",
    "display_name": "Person",
    "subject": "s1",
    "starts_on": "01/04/2024",
}


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({}, (date(2024, 4, 1), None, None)),
        ({"ends_on": "31/12/4712"}, (date(2024, 4, 1), None, None)),
        ({"ends_on": date(2026, 1, 1)}, (date(2024, 4, 1), date(2026, 1, 1), None)),
        ({"body": "joint  COMMITTEE", "office": "member"}, (date(2024, 4, 1), None, POSTS[1])),
        (
            {"body": "Board", "office": "chair", "side": "independent", "title": "Chair"},
            (date(2024, 4, 1), None, POSTS[2]),
        ),
    ],
)
def test_a_row_is_read_as_hr_systems_write_it(cells: dict[str, Any], found: tuple[Any, ...]) -> None:
    judged = from_table(table(CELLS | cells), [JNC, BOARD], ISSUER)
    assert judged.problems == ()
    (read,) = judged.rows
    assert (read.starts_on, read.ends_on, read.post) == found


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"starts_on": "30/02/2024"}, ("starts_on", "NOT_A_DATE")),
        ({"starts_on": None}, ("starts_on", "REQUIRED")),
        ({"ends_on": "2024-03-31"}, ("ends_on", "DATE_ORDER")),
        ({"issuer": "https://other.example"}, ("issuer", "OTHER_ISSUER")),
        ({"body": "Race network", "office": "MEMBER"}, ("body", "NOT_FOUND")),
        ({"body": "Board"}, ("office", "REQUIRED")),
        ({"office": "MEMBER"}, ("body", "REQUIRED")),
        ({"body": "Joint Committee", "office": "CHAIR", "side": "STAFF"}, ("office", "NOT_KEPT_BY_HR")),
        ({"body": "Joint Committee", "office": "member", "side": "middle"}, ("side", "INVALID")),
        ({"body": "Board", "body_kind": "BOARD_COMMITTEE", "office": "MEMBER"}, ("body", "NOT_FOUND")),
    ],
)
def test_what_is_wrong_with_a_row_has_a_name(cells: dict[str, Any], problem: tuple[str, str]) -> None:
    judged = from_table(table(CELLS | cells, CELLS | {"assignment_number": "1-2"}), [JNC, BOARD], ISSUER)
    assert [(each.row, each.column, each.rule) for each in judged.problems] == [(2, *problem)]
    assert [each.assignment_number for each in judged.rows] == ["1-2"]
    assert judged.spared == {"1-1"}


def test_two_bodies_of_one_name_are_told_apart_by_their_kind() -> None:
    twin = replace(BOARD, id=uuid4(), kind=ForumKind.EXECUTIVE_COMMITTEE, local_name="board")
    said = CELLS | {"body": "Board", "office": "MEMBER"}
    judged = from_table(table(said), [BOARD, twin], ISSUER)
    assert [(each.column, each.rule) for each in judged.problems] == [("body_kind", "SEVERAL")]
    judged = from_table(table(said | {"body_kind": "executive committee"}), [BOARD, twin], ISSUER)
    assert [each.post.forum for each in judged.rows if each.post] == [twin.id]


def test_a_row_without_an_assignment_hides_whom_it_is_about() -> None:
    judged = from_table(table(CELLS | {"assignment_number": None}), [], ISSUER)
    assert judged.blind
    held = [Held(UUID(int=1), row())]
    plan = planned(Mode.FULL, judged, held, {}, NOW)
    assert [each.rule for each in plan.problems] == ["REQUIRED", "LEAVERS_SPARED"]
    assert plan.differences == ()
    assert isinstance(judged, Judged)
