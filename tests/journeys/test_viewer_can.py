"""`viewerCan` is what the act then answers: true, and only the input can still be wrong; false, and it is refused."""

from datetime import timedelta
from typing import Any

import pytest

from service.rules.bodies import Office, Side
from service.rules.calendar import add_working_days
from tests.journeys.stage import (
    CHANGED,
    SCHEMA,
    Case,
    Cast,
    assessment,
    closed,
    concluded,
    done,
    drafted,
    key,
    mark,
    nodes,
    opened,
    plan_input,
    random_like,
    written,
)
from tests.plugins.service import Person, World

CANNOT = {"NOT_PERMITTED", "NOT_FOUND", "WRONG_STATE", "ALREADY_RESPONDED", "NOT_LATE", "CAPACITY_REQUIRED"}


@pytest.fixture(scope="module")
async def cast(world: World) -> Cast:
    return Cast(world)


def people(cast: Cast) -> dict[str, Person]:
    return {
        "management chair": cast.management,
        "management secretary": cast.management_secretary,
        "management member": cast.seat("jnc", Side.MANAGEMENT, Office.MEMBER, "jnc manager 1"),
        "staff chair": cast.staff,
        "staff secretary": cast.staff_secretary,
        "staff representative": cast.seat("jnc", Side.STAFF, Office.WORKPLACE_REPRESENTATIVE, "disability chair"),
        "secretariat": cast.secretariat,
        "network chair": cast.chair("race"),
        "network member": cast.member("race"),
        "other network's chair": cast.chair("women"),
        "safety staff chair": cast.safety_staff,
        "safety secretariat": cast.seat("safety", Side.NONE, Office.SECRETARIAT, "safety secretariat"),
        "in all capacities": cast.management.acting_as("all"),
    }


BODIES = ("race", "women", "safety")


async def proposed(cast: Cast) -> Case:
    case = await drafted(cast)
    await case.plan(*BODIES)
    return case


async def planned_ahead(cast: Cast) -> Case:
    case = await drafted(cast)
    later = cast.world.today + timedelta(days=7)
    await case.sign_plan(await case.plan(*BODIES, opensOn=str(later), closesOn=str(add_working_days(later, 20))))
    return case


async def open_with_a_response(cast: Cast) -> Case:
    case = await opened(cast, *BODIES)
    await case.respond(cast.chair("women"), case.consultee("women"), "One point.")
    return case


async def closed_with_late_and_extended(cast: Cast) -> Case:
    case = await opened(cast, *BODIES)
    until = str(add_working_days(cast.world.today, 20) + timedelta(days=14))
    said = {"closesOn": until, "reason": "Large print."}
    await done(cast.management, "consulteeExtend", consulteeId=case.consultee("race"), **said)
    await case.respond(cast.safety_staff, case.consultee("safety"), "In time.")
    await case.close()
    await case.respond(cast.chair("women"), case.consultee("women"), "Late.")
    return case


async def signed_by_one(cast: Cast) -> Case:
    case = await opened(cast, *BODIES)
    response = await case.respond(cast.chair("race"), case.consultee("race"), "One point.")
    await case.close()
    await case.assess()
    point = response["points"][0]["id"]
    await done(cast.staff, "outcomeRecord", pointId=point, decision="REJECTED", reason="No.")
    await case.sign(cast.staff)
    return case


async def withdrawn(cast: Cast) -> Case:
    case = await open_with_a_response(cast)
    said = {"consultationId": case.id, "expectedRevision": await case.revision(), "reason": "Not now."}
    await done(cast.management, "consultationWithdraw", **said)
    return case


STAGES = [
    drafted,
    proposed,
    planned_ahead,
    open_with_a_response,
    closed,
    closed_with_late_and_extended,
    signed_by_one,
    concluded,
    withdrawn,
]


def inputs(case: Case, found: Any, *, wrong: bool) -> dict[str, dict[str, Any]]:
    """Every act on a consultation: as it should be, or wrong in what is judged after power and state."""
    today = case.cast.world.today
    at = {"consultationId": case.id, "expectedRevision": found["revision"] or 1}
    plan = nodes(found["plans"])[-1]["id"] if nodes(found["plans"]) else None
    extension = nodes(found["extensions"])[-1]["id"] if nodes(found["extensions"]) else None
    point = nodes(found["points"])[-1]["id"] if nodes(found["points"]) else None
    version = found["latestVersion"]
    final = {
        "consultationId": case.id,
        "policyVersionId": version["id"],
        "contentHash": "0" * 64 if wrong else version["contentHash"],
        "idempotencyKey": key(),
    }
    soon = today + timedelta(days=90)
    ways = {
        "policyVersionAdd": {**at, "title": "" if wrong else "T", "body": CHANGED},
        "impactAssessmentRecord": {
            **at,
            "policyVersionId": version["id"],
            **(assessment(today) | ({"groups": ""} if wrong else {})),
        },
        "consultationPlan": at | plan_input(case.cast, BODIES) | ({"options": []} if wrong else {}),
        "planSign": plan and {"planId": plan, "contentHash": "0" * 64, "idempotencyKey": key()},
        "planProceed": plan and {"planId": plan, "reason": "" if wrong else "Silence."},
        "consultationOpen": {**at, "idempotencyKey": key()},
        "consulteeAdd": {"consultationId": case.id, "forumId": case.cast.forum("jnc" if wrong else "faith")},
        "commentAdd": {"consultationId": case.id, "body": "" if wrong else "Why?"},
        "extensionPropose": {**at, "closesOn": str(today if wrong else soon), "reason": "Illness."},
        "extensionSign": extension and {"extensionId": extension, "contentHash": "0" * 64, "idempotencyKey": key()},
        "outcomeRecord": point and {"pointId": point, "decision": "REJECTED", "reason": "" if wrong else "No."},
        "consultationSign": final,
        "disagreementRecord": {
            **{name: value for name, value in final.items() if name != "contentHash"},
            "statement": "" if wrong else "No.",
            "disputesProcedure": "Section 9.",
            "idempotencyKey": key(),
        },
        "consultationRatify": {
            **at, "ratifiedOn": str(today), "effectiveOn": str(today), "reviewOn": str(today if wrong else soon),
        },
        "consultationWithdraw": {**at, "reason": "" if wrong else "No."},
    }  # fmt: skip
    return {act: said for act, said in ways.items() if said}


