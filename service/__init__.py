"""The partnership graph."""
