"""A confidential identity: known to the one recipient, told to another by consent or on a listed ground, and who learns what when."""

from datetime import timedelta
from typing import Any

import pytest

from service.rules.bodies import Office, Side
from tests.journeys.issue_stage import Matter, accepted, by_code, raised, raising, row, step_seen
from tests.journeys.stage import Cast, done, key, mark, random_like, refused, written
from tests.plugins.service import Person, World

SEEN = "disclosure { id ground reason safeToTell whyNotTold notifiedOn consentedOn disclosedOn displayName toWords }"


@pytest.fixture(scope="module")
async def cast(world: World) -> Cast:
    return Cast(world)


@pytest.fixture
def raiser(cast: Cast) -> Person:
    return cast.member("race", 1)


@pytest.fixture
async def matter(cast: Cast, raiser: Person) -> Matter:
    return await raised(
        cast, raiser, cast.forum("race"), identity="CONFIDENTIAL", recipientSeatId=cast.chair("race").seat
    )


def vice(cast: Cast) -> Person:
    """The network's vice chair."""
    return cast.seat("race", Side.NETWORK, Office.VICE_CHAIR, "race vice chair")


def telling(cast: Cast, matter: Matter, **more: Any) -> dict[str, Any]:
    """The words of a disclosure to the network's secretary."""
    said = {
        "issueId": matter.id, "toSeatId": cast.secretary("race").seat, "ground": "SERIOUS_HARM",
        "reason": "Threats were made.", "safeToTell": True,
    }  # fmt: skip
    return said | more


async def name_of(person: Person) -> str:
    """What somebody is called."""
    found: str = (await person.ask("{ viewer { person { displayName } } }")).only()["person"]["displayName"]
    return found


async def disclosures(person: Person, matter: Matter) -> list[Any]:
    """What somebody sees of an issue's disclosures."""
    found = await matter.seen(person)
    return [] if found is None else list(found["disclosures"])


async def read(person: Person, disclosure: str) -> Any:
    """A disclosure as somebody sees it."""
    document = "query($id: ID!) { node(id: $id) { ... on IdentityDisclosure { id displayName issue { id } } } }"
    return (await person.ask(document, id=disclosure)).only()


async def test_nobody_but_the_chosen_recipient_learns_who_it_was(cast: Cast, raiser: Person, matter: Matter) -> None:
    name = await name_of(raiser)
    for person in (cast.member("race", 2), cast.management, cast.staff, cast.hr):
        assert await matter.seen(person) is None
    for person in (cast.secretary("race"), vice(cast)):
        found = await matter.seen(person)
        assert (found["raisedBy"], found["recipient"], found["mine"]) == ("Confidential", None, False)
        assert name not in str(found)
    chair = await matter.seen(cast.chair("race"))
    assert (chair["raisedBy"], chair["recipient"]["id"]) == (name, cast.chair("race").seat)
    assert {edge["node"]["office"] for edge in chair["audit"]["edges"]} <= {"RAISER"}


async def test_raiser_and_recipient_talk_and_the_other_officers_read_none_of_it(
    cast: Cast, raiser: Person, matter: Matter
) -> None:
    await done(cast.chair("race"), "messageSend", issueId=matter.id, body="Are you safe?")
    await done(raiser, "messageSend", issueId=matter.id, body="For now.")
    for person in (raiser, cast.chair("race")):
        assert [each["body"] for each in (await matter.seen(person))["messages"]] == ["Are you safe?", "For now."]
    assert (await matter.seen(cast.secretary("race")))["messages"] == []
    await refused(cast.secretary("race"), "messageSend", "NOT_PERMITTED", issueId=matter.id, body="Who are you?")


