"""Which of the things that changed belong to one consultation, or to one body: as far as the reader may see them."""

from typing import Final

from sqlalchemy import Uuid, bindparam, or_, select, union_all

from service.access.statement import Statement
from service.db import issue_tables as issues
from service.db import tables
from service.db.children import IDS

_OF: Final = bindparam("of", type_=Uuid)
_BY_CONSULTATION: Final = (tables.policy_version, tables.consultation_plan, tables.extension, tables.disagreement,
    tables.consultee, tables.comment, tables.response, tables.response_point, tables.outcome)  # fmt: skip
_BY_FORUM: Final = (tables.seat, tables.terms_of_reference, tables.membership_request, tables.invitation,
    tables.consultation, tables.consultee, tables.comment, tables.response, tables.report, tables.release, issues.issue,
    issues.issue_notice, issues.agenda_item, issues.theme, issues.theme_offer)  # fmt: skip
OF_CONSULTATION: Final = Statement(
    union_all(
        *(select(t.c.id).where(t.c.id == IDS.any_(), t.c.consultation_id == _OF) for t in _BY_CONSULTATION),
        *(
            select(t.c.id)
            .join(tables.policy_version, tables.policy_version.c.id == t.c.policy_version_id)
            .where(t.c.id == IDS.any_(), tables.policy_version.c.consultation_id == _OF)
            for t in (tables.clause, tables.impact_assessment)
        ),
        select(tables.response_draft.c.id)
        .join(tables.consultee, tables.consultee.c.id == tables.response_draft.c.consultee_id)
        .where(tables.response_draft.c.id == IDS.any_(), tables.consultee.c.consultation_id == _OF),
    )
)
OF_FORUM: Final = Statement(
    union_all(
        *(select(t.c.id).where(t.c.id == IDS.any_(), t.c.forum_id == _OF) for t in _BY_FORUM),
        select(issues.escalation_step.c.id).where(
            issues.escalation_step.c.id == IDS.any_(),
            or_(issues.escalation_step.c.from_forum_id == _OF, issues.escalation_step.c.to_forum_id == _OF),
        ),
    )
)
