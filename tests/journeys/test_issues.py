"""Issues: raised safely, told to whom they should be, turned away where one person's case does not belong, and ended."""

import hashlib
from typing import Any

import pytest

from service.rules.bodies import ForumKind, Office, Side
from tests.journeys.issue_stage import (
    BODY_TEXT,
    ROUTES_OF_ERRORS,
    accepted,
    by_code,
    carrying,
    drafted,
    forum_id,
    found_anywhere,
    issue_seen,
    notices,
    raised,
    raising,
    sent,
    step_seen,
)
from tests.journeys.stage import Cast, done, key, mark, objects_of, random_like, refused, written
from tests.plugins.service import Person, World

DRAFT = "Sister Quillfeather has been sent home twice since June for asking about her rota."


@pytest.fixture(scope="module")
async def cast(world: World) -> Cast:
    return Cast(world)


@pytest.fixture
def guardian(cast: Cast) -> Person:
    return cast.seat("speak-up", Side.INDEPENDENT, Office.GUARDIAN, "guardian")


@pytest.fixture
def race(cast: Cast) -> str:
    return cast.forum("race")


async def person_of(person: Person) -> str:
    """The global id of a person, as they read it themselves."""
    found: str = (await person.ask("{ viewer { person { id } } }")).only()["person"]["id"]
    return found


# Who reads what was raised ---------------------------------------------------------------------------------------------


async def test_fellow_member_management_and_another_network_see_nothing_of_a_named_issue(cast: Cast, race: str) -> None:
    matter = await raised(cast, cast.member("race", 1), race)
    for person in (
        cast.member("race", 2),
        cast.chair("women"),
        cast.management,
        cast.staff,
        cast.hr,
        cast.world.as_("outsider"),
    ):
        assert await matter.seen(person) is None
        await refused(person, "messageSend", "NOT_FOUND", field="issueId", issueId=matter.id, body="Who?")
    found = await matter.seen(cast.chair("race"))
    name = (await cast.member("race", 1).ask("{ viewer { person { displayName } } }")).only()["person"]["displayName"]
    assert (found["raisedBy"], found["mine"], found["body"]) == (name, False, BODY_TEXT)
    assert (await matter.seen())["mine"] is True


async def test_officers_raise_for_the_network_itself_and_a_member_cannot(cast: Cast, race: str) -> None:
    matter = await raised(cast, cast.secretary("race"), race, identity="OFFICE")
    found = await matter.seen(cast.chair("race"))
    assert (found["raisedBy"], found["raisedByOffice"], found["mine"]) == ("The body itself", "SECRETARY", False)
    await refused(
        cast.member("race", 1), "issueRaise", "NOT_PERMITTED", field="identity", **raising(race, identity="OFFICE")
    )
    await refused(cast.management, "issueRaise", "NOT_FOUND", field="forumId", **raising(cast.forum("unison")))


async def test_informal_issue_may_hold_no_text_and_a_formal_one_may_not(cast: Cast, race: str) -> None:
    member = cast.member("race", 1)
    matter = await raised(cast, member, race, manner="INFORMAL", body="", effectSought="")
    assert ((await matter.seen())["body"], (await matter.seen())["manner"]) == ("", "INFORMAL")
    await refused(member, "issueRaise", "REQUIRED", field="body", **raising(race, body="  \u200b "))


async def test_raiser_sees_it_as_member_as_employee_and_merged_and_not_from_another_bodys_seat(cast: Cast) -> None:
    dual = cast.holding(cast.trust.network_chair("disability"))  # who is also a union's representative
    matter = await raised(cast, dual, cast.forum("disability"))
    seats = {(seat["forumName"], seat["office"]): seat["id"] for seat in await dual.seats()}
    for (forum, office), seat in seats.items():
        found = await matter.seen(dual.acting_as(seat))
        assert (found is not None) is (office == "EMPLOYEE" or seat == dual.seat), (forum, office)
    assert (await matter.seen(dual.acting_as("all")))["mine"] is True
    listed = (await dual.acting_as("all").ask("{ viewer { issues(first: 9) { edges { node { id } } } } }")).only()
    assert matter.id in [edge["node"]["id"] for edge in listed["issues"]["edges"]]