async def test_raiser_entrusts_another_and_the_one_before_knows_no_more(
    cast: Cast, raiser: Person, matter: Matter
) -> None:
    await done(cast.chair("race"), "messageSend", issueId=matter.id, body="Are you safe?")
    await done(raiser, "recipientChoose", "issue { id }", issueId=matter.id, recipientSeatId=vice(cast).seat)
    before = await matter.seen(cast.chair("race"))
    assert (before["raisedBy"], before["recipient"], before["messages"]) == ("Confidential", None, [])
    after = await matter.seen(vice(cast))
    assert (after["raisedBy"], [each["body"] for each in after["messages"]]) == (
        await name_of(raiser),
        ["Are you safe?"],
    )
    await refused(cast.chair("race"), "disclosureNotify", "NOT_PERMITTED", **telling(cast, matter))
    await done(vice(cast), "messageSend", issueId=matter.id, body="It is me now.")
    await done(raiser, "recipientChoose", issueId=matter.id, recipientSeatId=cast.chair("race").seat)
    assert (await matter.seen(cast.chair("race")))["raisedBy"] == await name_of(raiser)


async def test_recipient_is_a_seat_that_holds_such_issues_and_is_not_part_of_it(
    cast: Cast, raiser: Person, matter: Matter
) -> None:
    for seat in (
        cast.member("race", 2).seat,
        raiser.seat,
        cast.management.seat,
        cast.chair("women").seat,
        random_like(raiser.seat or ""),
        "x",
    ):
        await refused(raiser, "recipientChoose", "NOT_FOUND", raising=True, issueId=matter.id, recipientSeatId=seat)
        said = raising(cast.forum("race"), identity="CONFIDENTIAL", recipientSeatId=seat)
        await refused(raiser, "issueRaise", "NOT_FOUND", traced=False, **said)
    await refused(
        cast.chair("race"), "recipientChoose", "NOT_PERMITTED", issueId=matter.id, recipientSeatId=vice(cast).seat
    )
    await refused(
        cast.member("race", 2),
        "recipientChoose",
        "NOT_FOUND",
        field="issueId",
        issueId=matter.id,
        recipientSeatId=vice(cast).seat,
    )
    named = await raised(cast, raiser, cast.forum("race"))
    await refused(
        raiser,
        "recipientChoose",
        "WRONG_STATE",
        raising=True,
        field="issueId",
        issueId=named.id,
        recipientSeatId=vice(cast).seat,
    )


async def test_recipient_who_steps_back_leaves_the_choice_to_the_raiser(
    cast: Cast, raiser: Person, matter: Matter
) -> None:
    await done(cast.chair("race"), "interestDeclare", issueId=matter.id)
    assert await matter.seen(cast.chair("race")) is None
    assert (await matter.seen())["recipient"] is None
    await refused(
        raiser, "recipientChoose", "NOT_FOUND", raising=True, issueId=matter.id, recipientSeatId=cast.chair("race").seat
    )
    await done(raiser, "recipientChoose", issueId=matter.id, recipientSeatId=vice(cast).seat)
    assert (await matter.seen(vice(cast)))["raisedBy"] == await name_of(raiser)


async def test_receivers_of_its_steps_learn_nothing_of_who_or_how(cast: Cast, raiser: Person, matter: Matter) -> None:
    step = await accepted(matter, by_code("NETWORK_TO_JNC"))
    await done(cast.management, "stepAsk", stepId=step["id"], body="Which wards?")
    await done(raiser, "stepAnswer", stepId=step["id"], body="Some.")
    there = await step_seen(cast.management, step["id"])
    assert (there["issue"], there["consent"], there["messages"][1]["office"]) == (None, None, "RAISER")
    assert await name_of(raiser) not in str(there)


