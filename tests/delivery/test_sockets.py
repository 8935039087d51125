"""Who listens hears what they may know, at once, and nothing else; and is cut off when they may no more (THREATS A11-A13, A19)."""

import asyncio
from datetime import timedelta
from typing import Any

import orjson
import pytest
from websockets.exceptions import InvalidStatus

from service.http import events, sockets
from tests.delivery.sockets import INBOX, Socket, payload, raw, socket_of
from tests.journeys.stage import Cast, key, random_like
from tests.plugins.service import Person, World, running

NEWS = "{ changes { kind nodeId node { __typename id } } cursor more }"
ABOUT = f"subscription($id: ID!) {{ consultationChanged(id: $id) {NEWS} }}"
ABOUT_BODY = f"subscription($id: ID!) {{ forumChanged(id: $id) {NEWS} }}"


@pytest.fixture(scope="module")
def cast(world: World) -> Cast:
    return Cast(world)


@pytest.fixture(scope="module")
def policy(world: World) -> str:
    """The running consultation on which RTD's race network may comment."""
    return world.id("Consultation", "consultation", "RTD/flexible-working/")


async def comment(person: Person, consultation: str, text: str = "A word.") -> str:
    """Somebody comments; the comment's id."""
    done = await person.act(
        "commentAdd", "comment { id }", consultationId=consultation, body=text, idempotencyKey=key()
    )
    assert done.problems() == [], done.body
    made: str = done.only()["comment"]["id"]
    return made


def told(news: Any) -> set[str]:
    return {change["nodeId"] for change in news["changes"]}


async def test_a_network_hears_of_a_comment_at_once_and_management_of_nothing(cast: Cast, policy: str) -> None:
    async with socket_of(cast.chair("race")) as network, socket_of(cast.management) as management:
        for each in (network, management):
            await each.listen(INBOX)
        await asyncio.sleep(0.5)
        made = await comment(cast.member("race"), policy)
        news = await network.news()
        assert made in told(news)
        assert news["more"] is False
        assert await management.silent()


async def test_whoever_was_away_goes_on_where_they_were(cast: Cast, policy: str) -> None:
    chair = cast.chair("race")
    async with socket_of(chair) as socket:
        await socket.listen(INBOX)
        await asyncio.sleep(0.5)
        await comment(cast.member("race"), policy)
        cursor = (await socket.news())["cursor"]
    missed = await comment(cast.member("race"), policy)
    async with socket_of(chair) as socket:
        await socket.listen(INBOX, s=cursor)
        assert missed in told(await socket.news())
    page = await chair.ask("query($s: String) { changes(first: 100, since: $s) { changes { nodeId } } }", s=cursor)
    assert missed in {change["nodeId"] for change in page.data["changes"]["changes"]}


async def test_one_consultation_is_heard_of_and_no_other_and_a_hidden_one_is_as_silent_as_none(
    world: World, cast: Cast, policy: str
) -> None:
    other = world.id("Consultation", "consultation", "RTD/dignity-at-work/")
    async with socket_of(cast.chair("race")) as network, socket_of(world.as_("outsider")) as outsider:
        await network.listen(ABOUT, "1", id=policy)
        await network.listen(ABOUT, "2", id=other)
        await outsider.listen(ABOUT, "1", id=policy)
        await outsider.listen(ABOUT, "2", id=random_like(policy))
        await outsider.listen(ABOUT, "3", id="not an id")
        await asyncio.sleep(0.5)
        made = await comment(cast.member("race"), policy)
        heard = await network.hear()
        assert heard["id"] == "1"
        assert told(heard["payload"]["data"]["consultationChanged"]) == {made}
        assert await network.silent()
        assert await outsider.silent(0.1)