# What cannot be raised -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "field", "said"),
    [
        ("TOO_LONG", "body", {"body": "x" * 20_001}),
        ("TOO_LONG", "effectSought", {"effectSought": "x" * 2_001}),
        ("INVALID", "body", {"body": "a\u0007b"}),
        ("INVALID", "body", {"body": "a\u202eb"}),
        ("INVALID", "effectSought", {"effectSought": "a\u0007b"}),
        ("REQUIRED", "body", {"body": ""}),
        ("REQUIRED", "recipientSeatId", {"identity": "CONFIDENTIAL"}),
    ],
)
async def test_words_that_cannot_be_kept_are_refused_with_their_field(
    cast: Cast, race: str, code: str, field: str, said: dict[str, Any]
) -> None:
    traced = said.get("identity") != "CONFIDENTIAL"
    await refused(cast.member("race", 1), "issueRaise", code, field=field, traced=traced, **raising(race, **said))


@pytest.mark.parametrize("identity", ["NAMED", "CONFIDENTIAL"])
@pytest.mark.parametrize("field", ["body", "effectSought", "forumId", "recipientSeatId"])
async def test_nul_is_turned_away_at_the_door_with_its_field(cast: Cast, race: str, field: str, identity: str) -> None:
    before = await mark(cast.world)
    said = raising(race, identity=identity) | {field: "a\u0000b"}
    answer = await cast.member("race", 1).act("issueRaise", **said)
    (fault,) = answer.body["errors"]
    assert (answer.fault, fault["extensions"]["field"]) == ("BAD_REQUEST", ["variables", "input", field])
    assert await written(cast.world, before) == {}


async def test_recipient_belongs_to_a_confidential_issue_alone(cast: Cast, race: str) -> None:
    said = raising(race, recipientSeatId=cast.chair("race").seat)
    await refused(cast.member("race", 1), "issueRaise", "INVALID", field="recipientSeatId", **said)


async def test_limits_are_reached_and_not_passed(cast: Cast, race: str) -> None:
    matter = await raised(cast, cast.member("race", 3), race, body="é" * 20_000, effectSought="x" * 2_000)
    assert len((await matter.seen())["body"]) == 20_000


async def test_implicated_are_at_most_twenty_and_really_there(cast: Cast, race: str) -> None:
    member = cast.member("race", 1)
    office = {"forumId": cast.forum("jnc"), "side": "MANAGEMENT", "office": "CHAIR"}
    many = raising(race, implicatedOffices=[office] * 21)
    await refused(member, "issueRaise", "TOO_MANY", field="implicatedPersonIds", **many)
    await raised(cast, member, race, implicatedOffices=[office] * 20)
    me = await person_of(member)
    for wrong in (random_like(me), cast.forum("jnc"), "nonsense", ""):
        said = raising(race, implicatedPersonIds=[wrong])
        await refused(member, "issueRaise", "NOT_FOUND", field="implicatedPersonIds.0", **said)
    said = raising(race, implicatedOffices=[office, {**office, "forumId": random_like(cast.forum("jnc"))}])
    await refused(member, "issueRaise", "NOT_FOUND", field="implicatedOffices.1.forumId", **said)


async def test_ids_of_another_type_are_ids_of_nothing(cast: Cast, race: str) -> None:
    member = cast.member("race", 1)
    matter = await raised(cast, member, race)
    for other in (
        cast.chair("race").seat or "",
        await person_of(member),
        random_like(matter.id),
        "nonsense",
        "\u0007%",
        "",
    ):
        await refused(member, "issueRaise", "NOT_FOUND", field="forumId", **raising(other))
        await refused(member, "issueClose", "NOT_FOUND", field="issueId", issueId=other, reason="No.")
        said = raising(race, identity="CONFIDENTIAL", recipientSeatId=other)
        if other != cast.chair("race").seat:
            await refused(member, "issueRaise", "NOT_FOUND", field="recipientSeatId", traced=False, **said)


