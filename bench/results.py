"""bench/RESULTS.md: one section for each kind of run, replaced when that kind runs again."""

from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
RESULTS: Final = HERE / "RESULTS.md"
PLOT: Final = HERE / "results.svg"
HEAD: Final = "# Results\n\nWritten by the benchmark; `bench/README.md` says how to read it.\n"
SECTIONS: Final = ("Side by side", "Growth", "Soak")


def replaced(document: str, title: str, content: str) -> str:
    """The document with one section's content changed; sections stand in their fixed order."""
    found = dict.fromkeys(SECTIONS, "")
    for part in document.split("\n## ")[1:]:
        name, _, said = part.partition("\n")
        found[name] = said.strip()
    found[title] = content.strip()
    return HEAD + "".join(f"\n## {name}\n\n{said}\n" for name, said in found.items() if said)


def write(title: str, content: str) -> None:
    """Keep a run's section."""
    before = RESULTS.read_text() if RESULTS.exists() else HEAD
    RESULTS.write_text(replaced(before, title, content))
