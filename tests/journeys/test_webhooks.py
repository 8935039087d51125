"""A seat's own webhooks: nobody else sees them, their secret shows to who made them, and what was not taken is sent again."""

from typing import Any
from uuid import UUID

import pytest

from service.resolvers.ids import parts
from service.resolvers.webhooks import MOST, message_id
from service.rules.bodies import Office, Side
from tests.journeys.stage import Cast, done, key, random_like, refused
from tests.plugins.service import Person, World

URL = "https://hooks.example.org/in"
MADE = "webhookEndpoint { id url types state revision previousUntil } signsWith"
MINE = (
    "{ viewer { webhookEndpoints(first: 50) { edges { node { id url state deliveries(first: 50) { edges { node {"
    " webhookId type state attempts lastStatus } } } } } } } }"
)


@pytest.fixture
async def cast(fresh_world: World) -> Cast:
    return Cast(fresh_world)


async def added(person: Person, *types: str, **more: Any) -> Any:
    said = {"url": URL, "types": list(types or ("CONSULTATION_CHANGED",)), "idempotencyKey": key()}
    return await done(person, "webhookEndpointAdd", MADE, **said | more)


async def own(person: Person) -> list[Any]:
    """The endpoints that somebody sees in the seat they act in."""
    edges = (await person.ask(MINE)).data["viewer"]["webhookEndpoints"]["edges"]
    return [edge["node"] for edge in edges]


async def dead(world: World, endpoint: str) -> UUID:
    """A delivery of the endpoint that was given up."""
    async with world.admin() as db:
        made: UUID = await db.fetchval(
            "insert into graph.webhook_delivery (id, room_id, endpoint_id, lane, place, type, type_name, node, state, attempts)"
            " select gen_random_uuid(), e.room_id, e.id, gen_random_uuid(), 0, 'consultation.changed', 'Consultation',"
            " gen_random_uuid(), 'DEAD', 9 from graph.webhook_endpoint e where e.id = $1 returning id", parts(endpoint)[1])  # type: ignore[index]  # fmt: skip
    return made


async def test_nobody_but_the_seat_that_added_it_sees_an_endpoint_not_even_its_holder_in_another_seat(
    cast: Cast,
) -> None:
    made = await added(cast.chair("race"))
    endpoint = made["webhookEndpoint"]["id"]
    assert [each["id"] for each in await own(cast.chair("race"))] == [endpoint]
    node = "query($id: ID!) { node(id: $id) { id } }"
    for other in (cast.secretary("race"), cast.management, cast.staff, cast.hr, cast.world.as_("outsider")):
        assert await own(other) == []
        assert (await other.ask(node, id=endpoint)).data == {"node": None}
        for act in ("webhookEndpointRotate", "webhookEndpointEnd", "webhookDeliveryReplay"):
            for each in (endpoint, random_like(endpoint)):
                await refused(other, act, "NOT_FOUND", field="endpointId", endpointId=each, idempotencyKey=key())
    dual = cast.world.as_("dual-role")
    seats = [dual.acting_as(seat["id"]) for seat in await dual.seats()]
    await added(seats[0])
    assert [len(await own(each)) for each in seats] == [1] + [0] * (len(seats) - 1)


async def test_the_secret_shows_once_to_who_made_it_and_again_to_the_same_key_alone(cast: Cast) -> None:
    said = {"url": URL, "types": ["SEAT_CHANGED", "SEAT_GONE"], "idempotencyKey": key()}
    first = await done(cast.hr, "webhookEndpointAdd", MADE, **said)
    assert first["webhookEndpoint"]["types"] == ["SEAT_CHANGED", "SEAT_GONE"]
    assert first["signsWith"].startswith("whsec_")
    assert await done(cast.hr, "webhookEndpointAdd", MADE, **said) == first
    assert len(await own(cast.hr)) == 1
    async with cast.world.admin() as db:
        held = await db.fetchrow(
            "select e.*, t.told from graph.webhook_endpoint e join access.webhook_turn t on t.endpoint_id = e.id"
        )
    assert first["signsWith"] not in str(dict(held))
    rotated = await done(
        cast.hr, "webhookEndpointRotate", MADE, endpointId=first["webhookEndpoint"]["id"], expectedRevision=1,
        idempotencyKey=key(),
    )  # fmt: skip
    assert rotated["signsWith"] not in (None, first["signsWith"])
    assert rotated["webhookEndpoint"]["previousUntil"] is not None
    await refused(
        cast.hr, "webhookEndpointRotate", "STALE_REVISION", field="expectedRevision",
        endpointId=first["webhookEndpoint"]["id"], expectedRevision=1, idempotencyKey=key(),
    )  # fmt: skip
    await refused(
        cast.hr, "webhookEndpointEnd", "STALE_REVISION", field="expectedRevision",
        endpointId=first["webhookEndpoint"]["id"], expectedRevision=1,
    )  # fmt: skip


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example.org/", "https://hooks.example.org:444/", "https://u:p@hooks.example.org/", "https://127.0.0.1/",
     "https://[::1]/", "https://169.254.169.254/latest", "https://10.0.0.1/", "https://localhost/", "ftp://hooks.example.org/",
     "https://hooks.example.org/#x", "not an address", "", "https://hooks.example.org/" + "x" * 500],
)  # fmt: skip
async def test_D7_an_address_inside_or_in_another_form_is_refused(world: World, url: str) -> None:
    person = Cast(world).management
    await refused(
        person, "webhookEndpointAdd", "INVALID", field="url", url=url, types=["SEAT_CHANGED"], idempotencyKey=key()
    )


