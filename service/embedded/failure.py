"""Why the embedded server cannot be had, in words for the person at the terminal."""


class EmbeddedFailure(Exception):
    """One line that says what is wrong and what to do."""


class InUse(EmbeddedFailure):
    """Another process holds the data directory."""