async def test_with_consent_one_seat_learns_it_and_not_before(cast: Cast, raiser: Person, matter: Matter) -> None:
    chair, secretary = cast.chair("race"), cast.secretary("race")
    told = (await done(chair, "disclosureNotify", SEEN, **telling(cast, matter, ground="RAISER_CONSENT")))["disclosure"]
    assert (told["notifiedOn"], told["disclosedOn"], told["displayName"]) == (str(cast.world.today), None, None)
    assert [each["id"] for each in await disclosures(raiser, matter)] == [told["id"]]
    assert await read(secretary, told["id"]) is None
    assert await disclosures(secretary, matter) == []
    said = {"disclosureId": told["id"]}
    await refused(chair, "identityDisclose", "CONSENT_REQUIRED", **said, idempotencyKey=key())
    await refused(chair, "identityConsent", "NOT_PERMITTED", **said)
    await refused(secretary, "identityConsent", "NOT_FOUND", field="disclosureId", **said)
    await refused(secretary, "identityDisclose", "NOT_FOUND", field="disclosureId", **said, idempotencyKey=key())
    await refused(raiser, "identityDisclose", "NOT_PERMITTED", **said, idempotencyKey=key())
    once = key()
    first = await raiser.act("identityConsent", SEEN, **said, idempotencyKey=once)
    assert first.only()["disclosure"]["consentedOn"] == str(cast.world.today)
    before = await mark(cast.world)
    assert (await raiser.act("identityConsent", SEEN, **said, idempotencyKey=once)).raw == first.raw
    assert await written(cast.world, before) == {}
    await refused(raiser, "identityConsent", "WRONG_STATE", raising=True, **said)
    made = (await done(chair, "identityDisclose", SEEN, **said, idempotencyKey=key()))["disclosure"]
    name = await name_of(raiser)
    assert (made["displayName"], made["disclosedOn"]) == (name, str(cast.world.today))
    assert (await read(secretary, told["id"]))["displayName"] == name
    assert await read(vice(cast), told["id"]) is None
    assert (await matter.seen(secretary))["raisedBy"] == "Confidential", "one disclosure is no door into the vault"
    await refused(chair, "identityDisclose", "WRONG_STATE", **said, idempotencyKey=key())
    await refused(raiser, "identityConsent", "WRONG_STATE", raising=True, **said)


async def test_on_a_listed_ground_the_raiser_is_told_on_an_earlier_day(
    cast: Cast, raiser: Person, matter: Matter
) -> None:
    chair = cast.chair("race")
    told = (await done(chair, "disclosureNotify", SEEN, **telling(cast, matter)))["disclosure"]
    (theirs,) = await disclosures(raiser, matter)
    assert (theirs["ground"], theirs["reason"], theirs["toWords"]) == (
        "SERIOUS_HARM",
        "Threats were made.",
        "SECRETARY NETWORK",
    )
    said = {"disclosureId": told["id"]}
    await refused(chair, "identityDisclose", "NOT_TOLD_YET", field=None, **said, idempotencyKey=key())
    async with cast.world.admin() as db:
        await db.execute(
            "update graph.identity_disclosure set notified_on = $2 where id = $1",
            row(told["id"]),
            cast.world.today - timedelta(days=1),
        )
    await done(chair, "identityDisclose", SEEN, **said, idempotencyKey=key())
    assert (await read(cast.secretary("race"), told["id"]))["displayName"] == await name_of(raiser)
    (theirs,) = await disclosures(raiser, matter)
    assert theirs["disclosedOn"] == str(cast.world.today)


async def test_who_was_told_and_agrees_need_not_wait_a_day(cast: Cast, raiser: Person, matter: Matter) -> None:
    told = (await done(cast.chair("race"), "disclosureNotify", SEEN, **telling(cast, matter)))["disclosure"]
    await done(raiser, "identityConsent", "disclosure { consentedOn }", disclosureId=told["id"])
    await done(cast.chair("race"), "identityDisclose", SEEN, disclosureId=told["id"], idempotencyKey=key())
    assert (await read(cast.secretary("race"), told["id"]))["displayName"] == await name_of(raiser)


