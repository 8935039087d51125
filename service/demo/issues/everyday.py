"""What every trust's networks raise: an issue and a step in each state, told in the trust's own words."""

from collections.abc import Iterator, Mapping

from service.demo.issues.telling import Telling, Words
from service.demo.matters import Issue, OnIssue, OnStep
from service.rules.acts import Act
from service.rules.bodies import Channel
from service.rules.escalations import Category, IdentityMode, IssueState, Manner, StepState

JOINT, OFFICERS = Channel.JOINT, Channel.OFFICERS
UNSAID = Words("", "")


def everyday(at: Telling, words: Mapping[str, Words]) -> Iterator[Issue]:
    """The trust's issues; `words` by the state that each shows."""
    yield from _not_sent(at, words)
    yield from _under_way(at, words)
    yield from _taken_up(at, words)
    yield from _ended(at, words)
    yield from _handed_over(at, words)


def _not_sent(at: Telling, words: Mapping[str, Words]) -> Iterator[Issue]:
    yield at.from_network(
        "informal", "race", 2, Category.SAFE_SPACE, UNSAID, 3, IssueState.RAISED, manner=Manner.INFORMAL
    )
    said = words["awaiting"]
    yield at.from_network(
        "awaiting", "carers", 2, Category.TIME_OFF, said, 6, IssueState.RAISED,
        at.hop("jnc", "jnc", JOINT, said.summary, at.network_chair("carers"), 2),
        steps=(StepState.AWAITING_CONSENT,),
    )  # fmt: skip
    said = words["closed"]
    yield at.from_network(
        "closed", "women", 5, Category.PEER_SUPPORT, said, 25, IssueState.CLOSED,
        OnIssue(Act.ISSUE_CLOSE, at.did(at.network_chair("women"), 18), said.end),
    )  # fmt: skip


def _under_way(at: Telling, words: Mapping[str, Words]) -> Iterator[Issue]:
    said = words["sent"]
    yield at.from_network(
        "sent", "women", 2, Category.POLICY, said, 7, IssueState.CARRIED,
        at.hop("jnc", "jnc", JOINT, said.summary, at.network_chair("women"), 4), at.consents("jnc", 2),
        steps=(StepState.SENT,),
    )  # fmt: skip
    said = words["late"]  # five working days to acknowledge, and nobody has
    yield at.from_network(
        "late", "women", 3, Category.HEALTH_AND_WELLBEING, said, 16, IssueState.CARRIED,
        at.hop("safety", "safety", JOINT, said.summary, at.network_chair("women"), 13), at.consents("safety", 11),
        steps=(StepState.SENT,),
    )  # fmt: skip
    said = words["acknowledged"]
    yield at.from_network(
        "acknowledged", "carers", 3, Category.ACTION_PLANNING, said, 14, IssueState.CARRIED,
        at.hop("edi", "edi", JOINT, said.summary, at.network_chair("carers"), 12), at.consents("edi", 10),
        at.on(Act.STEP_ACKNOWLEDGE, "edi", at.edi_chair, 8),
        steps=(StepState.ACKNOWLEDGED,),
    )  # fmt: skip


def _taken_up(at: Telling, words: Mapping[str, Words]) -> Iterator[Issue]:
    said = words["accepted"]
    yield at.from_network(
        "accepted", "disability", 2, Category.HEALTH_AND_WELLBEING, said, 15, IssueState.CARRIED,
        at.hop("safety", "safety", JOINT, said.summary, at.network_chair("disability"), 13), at.consents("safety", 12),
        at.on(Act.STEP_ACCEPT, "safety", at.safety_staff_chair, 10),
        steps=(StepState.ACCEPTED,),
    )  # fmt: skip
    said = words["agenda"]
    yield at.from_network(
        "agenda", "race", 3, Category.BULLYING_HARASSMENT_VIOLENCE, said, 22, IssueState.CARRIED,
        at.hop("jnc", "jnc", JOINT, said.summary, at.network_chair("race"), 19), at.consents("jnc", 17),
        at.on(Act.STEP_ACKNOWLEDGE, "jnc", at.secretariat, 16),
        at.on(Act.STEP_ASK, "jnc", at.management_chair, 14, "Is this one site, or all of them?"),
        OnStep(Act.STEP_ANSWER, "jnc", at.own(12), "All of them, and nights more than days."),
        at.on(Act.STEP_ACCEPT, "jnc", at.management_chair, 10),
        at.on(Act.STEP_NOTE, "jnc", at.staff_chair, 9, "Ask for the incident figures by shift before we meet."),
        at.on(Act.STEP_PLACE, "jnc", at.secretariat, 8, "Abuse of staff on wards", meets_on=at.days.after(9)),
        steps=(StepState.ON_AGENDA,),
    )  # fmt: skip
    said = words["referred"]
    yield at.from_network(
        "referred", "disability", 3, Category.POLICY, said, 30, IssueState.CARRIED,
        at.hop("jnc", "jnc", JOINT, said.summary, at.network_chair("disability"), 28), at.consents("jnc", 26),
        at.on(Act.STEP_ACCEPT, "jnc", at.staff_chair, 22),
        at.hop("safety", "safety", JOINT, said.end, at.staff_chair, 20, after="jnc", refers=True),
        at.consents("safety", 17), at.on(Act.STEP_ACKNOWLEDGE, "safety", at.safety_chair, 14),
        steps=(StepState.REFERRED, StepState.ACKNOWLEDGED),
    )  # fmt: skip


