"""Documents that were parsed and found valid before, so that a portal's page is checked once.

Bounded by the length of their texts, not by their number: a parsed document takes a hundred
times its text, and a stranger can send as many as they like. Keyed by text: comparing parsed
documents with each other recurses, and costs more than looking one up.
"""

from collections import OrderedDict

from graphql import DocumentNode


class Documents:
    """The most recently used documents whose texts come to at most ``characters`` together."""

    def __init__(self, characters: int = 131_072) -> None:
        """Half a character budget may go to one document at most."""
        self.characters = characters
        self.held = 0
        self.hits = self.misses = 0
        self._by_text: OrderedDict[str, DocumentNode] = OrderedDict()

    def find(self, text: str) -> DocumentNode | None:
        """The document of this text, if it is held."""
        document = self._by_text.get(text)
        if document is None:
            self.misses += 1
            return None
        self.hits += 1
        self._by_text.move_to_end(text)
        return document

    def keep(self, text: str, document: DocumentNode) -> None:
        """Hold a valid document, and let go of the ones longest unused."""
        if len(text) * 2 > self.characters or text in self._by_text:
            return
        self._by_text[text] = document
        self.held += len(text)
        while self.held > self.characters:
            oldest, _ = self._by_text.popitem(last=False)
            self.held -= len(oldest)
