"""Real clients against the running service: each does a query, an error, an act and a subscription."""

import asyncio
import json

import pytest
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport

from tests.conformance.install import installed_suite
from tests.delivery.sockets import payload
from tests.journeys.stage import Cast, key
from tests.plugins.service import World

ACT = "mutation($input: CommentAddInput!) { commentAdd(input: $input) { comment { id } userErrors { code } } }"


@pytest.mark.parametrize("client", ["apollo", "urql", "urql-ws", "graphql-ws", "graphql-sse"])
async def test_a_client_from_npm_asks_fails_acts_and_listens(world: World, client: str) -> None:
    suite = installed_suite()
    member = Cast(world).member("race")
    policy = world.id("Consultation", "consultation", "RTD/flexible-working/")
    assert member.seat is not None
    said = await asyncio.create_subprocess_exec(
        "node", "clients.js", client, f"{world.base}/graphql", member.token, member.seat, policy,
        cwd=suite, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)  # fmt: skip
    out, err = await asyncio.wait_for(said.communicate(), 40)
    assert said.returncode == 0, err.decode()
    found = json.loads(out)
    seats = found["query"]["data"]["viewer"]["seats"]
    assert [seat["office"] for seat in seats if seat["acting"]] == ["MEMBER"]
    assert "nothing" in found["error"]["errors"][0]["message"]
    assert found["act"]["data"]["commentAdd"]["userErrors"] == []
    assert found["made"]
    assert found["heard"], "the subscription told of what the act made"


@pytest.mark.parametrize("transport", ["http", "websockets"])
async def test_the_client_from_pypi_asks_fails_acts_and_listens(world: World, transport: str) -> None:
    member = Cast(world).member("race")
    policy = world.id("Consultation", "consultation", "RTD/flexible-working/")
    socket = WebsocketsTransport(url=world.base.replace("http", "ws") + "/graphql", init_payload=payload(member))
    plain = HTTPXAsyncTransport(url=f"{world.base}/graphql", headers=payload(member))
    async with (
        Client(transport=socket) as listening,
        Client(transport=plain) as asking,
    ):
        news = listening.subscribe(gql("subscription { inbox { changes { nodeId } cursor } }"))
        following = asyncio.create_task(anext(news))
        await asyncio.sleep(0.5)
        session = asking if transport == "http" else listening
        seats = (await session.execute(gql("{ viewer { seats { acting office } } }")))["viewer"]["seats"]
        assert {"acting": True, "office": "MEMBER"} in seats
        with pytest.raises(TransportQueryError, match="nothing"):
            await session.execute(gql("{ nothing }"))
        said = {"consultationId": policy, "body": "Said with gql.", "idempotencyKey": key()}
        act = gql(ACT)
        act.variable_values = {"input": said}
        made = (await session.execute(act))["commentAdd"]["comment"]["id"]
        heard = await asyncio.wait_for(following, 10)
        assert made in {change["nodeId"] for change in heard["inbox"]["changes"]}
        await news.aclose()
