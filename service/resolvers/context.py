"""What one request carries: its viewer, its one snapshot, and the batches that are being gathered."""

import asyncio
import hmac
from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from strawberry.dataloader import DataLoader

from service.access.viewer import Doorway, Snapshot, UnknownSeat, Viewer
from service.execution.errors import BadRequest
from service.rules.webhooks import Network

if TYPE_CHECKING:
    from service.delivery.hub import Hub


@dataclass(frozen=True, slots=True)
class Keys:
    """Secrets for what the service signs: each for one use."""

    cursors: bytes
    idempotency: bytes
    invitations: bytes
    feed: bytes
    webhooks: bytes
    mail: bytes
    calendar: bytes

    @classmethod
    def derived(cls, key: Callable[[str], bytes]) -> Self:
        """Each from the service's secret, by its name."""
        return cls(**{each.name: key(each.name) for each in fields(cls)})


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whom the token names. `account` is None until the person is enrolled."""

    issuer: str
    subject: str
    name: str | None
    account: UUID | None


class RequestOver(Exception):
    """A resolver went on after its request was answered, as graphql-core lets it where a field beside it failed."""


class Context:
    """One request. `reading()` opens the snapshot when first needed; `close` ends it whatever happened."""

    def __init__(
        self,
        doorway: Doorway,
        keys: Keys,
        signed_in: SignedIn,
        viewer: Viewer,
        hub: "Hub | None" = None,
        webhook_networks: Sequence[Network] = (),
        sends_mail: bool = False,
    ) -> None:
        self.doorway = doorway
        self.hub = hub
        self.webhook_networks = webhook_networks
        self.sends_mail = sends_mail
        self.keys = keys
        self.signed_in = signed_in
        self.viewer = viewer
        self.told_once: str | None = None
        """What an act made that nothing keeps, for its own payload alone."""
        self.loaders: dict[Hashable, DataLoader[Any, Any]] = {}
        self.statements = 0
        self._acted = self._unknown = self._ended = False
        self._snapshot: Snapshot | None = None
        self._entered: AbstractAsyncContextManager[Snapshot] | None = None
        self._turn = asyncio.Lock()

    async def reading(self) -> Snapshot:
        """The request's snapshot. Callers that may run at the same time are given the same one.

        Raises RequestOver after `close`, when nobody would give the connection back.
        """
        if self._snapshot is None:
            async with self._turn:
                return self._snapshot or await self._enter()
        return self._snapshot

    async def _enter(self) -> Snapshot:
        if self._unknown:
            raise unknown_seat()
        try:
            return await self._enter_as(self.viewer)
        except UnknownSeat:
            if not self._acted:
                self._unknown = True
                raise unknown_seat() from None
            # An act of this request ended the very seat it was done in: its answer is read as who one is without it.
            return await self._enter_as(replace(self.viewer, seat=None))

    async def _enter_as(self, viewer: Viewer) -> Snapshot:
        if self._ended:
            raise RequestOver
        entering = self.doorway.reading(viewer)
        self._snapshot = await entering.__aenter__()
        self._entered = entering
        return self._snapshot

    async def renew(self, viewer: Viewer | None = None) -> None:
        """After an act: forget the snapshot, so that what follows is read as it stands now."""
        await self._leave()
        self._acted, self._unknown = True, False
        self.viewer = viewer or self.viewer

    async def rest(self) -> None:
        """Between two events of a stream: nothing is held, and what follows is read anew, under the rights of then."""
        async with self._turn:
            await self._leave()

    async def close(self) -> None:
        """End the request: its snapshot, and the connection, go back."""
        self._ended = True
        async with self._turn:  # whoever is entering now does so first
            await self._leave()

    async def _leave(self) -> None:
        if self._snapshot is not None:
            self.statements += self._snapshot.statements
        self._snapshot = None
        self.loaders.clear()
        entered, self._entered = self._entered, None
        if entered is not None:
            await entered.__aexit__(None, None, None)

    def mark(self, use: bytes, *said: object) -> bytes:
        """A keyed hash over what is said, for one use."""
        return keyed_mark(use, *said)

    def tell_once(self) -> str | None:
        """What the act just done made, and from then on nothing."""
        told, self.told_once = self.told_once, None
        return told


def keyed_mark(use: bytes, *said: object) -> bytes:
    """A keyed hash over what is said, for one use."""
    return hmac.digest(use, "\x1f".join(str(word) for word in said).encode(), sha256)


def unknown_seat() -> BadRequest:
    """The answer to a capacity that is not the viewer's: another's seat, an ended one and none are the same."""
    return BadRequest(
        "Acting-As names no seat that you hold now.", field=("Acting-As",), rule="a seat of yours, or all"
    )
