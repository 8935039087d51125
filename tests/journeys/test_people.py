"""HR's files: joiners, movers and leavers, every fault a row can have, and nothing told of a seat that HR does not see."""

from base64 import b64encode
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from service.identity.demo import ISSUER
from service.rules.bodies import Office, Side
from tests.journeys.reporting import hr_of
from tests.journeys.stage import Cast, done, key, mark, refused, written
from tests.plugins.service import Person, World

RESULT = (
    "peopleImport { id mode dryRun stored rowCount joiners movers changed leavers unchanged refused"
    " problems { row column rule value } differences { row personNumber assignmentNumber standing fields } }"
)
COUNTS = ("joiners", "movers", "changed", "leavers", "unchanged", "refused")
ASSIGNMENTS = (
    'query { organisation(odsCode: "RTD") { assignments(first: 99) { edges { node { personNumber assignmentNumber'
    " displayName startsOn endsOn employment { id endsAt person { id displayName } }"
    " post { id office title endsAt } } } } } }"
)


@pytest.fixture
def cast(fresh_world: World) -> Cast:
    return Cast(fresh_world)


def person(number: str, /, assignment: str | None = None, **more: Any) -> dict[str, Any]:
    """One assignment of an invented person."""
    return {
        "personNumber": number,
        "assignmentNumber": assignment or f"{number}-1",
        "displayName": f"Invented {number}",
        "signsInAs": f"subject-{number}",
        "startsOn": "2024-04-01",
    } | more


async def sent(who: Person, *rows: dict[str, Any], mode: str = "CHANGES", **more: Any) -> Any:
    payload = await done(who, "peopleImport", RESULT, idempotencyKey=key(), mode=mode, rows=list(rows) or None, **more)
    return payload["peopleImport"]


def counts(found: Any) -> dict[str, int]:
    return {name: found[name] for name in COUNTS if found[name]}


async def told(who: Person) -> dict[str, Any]:
    found = (await who.ask(ASSIGNMENTS)).data["organisation"]["assignments"]["edges"]
    return {each["node"]["assignmentNumber"]: each["node"] for each in found}


def signed_in(cast: Cast, number: str) -> Person:
    return Person(cast.world, f"subject-{number}", cast.world.issuer.issue(f"subject-{number}"))


async def offices(who: Person) -> list[str]:
    return sorted(each["office"] for each in await who.seats())


def day(days: int) -> str:
    return (date.today() + timedelta(days=days)).isoformat()


async def test_a_joiner_moves_and_leaves_and_each_step_opens_and_closes_what_it_should(cast: Cast) -> None:
    stranger = signed_in(cast, "1")
    assert await offices(stranger) == []
    first = await sent(cast.hr, person("1"))
    assert (first["stored"], counts(first)) == (True, {"joiners": 1})
    assert await offices(stranger) == ["EMPLOYEE"]
    post = {"forumId": cast.forum("jnc"), "office": "MEMBER", "title": "Head of nursing"}
    moved = await sent(cast.hr, person("1", **post))
    assert counts(moved) == {"movers": 1}
    assert moved["differences"][0]["fields"] == ["post"]
    assert await offices(stranger) == ["EMPLOYEE", "MEMBER"]
    seat = next(each for each in await stranger.seats() if each["office"] == "MEMBER")
    assert set(seat["rooms"]) >= {"JOINT", "MANAGEMENT_SIDE"}
    assert "STAFF_SIDE" not in seat["rooms"]
    again = await sent(cast.hr, person("1", **post))
    assert counts(again) == {"unchanged": 1}
    left = await sent(cast.hr, person("1", endsOn=day(-1), **post))
    assert counts(left) == {"leavers": 1}
    assert await offices(stranger) == []
    gone = await stranger.acting_as(seat["id"]).ask("{ viewer { seats { id } } }")
    assert gone.fault == "BAD_REQUEST", "no seat of theirs any more"
    back = await sent(cast.hr, person("1", "1-2"))
    assert counts(back) == {"joiners": 1}
    assert await offices(stranger) == ["EMPLOYEE"]


