"""What a release note's code shows to whoever has it, such as a line manager, who signs in nowhere.

A code that shows nothing, wrong, revoked or too old, gets the same answer at the same cost, and how often anybody may
try is counted by where they come from. The log keeps the route and never the code.
"""

from html import escape
from string import Template
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from service.access.viewer import Doorway
from service.http.allowance import Allowance
from service.http.answering import in_time, spend
from service.http.media import JSON, rather_reads_a_page
from service.http.pages import POLICY, STYLE
from service.http.view import refused_plainly
from service.resolvers import release_notes
from service.resolvers.release_notes import Note
from service.rules.release_notes import STATEMENT

PATH: Final = "/release-notes/{code}"
COUNTED_AS: Final = "release notes"
NO_NOTE: Final = "No such note"
PAGE: Final = Template("""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Release note</title>
<style>$style</style>
</head>
<body>
<main>
<h1>$heading</h1>
$said</main>
</body>
</html>
""")


class ReleaseNotesView:
    """The endpoint of all codes."""

    def __init__(self, doorway: Doorway, allowance: Allowance, *, deadline: float = 15.0) -> None:
        """`deadline` in seconds, from the start of the request to its answer."""
        self._doorway, self._allowance = doorway, allowance
        self.deadline = deadline

    async def answer(self, request: Request) -> Response:
        """The note, or that there is none."""
        return await in_time(self._found(request), self.deadline, refused_plainly)

    async def _found(self, request: Request) -> Response:
        spend(self._allowance, COUNTED_AS, request)
        note = await release_notes.at_code(self._doorway, request.path_params["code"])
        return shown(note, page=rather_reads_a_page(request.headers.get("accept")))


def shown(note: Note | None, *, page: bool) -> Response:
    """The note as a page for people or as JSON for programs."""
    status = 404 if note is None else 200
    if not page:
        return Response(orjson.dumps(_plain(note)), status, media_type=JSON)
    said = "" if note is None else _words(note)
    html = PAGE.substitute(style=STYLE, heading=NO_NOTE if note is None else "Valid release note", said=said)
    return HTMLResponse(html, status, headers={"Content-Security-Policy": POLICY})


def _plain(note: Note | None) -> dict[str, object]:
    if note is None:
        return {"valid": False, "statement": NO_NOTE}
    return {"valid": True, "statement": STATEMENT, "on": note.on, "hours": f"{note.hours:f}", "trust": note.trust}


def _words(note: Note) -> str:
    when = f"On {note.on.day} {note.on:%B %Y}, for {note.hours.normalize():f} hours."
    return "".join(f"<p>{escape(said)}</p>\n" for said in (f"{STATEMENT}.", when, note.trust))
