"""An issuer's keys, at hand: fetched once for all who wait, at most once a minute, and not trusted for long.

A key that the issuer has withdrawn is refused within five minutes (four of freshness here, one in the cache of verified
tokens). While the issuer cannot be reached its last good set is kept, for a day at most: signing in survives an outage,
and an attacker who blocks us from the issuer gains a day and no more. THREATS B7, B12, B13.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import httpx2
import structlog

from service.identity import key_sets
from service.identity.compact import VerifyingKey
from service.identity.issuers import IssuerProfile, origin
from service.identity.refusals import RefusalReason, TokenRefused

FRESH_SECONDS = 240.0
KEPT_SECONDS = 86_400.0
RETRY_SECONDS = 60.0
FETCH_SECONDS = 5.0
MAX_DOCUMENT_BYTES = 256 * 1024

log = structlog.get_logger(__name__)


class KeySource(Protocol):
    """Where an issuer's keys are looked up."""

    async def find(self, key_id: str) -> VerifyingKey:
        """The key of that `kid`; raises `TokenRefused`."""


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer's profile beside the source of its keys."""

    profile: IssuerProfile
    keys: KeySource


@dataclass(frozen=True, slots=True)
class FixedKeys:
    """Keys that never change while the process runs: the demo issuer's."""

    keys: Mapping[str, VerifyingKey]

    async def find(self, key_id: str) -> VerifyingKey:
        return _known(self.keys, key_id)


class RemoteKeys:
    """The published keys of one issuer. Belongs to one event loop."""

    def __init__(
        self, profile: IssuerProfile, client: httpx2.AsyncClient, clock: Callable[[], float] = time.monotonic
    ) -> None:
        origin(profile.issuer)  # refuses an issuer that no web address can stand for, such as the demo's
        self._profile = profile
        self._client = client
        self._clock = clock
        self._keys: Mapping[str, VerifyingKey] = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._failed = False
        self._flight: asyncio.Task[None] | None = None

    async def find(self, key_id: str) -> VerifyingKey:
        """The key of that `kid`, from a set fetched in the last four minutes if the issuer can be reached."""
        if key_id in self._keys and self._age() < FRESH_SECONDS:
            return self._keys[key_id]
        flight = self._take_off()
        # While the issuer is down, whoever has a known key does not wait for the next attempt to fail.
        if flight is not None and not (key_id in self._keys and self._failed and self._age() < KEPT_SECONDS):
            await asyncio.shield(flight)
        if self._age() >= KEPT_SECONDS:
            raise TokenRefused(RefusalReason.KEYS_UNAVAILABLE)
        return _known(self._keys, key_id)

    def _age(self) -> float:
        return self._clock() - self._fetched_at

    def _take_off(self) -> asyncio.Task[None] | None:
        """The fetch under way, a new one if a minute has passed since the last, else none."""
        if self._flight is not None and not self._flight.done():
            return self._flight
        if self._clock() - self._tried_at < RETRY_SECONDS:
            return None
        self._tried_at = self._clock()
        self._flight = asyncio.create_task(self._fetch())
        return self._flight

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                address = self._profile.jwks_uri or await self._discover()
                keys = key_sets.key_set(await self._document(address), self._profile.issuer)
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError, ValueError) as error:
            self._failed = True
            log.warning("issuer_keys_not_fetched", issuer=self._profile.issuer, error=type(error).__name__)
        else:
            self._failed = False
            self._keys, self._fetched_at = keys, self._clock()

    async def _discover(self) -> str:
        issuer = self._profile.issuer
        return key_sets.jwks_uri(await self._document(key_sets.discovery_uri(issuer)), issuer)

    async def _document(self, address: str) -> bytes:
        """The body at `address`: no redirect, read as sent (so nothing unpacks), no more than a key set could need."""
        wanted = {"accept": "application/json", "accept-encoding": "identity"}
        async with self._client.stream("GET", address, headers=wanted, follow_redirects=False) as response:
            if response.status_code != httpx2.codes.OK:
                raise ValueError(f"the issuer answered {response.status_code}")
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > MAX_DOCUMENT_BYTES:
                    raise ValueError("the issuer's document is too large")
        return bytes(body)


def http_client(transport: httpx2.AsyncBaseTransport | None = None) -> httpx2.AsyncClient:
    """The client for issuers' documents, made once at start-up and closed by whoever made it."""
    return httpx2.AsyncClient(timeout=FETCH_SECONDS, follow_redirects=False, transport=transport)


def trust(profile: IssuerProfile, client: httpx2.AsyncClient) -> TrustedIssuer:
    """A configured issuer whose keys are fetched from where its profile says."""
    return TrustedIssuer(profile, RemoteKeys(profile, client))


def _known(keys: Mapping[str, VerifyingKey], key_id: str) -> VerifyingKey:
    if key_id not in keys:
        raise TokenRefused(RefusalReason.KEY_UNKNOWN)
    return keys[key_id]
