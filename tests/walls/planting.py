"""What one of the two worlds has more than the other: rows of every table, all of them in rooms that the viewer cannot open.

Every row says SENTINEL where it can, is dated before, in the midst of or after what is there already, and sorts first by name, so that
whatever counts, orders or pages over hidden rows shows it. Ids follow from words: the other world knows them, and has none.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from service.demo.rows import room_id
from service.demo.shapes import demo_id
from service.identity.demo import ISSUER
from service.rules.bodies import Purpose
from tests.walls.ground import (
    GUEST,
    NETWORK_CHAIR,
    NETWORK_MEMBER,
    Connection,
    Ground,
    Table,
    add_row,
    personal,
    seat,
    tables_of,
)

SENTINEL: Final = "AAA SENTINEL of a hidden room"
POLICY: Final = "RTD/flexible-working"
TWO_SIDED: Final = (
    ("RTD/jnc", Purpose.MANAGEMENT_SIDE, "MANAGEMENT"),
    ("RTD/jnc", Purpose.STAFF_SIDE, "STAFF"),
    ("RR7/jnc", Purpose.MANAGEMENT_SIDE, "MANAGEMENT"),
    ("RR7/jnc", Purpose.STAFF_SIDE, "STAFF"),
)
COMMENTED: Final = (
    ("RTD/jnc", Purpose.MANAGEMENT_SIDE), ("RTD/jnc", Purpose.STAFF_SIDE), ("RTD/race", Purpose.MEMBERS),
    ("RTD/women", Purpose.MEMBERS), ("RTD/lgbt", Purpose.MEMBERS), ("RTD/unison", Purpose.MEMBERS), ("RTD/edi", Purpose.JOINT),
)  # fmt: skip
ANSWERED: Final = ("RTD/women", "RTD/lgbt", "RTD/race", "RTD/unison", "RTD/rcn")
OFFICERS: Final = ("RTD/race", "RTD/women", "RTD/lgbt", "RTD/unison", "RR7/race")


@dataclass
class Planter:
    """Rows in rooms that do not stand open in `opened`."""

    admin: Connection
    opened: frozenset[UUID]
    word: str
    tables: dict[str, Table] = field(default_factory=dict)
    made: dict[str, list[UUID]] = field(default_factory=dict)
    turn: Any = field(default_factory=itertools.count)

    def id(self, kind: str) -> UUID:
        """The next id of a kind."""
        found = demo_id(f"{self.word} {kind}", str(next(self.turn)))
        self.made.setdefault(kind, []).append(found)
        return found

    def hidden(self, room: UUID) -> bool:
        """Whether the viewer cannot open it."""
        return room not in self.opened

    async def row(self, table: str, room: UUID | None = None, **given: Any) -> None:
        """A row, in a hidden room where it has one, with the sentinel wherever a text may be free."""
        if room is not None:
            assert self.hidden(room) or self.word == "shown", (table, room)
            given["room_id"] = room
        known = self.tables[f"graph.{table}"]
        if any(column.name == "created_at" for column in known.columns):
            given.setdefault("created_at", await self._moment())
        for column in known.columns:
            if column.type == "text" and column.name in FREE_TEXT:
                given.setdefault(column.name, SENTINEL)
        await add_row(self.admin, known, **given)

    async def _moment(self) -> datetime:
        turn = next(self.turn)
        return datetime.now(UTC) - timedelta(days=(400, 9, 0)[turn % 3], minutes=turn)

    async def room(self, opener: UUID | None, purpose: str = "CASE", **given: Any) -> UUID:
        """A new room with its own door, and one from a hidden room."""
        made = self.id("Room")
        await self.row("room", id=made, purpose=purpose, **given)
        for origin in {made, opener} - {None}:
            await self.row("door", from_room=origin, into_room=made, may_write=True)
        return made

    async def person(self) -> UUID:
        """Somebody new, with an account."""
        made = self.id("Person")
        await self.row("person", id=made)
        await self.admin.execute(
            "insert into access.account (id, issuer, subject, person_id) values ($1, $2, $3, $4)",
            self.id("account"), ISSUER, f"planted-{made}", made)  # fmt: skip
        return made

    async def seat(
        self, home: UUID, forum: UUID | None, organisation: UUID, person: UUID, side: str, office: str
    ) -> UUID:
        """A seat recorded in a hidden room."""
        own, made = await self.room(None, "PERSONAL"), self.id("Seat")
        await self.row(
            "seat", home, id=made, forum_id=forum, organisation_id=organisation, person_id=person, side=side, office=office,
            personal_room=own)  # fmt: skip
        return own

    async def trace(self, room: UUID, own: UUID) -> None:
        """An audit entry at the end of a room's chain, its detail in the actor's own room, an event, and an outcome kept."""
        last = "select coalesce(max(sequence), 0) + 1 from graph.{} where room_id = $1"
        sequence = await self.admin.fetchval(last.format("audit_entry"), room)
        happened = await self.admin.fetchval(last.format("event"), room)
        entry = self.id("AuditEntry")
        await self.row(
            "audit_entry", room, id=entry, sequence=sequence, act="PLAN_SIGN", outcome="DONE", side="STAFF", office="CHAIR",
            happened_at=await self._moment())  # fmt: skip
        await self.row("audit_detail", own, entry_id=entry)
        await self.row(
            "event", room, id=self.id("Event"), sequence=happened, type="x", happened_at=await self._moment()
        )
        await self.admin.execute(
            "insert into graph.room_head (room_id, audit_sequence, event_sequence) values ($1, $2, $3)"
            " on conflict (room_id) do update set audit_sequence = $2, event_sequence = $3", room, sequence, happened)  # fmt: skip
        await self.row("idempotency", own, key=entry.bytes, outcome="{}")


FREE_TEXT: Final = frozenset(
    {"title", "summary", "body", "display_name", "reason", "local_name", "purpose_statement", "heading", "statement", "groups",
     "findings", "mitigations", "disputes_procedure", "status_quo_clause", "change_note", "detail", "quorum", "meets",
     "author_name", "content_hash", "extension_reason", "late_reason", "withdrawn_reason", "commitment", "hash", "effect_sought", "outcome",
     "from_name", "to_name", "words", "how_to_reach", "to_words", "why_not_told", "receipt",
     "text_value", "external_key", "file_name", "member", "source", "method"}
)  # fmt: skip


async def plant(admin: Connection, opened: Iterable[UUID], word: str, viewer: UUID) -> Planter:
    """Everything, in every kind of hidden room. `viewer` is the person who must not see it."""
    planter = Planter(admin, frozenset(opened), word, {table.name: table for table in await tables_of(admin)})
    rtd = demo_id("organisation", "RTD")
    visible = await admin.fetchval(
        "select person_id from graph.seat where room_id = any($1) and person_id <> $2 order by id limit 1", list(planter.opened), viewer)  # fmt: skip
    somebody = await planter.person()
    own = await planter.seat(await planter.room(None), demo_id("forum", "RTD/jnc"), rtd, somebody, "STAFF", "MEMBER")
    await planter.row("bar", await planter.room(None), person_id=viewer, reason=SENTINEL)
    await planter.row("bar", await planter.room(None), person_id=somebody, reason=SENTINEL)
    mine = await admin.fetchval("select personal_room from graph.seat where person_id = $1 limit 1", viewer)
    if mine is not None:  # a door that has closed, and one that opens one day
        for opens, closes in (("-infinity", "2020-01-01"), ("2200-01-01", "infinity")):
            into = await planter.room(None)
            await admin.execute(
                "insert into graph.door values ($1, $2, true, $3::text::timestamptz, $4::text::timestamptz)", mine, into, opens, closes)  # fmt: skip
    papers = await admin.fetchrow(
        "select * from graph.consultation where id = $1", demo_id("consultation", f"{POLICY}/")
    )
    for forum, purpose, side in TWO_SIDED:
        if planter.hidden(room_id(forum, purpose)):
            await _draft(planter, forum, room_id(forum, purpose), side, own)
    for forum, purpose in COMMENTED:
        if planter.hidden(room_id(forum, purpose)):
            await _comment(planter, papers, forum, room_id(forum, purpose), own)
    for forum in ANSWERED:
        await _engagement(planter, papers, forum, own)
    for forum in OFFICERS:
        if planter.hidden(room_id(forum, Purpose.OFFICERS)):
            await _membership(planter, forum, somebody, visible)
    if planter.hidden(room_id("RTD", Purpose.WORKFORCE)):
        await planter.seat(room_id("RTD", Purpose.WORKFORCE), None, rtd, await planter.person(), "NONE", "EMPLOYEE")
    for trust in ("RTD", "RR7"):
        if planter.hidden(room_id(trust, Purpose.WORKFORCE)):
            for turn in range(2):
                id, number = planter.id("Assignment"), f"{SENTINEL}{trust}{turn}"
                work = {
                    "organisation_id": demo_id("organisation", trust),
                    "person_number": number,
                    "assignment_number": number,
                }
                await planter.row(
                    "assignment", room_id(trust, Purpose.WORKFORCE), id=id, issuer=SENTINEL, subject=SENTINEL, **work
                )
    await planter.row("people_import", own, id=planter.id("PeopleImport"), mode="FULL", differences="[]", problems="[]")
    await planter.admin.execute("insert into access.passed values ('SEAT_ENDS', gen_random_uuid(), now())")
    await _webhooks(planter, own)
    await _mail(planter)
    await planter.admin.execute(
        "insert into access.calendar_address (seat_id, account_id, digest)"
        " select s.id, a.id, sha256(s.id::text::bytea) from graph.seat s, access.account a where s.personal_room = $1 limit 1",
        own,
    )
    await planter.row(
        "release_note", own, id=planter.id("ReleaseNote"), organisation_id=rtd, on_day=date(2020, 1, 1), hours=9, code_hash=b"x" * 32)  # fmt: skip
    await _group(planter, rtd)
    await _carried(planter, own, somebody, viewer)
    await _themes(planter)
    await _reports(planter, own)
    return planter


async def _reports(planter: Planter, own: UUID) -> None:
    """A report from its key to its publication, an import, and a release: of one's own trust, of another, of the region."""
    metric = await planter.admin.fetchval("select id from graph.metric order by id limit 1")
    for about, by in (("RTD", "RTD/race"), ("RR7", "RR7/jnc"), ("RTD", None)):
        await _report(planter, metric, demo_id("organisation", about), by, own)
    spf = await planter.admin.fetchrow("select * from graph.forum where id = $1", demo_id("forum", "north-east/spf"))
    kind = await planter.admin.fetchval("select id from graph.report_definition order by id limit 1")
    room, release = await planter.room(None), planter.id("Release")
    await planter.row(
        "release",
        room,
        id=release,
        forum_id=spf["id"],
        forum_room=spf["room_id"],
        definition_id=kind,
        number=1,
        rule="{}",
    )
    days = {"starts_on": datetime.now(UTC).date(), "ends_on": datetime.now(UTC).date()}
    for position, dimension in enumerate(("TRUST", "REGION"), start=1):
        await planter.row("release_cell", room, release_id=release, position=position, metric_id=metric, dimension=dimension,
            status="SHOWN", **days)  # fmt: skip
    await planter.row("release_contributor", room, release_id=release, organisation_id=demo_id("organisation", "RTD"))
    version = planter.made["ReportVersion"][0]
    await planter.admin.execute(
        "insert into access.release_taken (release_id, version_id, place) values ($1, $2, '{}')", release, version
    )


