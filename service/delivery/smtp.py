"""One mail: its bytes, which name nothing, and the operator's relay that takes it (RFC 5321, RFC 5322, RFC 8058).

The bytes are written here and not by a library, so that they are the same each time but for what must differ: the date,
a random name, whom it goes to, and the link that ends it. All of it is ASCII and was judged before.
"""

import asyncio
import contextlib
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final, Literal
from uuid import UUID

import aiosmtplib

from service.rules.mail import SUBJECT, is_of_the_address

Tls = Literal["starttls", "tls", "none"]
STEP_SECONDS: Final = 10.0
WHOLE_SECONDS: Final = 30.0
UPDATE: Final = (
    "There may be something new for you. Sign in to see:",
    "{portal}",
    "",
    "This mail says the same each time.",
    "To be sent none any more:",
    "{link}",
)
CODE: Final = (
    "Somebody who signed in asked for mail to this address. If it was you,",
    "sign in and give this code within a day:",
    "{code}",
    "",
    "{portal}",
    "",
    "If it was not you, you need do nothing. To be sent none any more:",
    "{link}",
)


@dataclass(frozen=True, slots=True)
class Relay:
    """Through whom mail goes. Without TLS only to this machine; the settings see to it."""

    host: str
    port: int
    sender: str
    tls: Tls
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    trusted: ssl.SSLContext | None = None
    """Whose certificates are believed; None: those that the system believes."""

    @property
    def domain(self) -> str:
        """The sender's, by which the service names itself and its messages."""
        return self.sender.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Links:
    """What mail links to: the portal, and the service's own address, where mail is ended."""

    portal: str
    public: str

    def unsubscribe(self, token: str) -> str:
        """The address that ends mail."""
        return f"{self.public.rstrip('/')}/mail/unsubscribe/{token}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the relay said: SENT, AGAIN, or REFUSED of the address; `code` and `trouble` are for the log."""

    became: Literal["SENT", "AGAIN", "REFUSED"]
    code: int | None = None
    trouble: str | None = None


def letter(
    relay: Relay, links: Links, name: UUID, recipient: str, token: str, now: datetime, code: str | None = None
) -> bytes:
    """The whole message. `name` is random and stays over all attempts; a `code` is to confirm the address."""
    link = links.unsubscribe(token)
    body = UPDATE if code is None else CODE
    lines = (
        f"From: {relay.sender}",
        f"To: {recipient}",
        f"Subject: {SUBJECT}",
        f"Date: {format_datetime(now.astimezone(UTC))}",
        f"Message-ID: <{name.hex}@{relay.domain}>",
        f"List-Unsubscribe: <{link}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=us-ascii",
        "Content-Transfer-Encoding: 7bit",
        "",
        *(line.format(portal=links.portal, link=link, code=code) for line in body),
        "",
    )
    return "\r\n".join(lines).encode("ascii")


async def send(relay: Relay, recipient: str, message: bytes, seconds: float = WHOLE_SECONDS) -> Answer:
    """Hand one mail to the relay. What was taken is sent, whatever comes after; all else is for another time."""
    client = aiosmtplib.SMTP(
        hostname=relay.host,
        port=relay.port,
        username=relay.user,
        password=relay.password,
        local_hostname=relay.domain,
        timeout=STEP_SECONDS,
        use_tls=relay.tls == "tls",
        start_tls=relay.tls == "starttls",
        tls_context=relay.trusted,
    )
    try:
        async with asyncio.timeout(seconds):
            await client.connect()
            await client.mail(relay.sender, encoding="ascii")
            await client.rcpt(recipient, encoding="ascii")
            await client.data(message)
    except aiosmtplib.SMTPRecipientRefused as refused:
        for_good = is_of_the_address(refused.code, refused.message)
        return Answer("REFUSED" if for_good else "AGAIN", refused.code, "recipient")
    except aiosmtplib.SMTPResponseException as refused:
        return Answer("AGAIN", refused.code, type(refused).__name__)
    except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as failed:
        return Answer("AGAIN", None, type(failed).__name__)
    else:
        return Answer("SENT")
    finally:
        await _leave(client)


async def _leave(client: aiosmtplib.SMTP) -> None:
    """Say good-bye, as far as anybody listens; nothing of it changes what was taken."""
    with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
        async with asyncio.timeout(1):
            if client.is_connected:
                await client.quit()
    client.close()
