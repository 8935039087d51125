"""How a report stands for its author, and what changes it: a draft that begins or changes, a version that is submitted.

Used by the acts on one report and by imports alike, within the author's lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.access.viewer import Row
from service.db import definitions
from service.db import reports as db
from service.db.directory import room_of
from service.db.nodes import by_ids
from service.db.rooms import admit, open_case
from service.db.traces import ONE_AT_A_TIME
from service.db.writing import add, add_all
from service.forums import BODY
from service.resolvers.acting import Acting, Refused, Target, not_found, refuse_if
from service.resolvers.figures import from_json, refusals, to_json, to_rows
from service.rules.bodies import ForumKind, Purpose, Relation
from service.rules.problems import Code, Problem
from service.rules.reports.checks import figure_problems
from service.rules.reports.definitions import Definition, Figure
from service.rules.reports.periods import Period
from service.rules.reports.states import (
    Resubmission,
    State,
    Verb,
    Version,
    digest_of,
    move_problems,
    resubmission,
    sign_off_problems,
)
from service.rules.text import normalised


@dataclass(frozen=True, slots=True)
class Author:
    """Who reports: a body, or the organisation's own system; and the room where its drafts begin."""

    organisation: UUID
    forum: Row | None
    room: UUID


@dataclass(frozen=True, slots=True)
class Standing:
    """A report as its author sees it: its draft, its latest version, and the room that it began in."""

    report: Row
    definition: Definition
    draft: Row | None
    latest: Row | None
    home: UUID

    @property
    def state(self) -> State:
        """Where it stands for its author."""
        if self.draft is not None and self.draft["is_open"]:
            return State.DRAFT
        return State.DRAFT if self.latest is None else State(self.latest["state"])


async def author_of(acting: Acting, target: Target) -> Author:
    """The author's room. Raises Refused(NOT_PERMITTED) where the seat does not hold it."""
    organisation = target.row["organisation_id"]
    if Relation.EMPLOYER in target.relations:
        room = await acting.snapshot.one(
            db.ROOM_OF_ORGANISATION, organisation=organisation, purpose=Purpose.WORKFORCE.value
        )
        found = None if room is None else room["id"]
        forum = None
    else:
        forum = target.row
        rooms = BODY[ForumKind(forum["kind"])].rooms
        found = await room_of(
            acting.snapshot, forum["id"], Purpose.OFFICERS if Purpose.OFFICERS in rooms else Purpose.JOINT
        )
    if found is None:
        raise not_found("forumId")
    return Author(organisation, forum, found)


async def put(
    acting: Acting,
    author: Author,
    definition: Definition,
    period: Period,
    external_key: str | None,
    figures: Sequence[Figure],
    about: UUID | None = None,
) -> tuple[UUID, Resubmission]:
    """The report under this key, with these figures as its draft; and what that did. Raises Refused.

    `about`: another organisation than the author's, of which a national body reports.
    """
    natural = f"{about or author.organisation}/{definition.code}/{period.starts_on}/{period.ends_on}"
    key = normalised(external_key) if external_key is not None else natural
    await acting.snapshot.call(ONE_AT_A_TIME, lock_of(author.room))
    known = await acting.snapshot.one(db.KEYED, room=author.room, key=key)
    if known is None:
        if await acting.snapshot.one(db.ON_PERIOD, room=author.room, key=natural) is not None:
            message = "There is a report of this kind on this period already, under another key."
            raise Refused(Problem(Code.ALREADY_REPORTED, message, ("externalKey",)))
        return await _begin(acting, author, definition, period, (key, natural), figures, about), Resubmission.NEW
    if known["natural_key"] != natural:
        message = "This key stands for a report of another kind or period."
        raise Refused(Problem(Code.ALREADY_REPORTED, message, ("externalKey",)))
    standing = await standing_of(acting, await report_by_id(acting, known["report_id"]))
    digest = digest_of(definition, figures)
    what = resubmission(_version(standing), digest)
    if what is Resubmission.NOT_NOW:
        refuse_if(move_problems(standing.state, Verb.REVISE))
    if what is not Resubmission.UNCHANGED:
        await change(acting, standing, figures)
    return standing.report["id"], what


def _version(standing: Standing) -> Version:
    """The latest version as the rules see it: an open draft is one."""
    if standing.draft is not None and standing.state is State.DRAFT:
        return Version(0, State.DRAFT, standing.draft["content_hash"])
    assert standing.latest is not None
    return Version(standing.latest["number"], standing.state, standing.latest["content_hash"])


def lock_of(id: UUID) -> int:
    """The number of the lock under which a report, or a body's reports, change one at a time."""
    return int.from_bytes(id.bytes[8:], "big", signed=True)


async def report_by_id(acting: Acting, id: UUID) -> Row:
    """The report's row, which is there: a row that names it was just read."""
    (row,) = await by_ids(acting.snapshot, "Report", [id])
    assert row is not None
    return row