async def test_a_body_is_heard_of_by_its_own(world: World, cast: Cast, policy: str) -> None:
    race = world.id("StaffNetwork", "forum", "RTD/race")
    async with socket_of(cast.chair("race")) as network, socket_of(cast.staff) as staff:
        for each in (network, staff):
            await each.listen(ABOUT_BODY, id=race)
        await asyncio.sleep(0.5)
        made = await comment(cast.member("race"), policy)
        assert made in told(await network.news())
        assert await staff.silent()


async def test_A12_a_seat_that_ends_hears_nothing_more_and_its_socket_closes_within_a_second(
    fresh_world: World,
) -> None:
    cast = Cast(fresh_world)
    policy = fresh_world.id("Consultation", "consultation", "RTD/flexible-working/")
    member = cast.member("race", 2)
    async with socket_of(member) as socket:
        await socket.listen(INBOX)
        await asyncio.sleep(0.5)
        await comment(cast.member("race"), policy)
        await socket.news()
        assert member.seat is not None
        ended = await cast.chair("race").act("seatEnd", seatId=member.seat)
        assert ended.problems() == [], ended.body
        began = asyncio.get_running_loop().time()
        late = await comment(cast.member("race"), policy)
        code, heard = None, []
        while code is None:
            try:
                heard.append(await socket.hear(5))
            except TimeoutError:
                raise
            except Exception:
                code = socket.wire.close_code
        assert code == 4403
        assert asyncio.get_running_loop().time() - began < 3
        assert late not in str(heard)
        # what is told last is that things are gone or what one's own seat became, never what came after
    async with raw(fresh_world) as again:
        await again.say(type="connection_init", payload=payload(member))
        await again.hear()
        assert await again.code() == 4403


async def test_a_token_that_expires_closes_the_socket(world: World, cast: Cast) -> None:
    chair = cast.chair("race")
    token = world.issuer.issue(chair.subject, lifetime=timedelta(seconds=2))
    async with socket_of(Person(world, chair.subject, token, chair.seat)) as socket:
        await socket.listen(INBOX)
        assert await socket.code(8) == 4403


@pytest.mark.parametrize("protocol", ["graphql-ws", "graphql-transport-ws-old", None])
async def test_A13_no_other_protocol_is_spoken(world: World, protocol: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with raw(world, protocol):
            pass
    assert refused.value.response.status_code == 403


async def test_pages_of_other_sites_may_not_connect(world: World, cast: Cast) -> None:
    with pytest.raises(InvalidStatus):
        async with raw(world, origin="https://elsewhere.example"):
            pass
    async with raw(world, origin=world.base) as socket:
        await socket.say(type="connection_init", payload=payload(cast.management))
        assert (await socket.hear())["type"] == "connection_ack"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("not json", 4400), (b"\x00", 4400), ("[]", 4400), ("{}", 4400), ('{"type": "shout"}', 4400), ('{"type": "complete"}', 4400),
        ('{"type": "connection_init", "payload": []}', 4400), ('{"type": "connection_init", "payload": {"Authorization": 1}}', 4400),
        ('{"type": "connection_init"}', 4403), ('{"type": "connection_init", "payload": {"Authorization": "Bearer x.y.z"}}', 4403),
        ('{"type": "connection_init", "payload": {"Authorization": "Basic eDp4"}}', 4403),
        ('{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}', 4401),
    ],
)  # fmt: skip
async def test_what_cannot_be_understood_closes_the_socket_with_a_code(
    world: World, said: str | bytes, code: int
) -> None:
    async with raw(world) as socket:
        await socket.wire.send(said)
        assert await socket.code() == code


@pytest.mark.parametrize("said", [
    {"id": "1"}, {"id": "1", "payload": None}, {"id": "1", "payload": {"query": 3}}, {"id": "1", "payload": {"query": "{ __typename }", "variables": []}},
    {"payload": {"query": "{ __typename }"}}, {"id": [], "payload": {"query": "{ __typename }"}},
])  # fmt: skip
async def test_an_operation_that_is_none_closes_the_socket(cast: Cast, said: dict[str, Any]) -> None:
    async with socket_of(cast.management) as socket:
        await socket.say(type="subscribe", **said)
        assert await socket.code() == 4400