async def _report(planter: Planter, metric: UUID, about: UUID, by: str | None, own: UUID) -> None:
    kind = await planter.admin.fetchval("select definition_id from graph.metric where id = $1", metric)
    entry, drafts, versions, home = [await planter.room(None) for _ in range(4)]
    report, draft, version = (planter.id(each) for each in ("Report", "ReportDraft", "ReportVersion"))
    body = (
        None
        if by is None
        else await planter.admin.fetchrow("select * from graph.forum where id = $1", demo_id("forum", by))
    )
    made_by = {} if body is None else {"forum_id": body["id"], "forum_room": body["room_id"]}
    day = datetime.now(UTC).date()
    await planter.row(
        "report",
        entry,
        id=report,
        definition_id=kind,
        organisation_id=about,
        reported_by=about,
        starts_on=day,
        ends_on=day,
        **made_by,
    )
    in_report = {"report_id": report, "report_room": entry}
    await planter.row("report_key", home, id=planter.id("ReportKey"), **in_report)
    await planter.row(
        "report_draft", drafts, id=draft, figures="[]", made_by_side="NONE", made_by_office="SERVICE", **in_report
    )
    jnc = await planter.admin.fetchrow("select * from graph.forum where id = $1", demo_id("forum", "RTD/jnc"))
    said = {"forum_id": jnc["id"], "side": "STAFF", "office": "CHAIR"}
    await planter.row("report_sign_off", drafts, id=planter.id("ReportSignOff"), draft_id=draft, **said)
    await planter.row("report_version", versions, id=version, number=1, side="NONE", office="SERVICE", **in_report)
    await planter.row(
        "report_figure", versions, version_id=version, metric_id=metric, group_code="", band_code="", value=3
    )
    await planter.row("report_receiver", versions, version_id=version, forum_id=jnc["id"], forum_room=jnc["room_id"])
    await planter.row(
        "report_answer", versions, id=planter.id("ReportAnswer"), version_id=version, kind="ACKNOWLEDGED", **said
    )
    await planter.row("report_publication", versions, version_id=version)
    await planter.row("report_import", own, id=planter.id("ReportImport"), definition_id=kind, problems="[]")
    for room in (entry, drafts, versions):
        await planter.trace(room, own)


