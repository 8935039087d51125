"""Who sends a request, and in which capacity: the token, then the account, then the header Acting-As."""

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from starlette.requests import Request

from service.access.viewer import Doorway, Viewer
from service.delivery.hub import Hub
from service.execution.errors import BadRequest, Unauthenticated, Unavailable
from service.http.allowance import Allowance
from service.identity.bearer import NotAuthenticated, bearer_token
from service.identity.tokens import Identity, TokenRefused, TokenVerifier
from service.resolvers.context import Context, Keys, SignedIn, unknown_seat
from service.resolvers.ids import row_id
from service.rules.webhooks import Network

REMEMBERED_SECONDS: Final = 30.0
REMEMBERED_MOST: Final = 10_000


class Accounts:
    """Which account an (issuer, subject) is, remembered for half a minute; who is unknown is asked for each time.

    Remembering only saves a look-up: the database reads account and seats again in every transaction.
    """

    def __init__(self, doorway: Doorway) -> None:
        self._doorway = doorway
        self._known: OrderedDict[tuple[str, str], tuple[float, UUID]] = OrderedDict()

    async def of(self, issuer: str, subject: str) -> UUID | None:
        """The account, or None for somebody not enrolled."""
        known = self._known.get((issuer, subject))
        if known is not None and known[0] > time.monotonic():
            return known[1]
        account = await self._doorway.identify(issuer, subject)
        if account is not None:
            self._known[issuer, subject] = (time.monotonic() + REMEMBERED_SECONDS, account)
            self._known.move_to_end((issuer, subject))
            if len(self._known) > REMEMBERED_MOST:
                self._known.popitem(last=False)
        return account


RawHeaders = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who asks, in which capacity, and until when their token holds."""

    signed_in: SignedIn
    viewer: Viewer
    until: datetime


class Senders:
    """Who sends what, told by the headers of a request or by what stands in their place on a socket."""

    def __init__(
        self,
        doorway: Doorway,
        keys: Keys,
        verifier: TokenVerifier,
        allowance: Allowance,
        hub: Hub | None = None,
        webhook_networks: Sequence[Network] = (),
        sends_mail: bool = False,
    ) -> None:
        self._doorway, self._keys, self._hub, self._networks = doorway, keys, hub, webhook_networks
        self._sends_mail = sends_mail
        self._verifier, self._allowance = verifier, allowance
        self._accounts = Accounts(doorway)

    async def __call__(self, request: Request) -> Context:
        """The context of one request. Raises the faults that refuse it."""
        return self.context(await self.of(request.scope["headers"]))

    async def of(self, headers: RawHeaders) -> Sender:
        """Who is named. Raises the faults that refuse them."""
        identity = await self._identity(headers)
        self._allowance.spend(identity.issuer, identity.subject)
        seat, merge = _capacity(headers)
        account = await self._accounts.of(identity.issuer, identity.subject)
        signed_in = SignedIn(identity.issuer, identity.subject, identity.name, account)
        return Sender(signed_in, Viewer(account, seat, merge), identity.expires_at)

    def again(self, sender: Sender) -> Context:
        """The context of one more operation on a socket; it counts as a request. Raises RateLimited."""
        self._allowance.spend(sender.signed_in.issuer, sender.signed_in.subject)
        return self.context(sender)

    def context(self, sender: Sender) -> Context:
        """A context of their own."""
        return Context(
            self._doorway, self._keys, sender.signed_in, sender.viewer, self._hub, self._networks, self._sends_mail
        )

    async def _identity(self, headers: RawHeaders) -> Identity:
        try:
            return await self._verifier.verify(bearer_token(headers))
        except TokenRefused as refused:
            if refused.ours:
                raise Unavailable("Sign-in cannot be checked just now.") from None
            raise Unauthenticated("This token does not hold.", error="invalid_token") from None
        except NotAuthenticated as missing:
            if missing.status == 400:
                raise BadRequest(
                    "Send one Authorization header, with one bearer token.", field=("Authorization",)
                ) from None
            raise Unauthenticated from None


def _capacity(headers: RawHeaders) -> tuple[UUID | None, bool]:
    given = [value.decode("latin-1") for name, value in headers if name == b"acting-as"]
    if not given:
        return None, False
    if len(given) > 1:
        raise BadRequest("Send one Acting-As header.", field=("Acting-As",), rule="one capacity")
    if given[0] == "all":
        return None, True
    seat = row_id(given[0], "Seat")
    if seat is None:
        raise unknown_seat()
    return seat, False
