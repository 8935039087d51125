"""Steps by which issues are carried to other bodies: what was written, consented to, asked, noted and answered."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, Integer, Text, Uuid, and_, bindparam, case, func, or_, select, update

from service.access.statement import Statement
from service.access.viewer import Row, Snapshot
from service.db.children import IDS, by_time, children, last_position
from service.db.issue_tables import (
    agenda_item,
    consent,
    escalation_step,
    issue,
    raiser,
    route,
    step_message,
    step_note,
    step_summary,
    step_trail,
)
from service.db.pages import Pages
from service.db.tables import room

_ID: Final = bindparam("id", type_=Uuid)
_STATE: Final = bindparam("state", type_=Text)
_TODAY: Final = bindparam("today", type_=Date)
_IN_STATE: Final = or_(_STATE.is_(None), escalation_step.c.state == _STATE)
_ORDER: Final = (escalation_step.c.dated_on, escalation_step.c.id)

RECEIVED: Final = Pages(select(escalation_step).where(_IN_STATE), _ORDER, parent=escalation_step.c.to_forum_id)
SENT: Final = Pages(select(escalation_step).where(_IN_STATE), _ORDER, parent=escalation_step.c.from_forum_id)
NOTES: Final = by_time(step_note, "step_id")
AGENDA_OF_FORUMS: Final = by_time(agenda_item, "forum_id")
SUMMARIES: Final = children(step_summary, "step_id")
CONSENTS: Final = children(consent, "step_id")
MESSAGES: Final = children(step_message, "step_id", "position")
AGENDA_OF_STEPS: Final = children(agenda_item, "step_id", "created_at", "id")
ONWARD: Final = Statement(
    select(step_trail.c.previous_id.label("parent"), step_trail.c.number, escalation_step)
    .join(escalation_step, escalation_step.c.id == step_trail.c.step_id)
    .where(step_trail.c.previous_id == IDS.any_())
    .order_by(step_trail.c.number, escalation_step.c.id)
)
ISSUES_OF_STEPS: Final = Statement(
    select(step_trail.c.step_id.label("parent"), issue)
    .join(issue, issue.c.id == step_trail.c.issue_id)
    .where(step_trail.c.step_id == IDS.any_())
)
# A clock is late from the day after the last one it allows (rules.escalations.clocks).
_UNDER_WAY: Final = or_(
    *(escalation_step.c.state == state for state in ("SENT", "ACKNOWLEDGED", "ACCEPTED", "ON_AGENDA"))
)
_LATE: Final = or_(
    and_(escalation_step.c.state == "SENT", escalation_step.c.acknowledge_by < _TODAY),
    and_(_UNDER_WAY, escalation_step.c.answer_by < _TODAY),
)
_SIDE: Final = case(
    (escalation_step.c.to_channel == "STAFF_SIDE", "STAFF"),
    (escalation_step.c.to_channel == "MANAGEMENT_SIDE", "MANAGEMENT"),
    else_="NONE",
)
OVERDUE_OF_FORUMS: Final = Statement(
    select(
        escalation_step.c.to_forum_id.label("parent"),
        escalation_step.c.route,
        escalation_step.c.to_channel.label("channel"),
        _SIDE.label("side"),
        func.count().cast(Integer).label("steps"),
    )
    .where(escalation_step.c.to_forum_id == IDS.any_(), _LATE)
    .group_by(escalation_step.c.to_forum_id, escalation_step.c.route, escalation_step.c.to_channel)
    .order_by(escalation_step.c.to_forum_id, escalation_step.c.route, escalation_step.c.to_channel)
)

SEEN: Final = Statement(select(escalation_step).where(escalation_step.c.id == _ID))
LOCKED: Final = Statement(select(escalation_step).where(escalation_step.c.id == _ID).with_for_update())
SUMMARY: Final = Statement(select(step_summary).where(step_summary.c.step_id == _ID))
ROUTE: Final = Statement(select(route).where(route.c.code == bindparam("code", type_=Text)))
LAST_MESSAGE: Final = last_position(step_message, "step_id")
ISSUE_OF: Final = Statement(
    select(issue).join(step_trail, step_trail.c.issue_id == issue.c.id).where(step_trail.c.step_id == _ID)
)


def _moved(**values: Any) -> Statement:
    moved = update(escalation_step).where(escalation_step.c.id == _ID)
    return Statement(moved.values(state=bindparam("to_state"), revision=escalation_step.c.revision + 1, **values))


ACKNOWLEDGE: Final = _moved(acknowledged_on=_TODAY)
ACCEPT: Final = _moved(accepted_on=_TODAY, acknowledged_on=func.coalesce(escalation_step.c.acknowledged_on, _TODAY))
PLACE: Final = _moved()
END: Final = _moved(
    ended_on=_TODAY,
    outcome=bindparam("what", type_=Text),
    reason=bindparam("why", type_=Text),
    ended_by_side=bindparam("by_side", type_=Text),
    ended_by_office=bindparam("by_office", type_=Text),
)

OPEN: Final = "select access.step_open($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
GIVE_CONSENT: Final = "select access.consent_give($1, $2, $3, $4, $5, $6, $7) as problem"
WITHDRAW_CONSENT: Final = "select access.consent_withdraw($1, $2)"
ENDED: Final = "select access.step_ended($1)"
ROUTES_FROM: Final = "select * from access.routes_from($1, $2)"


async def routes_from(snapshot: Snapshot, forum: UUID, channel: str) -> list[Row]:
    """Where a step may go from this room of a body today, and by which route; nowhere where the room is not open."""
    return await snapshot.call(ROUTES_FROM, forum, channel)


ROUTES_OF: Final = (
    "select x.place, r.* from unnest($1::uuid[], $2::text[]) with ordinality as x(forum, channel, place)"
    " cross join lateral access.routes_from(x.forum, x.channel) r"
)
OWN_OF_STEPS: Final = Statement(
    select(step_trail.c.step_id.label("parent"), raiser.c.id)
    .join(raiser, raiser.c.issue_id == step_trail.c.issue_id)
    .join(room, room.c.id == raiser.c.own_room)
    .where(step_trail.c.step_id == IDS.any_())
)