async def test_where_it_is_not_safe_the_raiser_is_not_told_and_the_record_says_why(
    cast: Cast, raiser: Person, matter: Matter
) -> None:
    chair = cast.chair("race")
    said = telling(cast, matter, ground="SAFEGUARDING", safeToTell=False, whyNotTold="A child is at home with them.")
    told = (await done(chair, "disclosureNotify", SEEN, **said))["disclosure"]
    assert (told["notifiedOn"], told["whyNotTold"]) == (None, "A child is at home with them.")
    assert await disclosures(raiser, matter) == []
    await refused(raiser, "identityConsent", "NOT_FOUND", field="disclosureId", disclosureId=told["id"])
    await done(chair, "identityDisclose", SEEN, disclosureId=told["id"], idempotencyKey=key())
    assert (await read(cast.secretary("race"), told["id"]))["displayName"] == await name_of(raiser)
    assert await disclosures(raiser, matter) == []
    assert [each["id"] for each in await disclosures(chair, matter)] == [told["id"]]


@pytest.mark.parametrize(
    ("code", "field", "more"),
    [
        ("REQUIRED", "reason", {"reason": " "}),
        ("TOO_LONG", "reason", {"reason": "x" * 2_001}),
        ("INVALID", "reason", {"reason": "a\u0007"}),
        ("REQUIRED", "whyNotTold", {"safeToTell": False}),
        ("TOO_LONG", "whyNotTold", {"safeToTell": False, "whyNotTold": "x" * 2_001}),
        ("INVALID", "safeToTell", {"ground": "RAISER_CONSENT", "safeToTell": False, "whyNotTold": "Hm."}),
        ("NOT_FOUND", "toSeatId", {"toSeatId": "nonsense"}),
    ],
)
async def test_disclosure_is_not_prepared_without_its_words(
    cast: Cast, matter: Matter, code: str, field: str, more: dict[str, Any]
) -> None:
    await refused(cast.chair("race"), "disclosureNotify", code, field=field, **telling(cast, matter) | more)


async def test_only_the_recipient_prepares_one_and_of_a_confidential_issue_alone(
    cast: Cast, raiser: Person, matter: Matter
) -> None:
    await refused(cast.secretary("race"), "disclosureNotify", "NOT_PERMITTED", **telling(cast, matter))
    await refused(cast.member("race", 2), "disclosureNotify", "NOT_FOUND", field="issueId", **telling(cast, matter))
    named = await raised(cast, raiser, cast.forum("race"))
    await refused(cast.chair("race"), "disclosureNotify", "WRONG_STATE", field="issueId", **telling(cast, named))


async def test_refused_attempt_in_confidence_leaves_no_trace_of_who_tried(cast: Cast, raiser: Person) -> None:
    for code, more in (
        ("REQUIRED", {"body": ""}), ("TOO_LONG", {"body": "x" * 20_001}), ("TOO_MANY", {"implicatedPersonIds": ["x"] * 21}),
    ):  # fmt: skip
        said = raising(cast.forum("race"), identity="CONFIDENTIAL", recipientSeatId=cast.chair("race").seat) | more
        if code == "TOO_MANY":
            office = {"forumId": cast.forum("jnc"), "side": "STAFF", "office": "CHAIR"}
            said |= {"implicatedPersonIds": [], "implicatedOffices": [office] * 21}
        await refused(raiser, "issueRaise", code, traced=False, **said)


async def test_nothing_the_seat_leaves_says_that_it_raised_in_confidence(cast: Cast, raiser: Person) -> None:
    before = await mark(cast.world)
    await raised(cast, raiser, cast.forum("race"), identity="CONFIDENTIAL", recipientSeatId=cast.chair("race").seat)
    assert raiser.seat is not None
    seat = str(row(raiser.seat))
    async with cast.world.admin() as db:
        person, personal = await db.fetchrow(
            "select person_id::text, personal_room::text from graph.seat where id = $1", row(raiser.seat)
        )
        for table in sorted(await written(cast.world, before)):
            rows = await db.fetch(
                f"select t::text as words from {table} t where t.xmin::text::bigint > $1", before.transaction
            )
            words = " ".join(each["words"] for each in rows)
            if table != "graph.raiser":
                assert [each for each in (seat, person, personal) if each in words] == [], table