async def test_a_full_file_ends_who_is_not_in_it_and_spares_who_holds_another_assignment(cast: Cast) -> None:
    rows = [person("1"), person("2"), person("2", "2-2"), person("3")]
    assert counts(await sent(cast.hr, *rows, mode="FULL")) == {"joiners": 3}
    found = await sent(cast.hr, person("2"), person("3"), mode="FULL")
    assert counts(found) == {"movers": 1, "leavers": 1, "unchanged": 2}
    assert await offices(signed_in(cast, "1")) == []
    assert await offices(signed_in(cast, "2")) == ["EMPLOYEE"]
    assert counts(await sent(cast.hr, person("2"), person("3"), mode="FULL")) == {"unchanged": 2}


async def test_many_leavers_at_once_are_confirmed_by_their_number(cast: Cast) -> None:
    everybody = [person(str(number)) for number in range(30)]
    await sent(cast.hr, *everybody, mode="FULL")
    few = everybody[:15]
    said = {"mode": "FULL", "rows": few, "idempotencyKey": key()}
    await refused(cast.hr, "peopleImport", "UNCONFIRMED", field="leaversConfirmed", **said)
    await refused(
        cast.hr, "peopleImport", "UNCONFIRMED", field="leaversConfirmed", **said | {"leaversConfirmed": 14, "idempotencyKey": key()}
    )  # fmt: skip
    assert await offices(signed_in(cast, "29")) == ["EMPLOYEE"]
    dry = await sent(cast.hr, *few, mode="FULL", dryRun=True)
    assert (dry["stored"], dry["leavers"]) == (False, 15)
    assert counts(await sent(cast.hr, *few, mode="FULL", leaversConfirmed=15)) == {"leavers": 15, "unchanged": 15}
    assert await offices(signed_in(cast, "29")) == []


async def test_an_end_in_the_future_and_an_extension_make_seats_that_follow_each_other(cast: Cast) -> None:
    post = {"forumId": cast.forum("jnc"), "office": "MEMBER"}
    await sent(cast.hr, person("1", endsOn=day(30), **post))
    await sent(cast.hr, person("1", endsOn=day(60), **post))
    async with cast.world.admin() as db:
        seats = await db.fetch(
            "select s.office, s.starts_at, s.ends_at from graph.seat s join access.account a on a.person_id = s.person_id"
            " where a.subject = 'subject-1' order by s.office, s.starts_at"
        )
    for one, following in ((seats[0], seats[1]), (seats[2], seats[3])):
        assert one["office"] == following["office"]
        assert following["starts_at"] == one["ends_at"] < following["ends_at"]
    assert await offices(signed_in(cast, "1")) == ["EMPLOYEE", "MEMBER"]
    await sent(cast.hr, person("1", endsOn=day(-1), **post))
    async with cast.world.admin() as db:
        lasting = "select count(*) from graph.seat s join access.account a on a.person_id = s.person_id where a.subject = 'subject-1' and s.ends_at > greatest(now(), s.starts_at)"  # fmt: skip
        assert await db.fetchval(lasting) == 0


async def test_what_management_side_ended_comes_back_by_no_unchanged_file_and_a_leaver_loses_what_it_granted(
    cast: Cast,
) -> None:
    post = {"forumId": cast.forum("jnc"), "office": "MEMBER"}
    await sent(cast.hr, person("1", **post))
    seat = (await told(cast.hr))["1-1"]["post"]["id"]
    await done(cast.management, "seatEnd", "seat { id }", seatId=seat)
    assert counts(await sent(cast.hr, person("1", **post))) == {"unchanged": 1}
    assert await offices(signed_in(cast, "1")) == ["EMPLOYEE"]
    known = (await told(cast.hr))["1-1"]["employment"]["person"]["id"]
    granted = {"forumId": cast.forum("jnc"), "personId": known, "side": "MANAGEMENT", "office": "DEPUTY"}
    await done(cast.hr, "seatGrant", "seat { id }", **granted)
    assert await offices(signed_in(cast, "1")) == ["DEPUTY", "EMPLOYEE"]
    await sent(cast.hr, person("1", endsOn=day(-1), **post))
    assert await offices(signed_in(cast, "1")) == []