async def test_types_are_chosen_each_once_and_a_seat_has_so_many_endpoints(cast: Cast) -> None:
    async def not_added(code: str, field: str, types: list[str]) -> None:
        await refused(cast.staff, "webhookEndpointAdd", code, field=field, url=URL, types=types, idempotencyKey=key())

    await not_added("REQUIRED", "types", [])
    await not_added("INVALID", "types", ["SEAT_GONE"] * 2)
    unknown = await cast.staff.act("webhookEndpointAdd", url=URL, types=["NOTHING"], idempotencyKey=key())
    assert unknown.fault == "BAD_REQUEST"
    for _ in range(MOST):
        last = await added(cast.staff)
    await not_added("TOO_MANY", "url", ["SEAT_GONE"])
    await done(cast.staff, "webhookEndpointEnd", endpointId=last["webhookEndpoint"]["id"])
    await added(cast.staff)


async def test_what_was_given_up_is_sent_again_one_or_all_and_nothing_else_is(cast: Cast) -> None:
    made = await added(cast.staff)
    endpoint = made["webhookEndpoint"]["id"]
    first, second = [await dead(cast.world, endpoint) for _ in range(2)]
    (seen,) = await own(cast.staff)
    states = {edge["node"]["webhookId"]: edge["node"]["state"] for edge in seen["deliveries"]["edges"]}
    assert states == {message_id(first): "DEAD", message_id(second): "DEAD"}
    await done(cast.staff, "webhookDeliveryReplay", endpointId=endpoint, webhookId=message_id(first))
    for nothing in (message_id(first), "msg_" + "0" * 32, "nonsense", ""):
        await refused(
            cast.staff, "webhookDeliveryReplay", "NOT_FOUND", field="webhookId", endpointId=endpoint, webhookId=nothing
        )
    await done(cast.staff, "webhookDeliveryReplay", endpointId=endpoint)
    (seen,) = await own(cast.staff)
    found = [edge["node"] for edge in seen["deliveries"]["edges"]]
    assert {(each["state"], each["attempts"]) for each in found} == {("PENDING", 0)}
    filtered = "{ viewer { webhookEndpoints(first: 1) { edges { node { deliveries(first: 9, state: DEAD) { edges { node { webhookId } } } } } } } }"
    assert "msg_" not in (await cast.staff.ask(filtered)).raw.decode()


async def test_an_ended_endpoint_stays_ended(cast: Cast) -> None:
    endpoint = (await added(cast.staff))["webhookEndpoint"]["id"]
    ended = await done(cast.staff, "webhookEndpointEnd", "webhookEndpoint { state }", endpointId=endpoint)
    assert ended["webhookEndpoint"]["state"] == "ENDED"
    for act in ("webhookEndpointRotate", "webhookEndpointEnd", "webhookDeliveryReplay"):
        await refused(cast.staff, act, "WRONG_STATE", endpointId=endpoint, idempotencyKey=key())


async def test_whoever_has_no_seat_has_no_endpoint(cast: Cast) -> None:
    said = {"url": URL, "types": ["SEAT_GONE"], "idempotencyKey": key()}
    await refused(cast.world.as_("operator"), "webhookEndpointAdd", "NOT_PERMITTED", traced=False, **said)
    employee = cast.seat(None, Side.NONE, Office.EMPLOYEE, "employee 3")
    await added(employee)
