"""People and their offices, kept in step by an identity provider (SCIM): read, made, changed and ended one by one.

Each change is the act of telling who works here: by the same rules, in the same walls, with the same trace as a file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, NoReturn
from uuid import UUID, uuid4

from scim2_models import (
    ForbiddenException,
    InvalidFilterException,
    InvalidValueException,
    MutabilityException,
    NotFoundException,
    TooManyException,
    UniquenessException,
)
from scim2_models.path import CompareOperator, Comparison, FilterNode, LogicalExpr, LogicalOperator

from service.access.viewer import Row
from service.db import people as db
from service.db.directory import SEAT_BY_ID
from service.resolvers import people
from service.resolvers.acting import Acting, Deed, Done, Refused, Target, perform
from service.resolvers.context import Context
from service.rules.acts import Act
from service.rules.bodies import Office
from service.rules.calendar import england_day
from service.rules.people import AssignmentRow, Held, Judged, Mode, goes_on, judged_row, planned
from service.rules.people import Post as Seat
from service.rules.people.provisioning import Group, Post, User, group, posts, user
from service.rules.problems import Code, Problem
from service.rules.reports.uploads import RowProblem
from service.rules.text import normalised

FILTERED: Final = {"username": "subject", "externalid": "person_number", "displayname": "display_name", "id": "id"}
NAMES: Final = {"subject": "userName", "person_number": "externalId", "display_name": "displayName"}
OF_GROUPS: Final = frozenset({"", "display_name", "id"})
MEMBERS_MOST: Final = 1_000
EXTRA: Final = "scim "
"""How the numbers of assignments begin that are made for a group's membership."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of resources, and how many there are in all."""

    resources: Sequence[Any]
    total: int


async def _own(context: Context) -> Row:
    """The acting seat, where it is that of an organisation's own system. Raises ForbiddenException."""
    snapshot = await context.reading()
    entered = await snapshot.entered()
    seat = None if entered.seat is None else await snapshot.one(SEAT_BY_ID, id=entered.seat)
    if seat is None or seat["forum_id"] is not None or seat["office"] != Office.SERVICE:
        raise ForbiddenException(detail="This is for the account of an organisation's HR system.")
    return seat


async def users(context: Context, node: FilterNode | None, start: int, count: int) -> Page:
    """The people told of, by the employer's number; `start` from 1."""
    seat = await _own(context)
    name, said = _comparison(node)
    found = await _persons(context, seat, name, said, skip=start - 1, most=max(count, 1))
    if not found and start > 1:
        everybody = await _persons(context, seat, name, said, skip=0, most=1)
        return Page((), everybody[0]["total"] if everybody else 0)
    return Page([user(dict(row)) for row in found][:count], found[0]["total"] if found else 0)


async def _persons(context: Context, seat: Row, name: str, said: str, **page: int) -> list[Row]:
    if not said.isprintable():  # what no text can hold is nobody's
        return []
    snapshot = await context.reading()
    today = england_day((await snapshot.entered()).moment)
    given: dict[str, Any] = {"organisation": seat["organisation_id"], "today": today, **page}
    if name == "id":
        try:
            given["id"] = UUID(said)
        except ValueError:
            return []
    elif name:
        given["said"] = said
    found = await snapshot.fetch(db.PERSONS[name], **given)
    # an id is that of the first of a person's assignments, and of no other
    return [row for row in found if name != "id" or str(row["id"]) == said]


def _comparison(node: FilterNode | None) -> tuple[str, str]:
    """The column and the value that a filter asks for: one comparison for equality, which is all that there is."""
    if node is None:
        return "", ""
    if isinstance(node, LogicalExpr) and node.op is LogicalOperator.and_ and len(node.terms) == 1:
        return _comparison(node.terms[0])
    if isinstance(node, Comparison) and node.op is CompareOperator.eq and isinstance(node.value, str):
        name = FILTERED.get(node.attr_path.attr.lower())
        if name is not None and node.attr_path.sub_attr is None:
            return name, node.value
    raise InvalidFilterException(detail="Filter by one of userName, externalId, displayName or id, with eq.")


async def one_user(context: Context, id: str) -> User:
    """A person by their id. Raises NotFoundException."""
    seat = await _own(context)
    found = await _persons(context, seat, "id", id, skip=0, most=1)
    if not found:
        raise _not_found()
    return user(dict(found[0]))


def _not_found() -> NotFoundException:
    return NotFoundException(detail="There is no such resource, or none that you may see.")


