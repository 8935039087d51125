"""Acts on reports: draft, revise, sign off, submit, return, acknowledge, publish.

A draft lives in a room that its author's body opens (and the board, where its officer must sign off). Each submitted
version is a copy in a room of its own, opened to those whom the definition names; what was submitted never changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from service.access.viewer import Row
from service.db import definitions
from service.db import reports as db
from service.db.directory import room_of
from service.db.nodes import by_ids
from service.db.traces import ONE_AT_A_TIME
from service.db.writing import add, add_all
from service.forums import BODY
from service.resolvers.acting import Acting, Done, Refused, Target, not_found, refuse_if
from service.resolvers.figures import FIGURES_MOST, from_input, from_json, refusals, to_json, to_rows
from service.resolvers.targets import node
from service.rules.bodies import ForumKind, Purpose, Relation
from service.rules.calendar import england_day
from service.rules.problems import Code, Problem
from service.rules.reports.checks import figure_problems
from service.rules.reports.definitions import Definition, Figure, Home
from service.rules.reports.kinds import DEFINITIONS
from service.rules.reports.periods import Period, definition_for, period_problems
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
from service.rules.text import line_problems, normalised, text_problems

if TYPE_CHECKING:
    from service.schema.reports import (
        ReportAcknowledgeInput,
        ReportDraftInput,
        ReportPublishInput,
        ReportReturnInput,
        ReportReviseInput,
        ReportSignOffInput,
        ReportSubmitInput,
    )

FORUM_TYPES: Final = tuple(body.type_name for body in BODY.values())
KEY_MOST: Final = 200
REASON_MOST: Final = 5_000
WHOSE: Final = {
    Home.ORGANISATION: frozenset(
        {ForumKind.EXECUTIVE_COMMITTEE, ForumKind.BOARD, ForumKind.BOARD_COMMITTEE, ForumKind.EDI_STEERING_GROUP}
    ),
    Home.NETWORK: frozenset({ForumKind.STAFF_NETWORK}),
}


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


async def load_author(acting: Acting, said: Any) -> Target:
    """Whoever will report: the acting seat's own body, or the organisation whose system it is."""
    own = acting.seat["forum_id"]
    if said.forum_id is not None:
        forum = await node(acting, said.forum_id, "Forum", "forumId", ids=FORUM_TYPES)
        return Target(forum, frozenset({Relation.OWNER} if forum["id"] == own else ()))
    return Target(cast("Row", acting.seat), frozenset({Relation.EMPLOYER} if own is None else ()))


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


def home_problems(definition: Definition, author: Author) -> list[Problem]:
    """Why this body makes no report of this kind; empty where it does."""
    kind = None if author.forum is None else ForumKind(author.forum["kind"])
    allowed = WHOSE.get(definition.home, frozenset(definition.receivers))
    if kind in allowed or (kind is None and definition.home is Home.ORGANISATION):
        return []
    return [Problem(Code.INVALID, "A report of this kind is made by another kind of body.", ("definitionCode",))]


def definition_on(code: str, period: Period, today: date) -> Definition:
    """The definition that governs the period. Raises Refused."""
    if not any(each.code == code for each in DEFINITIONS):
        raise Refused(Problem(Code.INVALID, "There is no such kind of report.", ("definitionCode",)))
    found = definition_for(DEFINITIONS, code, period)
    if found is None:
        message = "No version of this kind of report governs this period."
        raise Refused(Problem(Code.INVALID, message, ("period", "startsOn")))
    refuse_if(period_problems(found, period, today))
    return found


def judged(definition: Definition, said: Sequence[Any]) -> list[Figure]:
    """The figures of a draft, which may be incomplete. Raises Refused with every problem of every figure."""
    if len(said) > FIGURES_MOST:
        raise Refused(Problem(Code.TOO_MANY, f"A report has at most {FIGURES_MOST:,} figures.", ("figures",)))
    figures = from_input(said)
    refuse_if(refusals(figure_problems(definition, figures, complete=False), figures))
    return figures