async def test_who_signs_in_otherwise_is_somebody_else_and_takes_no_account_over(cast: Cast) -> None:
    await sent(cast.hr, person("1"))
    before = (await told(cast.hr))["1-1"]["employment"]["person"]["id"]
    found = await sent(cast.hr, person("1", signsInAs="subject-other"))
    assert counts(found) == {"changed": 1}
    after = (await told(cast.hr))["1-1"]["employment"]["person"]["id"]
    assert before != after
    assert await offices(signed_in(cast, "1")) == []
    assert await offices(signed_in(cast, "other")) == ["EMPLOYEE"]


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"personNumber": " "}, "personNumber", "REQUIRED"),
    ({"assignmentNumber": ""}, "assignmentNumber", "REQUIRED"),
    ({"displayName": "x" * 201}, "displayName", "TOO_LONG"),
    ({"displayName": "a\u202eb"}, "displayName", "INVALID"),
    ({"signsInAs": ""}, "signsInAs", "REQUIRED"),
    ({"issuer": "https://elsewhere.example"}, "issuer", "OTHER_ISSUER"),
    ({"endsOn": "2023-01-01"}, "endsOn", "DATE_ORDER"),
    ({"office": "CHAIR"}, "forumId", "NOT_FOUND"),
]


@pytest.mark.parametrize(("fault", "column", "rule"), FAULTS)
async def test_one_bad_row_keeps_nothing_unless_the_good_ones_are_accepted(
    cast: Cast, fault: dict[str, Any], column: str, rule: str
) -> None:
    rows = person("1"), person("2", **fault)
    before = await mark(cast.world)
    found = await sent(cast.hr, *rows)
    assert (found["stored"], found["refused"]) == (False, 1)
    assert [(each["row"], each["column"], each["rule"]) for each in found["problems"]] == [(1, column, rule)]
    changed = await written(cast.world, before)
    assert not {"graph.assignment", "graph.seat", "graph.person", "access.account"} & set(changed)
    accepted = await sent(cast.hr, *rows, acceptValid=True)
    assert (accepted["stored"], counts(accepted)) == (True, {"joiners": 1, "refused": 1})


async def test_rows_that_speak_against_each_other_or_against_what_stands(cast: Cast) -> None:
    await sent(cast.hr, person("1"), person("2"))
    found = await sent(
        cast.hr,
        person("1", "2-1"),
        person("3", signsInAs="subject-2"),
        person("4"),
        person("4", "4-1"),
        person("5"),
        person("5", "5-2", displayName="Another Name"),
        person("6", signsInAs="subject-5"),
        person("7", forumId=cast.forum("jnc"), side="STAFF", office="CHAIR"),
        person("8", forumId=cast.forum("race"), side="NETWORK", office="CHAIR"),
    )
    assert [(each["row"], each["column"], each["rule"]) for each in found["problems"]] == [
        (3, "assignmentNumber", "DUPLICATE"),
        (5, "displayName", "PERSON_DIFFERS"),
        (6, "signsInAs", "SIGN_IN_TWICE"),
        (7, "office", "NOT_KEPT_BY_HR"),
        (8, "office", "NOT_KEPT_BY_HR"),
        (0, "assignmentNumber", "ANOTHER_PERSON"),
        (1, "signsInAs", "SIGN_IN_TWICE"),
    ]