def consultee_inputs(case: Case, engaged: Any, *, wrong: bool) -> dict[str, dict[str, Any]]:
    """Every act on an engagement, likewise."""
    to = {"consulteeId": engaged["id"]}
    today = case.cast.world.today
    forum = case.cast.forum("race")
    return {
        "responseDraft": {**to, "stance": "NO_VIEW", "summary": "x" * 20_001 if wrong else ""},
        "responseSubmit": {**to, "draftRevision": 999 if wrong else 1, "idempotencyKey": key()},
        "responseShare": {**to, "forumId": random_like(forum) if wrong else forum},
        "responseConsider": {**to, "decision": "DECLINED", "reason": "" if wrong else "Late."},
        "consulteeExtend": {
            **to,
            "closesOn": str(today + timedelta(days=-400 if wrong else 150)),
            "reason": "Illness.",
        },
    }


def can_of(type_name: str) -> str:
    return " ".join(SCHEMA.type_map[f"{type_name}Can"].fields)  # type: ignore[attr-defined]


QUERY = f"""query($id: ID!) {{ node(id: $id) {{ ... on Consultation {{
    revision viewerCan {{ {can_of("Consultation")} }} latestVersion {{ id contentHash }}
    plans(first: 9) {{ edges {{ node {{ id }} }} }} extensions(first: 9) {{ edges {{ node {{ id }} }} }}
    points(first: 9) {{ edges {{ node {{ id }} }} }}
    consultees(first: 50) {{ edges {{ node {{ id viewerCan {{ {can_of("Consultee")} }} }} }} }} }} }} }}"""


async def check(person: Person, who: str, can: dict[str, bool], right: dict[str, Any], wrong: dict[str, Any]) -> int:
    """Try each act: where it can be done with a wrong input, where it cannot with a right one."""
    for act in right:
        said = (wrong if can[act] else right)[act]
        answer = (await person.act(act, **said)).only()["userErrors"]
        assert answer, (who, act, "was done")
        error = answer[0]
        if can[act]:
            about_input = error["field"] in (["forumId"], ["expectedRevision"])
            assert error["code"] not in CANNOT or about_input, (who, act, error)
        else:
            nothing_yet = act == "responseShare" and error["code"] == "REQUIRED"
            assert error["code"] in CANNOT or nothing_yet, (who, act, error)
    return len(right)


@pytest.mark.parametrize("stage", STAGES)
async def test_everybody_can_do_what_they_are_told_they_can_and_nothing_else(cast: Cast, stage: Any) -> None:
    case: Case = await stage(cast)
    tried = 0
    before = await mark(cast.world)
    for who, person in people(cast).items():
        found = (await person.ask(QUERY, id=case.id)).data["node"]
        if found is None:
            continue
        if who == "in all capacities":
            assert not any(found["viewerCan"].values()), "one reads in all capacities, and acts in one"
        right, wrong = inputs(case, found, wrong=False), inputs(case, found, wrong=True)
        tried += await check(person, who, found["viewerCan"], right, wrong)
        for engaged in nodes(found["consultees"]):
            both = (consultee_inputs(case, engaged, wrong=wrong) for wrong in (False, True))
            tried += await check(person, who, engaged["viewerCan"], *both)
    assert tried > 15
    assert set(await written(cast.world, before)) == {
        "graph.audit_entry",
        "graph.audit_detail",
        "graph.room_head",
        "graph.idempotency",
    }


async def test_the_table_of_what_can_be_done_names_every_act_on_it(cast: Cast) -> None:
    case = await open_with_a_response(cast)
    found = (await cast.management.ask(QUERY, id=case.id)).data["node"]
    stand_in = {"plans": {"edges": [{"node": {"id": "x"}}]}}
    some = found | dict.fromkeys(("plans", "extensions", "points"), stand_in["plans"])
    assert set(inputs(case, some, wrong=False)) == set(found["viewerCan"])
    engaged = nodes(found["consultees"])[0]
    assert set(consultee_inputs(case, engaged, wrong=False)) == set(engaged["viewerCan"])
