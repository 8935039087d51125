"""The documents beside the README: whole, true to the code's names, and free of what belongs to one machine."""

import re
from pathlib import Path

import pytest

from service.rules.bodies import Purpose
from tests.docs import pages
from tests.runtime.conftest import ROOT

DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
TOP = {path.name for path in ROOT.iterdir()}


def named_paths(text: str) -> set[str]:
    """What is written as code and begins with a folder or file of the repository's top."""
    said = re.findall(r"`([\w./-]+?)/?`", text) + re.findall(r"\]\(([\w./-]+)\)", text)
    return {each for each in said if each.partition("/")[0] in TOP and ("/" in each or "." in each)}


@pytest.mark.parametrize("page", pages.documents(), ids=lambda page: page.name)
def test_a_reader_finds_every_path_that_a_page_names(page: Path) -> None:
    text = page.read_text()
    for path in named_paths(text):
        assert (ROOT / path).exists(), path
    for link in re.findall(r"\]\((?!http|#)([^)]+)\)", text):
        assert (page.parent / link.partition("#")[0]).exists(), link


@pytest.mark.parametrize("page", pages.documents(), ids=lambda page: page.name)
def test_a_stranger_reads_nothing_of_the_machine_that_a_page_was_written_on(page: Path) -> None:
    text = page.read_text()
    assert not re.search(r"(?<![\w.])/(?:home|root|work|tmp|Users|opt)/", text)
    assert not re.search(r"pypi\.org|registry\.npmjs|files\.pythonhosted", text)
    assert not re.search(r"\b(TODO|FIXME|XXX)\b", text)


def test_a_newcomer_finds_each_decision_in_three_parts_and_in_the_list() -> None:
    listed = (ROOT / "docs" / "decisions" / "README.md").read_text()
    assert len(DECISIONS) >= 13
    for number, page in enumerate(DECISIONS, 1):
        text = page.read_text()
        title = text.splitlines()[0].removeprefix("# ")
        assert title.startswith(f"{number}. ")
        assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == [
            "Context",
            "Decision",
            "Consequence",
        ]
        assert f"[{title}]({page.name})" in listed
        assert len(text.splitlines()) <= 25


def test_a_data_protection_officer_finds_every_room_with_who_answers_for_it() -> None:
    text = pages.text("docs/governance.md")
    rows = pages.table(text, "Room")
    heading = next(each[0] for each in pages.tables(text) if each[0][0] == "Room")
    for part in ("Controller", "Article 9", "Retention", "subject access", "FOI"):
        assert any(part in cell for cell in heading), part
    assert {re.findall(r"`([A-Z_]+)`", row[0])[0] for row in rows} == {purpose.value for purpose in Purpose}
    assert [row[0].partition(": ")[2] for row in rows if "CASE" in row[0]] == [
        *("papers", "deliberation", "engagement", "report", "release"),
        *(
            "issue",
            "raiser's own",
            "who raised it",
            "step, where it stands",
            "step, what it says",
            "disclosure",
            "theme",
        ),
    ]
    for row in rows:
        assert len(row) == len(heading)
        assert all(row), row[0]


def test_a_data_protection_officer_is_told_what_nobody_has_verified() -> None:
    for row in pages.table(pages.text("docs/governance.md"), "Room"):
        retention, condition = row[4], row[3]
        if re.search(r"\d+ years?", retention):
            assert re.search(r"verify|proposed", retention), row[0]
        if re.search(r"Art 9|DPA", condition):
            assert "verify" in condition, row[0]


def test_a_reader_of_the_changelog_finds_the_form_that_it_promises() -> None:
    text = pages.text("CHANGELOG.md")
    assert text.startswith("# Changelog\n")
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= kinds
    assert re.match(
        r"\[(Unreleased|\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d)", re.findall(r"^## (.+)$", text, re.MULTILINE)[0]
    )