async def test_nobody_is_left_to_take_it_where_all_officers_are_implicated(cast: Cast, race: str) -> None:
    offices = [
        {"forumId": race, "side": "NETWORK", "office": each} for each in ("CHAIR", "VICE_CHAIR", "SECRETARY", "OFFICER")
    ]
    said = raising(race, implicatedOffices=offices)
    await refused(cast.member("race", 1), "issueRaise", "NO_RECEIVER", field="implicatedPersonIds", **said)
    await raised(cast, cast.member("race", 1), race, implicatedOffices=offices[:3])


# One person's case -----------------------------------------------------------------------------------------------------


async def test_case_is_turned_away_before_anything_of_it_is_kept(
    cast: Cast, race: str, guardian: Person, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    said = raising(race, body=DRAFT, effectSought=DRAFT, concernsIndividualCase=True)
    digest = hashlib.sha256(DRAFT.encode()).hexdigest()
    before = await mark(cast.world)
    for identity in ({}, {"identity": "CONFIDENTIAL", "recipientSeatId": cast.chair("race").seat}):
        document = f"mutation($input: IssueRaiseInput!) {{ issueRaise(input: $input) {{ issue {{ id }} {ROUTES_OF_ERRORS} }} }}"
        answer = (await cast.member("race", 1).ask(document, input=said | identity | {"idempotencyKey": key()})).only()
        (error,) = answer["userErrors"]
        assert (answer["issue"], error["code"], error["field"]) == (
            None,
            "CASEWORK_DIVERTED",
            ["concernsIndividualCase"],
        )
        assert DRAFT not in str(answer)
        assert [each["purpose"] for each in error["signposts"]] == [
            "URGENT_HARM",
            "UNION_REPRESENTATIVE",
            "GUARDIAN",
            "GRIEVANCE",
        ]
        assert error["message"].startswith(error["signposts"][0]["words"]), "first what to do about urgent harm"
    assert await written(cast.world, before) == {}
    assert (await mark(cast.world)).counts == before.counts
    assert await found_anywhere(cast.world, DRAFT, "Quillfeather", digest) == []
    logged = caplog.text + "".join(capfd.readouterr())
    assert "Quillfeather" not in logged
    assert digest not in logged
    # the draft, handed over to the right people
    matter = await raised(
        cast,
        cast.member("race", 1),
        forum_id(cast, ForumKind.FREEDOM_TO_SPEAK_UP),
        body=DRAFT,
        concernsIndividualCase=True,
    )
    assert (await matter.seen(guardian))["body"] == DRAFT


async def test_case_is_turned_away_from_every_diverting_act_and_no_other(cast: Cast, race: str) -> None:
    chair, matter = cast.chair("race"), await raised(cast, cast.member("race", 1), race)
    for code in ("NETWORK_TO_JNC", "NETWORK_TO_EDI", "NETWORK_TO_SAFETY"):
        said = carrying(by_code(code), cast, DRAFT) | {"issueId": matter.id, "concernsIndividualCase": True}
        await refused(chair, "issueEscalate", "CASEWORK_DIVERTED", field="concernsIndividualCase", traced=False, **said)
    step = await accepted(matter, by_code("NETWORK_TO_JNC"))
    said = carrying(by_code("JNC_REFERS_TO_EDI"), cast, DRAFT) | {"stepId": step["id"], "concernsIndividualCase": True}
    await refused(
        cast.management, "stepRefer", "CASEWORK_DIVERTED", field="concernsIndividualCase", traced=False, **said
    )
    for code in ("NETWORK_TO_JNC_STAFF_SIDE", "NETWORK_TO_GUARDIAN"):
        said = carrying(by_code(code), cast) | {"issueId": matter.id, "concernsIndividualCase": True}
        await done(chair, "issueEscalate", "step { id }", **said)
    await refused(
        cast.member("race", 1), "issueRaise", "CASEWORK_DIVERTED", field="concernsIndividualCase", traced=False,
        **raising(race, concernsIndividualCase=True),
    )  # fmt: skip
    await done(cast.staff, "issueRaise", **raising(cast.forum("jnc"), identity="OFFICE", concernsIndividualCase=True))
    await refused(
        cast.management, "issueRaise", "CASEWORK_DIVERTED", field="concernsIndividualCase", traced=False,
        **raising(cast.forum("jnc"), identity="OFFICE", concernsIndividualCase=True),
    )  # fmt: skip


# Raiser and officers talk; it ends -------------------------------------------------------------------------------------


async def test_raiser_and_officers_talk_and_nobody_else_reads_it(cast: Cast, race: str) -> None:
    matter = await raised(cast, cast.member("race", 1), race)
    await done(cast.chair("race"), "messageSend", "issue { id }", issueId=matter.id, body="Since when?")
    await done(matter.raiser, "messageSend", issueId=matter.id, body="Since May.")
    said = [("Since when?", False), ("Since May.", True)]
    for person in (matter.raiser, cast.secretary("race")):
        found = await matter.seen(person)
        assert [(each["body"], each["fromRaiser"]) for each in found["messages"]] == said
    for code, body in (("REQUIRED", " "), ("TOO_LONG", "x" * 5_001), ("INVALID", "a\u0007")):
        await refused(cast.chair("race"), "messageSend", code, field="body", issueId=matter.id, body=body)
    own = await raised(cast, cast.chair("race"), race, identity="OFFICE")
    await refused(cast.secretary("race"), "messageSend", "NOT_PERMITTED", issueId=own.id, body="To whom?")


async def test_raiser_or_body_closes_it_with_a_reason_and_not_while_it_is_carried(cast: Cast, race: str) -> None:
    chair, route = cast.chair("race"), by_code("NETWORK_TO_JNC")
    matter = await raised(cast, cast.member("race", 1), race)
    step = await sent(matter, route)
    await refused(chair, "issueClose", "WRONG_STATE", issueId=matter.id, reason="Enough.")
    await done(cast.management, "stepReturn", "step { state reason }", stepId=step["id"], reason="Ask the ward first.")
    assert (await matter.seen())["state"] == "RETURNED"
    for code, reason in (("REQUIRED", ""), ("TOO_LONG", "x" * 2_001), ("INVALID", "\u2066x")):
        await refused(chair, "issueClose", code, field="reason", issueId=matter.id, reason=reason)
    await refused(
        chair,
        "issueClose",
        "STALE_REVISION",
        field="expectedRevision",
        issueId=matter.id,
        reason="No.",
        expectedRevision=9,
    )
    closed = await done(
        chair, "issueClose", "issue { state reason endedOn }", issueId=matter.id, reason="Settled on the ward."
    )
    assert closed["issue"] == {"state": "CLOSED", "reason": "Settled on the ward.", "endedOn": str(cast.world.today)}
    assert (await matter.seen())["reason"] == "Settled on the ward."
    for act, said in (
        ("issueClose", {"reason": "Again."}), ("messageSend", {"body": "Hm."}), ("issueEscalate", carrying(route, cast)),
    ):  # fmt: skip
        await refused(chair, act, "WRONG_STATE", issueId=matter.id, **said)
    mine = await raised(cast, cast.member("race", 2), race)
    await done(mine.raiser, "issueClose", "issue { state }", issueId=mine.id, reason="No longer.")


async def test_who_reads_it_with_the_side_and_leads_nothing_closes_nothing(cast: Cast) -> None:
    matter = await raised(cast, cast.staff, cast.forum("jnc"), identity="OFFICE")
    representative = cast.seat("jnc", Side.STAFF, Office.WORKPLACE_REPRESENTATIVE, "RCN representative 1")
    assert (await matter.seen(representative))["body"] == BODY_TEXT
    await refused(representative, "issueClose", "NOT_PERMITTED", issueId=matter.id, reason="Enough.")
    await refused(cast.management, "issueClose", "NOT_FOUND", field="issueId", issueId=matter.id, reason="Enough.")


async def test_a_draft_of_a_closed_issue_is_not_sent_any_more(cast: Cast, race: str) -> None:
    matter = await raised(cast, cast.member("race", 1), race)
    step = await drafted(matter, by_code("NETWORK_TO_JNC"))
    await done(cast.chair("race"), "issueClose", issueId=matter.id, reason="Settled.")
    await refused(
        matter.raiser, "consentGive", "WRONG_STATE", stepId=step["id"], contentHash=step["summary"]["contentHash"],
        idempotencyKey=key(), raising=True,
    )  # fmt: skip
    assert await step_seen(cast.management, step["id"]) is None


# What members know -----------------------------------------------------------------------------------------------------


async def test_members_know_that_an_issue_went_and_was_answered_and_not_whose_it_was(cast: Cast) -> None:
    women = cast.forum("women")
    member, chair = cast.member("women", 1), cast.chair("women")
    known = {each["id"] for each in await notices(member, women)}
    matter = await raised(cast, cast.member("women", 2), women, category="BULLYING_HARASSMENT_VIOLENCE")
    said = carrying(by_code("NETWORK_TO_JNC"), cast) | {"issueId": matter.id}
    step = (await done(chair, "issueEscalate", "step { id summary { contentHash } }", **said))["step"]
    assert {each["id"] for each in await notices(member, women)} == known, "nothing went yet"
    await done(
        matter.raiser,
        "consentGive",
        stepId=step["id"],
        contentHash=step["summary"]["contentHash"],
        idempotencyKey=key(),
    )
    (notice,) = [each for each in await notices(member, women) if each["id"] not in known]
    today = str(cast.world.today)
    assert without_id(notice) == {
        "category": "BULLYING_HARASSMENT_VIOLENCE", "toKind": "JOINT_NEGOTIATING_COMMITTEE", "state": "SENT",
        "sentOn": today, "endedOn": None,
    }  # fmt: skip
    assert await step_seen(member, step["id"]) is None
    assert await matter.seen(member) is None
    assert await notices(cast.management, women) == []
    await done(cast.management, "stepAccept", stepId=step["id"])
    await done(cast.management, "stepResolve", stepId=step["id"], outcome="Agreed.", idempotencyKey=key())
    (after,) = [each for each in await notices(member, women) if each["id"] not in known]
    assert (after["id"], after["state"], after["endedOn"]) == (notice["id"], "ANSWERED", today)
    for quiet in ("NETWORK_TO_JNC_STAFF_SIDE", "NETWORK_TO_GUARDIAN"):
        said = carrying(by_code(quiet), cast) | {"issueId": matter.id}
        step = (await done(chair, "issueEscalate", "step { id summary { contentHash } }", **said))["step"]
        await done(
            matter.raiser, "consentGive", stepId=step["id"], contentHash=step["summary"]["contentHash"],
            idempotencyKey=key(),
        )  # fmt: skip
    assert len(await notices(member, women)) == len(known) + 1


def without_id(found: dict[str, Any]) -> dict[str, Any]:
    """Everything but the id."""
    return {name: value for name, value in found.items() if name != "id"}


# The guardian ----------------------------------------------------------------------------------------------------------


async def test_guardian_takes_it_over_and_only_a_receipt_is_kept(cast: Cast, guardian: Person) -> None:
    employee = cast.seat(None, Side.NONE, Office.EMPLOYEE, "employee 6")
    said = raising(forum_id(cast, ForumKind.FREEDOM_TO_SPEAK_UP), body=DRAFT + " G", effectSought="Marplewick stops.")
    matter_id = (await done(employee, "issueRaise", "issue { id }", **said))["issue"]["id"]
    await done(employee, "messageSend", issueId=matter_id, body="It was Marplewick again.")
    for person in (cast.management, cast.staff, cast.chair("race")):
        said = {"issueId": matter_id, "receipt": "R-1", "idempotencyKey": key()}
        await refused(person, "handoverTake", "NOT_FOUND", field="issueId", **said)
    for code, receipt in (("REQUIRED", ""), ("TOO_LONG", "x" * 201), ("INVALID", "R\n1")):
        await refused(
            guardian, "handoverTake", code, field="receipt", issueId=matter_id, receipt=receipt, idempotencyKey=key()
        )
    taken = await done(
        guardian, "handoverTake", "issue { state receipt body effectSought }", issueId=matter_id, receipt="R-2026-17",
        idempotencyKey=key(),
    )  # fmt: skip
    assert taken["issue"] == {"state": "HANDED_OVER", "receipt": "R-2026-17", "body": "", "effectSought": ""}
    found = await issue_seen(employee, matter_id)
    assert (found["state"], found["receipt"], [each["body"] for each in found["messages"]]) == (
        "HANDED_OVER",
        "R-2026-17",
        [""],
    )
    assert await found_anywhere(cast.world, DRAFT + " G", "Marplewick") == []
    await refused(guardian, "handoverTake", "WRONG_STATE", issueId=matter_id, receipt="R-2", idempotencyKey=key())


async def test_guardian_takes_it_from_a_network_and_nothing_of_the_text_is_left(
    cast: Cast, race: str, guardian: Person
) -> None:
    matter = await raised(cast, cast.member("race", 1), race)
    step = await accepted(matter, by_code("NETWORK_TO_GUARDIAN"), text="Told about Ravenscrag.")
    await done(guardian, "stepAsk", stepId=step["id"], body="Who is Ravenscrag?")
    resolved = await done(
        guardian, "stepResolve", "step { state summary { body } messages { body } }", stepId=step["id"],
        outcome="Receipt R-18.", idempotencyKey=key(),
    )  # fmt: skip
    assert resolved["step"] == {"state": "RESOLVED", "summary": {"body": ""}, "messages": [{"body": ""}]}
    assert await found_anywhere(cast.world, "Ravenscrag") == []
    await refused(
        cast.chair("race"), "handoverTake", "NOT_PERMITTED", issueId=matter.id, receipt="R-1", idempotencyKey=key()
    )


# Keys and revisions ----------------------------------------------------------------------------------------------------


async def test_raising_twice_under_one_key_raises_once_also_in_confidence(cast: Cast, race: str) -> None:
    member = cast.member("race", 4)
    for more in ({}, {"identity": "CONFIDENTIAL", "recipientSeatId": cast.chair("race").seat}):
        said = raising(race, **more)
        first = await member.act("issueRaise", "issue { id state }", **said)
        assert first.problems() == []
        before = await mark(cast.world)
        assert (await member.act("issueRaise", "issue { id state }", **said)).raw == first.raw, more
        assert await written(cast.world, before) == {}
        again = await member.act("issueRaise", objects_of("issueRaise"), **said | {"body": "Something else."})
        assert again.problems() == ["IDEMPOTENCY_KEY_REUSED"]
        assert await written(cast.world, before) == {}


async def own_issues(person: Person) -> set[str]:
    """What somebody raised themselves."""
    listed = (await person.ask("{ viewer { issues(first: 50) { edges { node { id } } } } }")).only()
    return {edge["node"]["id"] for edge in listed["issues"]["edges"]}


async def test_several_acts_in_one_document_each_on_its_own(cast: Cast, race: str) -> None:
    member = cast.member("race", 5)
    known = await own_issues(member)
    document = (
        "mutation($a: IssueRaiseInput!, $b: IssueRaiseInput!, $c: IssueRaiseInput!) {"
        " a: issueRaise(input: $a) { issue { id } userErrors { code } }"
        " b: issueRaise(input: $b) { issue { id } userErrors { code } }"
        " c: issueRaise(input: $c) { issue { id body } userErrors { code } } }"
    )
    answer = await member.ask(document, a=raising(race), b=raising(race, body=""), c=raising(race, body="Third."))
    assert [len(answer.data[each]["userErrors"]) for each in "abc"] == [0, 1, 0]
    assert answer.data["c"]["issue"]["body"] == "Third."
    raised_now = {answer.data["a"]["issue"]["id"], answer.data["c"]["issue"]["id"]}
    assert await own_issues(member) - known == raised_now
