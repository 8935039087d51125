"""Where a mail's link ends mail (RFC 8058): for a POST alone, as whatever reads mail for viruses follows links too.

Nobody signs in here, so nothing is told: every link, a good one, an old one and a made-up one, shows the same page and
has the same answer, and no page repeats its address.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from service.access.viewer import Doorway
from service.db import mail as db
from service.http.allowance import Allowance
from service.http.answering import in_time, spend
from service.http.pages import STYLE, STYLE_HASH
from service.http.security import NOTHING_LOADED
from service.http.view import refused_plainly
from service.resolvers.mail_marks import link_of

PATH: Final = "/mail/unsubscribe/{token}"
BODY_LIMIT: Final = 4096
DEADLINE: Final = 15.0
COUNTED_AS: Final = "mail"
_POSTS_HERE: Final = NOTHING_LOADED.replace("form-action 'none'", "form-action 'self'")
POLICY: Final = f"{_POSTS_HERE}; style-src 'sha256-{STYLE_HASH}'"


def _page(said: str) -> str:
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mail</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>Mail</h1>
{said}
</main>
</body>
</html>
"""


ASKS: Final = _page(
    '<p>Mail to the address that this link was sent to ends when you press the button.</p>\n<form method="post">'
    '<input type="hidden" name="List-Unsubscribe" value="One-Click"><button>Send no more mail</button></form>'
)
DONE: Final = _page("<p>If this link was in a mail to an address that is still used, no more is sent there.</p>")


async def unsubscribe(doorway: Doorway, key: bytes, allowance: Allowance, request: Request) -> Response:
    """The page with the button; for a POST, whatever it holds, the end of the mail that the link was in."""
    return await in_time(_ended(doorway, key, allowance, request), DEADLINE, refused_plainly)


async def _ended(doorway: Doorway, key: bytes, allowance: Allowance, request: Request) -> Response:
    spend(allowance, COUNTED_AS, request)
    page = ASKS
    if request.method == "POST":
        page = DONE
        found = link_of(key, request.path_params["token"])
        if found is not None:
            await db.unsubscribe(doorway, *found)
    return HTMLResponse(page, headers={"Content-Security-Policy": POLICY})
