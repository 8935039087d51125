"""What the journeys of issues share: who leads where, an issue raised, and a step carried along any route.

A `Matter` knows its raiser, so that whoever has to consent does: a person in their own part of it, or the body that
raised it itself. `trail` is a way through the table of routes, so that every route is walked from where people raise.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from service.demo.organisations import NHS_ENGLAND, NORTH_EAST
from service.demo.shapes import seat_key
from service.forums import BODY
from service.forums.routes import ROUTES, Route, raising_route, routes_from
from service.resolvers.ids import parts
from service.rules.bodies import ForumKind, Office, Purpose, Side
from service.rules.escalations import Carries
from tests.journeys.stage import Cast, done, key
from tests.plugins.service import Person, World

BODY_TEXT = "Managers refuse release for network meetings on wards 4 and 5."
SUMMARY = "Release for network meetings is refused on some wards."

STEP = """id route carries category fromName fromChannel toName toChannel state datedOn sentOn acknowledgeBy answerBy
  acknowledgedOn acceptedOn endedOn late outcome reason endedBySide endedByOffice consentWithdrawnOn revision
  summary { body contentHash withdrawnOn } consent { contentHash byOffice givenOn withdrawnOn }
  messages { position kind side office body } notes(first: 9) { edges { node { id body side office } } }
  agendaItems { id title meetsOn } onward { id state } issue { id } routes { code } audit(first: 50) { edges { node { act } } }"""
ISSUE = f"""id channel category manner identity raisedBy raisedBySide raisedByOffice mine body effectSought state raisedOn
  endedOn reason receipt revision steps {{ {STEP} }} messages {{ position fromRaiser body }} recipient {{ id }}
  disclosures {{ id toWords ground reason safeToTell whyNotTold notifiedOn consentedOn disclosedOn displayName }}
  routes {{ code }} audit(first: 50) {{ edges {{ node {{ act office side }} }} }}"""
NOTICES = "query($id: ID!) { forum(id: $id) { issueNotices(first: 50) { edges { node { id category toKind state sentOn endedOn } } } } }"
ROUTES_OF_ERRORS = (
    "userErrors { code message field routes { code forumId channel forumName } signposts { purpose words howToReach } }"
)

M, S, N, INDEPENDENT, NONE = Side.MANAGEMENT, Side.STAFF, Side.NETWORK, Side.INDEPENDENT, Side.NONE
Place = tuple[ForumKind, str]
JOINT, STAFF, MANAGEMENT, OFFICERS = Purpose.JOINT, Purpose.STAFF_SIDE, Purpose.MANAGEMENT_SIDE, Purpose.OFFICERS

SHORT: dict[ForumKind, str] = {
    ForumKind.STAFF_NETWORK: "race",
    ForumKind.TRADE_UNION_GROUP: "unison",
    ForumKind.FREEDOM_TO_SPEAK_UP: "speak-up",
    ForumKind.JOINT_NEGOTIATING_COMMITTEE: "jnc",
    ForumKind.LOCAL_NEGOTIATING_COMMITTEE: "lnc",
    ForumKind.HEALTH_AND_SAFETY_COMMITTEE: "safety",
    ForumKind.EDI_STEERING_GROUP: "edi",
    ForumKind.EXECUTIVE_COMMITTEE: "people",
    ForumKind.BOARD: "board",
    ForumKind.BOARD_COMMITTEE: "workforce",
}
ABOVE = {
    ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM: NORTH_EAST,
    ForumKind.NATIONAL_SOCIAL_PARTNERSHIP_FORUM: NHS_ENGLAND,
}
LEADS: dict[tuple[ForumKind, str], tuple[Side, Office, str]] = {
    (ForumKind.STAFF_NETWORK, OFFICERS): (N, Office.CHAIR, "race chair"),
    (ForumKind.TRADE_UNION_GROUP, OFFICERS): (S, Office.CHAIR, "UNISON chair"),
    (ForumKind.FREEDOM_TO_SPEAK_UP, OFFICERS): (INDEPENDENT, Office.GUARDIAN, "guardian"),
    (ForumKind.JOINT_NEGOTIATING_COMMITTEE, STAFF): (S, Office.CHAIR, "jnc staff chair"),
    (ForumKind.JOINT_NEGOTIATING_COMMITTEE, MANAGEMENT): (M, Office.CHAIR, "jnc management chair"),
    (ForumKind.JOINT_NEGOTIATING_COMMITTEE, JOINT): (M, Office.SECRETARY, "jnc management secretary"),
    (ForumKind.LOCAL_NEGOTIATING_COMMITTEE, STAFF): (S, Office.CHAIR, "lnc staff chair"),
    (ForumKind.LOCAL_NEGOTIATING_COMMITTEE, MANAGEMENT): (M, Office.CHAIR, "medical director"),
    (ForumKind.LOCAL_NEGOTIATING_COMMITTEE, JOINT): (M, Office.SECRETARY, "medical workforce lead"),
    (ForumKind.HEALTH_AND_SAFETY_COMMITTEE, STAFF): (S, Office.CHAIR, "UNISON safety representative 1"),
    (ForumKind.HEALTH_AND_SAFETY_COMMITTEE, MANAGEMENT): (M, Office.CHAIR, "estates director"),
    (ForumKind.HEALTH_AND_SAFETY_COMMITTEE, JOINT): (M, Office.SECRETARY, "safety adviser"),
    (ForumKind.EDI_STEERING_GROUP, JOINT): (M, Office.CHAIR, "chief executive"),
    (ForumKind.EXECUTIVE_COMMITTEE, JOINT): (M, Office.CHAIR, "people director"),
    (ForumKind.BOARD, JOINT): (INDEPENDENT, Office.CHAIR, "board chair"),
    (ForumKind.BOARD_COMMITTEE, JOINT): (INDEPENDENT, Office.CHAIR, "non-executive 1"),
    (ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM, STAFF): (S, Office.CO_CHAIR, "joint trade union chair 1"),
    (ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM, MANAGEMENT): (M, Office.CHAIR, "regional management chair"),
    (ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM, JOINT): (M, Office.VICE_CHAIR, "regional management vice-chair"),
    (ForumKind.NATIONAL_SOCIAL_PARTNERSHIP_FORUM, STAFF): (S, Office.CHAIR, "national trade union chair"),
    (ForumKind.NATIONAL_SOCIAL_PARTNERSHIP_FORUM, MANAGEMENT): (M, Office.CHAIR, "national employers' chair"),
    (ForumKind.NATIONAL_SOCIAL_PARTNERSHIP_FORUM, JOINT): (M, Office.VICE_CHAIR, "national employers' vice-chair"),
}


def place_of(kind: str, channel: str) -> Place:
    """A room of a kind of body."""
    return ForumKind(kind), Purpose(channel)


def lead(cast: Cast, place: Place) -> Person:
    """Who acts for this room of a body: another than the side's chair where it is a room that two sides share."""
    side, office, role = LEADS[place]
    where = ABOVE.get(place[0], cast.trust.trust)
    return cast.holding(seat_key(where, "spf" if place[0] in ABOVE else SHORT[place[0]], side, office, role))