async def create_user(context: Context, said: User) -> User:
    """Somebody who begins to work here. Raises SCIMException."""
    subject = normalised(said.user_name or "")
    number = normalised(said.external_id or "") or subject
    seat = await _own(context)

    async def tell(acting: Acting, held: list[Held], today: date) -> list[AssignmentRow]:
        known = [each.told for each in held if not each.dropped]
        if any(each.person_number == number or each.subject == subject for each in known):
            raise UniquenessException(detail="This userName or externalId is somebody's already.")
        # somebody who was deleted and comes back goes on under the same number
        before = next((each.told for each in held if each.told.person_number == number), None)
        own = f"{EXTRA}{uuid4().hex}" if before is None else before.assignment_number
        told = _row(acting, number, own, said, today if before is None else before.starts_on)
        return [replace(told, ends_on=None if said.active is not False else today - timedelta(days=1))]

    await _told(context, tell)
    (found,) = await _persons(context, seat, "person_number", number, skip=0, most=1)
    return user(dict(found))


async def change_user(context: Context, id: str, change: Callable[[User], object]) -> User:
    """Somebody told of otherwise: `change` makes of the user as they stand the user that they are to be."""
    before = await one_user(context, id)
    after = before.model_copy(deep=True)
    change(after)
    if not after.user_name or not after.display_name:
        raise InvalidValueException(detail="userName and displayName cannot be left out.")
    known, subject = before.external_id or "", normalised(after.user_name)
    number = normalised(after.external_id or "") or subject

    async def tell(acting: Acting, held: list[Held], today: date) -> list[AssignmentRow]:
        own = _still_there(held, known)
        judged = _row(acting, number, own[0].told.assignment_number, after, own[0].told.starts_on)
        if number != known:
            if any(not each.dropped and each.told.person_number == number for each in held):
                raise UniquenessException(detail="This externalId is somebody's already.")
            await people.renumber(acting, own, number)
            held[:] = [
                replace(each, told=replace(each.told, person_number=number)) if each in own else each for each in held
            ]
        rows = [
            replace(
                judged,
                assignment_number=each.told.assignment_number,
                starts_on=each.told.starts_on,
                ends_on=each.told.ends_on,
                post=each.told.post,
            )
            for each in own
        ]
        live = [row for row in rows if goes_on(row, today)]
        yesterday = today - timedelta(days=1)
        if after.active is False:
            return [replace(row, ends_on=min(row.ends_on or yesterday, yesterday)) for row in live or rows]
        return live or [replace(rows[0], starts_on=today, ends_on=None, post=None)]

    await _told(context, tell)
    return await one_user(context, id)


def _still_there(held: Sequence[Held], number: str | None) -> list[Held]:
    """The assignments of a person who is known, now that nobody else changes them. Raises NotFoundException."""
    own = [each for each in held if each.told.person_number == number and not each.dropped]
    if not own:
        raise _not_found()
    return own


async def delete_user(context: Context, id: str) -> None:
    """Somebody who works here no more and is not to be shown here again."""
    number = (await one_user(context, id)).external_id

    async def tell(acting: Acting, held: list[Held], today: date) -> list[AssignmentRow]:
        yesterday = today - timedelta(days=1)
        rows = [each.told for each in _still_there(held, number)]
        return [replace(row, ends_on=min(row.ends_on or yesterday, yesterday)) for row in rows]

    await _told(context, tell, dropped=True)


def finds_groups(node: FilterNode | None) -> bool:
    """Whether groups can be asked for so."""
    return _comparison(node)[0] in OF_GROUPS


async def groups(context: Context, node: FilterNode | None) -> list[Group]:
    """Every office that HR keeps, or the one of this name or id, with who holds it."""
    name, said = _comparison(node)
    if name not in OF_GROUPS:
        raise InvalidFilterException(detail="Filter groups by displayName or id, with eq.")
    seat = await _own(context)
    members = await _members(context, seat)
    return [
        group(each, members[each.place])
        for each in await _posts(context, seat)
        if not name or said == (each.id if name == "id" else each.display_name)
    ]


async def one_group(context: Context, id: str) -> Group:
    """An office by its id. Raises NotFoundException."""
    return group(*await _one_post(context, id))


async def _one_post(context: Context, id: str) -> tuple[Post, list[str]]:
    seat = await _own(context)
    for each in await _posts(context, seat):
        if each.id == id:
            return each, (await _members(context, seat))[each.place]
    raise _not_found()


async def _posts(context: Context, seat: Row) -> list[Post]:
    return list(posts(await people.bodies_seen(await context.reading(), seat["organisation_id"])))


async def _members(context: Context, seat: Row) -> defaultdict[tuple[UUID, Any, Any], list[str]]:
    """The ids of who holds each post."""
    snapshot = await context.reading()
    today = england_day((await snapshot.entered()).moment)
    at = {"organisation": seat["organisation_id"], "today": today}
    held = await snapshot.fetch(db.HOLDERS, **at)
    found: defaultdict[tuple[UUID, Any, Any], list[str]] = defaultdict(list)
    if held:
        everybody = await snapshot.fetch(db.PERSONS[""], **at, skip=0, most=2**31 - 1)
        ids = {row["person_number"]: str(row["id"]) for row in everybody}
        for row in held:
            found[row["forum_id"], row["side"], row["office"]].append(ids[row["person_number"]])
    return found