async def test_a_full_file_with_a_row_that_names_no_assignment_lets_nobody_leave(cast: Cast) -> None:
    await sent(cast.hr, person("1"), person("2"))
    rows = person("1"), person("3", assignmentNumber="")
    found = await sent(cast.hr, *rows, mode="FULL", acceptValid=True)
    assert {each["rule"] for each in found["problems"]} == {"REQUIRED", "LEAVERS_SPARED"}
    assert await offices(signed_in(cast, "2")) == ["EMPLOYEE"]
    spared = await sent(cast.hr, person("1"), person("2", signsInAs=""), mode="FULL", acceptValid=True)
    assert counts(spared) == {"unchanged": 1, "refused": 1}
    assert await offices(signed_in(cast, "2")) == ["EMPLOYEE"]


def file(text: str, name: str = "people.csv") -> dict[str, str]:
    return {"name": name, "content": b64encode(text.encode()).decode()}


async def test_a_file_as_hr_systems_write_it(cast: Cast) -> None:
    text = (
        "\ufeffperson_number,assignment_number,display_name,subject,starts_on,ends_on,body,office,side\r\n"
        "20012345,20012345-1,Invented One,subject-1,01/04/2024,31/12/4712,,,\r\n"
        f"20012346,20012346-1,Invented Two,subject-2,2024-04-01,,{await jnc_name(cast)},vice chair,\r\n"
    )
    found = await sent(cast.hr, mode="FULL", file=file(text))
    assert (found["stored"], counts(found), found["problems"]) == (True, {"joiners": 2}, [])
    kept = await told(cast.hr)
    assert kept["20012345-1"]["endsOn"] is None
    assert kept["20012346-1"]["post"]["office"] == "VICE_CHAIR"
    for broken, reason in (
        (text.replace("subject,", "sign_in,", 1), "MISSING"),
        (text.replace(",", ";"), "semicolons"),
        ("person_number\n", "no row"),
    ):
        said = {"mode": "FULL", "file": file(broken), "idempotencyKey": key()}
        answer = await cast.hr.act("peopleImport", **said)
        assert answer.problems() and set(answer.problems()) == {"FILE_REFUSED"}, reason
    bad = (
        text.replace("01/04/2024", "04-2024-01")
        .replace("vice chair", "emperor")
        .replace("Invented Two", "Invented\tTwo")
    )
    found = await sent(cast.hr, mode="FULL", file=file(bad))
    assert {(each["row"], each["column"], each["rule"]) for each in found["problems"]} == {
        (2, "starts_on", "NOT_A_DATE"),
        (3, "office", "INVALID"),
        (3, "display_name", "INVALID"),
    }


async def jnc_name(cast: Cast) -> str:
    query = "query($id: ID!) { forum(id: $id) { localName } }"
    found: str = (await cast.hr.ask(query, id=cast.forum("jnc"))).data["forum"]["localName"]
    return found


async def test_nobody_but_hr_sees_assignments_or_what_became_of_a_file(cast: Cast) -> None:
    found = await sent(cast.hr, person("1"))
    query = "query($id: ID!) { node(id: $id) { __typename } }"
    strangers = (
        cast.management,
        cast.staff,
        cast.member("race"),
        hr_of(cast, "RR7"),
        cast.world.as_("operator"),
        cast.world.as_("outsider"),
        signed_in(cast, "1"),
    )
    for stranger in strangers:
        assert (await stranger.ask(query, id=found["id"])).data["node"] is None
        assert await told(stranger) == {}
        said = {"mode": "CHANGES", "rows": [person("9")], "idempotencyKey": key()}
        if stranger.subject != hr_of(cast, "RR7").subject:  # who tells of their own people
            answer = (await stranger.act("peopleImport", "peopleImport { id }", **said)).only()
            assert answer["peopleImport"] is None
            assert answer["userErrors"]
    await refused(
        cast.management, "peopleImport", "NOT_PERMITTED", field=None, mode="FULL", rows=[], idempotencyKey=key()
    )
    for said in ({}, {"rows": [], "file": file("x")}):
        await refused(cast.hr, "peopleImport", "REQUIRED", field="rows", mode="FULL", idempotencyKey=key(), **said)
    broken = {"name": "people.csv", "content": "%"}
    await refused(
        cast.hr, "peopleImport", "FILE_REFUSED", field="file.content", mode="FULL", file=broken, idempotencyKey=key()
    )
    assert len(await told(cast.hr)) == 1
    assert len(await told(hr_of(cast, "RTD"))) == 1


