"""Documents that were parsed and found valid before, so that a portal's page is checked and planned once.

Bounded by the length of their texts and the fields of their plans, not by their number: a parsed document takes a
hundred times its text, a plan grows with the types that are met, and a stranger can send as many as they like. Keyed by
text: comparing parsed documents with each other recurses, and costs more than looking one up.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from graphql import DocumentNode

from service.execution.charges import Charges
from service.execution.plan import Plans

FIELD: Final = 20
"""Characters of text that take as much memory as one field of a plan."""


class Document:
    """A valid document, with all that was worked out from it: one look-up finds everything."""

    __slots__ = ("charges", "parsed", "plans", "size")

    def __init__(self, text: str, parsed: DocumentNode, grew: Callable[["Document", int], None]) -> None:
        """`parsed` must be valid; `grew` is told when the document takes more room, in characters."""
        self.parsed = parsed
        self.size = len(text)
        self.charges = Charges(parsed)
        self.plans = Plans(parsed, lambda fields: grew(self, fields * FIELD))


class Documents:
    """The most recently used documents that come to at most ``characters`` together."""

    def __init__(self, characters: int = 262_144) -> None:
        """Half a character budget may go to one document at most."""
        self.characters = characters
        self.held = 0
        self.hits = self.misses = 0
        self._by_text: OrderedDict[str, Document] = OrderedDict()

    def __contains__(self, text: str) -> bool:
        return text in self._by_text

    def find(self, text: str) -> Document | None:
        """The document of this text, if it is held."""
        document = self._by_text.get(text)
        if document is None:
            self.misses += 1
            return None
        self.hits += 1
        self._by_text.move_to_end(text)
        return document

    def keep(self, text: str, parsed: DocumentNode) -> Document:
        """Hold a valid document, and let go of the ones longest unused."""
        document = self._by_text.get(text) or Document(text, parsed, lambda grown, by: self._grew(text, grown, by))
        if len(text) * 2 > self.characters or text in self._by_text:
            return document
        self._by_text[text] = document
        self.held += document.size
        self._let_go()
        return document

    def _grew(self, text: str, document: Document, by: int) -> None:
        """A document took more room; one that was let go meanwhile is nobody's concern."""
        if self._by_text.get(text) is document:
            document.size += by
            self.held += by
            self._let_go()

    def _let_go(self) -> None:
        while self.held > self.characters:
            _, oldest = self._by_text.popitem(last=False)
            self.held -= oldest.size
