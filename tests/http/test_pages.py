"""The front page, for somebody who has never seen the service and may not see the screen."""

import re
import shlex
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

from service.http.pages import first_command, front_page
from tests.http.toy import client


class Outline(HTMLParser):
    """The tags of a page with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[str]:
        return [tag for tag, _ in self.tags if tag in names]

    def attributes(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def test_a_stranger_finds_no_script_and_nothing_loaded_from_elsewhere() -> None:
    html = client().get("/").text
    assert not Outline(html).all("script", "link", "img", "iframe", "object", "form")
    assert not re.search(r"url\(|@import|https?://|\son\w+=|\sstyle=", html)


def test_the_pages_style_is_allowed_by_its_hash_and_nothing_else_is() -> None:
    response = client().get("/")
    style = re.search(r"<style>(.*?)</style>", response.text, re.DOTALL)
    assert style is not None
    digest = b64encode(sha256(style.group(1).encode()).digest()).decode()
    assert response.headers["content-security-policy"].endswith(f"; style-src 'sha256-{digest}'")


def test_a_reader_with_a_screen_reader_finds_the_way() -> None:
    outline = Outline(client().get("/").text)
    assert outline.attributes("html") == [{"lang": "en-GB"}]
    assert outline.all("main", "h1") == ["main", "h1"]
    assert outline.all("h1", "h2", "h3") == ["h1", "h2", "h2"]
    assert outline.all("title", "caption") == ["title", "caption"]
    assert {each.get("scope") for each in outline.attributes("th")} == {"col", "row"}
    assert outline.attributes("pre") == [{"tabindex": "0", "role": "region", "aria-label": "A first query"}]
    assert "width=device-width" in str(outline.attributes("meta")[1]["content"])


def test_a_reader_with_low_vision_has_enough_contrast_in_both_schemes() -> None:
    for text, ground in (("212b32", "ffffff"), ("f0f4f5", "212b32")):
        assert contrast(text, ground) >= 4.5
    for line, ground in (("4c6272", "ffffff"), ("aeb7bd", "212b32"), ("005eb8", "ffffff"), ("ffeb3b", "212b32")):
        assert contrast(line, ground) >= 3


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_persona_with_markup_in_its_text_is_only_text() -> None:
    html = client().get("/").text
    assert "Chairs &lt;a&gt; network." in html
    assert "curl &#x27;x&#x27; &amp; y" in html


def test_a_real_trusts_page_names_no_demo() -> None:
    html = front_page()
    assert "demo" not in html.lower()
    assert "<table" not in html


def test_a_newcomer_can_paste_the_first_query() -> None:
    command = first_command(
        "partnership token network-chair", "http://127.0.0.1:8000/graphql", '{ node(id: "it\'s") { id } }'
    )
    words = shlex.split(command)
    assert words[0] == "curl"
    assert words[-1] == '{"query": "{ node(id: \\"it\'s\\") { id } }"}'
    assert "Authorization: Bearer $(partnership token network-chair)" in words
