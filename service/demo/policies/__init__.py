"""The demo's policy texts: original, invented, one file for each version."""

from functools import cache
from importlib.resources import files
from typing import Final

TITLES: Final = {
    "flexible-working": "Flexible working policy",
    "dignity-at-work": "Dignity at work policy",
    "reasonable-adjustments": "Reasonable adjustments policy",
    "menopause-at-work": "Menopause at work policy",
    "sickness-absence": "Supporting attendance and sickness absence policy",
    "raising-concerns": "Raising concerns (freedom to speak up) policy",
    "organisational-change": "Organisational change policy",
    "agile-working": "Agile working policy",
    "special-leave": "Special leave and carers policy",
    "records-store-proposal": "Proposal to close the off-site paper records store",
}


@cache
def text(policy: str, version: int) -> str:
    """The Markdown of one version of a policy; FileNotFoundError if there is no such version."""
    return files(__name__).joinpath(f"{policy}.{version}.md").read_text(encoding="utf-8")