async def draft(acting: Acting, target: Target, said: ReportDraftInput) -> Done:
    """A report begins as a draft; under a key that is known, the draft that stands changes."""
    author = await author_of(acting, target)
    period = Period(said.period.starts_on, said.period.ends_on)
    definition = definition_on(said.definition_code, period, england_day(acting.now))
    refuse_if(home_problems(definition, author))
    if said.external_key is not None:
        refuse_if(line_problems(said.external_key, field=("externalKey",), most=KEY_MOST))
    figures = judged(definition, said.figures)
    report, _ = await put(acting, author, definition, period, said.external_key, figures)
    draft_row = (await acting.snapshot.fetch(db.DRAFTS, ids=[report]))[0]
    return Done(report, "report.drafted", draft_row["room_id"], revision=draft_row["revision"])


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
        await _change(acting, standing, figures)
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
        await acting.snapshot.call("select access.open_case($1, $2, null)", each, author.room)
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
        for board in await _forums(acting, author.organisation, [ForumKind.BOARD]):
            await _admit(acting, draft_room, board, may_write=True)
            await _admit(acting, room, board, may_write=False)
    return report


async def _forums(acting: Acting, organisation: UUID, kinds: Sequence[ForumKind]) -> list[Row]:
    return await acting.snapshot.fetch(
        db.FORUMS_TO_RECEIVE, organisation=organisation, kinds=[kind.value for kind in kinds]
    )


async def _admit(acting: Acting, room: UUID, forum: Row, *, may_write: bool) -> None:
    await acting.snapshot.call("select access.admit($1, $2, 'JOINT', $3)", room, forum["id"], may_write)


async def _change(acting: Acting, standing: Standing, figures: Sequence[Figure]) -> None:
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


def _reporter(acting: Acting, report: Row) -> frozenset[Relation]:
    """OWNER or EMPLOYER where the acting seat's body, or its organisation's system, made the report."""
    own = acting.seat["forum_id"]
    if report["forum_id"] is not None:
        return frozenset({Relation.OWNER} if own == report["forum_id"] else ())
    made_here = own is None and acting.seat["organisation_id"] == report["reported_by"]
    return frozenset({Relation.EMPLOYER} if made_here else ())


async def load_report(acting: Acting, said: Any) -> Target:
    """A report, for whoever made it: locked, with its draft's revision."""
    report = await node(acting, said.report_id, "Report", "reportId")
    relations = _reporter(acting, report)
    if not relations:
        return Target(report, relations)
    await acting.snapshot.call(ONE_AT_A_TIME, lock_of(report["id"]))
    drafts = await acting.snapshot.fetch(db.DRAFTS, ids=[report["id"]])
    return Target(report, relations, drafts[0]["revision"] if drafts else None)


async def load_for_sign_off(acting: Acting, said: ReportSignOffInput) -> Target:
    """A report that the acting seat sees as the board of its organisation."""
    report = await node(acting, said.report_id, "Report", "reportId")
    boards = await _forums(acting, report["organisation_id"], [ForumKind.BOARD])
    on_it = any(board["id"] == acting.seat["forum_id"] for board in boards)
    if on_it:
        await acting.snapshot.call(ONE_AT_A_TIME, lock_of(report["id"]))
    return Target(report, frozenset({Relation.RECEIVER} if on_it else ()))


async def load_version(acting: Acting, said: Any) -> Target:
    """A submitted version, for whoever received it or made it; its report is locked."""
    version = await node(acting, said.version_id, "ReportVersion", "versionId")
    report = await report_by_id(acting, version["report_id"])
    relations = _reporter(acting, report)
    own = acting.seat["forum_id"]
    if own is not None and await acting.snapshot.one(db.RECEIVED, id=version["id"], forum=own) is not None:
        relations |= {Relation.RECEIVER}
    if relations:
        await acting.snapshot.call(ONE_AT_A_TIME, lock_of(report["id"]))
        again = await acting.snapshot.one(db.VERSION, id=version["id"])
        assert again is not None
        version = again
    return Target(version, relations, parent=report)


async def revise(acting: Acting, target: Target, said: ReportReviseInput) -> Done:
    """The figures as they now stand; after a return or a publication they begin the next version."""
    standing = await standing_of(acting, target.row)
    if standing.draft is None:
        raise not_found("reportId")
    refuse_if(move_problems(standing.state, Verb.REVISE))
    await _change(acting, standing, judged(standing.definition, said.figures))
    return Done(target.row["id"], "report.revised", standing.draft["room_id"], revision=standing.draft["revision"] + 1)