async def create_group(context: Context, said: Group) -> NoReturn:
    """Groups are not made: there is one for each office already. Raises SCIMException."""
    if any(each.display_name == said.display_name for each in await _posts(context, await _own(context))):
        raise UniquenessException(detail="This group is there already: it is an office of a body.")
    raise InvalidValueException(
        detail="A group is an office that HR keeps in a body, such as 'Joint Negotiating Committee: member'."
    )


async def change_group(context: Context, id: str, change: Callable[[Group], object]) -> Group:
    """Who holds an office: `change` makes of the group as it stands the group that it is to be."""
    post, before = await _one_post(context, id)
    after = group(post, before)
    change(after)
    if after.display_name != post.display_name:
        raise MutabilityException(detail="A group's name is that of an office, and does not change.")
    wanted = {each.value for each in after.members or () if each.value}
    if len(wanted) > MEMBERS_MOST:
        raise TooManyException(detail=f"A group has at most {MEMBERS_MOST} members.")
    seat = await _own(context)
    numbers: dict[str, str] = {}
    for each in (wanted | set(before)) - (wanted & set(before)):
        found = await _persons(context, seat, "id", each, skip=0, most=1)
        if not found or (each in wanted and not found[0]["active"]):
            raise InvalidValueException(detail="A member is no user, or works here no more.")
        numbers[each] = found[0]["person_number"]

    async def tell(acting: Acting, held: list[Held], today: date) -> list[AssignmentRow]:
        rows: list[AssignmentRow] = []
        for each, number in numbers.items():
            live = [h.told for h in held if h.told.person_number == number and goes_on(h.told, today)]
            rows += _given(live, post, today) if each in wanted else _taken(live, post, today)
        return rows

    if numbers:
        await _told(context, tell)
    return await one_group(context, id)


def _given(live: Sequence[AssignmentRow], post: Post, today: date) -> list[AssignmentRow]:
    """One more assignment for somebody who is to hold a post."""
    seat = Seat(*post.place)
    return [
        replace(row, assignment_number=f"{EXTRA}{uuid4().hex}", starts_on=today, ends_on=None, post=seat)
        for row in live[:1]
    ]


def _taken(live: Sequence[AssignmentRow], post: Post, today: date) -> list[AssignmentRow]:
    """The assignments of somebody who is to hold a post no more: ended, but for the last that they work here by."""
    holding = [row for row in live if row.post is not None and row.post.place == post.place]
    stays = len(live) > len(holding)
    return [
        replace(row, post=None) if not stays and place == 0 else replace(row, ends_on=today - timedelta(days=1))
        for place, row in enumerate(holding)
    ]


def _row(acting: Acting, number: str, assignment: str, said: User, starts_on: date) -> AssignmentRow:
    """What a user says, judged as a row. Raises Refused."""
    cells = {
        "person_number": normalised(number),
        "assignment_number": assignment,
        "display_name": normalised(said.display_name or ""),
        "subject": normalised(said.user_name or ""),
        "issuer": "",
        "title": "",
    }
    read = judged_row(0, cells, (starts_on, None), None, [], acting.context.signed_in.issuer)
    if isinstance(read, AssignmentRow):
        return read
    raise _refusal(read[2])


def _refusal(problems: Sequence[RowProblem]) -> Refused:
    return Refused(
        *(Problem(Code.INVALID, f"{NAMES.get(each.column, each.column)}: {each.message}") for each in problems)
    )


Tell = Callable[[Acting, list[Held], date], Awaitable[list[AssignmentRow]]]
"""What is to be told of some people, given all that was; it keeps the list up to date with what it does itself."""


async def _told(context: Context, tell: Tell, *, dropped: bool = False) -> None:
    """Tell of some people in one act. Raises SCIMException where a rule is broken."""

    async def do(acting: Acting, target: Target, _: Any) -> Done:
        await people.one_at_a_time(acting)
        held = await people.held(acting)
        rows = await tell(acting, held, england_day(acting.now))
        judged = Judged(tuple(rows), row_count=len(rows))
        plan = planned(Mode.CHANGES, judged, held, await people.kept_seats(acting), acting.now)
        if plan.problems:
            raise _refusal(plan.problems)
        await people.store(acting, plan, everything=True, dropped=dropped)
        return Done(acting.seat["id"], "people.provisioned", None)

    deed = Deed(Act.PEOPLE_IMPORT, people.load_organisation, do, "Seat")
    outcome = await perform(context, deed, None, {"idempotency_key": uuid4().hex})
    for problem in outcome.problems:
        if problem.code is Code.NOT_PERMITTED:
            raise ForbiddenException(detail=problem.message)
        raise InvalidValueException(detail=problem.message)