async def _begin(
    acting: Acting,
    author: Author,
    definition: Definition,
    period: Period,
    keys: tuple[str, str],
    figures: Sequence[Figure],
    about: UUID | None = None,
) -> UUID:
    report, room, draft_room = acting.new_id(), acting.new_id(), acting.new_id()
    for each in (room, draft_room):
        await open_case(acting.snapshot, each, author.room)
    await add(
        acting.snapshot,
        "report",
        id=report,
        room_id=room,
        definition_id=definitions.definition_id(definition.code, definition.version),
        organisation_id=about or author.organisation,
        reported_by=author.organisation,
        forum_id=None if author.forum is None else author.forum["id"],
        forum_room=None if author.forum is None else author.forum["room_id"],
        starts_on=period.starts_on,
        ends_on=period.ends_on,
    )
    await add(
        acting.snapshot,
        "report_key",
        id=acting.new_id(),
        room_id=author.room,
        external_key=keys[0],
        natural_key=keys[1],
        report_id=report,
        report_room=room,
    )
    await add(
        acting.snapshot,
        "report_draft",
        id=acting.new_id(),
        room_id=draft_room,
        report_id=report,
        report_room=room,
        figures=to_json(figures),
        content_hash=digest_of(definition, figures),
        made_by_side=acting.side,
        made_by_office=acting.office,
    )
    if definition.needs_sro_sign_off:
        for board in await forums_of(acting, author.organisation, [ForumKind.BOARD]):
            await admit(acting.snapshot, draft_room, board["id"], Purpose.JOINT, may_write=True)
            await admit(acting.snapshot, room, board["id"], Purpose.JOINT, may_write=False)
    return report


async def forums_of(acting: Acting, organisation: UUID, kinds: Sequence[ForumKind]) -> list[Row]:
    """The organisation's bodies of these kinds."""
    return await acting.snapshot.fetch(
        db.FORUMS_TO_RECEIVE, organisation=organisation, kinds=[kind.value for kind in kinds]
    )


async def change(acting: Acting, standing: Standing, figures: Sequence[Figure]) -> None:
    """Other figures in the draft, which is open from now on."""
    assert standing.draft is not None
    await acting.snapshot.fetch(
        db.REVISED,
        id=standing.draft["id"],
        figures=to_json(figures),
        content_hash=digest_of(standing.definition, figures),
        side=acting.side,
        office=acting.office,
    )


async def standing_of(acting: Acting, report: Row) -> Standing:
    """A report with what its author holds of it, read now."""
    ids = [report["id"]]
    drafts = await acting.snapshot.fetch(db.DRAFTS, ids=ids)
    latest = await acting.snapshot.fetch(db.LATEST_VERSIONS, ids=ids)
    keys = await acting.snapshot.fetch(db.KEYS, ids=ids)
    return Standing(
        report,
        definitions.by_id()[report["definition_id"]],
        drafts[0] if drafts else None,
        latest[0] if latest else None,
        keys[0]["room_id"] if keys else report["room_id"],
    )


async def sign_offs_of(acting: Acting, draft_row: Row) -> list[Row]:
    """Who signed off which figures of a draft."""
    return await acting.snapshot.fetch(db.SIGN_OFFS, ids=[draft_row["id"]])


async def submitted(acting: Acting, standing: Standing) -> tuple[UUID, UUID]:
    """Submit the draft that stands: the new version and its room. Raises Refused."""
    draft_row, definition, report = standing.draft, standing.definition, standing.report
    assert draft_row is not None
    figures = from_json(draft_row["figures"])
    problems = refusals(figure_problems(definition, figures), figures)
    refuse_if([Problem(each.code, each.message) for each in problems])
    signed = await sign_offs_of(acting, draft_row) if definition.needs_sro_sign_off else []
    mine = next((each for each in signed if each["content_hash"] == draft_row["content_hash"]), None)
    last: str | None = signed[-1]["content_hash"] if signed else None
    unsigned = sign_off_problems(definition, draft_row["content_hash"], mine["content_hash"] if mine else last)
    refuse_if([Problem(each.code, each.message) for each in unsigned])
    version, room = acting.new_id(), acting.new_id()
    await open_case(acting.snapshot, room, standing.home, report["room_id"])
    await add(
        acting.snapshot,
        "report_version",
        id=version,
        room_id=room,
        report_id=report["id"],
        report_room=report["room_id"],
        number=1 if standing.latest is None else standing.latest["number"] + 1,
        content_hash=draft_row["content_hash"],
        side=acting.side,
        office=acting.office,
        signed_off_office=mine and mine["office"],
        signed_off_at=mine and mine["signed_at"],
    )
    await add_all(acting.snapshot, "report_figure", to_rows(definition, figures, room, version))
    await _route(acting, standing, version, room)
    await acting.snapshot.fetch(db.SUBMITTED, id=draft_row["id"])
    return version, room


async def _route(acting: Acting, standing: Standing, version: UUID, room: UUID) -> None:
    """Open it to the bodies of the organisation that the definition names; the region waits for publication."""
    report = standing.report
    for forum in await forums_of(acting, report["organisation_id"], standing.definition.receivers):
        await admit(acting.snapshot, room, forum["id"], Purpose.JOINT, may_write=True)
        await admit(acting.snapshot, report["room_id"], forum["id"], Purpose.JOINT, may_write=False)
        await add(
            acting.snapshot,
            "report_receiver",
            room_id=room,
            version_id=version,
            forum_id=forum["id"],
            forum_room=forum["room_id"],
        )