def receiving(cast: Cast, route: Route) -> Person:
    """Who acts at the other end: where management sends to the room that it shares, the staff side."""
    own = route.from_kind == route.to_kind and route.from_channel == MANAGEMENT
    return lead(cast, place_of(route.to_kind, STAFF if own else route.to_channel))


def forum_id(cast: Cast, kind: ForumKind) -> str:
    """The global id of the trust's body of this kind, or of the region's or the nation's."""
    where, short = (ABOVE[kind], "spf") if kind in ABOVE else (cast.trust.trust, SHORT[kind])
    return cast.world.id(BODY[kind].type_name, "forum", f"{where}/{short}")


@dataclass
class Matter:
    """An issue and who raised it; `raiser` consents: in their own part, or for the body that raised it itself."""

    cast: Cast
    id: str
    raiser: Person

    async def seen(self, person: Person | None = None) -> Any:
        """As somebody sees it: its raiser, unless said. None where they see nothing."""
        return await issue_seen(person or self.raiser, self.id)


async def issue_seen(person: Person, issue: str) -> Any:
    """An issue as somebody sees it, or None."""
    return (await person.ask(f"query($id: ID!) {{ node(id: $id) {{ ... on Issue {{ {ISSUE} }} }} }}", id=issue)).only()


async def step_seen(person: Person, step: str) -> Any:
    """A step as somebody sees it, or None."""
    document = f"query($id: ID!) {{ node(id: $id) {{ ... on EscalationStep {{ {STEP} }} }} }}"
    return (await person.ask(document, id=step)).only()


async def notices(person: Person, forum: str) -> list[Any]:
    """What somebody sees of the notices of a network."""
    found = (await person.ask(NOTICES, id=forum)).only()
    return [] if found is None else [edge["node"] for edge in found["issueNotices"]["edges"]]


def raising(forum: str, **more: Any) -> dict[str, Any]:
    """The words of an issue."""
    said = {
        "forumId": forum, "category": "TIME_OFF", "identity": "NAMED", "concernsIndividualCase": False,
        "body": BODY_TEXT, "effectSought": "Release as agreed.", "idempotencyKey": key(),
    }  # fmt: skip
    return said | more


async def raised(cast: Cast, by: Person, forum: str, **more: Any) -> Matter:
    """An issue raised by somebody."""
    payload = await done(by, "issueRaise", "issue { id }", **raising(forum, **more))
    return Matter(cast, payload["issue"]["id"], by)


async def raised_in(cast: Cast, place: Place) -> Matter:
    """An issue as people raise it there: a member's of a network or a union group, else the officers' own."""
    forum = forum_id(cast, place[0])
    match place[0]:
        case ForumKind.STAFF_NETWORK:
            return await raised(cast, cast.member("race", 2), forum)
        case ForumKind.TRADE_UNION_GROUP:
            return await raised(cast, cast.union_member(2), forum)
        case ForumKind.FREEDOM_TO_SPEAK_UP:
            return await raised(cast, cast.seat(None, NONE, Office.EMPLOYEE, "employee 4"), forum)
        case _:
            return await raised(cast, lead(cast, place), forum, identity="OFFICE")


