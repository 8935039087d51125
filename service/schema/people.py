"""What HR keeps: who works in the organisation, and the files that tell of it."""

from datetime import date, datetime

import strawberry

from service.schema.enums import ImportMode, Office, PersonStanding, Side
from service.schema.fields import Node, computed, identity, plain, reference
from service.schema.imports import ImportProblem, ReportFileInput
from service.schema.reports import KEY


@strawberry.type(description="One person's work in an organisation, as HR tells of it; HR's own system alone sees it.")
class Assignment(Node):
    id: strawberry.ID = identity("Assignment")
    person_number: str = plain("The employer's number of the person.")
    assignment_number: str = plain("The employer's number of the assignment.")
    display_name: str = plain("The name that HR gave.")
    issuer: str = plain("Who signs the person in.")
    signs_in_as: str = computed(
        lambda rows, info: [row["subject"] for row in rows], str, "Who they are to that issuer.", reads=("subject",)
    )
    starts_on: date = plain("Its first day.")
    ends_on: date | None = plain("Its last day; null where it has no end.")
    organisation = reference("Organisation", "organisation_id", "Whose work it is.", required=True)
    forum = reference("Forum", "forum_id", "The body in which it holds a seat.")
    side: Side | None = plain("The side of that seat.")
    office: Office | None = plain("The office of that seat.")
    title: str | None = plain("The office's local title.")
    employment = reference("Seat", "employment_seat", "The person's seat of employment.")
    post = reference("Seat", "post_seat", "The seat in the body, the last that was made.")
    revision: int = plain("How often it was changed.")
    created_at: datetime = plain("When it was first told of.")


@strawberry.type(description="What becomes, or would become, of one assignment.")
class PersonDifference:
    row: int | None = plain("The row: of a file its line, of rows given their place from 0; null where none names it.")
    person_number: str = plain("The employer's number of the person.")
    assignment_number: str = plain("The employer's number of the assignment.")
    standing: PersonStanding = plain("What it means for the person.")
    fields: list[str] = plain("What is new in it, by the names of the graph.")


@strawberry.type(description="A file or rows of people: what became of it, for whoever sent it.")
class PeopleImport(Node):
    id: strawberry.ID = identity("PeopleImport")
    mode: ImportMode = plain("Whether it was everybody, or only what changed.")
    file_name: str = plain("The file's name; empty where rows were given.")
    content_hash: str = plain("SHA-256 over what was sent.")
    row_count: int = plain("How many rows it held.")
    dry_run: bool = plain("Whether it was only to be judged.")
    stored: bool = plain(
        "Whether anything was kept: not on a dry run, nor where a row was refused and all was asked for."
    )
    joiners: int = plain("How many people joined, or would have.")
    movers: int = plain("How many assignments came, went or changed post, of people who stay.")
    changed: int = plain("How many assignments changed otherwise.")
    leavers: int = plain("How many people left, or would have.")
    unchanged: int = plain("How many assignments stand as they were.")
    refused: int = plain("How many rows broke a rule.")
    differences: list[PersonDifference] = plain("What became of which assignment; at most the first 1,000.")
    problems: list[ImportProblem] = plain("What was wrong with which row; at most the first 1,000.")
    created_at: datetime = plain("When it was sent.")


@strawberry.input(description="One assignment of one person.")
class AssignmentInput:
    person_number: str = strawberry.field(description="The employer's number of the person.")
    assignment_number: str = strawberry.field(description="The employer's number of the assignment.")
    display_name: str = strawberry.field(description="The name that colleagues know the person by.")
    signs_in_as: str = strawberry.field(description="Who they are to the issuer that signs them in.")
    starts_on: date = strawberry.field(description="Its first day.")
    ends_on: date | None = strawberry.field(default=None, description="Its last day; left out where it has no end.")
    issuer: str | None = strawberry.field(
        default=None, description="Who signs them in; left out: whoever signs in the account that sends this."
    )
    forum_id: strawberry.ID | None = strawberry.field(
        default=None, description="The body in which it holds a seat, of an office that HR keeps."
    )
    side: Side = strawberry.field(default=Side.MANAGEMENT, description="The side of that seat.")
    office: Office | None = strawberry.field(default=None, description="The office of that seat.")
    title: str | None = strawberry.field(default=None, description="The office's local title.")


@strawberry.input(description="A file of people. In base64, as a request is one JSON document.")
class PeopleFileInput(ReportFileInput):
    """The same as a file of reports."""


@strawberry.input(description="Tell who works in the organisation.")
class PeopleImportInput:
    mode: ImportMode = strawberry.field(description="Whether this is everybody, or only what changed.")
    idempotency_key: str = strawberry.field(description=KEY)
    rows: list[AssignmentInput] | None = strawberry.field(default=None, description="The assignments; or else a file.")
    file: PeopleFileInput | None = strawberry.field(default=None, description="A file of assignments; or else rows.")
    accept_valid: bool = strawberry.field(
        default=False, description="Keep the rows that pass where others do not; else it is all or nothing."
    )
    dry_run: bool = strawberry.field(default=False, description="Only say what would become of it.")
    leavers_confirmed: int | None = strawberry.field(
        default=None,
        description="How many people are meant to leave, where a full file leaves out more than one in five.",
    )