async def _draft(planter: Planter, owner: str, opener: UUID, side: str, own: UUID) -> None:
    """A whole consultation, from its draft to both statements, that one side alone knows."""
    forum = await planter.admin.fetchrow("select * from graph.forum where id = $1", demo_id("forum", owner))
    papers, case_room = await planter.room(opener), await planter.room(opener)
    consultation, version, plan, extension = (
        planter.id(k) for k in ("Consultation", "PolicyVersion", "ConsultationPlan", "Extension")
    )
    by = {"made_by_side": side, "made_by_office": "CHAIR"}
    in_papers = {"consultation_id": consultation, "consultation_room": papers}
    await planter.row(
        "consultation", papers, id=consultation, case_room=case_room, forum_id=forum["id"], forum_room=forum["room_id"], kind="POLICY",
        stored_state="OPEN", drafted_by_side=side, drafted_by_office="CHAIR", opened_at=datetime.now(UTC) - timedelta(days=9),
        closes_at=datetime.now(UTC) + timedelta(days=9))  # fmt: skip
    await planter.row("policy_version", papers, id=version, consultation_id=consultation, number=1, **by)
    for position in (1, 2):
        await planter.row(
            "clause",
            papers,
            id=planter.id("Clause"),
            policy_version_id=version,
            address=f"{position}",
            position=position,
        )
    await planter.row(
        "impact_assessment",
        papers,
        id=planter.id("ImpactAssessment"),
        policy_version_id=version,
        assessed_on=datetime.now(UTC).date(),
        **by,
    )
    await planter.row(
        "consultation_plan", case_room, id=plan, number=1, options="[]", channels=[SENTINEL], **in_papers, **by
    )
    await planter.row("plan_consultee", case_room, plan_id=plan, forum_id=forum["id"], forum_room=forum["room_id"])
    await planter.row(
        "missing_signature",
        case_room,
        id=planter.id("MissingSignature"),
        plan_id=plan,
        side="STAFF",
        recorded_by_side=side,
        recorded_by_office="CHAIR",
    )
    await planter.row(
        "extension", case_room, id=extension, closes_at=datetime.now(UTC) + timedelta(days=30), **in_papers, **by
    )
    for over, room in (
        ({"plan_id": plan}, case_room),
        ({"extension_id": extension}, case_room),
        ({"policy_version_id": version}, papers),
    ):
        await planter.row(
            "signature", room, id=planter.id("Signature"), forum_id=forum["id"], side=side, office="CHAIR", **over
        )
    await planter.row(
        "disagreement",
        case_room,
        id=planter.id("Disagreement"),
        policy_version_id=version,
        side=side,
        office="CHAIR",
        **in_papers,
    )
    await planter.row("bar", case_room, person_id=await planter.person())
    for room in (papers, case_room, opener):
        await planter.trace(room, own)


