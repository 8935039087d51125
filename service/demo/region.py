"""The whole demo region as data, the same for the same day (issue 2, point 3).

Offices are dealt out to people role by role; a person's subject and name follow from the trust and from the order in
which the roles first appear there.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from service.demo import national, spf
from service.demo.consultations import consultations
from service.demo.days import Days
from service.demo.issues import issues
from service.demo.issues.signposts import signposts
from service.demo.issues.themes import themes
from service.demo.organisations import NHS_ENGLAND, NORTH_EAST, TRUSTS, organisations
from service.demo.people import BLOCK, LABEL, invented_name
from service.demo.personas import OPERATOR, SUBJECTS
from service.demo.shapes import Person, Region, Seat, seat_key
from service.demo.trust_forums import forums_of
from service.demo.trust_seats import Post, posts_of
from service.rules.bodies import Office, Side

PLACES: Final = (*TRUSTS, NORTH_EAST, NHS_ENGLAND)  # in this order names are given: a new one comes last
HR_SYSTEM: Final = "hr system"
SHARED_CHAIR: Final = {
    ("RTR", "board chair"): ("RVW", "board chair")
}  # University Hospitals Tees: two trusts, one chair
TERM: Final = timedelta(days=365)
IN_POST_SINCE: Final = timedelta(days=200)  # longer ago than any consultation of the demo began


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody's place in an organisation of the demo, before a name is given."""

    organisation: str
    name: str


@cache
def region(today: date) -> Region:
    """The demo region as it stands on `today`."""
    days = Days(today)
    posts = tuple((place, post) for place in PLACES for post in _posts(place))
    people = _people(Role(place, post.role) for place, post in posts)
    return Region(
        organisations=organisations(),
        people=(*dict.fromkeys(people.values()), Person(OPERATOR, f"Service operator {LABEL}")),
        forums=(*(forum for trust in TRUSTS for forum in forums_of(trust)), spf.SPF, spf.NATIONAL_SPF),
        seats=(*(_seat(place, post, people, today) for place, post in posts), *_directors_in_spf(people, today)),
        consultations=consultations(days),
        issues=issues(days),
        themes=themes(days),
        signposts=signposts(days),
    )


def _posts(place: str) -> Iterable[Post]:
    if place == NHS_ENGLAND:
        return (*spf.national_posts(), *national.posts())
    return spf.posts() if place == NORTH_EAST else posts_of(place)


def _people(roles: Iterable[Role]) -> dict[Role, Person]:
    people: dict[Role, Person] = {}
    numbers = dict.fromkeys(PLACES, 0)
    for role in roles:
        if role in people:
            continue
        numbers[role.organisation] += 1
        shared = SHARED_CHAIR.get((role.organisation, role.name))
        people[role] = people[Role(*shared)] if shared else _person(role, numbers[role.organisation])
    return people


def _person(role: Role, number: int) -> Person:
    subject = SUBJECTS.get((role.organisation, role.name), f"{role.organisation.lower()}-{number:03}")
    if role.name == HR_SYSTEM:
        return Person(subject, f"HR system of {role.organisation} {LABEL}", is_service=True)
    if role.name == national.SURVEY_SYSTEM:
        return Person(subject, f"Staff survey system {LABEL}", is_service=True)
    block = PLACES.index(role.organisation)
    return Person(subject, invented_name(block * BLOCK + number))


def _seat(place: str, post: Post, people: Mapping[Role, Person], today: date) -> Seat:
    since = today - IN_POST_SINCE
    return Seat(
        key=seat_key(place, post.forum, post.side, post.office, post.role),
        holder=people[Role(place, post.role)].subject,
        organisation=place,
        forum=f"{place}/{post.forum}" if post.forum else None,
        office=post.office,
        side=post.side,
        starts_on=since - TERM if post.former else since,
        ends_on=since if post.former else None,
        title=post.title,
        union=post.union,
        is_public=post.is_public,
    )


def _directors_in_spf(people: Mapping[Role, Person], today: date) -> Iterator[Seat]:
    for trust in spf.MEMBER_TRUSTS:
        yield Seat(
            key=seat_key(NORTH_EAST, "spf", Side.MANAGEMENT, Office.MEMBER, trust),
            holder=people[Role(trust, spf.PEOPLE_DIRECTOR)].subject,
            organisation=NORTH_EAST,
            forum=spf.SPF.key,
            office=Office.MEMBER,
            side=Side.MANAGEMENT,
            starts_on=today - IN_POST_SINCE,
        )
