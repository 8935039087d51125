"""A seat's calendar at an address of its own, for programs that sign in nowhere.

The address is all that its reader shows, so every one that opens nothing gets the same answer at the same cost, and how
often anybody may try is counted by where they come from. The log keeps the route and never the address.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from service.access.viewer import Doorway
from service.http.allowance import Allowance
from service.http.answering import in_time, spend
from service.http.view import refused_plainly
from service.resolvers import calendar

MEDIA: Final = "text/calendar; charset=utf-8"
NOT_FOUND: Final = "Not Found"
"""As any path has it at which there is nothing."""
COUNTED_AS: Final = "calendar"


class CalendarView:
    """The endpoint of all calendars."""

    def __init__(self, doorway: Doorway, key: bytes, allowance: Allowance, *, deadline: float = 15.0) -> None:
        """`key` marks entries; `deadline` in seconds, from the start of the request to its answer."""
        self._doorway, self._key, self._allowance = doorway, key, allowance
        self.deadline = deadline

    async def answer(self, request: Request) -> Response:
        """The calendar, or that there is none."""
        return await in_time(self._found(request), self.deadline, refused_plainly)

    async def _found(self, request: Request) -> Response:
        spend(self._allowance, COUNTED_AS, request)
        content = await calendar.at_address(self._doorway, self._key, request.path_params["token"])
        if content is None:
            return Response(NOT_FOUND, 404, media_type="text/plain")
        return Response(content, media_type=MEDIA)
