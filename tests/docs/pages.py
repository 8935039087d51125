"""The documents as tests read them: fenced blocks in order, tables, and answers with names for what differs each time."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.runtime.conftest import ROOT

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$|^<!-- (time passes) -->$", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"<([a-z][a-z ]*)>")
AS = re.compile(r"# as ([a-z-]+)\n")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its language and its text. The mark that time passes is a block in the language `time`."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """A request as the README prints it, by whom, and the answer it prints; after time has passed or not."""

    persona: str
    document: str
    answer: Any
    later: bool


def text(name: str) -> str:
    """A document's text by its path from the top."""
    return (ROOT / name).read_text()


def documents() -> list[Path]:
    """Every document for readers."""
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(document: str) -> list[Block]:
    """The fenced blocks in order, and the marks that time passes."""
    return [Block(each[1] or ("time" if each[3] else ""), each[2] or "") for each in FENCE.finditer(document)]


def examples(document: str) -> Iterator[Example]:
    """Each graphql block with the json block that must follow it."""
    later = False
    found = iter(blocks(document))
    for block in found:
        if block.language == "time":
            later = True
        if block.language != "graphql":
            continue
        said = AS.match(block.text)
        assert said, f"a query says first who asks: {block.text[:60]}"
        answer = next(found)
        assert answer.language == "json", f"a query is followed by its answer: {block.text[:60]}"
        yield Example(said[1], block.text[said.end() :], json.loads(answer.text), later)


def filled(document: str, names: dict[str, str]) -> str:
    """The request with each <name> replaced by what it stands for."""
    return NAME.sub(lambda name: names[name[1]], document)


def learn(printed: Any, real: Any, names: dict[str, str]) -> None:
    """Note what the <names> of a printed answer stand for; a name that is known keeps its meaning."""
    match printed, real:
        case dict(), dict():
            for key in printed.keys() & real.keys():
                learn(printed[key], real[key], names)
        case list(), list():
            for one, other in zip(printed, real, strict=False):
                learn(one, other, names)
        case str(), str() if (name := NAME.fullmatch(printed)) is not None:
            names.setdefault(name[1], real)
        case _:
            pass


def meant(printed: Any, names: dict[str, str]) -> Any:
    """The printed answer with each <name> replaced by what it stands for."""
    match printed:
        case dict():
            return {key: meant(value, names) for key, value in printed.items()}
        case list():
            return [meant(value, names) for value in printed]
        case str():
            name = NAME.fullmatch(printed)
            return names.get(name[1], printed) if name else printed
        case _:
            return printed


def tables(document: str) -> list[list[list[str]]]:
    """Every table: rows of cells, the heading first and without the ruler."""
    found: list[list[list[str]]] = []
    inside = False
    for line in document.splitlines():
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not inside:
                found.append([])
            if not all(set(cell) <= set(":-") for cell in cells):
                found[-1].append(cells)
        inside = line.startswith("|")
    return found


def table(document: str, first_heading: str) -> list[list[str]]:
    """The rows, without the heading, of the one table whose first column has that heading."""
    (rows,) = [each for each in tables(document) if each[0][0] == first_heading]
    return rows[1:]
