"""What is read of issues and steps beside their rows: where they stand, whose they are, what is late, what is next."""

from collections.abc import Iterable, Sequence
from typing import Any

import strawberry

from service.access.powers import may as may_by_power
from service.access.statement import Statement
from service.access.viewer import Row, Snapshot
from service.db import escalations as step_db
from service.db import issues as db
from service.db.directory import acting_seat
from service.resolvers.escalations import ends_of, raised_by_body, stands
from service.rules import escalations as rules
from service.rules.acts import Act
from service.rules.bodies import Office, Relation, Side
from service.rules.calendar import england_day
from service.rules.escalations import Clock, IdentityMode, IssueState, StepState

UNNAMED = {
    IdentityMode.NAMED: "A member",
    IdentityMode.CONFIDENTIAL: "Confidential",
    IdentityMode.OFFICE: "The body itself",
}


async def issue_states(rows: Sequence[Row], info: strawberry.Info) -> list[IssueState]:
    """Where each issue stands, by the steps that its holders see."""
    steps: dict[Any, list[StepState]] = {row["id"]: [] for row in rows}
    snapshot = await info.context.reading()
    for step in await snapshot.fetch(db.STEPS, ids=list(steps)):
        steps[step["parent"]].append(StepState(step["state"]))
    return [rules.issue_state(IssueState(row["state"]), steps[row["id"]]) for row in rows]


async def raisers(rows: Sequence[Row], info: strawberry.Info) -> list[str]:
    """Who raised each issue, by name for whoever opens the room where that is kept, else in general words."""
    snapshot = await info.context.reading()
    found = {
        row["parent"]: row["display_name"] for row in await snapshot.fetch(db.RAISERS, ids=[r["id"] for r in rows])
    }
    return [found.get(row["id"]) or UNNAMED[IdentityMode(row["identity"])] for row in rows]


async def own_issues(rows: Sequence[Row], info: strawberry.Info) -> list[bool]:
    """Whether one raised each oneself, in this capacity."""
    own = await _own(await info.context.reading(), db.OWN_OF_ISSUES, rows)
    return [row["id"] in own for row in rows]


async def _own(snapshot: Snapshot, statement: Statement, rows: Sequence[Row]) -> set[Any]:
    return {row["parent"] for row in await snapshot.fetch(statement, ids=[row["id"] for row in rows])}


async def routes_of_issues(rows: Sequence[Row], info: strawberry.Info) -> list[list[Row]]:
    """Where each issue may go from here, for those who may carry it."""
    return await _routes(await info.context.reading(), [(row["forum_id"], row["channel"]) for row in rows])


async def routes_of_steps(rows: Sequence[Row], info: strawberry.Info) -> list[list[Row]]:
    """Where each step may be carried on, for those who received it."""
    return await _routes(await info.context.reading(), [(row["to_forum_id"], row["to_channel"]) for row in rows])


async def _routes(snapshot: Snapshot, places: Sequence[tuple[Any, str]]) -> list[list[Row]]:
    found: list[list[Row]] = [[] for _ in places]
    for row in await snapshot.call(step_db.ROUTES_OF, [f for f, _ in places], [c for _, c in places]):
        if row["carries"] != "THEME":
            found[row["place"] - 1].append(row)
    return found


async def late_clocks(rows: Sequence[Row], info: strawberry.Info) -> list[Clock | None]:
    """Which clock of each step is late, by England's day."""
    snapshot: Snapshot = await info.context.reading()
    moment = (await snapshot.entered()).moment
    return [rules.late_clock(StepState(row["state"]), row["acknowledge_by"], row["answer_by"], moment) for row in rows]


async def overdue(rows: Sequence[Row], info: strawberry.Info) -> list[list[Row]]:
    """For each body, how many steps that it received are late, by route and side."""
    snapshot = await info.context.reading()
    found: dict[Any, list[Row]] = {row["id"]: [] for row in rows}
    today = england_day((await snapshot.entered()).moment)
    for each in await snapshot.fetch(step_db.OVERDUE_OF_FORUMS, ids=list(found), today=today):
        found[each["parent"]].append(each)
    return [found[row["id"]] for row in rows]


def _has_power(act: Act, seat: Row | None, relations: Iterable[Relation], *, mine: bool) -> bool:
    if mine and may_by_power(act, Side.NONE, Office.RAISER, (Relation.RAISER,)):
        return True
    return seat is not None and may_by_power(act, Side(seat["side"]), Office(seat["office"]), relations)


async def issue_acts(rows: Sequence[Row], info: strawberry.Info) -> list[dict[str, bool]]:
    """For each issue, what one has the power to do while it has not ended."""
    snapshot = await info.context.reading()
    seat, own = await acting_seat(snapshot), await _own(snapshot, db.OWN_OF_ISSUES, rows)
    found = []
    for row in rows:
        owner = seat is not None and stands(seat, row["forum_id"], row["channel"])
        relations = (Relation.OWNER,) if owner else ()
        ended = IssueState(row["state"]) in rules.ISSUE_ENDED
        found.append({
            act.value.lower(): not ended and _has_power(act, seat, relations, mine=row["id"] in own) for act in Act
        })  # fmt: skip
    return found


async def step_acts(rows: Sequence[Row], info: strawberry.Info) -> list[dict[str, bool]]:
    """For each step, what one has the power to do and its state allows."""
    snapshot = await info.context.reading()
    seat, own = await acting_seat(snapshot), await _own(snapshot, step_db.OWN_OF_STEPS, rows)
    issues = {row["parent"]: row for row in await snapshot.fetch(step_db.ISSUES_OF_STEPS, ids=[r["id"] for r in rows])}
    found = []
    for row in rows:
        issue = issues.get(row["id"])
        ends = frozenset[Relation]() if seat is None else ends_of(seat, row)
        if seat is not None and issue is not None and raised_by_body(seat, issue):
            ends |= {Relation.OWNER}
        mine, state = row["id"] in own, StepState(row["state"])
        found.append({
            act.value.lower(): rules.may(state, act) and _has_power(act, seat, ends, mine=mine) for act in Act
        })  # fmt: skip
    return found