async def test_whoever_says_nothing_is_not_waited_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "INIT_SECONDS", 0.2)
    async with raw(world) as socket:
        assert await socket.code() == 4408


async def test_twice_the_same_is_refused(cast: Cast) -> None:
    async with socket_of(cast.management) as socket:
        await socket.listen(INBOX)
        await socket.listen(INBOX)
        assert await socket.code() == 4409
    async with socket_of(cast.management) as socket:
        await socket.say(type="connection_init", payload=payload(cast.management))
        assert await socket.code() == 4429


async def test_the_same_limits_hold_as_over_http_and_the_same_words_are_said(cast: Cast) -> None:
    deep = "{ viewer " + "{ person " * 20 + "{ id }" + "}" * 20 + " }"
    async with socket_of(cast.management) as socket:
        for query in (
            deep,
            "{ nothing }",
            "{ viewer {",
            'subscription { inbox(since: "x") { more } }',
            "subscription { a: inbox { more } b: inbox { more } }",
        ):
            await socket.listen(query)
            heard = await socket.hear()
            over_http = await cast.management.ask(query)
            faults = heard["payload"] if heard["type"] == "error" else heard["payload"]["errors"]
            assert faults[0]["extensions"]["code"] in ("BAD_REQUEST", "COST_EXCEEDED"), heard
            if not query.startswith("subscription"):
                assert faults[0]["message"] == over_http.body["errors"][0]["message"]
            if heard["type"] == "next":
                assert (await socket.hear())["type"] == "complete"


async def test_queries_and_acts_run_on_a_socket_each_under_its_own_rights(cast: Cast, policy: str) -> None:
    async with socket_of(cast.member("race")) as socket:
        await socket.listen("{ viewer { seats { acting office } } }")
        seats = (await socket.news())["seats"]
        assert [seat["office"] for seat in seats if seat["acting"]] == ["MEMBER"]
        assert (await socket.hear())["type"] == "complete"
        act = "mutation($i: CommentAddInput!) { commentAdd(input: $i) { comment { id } userErrors { code } } }"
        await socket.listen(act, i={"consultationId": policy, "body": "From a socket.", "idempotencyKey": key()})
        assert (await socket.news())["userErrors"] == []


async def test_A19_two_seats_on_two_sockets_never_hear_each_others_news(cast: Cast, policy: str) -> None:
    async with socket_of(cast.chair("race")) as race, socket_of(cast.chair("disability")) as other:
        for each in (race, other):
            await each.listen(INBOX)
        await asyncio.sleep(0.5)
        for _ in range(5):
            made = await comment(cast.member("race"), policy)
            heard: set[str] = set()
            while made not in heard:
                heard |= told(await race.news())
        assert await other.silent()


async def test_an_account_has_so_many_sockets_and_no_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "SOCKETS", 1)
    async with socket_of(cast.staff), raw(cast.world) as second:
        await second.say(type="connection_init", payload=payload(cast.staff))
        assert await second.code() == 1013
    async with socket_of(cast.staff):  # the first has gone, and is forgotten
        pass


async def test_an_abrupt_end_leaves_no_task_and_no_connection(cast: Cast) -> None:
    before = len(asyncio.all_tasks())
    for _ in range(5):
        async with socket_of(cast.management) as socket:
            await socket.listen(INBOX)
            await socket.listen(INBOX, "2")
            await asyncio.sleep(0.05)
            socket.wire.transport.abort()
    async with asyncio.timeout(5):
        while len(asyncio.all_tasks()) > before:
            await asyncio.sleep(0.05)


async def test_a_subscriber_on_one_replica_hears_what_was_done_on_the_other(
    world: World, cast: Cast, policy: str
) -> None:
    from dataclasses import replace

    import httpx2

    async with running(replace(world, base="", http=httpx2.AsyncClient(timeout=30))) as second:
        there = Cast(second)
        async with socket_of(there.chair("race")) as socket:
            await socket.listen(INBOX)
            await asyncio.sleep(0.5)
            made = await comment(cast.member("race"), policy)
            assert made in told(await socket.news())


