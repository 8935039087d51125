"""Charts and tables at paths of their own, under the same sign-in, capacity and walls as the graph.

What is hidden is not found, as what was never there: the same status, the same empty words. Nothing is kept on the
way (`security`), and a file to take away is named by what it is, never by whose it is.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from service.http.answering import in_time
from service.http.view import refused_plainly
from service.resolvers import pictures
from service.resolvers.context import Context

MEDIA: Final = {
    "svg": "image/svg+xml",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
NOT_FOUND: Final = "There is no such thing, or none that you may see.\n"
PATHS: Final = (
    "/pictures/series/{organisation}/{metric}.{form}",
    "/pictures/gap/{organisation}/{metric}.{form}",
    "/pictures/release/{release}/{metric}.{form}",
    "/pictures/release/{release}.{form}",
)


class PicturesView:
    """The endpoint of all pictures; `context_factory` raises what refuses a request."""

    def __init__(self, context_factory: Callable[[Request], Awaitable[Context]], *, deadline: float = 15.0) -> None:
        """`deadline` in seconds, from the start of the request to its answer."""
        self.context_factory = context_factory
        self.deadline = deadline

    async def answer(self, request: Request) -> Response:
        """The picture, or why there is none."""
        return await in_time(self._found(request), self.deadline, refused_plainly)

    async def _found(self, request: Request) -> Response:
        context = await self.context_factory(request)
        try:
            given = request.path_params
            content = await _made(context, request.url.path, given) if given["form"] in MEDIA else None
        finally:
            await context.close()
        if content is None:
            return Response(NOT_FOUND, 404, media_type="text/plain")
        headers = (
            {} if given["form"] == "svg" else {"Content-Disposition": f'attachment; filename="figures.{given["form"]}"'}
        )
        return Response(content, headers=headers, media_type=MEDIA[given["form"]])


async def _made(context: Context, path: str, given: dict[str, str]) -> bytes | None:
    if "release" in given:
        return await pictures.of_release(context, given["release"], given.get("metric"), given["form"])
    kind = path.split("/")[2]
    if kind == "gap" and given["form"] != "svg":
        return None
    return await pictures.of_series(context, given["organisation"], given["metric"], kind, given["form"])
