"""The page at ``/``: what this is, who the demo people are, a first query to copy.

Meets WCAG 2.2 AA: one main landmark, headings in order, a table with a caption and header
cells, a code block that the keyboard can scroll, 4.5:1 contrast in both colour schemes, no
script. It loads nothing; its one style sheet is inline and allowed by its hash.
"""

import json
from base64 import b64encode
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from shlex import quote
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from service.http.security import NOTHING_LOADED

STYLE = """
:root { color-scheme: light dark; }
body { font: 1.125rem/1.6 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem;
  color: #212b32; background: #fff; overflow-wrap: break-word; }
h1, h2 { line-height: 1.25; }
code, pre { font: 1rem/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; padding: 1rem; border: 1px solid #4c6272; }
:focus-visible { outline: 3px solid #005eb8; outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: bold; }
th, td { text-align: left; vertical-align: top; padding: .5rem .5rem .5rem 0;
  border-bottom: 1px solid #4c6272; }
@media (prefers-color-scheme: dark) {
  body { color: #f0f4f5; background: #212b32; }
  pre, th, td { border-color: #aeb7bd; }
  :focus-visible { outline-color: #ffeb3b; }
}
"""
STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY = f"{NOTHING_LOADED}; style-src 'sha256-{STYLE_HASH}'"

PAGE = Template("""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The partnership graph</title>
<style>$style</style>
</head>
<body>
<main>
<h1>The partnership graph</h1>
<p>One graph that links an NHS trust's staff networks with its partnership forums, and the trusts
of a region with their social partnership forum. Management side, staff side and each network have
rooms of their own that nobody else can open, count or time. Running the service opens none of them;
who could still read them, such as the database's superuser, is listed in the README.</p>
<p>Programs talk to it at <code>$endpoint</code>, by GraphQL over HTTP.</p>
$demo</main>
</body>
</html>
""")
DEMO = Template("""<h2>The demo</h2>
<p>The trusts and their codes are real. The people, policies and cases are invented.</p>
<table>
<caption>People you can sign in as</caption>
<thead><tr><th scope="col">Name</th><th scope="col">Who they are</th></tr></thead>
<tbody>
$rows
</tbody>
</table>
<h2>A first query</h2>
<p>Copy this into another terminal, in the directory where you started the demo. It asks, as a member of
one network, which rooms that opens and which networks the trust has.</p>
<pre tabindex="0" role="region" aria-label="A first query"><code>$command</code></pre>
""")


@dataclass(frozen=True, slots=True)
class Demo:
    """What the page says of a demo: people as (name, who they are), and a command to copy."""

    people: Sequence[tuple[str, str]]
    command: str


def front_page(demo: Demo | None = None, endpoint: str = "/graphql") -> str:
    """The page's HTML; everything given is text and is escaped."""
    rows = [
        f'<tr><th scope="row"><code>{escape(name)}</code></th><td>{escape(who)}</td></tr>'
        for name, who in (demo.people if demo else ())
    ]
    section = DEMO.substitute(rows="\n".join(rows), command=escape(demo.command)) if demo else ""
    return PAGE.substitute(style=STYLE, endpoint=escape(endpoint), demo=section)


def first_command(token_command: str, url: str, query: str) -> str:
    """A command for a terminal that signs in with ``token_command`` and asks ``query``."""
    body = quote(json.dumps({"query": query}))
    return (
        f"curl -s {quote(url)} \\\n"
        f'  -H "Authorization: Bearer $({token_command})" \\\n'
        "  -H 'Content-Type: application/json' \\\n"
        f"  -d {body}"
    )


def page(demo: Demo | None = None) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of the page, made once."""
    html = front_page(demo)

    async def show(request: Request) -> Response:
        return HTMLResponse(html, headers={"Content-Security-Policy": POLICY})

    return show
