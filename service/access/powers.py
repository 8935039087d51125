"""What a seat may do: one table, act by act, of who may act and how their body must stand to what is acted on.

A power never opens a room, and a rule never asks for a power. The acting seat's own body must be the party: the
chair of one network never answers for another. The table makes the check, the `@needs` directive, `viewerCan` and
the golden matrix in docs/access-acts.md. (Founding document S0, JNC and section 3; DESIGN section 3, Powers.)
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from service.forums import BODIES, ORGANISATION_OFFICES
from service.rules.acts import Act
from service.rules.bodies import Office, Relation, Side

Power = tuple[Side, Office, Relation]

OWNER, CONSULTEE, EMPLOYER, ANYONE = Relation.OWNER, Relation.CONSULTEE, Relation.EMPLOYER, Relation.ANYONE
RECEIVER = Relation.RECEIVER
CHAIRS = (Office.CHAIR, Office.CO_CHAIR, Office.VICE_CHAIR)
LEADS = (*CHAIRS, Office.SECRETARY)
BOTH_SIDES = (Side.MANAGEMENT, Side.STAFF)
EVERY_SIDE = (Side.MANAGEMENT, Side.STAFF, Side.NETWORK, Side.INDEPENDENT)
GUARDIANS = (Side.INDEPENDENT,)


def _each(sides: Iterable[Side], offices: Iterable[Office], *relations: Relation) -> frozenset[Power]:
    return frozenset((side, office, relation) for side in sides for office in offices for relation in relations)


_SEATED: Final = frozenset(
    (row.side, row.office) for body in BODIES for row in body.offices if row.opens or row.opens_by_terms
)
_COMMENTING: Final = frozenset(
    (row.side, row.office)
    for body in BODIES
    for row in body.offices
    if (row.opens or row.opens_by_terms) and row.side in body.comments
)
_EVERYBODY: Final = frozenset(
    (row.side, row.office) for rows in (ORGANISATION_OFFICES, *(body.offices for body in BODIES)) for row in rows
)


def _those(seats: frozenset[tuple[Side, Office]], *relations: Relation) -> frozenset[Power]:
    return frozenset((side, office, relation) for side, office in seats for relation in relations)


OWNERS_LEADS: Final = _each(BOTH_SIDES, LEADS, OWNER)
OWNERS_CHAIRS: Final = _each(BOTH_SIDES, CHAIRS, OWNER)
CONSULTEES_LEADS: Final = _each(EVERY_SIDE, LEADS, CONSULTEE) | _each(GUARDIANS, (Office.GUARDIAN,), CONSULTEE)
DRAFTERS: Final = _each((Side.NETWORK, Side.STAFF), (Office.OFFICER,), CONSULTEE) | _each(
    (Side.STAFF,), (Office.FULL_TIME_OFFICIAL,), CONSULTEE
)
OFFICERS: Final = _each((Side.NETWORK,), (*LEADS, Office.OFFICER), OWNER)
GRANTERS: Final = _each(EVERY_SIDE, LEADS, OWNER) | _each(GUARDIANS, (Office.GUARDIAN,), OWNER)
HR: Final = _each((Side.NONE,), (Office.SERVICE,), EMPLOYER)
REPORTERS: Final = _each(EVERY_SIDE, LEADS, OWNER) | _each((Side.NONE,), (Office.SECRETARIAT,), OWNER) | HR
RECEIVERS: Final = _each(EVERY_SIDE, LEADS, RECEIVER)
SIGNATORIES: Final = _each((Side.MANAGEMENT, Side.INDEPENDENT), (*LEADS, Office.MEMBER), RECEIVER)
REGION: Final = _each(BOTH_SIDES, LEADS, OWNER) | _each((Side.NONE,), (Office.SECRETARIAT,), OWNER)

POWERS: Final[Mapping[Act, frozenset[Power]]] = MappingProxyType(
    {
        Act.CONSULTATION_DRAFT: OWNERS_LEADS,
        Act.POLICY_VERSION_ADD: OWNERS_LEADS,
        Act.IMPACT_ASSESSMENT_RECORD: OWNERS_LEADS,
        Act.CONSULTATION_PLAN: OWNERS_LEADS,
        Act.PLAN_SIGN: OWNERS_CHAIRS,
        Act.PLAN_PROCEED: OWNERS_CHAIRS,
        Act.CONSULTEE_ADD: OWNERS_LEADS,
        Act.CONSULTATION_OPEN: OWNERS_LEADS,
        Act.COMMENT_ADD: _those(_COMMENTING, OWNER, CONSULTEE),
        Act.COMMENT_WITHDRAW: _those(_COMMENTING, OWNER, CONSULTEE),
        Act.RESPONSE_DRAFT: CONSULTEES_LEADS | DRAFTERS,
        Act.RESPONSE_SUBMIT: CONSULTEES_LEADS,
        Act.RESPONSE_SHARE: CONSULTEES_LEADS,
        Act.RESPONSE_CONSIDER: OWNERS_LEADS,
        Act.CONSULTEE_EXTEND: OWNERS_CHAIRS,
        Act.EXTENSION_PROPOSE: OWNERS_CHAIRS,
        Act.EXTENSION_SIGN: OWNERS_CHAIRS,
        Act.OUTCOME_RECORD: OWNERS_LEADS,
        Act.CONSULTATION_SIGN: OWNERS_CHAIRS,
        Act.DISAGREEMENT_RECORD: OWNERS_CHAIRS,
        Act.CONSULTATION_RATIFY: OWNERS_LEADS,
        Act.CONSULTATION_WITHDRAW: OWNERS_LEADS,
        Act.REPORT_DRAFT: REPORTERS,
        Act.REPORT_REVISE: REPORTERS,
        Act.REPORT_SIGN_OFF: SIGNATORIES,
        Act.REPORT_SUBMIT: REPORTERS,
        Act.REPORT_RETURN: RECEIVERS,
        Act.REPORT_ACKNOWLEDGE: RECEIVERS,
        Act.REPORT_PUBLISH: REPORTERS,
        Act.REPORT_IMPORT: REPORTERS,
        Act.RELEASE_FREEZE: REGION,
        Act.SEAT_GRANT: GRANTERS | HR,
        Act.SEAT_END: GRANTERS | HR,
        Act.MEMBERSHIP_JOIN: _those(_EVERYBODY - {(Side.NONE, Office.SERVICE)}, ANYONE),
        Act.MEMBERSHIP_LEAVE: _those(_EVERYBODY, ANYONE),
        Act.MEMBERSHIP_ACCEPT: OFFICERS,
        Act.MEMBERSHIP_DECLINE: OFFICERS,
        Act.INVITATION_ISSUE: GRANTERS,
        Act.INVITATION_ACCEPT: _those(_EVERYBODY, ANYONE),
        Act.RECUSAL_DECLARE: _those(_SEATED, OWNER, CONSULTEE),
    }
)


def may(act: Act, side: Side, office: Office, relations: Iterable[Relation]) -> bool:
    """Whether a seat of this side and office may do the act, standing in one of these relations to its target."""
    powers = POWERS[act]
    return any((side, office, relation) in powers for relation in relations)