async def _comment(planter: Planter, papers: Any, forum: str, room: UUID, own: UUID) -> None:
    made = planter.id("Comment")
    await planter.row(
        "comment", room, id=made, consultation_id=papers["id"], consultation_room=papers["room_id"], forum_id=demo_id("forum", forum),
        side="NETWORK", office="MEMBER")  # fmt: skip
    await planter.row("comment_author", own, comment_id=made, comment_room=room)
    await planter.trace(room, own)


async def _engagement(planter: Planter, papers: Any, key: str, own: UUID) -> None:
    """One more body heard in a room of its own, with its response, its points and what became of them."""
    forum = await planter.admin.fetchrow("select * from graph.forum where id = $1", demo_id("forum", key))
    room = await planter.room(None)
    engaged, response, point = planter.id("Consultee"), planter.id("Response"), planter.id("ResponsePoint")
    await planter.row(
        "consultee", room, id=engaged, consultation_id=papers["id"], consultation_room=papers["room_id"], forum_id=forum["id"],
        forum_room=forum["room_id"], reach="STAFF_SIDE", added_by_side="STAFF")  # fmt: skip
    drafted = await planter.room(None)
    await planter.row(
        "response_draft", drafted, id=planter.id("ResponseDraft"), consultee_id=engaged, consultee_room=room, stance="OPPOSE",
        points="[]", minority_views="[]")  # fmt: skip
    await planter.row(
        "response", room, id=response, consultee_id=engaged, consultation_id=papers["id"], forum_id=forum["id"], stance="OPPOSE",
        late=False, side="STAFF", office="CHAIR")  # fmt: skip
    await planter.row("response_point", room, id=point, response_id=response, consultation_id=papers["id"], position=1)
    await planter.row("minority_view", room, id=planter.id("MinorityView"), response_id=response, position=1)
    await planter.row(
        "outcome", room, id=planter.id("Outcome"), point_id=point, consultation_id=papers["id"], decision="REJECTED", side="STAFF", office="CHAIR")  # fmt: skip
    await planter.trace(room, own)


