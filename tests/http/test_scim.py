"""SCIM against the running service: its own compliance checker, what Microsoft Entra ID sends, and who is kept out."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

from service.rules.bodies import Office, Side
from tests.journeys.reporting import hr_of
from tests.journeys.stage import Cast
from tests.journeys.test_people import offices, person, sent, signed_in
from tests.plugins.service import Person, World

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@pytest.fixture
def cast(fresh_world: World) -> Cast:
    return Cast(fresh_world)


async def ask(who: Person, method: str, path: str, body: Any = None, **more: Any) -> httpx2.Response:
    """One request of an identity provider."""
    headers = {"Authorization": f"Bearer {who.token}", "Content-Type": "application/scim+json"}
    headers |= {"Acting-As": who.seat} if who.seat else {}
    return await who.world.http.request(
        method, f"{who.world.base}/scim/v2/{path}", headers=headers | more.pop("headers", {}), json=body, **more
    )


def user(number: str, **more: Any) -> dict[str, Any]:
    """A user as Entra ID sends one, with much that is not kept."""
    return {
        "schemas": [USER, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
        "externalId": number,
        "userName": f"subject-{number}",
        "displayName": f"Invented {number}",
        "active": True,
        "name": {"givenName": "Invented", "familyName": number},
        "emails": [{"primary": True, "type": "work", "value": "someone@example.org"}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Nursing"},
        "roles": [],
    } | more


def patch(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH], "Operations": list(operations)}


async def made(cast: Cast, number: str, **more: Any) -> str:
    answer = await ask(cast.hr, "POST", "Users", user(number, **more))
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


async def the_group(cast: Cast, name: str) -> Any:
    found = (await ask(cast.hr, "GET", "Groups", params={"filter": f'displayName eq "{name}"'})).json()
    assert found["totalResults"] == 1, found
    return found["Resources"][0]


async def jnc_members(cast: Cast) -> str:
    query = "query($id: ID!) { forum(id: $id) { localName } }"
    name = (await cast.hr.ask(query, id=cast.forum("jnc"))).data["forum"]["localName"]
    return f"{name}: member"


async def test_the_compliance_checker_finds_nothing_to_say(cast: Cast) -> None:
    def check() -> Any:
        headers = {"Authorization": f"Bearer {cast.hr.token}"}
        with httpx2.Client(base_url=f"{cast.world.base}/scim/v2", headers=headers, timeout=30) as http:
            return check_server(SyncSCIMClient(http), resource_types=["User"])

    results = await asyncio.to_thread(check)
    failed = [f"{each.title}: {each.reason}" for each in results if each.status in (Status.ERROR, Status.CRITICAL)]
    # what is taken away of these, the service gives again: the number is the userName, and who is not stopped works here
    defaults = [
        f"check_remove_attribute: PATCH modify() did not remove attribute '{name}'" for name in ("externalId", "active")
    ]
    assert failed == defaults
    assert sum(each.status is Status.SUCCESS for each in results) > 30


async def test_a_person_is_made_found_changed_stopped_started_and_deleted(cast: Cast) -> None:
    someone = signed_in(cast, "1")
    nothing = await ask(cast.hr, "GET", "Users", params={"filter": 'userName eq "subject-1"'})
    assert (nothing.status_code, nothing.json()["totalResults"]) == (200, 0)
    id = await made(cast, "1")
    assert await offices(someone) == ["EMPLOYEE"]
    found = (await ask(cast.hr, "GET", "Users", params={"filter": 'userName eq "subject-1"'})).json()
    assert [each["id"] for each in found["Resources"]] == [id]
    one = (await ask(cast.hr, "GET", f"Users/{id}")).json()
    assert one["meta"]["location"].endswith(f"/scim/v2/Users/{id}")
    assert "example.org" not in str(one), "addresses are not kept"
    again = await ask(cast.hr, "POST", "Users", user("1"))
    assert (again.status_code, again.json()["scimType"]) == (409, "uniqueness")
    said = patch(
        {"op": "Replace", "path": "displayName", "value": "Invented Anew"},
        {"op": "Add", "path": 'emails[type eq "work"].value', "value": "new@example.org"},
        {"op": "Replace", "path": "name.givenName", "value": "Anew"},
    )
    assert (await ask(cast.hr, "PATCH", f"Users/{id}", said)).json()["displayName"] == "Invented Anew"
    stopped = await ask(cast.hr, "PATCH", f"Users/{id}", patch({"op": "Replace", "path": "active", "value": "False"}))
    assert (stopped.status_code, stopped.json()["active"]) == (200, False)
    assert await offices(someone) == [], "access ends with the next transaction"
    started = await ask(cast.hr, "PATCH", f"Users/{id}", patch({"op": "Replace", "value": {"active": True}}))
    assert started.json()["active"] is True
    assert await offices(someone) == ["EMPLOYEE"]
    assert (await ask(cast.hr, "DELETE", f"Users/{id}")).status_code == 204
    assert await offices(someone) == []
    for method, body in (("GET", None), ("DELETE", None), ("PATCH", said), ("PUT", user("1"))):
        assert (await ask(cast.hr, method, f"Users/{id}", body)).status_code == 404
    assert (await ask(cast.hr, "GET", "Users")).json()["totalResults"] == 0
    back = await made(cast, "1")
    assert (await ask(cast.hr, "GET", f"Users/{back}")).json()["active"] is True
    assert await offices(someone) == ["EMPLOYEE"]


async def test_a_group_is_an_office_and_to_be_its_member_is_to_hold_the_seat(cast: Cast) -> None:
    one, two = await made(cast, "1"), await made(cast, "2")
    group = await the_group(cast, await jnc_members(cast))
    assert "members" not in group
    add = patch({"op": "Add", "path": "members", "value": [{"value": one}, {"value": two}]})
    changed = (await ask(cast.hr, "PATCH", f"Groups/{group['id']}", add)).json()
    assert {each["value"] for each in changed["members"]} == {one, two}
    for number in ("1", "2"):
        assert await offices(signed_in(cast, number)) == ["EMPLOYEE", "MEMBER"]
    assert (await ask(cast.hr, "PATCH", f"Groups/{group['id']}", add)).json()["members"] == changed["members"]
    entra = patch({"op": "Remove", "path": "members", "value": [{"value": one}]})
    left = (await ask(cast.hr, "PATCH", f"Groups/{group['id']}", entra)).json()
    assert [each["value"] for each in left["members"]] == [two]
    assert await offices(signed_in(cast, "1")) == ["EMPLOYEE"]
    spec = patch({"op": "remove", "path": f'members[value eq "{two}"]'})
    assert "members" not in (await ask(cast.hr, "PATCH", f"Groups/{group['id']}", spec)).json()
    put = {"schemas": [GROUP], "displayName": group["displayName"], "members": [{"value": two}]}
    assert (await ask(cast.hr, "PUT", f"Groups/{group['id']}", put)).json()["members"] == [{"value": two}]
    assert (await ask(cast.hr, "DELETE", f"Groups/{group['id']}")).status_code == 204
    assert await offices(signed_in(cast, "2")) == ["EMPLOYEE"]
    await ask(cast.hr, "PATCH", f"Groups/{group['id']}", add)
    await ask(cast.hr, "PATCH", f"Users/{one}", patch({"op": "Replace", "path": "active", "value": False}))
    assert await offices(signed_in(cast, "1")) == [], "a leaver holds no office"
    assert [each["value"] for each in (await ask(cast.hr, "GET", f"Groups/{group['id']}")).json()["members"]] == [two]


async def test_no_group_is_staff_sides_a_unions_or_a_networks(cast: Cast) -> None:
    everything: list[str] = []
    while True:
        page = (await ask(cast.hr, "GET", "Groups", params={"startIndex": str(len(everything) + 1)})).json()
        everything += [each["id"] for each in page["Resources"]]
        if len(everything) == page["totalResults"]:
            break
    assert everything
    assert not [each for each in everything if "-staff-" in each or "-network-" in each]
    for name in ("Race network: chair", "Anything"):
        answer = await ask(cast.hr, "POST", "Groups", {"schemas": [GROUP], "displayName": name})
        assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")
    name = await jnc_members(cast)
    there = await ask(cast.hr, "POST", "Groups", {"schemas": [GROUP], "displayName": name})
    assert (there.status_code, there.json()["scimType"]) == (409, "uniqueness")
    group = await the_group(cast, name)
    renamed = patch({"op": "Replace", "path": "displayName", "value": "Another"})
    assert (await ask(cast.hr, "PATCH", f"Groups/{group['id']}", renamed)).json()["scimType"] == "mutability"
    stranger = patch({"op": "Add", "path": "members", "value": [{"value": str(uuid4())}]})
    assert (await ask(cast.hr, "PATCH", f"Groups/{group['id']}", stranger)).json()["scimType"] == "invalidValue"


async def test_what_is_wrong_is_said_as_scim_says_it_and_nothing_is_half_done(cast: Cast) -> None:
    id = await made(cast, "1")
    filters = ("userName", "userName co 'x'", 'userName co "x"', 'meta.created gt "2011"', 'nonsense eq "x"')
    for given in filters:
        answer = await ask(cast.hr, "GET", "Users", params={"filter": given})
        assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidFilter"), given
        assert answer.headers["content-type"] == "application/scim+json"
    bad: list[tuple[Any, str]] = [
        (user("2", userName=None), "invalidValue"),
        (user("2", displayName="a\u202eb"), "invalidValue"),
        (user("2", userName="x" * 300), "invalidValue"),
        (user("2", schemas=[GROUP]), "invalidSyntax"),
        (["no object"], "invalidSyntax"),
    ]
    for body, kind in bad:
        answer = await ask(cast.hr, "POST", "Users", body)
        assert (answer.status_code, answer.json()["scimType"]) == (400, kind), (body, answer.text)
    headers = {"Authorization": f"Bearer {cast.hr.token}", "Content-Type": "application/scim+json"}
    url = f"{cast.world.base}/scim/v2/Users"
    for content in (b"{", b'{"userName": "a", "userName": "b"}', b"\xff"):
        assert (await cast.world.http.post(url, headers=headers, content=content)).status_code == 400
    huge = await cast.world.http.post(url, headers=headers, content=b" " * 1_100_000)
    assert huge.status_code == 413
    wrong_type = await cast.world.http.post(url, headers=headers | {"Content-Type": "text/plain"}, content=b"{}")
    assert wrong_type.status_code == 415
    taken = await made(cast, "2")
    number = await ask(cast.hr, "PATCH", f"Users/{id}", patch({"op": "Replace", "path": "externalId", "value": "2"}))
    assert (number.status_code, number.json()["scimType"]) == (409, "uniqueness")
    number = await ask(cast.hr, "PATCH", f"Users/{id}", patch({"op": "Replace", "path": "externalId", "value": "9"}))
    assert (number.status_code, number.json()["externalId"], number.json()["id"]) == (200, "9", id)
    assert await offices(signed_in(cast, "1")) == ["EMPLOYEE"]
    clash = await ask(
        cast.hr, "PATCH", f"Users/{taken}", patch({"op": "Replace", "path": "userName", "value": "subject-1"})
    )
    assert (clash.status_code, clash.json()["scimType"]) == (400, "invalidValue")
    for method, path, status in (
        ("GET", "Me", 501),
        ("POST", "Bulk", 501),
        ("GET", "Nothing", 404),
        ("PUT", "Users", 405),
        ("POST", f"Users/{id}", 405),
        ("GET", "Users/no-uuid", 404),
    ):
        assert (await ask(cast.hr, method, path, {} if method != "GET" else None)).status_code == status, path


async def test_whatever_is_sent_is_refused_and_never_a_fault_of_ours(cast: Cast) -> None:
    id = await made(cast, "1")
    group = await the_group(cast, await jnc_members(cast))
    for start in (str(2**31), str(10**21), "-1"):
        for path in ("Users", "Groups"):
            answer = await ask(cast.hr, "GET", path, params={"startIndex": start})
            assert answer.status_code in (200, 400), (path, start)
    answer = await ask(cast.hr, "POST", "Users/.search", {"startIndex": 10**30})
    assert answer.status_code in (200, 400)
    for text in ("\\u0000", "\\ud800"):
        for name in ("userName", "externalId", "displayName"):
            answer = await ask(cast.hr, "GET", "Users", params={"filter": f'{name} eq "{text}"'})
            assert answer.status_code in (200, 400), (name, text)
            content = str(user("2")).replace("'", '"').replace("True", "true").replace('"subject-2"' if name == "userName" else '"2"', f'"{text}"', 1)  # fmt: skip
            headers = {"Authorization": f"Bearer {cast.hr.token}", "Content-Type": "application/scim+json"}
            url = f"{cast.world.base}/scim/v2/Users"
            assert (await cast.world.http.post(url, headers=headers, content=content)).status_code in (400, 201), text
            body = (
                f'{{"schemas": ["{PATCH}"], "Operations": [{{"op": "replace", "path": "{name}", "value": "{text}"}}]}}'
            )
            assert (await cast.world.http.patch(f"{url}/{id}", headers=headers, content=body)).status_code == 400, (
                name,
                text,
            )
    many = patch(*({"op": "add", "path": "members", "value": [{"value": str(uuid4())}]} for _ in range(101)))
    deep = patch({"op": "remove", "path": f"emails[{'(' * 2_000}a eq 1{')' * 2_000}].value"})
    for body, path in ((many, f"Groups/{group['id']}"), (deep, f"Users/{id}")):
        answer = await ask(cast.hr, "PATCH", path, body)
        assert (answer.status_code, answer.json()["scimType"]) == (400, "tooMany"), path
    long = await ask(cast.hr, "GET", "Users", params={"filter": " and ".join(["a eq 1"] * 500)})
    assert (long.status_code, long.json()["scimType"]) == (400, "tooMany")


async def test_a_number_of_somebody_who_was_deleted_can_be_anothers(cast: Cast) -> None:
    gone, stays = await made(cast, "1"), await made(cast, "2")
    assert (await ask(cast.hr, "DELETE", f"Users/{gone}")).status_code == 204
    answer = await ask(cast.hr, "PATCH", f"Users/{stays}", patch({"op": "replace", "path": "externalId", "value": "1"}))
    assert (answer.status_code, answer.json()["externalId"], answer.json()["userName"]) == (200, "1", "subject-2")
    assert await offices(signed_in(cast, "2")) == ["EMPLOYEE"]
    assert await offices(signed_in(cast, "1")) == []


async def test_what_cannot_be_answered_is_not_done(cast: Cast) -> None:
    for query in ("attributes=%00", "attributes=a[", "attributes=id&excludedAttributes=id"):
        assert (await ask(cast.hr, "POST", f"Users?{query}", user("1"))).status_code == 400, query
    assert (await ask(cast.hr, "GET", "Users")).json()["totalResults"] == 0
    spaced = await ask(cast.hr, "POST", "Users", user("1", externalId=" 1 ", userName=" subject-1 "))
    assert (spaced.status_code, spaced.json()["externalId"], spaced.json()["userName"]) == (201, "1", "subject-1")
    again = await ask(cast.hr, "POST", "Users", user("1", externalId=" 1 "))
    assert again.status_code == 409


async def test_who_does_not_work_here_is_judged_and_kept_like_everybody(cast: Cast) -> None:
    id = await made(cast, "1", active=False)
    assert await offices(signed_in(cast, "1")) == []
    for name, value in (("externalId", "9" * 61), ("userName", "x" * 900), ("displayName", "x" * 900)):
        answer = await ask(cast.hr, "PATCH", f"Users/{id}", patch({"op": "replace", "path": name, "value": value}))
        assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue"), name
    renamed = patch({"op": "replace", "path": "displayName", "value": "Invented Later"})
    answer = await ask(cast.hr, "PATCH", f"Users/{id}", renamed)
    assert (answer.json()["displayName"], answer.json()["active"]) == ("Invented Later", False)
    assert (await ask(cast.hr, "GET", f"Users/{id}")).json()["displayName"] == "Invented Later"


async def test_many_at_once_make_one_user_and_merge_nobody(cast: Cast) -> None:
    same = await asyncio.gather(*(ask(cast.hr, "POST", "Users", user("1")) for _ in range(4)))
    assert sorted(each.status_code for each in same) == [201, 409, 409, 409]
    ids = [await made(cast, number) for number in ("2", "3", "4")]
    change = patch({"op": "replace", "path": "externalId", "value": "9"})
    moved = await asyncio.gather(*(ask(cast.hr, "PATCH", f"Users/{id}", change) for id in ids))
    assert sorted(each.status_code for each in moved) == [200, 409, 409]
    for id, number in zip(ids, ("2", "3", "4"), strict=True):
        assert (await ask(cast.hr, "GET", f"Users/{id}")).json()["userName"] == f"subject-{number}"
        assert await offices(signed_in(cast, number)) == ["EMPLOYEE"]
    gone = await asyncio.gather(*(ask(cast.hr, "DELETE", f"Users/{ids[0]}") for _ in range(3)))
    assert sorted(each.status_code for each in gone) == [204, 404, 404]


async def test_people_told_of_by_a_file_are_users_too(cast: Cast) -> None:
    await sent(cast.hr, person("7"), person("7", "7-2", forumId=cast.forum("jnc"), office="MEMBER"))
    (found,) = (await ask(cast.hr, "GET", "Users", params={"filter": 'externalId eq "7"'})).json()["Resources"]
    assert (found["userName"], found["active"]) == ("subject-7", True)
    group = await the_group(cast, await jnc_members(cast))
    assert group["members"] == [{"value": found["id"]}]
    await ask(cast.hr, "PATCH", f"Users/{found['id']}", patch({"op": "Replace", "path": "active", "value": False}))
    assert await offices(signed_in(cast, "7")) == []


async def test_nobody_but_hr_is_let_in_and_each_hr_sees_its_own(cast: Cast) -> None:
    id = await made(cast, "1")
    strangers = (
        cast.management,
        cast.staff,
        cast.member("race"),
        cast.seat(None, Side.NONE, Office.EMPLOYEE, "employee 1"),
        cast.world.as_("operator"),
        cast.world.as_("outsider"),
        signed_in(cast, "1"),
    )
    for stranger in strangers:
        for method, path, body in (
            ("GET", "Users", None),
            ("GET", f"Users/{id}", None),
            ("GET", "Groups", None),
            ("POST", "Users", user("9")),
            ("DELETE", f"Users/{id}", None),
        ):
            answer = await ask(stranger, method, path, body)
            assert answer.status_code == 403, (stranger.subject, method, path)
    other = hr_of(cast, "RR7")
    assert (await ask(other, "GET", "Users")).json()["totalResults"] == 0
    hidden, invented = [await ask(other, "GET", f"Users/{each}") for each in (id, uuid4())]
    assert (hidden.status_code, hidden.content) == (invented.status_code, invented.content) == (404, invented.content)
    group = await the_group(cast, await jnc_members(cast))
    assert (await ask(other, "GET", f"Groups/{group['id']}")).status_code == 404
    headers = {"Authorization": "Bearer nonsense"}
    refused = await cast.world.http.get(f"{cast.world.base}/scim/v2/Users", headers=headers)
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')
    assert refused.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