async def test_an_import_tells_nothing_of_seats_that_hr_does_not_see(cast: Cast) -> None:
    """Two people alike, one of whom a union enrolled before: every answer and all that HR can read is the same."""
    code = await invited(cast, "known")
    await enrolled(cast, "known", code)
    own = signed_in(cast, "known")
    seats_before = await own.seats()
    answers = []
    for number in ("known", "unknown"):
        steps = [
            await sent(cast.hr, person(number)),
            await sent(cast.hr, person(number, displayName="Invented Again")),
            await sent(
                cast.hr, person(number, forumId=cast.forum("jnc"), office="MEMBER", displayName="Invented Again")
            ),
            await sent(cast.hr, person(number, endsOn=day(-1), displayName="Invented Again")),
        ]
        read = (await told(cast.hr))[f"{number}-1"]
        answers.append((steps, read))
    for steps, read in answers:
        for step in steps:
            step.pop("id")
            for each in step["differences"]:
                each["personNumber"] = each["assignmentNumber"] = ""
        read["personNumber"] = read["assignmentNumber"] = ""
        identity = read["employment"]["person"].pop("id")
        assert identity
        for each in (read["employment"], read["post"]):
            each.pop("id")
            each.pop("endsAt")
    assert answers[0] == answers[1]
    after = await own.seats()
    assert {each["id"] for each in after} == {each["id"] for each in seats_before}, "what the union gave stays"
    async with cast.world.admin() as db:
        versions = await db.fetch(
            "select substr(p.id::text, 15, 1) as version from graph.person p join access.account a on a.person_id = p.id"
            " where a.subject in ('subject-known', 'subject-unknown')"
        )
    assert [row["version"] for row in versions] == ["4", "4"], "the id of a person tells no age"


async def invited(cast: Cast, number: str) -> str:
    from service.demo.consultations.seats import RTD

    union = cast.world.id("TradeUnionGroup", "forum", f"{RTD.trust}/union-unison")
    own = (await cast.union_chair.ask("{ viewer { seats { acting forum { id } } } }")).data["viewer"]["seats"]
    union = next(each["forum"]["id"] for each in own if each["acting"])
    payload = await done(
        cast.union_chair,
        "invitationIssue",
        "code",
        forumId=union,
        side="STAFF",
        office="MEMBER",
        expiresOn=day(10),
        idempotencyKey=key(),
    )
    code: str = payload["code"]
    return code


async def enrolled(cast: Cast, number: str, code: str) -> None:
    payload = await done(
        signed_in(cast, number), "invitationAccept", "seat { office }", code=code, idempotencyKey=uuid4().hex
    )
    assert payload["seat"]["office"] == "MEMBER"


async def test_an_own_sign_in_is_never_taken_for_the_person_whose_it_is(cast: Cast) -> None:
    """HR names a sign-in that somebody uses to keep sight of what they raised: it becomes nobody whom HR knows."""
    raiser = cast.seat(None, Side.NONE, Office.EMPLOYEE, "employee 1")
    asked = await done(raiser, "ownSignInInvite", "issued code")
    other = signed_in(cast, "own")
    await done(other, "ownSignInAccept", "accepted", code=asked["code"], idempotencyKey=key())
    found = await sent(cast.hr, person("own"))
    assert counts(found) == {"joiners": 1}
    (read,) = (await told(cast.hr)).values()
    raisers = (await raiser.ask("{ viewer { person { id } } }")).data["viewer"]["person"]["id"]
    assert read["employment"]["person"]["id"] != raisers
    await sent(cast.hr, person("own", endsOn=day(-1)))
    await sent(cast.hr, person("again", signsInAs="subject-own"))
    both = {each["employment"]["person"]["id"] for each in (await told(cast.hr)).values()}
    assert len(both) == 1, "the same sign-in is the same person to HR, as it would be were it nobody's"
    assert await offices(other) == [], "and opens no seat"
    code = await invited(cast, "own")
    await refused(other, "invitationAccept", "NOT_FOUND", field="code", traced=False, code=code, idempotencyKey=key())