async def _membership(planter: Planter, key: str, somebody: UUID, visible: UUID | None) -> None:
    """A member nobody knew, one whom the viewer knows from elsewhere, one who asks, and an invitation."""
    forum, officers = demo_id("forum", key), room_id(key, Purpose.OFFICERS)
    organisation = demo_id("organisation", key.split("/", maxsplit=1)[0])
    for person in {await planter.person(), visible, somebody} - {None}:
        await planter.seat(officers, forum, organisation, person, "NETWORK", "MEMBER")
        await planter.row(
            "membership_request", officers, id=planter.id("MembershipRequest"), forum_id=forum, person_id=person
        )
    made = planter.id("Invitation")
    await planter.row(
        "invitation", officers, id=made, forum_id=forum, side="NETWORK", office="MEMBER", code_hash=made.bytes,
        expires_at=datetime.now(UTC) + timedelta(days=9))  # fmt: skip


async def _group(planter: Planter, organisation: UUID) -> None:
    """A whole union group, said to be a part of a body that everybody in the trust sees."""
    forum, parent = (
        planter.id("TradeUnionGroup"),
        await planter.admin.fetchrow("select * from graph.forum where id = $1", demo_id("forum", "RTD/jnc")),
    )
    await planter.admin.execute("begin")
    entry = await planter.room(None, "JOINT", forum_id=forum)
    await planter.row(
        "forum", entry, id=forum, organisation_id=organisation, kind="TRADE_UNION_GROUP", parent_id=parent["id"], parent_room=parent["room_id"])  # fmt: skip
    await planter.admin.execute("commit")
    await planter.row("forum_organisation", entry, forum_id=forum, organisation_id=organisation)
    await planter.row("terms_of_reference", entry, id=planter.id("TermsOfReference"), forum_id=forum)
    await planter.seat(entry, forum, organisation, await planter.person(), "STAFF", "CHAIR")


async def _carried(planter: Planter, own: UUID, somebody: UUID, viewer: UUID) -> None:
    """An issue of every identity, carried to a body that the viewer knows, with everything that hangs on it."""
    race, jnc = demo_id("forum", "RTD/race"), demo_id("forum", "RTD/jnc")
    raised_from = await planter.admin.fetchval("select id from graph.seat where personal_room = $1", own)
    today = datetime.now(UTC).date()
    for identity in ("NAMED", "CONFIDENTIAL", "OFFICE"):
        room, status, content = [await planter.room(None) for _ in range(3)]
        issue, step = planter.id("Issue"), planter.id("EscalationStep")
        about = {
            "category": "POLICY",
            "from_forum_id": race,
            "from_channel": "OFFICERS",
            "to_forum_id": jnc,
            "to_channel": "JOINT",
        }
        on_step = {"step_id": step, "step_room": status}
        late = {
            "sent_on": today - timedelta(days=90),
            "acknowledge_by": today - timedelta(days=80),
            "answer_by": today - timedelta(days=30),
        }
        await planter.row("issue", room, id=issue, forum_id=race, channel="OFFICERS", category="POLICY", manner="FORMAL", identity=identity,
            raised_by_side="NETWORK")  # fmt: skip
        vault = room if identity != "CONFIDENTIAL" else await planter.room(None)
        if identity != "OFFICE":
            await planter.row("raiser", vault, id=planter.id("Raiser"), issue_id=issue, own_room=await planter.room(None), person_id=somebody,
                seat_id=raised_from, recipient_seat=raised_from)  # fmt: skip
            await planter.row(
                "issue_message", vault, id=planter.id("IssueMessage"), issue_id=issue, position=1, from_raiser=True
            )
        await planter.row("escalation_step", status, id=step, content_room=content, route="NETWORK_TO_JNC", kind="ESCALATE", carries="RECORD",
            state="SENT", outcome="", reason="", **about, **late)  # fmt: skip
        await planter.row(
            "step_trail", room, id=planter.id("StepTrail"), issue_id=issue, issue_room=room, number=1, **on_step
        )
        await planter.row(
            "step_trail",
            status,
            id=planter.id("StepTrail"),
            previous_id=planter.id("EscalationStep"),
            number=1,
            **on_step,
        )
        await planter.row("step_summary", content, id=planter.id("StepSummary"), **on_step)
        await planter.row("consent", room, id=planter.id("Consent"), by_office=identity == "OFFICE", **on_step)
        await planter.row(
            "step_message",
            content,
            id=planter.id("StepMessage"),
            position=1,
            kind="QUESTION",
            side="STAFF",
            office="CHAIR",
            **on_step,
        )
        await planter.row(
            "step_note", await planter.room(None), id=planter.id("StepNote"), side="STAFF", office="CHAIR", **on_step
        )
        await planter.row("agenda_item", await planter.room(None), id=planter.id("AgendaItem"), forum_id=jnc, placed_by_side="STAFF",
            placed_by_office="CHAIR", **on_step)  # fmt: skip
        await planter.row("issue_notice", await planter.room(None), id=planter.id("IssueNotice"), forum_id=race, category="POLICY",
            step_room=on_step["step_room"], to_kind="JOINT_NEGOTIATING_COMMITTEE", state="SENT")  # fmt: skip
        await planter.row("identity_disclosure", await planter.room(None), id=planter.id("IdentityDisclosure"), issue_id=issue, to_seat=raised_from,
            ground="SAFEGUARDING", safe_to_tell=False)  # fmt: skip
        for barred in await planter.admin.fetch(
            "select forum_id, side, office from graph.seat where person_id = $1 and forum_id is not null", viewer
        ):
            await planter.row(
                "bar_office", room, forum_id=barred["forum_id"], side=barred["side"], office=barred["office"]
            )
        for left in (room, status, content, vault):
            await planter.trace(left, own)
    await planter.row("bar_office", await planter.room(None), forum_id=jnc, side="STAFF", office="CHAIR")
    await planter.admin.execute(
        "insert into access.own_sign_in_code (person_id, seat_id, issuer, code_hash, expires_at) values ($1, $2, $3, $4, 'infinity')",
        somebody, raised_from, ISSUER, raised_from.bytes)  # fmt: skip
    await planter.row(
        "signpost",
        await planter.room(None),
        id=planter.id("Signpost"),
        organisation_id=demo_id("organisation", "RTD"),
        purpose="GUARDIAN",
    )


