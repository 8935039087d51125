"""Why the service does not start: one line, before it listens, for whoever started it.

The lifespan refuses the same things, but a server's log keeps only the class of an error and never its words.
"""

from pydantic import ValidationError

from service.access.hosts import UNREACHABLE, connect, trouble
from service.access.pool import UnsafeRole, refuse_unsafe
from service.identity.issuers import profile_from
from service.identity.keys import http_client, trust
from service.identity.tokens import TokenVerifier
from service.settings import Settings, SettingsRefused


class StartRefused(Exception):
    """What stands in the way, in one line."""


async def refuse_to_start(settings: Settings) -> None:
    """Raise SettingsRefused or StartRefused where the service could not work, or would not be safe.

    A database without the newest migrations is no reason: `/readyz` says so until they have run.
    """
    await _refuse_issuers(settings)
    try:
        connection = await connect(settings.database_url)
        try:
            await refuse_unsafe(connection)
        finally:
            await connection.close()
    except UnsafeRole as unsafe:
        raise StartRefused(f"DATABASE_URL: {unsafe} (deploy/roles.sql makes the right one)") from None
    except UNREACHABLE as failure:
        raise StartRefused(f"DATABASE_URL: {trouble(failure)}") from None


async def _refuse_issuers(settings: Settings) -> None:
    if not settings.issuers and not settings.demo:
        raise SettingsRefused("PARTNERSHIP_ISSUERS: names no issuer, so nobody could sign in")
    try:
        async with http_client() as client:
            TokenVerifier([trust(profile_from(entry), client) for entry in settings.issuers])
    except ValueError as unfit:
        raise SettingsRefused(f"PARTNERSHIP_ISSUERS: {_first_problem(unfit)}") from None


def _first_problem(unfit: ValueError) -> str:
    if not isinstance(unfit, ValidationError):
        return str(unfit)
    first = unfit.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message
