"""Plays a demo issue, or a theme, with the service's own acts on the day of the test, to compare with what was loaded."""

from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID, uuid4

from service.access.viewer import Doorway, Viewer
from service.demo.cases import Did
from service.demo.matters import RAISER, Answer, Disclosing, Hop, Issue, Offer, OnIssue, OnStep, Sign
from service.demo.shapes import Region, demo_id
from service.forums import BODY
from service.identity.demo import ISSUER
from service.resolvers import disclosures, escalations, issues, signposts, themes
from service.resolvers.acting import Deed, perform
from service.resolvers.context import Context, SignedIn
from service.resolvers.ids import global_id
from service.rules.acts import Act
from service.rules.bodies import Channel
from service.rules.escalations import Category
from tests.demo.live import KEYS

RECEIVED: Final = escalations.load_received
DEEDS: Final = {
    Act.ISSUE_RAISE: (issues.load_body, issues.raise_issue, None),
    Act.ISSUE_CLOSE: (issues.load_issue_locked, issues.close, issues.own_of_issue),
    Act.MESSAGE_SEND: (issues.load_issue, issues.send_message, issues.own_of_issue),
    Act.HANDOVER_TAKE: (issues.load_issue_locked, issues.take_handover, None),
    Act.ISSUE_ESCALATE: (escalations.load_escalated, escalations.escalate, None),
    Act.STEP_REFER: (RECEIVED, escalations.refer, None),
    Act.CONSENT_GIVE: (escalations.load_step, escalations.give_consent, escalations.own_of_step),
    Act.CONSENT_WITHDRAW: (escalations.load_step, escalations.withdraw_consent, escalations.own_of_step),
    Act.STEP_ACKNOWLEDGE: (RECEIVED, escalations.acknowledge, None),
    Act.STEP_ACCEPT: (RECEIVED, escalations.accept, None),
    Act.STEP_ASK: (RECEIVED, escalations.ask, None),
    Act.STEP_ANSWER: (escalations.load_step, escalations.answer, escalations.own_of_step),
    Act.STEP_NOTE: (RECEIVED, escalations.note, None),
    Act.STEP_PLACE: (RECEIVED, escalations.place, None),
    Act.STEP_RETURN: (RECEIVED, escalations.return_, None),
    Act.STEP_RESOLVE: (RECEIVED, escalations.resolve, None),
    Act.INTEREST_DECLARE: (escalations.load_interest, escalations.declare_interest, None),
    Act.DISCLOSURE_NOTIFY: (issues.load_issue, disclosures.notify, None),
    Act.IDENTITY_CONSENT: (disclosures.load_disclosure, disclosures.consent, disclosures.own_of_disclosure),
    Act.IDENTITY_DISCLOSE: (disclosures.load_disclosure, disclosures.disclose, None),
    Act.THEME_OFFER: (themes.load_offering, themes.offer, None),
    Act.THEME_SIGN: (themes.load_offer, themes.sign, None),
    Act.THEME_ANSWER: (themes.load_theme, themes.answer, None),
    Act.SIGNPOST_SET: (signposts.load_organisation, signposts.set_, None),
}
WORDS: Final = {
    Act.STEP_RETURN: "reason",
    Act.STEP_RESOLVE: "outcome",
    Act.STEP_PLACE: "title",
    Act.ISSUE_CLOSE: "reason",
    Act.HANDOVER_TAKE: "receipt",
}


