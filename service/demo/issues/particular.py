"""At RTD, by the ways that need care: the private channel, a side's own item, the board, the region, the implicated."""

from collections.abc import Iterator

from service.demo.issues.telling import Telling, Words
from service.demo.matters import Disclosing, Hop, Issue, OnIssue, OnStep
from service.demo.spf import SPF
from service.rules.acts import Act
from service.rules.bodies import Channel, Office, Side
from service.rules.escalations import Category, IdentityMode, IssueState, StepState

JOINT, STAFF_SIDE, MANAGEMENT_SIDE = Channel.JOINT, Channel.STAFF_SIDE, Channel.MANAGEMENT_SIDE


def particular(at: Telling) -> Iterator[Issue]:
    """RTD's own."""
    yield _private_channel(at)
    yield _implicated(at)
    yield _to_the_board(at)
    yield _own_item(at)
    yield from _to_the_region(at)


def _private_channel(at: Telling) -> Issue:
    """Confidential, to staff side in private, and carried by it to the JNC as its own item, with consent to each."""
    chair, said = at.network_chair("race"), Words(
        "In one department remarks about where we come from are daily, and the rota is the answer to who complains.",
        "It stops, and the rota is looked at by somebody from outside.",
    )  # fmt: skip
    first = "In one department members hear racist remarks daily and fear for their shifts."
    second = "Staff side asks for the rotas of the last year by department, to see who works nights."
    noted = "Carry as ours. Ask for rotas of all departments, so that none stands out."
    return at.from_network(
        "private-channel", "race", 1, Category.BULLYING_HARASSMENT_VIOLENCE, said, 30, IssueState.CARRIED,
        OnIssue(Act.MESSAGE_SEND, at.did(chair, 29), "I have read it, and told nobody. How would you like it carried?"),
        OnIssue(Act.MESSAGE_SEND, at.own(28), "To the staff side first, and without the department's name."),
        at.hop("staff", "jnc", STAFF_SIDE, first, chair, 27),
        at.consents("staff", 26),
        at.on(Act.STEP_ACKNOWLEDGE, "staff", at.staff_chair, 25),
        at.on(Act.STEP_ASK, "staff", at.staff_chair, 24, "May we ask for the rotas of all departments?"),
        OnStep(Act.STEP_ANSWER, "staff", at.own(23), "Of all of them, yes."),
        at.on(Act.STEP_ACCEPT, "staff", at.staff_chair, 22),
        at.on(Act.STEP_NOTE, "staff", at.staff_chair, 21, noted),
        Disclosing(Act.DISCLOSURE_NOTIFY, "staff", at.did(chair, 20), at.staff_chair, reason="To meet."),
        Disclosing(Act.IDENTITY_CONSENT, "staff", at.own(19)),
        Disclosing(Act.IDENTITY_DISCLOSE, "staff", at.did(chair, 18)),
        at.hop("jnc", "jnc", JOINT, second, at.staff_chair, 16, after="staff"),
        at.consents("jnc", 14),
        at.on(Act.STEP_ACKNOWLEDGE, "jnc", at.management_secretary, 12),
        steps=(StepState.ACCEPTED, StepState.ACKNOWLEDGED), confidential=True,
    )  # fmt: skip


def _implicated(at: Telling) -> Issue:
    """About whoever chairs management side: barred from it by office, in every seat that they hold."""
    raised = at.did(at.network_member("disability", 4), 12, 20)
    chair = at.network_chair("disability")
    return Issue(
        key=f"{at.trust}/implicated", forum=at.body("disability"), category=Category.RAISING_CONCERNS,
        body="Requests for adjustments of one directorate wait on one desk, and that desk is the chair's own office.",
        effect="Somebody else decides on them.", raised=raised, state=IssueState.CARRIED,
        implicated=((at.body("jnc"), Side.MANAGEMENT, Office.CHAIR),),
        deeds=(
            at.hop("staff", "jnc", STAFF_SIDE, "Adjustments in one directorate wait on one senior desk.", chair, 10),
            at.consents("staff", 8), at.on(Act.STEP_ACCEPT, "staff", at.staff_chair, 7),
        ),
        steps=(StepState.ACCEPTED,),
    )  # fmt: skip


