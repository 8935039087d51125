"""Issues, who raised them, and what is said between raiser and recipient."""

from typing import Final

from sqlalchemy import Date, Text, Uuid, bindparam, select, update

from service.access.statement import Statement
from service.db.children import IDS, children, last_position
from service.db.issue_tables import (
    escalation_step,
    identity_disclosure,
    issue,
    issue_message,
    issue_notice,
    raiser,
    step_trail,
)
from service.db.pages import Pages
from service.db.tables import room, seat

_ID: Final = bindparam("id", type_=Uuid)
_TODAY: Final = bindparam("today", type_=Date)

OF_FORUMS: Final = Pages(select(issue), (issue.c.raised_on, issue.c.id), parent=issue.c.forum_id)
OWN: Final = Pages(
    select(issue).join(raiser, raiser.c.issue_id == issue.c.id).join(room, room.c.id == raiser.c.own_room),
    (issue.c.raised_on, issue.c.id),
)
NOTICES_OF_FORUMS: Final = Pages(
    select(issue_notice), (issue_notice.c.sent_on, issue_notice.c.id), parent=issue_notice.c.forum_id
)
RAISERS: Final = children(raiser, "issue_id", "id")
OWN_OF_ISSUES: Final = Statement(
    select(raiser.c.issue_id.label("parent"), raiser.c.id)
    .join(room, room.c.id == raiser.c.own_room)
    .where(raiser.c.issue_id == IDS.any_())
)
RECIPIENTS: Final = Statement(
    select(raiser.c.issue_id.label("parent"), seat)
    .join(seat, seat.c.id == raiser.c.recipient_seat)
    .where(raiser.c.issue_id == IDS.any_())
)
MESSAGES: Final = children(issue_message, "issue_id", "position", "id")
DISCLOSURES: Final = children(identity_disclosure, "issue_id", "notified_on", "id")
STEPS: Final = Statement(
    select(step_trail.c.issue_id.label("parent"), step_trail.c.number, escalation_step)
    .join(escalation_step, escalation_step.c.id == step_trail.c.step_id)
    .where(step_trail.c.issue_id == IDS.any_())
    .order_by(step_trail.c.number, escalation_step.c.id)
)

SEEN: Final = Statement(select(issue).where(issue.c.id == _ID))
LOCKED: Final = Statement(select(issue).where(issue.c.id == _ID).with_for_update())
RAISER_OF: Final = Statement(select(raiser).where(raiser.c.issue_id == _ID))
# What one raised oneself, where that is open in this capacity: a raiser's own room opens to nobody else.
_OWN: Final = select(raiser).join(room, room.c.id == raiser.c.own_room)
OWN_OF_ISSUE: Final = Statement(_OWN.where(raiser.c.issue_id == _ID))
OWN_OF_STEP: Final = Statement(
    _OWN.join(step_trail, step_trail.c.issue_id == raiser.c.issue_id).where(step_trail.c.step_id == _ID)
)
OWN_OF_DISCLOSURE: Final = Statement(
    _OWN.join(identity_disclosure, identity_disclosure.c.issue_id == raiser.c.issue_id).where(
        identity_disclosure.c.id == _ID
    )
)
LAST_MESSAGE: Final = last_position(issue_message, "issue_id")
CLOSE: Final = Statement(
    update(issue)
    .where(issue.c.id == _ID)
    .values(
        state=bindparam("to_state", type_=Text),
        reason=bindparam("why", type_=Text),
        ended_on=_TODAY,
        revision=issue.c.revision + 1,
    )
)

RAISE: Final = (
    "select access.issue_raise($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
    " as problem"
)
CHOOSE_RECIPIENT: Final = "select access.recipient_choose($1, $2)"
TAKE_HANDOVER: Final = "select access.handover_take($1, $2)"
DECLARE_INTEREST: Final = "select access.interest_declare($1, $2)"
OPEN_DISCLOSURE: Final = "select access.disclosure_open($1, $2, $3, $4, $5, $6, $7, $8, $9)"
CONSENT_TO_DISCLOSURE: Final = "select access.identity_consent($1)"
DISCLOSE: Final = "select access.identity_disclose($1)"
