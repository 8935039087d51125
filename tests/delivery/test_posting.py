"""Posting a webhook: nobody inside is reached, whatever a name resolves to, and who is outside can check who sent it."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from service.delivery.posting import Answer, address_of, post, signed
from service.resolvers.webhook_secrets import new_secret, opened_secret, sealed_secret, shown

HERE = [ip_network("127.0.0.1/32")]
BODY = b'{"type":"consultation.changed"}'


@dataclass
class Listener:
    """A server on this machine: what it heard, and what it answers."""

    port: int = 0
    says: bytes = b"HTTP/1.1 204 No Content\r\n\r\n"
    heard: list[bytes] = field(default_factory=list)

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.heard.append(head + await reader.readexactly(len(BODY)))
        writer.write(self.says)
        await writer.drain()
        if self.says:
            writer.close()
        else:
            await reader.read()
            writer.close()


@asynccontextmanager
async def listening(says: bytes = Listener.says) -> AsyncIterator[Listener]:
    listener = Listener(says=says)
    server = await asyncio.start_server(listener.hear, "127.0.0.1", 0)
    listener.port = server.sockets[0].getsockname()[1]
    async with server:
        yield listener


def resolving(*answers: Sequence[str]):  # type: ignore[no-untyped-def]
    """A resolver that gives one answer after the other."""
    left = list(answers)

    async def resolve(host: str, port: int) -> Sequence[str]:
        return left.pop(0)

    return resolve


async def test_D7_a_name_that_leads_inside_is_never_connected_to() -> None:
    async with listening() as inside:
        answer = await post(f"https://hook.example:{inside.port}/", BODY, {}, resolve=resolving(["127.0.0.1"]))
        assert answer == Answer(None)
        assert inside.heard == []


async def test_D7_a_name_that_resolves_otherwise_a_moment_later_changes_nothing() -> None:
    """DNS rebinding: one look for each attempt, so there is no second answer to be led by."""
    async with listening() as outside:
        resolve = resolving(["127.0.0.1"])  # a second look would have nothing to pop
        url = f"http://rebinding.example:{outside.port}/in?x=1"
        assert await post(url, BODY, {}, networks=HERE, resolve=resolve) == Answer(204)
        (heard,) = outside.heard
        assert heard.startswith(b"POST /in?x=1 HTTP/1.1\r\n")
        assert f"Host: rebinding.example:{outside.port}".encode() in heard
        assert heard.endswith(BODY)


async def test_D7_an_address_that_was_good_when_it_was_added_is_judged_again_at_each_send() -> None:
    resolve = resolving(["8.8.8.8"], ["10.0.0.8"])
    assert await address_of("https://hook.example/", (), resolve) == "8.8.8.8"
    assert await post("https://hook.example/", BODY, {}, resolve=resolve) == Answer(None)


@pytest.mark.parametrize("url", ["http://hook.example/", "https://hook.example:9000/"])
async def test_a_test_network_is_no_way_out_of_tls_or_the_ports_elsewhere(url: str) -> None:
    assert await address_of(url, HERE, resolving(["8.8.8.8"])) is None


async def test_D7_a_redirect_is_not_followed() -> None:
    async with listening() as inside:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:{inside.port}/\r\nContent-Length: 0\r\n\r\n".encode()
        async with listening(moved) as outside:
            answer = await post(f"http://127.0.0.1:{outside.port}/", BODY, {}, networks=HERE)
            assert answer.status == 307
            assert len(outside.heard) == 1
        assert inside.heard == []


async def test_the_proxy_of_the_environment_hears_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening() as proxy, listening() as outside:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert await post(f"http://127.0.0.1:{outside.port}/", BODY, {}, networks=HERE) == Answer(204)
        assert proxy.heard == []


async def test_E11_one_that_hangs_is_left_in_time() -> None:
    async with listening(b"") as hanging:
        begun = time.monotonic()
        answer = await post(f"http://127.0.0.1:{hanging.port}/", BODY, {}, networks=HERE, seconds=0.3)
        assert answer == Answer(None)
        assert time.monotonic() - begun < 3


async def test_an_answer_without_end_is_not_read() -> None:
    async with listening(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n") as talking:
        answer = await post(f"http://127.0.0.1:{talking.port}/", BODY, {}, networks=HERE, seconds=5)
        assert answer == Answer(200)


@pytest.mark.parametrize(
    "says", [b"nonsense\r\n\r\n", b"HTTP/1.1 999999 X\r\n\r\n", b"HTTP/1.1 200 OK\r\nX:" + b"a" * 200_000]
)
async def test_an_answer_that_is_none_is_a_failure_and_no_error(says: bytes) -> None:
    async with listening(says) as mad:
        assert await post(f"http://127.0.0.1:{mad.port}/", BODY, {}, networks=HERE) == Answer(None)


async def test_what_the_answer_asks_to_wait_is_heard() -> None:
    async with listening(b"HTTP/1.1 429 Slow\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n") as busy:
        answer = await post(f"http://127.0.0.1:{busy.port}/", BODY, {}, networks=HERE)
        assert answer == Answer(429, timedelta(minutes=2))


def test_C13_who_has_either_secret_while_it_is_changed_can_check_and_nobody_else() -> None:
    old, new = new_secret(), new_secret()
    headers = signed([new, old], "msg_1", datetime.now(UTC), BODY)
    for secret in (old, new):
        assert Webhook(shown(secret)).verify(BODY, headers) == {"type": "consultation.changed"}
    with pytest.raises(WebhookVerificationError):
        Webhook(shown(new_secret())).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(shown(new)).verify(BODY + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(shown(new)).verify(BODY, {**headers, "webhook-id": "msg_2"})


def test_british_summer_time_is_not_an_hour_off() -> None:
    winter = datetime(2026, 7, 1, 11, 0, tzinfo=UTC)
    summer = winter.astimezone(ZoneInfo("Europe/London"))
    assert summer.hour == 12
    secret = new_secret()
    assert signed([secret], "m", summer, BODY) == signed([secret], "m", winter, BODY)
    now = datetime.now(UTC).astimezone(ZoneInfo("Asia/Tokyo"))
    Webhook(shown(secret)).verify(BODY, signed([secret], "m", now, BODY))


def test_C13_a_sealed_secret_opens_for_its_endpoint_and_key_alone() -> None:
    key, endpoint, secret = bytes(32), uuid4(), new_secret()
    held = sealed_secret(key, endpoint, secret)
    assert secret not in held
    assert opened_secret(key, endpoint, held) == secret
    assert opened_secret(key, uuid4(), held) is None
    assert opened_secret(b"\1" * 32, endpoint, held) is None