async def test_those_employed_before_are_taken_over_by_the_first_file(cast: Cast) -> None:
    subject = cast.seat(None, Side.NONE, Office.EMPLOYEE, "employee 1").subject
    who = Person(cast.world, subject, cast.world.issuer.issue(subject))
    before = await who.seats()
    await sent(cast.hr, person("1", signsInAs=subject, issuer=ISSUER), mode="FULL")
    assert await who.seats() == before, "the same seat of employment, and no second"
    await sent(cast.hr, person("1", signsInAs=subject, endsOn=day(-1)))
    assert "EMPLOYEE" not in await offices(who)


async def test_a_number_that_is_used_again_gives_nobody_anothers_seats(cast: Cast) -> None:
    await sent(cast.hr, person("1", "1-1", signsInAs="subject-a"))
    await sent(cast.hr, person("1", "1-1", signsInAs="subject-a", endsOn=day(-1)))
    await sent(cast.hr, person("2", "2-1", signsInAs="subject-a", displayName="First Holder"))
    post = {"forumId": cast.forum("jnc"), "office": "MEMBER"}
    await sent(cast.hr, person("1", "1-2", signsInAs="subject-b", displayName="Second Holder", **post))
    assert await offices(signed_in(cast, "a")) == ["EMPLOYEE"]
    assert await offices(signed_in(cast, "b")) == ["EMPLOYEE", "MEMBER"]
    names = {each["employment"]["person"]["displayName"] for each in (await told(cast.hr)).values()}
    assert names == {"First Holder", "Second Holder"}
    await sent(cast.hr, person("1", "1-2", signsInAs="subject-b", displayName="Second Holder", endsOn=day(-1), **post))
    assert await offices(signed_in(cast, "a")) == ["EMPLOYEE"]
    assert await offices(signed_in(cast, "b")) == []


async def test_a_name_is_its_present_employers_and_a_system_is_nobody_to_hr(cast: Cast) -> None:
    other = hr_of(cast, "RR7")
    await sent(other, person("7", displayName="Gateshead Name", signsInAs="subject-x"))
    await sent(cast.hr, person("1", displayName="Newcastle Name", signsInAs="subject-x"))
    query = "{ viewer { person { displayName } } }"
    x = signed_in(cast, "x")
    assert (await x.acting_as("all").ask(query)).data["viewer"]["person"]["displayName"] == "Gateshead Name"
    await sent(cast.hr, person("2"))
    await sent(cast.hr, person("2", endsOn=day(-1)))
    await sent(cast.hr, person("2", endsOn=day(-1), displayName="Silly Name"))
    async with cast.world.admin() as db:
        name = (
            "select p.display_name from graph.person p join access.account a on a.person_id = p.id where a.subject = $1"
        )
        assert await db.fetchval(name, "subject-2") == "Invented 2", "who has left is not renamed"
        before = await db.fetchval(name, "survey-system")
        await sent(
            cast.hr, person("3", signsInAs="survey-system", displayName="Sam"), person("4", signsInAs="hr-service")
        )
        assert await db.fetchval(name, "survey-system") == before
        services = "select count(*) from graph.seat s join graph.person p on p.id = s.person_id where p.is_service and s.office = 'EMPLOYEE'"
        assert await db.fetchval(services) == 0
