"""The demo region as plain facts, before any database.

A seat is a holding of an office in a body, or in an organisation itself (an employee, the HR system). Keys are short
stable words ("RTD/jnc"); ids follow from them, so that two demos on two machines agree.
"""

from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from service.demo.cases import Consultation
from service.demo.matters import Answer, Issue, Offer, Sign
from service.rules.bodies import ForumKind, Office, OrganisationKind, Side

NAMESPACE = uuid5(NAMESPACE_URL, "urn:partnership:demo")


def demo_id(kind: str, key: str) -> UUID:
    """The id of a demo row: the same for ever, for the same kind and key."""
    return uuid5(NAMESPACE, f"{kind}/{key}")


def seat_key(place: str, forum: str | None, side: Side, office: Office, role: str) -> str:
    """The stable key of a seat: where, which office on which side, held in which role."""
    return f"{place}/{forum or 'organisation'}/{side}/{office}/{role}"


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation; dates are None where they are not known or have not come."""

    key: str
    name: str
    kind: OrganisationKind
    ods_code: str | None = None
    parent: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    trust_type: str | None = None
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person, or a system's account; `subject` is what the demo issuer signs in."""

    subject: str
    name: str
    is_service: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """A body's terms of reference; the last two are whom a network lets into its members' room."""

    quorum: str
    meets: str
    term_months: int | None = None
    reviewed_every_months: int = 12
    opens_to_allies: bool = False
    opens_to_staff_side_lead: bool = False


@dataclass(frozen=True, slots=True)
class Forum:
    """A body; a union group names its union. `hears`: whose themes a regional or national forum hears."""

    key: str
    kind: ForumKind
    name: str
    serves: tuple[str, ...]
    purpose: str
    terms: Terms
    parent: str | None = None
    union: str | None = None
    hears: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """An office held, in a forum or (with no forum) in an organisation; `is_public` is the network's own choice."""

    key: str
    holder: str
    organisation: str
    forum: str | None
    office: Office
    side: Side
    starts_on: date
    ends_on: date | None = None
    title: str | None = None
    union: str | None = None
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class Region:
    """Everything that the demo loads."""

    organisations: tuple[Organisation, ...]
    people: tuple[Person, ...]
    forums: tuple[Forum, ...]
    seats: tuple[Seat, ...]
    consultations: tuple[Consultation, ...]
    issues: tuple[Issue, ...] = ()
    themes: tuple[Offer | Answer, ...] = ()
    signposts: tuple[Sign, ...] = ()