class Events:
    """A bare reader of server-sent events."""

    def __init__(self, lines: Any) -> None:
        self.lines = lines

    async def following(self, seconds: float = 10) -> tuple[str, Any]:
        """The next event's name and data; a comment is `(":", None)`."""
        name, data = "", ""
        async with asyncio.timeout(seconds):
            async for line in self.lines:
                if line.startswith(":"):
                    return ":", None
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data:"):
                    data = line[5:].strip()
                elif not line and name:
                    return name, orjson.loads(data) if data else None
        raise AssertionError("the stream ended")


def headers(person: Person) -> dict[str, str]:
    return payload(person) | {"Accept": "text/event-stream"}


async def test_events_tell_the_same_as_a_socket(cast: Cast, policy: str) -> None:
    chair = cast.chair("race")
    body = {"query": INBOX, "variables": {}}
    async with cast.world.http.stream(
        "POST", f"{cast.world.base}/graphql", json=body, headers=headers(chair)
    ) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "private, no-store"
        reader = Events(stream.aiter_lines())
        await asyncio.sleep(0.5)
        made = await comment(cast.member("race"), policy)
        name, data = await reader.following()
        assert name == "next"
        assert made in told(data["data"]["inbox"])
    body = {"query": "{ viewer { person { id } } }"}
    answer = await cast.world.http.post(f"{cast.world.base}/graphql", json=body, headers=headers(chair))
    assert answer.text.startswith("event: next\ndata: {") and answer.text.endswith("event: complete\ndata: \n\n")
    assert "\r" not in answer.text


async def test_A11_comments_come_at_fixed_times_whatever_happens_elsewhere(
    cast: Cast, policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "BEAT_SECONDS", 0.4)
    body = {"query": INBOX, "variables": {}}
    async with cast.world.http.stream(
        "POST", f"{cast.world.base}/graphql", json=body, headers=headers(cast.management)
    ) as stream:
        reader = Events(stream.aiter_lines())
        for _ in range(3):
            assert await reader.following(3) == (":", None)
            await comment(cast.member("race"), policy)
        assert await reader.following(3) == (":", None)


async def test_a_seat_that_ends_ends_the_events(fresh_world: World) -> None:
    cast = Cast(fresh_world)
    policy = fresh_world.id("Consultation", "consultation", "RTD/flexible-working/")
    member = cast.member("race", 2)
    body = {"query": INBOX, "variables": {}}
    async with fresh_world.http.stream(
        "POST", f"{fresh_world.base}/graphql", json=body, headers=headers(member)
    ) as stream:
        await asyncio.sleep(0.3)
        assert member.seat is not None
        assert (await cast.chair("race").act("seatEnd", seatId=member.seat)).problems() == []
        await comment(cast.member("race"), policy, "After the seat ended.")
        async with asyncio.timeout(5):
            said = [line async for line in stream.aiter_lines()]
        assert not any("Comment" in line for line in said)


async def test_whoever_may_not_is_refused_before_a_stream_begins(world: World, cast: Cast) -> None:
    body = {"query": INBOX}
    nobody = await world.http.post(f"{world.base}/graphql", json=body, headers={"Accept": "text/event-stream"})
    assert nobody.status_code == 401
    plain = await cast.management.ask(INBOX)
    assert plain.fault == "BAD_REQUEST"


async def test_a_service_that_stops_lets_go_of_whoever_listens_and_tells_them_to_come_again(fresh_world: World) -> None:
    cast = Cast(fresh_world)
    async with socket_of(cast.management) as socket:
        await socket.listen(INBOX)
        await asyncio.sleep(0.2)
        assert isinstance(socket, Socket)
        fresh_world.stop()
        assert await socket.code() == 1012