def carrying(route: Route, cast: Cast, text: str = SUMMARY) -> dict[str, Any]:
    """The words of a step along a route."""
    return {
        "toForumId": forum_id(cast, route.to_kind), "channel": str(route.to_channel), "summary": text,
        "concernsIndividualCase": False, "idempotencyKey": key(),
    }  # fmt: skip


async def drafted(matter: Matter, route: Route, previous: str | None = None, text: str = SUMMARY) -> Any:
    """A step drafted along a route by whoever acts where it starts."""
    by = lead(matter.cast, place_of(route.from_kind, route.from_channel))
    said = carrying(route, matter.cast, text)
    if route.kind == "REFER":
        return (await done(by, "stepRefer", f"step {{ {STEP} }}", stepId=previous, **said))["step"]
    about = {"issueId": matter.id} if previous is None else {"stepId": previous}
    return (await done(by, "issueEscalate", f"step {{ {STEP} }}", **about, **said))["step"]


async def consented(matter: Matter, step: Any) -> Any:
    """The step sent: by its raiser's consent where it was not sent at once."""
    if step["state"] != "AWAITING_CONSENT":
        return step
    given = await step_seen(matter.raiser, step["id"])
    payload = await done(
        matter.raiser, "consentGive", f"step {{ {STEP} }}", stepId=step["id"],
        contentHash=given["summary"]["contentHash"], idempotencyKey=key(),
    )  # fmt: skip
    return payload["step"]


async def sent(matter: Matter, route: Route, previous: str | None = None, text: str = SUMMARY) -> Any:
    """A step drafted and consented to."""
    return await consented(matter, await drafted(matter, route, previous, text))


async def accepted(matter: Matter, route: Route, previous: str | None = None, text: str = SUMMARY) -> Any:
    """A step taken up by its receiver."""
    step = await sent(matter, route, previous, text)
    by = receiving(matter.cast, route)
    return (await done(by, "stepAccept", f"step {{ {STEP} }}", stepId=step["id"]))["step"]


def by_code(code: str) -> Route:
    """A route of the table."""
    return next(route for route in ROUTES if route.code == code)


def trail(to: Place, today: date) -> tuple[Route, ...]:
    """The shortest way by records and own items from a room where issues are raised to this one; empty: it is one."""
    ways: dict[Place, tuple[Route, ...]] = {
        place_of(route.to_kind, route.to_channel): () for route in ROUTES if route.kind == "RAISE"
    }
    turn = list(ways)
    while to not in ways and turn:
        here = turn.pop(0)
        for route in routes_from(*here, today):
            there = place_of(route.to_kind, route.to_channel)
            if there not in ways and route.carries in (Carries.RECORD, Carries.OWN_ITEM) and route.kind == "ESCALATE":
                ways[there] = (*ways[here], route)
                turn.append(there)
    return ways[to]


async def arrived(cast: Cast, place: Place) -> tuple[Matter, str | None]:
    """A matter that lies in this room: raised there, or taken up there at the end of a trail (then with the last step)."""
    today = cast.world.today
    way = trail(place, today)
    start = place if not way else place_of(way[0].from_kind, way[0].from_channel)
    assert raising_route(*start, today) is not None
    matter, previous = await raised_in(cast, start), None
    for route in way:
        previous = (await accepted(matter, route, previous))["id"]
    return matter, previous


def row(given: str) -> UUID:
    """The id of a row behind a global id."""
    found = parts(given)
    assert found is not None
    return found[1]


async def pass_days(world: World, step: str, days: int) -> None:
    """Let days pass for one step: everything dated in it moves into the past by as much."""
    columns = ("dated_on", "sent_on", "acknowledge_by", "answer_by", "acknowledged_on", "accepted_on", "ended_on")
    moved = ", ".join(f"{name} = {name} - $2::integer" for name in columns)
    async with world.admin() as db:
        await db.execute(f"update graph.escalation_step set {moved} where id = $1", row(step), days)


async def leave(world: World, subject_person: UUID) -> None:
    """Somebody leaves: all their seats ended a minute ago."""
    async with world.admin() as db:
        await db.execute(
            "update graph.seat set ends_at = now() - $2::interval where person_id = $1 and ends_at > now()",
            subject_person, timedelta(minutes=1),
        )  # fmt: skip


async def found_anywhere(world: World, *words: str) -> list[str]:
    """The tables, as the superuser reads them, in which any of these words stand in any row."""
    found: list[str] = []
    async with world.admin() as db:
        tables = await db.fetch(
            "select schemaname || '.' || tablename as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
        )
        for table in sorted(each["name"] for each in tables):
            for word in words:
                if await db.fetchval(f"select exists (select from {table} t where strpos(t::text, $1) > 0)", word):
                    found.append(f"{table}: {word[:20]}")
    return found
