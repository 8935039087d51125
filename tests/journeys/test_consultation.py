"""The main job, from a draft to joint signatures, over HTTP and by real people; and who must not see it on the way."""

from datetime import timedelta
from typing import Any

from service.rules.calendar import add_working_days
from tests.plugins.service import Person, World

POLICY = "# Flexible rostering policy\n\nWho it is for.\n\n## 1 Notice\n\nRosters are published six weeks ahead.\n"
CHANGED = POLICY.replace("six weeks", "eight weeks")


async def seen(person: Person, consultation: str) -> Any:
    answer = await person.ask(
        "query($id: ID!) { node(id: $id) { ... on Consultation { id state revision conclusion title } } }",
        id=consultation,
    )
    return answer.data["node"]


async def test_a_policy_goes_from_draft_to_joint_signatures_with_the_walls_standing(world: World) -> None:
    chair, staff, network = world.as_("management-chair"), world.as_("staff-side-chair"), world.as_("network-chair")
    member, outsider, operator = world.as_("network-member"), world.as_("outsider"), world.as_("operator")
    jnc = world.id("JointNegotiatingCommittee", "forum", "RTD/jnc")
    race = world.id("StaffNetwork", "forum", "RTD/race")

    drafted = (
        await chair.act(
            "consultationDraft",
            "consultation { id revision latestVersion { id contentHash } }",
            forumId=jnc,
            title="Flexible rostering policy",
            body=POLICY,
            idempotencyKey="draft-1",
        )
    ).only()
    assert drafted["userErrors"] == []
    consultation, version = drafted["consultation"]["id"], drafted["consultation"]["latestVersion"]
    for stranger in (staff, network, member, outsider, operator):
        assert await seen(stranger, consultation) is None

    assessed = await chair.act(
        "impactAssessmentRecord", "impactAssessment { assessedOn }", consultationId=consultation, expectedRevision=1,
        policyVersionId=version["id"], assessedOn=str(world.today), groups="All staff", findings="Carers gain.", mitigations="None needed.",
    )  # fmt: skip
    assert assessed.problems() == []
    planned = await chair.act(
        "consultationPlan", "plan { id contentHash consultees { localName } }", consultationId=consultation, expectedRevision=2,
        options=[{"title": "Six weeks", "detail": "As now."}, {"title": "Eight weeks"}], channels=["Engagement session"],
        consulteeForumIds=[race], opensOn=str(world.today), closesOn=str(add_working_days(world.today, 20)),
    )  # fmt: skip
    assert planned.problems() == []
    plan = planned.only()["plan"]
    assert await seen(staff, consultation) is not None
    assert await seen(network, consultation) is None
    for person in (chair, staff):
        signed = await person.act("planSign", planId=plan["id"], contentHash=plan["contentHash"], idempotencyKey="plan")
        assert signed.problems() == []
    revision = (await seen(chair, consultation))["revision"]
    opened = await staff.act(
        "consultationOpen",
        "consultation { state }",
        consultationId=consultation,
        expectedRevision=revision,
        idempotencyKey="open",
    )
    assert opened.only() == {"consultation": {"state": "OPEN"}, "userErrors": []}

    clause = (
        await member.ask(
            "query($id: ID!) { node(id: $id) { ... on Consultation { latestVersion { clauses(first: 50) {"
            " edges { node { id address } } } } } } }", id=consultation)
    ).data["node"]["latestVersion"]["clauses"]["edges"][-1]["node"]["id"]  # fmt: skip
    said = await member.act(
        "commentAdd",
        "comment { author office mine }",
        consultationId=consultation,
        clauseId=clause,
        body="Six weeks is too short.",
    )
    assert said.only() == {"comment": {"author": "A member", "office": None, "mine": True}, "userErrors": []}
    comments = "query($id: ID!) { node(id: $id) { ... on Consultation { comments(first: 9) { edges { node { body author mine } } } } } }"
    assert [
        edge["node"] for edge in (await network.ask(comments, id=consultation)).data["node"]["comments"]["edges"]
    ] == [{"body": "Six weeks is too short.", "author": "A member", "mine": False}]
    for person in (chair, staff):
        assert (await person.ask(comments, id=consultation)).data["node"]["comments"]["edges"] == []

    engaged = (
        await network.ask(
            "query($id: ID!) { node(id: $id) { ... on Consultation { consultees(first: 9) { edges { node { id state } } } } } }",
            id=consultation)
    ).data["node"]["consultees"]["edges"][0]["node"]["id"]  # fmt: skip
    saved = await network.act(
        "responseDraft", "responseDraft { revision }", consulteeId=engaged, stance="SUPPORT_WITH_CHANGES",
        points=[{"body": "Make it eight.", "clauseId": clause}], minorityViews=["Some prefer six."],
    )  # fmt: skip
    assert saved.only() == {"responseDraft": {"revision": 1}, "userErrors": []}
    draft = "query($id: ID!) { node(id: $id) { ... on Consultee { responseDraft { summary } response { stance } } } }"
    assert (await member.ask(draft, id=engaged)).data["node"] == {"responseDraft": None, "response": None}
    assert (await chair.ask(draft, id=engaged)).data["node"] == {"responseDraft": None, "response": None}
    submitted = await network.act(
        "responseSubmit",
        "response { late points { id } }",
        consulteeId=engaged,
        draftRevision=1,
        idempotencyKey="submit",
    )
    assert submitted.problems() == []
    point = submitted.only()["response"]["points"][0]["id"]

    await world.pass_time(consultation, (add_working_days(world.today, 20) - world.today + timedelta(days=1)).days)
    assert (await seen(chair, consultation))["state"] == "CLOSED"
    final = (
        await chair.act(
            "policyVersionAdd", "policyVersion { id contentHash clauses(first: 50) { edges { node { id body } } } }",
            consultationId=consultation, expectedRevision=(await seen(chair, consultation))["revision"],
            title="Flexible rostering policy", body=CHANGED,
        )
    ).only()  # fmt: skip
    assert final["userErrors"] == []
    answer = next(e["node"]["id"] for e in final["policyVersion"]["clauses"]["edges"] if "eight" in e["node"]["body"])
    signature = {
        "consultationId": consultation,
        "policyVersionId": final["policyVersion"]["id"],
        "contentHash": final["policyVersion"]["contentHash"],
    }
    early = await chair.act("consultationSign", **signature, idempotencyKey="too early")
    assert set(early.problems()) == {"OPEN_POINTS", "IMPACT_ASSESSMENT_DATED"}
    recorded = await chair.act(
        "outcomeRecord", "outcome { decision }", pointId=point, decision="ACCEPTED", changedClauseId=answer
    )
    assert recorded.problems() == []
    again = await chair.act(
        "impactAssessmentRecord", consultationId=consultation, expectedRevision=(await seen(chair, consultation))["revision"],
        policyVersionId=signature["policyVersionId"], assessedOn=str(world.today), groups="All staff", findings="None.", mitigations="None.",
    )  # fmt: skip
    assert again.problems() == []
    assert (await network.act("consultationSign", **signature, idempotencyKey="n")).problems() == ["NOT_PERMITTED"]
    first = await chair.act("consultationSign", "consultation { state }", **signature, idempotencyKey="sign")
    assert first.only() == {"consultation": {"state": "CLOSED"}, "userErrors": []}
    second = await staff.act(
        "consultationSign", "consultation { state conclusion }", **signature, idempotencyKey="sign"
    )
    assert second.only() == {"consultation": {"state": "CONCLUDED", "conclusion": "AGREED"}, "userErrors": []}

    did = "query($id: ID!) { node(id: $id) { ... on Consultation { points(first: 9) { edges { node { body outcome { decision changedClause { body } } } } } } } }"
    assert (await member.ask(did, id=consultation)).data["node"]["points"]["edges"][0]["node"]["outcome"][
        "decision"
    ] == "ACCEPTED"
    assert await seen(outsider, consultation) is None
    assert await seen(operator, consultation) is None