def _ended(at: Telling, words: Mapping[str, Words]) -> Iterator[Issue]:
    said = words["answered"]
    yield at.from_network(
        "answered", "race", 4, Category.STAFF_EXPERIENCE, said, 45, IssueState.ANSWERED,
        at.hop("edi", "edi", JOINT, said.summary, at.network_chair("race"), 42), at.consents("edi", 40),
        at.on(Act.STEP_ACKNOWLEDGE, "edi", at.edi_chair, 38), at.on(Act.STEP_ACCEPT, "edi", at.edi_chair, 36),
        at.on(Act.STEP_RESOLVE, "edi", at.edi_chair, 15, said.end),
        steps=(StepState.RESOLVED,),
    )  # fmt: skip
    said = words["returned"]
    yield at.from_network(
        "returned", "women", 4, Category.PAY_AND_TERMS, said, 28, IssueState.RETURNED,
        at.hop("jnc", "jnc", JOINT, said.summary, at.network_chair("women"), 26), at.consents("jnc", 24),
        at.on(Act.STEP_RETURN, "jnc", at.management_chair, 21, said.end),
        steps=(StepState.RETURNED,),
    )  # fmt: skip
    said = words["withdrawn"]
    yield at.from_network(
        "withdrawn", "carers", 4, Category.TIME_OFF, said, 18, IssueState.WITHDRAWN,
        at.hop("jnc", "jnc", JOINT, said.summary, at.network_chair("carers"), 16), at.consents("jnc", 14),
        at.on(Act.STEP_ACKNOWLEDGE, "jnc", at.secretariat, 13),
        at.on(Act.STEP_ASK, "jnc", at.management_chair, 11, "Which wards is this about?"),
        OnStep(Act.CONSENT_WITHDRAW, "jnc", at.own(9)),
        steps=(StepState.WITHDRAWN,),
    )  # fmt: skip


def _handed_over(at: Telling, words: Mapping[str, Words]) -> Iterator[Issue]:
    said = words["guardian"]
    yield Issue(
        key=f"{at.trust}/guardian", forum=at.body("speak-up"), category=Category.RAISING_CONCERNS,
        body=said.body, effect=said.effect, raised=at.did(at.employee(3), 20), state=IssueState.HANDED_OVER,
        identity=IdentityMode.CONFIDENTIAL, recipient=at.guardian,
        deeds=(
            OnIssue(Act.MESSAGE_SEND, at.did(at.guardian, 19), "Thank you. Are you safe at work today?"),
            OnIssue(Act.MESSAGE_SEND, at.own(18), "Yes. I am on leave until Monday."),
            OnIssue(Act.HANDOVER_TAKE, at.did(at.guardian, 17), said.end),
        ),
    )  # fmt: skip
    said = words["receipt"]
    yield at.from_network(
        "receipt", "race", 5, Category.RAISING_CONCERNS, said, 34, IssueState.ANSWERED,
        at.hop("guardian", "speak-up", OFFICERS, said.summary, at.network_chair("race"), 33),
        at.consents("guardian", 32), at.on(Act.STEP_ACCEPT, "guardian", at.guardian, 31),
        at.on(Act.STEP_RESOLVE, "guardian", at.guardian, 30, said.end),
        steps=(StepState.RESOLVED,),
    )  # fmt: skip