async def _webhooks(planter: Planter, own: UUID) -> None:
    """What somebody else has told, and what was sent there."""
    for turn in range(2):
        endpoint = planter.id("WebhookEndpoint")
        await planter.row(
            "webhook_endpoint", own, id=endpoint, url=f"https://{SENTINEL}", types=["consultation.changed"], state="ACTIVE", secret=b"x")  # fmt: skip
        await planter.row(
            "webhook_delivery", own, id=planter.id("WebhookDelivery"), endpoint_id=endpoint, lane=own, place=turn, type="consultation.changed",
            type_name="Consultation", node=endpoint, state="PENDING")  # fmt: skip
        await planter.admin.execute(
            "insert into access.webhook_turn (endpoint_id, account_id, seat_id, told) values ($1, $1, $1, 'x')",
            endpoint,
        )


async def _mail(planter: Planter) -> None:
    """Somebody else is mailed, was told of what they may see, and is to be again."""
    await planter.person()
    other, preference, outgoing = planter.made["account"][-1], planter.id("mail"), planter.id("outgoing mail")
    await planter.admin.execute(
        "insert into access.mail_preference (id, account_id, state, cadence, address, address_mark) values ($1, $2, 'CONFIRMED', 'AT_ONCE', $3, $4)",
        preference, other, SENTINEL.encode(), preference.bytes)  # fmt: skip
    await planter.admin.execute(
        "insert into access.mail_told (preference_id, notice) values ($1, $2)", preference, outgoing.bytes
    )
    await planter.admin.execute(
        "insert into access.mail_outgoing (id, preference_id, kind, address_mark, slot) values ($1, $2, 'UPDATE', $3, $4)",
        outgoing, preference, preference.bytes, SENTINEL)  # fmt: skip


async def _themes(planter: Planter) -> None:
    """A theme below the threshold, named and signed for, that its region has not heard; and one of another trust."""
    jnc, spf, organisation = (
        demo_id("forum", "RTD/jnc"),
        demo_id("forum", "north-east/spf"),
        demo_id("organisation", "RTD"),
    )
    offered, heard = await planter.room(None), await planter.room(None)
    offer, theme = planter.id("ThemeOffer"), planter.id("Theme")
    about = {"category": "SAFE_SPACE", "period": "2026-Q1"}
    await planter.row("theme_offer", offered, id=offer, forum_id=jnc, organisation_id=organisation, spf_id=spf, offered_by_side="STAFF",
        offered_by_office="CHAIR", **about)  # fmt: skip
    await planter.row(
        "theme_signature",
        offered,
        id=planter.id("ThemeSignature"),
        offer_id=offer,
        forum_id=jnc,
        side="STAFF",
        office="CHAIR",
    )
    await planter.row("theme", heard, id=theme, forum_id=spf, trusts=1, **about)
    await planter.row("theme_trust", heard, theme_id=theme, organisation_id=organisation)
    await planter.row(
        "theme_answer",
        heard,
        id=planter.id("ThemeAnswer"),
        theme_id=theme,
        position=1,
        state="DISCUSSED",
        side="STAFF",
        office="CHAIR",
    )


