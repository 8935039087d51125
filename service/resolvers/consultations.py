"""What is read of a consultation beside its rows: where it stands, what changed, and what one can do about it."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from service.access.powers import may as may_by_power
from service.access.viewer import Row, Snapshot
from service.db import consultations as db
from service.db.directory import acting_seat
from service.db.nodes import by_ids
from service.resolvers.ids import row_id
from service.rules import consultations as rules
from service.rules.acts import Act
from service.rules.bodies import Office, Relation, Side
from service.rules.consultations import ConsulteeState, LateDecision, State
from service.rules.policies import Hunk, rendered, word_diff


async def _moment(info: strawberry.Info) -> datetime:
    snapshot: Snapshot = await info.context.reading()
    return (await snapshot.entered()).moment


async def states(rows: Sequence[Row], info: strawberry.Info) -> list[State]:
    """The state of each consultation at the snapshot's moment."""
    moment = await _moment(info)
    return [_state(row["stored_state"], row["closes_at"], moment) for row in rows]


async def revisions(rows: Sequence[Row], info: strawberry.Info) -> list[int | None]:
    """Each consultation's revision, where its owners' deliberation is open: it also counts their rounds of planning."""
    snapshot = await info.context.reading()
    seen = {room["id"] for room in await snapshot.fetch(db.ROOMS_SEEN, ids=[row["case_room"] for row in rows])}
    return [row["revision"] if row["case_room"] in seen else None for row in rows]


def _state(stored: str, closes_at: datetime | None, moment: datetime) -> State:
    return rules.state_at(State(stored), closes_at, moment)


def _closing(row: Row | dict[str, Any]) -> datetime | None:
    return None if row["closes_at"] is None else rules.closing_moment(row["closes_at"], row["extended_to"])


def closing_moments(rows: Sequence[Row], info: strawberry.Info) -> list[datetime | None]:
    """When each body's own time ends."""
    return [_closing(row) for row in rows]


async def consultee_states(rows: Sequence[Row], info: strawberry.Info) -> list[ConsulteeState]:
    """Where each body stands."""
    moment = await _moment(info)
    return [
        rules.consultee_state(
            row["responded_at"],
            None if row["late_decision"] is None else LateDecision(row["late_decision"]),
            _closing(row) or moment,
            moment,
        )
        for row in rows
    ]


def draft_points(rows: Sequence[Row], info: strawberry.Info) -> list[list[dict[str, Any]]]:
    """The points of each draft, as rows."""
    return [
        [
            {"body": point["body"], "clause": None if point["clause"] is None else UUID(point["clause"])}
            for point in row["points"]
        ]
        for row in rows
    ]


def comment_authors(rows: Sequence[Row], info: strawberry.Info) -> list[str]:
    """The author of each comment as they chose to be shown."""
    return [row["author_name"] or "A member" for row in rows]


async def own_comments(rows: Sequence[Row], info: strawberry.Info) -> list[bool]:
    """Whether each comment was written by the acting seat: only its own room knows."""
    snapshot = await info.context.reading()
    own = {row["id"] for row in await snapshot.fetch(db.OWN_COMMENTS, ids=[row["id"] for row in rows])}
    return [row["id"] in own for row in rows]


async def rendered_bodies(rows: Sequence[Row], info: strawberry.Info) -> list[str]:
    """The text of each version as safe HTML; worked out beside the event loop, as a long text takes long."""
    return await asyncio.to_thread(lambda: [rendered(row["body"]) for row in rows])


async def differences(
    rows: Sequence[Row],
    info: strawberry.Info,
    since: Annotated[strawberry.ID, strawberry.argument(description="The earlier version, by its id.")],
) -> list[list[Hunk]]:
    """What changed in each version since another of the same policy; nothing where that is not to be seen."""
    earlier = (await by_ids(await info.context.reading(), "PolicyVersion", [row_id(since, "PolicyVersion")]))[0]

    def compare() -> list[list[Hunk]]:
        return [
            []
            if earlier is None or earlier["consultation_id"] != row["consultation_id"]
            else list(word_diff(earlier["body"], row["body"]))
            for row in rows
        ]

    return await asyncio.to_thread(compare)


def _can(seat: Row | None, acts: Iterable[Act], relations: Iterable[Relation], state: State) -> dict[str, bool]:
    known = tuple(relations)
    return {
        act.value.lower(): seat is not None
        and may_by_power(act, Side(seat["side"]), Office(seat["office"]), known)
        and rules.may(state, act)
        for act in acts
    }


async def consultation_acts(rows: Sequence[Row], info: strawberry.Info) -> list[dict[str, bool]]:
    """For each consultation, the acts that the seat has the power to do and its state allows, by the body's time."""
    snapshot = await info.context.reading()
    seat = await acting_seat(snapshot)
    own = None if seat is None else seat["forum_id"]
    ids = [row["id"] for row in rows]
    engaged = {
        row["consultation_id"]: row["extended_to"]
        for row in await snapshot.fetch(db.ENGAGED, ids=ids, forum=own or UUID(int=0))
    }
    signed = {row["consultation_id"] for row in await snapshot.fetch(db.FINAL_TEXT_SIGNED, ids=ids)}
    moment = await _moment(info)
    found = []
    for row, state in zip(rows, await states(rows, info), strict=True):
        owner = {Relation.OWNER} if own is not None and row["forum_id"] == own else set()
        consulted = {Relation.CONSULTEE} if row["id"] in engaged and not owner else set()
        can = _can(seat, Act, owner | consulted, state)
        if consulted:
            closing = _closing({**row, "extended_to": engaged[row["id"]]})
            own_state = _state(row["stored_state"], closing, moment)
            can["comment_add"] = _can(seat, [Act.COMMENT_ADD], consulted, own_state)["comment_add"]
        can["outcome_record"] &= row["id"] not in signed
        can["consultation_withdraw"] &= seat is not None and seat["side"] == row["drafted_by_side"]
        found.append(can)
    return found


def _undecided_late(row: Row) -> bool:
    closing = _closing(row)
    return row["late_decision"] is None and closing is not None and rules.late(closing, row["responded_at"])


async def consultee_acts(rows: Sequence[Row], info: strawberry.Info) -> list[dict[str, bool]]:
    """For each engagement, the same, by the body's own time for its own acts."""
    snapshot = await info.context.reading()
    seat = await acting_seat(snapshot)
    own = None if seat is None else seat["forum_id"]
    moment = await _moment(info)
    found = []
    for row in rows:
        owner = own is not None and row["owner_id"] == own
        consulted = own is not None and row["forum_id"] == own and not owner
        relations = [Relation.OWNER] if owner else [Relation.CONSULTEE] if consulted else []
        closing = row["closes_at"] if owner else _closing(row)
        state = _state(row["stored_state"], closing, moment)
        can = _can(seat, Act, relations, state)
        responded = row["responded_at"] is not None
        can["response_draft"] &= not responded
        can["response_submit"] &= not responded
        can["response_share"] &= responded
        can["response_consider"] &= responded and _undecided_late(row)
        found.append(can)
    return found
