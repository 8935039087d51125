"""Imports of reports: what was sent, and what became of each row."""

from datetime import datetime

import strawberry

from service.schema.fields import Node, computed, identity, plain, reference
from service.schema.reports import KEY, FigureInput, PeriodInput


@strawberry.type(description="One thing wrong with a row, or why it was left out.")
class ImportProblem:
    row: int | None = plain("The row: of a file its line, of rows given their place from 0; null for the whole.")
    column: str = plain("The column; empty where it is about the row.")
    rule: str = plain("The rule that it breaks, by its code.")
    value: str = plain("What was given, shortened, where it may be repeated.")
    message: str = plain("The rule in words.")


@strawberry.type(description="An import of reports: its error report, for whoever sent it.")
class ReportImport(Node):
    id: strawberry.ID = identity("ReportImport")
    definition = reference("ReportDefinition", "definition_id", "The kind of report.", required=True)
    file_name: str = plain("The file's name; empty where rows were given.")
    content_hash: str = plain("SHA-256 over what was sent.")
    row_count: int = plain("How many reports it held.")
    stored: bool = plain("Whether anything was stored: not where one row was refused and all or nothing was asked for.")
    accepted: int = plain("How many reports are new or changed.")
    unchanged: int = plain("How many said what stood already.")
    refused: int = plain("How many broke a rule.")
    left_out: int = plain("How many are about bodies that do not report here.")
    problems = computed(
        lambda rows, info: [row["problems"] for row in rows],
        list[ImportProblem],
        "What was wrong with which row, and what was left out; at most the first 1,000.",
    )
    created_at: datetime = plain("When it was sent.")


@strawberry.input(description="One report of an import.")
class ReportRowInput:
    organisation: str = strawberry.field(description="The trust's ODS code.")
    period: PeriodInput = strawberry.field(description="What time it is about.")
    figures: list[FigureInput] = strawberry.field(description="All its figures.")
    external_key: str | None = strawberry.field(default=None, description="One's own key for the report.")


@strawberry.input(description="A file. In base64, as a request is one JSON document and nothing else is read.")
class ReportFileInput:
    name: str = strawberry.field(description="The file's name.")
    content: str = strawberry.field(description="A CSV or XLSX file in base64.")


@strawberry.input(description="Submit many reports of one kind.")
class ReportImportInput:
    definition_code: str = strawberry.field(description="The kind of report.")
    idempotency_key: str = strawberry.field(description=KEY)
    forum_id: strawberry.ID | None = strawberry.field(
        default=None, description="One's own body that reports; left out by an organisation's own system."
    )
    rows: list[ReportRowInput] | None = strawberry.field(default=None, description="The reports; or else a file.")
    file: ReportFileInput | None = strawberry.field(default=None, description="A file of reports; or else rows.")
    accept_valid: bool = strawberry.field(
        default=False, description="Store the rows that pass where others do not; else it is all or nothing."
    )