def _to_the_board(at: Telling) -> Issue:
    """The JNC took it to the board; the JNC's own time to answer has run out. Its secretary stepped back from it."""
    said = Words(
        "After an assault on shift nobody calls, and the next shift is on the rota as before.",
        "Somebody calls within a day, and the next shift is one's own choice.",
    )
    text = "Members ask for a call within a day of an assault, and a choice about the next shift."
    onward = "The negotiating committee asks the board for the means to call everybody who was assaulted within a day."
    return at.from_network(
        "board", "women", 6, Category.BULLYING_HARASSMENT_VIOLENCE, said, 60, IssueState.CARRIED,
        at.hop("jnc", "jnc", JOINT, text, at.network_chair("women"), 58), at.consents("jnc", 56),
        at.on(Act.STEP_ACKNOWLEDGE, "jnc", at.secretariat, 54),
        at.on(Act.INTEREST_DECLARE, "jnc", at.management_secretary, 53),
        at.on(Act.STEP_ACCEPT, "jnc", at.management_chair, 50),
        at.hop("board", "board", JOINT, onward, at.management_chair, 24, after="jnc"), at.consents("board", 20),
        at.on(Act.STEP_ACKNOWLEDGE, "board", at.board_chair, 15), at.on(Act.STEP_ACCEPT, "board", at.board_chair, 12),
        steps=(StepState.ACCEPTED, StepState.ACCEPTED),
    )  # fmt: skip


def _of_a_side(
    at: Telling, key: str, seat: str, ago: int, category: Category, body: str, hop: Hop, *more: OnStep
) -> Issue:
    """An issue of a side itself: nobody's name stands behind it, and what is drafted goes at once."""
    return Issue(
        key=f"{at.trust}/{key}", forum=at.body("jnc"), category=category, body=body, effect="An answer.",
        raised=at.did(seat, ago), state=IssueState.CARRIED, identity=IdentityMode.OFFICE, deeds=(hop, *more),
        steps=(StepState.ON_AGENDA if more and more[-1].act is Act.STEP_PLACE else StepState.SENT,),
    )  # fmt: skip


def _own_item(at: Telling) -> Issue:
    """Staff side's own, which looks from the other side like what it carried for somebody."""
    body = "Meal breaks on long days are cut short more often than not."
    hop = at.hop("jnc", "jnc", JOINT, "Staff side asks for a record of missed breaks.", at.staff_chair, 18)
    return _of_a_side(
        at, "own-item", at.staff_chair, 19, Category.HEALTH_AND_WELLBEING, body, hop,
        at.on(Act.STEP_ACCEPT, "jnc", at.management_chair, 12),
        at.on(Act.STEP_PLACE, "jnc", at.secretariat, 11, "Missed breaks", meets_on=at.days.after(9)),
    )  # fmt: skip


def _to_the_region(at: Telling) -> Iterator[Issue]:
    """Each side to its own side at the region, which the other side of either does not see."""

    def hop(channel: Channel, words: str, seat: str, ago: int) -> Hop:
        return Hop("spf", SPF.key, channel, words, at.did(seat, ago))

    yield _of_a_side(
        at, "region-staff", at.staff_chair, 9, Category.PAY_AND_TERMS, "Bank work is paid differently at each trust.",
        hop(STAFF_SIDE, "Staff side at one trust asks how others settled bank rates.", at.staff_chair, 8),
    )  # fmt: skip
    yield _of_a_side(
        at, "region-management", at.management_chair, 9, Category.POLICY, "Each trust writes its own agile policy.",
        hop(MANAGEMENT_SIDE, "Would the employers share one text on agile working?", at.management_chair, 7),
    )  # fmt: skip
