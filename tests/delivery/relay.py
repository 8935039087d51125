"""A mail relay on this machine, in the test's own loop: what it took, and whom it refuses how."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as LINES
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Taken:
    """One mail that was taken, as it came."""

    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def parsed(self) -> EmailMessage:
        """By the standard library, which must find nothing wrong with it."""
        found: Any = message_from_bytes(self.raw, policy=LINES)
        assert not found.defects
        return found  # type: ignore[no-any-return]

    @property
    def text(self) -> str:
        """The body."""
        return str(self.parsed.get_content())

    @property
    def link(self) -> str:
        """The address that ends mail."""
        (found,) = re.findall(r"^<(\S+)>$", str(self.parsed["List-Unsubscribe"]).strip())
        return str(found)


@dataclass
class Inbox:
    """What a relay took, in order. `answers` refuses recipients; `breaks` is called before a mail is answered."""

    taken: list[Taken] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    breaks: Callable[[], None] | None = None
    port: int = 0
    greeted: list[str] = field(default_factory=list)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.greeted.append(hostname)
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if (said := self.answers.get(address)) is not None:
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.taken.append(Taken(str(envelope.mail_from), list(envelope.rcpt_tos), envelope.content))
        if self.breaks is not None:
            self.breaks()
        return "250 OK"

    def to(self, address: str) -> list[Taken]:
        """What was taken for one address."""
        return [each for each in self.taken if each.recipients == [address]]


@asynccontextmanager
async def taking(tls: ssl.SSLContext | None = None, **more: Any) -> AsyncIterator[Inbox]:
    """A relay that takes mail at a port of its own."""
    loop, inbox = asyncio.get_running_loop(), Inbox()
    serving = await loop.create_server(
        lambda: SMTP(inbox, loop=loop, tls_context=tls, hostname="relay.example.org", **more), "127.0.0.1", 0
    )
    inbox.port = serving.sockets[0].getsockname()[1]
    async with serving:
        yield inbox
