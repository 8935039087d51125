"""Who sends a request, and in which capacity: the token, then the account, then the header Acting-As."""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from starlette.requests import Request

from service.access.viewer import Doorway, Viewer
from service.execution.errors import BadRequest, Unauthenticated, Unavailable
from service.http.allowance import Allowance
from service.identity.bearer import NotAuthenticated, bearer_token
from service.identity.tokens import Identity, TokenRefused, TokenVerifier
from service.resolvers.context import Context, Keys, SignedIn, unknown_seat
from service.resolvers.ids import row_id

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


async def _identity(request: Request, verifier: TokenVerifier) -> Identity:
    try:
        return await verifier.verify(bearer_token(request.scope["headers"]))
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


def _capacity(request: Request) -> tuple[UUID | None, bool]:
    given = request.headers.getlist("acting-as")
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


def context_factory(
    doorway: Doorway, keys: Keys, verifier: TokenVerifier, allowance: Allowance
) -> Callable[[Request], Awaitable[Context]]:
    """What makes each request's context. Raises the faults that refuse it."""
    accounts = Accounts(doorway)

    async def make(request: Request) -> Context:
        identity = await _identity(request, verifier)
        allowance.spend(identity.issuer, identity.subject)
        seat, merge = _capacity(request)
        account = await accounts.of(identity.issuer, identity.subject)
        signed_in = SignedIn(identity.issuer, identity.subject, identity.name, account)
        return Context(doorway, keys, signed_in, Viewer(account, seat, merge))

    return make