async def sign_off(acting: Acting, target: Target, said: ReportSignOffInput) -> Done:
    """The board's officer signs exactly these figures."""
    standing = await standing_of(acting, target.row)
    if not standing.definition.needs_sro_sign_off or standing.draft is None:
        raise Refused(Problem(Code.INVALID, "This kind of report needs no sign-off.", ("reportId",)))
    refuse_if(move_problems(standing.state, Verb.SIGN_OFF))
    draft_row = standing.draft
    if said.content_hash != draft_row["content_hash"]:
        message = "The figures changed since you read them."
        raise Refused(Problem(Code.HASH_MISMATCH, message, ("contentHash",)))
    if any(each["content_hash"] == said.content_hash for each in await _sign_offs(acting, draft_row)):
        raise Refused(Problem(Code.ALREADY_SIGNED, "These figures are signed off already.", ("contentHash",)))
    await add(
        acting.snapshot,
        "report_sign_off",
        id=acting.new_id(),
        room_id=draft_row["room_id"],
        draft_id=draft_row["id"],
        content_hash=said.content_hash,
        forum_id=acting.seat["forum_id"],
        side=acting.side,
        office=acting.office,
    )
    return Done(target.row["id"], "report.signedOff", draft_row["room_id"])


async def _sign_offs(acting: Acting, draft_row: Row) -> list[Row]:
    return await acting.snapshot.fetch(db.SIGN_OFFS, ids=[draft_row["id"]])


async def submit(acting: Acting, target: Target, said: ReportSubmitInput) -> Done:
    """A copy of the draft, in a room of its own that its receivers open."""
    standing = await standing_of(acting, target.row)
    if standing.draft is None:
        raise not_found("reportId")
    refuse_if(move_problems(standing.state, Verb.SUBMIT))
    version, room = await submitted(acting, standing)
    return Done(version, "report.submitted", room, revision=target.revision and target.revision + 1)


async def submitted(acting: Acting, standing: Standing) -> tuple[UUID, UUID]:
    """Submit the draft that stands: the new version and its room. Raises Refused."""
    draft_row, definition, report = standing.draft, standing.definition, standing.report
    assert draft_row is not None
    figures = from_json(draft_row["figures"])
    problems = refusals(figure_problems(definition, figures), figures)
    refuse_if([Problem(each.code, each.message) for each in problems])
    signed = await _sign_offs(acting, draft_row) if definition.needs_sro_sign_off else []
    mine = next((each for each in signed if each["content_hash"] == draft_row["content_hash"]), None)
    last: str | None = signed[-1]["content_hash"] if signed else None
    unsigned = sign_off_problems(definition, draft_row["content_hash"], mine["content_hash"] if mine else last)
    refuse_if([Problem(each.code, each.message) for each in unsigned])
    version, room = acting.new_id(), acting.new_id()
    await acting.snapshot.call("select access.open_case($1, $2, $3)", room, standing.home, report["room_id"])
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
    for forum in await _forums(acting, report["organisation_id"], standing.definition.receivers):
        await _admit(acting, room, forum, may_write=True)
        await _admit(acting, report["room_id"], forum, may_write=False)
        await add(
            acting.snapshot,
            "report_receiver",
            room_id=room,
            version_id=version,
            forum_id=forum["id"],
            forum_room=forum["room_id"],
        )


async def return_(acting: Acting, target: Target, said: ReportReturnInput) -> Done:
    """The version goes back, with the reason; what comes next is another version."""
    return await _answer(acting, target, Verb.RETURN, "RETURNED", said.reason)


async def acknowledge(acting: Acting, target: Target, said: ReportAcknowledgeInput) -> Done:
    """A receiver has read it, and it may be published."""
    return await _answer(acting, target, Verb.ACKNOWLEDGE, "ACKNOWLEDGED", "")


async def _answer(acting: Acting, target: Target, verb: Verb, kind: str, reason: str) -> Done:
    version = target.row
    refuse_if(move_problems(State(version["state"]), verb))
    if verb is Verb.RETURN:
        refuse_if(text_problems(reason, field=("reason",), most=REASON_MOST))
    await add(
        acting.snapshot,
        "report_answer",
        id=acting.new_id(),
        room_id=version["room_id"],
        version_id=version["id"],
        kind=kind,
        reason=normalised(reason),
        forum_id=acting.seat["forum_id"],
        side=acting.side,
        office=acting.office,
    )
    return Done(version["id"], f"report.{kind.lower()}", version["room_id"])


async def publish(acting: Acting, target: Target, said: ReportPublishInput) -> Done:
    """Everybody in the trust reads it from now on; and its region's forum, where the definition says so."""
    version = target.row
    refuse_if(move_problems(State(version["state"]), Verb.PUBLISH))
    await acting.snapshot.call(db.PUBLISH, version["id"])
    return Done(version["id"], "report.published", version["room_id"])