async def show(admin: Connection) -> dict[str, list[UUID]]:
    """What both worlds have beside the demo, so that every type has something to see; its ids by type."""
    planter = Planter(admin, frozenset(), "shown", {table.name: table for table in await tables_of(admin)})
    papers = await admin.fetchrow(
        "select * from graph.consultation where id = $1", demo_id("consultation", f"{POLICY}/")
    )
    fixed = datetime(2026, 1, 5, tzinfo=UTC)
    await planter.row(
        "extension", papers["case_room"], id=planter.id("Extension"), consultation_id=papers["id"], consultation_room=papers["room_id"],
        closes_at=fixed, state="PROPOSED", made_by_side="STAFF", made_by_office="CHAIR", reason="x", content_hash="x", created_at=fixed)  # fmt: skip
    race, officers = demo_id("forum", "RTD/race"), room_id("RTD/race", Purpose.OFFICERS)
    await planter.row("membership_request", officers, id=planter.id("MembershipRequest"), forum_id=race,
        person_id=demo_id("person", "management-chair"), created_at=fixed)  # fmt: skip
    await planter.row("invitation", officers, id=planter.id("Invitation"), forum_id=race, side="NETWORK", office="MEMBER",
        code_hash=b"x", expires_at=fixed, created_at=fixed)  # fmt: skip
    await planter.row(
        "bar", papers["case_room"], person_id=demo_id("person", "management-secretary"), reason="x", created_at=fixed
    )
    await _show_carried(planter, fixed)
    return planter.made


async def prepared_for_issues(ground: Ground) -> None:
    """A row of every table of issues, steps and themes; the guest may read, and not write, where acts change one."""
    planter = Planter(ground.admin, frozenset(), "shown", {table.name: table for table in ground.tables})
    await _show_carried(planter, datetime(2026, 1, 5, tzinfo=UTC))
    await planter.row(
        "signpost",
        ground.facts["officers"],
        id=planter.id("Signpost"),
        organisation_id=demo_id("organisation", "RTD"),
        purpose="GUARDIAN",
    )
    await _webhooks(planter, personal(NETWORK_CHAIR))
    await planter.row("release_note", personal(NETWORK_CHAIR), id=planter.id("ReleaseNote"), on_day=date(2020, 1, 1), hours=9, code_hash=b"x" * 32,
        organisation_id=demo_id("organisation", "RTD"))  # fmt: skip
    await planter.row("door", from_room=personal(GUEST), into_room=personal(NETWORK_CHAIR), may_write=False)
    for table, name in {"issue": "Issue", "escalation_step": "EscalationStep", "theme": "Theme"}.items():
        for room in await ground.admin.fetch(
            f"select room_id from graph.{table} where id = any($1)", planter.made[name]
        ):
            await planter.row("door", from_room=personal(GUEST), into_room=room["room_id"], may_write=False)