class LiveIssues:
    """The demo's people, acting through the service."""

    def __init__(self, doorway: Doorway, admin: Any, demo: Region) -> None:
        self.doorway, self.admin, self.demo = doorway, admin, demo

    def forum(self, key: str) -> str:
        """A body's global id."""
        kind = next(forum.kind for forum in self.demo.forums if forum.key == key)
        return global_id(BODY[kind].type_name, demo_id("forum", key))

    async def act(self, act: Act, seat_key: str, **said: Any) -> UUID:
        """One act in one seat; what it made."""
        seat = next(seat for seat in self.demo.seats if seat.key == seat_key)
        account = await self.doorway.identify(ISSUER, seat.holder)
        viewer = Viewer(account, demo_id("seat", seat.key))
        context = Context(self.doorway, KEYS, SignedIn(ISSUER, seat.holder, None, account), viewer)
        load, do, own = DEEDS[act]
        unseen = issues.confidential if act is Act.ISSUE_RAISE else lambda said: False
        deed = Deed(act, load, do, "", own=own, unseen=unseen)  # type: ignore[arg-type]
        given: Any = SimpleNamespace(expected_revision=None, **said)
        outcome = await perform(context, deed, given, {"idempotency_key": uuid4().hex})
        assert outcome.problems == (), (act, outcome.problems)
        assert outcome.id is not None
        return outcome.id

    async def raised(self, given: Issue) -> UUID:
        """Every deed of the issue, in its order; the id of what came of them."""
        id = await self.act(
            Act.ISSUE_RAISE,
            given.raised.seat,
            forum_id=self.forum(given.forum),
            category=given.category,
            identity=given.identity,
            concerns_individual_case=False,
            manner=given.manner,
            body=given.body,
            effect_sought=given.effect,
            recipient_seat_id=given.recipient and global_id("Seat", demo_id("seat", given.recipient)),
            implicated_person_ids=[],
            implicated_offices=[
                SimpleNamespace(forum_id=self.forum(forum), side=side, office=office)
                for forum, side, office in given.implicated
            ],
        )
        steps: dict[str, UUID] = {}
        disclosing: dict[str, UUID] = {}
        for deed in given.deeds:
            seat = given.raised.seat if deed.did.seat == RAISER else deed.did.seat
            match deed:
                case Hop():
                    steps[deed.key] = await self._hop(deed, seat, id, steps)
                case OnStep():
                    words = {WORDS.get(deed.act, "body"): deed.words, "meets_on": deed.meets_on, "issue_id": None}
                    step = steps[deed.hop]
                    if deed.act is Act.CONSENT_GIVE:
                        words["content_hash"] = await self.admin.fetchval(
                            "select content_hash from graph.step_summary where step_id = $1", step
                        )
                    await self.act(deed.act, seat, step_id=global_id("EscalationStep", step), **words)
                case OnIssue():
                    words = {WORDS.get(deed.act, "body"): deed.words}
                    await self.act(deed.act, seat, issue_id=global_id("Issue", id), **words)
                case Disclosing():
                    await self._disclose(deed, seat, id, disclosing)
        return id

    async def _hop(self, hop: Hop, seat: str, issue: UUID, steps: dict[str, UUID]) -> UUID:
        after = None if hop.after is None else global_id("EscalationStep", steps[hop.after])
        return await self.act(
            hop.act,
            seat,
            issue_id=global_id("Issue", issue) if after is None else None,
            step_id=after,
            to_forum_id=self.forum(hop.to),
            channel=Channel(hop.channel),
            summary=hop.summary,
            category=None,
            concerns_individual_case=False,
        )

    async def _disclose(self, deed: Disclosing, seat: str, issue: UUID, made: dict[str, UUID]) -> None:
        if deed.act is Act.DISCLOSURE_NOTIFY:
            made[deed.key] = await self.act(
                deed.act,
                seat,
                issue_id=global_id("Issue", issue),
                to_seat_id=global_id("Seat", demo_id("seat", deed.to)),
                ground=deed.ground,
                reason=deed.reason,
                safe_to_tell=True,
                why_not_told="",
            )
        else:
            await self.act(deed.act, seat, disclosure_id=global_id("IdentityDisclosure", made[deed.key]))

    async def themes(self, given: tuple[Offer | Answer, ...], instead: dict[Category, Category]) -> None:
        """Every offer, signature and answer, about another category each, so that both can stand beside each other."""
        for each in given:
            match each:
                case Offer():
                    await self._offer(each, instead[each.category])
                case Answer():
                    theme = await self.admin.fetchval(
                        "select id from graph.theme where category = $1 and period = $2",
                        instead[each.category],
                        each.period,
                    )
                    words = {"state": each.state, "statement": each.statement}
                    await self.act(Act.THEME_ANSWER, each.did.seat, theme_id=global_id("Theme", theme), **words)

    async def _offer(self, given: Offer, category: Category) -> None:
        about = {"forum_id": self.forum(given.forum), "category": category, "period": given.period}
        made = global_id("ThemeOffer", await self.act(Act.THEME_OFFER, given.did.seat, **about))
        for did in given.signed:
            await self.act(Act.THEME_SIGN, did.seat, offer_id=made)

    async def sign(self, given: Sign, trust: str, did: Did) -> UUID:
        """The same words at another trust, which has none."""
        where = global_id("Organisation", demo_id("organisation", trust))
        words = {"purpose": given.purpose, "words": given.words, "how_to_reach": given.how_to_reach}
        return await self.act(Act.SIGNPOST_SET, did.seat, organisation_id=where, **words)
