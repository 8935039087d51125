"""Acts on reports: draft, revise, sign off, submit, return, acknowledge, publish.

A draft lives in a room that its author's body opens (and the board, where its officer must sign off). Each submitted
version is a copy in a room of its own, opened to those whom the definition names; what was submitted never changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, cast

from service.access.viewer import Row
from service.db import reports as db
from service.db.traces import ONE_AT_A_TIME
from service.db.writing import add
from service.forums import FORUM_TYPES
from service.resolvers.acting import Acting, Done, Refused, Target, not_found, refuse_if
from service.resolvers.figures import FIGURES_MOST, from_input, refusals
from service.resolvers.standing import (
    Author,
    author_of,
    change,
    forums_of,
    lock_of,
    put,
    report_by_id,
    sign_offs_of,
    standing_of,
    submitted,
)
from service.resolvers.targets import node
from service.rules.bodies import ForumKind, Relation
from service.rules.calendar import england_day
from service.rules.problems import Code, Problem
from service.rules.reports.checks import figure_problems
from service.rules.reports.definitions import Definition, Figure, Home
from service.rules.reports.kinds import DEFINITIONS
from service.rules.reports.periods import Period, definition_for, period_problems
from service.rules.reports.states import (
    State,
    Verb,
    move_problems,
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

KEY_MOST: Final = 200
REASON_MOST: Final = 5_000
OTHER_BODY: Final = Problem(Code.INVALID, "A report of this kind is made by another kind of body.", ("definitionCode",))
WHOSE: Final = {
    Home.ORGANISATION: frozenset(
        {ForumKind.EXECUTIVE_COMMITTEE, ForumKind.BOARD, ForumKind.BOARD_COMMITTEE, ForumKind.EDI_STEERING_GROUP}
    ),
    Home.NETWORK: frozenset({ForumKind.STAFF_NETWORK}),
}


async def load_author(acting: Acting, said: Any) -> Target:
    """Whoever will report: the acting seat's own body, or the organisation whose system it is."""
    own = acting.seat["forum_id"]
    if said.forum_id is not None:
        forum = await node(acting, said.forum_id, "Forum", "forumId", ids=FORUM_TYPES)
        return Target(forum, frozenset({Relation.OWNER} if forum["id"] == own else ()))
    return Target(cast("Row", acting.seat), frozenset({Relation.EMPLOYER} if own is None else ()))


def home_problems(definition: Definition, author: Author) -> list[Problem]:
    """Why this body makes no report of this kind; empty where it does."""
    kind = None if author.forum is None else ForumKind(author.forum["kind"])
    allowed = WHOSE.get(definition.home, frozenset(definition.receivers))
    if kind in allowed or (kind is None and definition.home is Home.ORGANISATION):
        return []
    return [OTHER_BODY]


def kind_of(code: str) -> list[Definition]:
    """Every version of a kind of report. Raises Refused."""
    found = [each for each in DEFINITIONS if each.code == code]
    if not found:
        raise Refused(Problem(Code.INVALID, "There is no such kind of report.", ("definitionCode",)))
    return found


def definition_on(code: str, period: Period, today: date) -> Definition:
    """The definition that governs the period. Raises Refused."""
    found = definition_for(kind_of(code), code, period)
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


def reporter(seat: Any, report: Row) -> frozenset[Relation]:
    """OWNER or EMPLOYER where the seat's body, or its organisation's system, made the report."""
    own = seat["forum_id"]
    if report["forum_id"] is not None:
        return frozenset({Relation.OWNER} if own == report["forum_id"] else ())
    made_here = own is None and seat["organisation_id"] == report["reported_by"]
    return frozenset({Relation.EMPLOYER} if made_here else ())


async def load_report(acting: Acting, said: Any) -> Target:
    """A report, for whoever made it: locked, with its draft's revision."""
    report = await node(acting, said.report_id, "Report", "reportId")
    relations = reporter(acting.seat, report)
    if not relations:
        return Target(report, relations)
    await acting.snapshot.call(ONE_AT_A_TIME, lock_of(report["id"]))
    drafts = await acting.snapshot.fetch(db.DRAFTS, ids=[report["id"]])
    return Target(report, relations, drafts[0]["revision"] if drafts else None)


async def load_for_sign_off(acting: Acting, said: ReportSignOffInput) -> Target:
    """A report that the acting seat sees as the board of its organisation."""
    report = await node(acting, said.report_id, "Report", "reportId")
    boards = await forums_of(acting, report["organisation_id"], [ForumKind.BOARD])
    on_it = any(board["id"] == acting.seat["forum_id"] for board in boards)
    if on_it:
        await acting.snapshot.call(ONE_AT_A_TIME, lock_of(report["id"]))
    return Target(report, frozenset({Relation.RECEIVER} if on_it else ()))


async def load_version(acting: Acting, said: Any) -> Target:
    """A submitted version, for whoever received it or made it; its report is locked."""
    version = await node(acting, said.version_id, "ReportVersion", "versionId")
    report = await report_by_id(acting, version["report_id"])
    relations = reporter(acting.seat, report)
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
    await change(acting, standing, judged(standing.definition, said.figures))
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
    if any(each["content_hash"] == said.content_hash for each in await sign_offs_of(acting, draft_row)):
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


async def submit(acting: Acting, target: Target, said: ReportSubmitInput) -> Done:
    """A copy of the draft, in a room of its own that its receivers open."""
    standing = await standing_of(acting, target.row)
    if standing.draft is None:
        raise not_found("reportId")
    refuse_if(move_problems(standing.state, Verb.SUBMIT))
    version, room = await submitted(acting, standing)
    return Done(version, "report.submitted", room, revision=target.revision and target.revision + 1)


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