async def _show_carried(planter: Planter, fixed: datetime) -> None:
    """An issue that the network member raised confidentially, taken up by the JNC as far as its agenda, a theme and a signpost."""
    race, jnc, spf = (demo_id("forum", key) for key in ("RTD/race", "RTD/jnc", "north-east/spf"))
    chair, member = seat(NETWORK_CHAIR), seat(NETWORK_MEMBER)
    organisation, day = demo_id("organisation", "RTD"), fixed.date()
    own = await planter.room(None)
    room, vault = await planter.room(room_id("RTD/race", Purpose.OFFICERS)), await planter.room(personal(NETWORK_CHAIR))
    status, content = [await planter.room(room_id("RTD/jnc", Purpose.JOINT)) for _ in range(2)]
    for into, origins in {room: [own], vault: [own], status: [own, room_id("RTD/race", Purpose.OFFICERS)],
            content: [own, room_id("RTD/race", Purpose.OFFICERS)]}.items():  # fmt: skip
        for origin in origins:
            await planter.row("door", from_room=origin, into_room=into, may_write=into != status)
    issue, step = planter.id("Issue"), planter.id("EscalationStep")
    on_step, words = {"step_id": step, "step_room": status}, {"body": "x", "content_hash": "x"}
    await planter.row("issue", room, id=issue, forum_id=race, channel="OFFICERS", category="POLICY", manner="FORMAL", identity="CONFIDENTIAL",
        raised_by_side="NONE", body="x", effect_sought="x", reason="", receipt=None, raised_on=day)  # fmt: skip
    await planter.row("raiser", vault, id=planter.id("Raiser"), issue_id=issue, own_room=own, person_id=demo_id("person", "network-member"),
        seat_id=member, display_name="x", recipient_seat=chair)  # fmt: skip
    await planter.row(
        "issue_message",
        vault,
        id=planter.id("IssueMessage"),
        issue_id=issue,
        position=1,
        from_raiser=True,
        body="x",
        said_on=day,
    )
    await planter.row("escalation_step", status, id=step, content_room=content, route="NETWORK_TO_JNC", kind="ESCALATE", carries="RECORD", state="ON_AGENDA",
        from_forum_id=race, from_channel="OFFICERS", from_name="x", to_forum_id=jnc, to_channel="JOINT", to_name="x", category="POLICY", outcome="",
        reason="", dated_on=day, sent_on=day, acknowledge_by=day, answer_by=day, acknowledged_on=day, accepted_on=day)  # fmt: skip
    await planter.row(
        "step_trail", room, id=planter.id("StepTrail"), issue_id=issue, issue_room=room, number=1, **on_step
    )
    await planter.row("step_summary", content, id=planter.id("StepSummary"), **on_step, **words)
    await planter.row(
        "consent", room, id=planter.id("Consent"), by_office=False, content_hash="x", given_on=day, **on_step
    )
    by = {"side": "STAFF", "office": "CHAIR", "body": "x"}
    await planter.row(
        "step_message", content, id=planter.id("StepMessage"), position=1, kind="QUESTION", said_on=day, **on_step, **by
    )
    joint = room_id("RTD/jnc", Purpose.JOINT)
    await planter.row("step_note", joint, id=planter.id("StepNote"), noted_on=day, created_at=fixed, **on_step, **by)
    await planter.row("agenda_item", joint, id=planter.id("AgendaItem"), forum_id=jnc, title="x", placed_by_side="STAFF", placed_by_office="CHAIR",
        created_at=fixed, **on_step)  # fmt: skip
    await planter.row("issue_notice", room_id("RTD/race", Purpose.MEMBERS), id=planter.id("IssueNotice"), forum_id=race, category="POLICY",
        step_room=on_step["step_room"], to_kind="JOINT_NEGOTIATING_COMMITTEE", state="SENT", sent_on=day)  # fmt: skip
    disclosed = await planter.room(personal(NETWORK_CHAIR))
    await planter.row("identity_disclosure", disclosed, id=planter.id("IdentityDisclosure"), issue_id=issue, to_seat=chair, to_words="x",
        ground="SAFEGUARDING", reason="x", safe_to_tell=False, why_not_told="x", display_name=None)  # fmt: skip
    about = {"category": "PEER_SUPPORT", "period": "2026-Q1", "created_at": fixed}
    offer, theme, heard = (
        planter.id("ThemeOffer"),
        planter.id("Theme"),
        await planter.room(room_id("north-east/spf", Purpose.JOINT)),
    )
    await planter.row("door", from_room=joint, into_room=heard, may_write=False)
    await planter.row("theme_offer", joint, id=offer, forum_id=jnc, organisation_id=organisation, spf_id=spf, offered_by_side="STAFF",
        offered_by_office="CHAIR", offered_on=day, **about)  # fmt: skip
    await planter.row(
        "theme_signature",
        joint,
        id=planter.id("ThemeSignature"),
        offer_id=offer,
        forum_id=jnc,
        side="STAFF",
        office="CHAIR",
        signed_on=day,
    )
    await planter.row("theme", heard, id=theme, forum_id=spf, trusts=3, **about)
    await planter.row("theme_trust", heard, theme_id=theme, organisation_id=organisation)
    await planter.row("theme_answer", heard, id=planter.id("ThemeAnswer"), theme_id=theme, position=1, state="DISCUSSED", statement="x",
        side="STAFF", office="CHAIR", said_on=day)  # fmt: skip
    await planter.row("signpost", room_id("RTD/race", Purpose.MEMBERS), id=planter.id("Signpost"), organisation_id=organisation, purpose="GUARDIAN",
        words="x", how_to_reach="x")  # fmt: skip
