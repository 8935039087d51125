"""What a seat may do: one table, act by act, of who may act and how their body must stand to what is acted on.

A power never opens a room, and a rule never asks for a power. The acting seat's own body must be the party: the
chair of one network never answers for another. The table makes the check, the `@needs` directive, `viewerCan` and
the golden matrix in docs/access-acts.md. RAISER is no office of a body: nobody is granted it. (Founding document S0,
JNC and section 3; DESIGN section 3, Powers.)
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from service.forums import BODIES, ORGANISATION_OFFICES
from service.forums.routes import ROUTES
from service.rules.acts import Act
from service.rules.bodies import Office, Relation, Side
from service.rules.escalations.hops import RouteKind

Power = tuple[Side, Office, Relation]

OWNER, CONSULTEE, EMPLOYER, ANYONE = Relation.OWNER, Relation.CONSULTEE, Relation.EMPLOYER, Relation.ANYONE
RAISER, RECEIVER, SENDER = Relation.RAISER, Relation.RECEIVER, Relation.SENDER
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
_IN_A_BODY: Final = frozenset((row.side, row.office) for body in BODIES for row in body.offices)
_EVERYBODY: Final = frozenset(
    (row.side, row.office) for rows in (ORGANISATION_OFFICES, *(body.offices for body in BODIES)) for row in rows
)

_RAISED_IN: Final[frozenset[tuple[str, str]]] = frozenset(
    (route.to_kind, route.to_channel) for route in ROUTES if route.kind is RouteKind.RAISE
)
# Who opens a room where issues are raised: any of them may be the one to whom a raiser entrusts their name.
_HOLDING: Final = frozenset(
    (row.side, row.office)
    for body in BODIES
    for row in body.offices
    if any((body.kind, purpose) in _RAISED_IN for purpose in row.opens)
)
# Who opens such a room, or comments within its body, as the members of a network do.
_RAISING: Final = _HOLDING | frozenset(
    (row.side, row.office)
    for body in BODIES
    if body.kind in {kind for kind, _ in _RAISED_IN}
    for row in body.offices
    if (row.opens or row.opens_by_terms) and row.side in body.comments
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
GUARDIAN: Final = frozenset({(Side.INDEPENDENT, Office.GUARDIAN)})
UNION_OFFICERS: Final = (*LEADS, Office.OFFICER, Office.FULL_TIME_OFFICIAL)
ISSUE_OFFICERS: Final = OFFICERS | _each((Side.STAFF,), UNION_OFFICERS, OWNER) | _each((Side.MANAGEMENT,), LEADS, OWNER)
ONES_OWN: Final = frozenset({(Side.NONE, Office.RAISER, RAISER)})
# Who takes a step up: the leads; in the staff side's succession a union's official too (service/forums/routes.py).
TAKING: Final = frozenset(
    {*((side, office) for side in EVERY_SIDE for office in LEADS), (Side.STAFF, Office.FULL_TIME_OFFICIAL), *GUARDIAN}
)
RECEIVERS: Final = _those(TAKING, RECEIVER)
RECEIVERS_AND_SECRETARIAT: Final = RECEIVERS | _each((Side.NONE,), (Office.SECRETARIAT,), RECEIVER)
SENDERS: Final = frozenset((side, office, SENDER) for side, office, _ in ISSUE_OFFICERS) | _those(TAKING, SENDER)
HOLDERS: Final = _those(_HOLDING, OWNER)
THEME_OFFERERS: Final = _each((Side.MANAGEMENT, Side.STAFF, Side.INDEPENDENT), CHAIRS, OWNER)
HR: Final = _each((Side.NONE,), (Office.SERVICE,), EMPLOYER)
REPORTERS: Final = _each(EVERY_SIDE, LEADS, OWNER) | _each((Side.NONE,), (Office.SECRETARIAT,), OWNER) | HR
REPORTED_TO: Final = _each(EVERY_SIDE, LEADS, RECEIVER)
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
        Act.REPORT_RETURN: REPORTED_TO,
        Act.REPORT_ACKNOWLEDGE: REPORTED_TO,
        Act.REPORT_PUBLISH: REPORTERS,
        Act.REPORT_IMPORT: REPORTERS,
        Act.RELEASE_FREEZE: REGION,
        Act.PEOPLE_IMPORT: HR,
        Act.SEAT_GRANT: GRANTERS | HR,
        Act.SEAT_END: GRANTERS | HR,
        Act.MEMBERSHIP_JOIN: _those(_EVERYBODY - {(Side.NONE, Office.SERVICE)}, ANYONE),
        Act.MEMBERSHIP_LEAVE: _those(_EVERYBODY, ANYONE),
        Act.MEMBERSHIP_ACCEPT: OFFICERS,
        Act.MEMBERSHIP_DECLINE: OFFICERS,
        Act.INVITATION_ISSUE: GRANTERS,
        Act.INVITATION_ACCEPT: _those(_EVERYBODY, ANYONE),
        Act.RECUSAL_DECLARE: _those(_SEATED, OWNER, CONSULTEE),
        Act.ISSUE_RAISE: _those(_RAISING, OWNER) | _those(_EVERYBODY - {(Side.NONE, Office.SERVICE)}, ANYONE),
        Act.ISSUE_ESCALATE: ISSUE_OFFICERS | RECEIVERS,
        Act.ISSUE_CLOSE: ONES_OWN | ISSUE_OFFICERS,
        Act.CONSENT_GIVE: ONES_OWN | ISSUE_OFFICERS,
        Act.CONSENT_WITHDRAW: ONES_OWN | ISSUE_OFFICERS,
        Act.RECIPIENT_CHOOSE: ONES_OWN,
        Act.MESSAGE_SEND: ONES_OWN | HOLDERS,
        Act.STEP_ACKNOWLEDGE: RECEIVERS_AND_SECRETARIAT,
        Act.STEP_ACCEPT: RECEIVERS,
        Act.STEP_ASK: RECEIVERS_AND_SECRETARIAT,
        Act.STEP_ANSWER: ONES_OWN | SENDERS,
        Act.STEP_NOTE: RECEIVERS_AND_SECRETARIAT,
        Act.STEP_PLACE: RECEIVERS_AND_SECRETARIAT,
        Act.STEP_RETURN: RECEIVERS,
        Act.STEP_REFER: RECEIVERS,
        Act.STEP_RESOLVE: RECEIVERS,
        Act.HANDOVER_TAKE: _those(GUARDIAN, OWNER),
        Act.INTEREST_DECLARE: _those(_SEATED, OWNER, RECEIVER),
        Act.DISCLOSURE_NOTIFY: HOLDERS,
        Act.IDENTITY_CONSENT: ONES_OWN,
        Act.IDENTITY_DISCLOSE: HOLDERS,
        Act.THEME_OFFER: THEME_OFFERERS,
        Act.THEME_SIGN: OWNERS_CHAIRS,
        Act.THEME_ANSWER: OWNERS_LEADS,
        Act.SIGNPOST_SET: HR,
        Act.OWN_SIGN_IN_INVITE: _those(_EVERYBODY - {(Side.NONE, Office.SERVICE)}, ANYONE),
        Act.OWN_SIGN_IN_ACCEPT: _those(_EVERYBODY - {(Side.NONE, Office.SERVICE)}, ANYONE),
        Act.MAIL_PREFERENCE_SET: _those(_EVERYBODY - {(Side.NONE, Office.SERVICE)}, ANYONE),
        Act.MAIL_ADDRESS_CONFIRM: _those(_EVERYBODY - {(Side.NONE, Office.SERVICE)}, ANYONE),
        **dict.fromkeys((Act.RELEASE_NOTE_ISSUE, Act.RELEASE_NOTE_REVOKE), _those(_IN_A_BODY, ANYONE)),
        **dict.fromkeys(
            (
                Act.WEBHOOK_ENDPOINT_ADD,
                Act.WEBHOOK_ENDPOINT_ROTATE,
                Act.WEBHOOK_ENDPOINT_END,
                Act.WEBHOOK_DELIVERY_REPLAY,
                Act.CALENDAR_ADDRESS_CREATE,
                Act.CALENDAR_ADDRESS_REVOKE,
            ),
            _those(_EVERYBODY, ANYONE),
        ),
    }
)


def may(act: Act, side: Side, office: Office, relations: Iterable[Relation]) -> bool:
    """Whether a seat of this side and office may do the act, standing in one of these relations to its target."""
    powers = POWERS[act]
    return any((side, office, relation) in powers for relation in relations)
