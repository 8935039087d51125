"""A sheet to draw on, as SVG: shapes and words with presentation attributes only, so that no style sheet or script is.

Words are escaped by the library; characters that XML cannot hold are left out. Attributes are ours, never a user's.
"""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Any, Final

import drawsvg

FONT: Final = "Arial, Helvetica, sans-serif"
INK: Final = "#212b32"
FAINT: Final = "#4c6272"
LINE: Final = "#aeb7bd"
PAPER: Final = "#ffffff"
_UNFIT: Final = frozenset({"Cc", "Cs", "Cn"})
# NHS identity colours that stand 4.5 to 1 against white, told apart by dash and mark as well as by colour.
COLOURS: Final = ("#005eb8", "#7c2855", "#006747", "#8a1538")
DASHES: Final = ("none", "7 3", "2 3", "9 3 2 3")


def words(text: str) -> str:
    """The text as one line, without characters that an XML document cannot hold."""
    return "".join(" " if c in "\t\n" else c for c in text if c in "\t\n" or unicodedata.category(c) not in _UNFIT)


class Sheet:
    """One drawing of a width and height in pixels, with its title and description for those who do not see it."""

    def __init__(self, width: int, height: int, title: str, description: str) -> None:
        # Two pictures on one page need two names, the same ones each time.
        mark = "c" + hashlib.sha256(f"{title}\x00{description}".encode("utf-8", "replace")).hexdigest()[:12]
        self._sheet: Any = drawsvg.Drawing(
            width,
            height,
            id_prefix=mark,
            role="img",
            lang="en-GB",
            aria_labelledby=f"{mark}-title {mark}-description",
            font_family=FONT,
        )
        self._sheet.append(drawsvg.Title(words(title), id=f"{mark}-title"))
        self._sheet.append(_Description(words(description), id=f"{mark}-description"))
        self.box(0, 0, width, height, PAPER)

    def box(self, x: float, y: float, width: float, height: float, fill: str, outline: str = "none") -> None:
        """A rectangle."""
        self._sheet.append(
            drawsvg.Rectangle(
                _at(x), _at(y), _at(width), _at(height), fill=fill, stroke=outline, stroke_dasharray="none"
            )
        )

    def line(
        self, start: tuple[float, float], end: tuple[float, float], colour: str, width: float = 1, dash: str = "none"
    ) -> None:
        """A straight line."""
        self._sheet.append(
            drawsvg.Line(
                _at(start[0]),
                _at(start[1]),
                _at(end[0]),
                _at(end[1]),
                stroke=colour,
                stroke_width=width,
                stroke_dasharray=dash,
            )
        )

    def mark(self, x: float, y: float, number: int, colour: str) -> None:
        """A point, of another shape for every series."""
        shapes = (
            drawsvg.Circle(_at(x), _at(y), 4, fill=colour),
            drawsvg.Rectangle(_at(x - 4), _at(y - 4), 8, 8, fill=colour),
            drawsvg.Lines(_at(x), _at(y - 5), _at(x + 5), _at(y + 4), _at(x - 5), _at(y + 4), close=True, fill=colour),
            drawsvg.Circle(_at(x), _at(y), 4, fill=PAPER, stroke=colour, stroke_width=2),
        )
        self._sheet.append(shapes[number % len(shapes)])

    def text(self, x: float, y: float, text: str, *, size: int = 13, colour: str = INK, anchor: str = "start") -> None:
        """One line of words."""
        self._sheet.append(drawsvg.Text(words(text), size, _at(x), _at(y), fill=colour, text_anchor=anchor))

    def svg(self) -> bytes:
        """The drawing as a document in UTF-8."""
        return str(self._sheet.as_svg()).encode()


class _Description(drawsvg.Title):  # type: ignore[misc]
    """The `desc` element, which the library does not have: as its title, escaped, under another name."""

    TAG_NAME = "desc"


def _at(number: float) -> float:
    """To a tenth of a pixel, so that the same figures make the same bytes everywhere."""
    rounded = round(float(number), 1)
    return int(rounded) if rounded == int(rounded) else rounded
