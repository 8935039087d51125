"""Plays a demo consultation with the service's own acts, on the day of the test, for comparison with what was loaded."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from service.access.viewer import Doorway, Viewer
from service.demo.cases import (
    Comment,
    Consultation,
    Consultee,
    Disagreement,
    ImpactAssessment,
    Outcome,
    Plan,
    Ratification,
    Response,
    Version,
    Withdrawal,
)
from service.demo.clauses import address
from service.demo.days import Days
from service.demo.policies import TITLES, text
from service.demo.replay.papers import MORE_TIME, SUMMARY
from service.demo.shapes import Region, demo_id
from service.demo.timeline import Entry, timeline
from service.forums import BODY
from service.identity.demo import ISSUER
from service.resolvers import agreements, comments, drafting, plans, responses
from service.resolvers.acting import Deed, perform
from service.resolvers.context import Context, Keys, SignedIn
from service.resolvers.ids import global_id
from service.resolvers.targets import consultation_locked, consultation_seen, consultee_locked
from service.rules.acts import Act
from service.rules.calendar import add_working_days, end_of_day

KEYS = Keys(b"c" * 32, b"i" * 32, b"v" * 32, b"f" * 32, b"w" * 32, b"m" * 32, b"d" * 32)
PERIOD = 20
AFTER_CLOSING = {Act.POLICY_VERSION_ADD, Act.OUTCOME_RECORD, Act.CONSULTATION_SIGN, Act.DISAGREEMENT_RECORD}

DEEDS = {
    Act.CONSULTATION_DRAFT: (drafting.load_forum, drafting.draft),
    Act.POLICY_VERSION_ADD: (consultation_locked, drafting.add_version),
    Act.IMPACT_ASSESSMENT_RECORD: (consultation_locked, drafting.record_assessment),
    Act.CONSULTATION_PLAN: (consultation_locked, plans.propose),
    Act.PLAN_SIGN: (plans.load_plan, plans.sign),
    Act.CONSULTATION_OPEN: (consultation_locked, plans.open_),
    Act.CONSULTEE_ADD: (consultation_locked, plans.add_consultee),
    Act.CONSULTEE_EXTEND: (consultee_locked, agreements.extend_consultee),
    Act.COMMENT_ADD: (consultation_seen, comments.add_comment),
    Act.COMMENT_WITHDRAW: (comments.load_comment, comments.withdraw_comment),
    Act.RESPONSE_DRAFT: (consultee_locked, responses.save_draft),
    Act.RESPONSE_SUBMIT: (consultee_locked, responses.submit),
    Act.OUTCOME_RECORD: (responses.load_point, responses.record_outcome),
    Act.CONSULTATION_SIGN: (consultation_locked, agreements.sign),
    Act.DISAGREEMENT_RECORD: (consultation_locked, agreements.record_disagreement),
    Act.CONSULTATION_RATIFY: (consultation_locked, agreements.ratify),
    Act.CONSULTATION_WITHDRAW: (consultation_locked, agreements.withdraw),
}


class Live:
    """One consultation, acted out. `id` is what the service named it."""

    def __init__(
        self, doorway: Doorway, admin: "asyncpg.Connection[asyncpg.Record]", demo: Region, today: date
    ) -> None:
        self.doorway, self.admin, self.demo, self.today = doorway, admin, demo, today
        self.id: UUID | None = None
        self.given: Consultation | None = None
        self.plan = self.version = UUID(int=0)
        self.comments: dict[int, UUID] = {}
        self.is_closed = False

    async def play(self, given: Consultation) -> UUID:
        """Every act of the consultation, in its order; the id of what came of them."""
        self.given = given
        for entry in timeline(given):
            await self._step(entry)
        assert self.id is not None
        return self.id

    async def _step(self, entry: Entry) -> None:
        seat = next(seat for seat in self.demo.seats if seat.key == entry.did.seat)
        if entry.act in AFTER_CLOSING:
            await self._close()
        if isinstance(entry.what, Response) and entry.act is Act.RESPONSE_SUBMIT and self._is_late(entry):
            await self._close()
        said = await self._said(entry)
        account = await self.doorway.identify(ISSUER, seat.holder)
        context = Context(
            self.doorway, KEYS, SignedIn(ISSUER, seat.holder, None, account), Viewer(account, demo_id("seat", seat.key))
        )
        load, do = DEEDS[entry.act]
        given: Any = SimpleNamespace(**said)
        deed = Deed(entry.act, load, do, "")  # type: ignore[arg-type]
        outcome = await perform(context, deed, given, {"idempotency_key": uuid4().hex})
        assert outcome.problems == (), (entry.act, outcome.problems)
        assert outcome.id is not None
        await self._remember(entry, outcome.id)

    def _is_late(self, entry: Entry) -> bool:
        assert self.given is not None
        assert self.given.plan is not None
        extended = {consultee.forum: consultee.extended_to for consultee in self.given.consultees}
        assert isinstance(entry.what, Response)
        return entry.did.at >= end_of_day(extended[entry.what.forum] or self.given.plan.closes_on)

    async def _close(self) -> None:
        """Time passes, and nothing else can close a consultation: what was said in time stays in time."""
        if self.is_closed:
            return
        self.is_closed, closed = True, end_of_day(self.today - timedelta(days=4))
        await self.admin.execute("update graph.consultation set closes_at = $2 where id = $1", self.id, closed)
        await self.admin.execute(
            "update graph.consultee set responded_at = responded_at - interval '10 days',"
            " extended_to = case when extended_to is not null then $2::timestamptz end where consultation_id = $1",
            self.id,
            closed,
        )

    async def _remember(self, entry: Entry, made: UUID) -> None:
        match entry.act:
            case Act.CONSULTATION_DRAFT:
                self.id = made
            case Act.CONSULTATION_PLAN:
                self.plan = made
            case Act.COMMENT_ADD:
                self.comments[id(entry.what)] = made
            case _:
                pass
        self.version = await self.admin.fetchval(
            "select id from graph.policy_version where consultation_id = $1 order by number desc limit 1", self.id
        )

    def _forum(self, key: str) -> str:
        kind = next(forum.kind for forum in self.demo.forums if forum.key == key)
        return global_id(BODY[kind].type_name, demo_id("forum", key))

    async def _hash(self, table: str, row: UUID) -> str:
        return str(await self.admin.fetchval(f"select content_hash from graph.{table} where id = $1", row))

    async def _clause(self, words: str | None, version: int) -> str | None:
        if words is None:
            return None
        assert self.given is not None
        where = address(self.given.policy, version, words)
        found = await self.admin.fetchval(
            "select c.id from graph.clause c join graph.policy_version v on v.id = c.policy_version_id"
            " where v.consultation_id = $1 and v.number = $2 and c.address = $3",
            self.id,
            version,
            where,
        )
        return global_id("Clause", found)

    async def _consultee(self, forum: str) -> str:
        found = await self.admin.fetchval(
            "select id from graph.consultee where consultation_id = $1 and forum_id = $2",
            self.id,
            demo_id("forum", forum),
        )
        return global_id("Consultee", found)

    async def _point(self, given: Outcome) -> str:
        assert self.given is not None
        words = next(p.text for r in self.given.responses for p in r.points if p.key == given.point)
        found = await self.admin.fetchval(
            "select id from graph.response_point where consultation_id = $1 and body = $2", self.id, words
        )
        return global_id("ResponsePoint", found)

    async def _said(self, entry: Entry) -> dict[str, Any]:
        assert self.given is not None
        policy, own = self.given.policy, {"consultation_id": self.id and global_id("Consultation", self.id)}
        latest = global_id("PolicyVersion", self.version)
        match entry.act, entry.what:
            case Act.CONSULTATION_DRAFT, Version():
                return {
                    "forum_id": self._forum(self.given.forum),
                    "kind": self.given.kind,
                    "title": self.given.title,
                    "summary": SUMMARY,
                    "body": text(policy, 1),
                }
            case Act.POLICY_VERSION_ADD, Version() as version:
                words = {"title": TITLES[policy], "body": text(policy, version.number), "change_note": version.note}
                return {**own, **words}
            case _, ImpactAssessment() as made:
                about = {"groups": made.groups, "findings": made.findings, "mitigations": made.mitigations}
                return {**own, "policy_version_id": latest, "assessed_on": self.today, **about}
            case Act.CONSULTATION_PLAN, Plan() as plan:
                return {**own, **self._plan(plan)}
            case Act.PLAN_SIGN, None:
                stands = await self._hash("consultation_plan", self.plan)
                return {"plan_id": global_id("ConsultationPlan", self.plan), "content_hash": stands}
            case Act.CONSULTATION_SIGN, None:
                stands = await self._hash("policy_version", self.version)
                return {**own, "policy_version_id": latest, "content_hash": stands}
            case Act.CONSULTEE_ADD, Consultee() as consultee:
                return {**own, "forum_id": self._forum(consultee.forum)}
            case Act.CONSULTEE_EXTEND, Consultee() as consultee:
                until = add_working_days(self.today, PERIOD + 5)
                return {"consultee_id": await self._consultee(consultee.forum), "closes_on": until, "reason": MORE_TIME}
            case Act.COMMENT_ADD, Comment() as comment:
                clause = await self._clause(comment.clause, 1)
                return {**own, "clause_id": clause, "body": comment.text, "show_name": comment.is_named}
            case Act.COMMENT_WITHDRAW, Comment() as comment:
                return {"comment_id": global_id("Comment", self.comments[id(comment)])}
            case Act.RESPONSE_DRAFT, Response() as response:
                points = [
                    SimpleNamespace(clause_id=await self._clause(point.clause, 1), body=point.text)
                    for point in response.points
                ]
                return {
                    "consultee_id": await self._consultee(response.forum),
                    "stance": response.stance,
                    "summary": response.summary,
                    "points": points,
                    "minority_views": list(response.minority_views),
                    "draft_revision": None,
                }
            case Act.RESPONSE_SUBMIT, Response() as response:
                return {"consultee_id": await self._consultee(response.forum), "draft_revision": 1}
            case _, Outcome() as outcome:
                return {
                    "point_id": await self._point(outcome),
                    "decision": outcome.decision,
                    "reason": outcome.reason or "",
                    "changed_clause_id": await self._clause(outcome.clause, outcome.version or 1),
                }
            case _, Disagreement() as stated:
                return {
                    **own,
                    "policy_version_id": latest,
                    "statement": stated.statement,
                    "disputes_procedure": stated.disputes_procedure,
                    "status_quo_clause": stated.status_quo,
                }
            case _, Ratification():
                soon = self.today + timedelta(days=30)
                return {**own, "ratified_on": self.today, "effective_on": soon, "review_on": soon + timedelta(days=365)}
            case _, Withdrawal() as withdrawal:
                return {**own, "reason": withdrawal.reason}
            case _:
                return own

    def _plan(self, plan: Plan) -> dict[str, Any]:
        facts = plan.redundancy
        closes_on = add_working_days(self.today, PERIOD)
        if facts is not None:
            closes_on = Days(self.today).after(PERIOD + 10)
        return {
            "options": [SimpleNamespace(title=title, detail=detail) for title, detail in plan.options],
            "channels": list(plan.channels),
            "consultee_forum_ids": [self._forum(consultee.forum) for consultee in plan.consultees],
            "opens_on": self.today,
            "closes_on": closes_on,
            "redundancy": None if facts is None else _FactsInput(facts),
        }


class _FactsInput:
    """What `vars` sees of the statutory facts, as it does of an input."""

    def __init__(self, facts: Any) -> None:
        for name in facts.__slots__:
            setattr(self, name, getattr(facts, name))
